"""The shipped region table: every line sound, county names of the years that are known.

Belongs here: regions.csv.gz and the other shipped tables. Does not belong here: regions of reports (test_regions.py).
"""

import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from report_text import ROOT

from pipeline.batch import start_workers
from pipeline.region.index import by_code, in_year, index, named
from schemas import keys
from schemas.regions.table import read_area_codes, read_former_townships, read_names, read_regions

YEARS = range(2007, 2026)


def test_every_region_lies_in_one_that_is_there():
    codes = {region.code for region in read_regions()}
    assert all(region.parent in codes for region in read_regions() if region.level != "province")


def test_counts_are_those_of_the_sources():
    counts = Counter(region.level for region in read_regions())
    assert counts["township"] == 41_352  # china-division 2.7.0
    assert counts["province"] == 31
    assert 2_800 < sum(1 for r in read_regions() if r.level == "county" and r.valid_to is None) < 2_900


def test_a_unit_is_one_thing_at_a_time():
    units = defaultdict(list)
    for region in read_regions():
        if region.level in ("city", "county"):
            units[region.level, region.unit].append(region)
    for found in units.values():
        found.sort(key=lambda region: region.valid_from)
        for one, other in pairwise(found):
            assert one.valid_to is not None
            assert one.valid_to + 1 == other.valid_from, (one, other)


@pytest.mark.parametrize("year", YEARS)
def test_a_code_is_one_region_in_a_year_and_a_name_stands_once_in_its_city(year):
    live = [r for r in read_regions() if r.level in ("city", "county") and r.valid_from <= year <= (r.valid_to or year)]
    codes = Counter(region.code for region in live)
    assert codes.most_common(1)[0][1] == 1
    names = Counter((region.parent, region.name, region.level) for region in live)
    assert names.most_common(1)[0][1] == 1


RENAMED = [  # (code, name) at the end of one year and of the next (decisions named in SOURCES.md)
    (2020, "532331", "禄丰县", 2021, "532302", "禄丰市"),
    (2020, "410381", "偃师市", 2021, "410307", "偃师区"),
    (2020, "410322", "孟津县", 2021, "410308", "孟津区"),
    (2020, "350625", "长泰县", 2021, "350605", "长泰区"),
    (2020, "431121", "祁阳县", 2021, "431181", "祁阳市"),
    (2020, "520522", "黔西县", 2021, "520581", "黔西市"),
    (2009, "420600", "襄樊市", 2010, "420600", "襄阳市"),
    (2016, "370282", "即墨市", 2017, "370215", "即墨区"),
    (2015, "360721", "赣县", 2016, "360704", "赣县区"),
    (2013, "542100", "昌都地区", 2014, "540300", "昌都市"),
    (2019, "340221", "芜湖县", 2020, "340210", "湾沚区"),
]


@pytest.mark.parametrize("case", RENAMED, ids=lambda case: case[2])
def test_renamed(case):
    before, old_code, old_name, after, new_code, new_name = case
    old, new = by_code(old_code, before), by_code(new_code, after)
    assert (old.name, new.name) == (old_name, new_name)
    assert old.unit == new.unit
    assert new in named(old_name, after)
    assert old in named(new_name, before)


def test_a_district_that_was_not_there_yet_is_nowhere():
    assert named("临平区", 2019) == ()
    assert named("临平区", 2021)[0].code == "330113"
    assert in_year("330113", 2019) is None


def test_without_a_year_only_units_that_never_changed():
    assert named("靖远县", None)[0].code == "620421"
    assert named("禄丰县", None) == ()


def test_former_townships_and_area_codes_name_regions_of_the_table():
    provinces = {region.code[:2] for region in read_regions()}
    assert {county[:2] for county, _ in read_former_townships()} <= provinces
    codes = {region.code for region in read_regions()}
    assert {region for _, region in read_area_codes()} <= codes
    assert all(area.startswith("0") and area.isdigit() for area, _ in read_area_codes())


def test_dim_regions_is_the_table():
    columns = keys.dim_regions()
    assert {len(values) for values in columns.values()} == {sum(1 for _ in read_regions())}
    regions, towns = read_names()
    assert len(regions) + len(towns) == len(columns["region_code"])


def test_index_has_every_township_name():
    towns = index().towns
    assert all(name in towns or name.removesuffix("办事处") in towns for _, name, _ in read_names()[1])


@pytest.mark.parametrize(
    ("module", "loaded"),
    [("assets.command", 0), ("pipeline.parse", 0), ("pipeline.batch", 0), ("pipeline.region.preloaded", 1)],
)
def test_only_who_parses_loads_the_table(module, loaded):
    """Workers are forked from a server that has imported `preloaded`; nobody else pays for the table."""
    script = f"import {module}; from pipeline.region.index import index; print(index.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str(loaded)


def test_the_server_of_the_workers_has_loaded_it(monkeypatch):
    asked = []
    monkeypatch.setattr("pipeline.batch.start_server", lambda *modules: asked.extend(modules))
    start_workers()
    assert "pipeline.region.preloaded" in asked
