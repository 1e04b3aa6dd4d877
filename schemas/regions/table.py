"""The shipped region tables as rows.

Belongs here: reading regions.csv.gz, former_townships.csv.gz and area_codes.csv. Does not belong here: making them
(derive.py), searching them (pipeline/region).
"""

import gzip
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple


class Region(NamedTuple):
    """A province, city, county or township under one code and name.

    `valid_from`, `valid_to`: first and last year at whose end it was in force, from 2007 on; `valid_to` None means to this
    day. Of townships only the snapshot is known: both are None. `unit` is the same for a unit under all its names and
    codes (禄丰县, 禄丰市).
    """

    code: str
    level: str
    name: str
    parent: str
    valid_from: int | None
    valid_to: int | None
    unit: str
    snapshot: str


def read_regions() -> Iterator[Region]:
    """All regions: provinces, cities, counties, then townships."""
    for line in _lines("regions.csv.gz"):
        code, level, name, parent, first, last, unit, snapshot = line.split(",")
        yield Region(
            code, level, name, parent, int(first) if first else None, int(last) if last else None, unit, snapshot
        )


def read_names() -> tuple[list[Region], list[tuple[str, str, str]]]:
    """(regions above the townships, (code, name, county code) of every township): the same, faster."""
    lines = _lines("regions.csv.gz")
    first = next(number for number, line in enumerate(lines) if ",township," in line)
    regions = []
    for line in lines[:first]:
        code, level, name, parent, begin, end, unit, _ = line.split(",")
        regions.append(Region(code, level, name, parent, int(begin), int(end) if end else None, unit, ""))
    towns = []
    for line in lines[first:]:
        code, _, name, parent, _ = line.split(",", 4)
        towns.append((code, name, parent))
    return regions, towns


def read_former_townships() -> list[tuple[str, str]]:
    """(county code, name) of townships that are not in the snapshot but in another register: later or former ones."""
    return [(county, name) for county, name in (line.split(",") for line in _lines("former_townships.csv.gz"))]


def read_area_codes() -> list[tuple[str, str]]:
    """(telephone area code, code of a city, municipality or county without city)."""
    return [(area, region) for area, region in (line.split(",") for line in _lines("area_codes.csv"))]


def _lines(name: str) -> list[str]:
    data = resources.files("schemas").joinpath("regions", name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8").splitlines()[1:]
