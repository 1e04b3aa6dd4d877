"""The rows of a table in running text: each label with the gap behind it.

Belongs here: following the labels in order, labels with typos, tables printed twice. Does not belong here: what the
chunks of a gap mean as cells (cells.py).
"""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from pipeline.tabulate.flat.gaps import Gap, cut_gap, han
from pipeline.tabulate.flat.patterns import FlatLabel, LabelMatch, find_labels, flat_labels
from pipeline.tabulate.labels import fuzzy

MIN_TYPO = 4


class FlatRow(NamedTuple):
    """A row label in the text and the gap up to the next label."""

    key: str
    words: str
    start: int
    end: int
    gap: Gap
    gap_end: int


def find_rows(table_key: str, text: str, begin: int, end: int) -> list[FlatRow]:
    """Every labelled row of a table between two places of the text, headings with numbers as x_head:…, in order."""
    matches = find_labels(table_key, text, begin, end)
    rows: list[FlatRow] = []
    above: set[str] = set()
    for number, match in enumerate(matches):
        stop = matches[number + 1].start if number + 1 < len(matches) else end
        if match.label.kind == "header":  # the first label may have a typo
            rows += _rows_of(table_key, match, text, stop, rows, above)[1:]
        if match.label.kind not in ("row", "head"):
            continue
        match = match._replace(label=_under(match.label, above))
        if not match.label.parent or match.label.kind == "head":
            above = set()
        above.add(match.label.words)
        rows += _rows_of(table_key, match, text, stop, rows, above)
    return rows


def _under(label: FlatLabel, above: set[str]) -> FlatLabel:
    """Of labels with the same words (被依法纠错数) the one whose heading was seen last (field.md §1.2)."""
    same = _rows_with_words(label.table_key, label.words)
    if len(same) < 2:
        return label
    return next((other for other in same if other.parent in above), replace(label, key="x_ambiguous"))


@cache
def _rows_with_words(table_key: str, words: str) -> tuple[FlatLabel, ...]:
    """The rows of a table's forms whose label is these words (a label of the forms)."""
    return tuple(label for label in flat_labels(table_key) if label.words == words and label.kind == "row")


def _rows_of(
    table_key: str, match: LabelMatch, text: str, stop: int, before: list[FlatRow], above: set[str]
) -> list[FlatRow]:
    """The row of one label, and rows behind stray words in its gap that are labels with typos."""
    label = match.label
    known = {row.key for row in before[-12:]}
    key = label.key if label.kind == "row" else f"x_head:{label.key}"
    gap = cut_gap(text, match.end, stop, label.words)
    rows = [FlatRow(key, text[match.start : match.end], match.start, match.end, gap, stop)]
    while gap.stray:
        typo = _typo(table_key, gap.stray, known | {row.key for row in rows}, above)
        begin = gap.stray_at + len(gap.stray)
        rows[-1] = rows[-1]._replace(gap_end=gap.stray_at)
        words = gap.stray
        gap = cut_gap(text, begin, stop, words)
        key = typo.key if typo is not None else "x_"
        rows.append(FlatRow(key, words, begin - len(words), begin, gap, stop))
    return rows


def _typo(table_key: str, words: str, known: set[str], above: set[str]) -> FlatLabel | None:
    """The row label that some words are a typo of, if it was not found near by; only one may be close.

    Of labels with the same words, that under the heading seen last.
    """
    stem = han(words)
    if len(stem) < MIN_TYPO:
        return None
    candidates = {
        han(label.words): label for label in flat_labels(table_key) if label.kind == "row" and label.key not in known
    }
    key = fuzzy(stem, {candidate: label.key for candidate, label in candidates.items()})
    found = next((label for label in candidates.values() if label.key == key), None) if key else None
    return _under(found, above) if found is not None else None


def split_prints(rows: list[FlatRow], order: dict[str, int]) -> list[list[FlatRow]]:
    """The rows of each print of a table: a row of the form that comes again begins the next print."""
    prints: list[list[FlatRow]] = [[]]
    seen: set[str] = set()
    for row in rows:
        if row.key in order:
            if row.key in seen:
                prints.append([])
                seen = set()
            seen.add(row.key)
        prints[-1].append(row)
    return prints
