"""Names of provinces, cities and counties in a text.

Belongs here: where a name stands, and which words only look like one. Does not belong here: which region is meant.
"""

import re
from functools import lru_cache

from pipeline.region.index import index

_SUFFIX = re.compile(r"[省市县区旗州盟]")
# Names that are also plain words: in running text they count only right after the name of what they lie in.
_PLAIN_WORDS = frozenset(
    [
        "城区",
        "郊区",
        "矿区",
        "东区",
        "西区",
        "新城区",
        "老城区",
        "新市区",
        "城中区",
        "城东区",
        "城西区",
        "城北区",
        "市中区",
        "市南区",
        "市北区",
        "港口区",
        "江北区",
        "江南区",
        "和县",
        "成县",
    ]
)
# 城市场, 区域, 县域, 古县镇, 城区街道: the name does not end here.
_TOWNS = "镇乡村街"
_NOT_AFTER = {
    "市": frozenset(f"场容{_TOWNS}"),
    "区": frozenset(f"域间块位别分划{_TOWNS}"),
    "县": frozenset(f"域{_TOWNS}"),
    "州": frozenset(_TOWNS),
    "旗": frozenset(_TOWNS),
    "盟": frozenset(_TOWNS),
    "省": frozenset("略"),
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# After these a name may begin although they are Chinese characters.
_BEFORE = frozenset("由与和向同在是为原据共对以到驻至于照及按")


Found = tuple[tuple[tuple[str, ...], int, int], ...]


@lru_cache(maxsize=8_192)
def chains(words: str, own_name: bool = False) -> Found:
    """(names, start, end) of every chain of region names in some words without blanks. In the name of a body (`own_name`)
    a name at the very beginning counts even if it is also a plain word."""
    return chains_in_text(words, own_name)


def chains_in_text(text: str, own_name: bool = False) -> Found:
    """The same, for a text too long to be remembered."""
    table = index()
    found: list[tuple[str, int, int]] = []
    for match in _SUFFIX.finditer(text):
        end = match.end()
        if text[end - 2 : end] not in table.tails:
            continue
        floor = found[-1][2] if found else 0
        last = found[-1][1] if found else 0
        for start in range(max(0, end - table.longest), end - 1):
            if last < start < floor:
                continue  # overlaps the name before without holding it
            name = text[start:end]
            if name not in table.names or text[end : end + 1] in _NOT_AFTER.get(name[-1], ()):
                continue
            if start <= last and found and last < floor and start < floor:
                found.pop()  # 沙县区, not 沙县
            if _counts(text, start, name, bool(found) and found[-1][2] == start, own_name):
                found.append((name, start, end))
            break
    return tuple(_joined(found))


def _counts(text: str, start: int, name: str, follows: bool, own_name: bool) -> bool:
    if follows or (own_name and start == 0):
        return True
    if name in _PLAIN_WORDS:
        return False
    if len(name) > 2:
        return True
    before = text[start - 1 : start]
    return name[-1] != "区" and (not _CHINESE.match(before) or before in _BEFORE)


def _joined(found: list[tuple[str, int, int]]) -> list[tuple[tuple[str, ...], int, int]]:
    joined: list[tuple[tuple[str, ...], int, int]] = []
    for name, start, end in found:
        if joined and joined[-1][2] == start:
            names, begin, _ = joined.pop()
            joined.append(((*names, name), begin, end))
        else:
            joined.append(((name,), start, end))
    return joined
