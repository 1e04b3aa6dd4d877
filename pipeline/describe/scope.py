"""Whether a report's figures are the body's own or those of its whole region (field.md §3.5).

Belongs here: the signs of either in the words. Does not belong here: the scope of a single figure.
"""

import re

from pipeline.describe.self_words import SelfWords

# Patterns that begin with a plain character are found fast in a long text.
_OTHERS = re.compile(
    r"各[^。]{0,8}?(?:乡镇|镇|街道|部门|县|区|市|单位|行政机关)[^。]{0,40}?(?:编制|汇总|年度报告|年报|数据)"
)
_PUT_TOGETHER = re.compile(r"(?:汇总|综合|结合|根据|依据)[^。]{0,30}$")
_ALL = re.compile(
    r"全[县市区省州旗盟](?:各级|各[乡镇街部单行]|[^。，；]{0,10}(?:行政机关|共(?:收到|受理|主动公开)|主动公开|受理|累计|收到))"
)
_ONLY_OWN = (
    re.compile(r"本级"),
    re.compile(r"代表[省市县区]政府(?:受理|办理)"),
    re.compile(r"不(?:含|包括)[^。]{0,12}(?:乡镇|部门|各[县区])"),
)
_ONLY = re.compile(r"(?:仅|只)(?:包括|统计|含|涉及)[^。]{0,12}$")
_SINGLE = frozenset(["department", "subdistrict", "township", "public_institution", "party_body"])


def scope(flat: str, kind: str, own_words: SelfWords) -> str:
    """`own`, `whole_region` or `unknown`.

    A department, township or school that speaks of itself (我局, 本机关) reports its own figures. A government reports its
    region's if the text says that it puts together those of others or counts all of them; an office may do either.
    """
    if kind in _SINGLE:
        return "own" if own_words.own() else "unknown"
    if kind not in ("government", "development_zone", "government_office"):
        return "unknown"
    own = _is_only_own(flat) or (kind == "government_office" and own_words.own())
    whole = _is_whole(flat)
    return "unknown" if whole == own else "whole_region" if whole else "own"


def _is_whole(flat: str) -> bool:
    if _ALL.search(flat):
        return True
    return any(_PUT_TOGETHER.search(flat, max(0, m.start() - 34), m.start()) for m in _OTHERS.finditer(flat))


def _is_only_own(flat: str) -> bool:
    level, acting, without = _ONLY_OWN
    if acting.search(flat) or without.search(flat):
        return True
    return any(_ONLY.search(flat, max(0, m.start() - 16), m.start()) for m in level.finditer(flat))
