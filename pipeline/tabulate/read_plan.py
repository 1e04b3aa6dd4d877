"""Reads the cells of a page by its plan.

Belongs here: from tokens and the places of cells to values with states and spans; choosing between two prints of one
table. Does not belong here: where a cell is (plan.py), what one cell's text says (values.py).
"""

import operator
from functools import lru_cache
from typing import NamedTuple

from pipeline.tabulate import values
from pipeline.tabulate.plan import PagePlan, PrintPlan, TablePlan
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.tokens import MAX_CACHED, Tokens
from schemas import forms


class _Cells(NamedTuple):
    """The cells of a page: what they say, as printed, where."""

    states: list[str]
    values: list[int | None]
    raw_texts: list[str | None]
    starts: list[int | None]
    ends: list[int | None]


def read_page(plan: PagePlan, tokens: Tokens, flat: str) -> list[TableReading]:
    """All tables of a page; of a table printed more than once the most complete print."""
    cells = _read_cells(plan, tokens, flat)
    readings = []
    begin = 0
    for table in plan.tables:
        prints = []
        for printed in table.prints:
            end = begin + len(printed.tokens)
            prints.append(_reading(table, printed, cells, begin, end, tokens, flat))
            begin = end
        readings.append(most_complete(prints))
    return readings


def _read_cells(plan: PagePlan, tokens: Tokens, flat: str) -> _Cells:
    """Every cell of the page in one go: most cells are plain counts that were seen before."""
    texts = list(map(tokens.texts.__getitem__, plan.tokens))
    starts = list(map(tokens.places.__getitem__, plan.tokens))
    begin = 0
    for table in plan.tables:
        for printed in table.prints:
            for cell, last in printed.longer.items():
                place = begin + cell
                texts[place] = flat[starts[place] : tokens.places[last] + len(tokens.texts[last])]
            begin += len(printed.tokens)
    ends = list(map(operator.add, starts, map(len, texts)))
    if tokens.layout == "tab_cell":  # the TAB that opens a cell is not part of it
        starts = list(map((1).__add__, starts))
    read = list(map(_counts.__getitem__, texts))
    for place, (key, unit, money_unit) in plan.special.items():
        read[place] = _read(texts[place], key, unit, money_unit)
    states, numbers, printed_texts = zip(*read, strict=True) if read else ((), (), ())
    return _Cells(list(states), list(numbers), list(printed_texts), starts, ends)  # type: ignore[arg-type]


class _Counts(dict[str, tuple[str, int | None, str]]):
    """A cell's text → state and value of a count, and the text without outer blanks; a hit is one look-up at C speed."""

    def __missing__(self, text: str) -> tuple[str, int | None, str]:
        if len(self) >= MAX_CACHED:  # hostile input must not fill the memory
            self.clear()
        found = self[text] = (*values.read_count(text), text.strip())
        return found


_counts = _Counts()


def _reading(
    table: TablePlan, printed: PrintPlan, cells: _Cells, begin: int, end: int, tokens: Tokens, flat: str
) -> TableReading:
    form = table.form
    reading = TableReading(
        form.template,
        form.table_key,
        form.sub_table,
        tokens.layout,
        tokens.places[table.first_token],
        tokens.places[table.last_token] + len(tokens.texts[table.last_token]),
        printed.row_keys,
        printed.column_keys,
        printed.units,
        cells.states[begin:end],
        cells.values[begin:end],
        cells.raw_texts[begin:end],
        cells.starts[begin:end],
        cells.ends[begin:end],
        printed.row_labels,
        printed.column_labels,
        printed.methods,
    )
    for first, spans in printed.refused.items():
        _refuse(reading, first, table.width, spans, tokens, flat)
    if printed.local and "missing" in reading.states:
        # A row of the form is missing: a row of unknown words may be that row, its label beyond recognition.
        for first in printed.local:
            spans = [_cell_span(printed, place) for place in range(first, first + table.width)]
            if first not in printed.refused:
                _refuse(reading, first, table.width, spans, tokens, flat)
    for first, twins in printed.twins.items():
        mine = [_cell_span(printed, place) for place in range(first, first + table.width)]
        others = [[(cell.first, cell.last) for cell in twin] for twin in twins]
        _compare_twins(reading, first, table.width, mine, others, tokens, flat)
    return reading


def most_complete(prints: list[TableReading]) -> TableReading:
    """The print with the most numbers and the fewest refused cells, with its disagreements with the others."""
    if len(prints) == 1:
        return prints[0]
    best = max(prints, key=lambda reading: reading.states.count("reported") - reading.refused)
    best.printed_twice = True
    best.conflicts = [conflict for other in prints if other is not best for conflict in _conflicts(best, other)]
    return best


@lru_cache(maxsize=16_384)
def _read(text: str, column_key: str, unit: str, money_unit: str | None) -> tuple[str, int | None, str]:
    """State and value of a cell that is no plain count, and its text without outer blanks."""
    if unit == "元":
        return (*values.read_money(text, money_unit), text.strip())
    if column_key == forms.SIGNED_COLUMN:
        return (*values.read_change(text), text.strip())
    return (*values.read_count(text), text.strip())


def _slice(span: tuple[int, int], tokens: Tokens, text: str) -> str:
    return text[tokens.places[span[0]] : tokens.places[span[1]] + len(tokens.texts[span[1]])].strip()


def _refuse(
    reading: TableReading, first: int, width: int, spans: list[tuple[int, int]], tokens: Tokens, text: str
) -> None:
    """Cells that could not be told apart: `unreadable` with all that is printed, `missing` if nothing is."""
    cells = slice(first, first + width)
    reading.states[cells] = ["unreadable" if spans else "missing"] * width
    reading.values[cells] = [None] * width
    start = end = words = None
    if spans:
        start = min(tokens.places[token] for token, _ in spans)
        end = max(tokens.places[token] + len(tokens.texts[token]) for _, token in spans)
        words = text[start:end].strip()
    reading.raw_texts[cells] = [words] * width
    reading.starts[cells] = [start] * width
    reading.ends[cells] = [end] * width


def _cell_span(printed: PrintPlan, place: int) -> tuple[int, int]:
    """First and last token of a cell."""
    token = printed.tokens[place]
    return token, printed.longer.get(place, token)


def _compare_twins(
    reading: TableReading,
    first: int,
    width: int,
    mine_spans: list[tuple[int, int]],
    twins: list[list[tuple[int, int]]],
    tokens: Tokens,
    text: str,
) -> None:
    """A row that is printed twice (a doubled line) is read only if both prints say the same."""
    mine = [values.tidy(words or "") for words in reading.raw_texts[first : first + width]]
    for twin in twins:
        theirs = [values.tidy(_slice(span, tokens, text)) for span in twin]
        if theirs != mine:
            _refuse(reading, first, width, mine_spans + twin, tokens, text)
            return


def _conflicts(best: TableReading, other: TableReading) -> list[tuple[str, str, int, int]]:
    theirs = dict(zip(zip(other.row_keys, other.column_keys, strict=True), other.values, strict=True))
    found = []
    for row_key, column_key, value in zip(best.row_keys, best.column_keys, best.values, strict=True):
        printed = theirs.get((row_key, column_key))
        if value is not None and printed is not None and printed != value:
            found.append((row_key, column_key, value, printed))
    return found
