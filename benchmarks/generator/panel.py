"""Invented bodies that report year after year: `python -m benchmarks.generate --panel`.

Here belong the years of one body: which form it fills in when, what is carried from one year to the next, when it
publishes, whose words it copies. What a single report is made of is in `report`. Places are real ones, so that their codes
resolve; every office, figure and date of theirs is invented.

All identities between years hold but where `_SLIPS` says: those are the errors that checks across reports are to find.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.generator import prose, statistics
from benchmarks.generator.bodies import KINDS, OFFICES, Body, Kind
from benchmarks.generator.draft import Draft
from benchmarks.generator.figures import (
    APPLICANTS,
    draw_applications,
    draw_disclosure,
    draw_disputes,
    draw_statistics,
    size_of,
)
from benchmarks.generator.forms import SUB_TABLES
from benchmarks.generator.layouts import BOUNDED, LAYOUTS
from benchmarks.generator.model import SCALE, Figures, GeneratedReport, Section
from benchmarks.generator.report import Options, finish, put_tables
from benchmarks.generator.style import draw_style

REGIONS_CSV = Path(__file__).resolve().parents[2] / "schemas" / "regions" / "regions.csv.gz"
FIRST_YEAR, LAST_YEAR = 2012, 2025
_PROVINCES = ("河北省", "安徽省", "江西省", "湖南省", "四川省", "甘肃省", "云南省", "浙江省")
_COUNTIES_TO_A_CITY = 3
_OFFICES_TO_A_COUNTY = 2
_TOWNS_TO_A_COUNTY = 4
_KIND = {kind.name: kind for kind in KINDS}
_SLIPS = {
    "carried": 0.04,
    "in_force": 0.05,
    "items": 0.08,
    "own_copy": 0.03,
    "other_copy": 0.03,
    "prose": 0.05,
    "late": 0.1,
}
_BOUNDED = tuple(name for name, layout in LAYOUTS.items() if layout.keeps == BOUNDED)


@dataclass(slots=True)
class _Career:
    """A body with what it carries from year to year."""

    body: Body
    size: int
    layout: str
    seed: str
    forward: list[int] | None = None
    in_force: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, float] = field(default_factory=dict)


def generate_panel(count: int, options: Options) -> Iterator[GeneratedReport]:
    """The first `count` reports: city by city, body by body, year by year."""
    return islice(_reports(options), count)


def _reports(options: Options) -> Iterator[GeneratedReport]:
    index = 0
    for number, body in enumerate(_bodies(options.seed)):
        for draft in _years(f"{options.seed}/{number}", body, f"{options.seed}/{number - 1}"):
            yield finish(index, draft, options)
            index += 1


@cache
def _places() -> dict[str, list[tuple[str, str]]]:
    """Code of the region above → (code, name) of those below, of places that kept name and code since 2007."""
    below: dict[str, list[tuple[str, str]]] = {}
    with gzip.open(REGIONS_CSV, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = Counter(row["name"] for row in rows if row["level"] != "township")
    for row in rows:
        lasting = row["level"] == "township" or (row["from"] == "2007" and not row["to"] and names[row["name"]] == 1)
        if lasting and row["name"].endswith(("县", "市", "区", "省", "镇", "乡", "街道", "街道办事处")):
            below.setdefault(row["parent"], []).append((row["code"], row["name"]))
    return below


def _bodies(seed: int) -> Iterator[Body]:
    """Governments, offices and townships of one city after the other; a province's own before its first city."""
    below = _places()
    provinces = [(code, name) for code, name in below[""] if name in _PROVINCES]
    cities = [(code, name, province) for province, province_name in provinces for code, name in below.get(province, ())]
    Random(f"{seed}/cities").shuffle(cities)
    named = dict(provinces)
    opened: set[str] = set()
    for code, city, province in cities:
        rng = Random(f"{seed}/{code}")
        counties = [place for place in below.get(code, ()) if place[1].endswith("县") and len(place[1]) > 2]
        if not city.endswith("市") or len(counties) < 2:
            continue
        if province not in opened:
            opened.add(province)
            yield Body(f"{named[province]}人民政府", named[province], _KIND["province"])
        yield Body(f"{city}人民政府", city, _KIND["city"])
        for county_code, county in rng.sample(counties, min(_COUNTIES_TO_A_CITY, len(counties))):
            yield Body(f"{county}人民政府", county, _KIND["county"])
            for office in rng.sample(OFFICES, _OFFICES_TO_A_COUNTY):
                yield Body(f"{county}{office}", county, _KIND["department"])
            towns = [name for _, name in below.get(county_code, ()) if name.endswith(("镇", "乡"))]
            for town in rng.sample(towns, min(_TOWNS_TO_A_COUNTY, len(towns))):
                yield Body(f"{county}{town}人民政府", county, _KIND["township"])


def _years(seed: str, body: Body, neighbour: str) -> Iterator[Draft]:
    rng = Random(seed)
    layout = rng.choice(_BOUNDED) if rng.random() < 0.9 else rng.choice(tuple(LAYOUTS))
    career = _Career(body, size_of(rng, body.kind), layout, seed)
    first = FIRST_YEAR if rng.random() < 0.6 else rng.randint(FIRST_YEAR, 2020)
    words = ""
    for year in range(first, LAST_YEAR + 1):
        if rng.random() < 0.03:
            career.forward, career.in_force, career.items = None, {}, {}
            continue
        words = _words(rng, seed, neighbour, year, words)
        yield _draft(rng, career, year, words)


def _words(rng: Random, seed: str, neighbour: str, year: int, before: str) -> str:
    """What the prose of a year is drawn from: mostly its own, sometimes that of the year before or of a neighbour."""
    if before and year not in (2019, 2021) and rng.random() < _SLIPS["own_copy"]:
        return before
    return f"{neighbour if rng.random() < _SLIPS['other_copy'] else seed}/prose/{year}"


def _draft(rng: Random, career: _Career, year: int, words: str) -> Draft:
    size = int(career.size * rng.lognormvariate(0.0, 0.25) * 1.04 ** (year - 2019) + 0.5)
    body, form = career.body, _form(rng, year)
    told = Random(words)
    if form in ("2019", "2021"):
        sections = prose.annual_sections(told, body, year, form)
        figures = _figures(rng, career, year, form, size)
        subs = dict.fromkeys(SUB_TABLES if form == "2019" else SUB_TABLES[:4], form)
        _tell(rng, sections, figures)
        put_tables(rng, sections, subs, form, figures)
    else:
        sections = prose.narrative_sections(told, body, year)
        if form == "2014":
            counted = draw_statistics(rng, body.kind, size)
            heading = f"附件：{body.name}{year}年政府信息公开情况统计表"
            sections.append(Section("statistics", heading, [f"（{year}年度）"], [statistics.build_statistics(counted)]))
    title = f"{body.name}{year}年政府信息公开工作年度报告"
    draft = Draft(rng, form, LAYOUTS[career.layout], draw_style(rng), body, year, title, sections)
    draft.page_head = [f"发布日期：{_published(rng, body.kind, year)}"]
    return draft


def _form(rng: Random, year: int) -> str:
    """The form of the year; a few keep to the old one for a year."""
    year -= year in (2014, 2019, 2021) and rng.random() < 0.02
    return "2021" if year >= 2021 else "2019" if year >= 2019 else "2014" if year >= 2014 else "narrative"


def _published(rng: Random, kind: Kind, year: int) -> str:
    """In time or, sometimes, after the deadline of 31 January (from 2019, offices) or 31 March."""
    late = rng.random() < _SLIPS["late"]
    if year >= 2019 and kind.name == "department":
        month, day = (rng.choice((2, 3)), rng.randint(1, 28)) if late else (1, rng.randint(5, 31))
    else:
        month, day = (
            (rng.choice((4, 5, 7)), rng.randint(1, 28)) if late else (rng.choice((1, 2, 3)), rng.randint(1, 28))
        )
    return f"{year + 1}-{month:02d}-{day:02d}"


def _figures(rng: Random, career: _Career, year: int, form: str, size: int) -> Figures:
    before = career.forward if year > 2019 else None
    if before is not None and rng.random() < _SLIPS["carried"]:
        before = [before[0] + rng.choice((1, 2, 5)), *before[1:]]
    figures = draw_disclosure(rng, career.body.kind)
    _continue_documents(rng, career, figures)
    _continue_items(rng, career, figures)
    figures.update(draw_applications(rng, form, size, before))
    figures.update(draw_disputes(rng, size))
    career.forward = [figures.get(("applications", "carried_forward", name), 0) // SCALE for name in APPLICANTS]
    return figures


def _continue_documents(rng: Random, career: _Career, figures: Figures) -> None:
    for row in ("regulations", "normative_documents"):
        keys = [("active_disclosure", row, column) for column in ("issued", "repealed", "in_force")]
        issued, repealed, drawn = (figures[key] for key in keys)
        stock = career.in_force.get(row)
        if stock is not None:
            repealed = min(repealed, stock)
            drawn = stock + issued - repealed
            if rng.random() < _SLIPS["in_force"]:
                drawn += rng.randint(1, 3) * SCALE
        figures[keys[1]], figures[keys[2]] = repealed, drawn
        career.in_force[row] = drawn


def _continue_items(rng: Random, career: _Career, figures: Figures) -> None:
    for table, row, column in [key for key in figures if key[2] == "items_last_year"]:
        key, change = (table, row, column), (table, row, "items_change")
        if row in career.items and rng.random() >= _SLIPS["items"]:
            figures[key] = career.items[row]
            figures[change] = max(figures[change], -figures[key])
        career.items[row] = figures[key] + figures[change]
    for key in [key for key in figures if key[2] == "decisions"]:
        usual = career.decisions.setdefault(key[1], figures[key] / SCALE)
        figures[key] = int(usual * rng.lognormvariate(0.0, 0.2) + 0.5) * SCALE


def _tell(rng: Random, sections: list[Section], figures: Figures) -> None:
    """Let the prose say what the tables say, but for a slip."""

    def of(table: str, row: str) -> int:
        return figures.get((table, row, "total"), 0) // SCALE

    received = of("applications", "new_received") + (rng.random() < _SLIPS["prose"])
    lawsuits = of("disputes", "litigation_direct") + of("disputes", "litigation_after_review")
    asked = (
        f"（二）依申请公开情况。全年共收到政府信息公开申请{received}件，办结{of('applications', 'total_handled')}件，"
        f"结转下年度{of('applications', 'carried_forward')}件。"
    )
    sued = f"全年发生政府信息公开行政复议{of('disputes', 'review')}件、行政诉讼{lawsuits}件。"
    overview = sections[1]
    overview.before = [line for line in overview.before if "依申请公开情况" not in line] + [asked]
    if rng.random() < 0.6:
        overview.before.append(sued)
