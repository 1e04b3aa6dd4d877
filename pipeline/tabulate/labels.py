"""Which label a cell is: row, heading, column or header of a form, by its words.

Belongs here: normalising a label and looking it up in the forms' wordings (schemas/forms.py). Exact first, then fuzzy
within a closed list that the caller names. Does not belong here: the order of cells, values.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.tabulate import values
from schemas import forms

_ARTEFACT = re.compile(r"\[bookmark:[^\]]*\]|HYPERLINK\s*\"[^\"]*\"|_GoBack|\\\* MERGEFORMAT|&nbsp;?|_Toc\d+")
_BRACKETS = str.maketrans("〔﹝[【〕﹞]】", "(((())))")
_QUOTES = re.compile("[“”\"„″'‘’「」『』《》〈〉]")
_ORDINAL = re.compile(
    r"(?:第?(?P<cn>[一二三四五六七八九十]+)[、.。,:]"
    r"|\((?P<paren>[一二三四五六七八九十]+|\d{1,2})\)"
    r"|(?P<digit>\d{1,2})[、.。,)](?!\d))"
)
_AMONG = re.compile(r"^其中[::]?")
_GUIDANCE = re.compile(r"\([^()]{5,}\)?$|\([^()]{5,}\)|\((?:单位[::]?)?(?:百万|万|亿|千)?元\)")
_PUNCTUATION = re.compile(r"[、,;；:：。.·/\\|()\-–—_*]")
_SUB_TABLE = re.compile(r"第?二十条第?\(?([一二三四五六七八九十1-9])\)?项")
# The same with one wrong character somewhere: the numeral in its brackets decides.
_SUB_TABLE_TYPO = re.compile(r"\S{0,2}(?:二十|十条|二.条|.十条)\S{0,2}\(([一二三四五六七八九1-9])\)\S?")
_CHINESE = {str(number): numeral for number, numeral in enumerate("一二三四五六七八九", start=1)}
MAX_LABEL = 120
"""Longer cells are prose: the longest label of a form with its guidance has 66 characters."""


@dataclass(frozen=True)
class Role:
    """What a label stands for. `kind`: row | head | column | header | sub_table.

    `parent`: stem of the heading above it; `heads`: of a row that is the heading of the rows below it, its own stem.
    """

    kind: str
    table_key: str
    key: str
    parent: str = ""
    ordinal: str = ""
    heads: str = ""


@dataclass(frozen=True)
class Label:
    """A cell's words, ready for look-up: ordinal (一 / (一) / 1.) apart from the stem."""

    ordinal: str
    stem: str
    roles: tuple[Role, ...]


NO_LABEL = Label("", "", ())


def fold(text: str) -> str:
    """One form for every way of writing a label: NFKC, no blanks, one kind of bracket, no quotes, 其它 as 其他."""
    text = unicodedata.normalize("NFKC", _ARTEFACT.sub("", text))
    text = values.INVISIBLE.sub("", text).translate(_BRACKETS)
    return _QUOTES.sub("", text).replace("其它", "其他")


def split_ordinal(folded: str) -> tuple[str, str]:
    """(ordinal, stem) of a folded label. The stem has no ordinal, no 其中, no guidance and no punctuation."""
    match = _ORDINAL.match(folded)
    ordinal = ""
    if match:
        ordinal = match["cn"] or (f"({match['paren']})" if match["paren"] else f"{match['digit']}.")
        folded = folded[match.end() :]
    folded = _AMONG.sub("", folded)
    second = _ORDINAL.match(folded)
    if second and not ordinal:
        ordinal, folded = f"{second['digit'] or second['paren'] or second['cn']}.", folded[second.end() :]
    return ordinal, _PUNCTUATION.sub("", _GUIDANCE.sub("", folded))


@cache
def vocabulary() -> dict[str, tuple[Role, ...]]:
    """Stem → everything it can stand for, over all forms and their variants."""
    found: dict[str, dict[Role, None]] = {}

    def add(label: str, kind: str, table_key: str, key: str, parent: str = "") -> None:
        ordinal, stem = split_ordinal(fold(label))
        found.setdefault(stem, {})[Role(kind, table_key, key, parent, ordinal)] = None

    for form in forms.all_forms():
        for row in form.rows:
            parent = split_ordinal(fold(row.parents[-1]))[1] if row.parents else ""
            if form.table_key == "disputes":
                for part in row.label.split("/"):
                    add(part, "header", form.table_key, row.key if part == row.label.split("/")[-1] else "litigation")
            else:
                add(row.label, "row", form.table_key, row.key, "" if form.sub_table else parent)
            for key, label in zip(row.column_keys, row.column_labels, strict=True):
                add(label.removeprefix(forms.ORGANISATIONS), "column", form.table_key, key)
            if form.table_key in ("applications", "statistics"):
                for depth, head in enumerate(row.parents):
                    above = split_ordinal(fold(row.parents[depth - 1]))[1] if depth else ""
                    add(head, "head", form.table_key, split_ordinal(fold(head))[1], above)
    for variant in forms.label_variants():
        parents = [
            r.parent
            for rs in found.values()
            for r in rs
            if r.kind == variant.kind and r.key == variant.key and r.table_key == variant.table_key
        ]
        key = split_ordinal(fold(variant.key))[1] if variant.kind == "head" else variant.key
        add(variant.label, variant.kind, variant.table_key, key, parents[0] if parents else "")
    return {stem: tuple(_with_heads(stem, list(roles))) for stem, roles in found.items() if stem}


def _with_heads(stem: str, roles: list[Role]) -> list[Role]:
    """Rows that are headings too (收到申请数 of the 2014 form, 其他处理) say so."""
    heads = {role.table_key for role in roles if role.kind == "head"}
    return [replace(role, heads=stem) if role.kind == "row" and role.table_key in heads else role for role in roles]


def _sub_table(folded: str) -> Role | None:
    match = _SUB_TABLE.match(folded) or _SUB_TABLE_TYPO.fullmatch(folded)
    if match is None:
        return None
    numeral = _CHINESE.get(match[1], match[1])
    return Role("sub_table", "active_disclosure", f"第二十条第（{numeral}）项")


_label_cache: dict[str, Label] = {}


def read_label(text: str) -> Label:
    """The label that a cell's text is; `roles` is empty for text that is no known label. Cached by text."""
    label = _label_cache.get(text)
    if label is None:
        if len(_label_cache) > 50_000:  # hostile input must not fill the memory
            _label_cache.clear()
        label = _label_cache[text] = _read_label(text)
    return label


def _read_label(text: str) -> Label:
    if len(text) > MAX_LABEL:
        return NO_LABEL
    folded = fold(text)
    sub_table = _sub_table(folded)
    if sub_table is not None:
        return Label("", folded, (sub_table,))
    ordinal, stem = split_ordinal(folded)
    return Label(ordinal, stem, vocabulary().get(stem, ()))


def fuzzy(stem: str, candidates: dict[str, str]) -> str | None:
    """The key of the one candidate stem that `stem` is a typo of, or None. `candidates`: stem → key.

    Accepts an edit distance of 1 for stems of 4 or 5 characters, of 2 or a likeness of 85 % for longer ones, and only
    if no other candidate comes within one edit of the best (field.md §1.4 "Label variants", §6.2 no. 18).
    """
    if len(stem) < 4:
        return None
    scored = sorted((Levenshtein.distance(stem, other), other) for other in candidates)
    if not scored:
        return None
    distance, best = scored[0]
    close = distance <= (1 if min(len(stem), len(best)) < 6 else 2) or (len(best) >= 6 and fuzz.ratio(stem, best) >= 85)
    rivals = [other for other_distance, other in scored[1:] if other_distance <= distance + 1]
    rivals = [other for other in rivals if candidates[other] != candidates[best]]
    return candidates[best] if close and not rivals else None
