"""The labels of the forms as patterns for running text.

Belongs here: one compiled pattern per table that finds all its labels, blanks and line breaks allowed between any two
characters. Does not belong here: what stands between labels (gaps.py).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from schemas import forms

_GUIDANCE = re.compile(r"[（(][^（()）]{5,}[）)]")
_ORDINAL = re.compile(r"^(?:([一二三四五六七八九十]+)、|（([一二三四五六七八九十]+)）|(\d)\.)")
_OPEN, _CLOSE = "[（(〔﹝]", "[）)〕﹞]"
_QUOTES = "“”\"„″'‘’《》"
_DROPPED = re.compile(rf"[{_QUOTES}、，,]")
# A label this long is known by its beginning; the rest may stand on a line below its numbers.
CERTAIN = 9


@dataclass(frozen=True)
class FlatLabel:
    """A label in running text. `kind`: row | head | column | header | sub_table; `tail`: its characters after CERTAIN."""

    kind: str
    table_key: str
    key: str
    words: str
    parent: str = ""


class LabelMatch(NamedTuple):
    """Where a label stands in the text."""

    label: FlatLabel
    start: int
    end: int


@cache
def flat_labels(table_key: str) -> tuple[FlatLabel, ...]:
    """All labels of a table over all forms, variants included."""
    found: dict[tuple[str, str, str], FlatLabel] = {}

    def add(kind: str, key: str, words: str, parent: str = "") -> None:
        found.setdefault((kind, key, words), FlatLabel(kind, table_key, key, words, parent))

    for form in forms.all_forms():
        if form.table_key != table_key:
            continue
        for row in form.rows:
            if table_key == "disputes":
                for part in row.label.split("/"):
                    add("header", part, part)
            else:
                add("row", row.key, row.label, row.parents[-1] if row.parents else "")
            for key, label in zip(row.column_keys, row.column_labels, strict=True):
                add("column", key, label.removeprefix(forms.ORGANISATIONS))
            for head in row.parents if table_key in ("applications", "statistics") else ():
                add("head", head, head)
    ordinals = {label.key: _ORDINAL.match(label.words) for label in found.values() if label.kind == "row"}
    for variant in forms.label_variants():
        if variant.table_key != table_key:
            continue
        ordinal = ordinals.get(variant.key)
        words = (ordinal[0] if ordinal and variant.kind == "row" else "") + variant.label
        parents = [label.parent for label in found.values() if (label.kind, label.key) == (variant.kind, variant.key)]
        add(variant.kind, variant.key or variant.label, words, parents[0] if parents else "")
    return tuple(found.values())


@cache
def label_pattern(table_key: str) -> tuple[re.Pattern[str], dict[str, FlatLabel]]:
    """(pattern, group name → label). Longer labels come first, so that the longest that fits is found."""
    labels = [label for label in flat_labels(table_key) if label.kind in _SEARCHED]
    labels.sort(key=lambda label: -len(label.words))
    names = {f"l{number}": label for number, label in enumerate(labels)}
    alternatives = [f"(?P<{name}>{_loose(label)})" for name, label in names.items()]
    return re.compile(f"{_begins(labels)}(?:{'|'.join(alternatives)})"), names


def _begins(labels: list[FlatLabel]) -> str:
    """A look ahead at how any of some labels begins: an ordinal, 其中, or two characters of one of them.

    Where it does not fit, none of the labels is tried: most of a page's characters (told by the first one alone), and
    nearly all digits.
    """
    seconds: dict[str, set[str]] = {}
    for label in labels:
        stem = _stem(label)
        seconds.setdefault(stem[0], set()).add(stem[1:2])
    words = [
        _character(first) + ("" if "" in after else rf"\s*(?:{'|'.join(map(_character, sorted(after)))})")
        for first, after in sorted(seconds.items())
    ]
    numeral = "[一二三四五六七八九十]"
    ordinals = [r"[0-9]\s*[.．、]", rf"{numeral}\s*[、.．,，]", rf"{_OPEN}\s*{numeral}", r"其\s*中"]
    first = {character for begin in seconds for character in ("他它" if begin == "他" else begin)}
    first |= set("一二三四五六七八九十0123456789其、，,") | set(_OPEN[1:-1]) | set(_QUOTES)
    return f"(?=[{re.escape(''.join(sorted(first)))}])(?={'|'.join(ordinals + words)})"


# Column labels of the applications table are words of other labels too (其他, 总计): its header is found as one block.
_SEARCHED = frozenset({"row", "head"})
HEADER_BLOCKS = {
    "applications": re.compile(
        r"(?:[（(]\s*本\s*列\s*数\s*据[^）)]{10,60}[）)]\s*)?申\s*请\s*人\s*情\s*况(?:[\s自然人法或其他它组织总合小计商业企科研机构关社会公益律服务|]|[（(](?![一二三四五六七八九十]+[）)])[^（()）]{1,40}[）)])*"
    ),
}


def _loose(label: FlatLabel) -> str:
    """A pattern for one label: its ordinal if it is printed, any blanks between characters, guidance or not."""
    ordinal = _ORDINAL.match(label.words)
    words = label.words[ordinal.end() :] if ordinal else label.words
    stem = _stem(label)
    body = r"\s*".join(_character(character) for character in stem)
    if len(stem) > CERTAIN + 3:
        # The end may be pushed below the numbers in a narrow column (corpus/real/001).
        body = r"\s*".join(_character(c) for c in stem[:CERTAIN]) + "".join(
            rf"(?:\s*{_character(c)}" for c in stem[CERTAIN:]
        )
        body += ")?" * len(stem[CERTAIN:])
    guidance = _GUIDANCE.search(words)
    if guidance:
        body += rf"(?:\s*{_OPEN}\s*{re.escape(guidance[0][1])}[^（()）]*{_CLOSE})?"
    return _ordinal(ordinal, len(stem)) + body


def _stem(label: FlatLabel) -> str:
    """The words of a label without ordinal, guidance and punctuation."""
    ordinal = _ORDINAL.match(label.words)
    words = label.words[ordinal.end() :] if ordinal else label.words
    return _DROPPED.sub("", _GUIDANCE.sub("", words)).removeprefix("其中：")


def _ordinal(ordinal: re.Match[str] | None, stem_length: int) -> str:
    """The ordinal of a label: needed before words that are too short to stand alone (3.其他, （七）总计)."""
    if ordinal is None:
        return r"(?:其\s*中\s*[:：]?\s*)?(?:\d\s*[.．、]\s*)?"
    needed = "" if stem_length <= 2 else "?"
    if ordinal[1]:
        return rf"(?:{ordinal[1]}\s*[、.．,，]\s*){needed}"
    if ordinal[2]:
        return rf"(?:(?:{_OPEN}\s*{ordinal[2]}\s*{_CLOSE}|{ordinal[2]}\s*[、.．])\s*){needed}"
    return rf"(?:{ordinal[3]}\s*[.．、]\s*){needed}" if needed == "" else r"(?:\d\s*[.．、]\s*)?"


def _character(character: str) -> str:
    if character == "他":
        return "[他它]"
    if character in "（(":
        return _OPEN
    if character in "）)":
        return _CLOSE
    return rf"[{_QUOTES}、，,]*{re.escape(character)}"


def find_labels(table_key: str, text: str, begin: int, end: int) -> list[LabelMatch]:
    """Every label of a table between two places of a text, in order."""
    pattern, names = label_pattern(table_key)
    found = [
        LabelMatch(names[match.lastgroup or ""], match.start(), match.end())
        for match in pattern.finditer(text, begin, end)
    ]
    block = HEADER_BLOCKS.get(table_key)
    if block is not None:
        header = FlatLabel("header", table_key, "", "")
        found += [LabelMatch(header, match.start(), match.end()) for match in block.finditer(text, begin, end)]
        found.sort(key=lambda match: match.start)
    return found


SUB_TABLE = re.compile(rf"第\s*二\s*十\s*条\s*第?\s*{_OPEN}\s*([一二三四五六七八九1-9])\s*{_CLOSE}\s*项")
