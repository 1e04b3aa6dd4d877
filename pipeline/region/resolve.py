"""Which region a report is of: its body's name first, then whatever else names a region, in the order of field.md §3.3.

Belongs here: deciding, and refusing to. Does not belong here: where the words stand in a report (evidence.py).

A wrong region is far worse than none. A name that many places share is settled only by words that name a region above it;
words that contradict each other settle nothing.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from pipeline.region.index import Town, by_code, in_year, index, is_under, named
from pipeline.region.mentions import chains
from schemas.regions.table import Region

_TOWN_END = re.compile(
    r"(?:(?<=[乡镇木])(?:人民政府|政府|党委|人大|党政办公室|党政办)?|(?<=街道)(?:办事处|办|党工委|人民政府)?|(?<=地区)办事处|(?<=.)人民政府)$"
)
_ZONE = re.compile(
    r"(?:国家级?)?(?:经济技术|高新技术产业|高新技术|高新产业|经济|高新|综合|临空|循环|旅游|生态|农业|工业)*"
    r"(?:开发区|经开区|高新区|实验区|示范区|园区|度假区|风景名胜区|风景区|保税区|新区)"
)
# Zones that a prefecture-level city has under its own name: 赣州经开区. Other zones are called after anything.
_CITY_ZONE = re.compile(r"(?:国家级?)?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|经开区|高新区)")
_ZONE_OF_TOWN = re.compile(r"^.{2,14}?(?:开发区|经开区|高新区|实验区|示范区|园区|度假区|新区|管委会)(?=.{2,})")
_LEVELS = {
    "市": ("city", "county"),
    "县": ("county",),
    "区": ("county",),
    "旗": ("county",),
    "州": ("city",),
    "省": ("province",),
}
TOWNSHIPS = ("township", "subdistrict")
OWN = ("body_name", "compiled_by", "contact", "signature")
"""Words in which the body speaks of itself."""
SURE = (*OWN, "publisher", "site")
"""Words that name the body's region, or one above it; the rest only decides between candidates."""


class Evidence(NamedTuple):
    """Words that name regions, and what they are: a value of REGION_SOURCES. Blanks are taken out."""

    source: str
    words: str


class Place(NamedTuple):
    """A report's region as of its year; null what is not sure. `unit` is the unit of the lowest of province, city and
    county, the same under all its names; `own` whether the body's own name says it."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    region_code: str | None = None
    township_code: str | None = None
    region_source: str | None = None
    unit: str | None = None
    level: str | None = None
    own: bool = False


NOWHERE = Place()


def resolve(
    body: str | None, kind: str, own_word: Callable[[], str], year: int | None, evidence: Iterable[Evidence]
) -> Place:
    """The region of a report.

    `own_word` gives the last character of how the body calls its region (我县: 县), '' if it does not. It is asked for, and
    `evidence` is gone through in its order, only as far as needed.
    """
    name = read_name(body, kind) if body else _NO_NAME
    if name.town is not None:
        return _township(name, year, evidence)
    if name.regions:
        if body in index().towns:
            return NOWHERE  # 涧西区 is a district and, elsewhere, a township
        place = _named_body(name, year, evidence)
        # 大连市高新区教育局 is not the city's: whose level it has, its name does not say.
        return place._replace(own=False, level=None) if _ZONE.search(body or "") else place
    return _unnamed_region(body, _first_word(body) or own_word(), year, evidence)


def place_of_code(code: str, body: str | None, kind: str, year: int | None) -> Place:
    """The place of a report that says nothing of its region, from the code that RAW/manifest.csv names."""
    region = by_code(code, year)
    if region is None:
        return NOWHERE
    place = _place(region, "manifest", year, False)
    if kind not in TOWNSHIPS:
        return place
    if not _is_lowest(region):
        return place._replace(unit=None)
    return place._replace(township=read_name(body, kind).town if body else None)


def without_town_end(name: str) -> str:
    """三江乡人民政府 is 三江乡, 和平街道办事处 和平街道."""
    return _TOWN_END.sub("", name)


class _Name(NamedTuple):
    regions: tuple[str, ...]
    town: str | None


_NO_NAME = _Name((), None)


@lru_cache(maxsize=8_192)
def read_name(body: str, kind: str) -> _Name:
    """(names of regions above, township) that a body's name holds: 江西省赣州市南康区三江乡人民政府."""
    found = chains(body, True)
    first, end = (found[0][0], found[0][2]) if found else ((), 0)
    if kind not in TOWNSHIPS and kind != "unknown":
        return _Name(first, None)
    towns = index().towns
    whole = _TOWN_END.sub("", body)
    if whole in towns:  # 城区街道: what looks like a region is the township itself
        return _Name((), whole)
    town = _TOWN_END.sub("", body[end:])
    if town not in towns:
        town = _ZONE_OF_TOWN.sub("", town)
    if town not in towns and len(found) > 1:
        first, town = tuple(n for names, _, _ in found for n in names), _TOWN_END.sub("", body[found[-1][2] :])
    if kind == "unknown" and town not in towns:  # a farm is a township if the register has it, else it is not
        return _Name(first, None)
    return _Name(first, town or None)


def _township(name: _Name, year: int | None, evidence: Iterable[Evidence]) -> Place:
    """A township or subdistrict: the candidates of that name, cut down by each piece of evidence in turn."""
    town = name.town or ""
    candidates = index().towns.get(town, ())
    source, printed, contradicted = None, None, False
    if name.regions:
        above = _chain(name.regions, year)
        fitting = _inside(candidates, above, year)
        if not fitting:
            return _without_code(town, above, "body_name", year, evidence)
        candidates, source, printed = fitting, "body_name", _settled(above)
    unique = len(candidates) == 1
    for piece in evidence:
        if source is not None and len(candidates) == 1:
            break
        if town in piece.words:  # 古县渡镇 does not say that it lies in 古县
            piece = piece._replace(words=piece.words.replace(town, "|"))
        fitting, against, county = _cut(candidates, piece, year)
        if fitting:
            if unique or len(fitting) < len(candidates):
                source = piece.source
            candidates, printed = fitting, county or printed
        elif against:
            if source is None and piece.source in OWN:
                return _without_code(town, against, piece.source, year, ())
            contradicted = True
    if contradicted and (source is None or source not in OWN):
        return NOWHERE
    if len(candidates) == 1:
        return _town_place(town, candidates[0], printed, source or "unique_name", year)
    return _common(town, candidates, source, year) if source is not None else NOWHERE


@lru_cache(maxsize=16_384)
def _cut(
    candidates: tuple[Town, ...], piece: Evidence, year: int | None
) -> tuple[tuple[Town, ...], tuple[Region, ...], Region | None]:
    """(candidates that lie in a region that the words name, the regions if none does, the county they name)."""
    fitting: tuple[Town, ...] = ()
    against: list[Region] = []
    county = None
    for above in _regions_in(piece, year):
        inside = _inside(fitting or candidates, above, year)
        if inside:
            fitting, county = inside, _settled(above) or county
        elif fitting and _inside(candidates, above, year):
            return (), (), None  # two regions, each with a township of that name
        else:
            against += above
    return fitting, () if fitting else tuple(dict.fromkeys(against)), county


def _regions_in(piece: Evidence, year: int | None) -> list[tuple[Region, ...]]:
    """For every chain of names in a piece of evidence, the regions that it can mean."""
    if piece.source == "area_code":
        codes = index().areas.get(piece.words, frozenset())
        return [tuple(region for code in sorted(codes) if (region := by_code(code, year)) is not None)]
    if piece.source == "manifest":
        region = by_code(piece.words, year)
        return [(region,)] if region is not None else []
    return [regions for names in _named_in(piece) if (regions := _chain(names, year))]


def _named_in(piece: Evidence) -> list[tuple[str, ...]]:
    """Chains of region names in a piece of evidence; a zone named after its city counts as that city."""
    found = [names for names, _, _ in chains(piece.words)]
    for match in _CITY_ZONE.finditer(piece.words):
        for length in (4, 3, 2):
            stem = piece.words[max(0, match.start() - length) : match.start()]
            units = index().stems.get(stem, frozenset()) if len(stem) == length else frozenset()
            if units:
                regions = [index().units[unit][-1] for unit in units]
                found += [(regions[0].name,)] if len(regions) == 1 and regions[0].level == "city" else []
                break
    return found


def _inside(candidates: tuple[Town, ...], above: tuple[Region, ...], year: int | None) -> tuple[Town, ...]:
    """The candidates that lie in one of some regions."""
    found = tuple(town for town in candidates if any(_is_inside(town, region, year) for region in above))
    if found or not any(region.level == "county" for region in above):
        return found
    # Their county of today did not exist: the printed one is believed if it lies in the same city.
    gone = [town for town in candidates if _county(town, year) is None]
    return tuple(town for town in gone if any(region.code[:4] == town.county[:4] for region in above))


def _is_inside(town: Town, region: Region, year: int | None) -> bool:
    if region.level == "province":
        return town.county[:2] == region.code[:2]
    county = _county(town, year)
    if county is None:
        return region.level == "city" and region.code[:4] == town.county[:4]
    return is_under(county, region)


@lru_cache(maxsize=16_384)
def _county(town: Town, year: int | None) -> Region | None:
    """The county (or city without counties) of the snapshot as it was in a year; None if it did not exist."""
    return in_year(town.county, year)


@lru_cache(maxsize=16_384)
def _town_place(name: str, town: Town, printed: Region | None, source: str, year: int | None) -> Place:
    county = _county(town, year) or printed
    if county is None:
        county = by_code(town.county[:4] + "00", year) or by_code(town.county[:2] + "0000", year)
    place = _place(county, source, year, source == "body_name")
    if county is None or not _is_lowest(county):
        place = place._replace(unit=None)  # its county is not known, and a city may have two of that name
    return place._replace(township=name, township_code=town.code)


def _without_code(
    town: str, above: tuple[Region, ...], source: str, year: int | None, evidence: Iterable[Evidence]
) -> Place:
    """A township that the snapshot does not have in the region that is printed: that region, if it is one."""
    above = _lowest(_narrowed(above, evidence, year)[0])
    if len(above) != 1:
        return NOWHERE
    place = _place(above[0], source, year, source == "body_name")
    return place._replace(township=town) if _is_lowest(above[0]) else place._replace(unit=None)


def _is_lowest(region: Region) -> bool:
    """A county, or a city that has none (东莞市)."""
    return region.level == "county" or region.code in ("441900", "442000", "460400", "620200")


def _common(town: str, candidates: tuple[Town, ...], source: str, year: int | None) -> Place:
    """The county, city or province that all candidates lie in."""
    county = _county(candidates[0], year)
    if county is not None and _is_lowest(county) and all(other.county == candidates[0].county for other in candidates):
        return _place(county, source, year, source == "body_name")._replace(township=town, unit=None)
    for length, rest in ((4, "00"), (2, "0000")):
        prefixes = {town.county[:length] for town in candidates}
        if len(prefixes) == 1:
            region = by_code(prefixes.pop() + rest, year)
            if region is not None:
                return _place(region, source, year, False)._replace(unit=None)
    return NOWHERE


def _named_body(name: _Name, year: int | None, evidence: Iterable[Evidence]) -> Place:
    """A body whose name holds a region: 靖远县教育局. A region that many places are called is settled by the evidence."""
    regions = _chain(name.regions, year)
    if len(regions) == 1:
        return _place(regions[0], "body_name", year, True)
    regions, source = _narrowed(regions, evidence, year)
    return _place(regions[0], source or "body_name", year, True) if len(regions) == 1 else NOWHERE


def _narrowed(
    regions: tuple[Region, ...], evidence: Iterable[Evidence], year: int | None
) -> tuple[tuple[Region, ...], str | None]:
    source = None
    for piece in evidence if len(regions) > 1 else ():
        settled: set[Region] = set()
        for above in _regions_in(piece, year):
            fitting = {region for region in regions if any(is_under(region, a) for a in above)}
            if len(fitting) < len(regions):
                settled |= fitting
        if settled:
            regions, source = tuple(region for region in regions if region in settled), piece.source
        if len(regions) == 1:
            break
    return regions, source


def _unnamed_region(body: str | None, own_word: str, year: int | None, evidence: Iterable[Evidence]) -> Place:
    """A body whose name holds no region (县教育局, a development zone): the one region that sure evidence names.

    Which level it is of must be known too: by the word that the body uses of its region, or by the city that a development
    zone is named after.
    """
    zone = _zone(body, year) if body else ()
    if not zone and not own_word:
        return NOWHERE
    for piece in evidence:
        if piece.source not in SURE and not zone:
            break  # what follows is less sure
        if own_word == "市" and piece.source not in OWN and not zone:
            continue  # a prefecture's site carries the reports of its county-level cities, which say 我市 too
        found = [region for regions in _regions_in(piece, year) for region in (regions if len(regions) == 1 else ())]
        if zone:
            fitting = [r for r in found if any(is_under(r, z) or is_under(z, r) for z in zone)]
            if len(fitting) < len(found):
                return NOWHERE  # called after one place, in another
            fitting = [*zone, *(r for r in fitting if is_under(r, zone[0]))] if fitting else []
        else:
            fitting = [r for r in found if r.name[-1] == own_word and r.level in _LEVELS[own_word]]
        lowest = _lowest(tuple(dict.fromkeys(fitting)))
        if len(lowest) == 1:
            return _place(lowest[0], piece.source, year, False)
        if len(lowest) > 1:
            return NOWHERE
    sure = zone and zone[0].level == "city" and body is not None and _CITY_ZONE.search(body)
    return _place(zone[0], "body_name", year, False) if sure else NOWHERE


def _zone(body: str, year: int | None) -> tuple[Region, ...]:
    """What a development zone is named after: 赣州经济技术开发区. A city's zone lies in one of its counties, so a city and
    a county of one stem are the city; stems of places apart are nothing."""
    match = _ZONE.search(body)
    units = index().stems.get(body[: match.start()], frozenset()) if match else frozenset()
    regions = [region for unit in units if (region := in_year(unit, year)) is not None]
    highest = [r for r in regions if not any(is_under(r, other) for other in regions if other is not r)]
    return tuple(highest) if len(highest) == 1 else ()


def _lowest(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    return tuple(r for r in regions if not any(other is not r and is_under(other, r) for other in regions))


def _chain(names: tuple[str, ...], year: int | None) -> tuple[Region, ...]:
    """The regions that the last of some names can be, if each lies in one of those before it."""
    candidates: tuple[Region, ...] = ()
    for name in names:
        regions = named(name, year)
        if candidates:
            regions = tuple(r for r in regions if any(is_under(r, above) for above in candidates))
            if not regions:
                return ()
        candidates = regions
    return candidates


def _settled(above: tuple[Region, ...]) -> Region | None:
    return above[0] if len(above) == 1 and above[0].level == "county" else None


def _first_word(body: str | None) -> str:
    return body[0] if body and body[0] in _LEVELS else ""


@lru_cache(maxsize=16_384)
def _place(region: Region | None, source: str | None, year: int | None, own: bool) -> Place:
    """A region of a year with those above it."""
    if region is None:
        return NOWHERE
    province = region if region.level == "province" else by_code(region.code[:2] + "0000", year)
    city = region if region.level == "city" else None
    if region.level == "county" and region.parent.endswith("00") and not region.parent.endswith("0000"):
        city = by_code(region.parent, year)
    return Place(
        province.name if province else None,
        city.name if city else None,
        region.name if region.level == "county" else None,
        None,
        region.code,
        None,
        source,
        region.unit,
        region.level,
        own,
    )
