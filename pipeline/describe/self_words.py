"""How a report speaks of itself: 我乡, 本局, 本机关, 我县, 全县 (field.md §3.3).

Belongs here: counting these words and what they say of the body. Does not belong here: names.
"""

import re
from collections import Counter
from functools import cached_property

_KINDS = {
    **dict.fromkeys("乡镇", "township"),
    "街道": "subdistrict",
    **dict.fromkeys("局委厅", "department"),
    **dict.fromkeys("校院", "public_institution"),
    **dict.fromkeys("县市区省", "government"),
}
_REGIONS = frozenset("县市区省州旗")
_OWN = re.compile(r"[我本](?:[局委厅乡镇办校院]|机关|单位|街道|部门|中心)")


class SelfWords:
    """The words of one text, counted."""

    def __init__(self, flat: str) -> None:
        self._flat = flat

    @cached_property
    def _counts(self) -> Counter[str]:
        """我, 本 or 全 with the two characters after it → how often; counted when it is asked for."""
        counts: Counter[str] = Counter()
        for lead in "我本全":
            counts.update([lead + rest[:2] for rest in self._flat.split(lead)[1:]])
        return counts

    def kind(self) -> str:
        """Kind of a body that names itself only as 我乡, 本局 …: the word it uses by far most; else `unknown`."""
        counts: Counter[str] = Counter()
        for words, count in self._counts.items():
            lead, first, second = words[0], words[1:2], words[2:3]
            if words[1:] == "街道" and lead != "全":
                counts["subdistrict"] += count
            elif (
                first in _KINDS
                and second not in "村员直"
                and (lead == "我" or (lead == "本" and first not in _REGIONS))
            ):
                counts[_KINDS[first]] += count
        if counts["department"] or counts["public_institution"]:
            counts["government"] = 0  # 我县 beside 我局: the superior
        return _by_far(counts, 2)

    def region_word(self) -> str:
        """How the report calls its region: 县 of 我县, if that is by far the most used such word; else ''."""
        counts: Counter[str] = Counter()
        for words, count in self._counts.items():
            if words[1:2] in _REGIONS and words[2:3] not in "直属":
                counts[words[1]] += count
        word = _by_far(counts, 1)
        return "" if word == "unknown" else word

    def own(self) -> bool:
        """Whether the body speaks of itself: 我局, 本机关."""
        return _OWN.search(self._flat) is not None


def _by_far(counts: Counter[str], least: int) -> str:
    (word, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return word if most >= least and most >= 3 * next_most else "unknown"
