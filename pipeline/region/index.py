"""Region names and what they mean in a year, loaded once per process when first asked.

Belongs here: look-ups by name, code, year. Does not belong here: text.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from schemas.regions.table import Region, read_area_codes, read_former_townships, read_names

# 楚雄彝族自治州 is called 楚雄州, 三江侗族自治县 三江县: the peoples and 自治 may be left out.
_PEOPLES = (
    r"(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜"
    r"|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙"
    r"|鄂伦春|赫哲|门巴|珞巴|基诺|各)族|蒙古|哈萨克|柯尔克孜|塔吉克"
)
_AUTONOMOUS = re.compile(rf"(?P<name>.{{2,6}}?)(?:{_PEOPLES})+自治(?P<kind>[州县旗])")
_TOWN_OF_PEOPLES = re.compile(rf"(?P<name>.{{1,6}}?)(?:(?:{_PEOPLES})+)(?:民族)?(?P<kind>乡|镇)")
_STEM = re.compile(r"(?:市|地区|县|区|盟)$")


class Town(NamedTuple):
    """A township of the snapshot; `code` is None for one that only another register knows. `county` is the code of its
    county (or city without counties) on the day of the snapshot."""

    code: str | None
    county: str


class Index(NamedTuple):
    """Everything by name. `tails` are the last two characters of all names above the townships."""

    names: dict[str, tuple[Region, ...]]
    units: dict[str, tuple[Region, ...]]
    codes: dict[str, tuple[Region, ...]]
    towns: dict[str, tuple[Town, ...]]
    areas: dict[str, frozenset[str]]
    stems: dict[str, frozenset[str]]
    tails: frozenset[str]
    longest: int


@cache
def index() -> Index:
    """The index; takes about a tenth of a second and ten megabytes, once per process."""
    regions, towns = read_names()
    names: dict[str, list[Region]] = {}
    units: dict[str, list[Region]] = {}
    codes: dict[str, list[Region]] = {}
    stems: dict[str, set[str]] = {}
    for region in regions:
        codes.setdefault(region.code, []).append(region)
        names.setdefault(region.name, []).append(region)
        units.setdefault(region.unit, []).append(region)
    for region in regions:
        match = _AUTONOMOUS.fullmatch(region.name) if "自治" in region.name else None
        short = match["name"] + match["kind"] if match else None
        if short and all(other.name != short for other in names.get(short, ())):
            names.setdefault(short, []).append(region)
        stem = match["name"] if match else _STEM.sub("", region.name)
        if region.level in ("city", "county") and len(stem) >= 2:
            stems.setdefault(stem, set()).add(region.unit)
    return Index(
        {name: tuple(found) for name, found in names.items()},
        {unit: tuple(sorted(found, key=lambda r: r.valid_from or 0)) for unit, found in units.items()},
        {code: tuple(found) for code, found in codes.items()},
        _towns(towns),
        _areas(),
        {stem: frozenset(found) for stem, found in stems.items()},
        frozenset(name[-2:] for name in names),
        max(map(len, names)),
    )


def _towns(towns: list[tuple[str, str, str]]) -> dict[str, tuple[Town, ...]]:
    found: dict[str, tuple[Town, ...]] = {}
    for code, name, county in towns:
        _add(found, name.removesuffix("办事处") if name.endswith("街道办事处") else name, Town(code, county))
    for county, name in read_former_townships():
        _add(found, name, Town(None, county))
    for code, name, county in towns:
        if name[-2:-1] == "族" or "民族" in name:
            match = _TOWN_OF_PEOPLES.fullmatch(name)
            if match is not None:
                _add(found, match["name"] + match["kind"], Town(code, county))
    return found


def _add(found: dict[str, tuple[Town, ...]], name: str, town: Town) -> None:
    before = found.get(name)
    if before is None:
        found[name] = (town,)
    elif not any(other.county == town.county and (town.code is None or other.code == town.code) for other in before):
        found[name] = (*before, town)


def _areas() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for area, region in read_area_codes():
        found.setdefault(area, set()).add(region)
    return {area: frozenset(codes) for area, codes in found.items()}


@lru_cache(maxsize=16_384)
def in_year(unit: str, year: int | None) -> Region | None:
    """A unit as it was at the end of a year; None if it did not exist. Without a year, only a unit that never changed."""
    versions = index().units.get(unit, ())
    if year is None:
        return versions[0] if len(versions) == 1 and versions[0].valid_to is None else None
    return next((v for v in versions if _is_valid(v, year)), None)


@lru_cache(maxsize=16_384)
def named(name: str, year: int | None) -> tuple[Region, ...]:
    """The regions that had a name in a year; if none had, those that had it in another year, as they were in this one:
    禄丰市 in 2017 is 禄丰县 (field.md §3.3)."""
    regions = index().names.get(name, ())
    found = tuple(r for r in regions if _is_valid(r, year)) if year is not None else ()
    if found:
        return found
    as_of = {region.unit: in_year(region.unit, year) for region in regions}
    return tuple(region for region in as_of.values() if region is not None)


@lru_cache(maxsize=16_384)
def by_code(code: str, year: int | None) -> Region | None:
    """The region that had a code in a year, else the one that had it in another year, as it was in this one."""
    regions = index().codes.get(code, ())
    if year is not None:
        for region in regions:
            if _is_valid(region, year):
                return region
    as_of = [found for unit in dict.fromkeys(r.unit for r in regions) if (found := in_year(unit, year)) is not None]
    return as_of[0] if len(as_of) == 1 else None


def is_under(region: Region, above: Region) -> bool:
    """Whether a region is, or lies in, another of the same year."""
    if above.level == "province":
        return region.code[:2] == above.code[:2]
    return above.code in (region.code, region.parent)


def _is_valid(region: Region, year: int) -> bool:
    return (region.valid_from or 0) <= max(year, 2007) and (region.valid_to is None or year <= region.valid_to)
