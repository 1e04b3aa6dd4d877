"""The identity of a body over the years: body_id.

Belongs here: what makes two names the same body's. Does not belong here: finding names and regions.
"""

import hashlib
import re
from functools import lru_cache

from pipeline.region.mentions import chains
from pipeline.region.resolve import TOWNSHIPS, read_name, without_town_end

_COMMITTEE = re.compile(r"(?:管理委员会|管委会)$")
_OFFICE = re.compile(r"^(?:人民)?政府(?:办公室|办公厅|办)$")


@lru_cache(maxsize=8_192)
def body_id(unit: str | None, kind: str, name: str | None) -> str | None:
    """16 hex digits from the region's unit, the kind and the normalised name; None if the region or the name is unknown.

    禄丰县妥安乡 and 禄丰市妥安乡人民政府 are one body: the unit is the same over renames, and the name is taken without
    region and 人民政府 (contract "reports.body_id").
    """
    if unit is None or name is None:
        return None
    words = f"{unit}\n{kind}\n{normal_name(name, kind)}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def normal_name(name: str, kind: str) -> str:
    """A body's name without its region and without what some reports leave out."""
    name = "".join(name.split())
    if kind in TOWNSHIPS:
        return read_name(name, kind).town or without_town_end(name)
    found = chains(name, True)
    if found:
        _, start, end = found[0]
        name = name[:start] + name[end:]
    if kind == "government" and name in ("", "人民政府", "政府"):
        return "人民政府"
    if kind == "government_office" and _OFFICE.match(name):
        return "人民政府办公室"
    return _COMMITTEE.sub("", name) if kind == "development_zone" else name
