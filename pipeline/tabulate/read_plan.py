"""Reads the cells of a page by its plan.

Belongs here: from tokens and the places of cells to values with states and spans; choosing between two prints of one
table. Does not belong here: where a cell is (plan.py), what one cell's text says (values.py).
"""

import operator

from pipeline.tabulate import values
from pipeline.tabulate.plan import PrintPlan, TablePlan
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.tokens import Tokens
from schemas import forms


def read_table(plan: TablePlan, tokens: Tokens, text: str) -> TableReading:
    """One table of a report; of a table printed more than once the most complete print."""
    readings = [_read_print(plan, printed, tokens, text) for printed in plan.prints]
    best = readings[0]
    if len(readings) > 1:
        best = max(readings, key=lambda reading: reading.states.count("reported") - reading.refused)
        best.printed_twice = True
        best.conflicts = [conflict for other in readings if other is not best for conflict in _conflicts(best, other)]
    return best


def _read_print(plan: TablePlan, printed: PrintPlan, tokens: Tokens, text: str) -> TableReading:
    texts = list(map(tokens.texts.__getitem__, printed.tokens))
    starts: list[int | None] = list(map(tokens.places.__getitem__, printed.tokens))
    for cell, last in printed.longer.items():
        first = printed.tokens[cell]
        texts[cell] = text[tokens.places[first] : tokens.places[last] + len(tokens.texts[last])]
    ends: list[int | None] = list(map(operator.add, starts, map(len, texts)))  # type: ignore[arg-type]
    if tokens.layout == "tab_cell":  # the TAB that opens a cell is not part of it
        starts = [start + 1 for start in starts if start is not None]
    if plan.form.table_key == "active_disclosure":
        unit = plan.money_unit
        read = [
            _read(cell, key, cell_unit, unit)
            for cell, key, cell_unit in zip(texts, printed.column_keys, printed.units, strict=True)
        ]
    else:
        read = list(map(values.read_count, texts))
    form = plan.form
    reading = TableReading(
        form.template,
        form.table_key,
        form.sub_table,
        tokens.layout,
        tokens.places[plan.first_token],
        tokens.places[plan.last_token] + len(tokens.texts[plan.last_token]),
        printed.row_keys,
        printed.column_keys,
        printed.units,
        [state for state, _ in read],
        [value for _, value in read],
        list(map(str.strip, texts)),
        starts,
        ends,
        printed.row_labels,
        plan.column_labels * (len(texts) // plan.width),
        ["grid"] * len(texts),
    )
    for first, spans in printed.refused.items():
        _refuse(reading, first, plan.width, spans, tokens, text)
    for first, twins in printed.twins.items():
        _compare_twins(reading, first, plan.width, [[(c.first, c.last) for c in twin] for twin in twins], tokens, text)
    return reading


def _read(text: str, column_key: str, unit: str, money_unit: str | None) -> values.Reading:
    if unit == "元":
        return values.read_money(text, money_unit)
    if column_key == forms.SIGNED_COLUMN:
        return values.read_change(text)
    return values.read_count(text)


def _slice(span: tuple[int, int], tokens: Tokens, text: str) -> tuple[str, int, int]:
    start, end = tokens.places[span[0]], tokens.places[span[1]] + len(tokens.texts[span[1]])
    return text[start:end].strip(), start, end


def _refuse(
    reading: TableReading, first: int, width: int, spans: list[tuple[int, int]], tokens: Tokens, text: str
) -> None:
    """Cells that could not be told apart: `unreadable` with all that is printed, `missing` if nothing is."""
    printed = [_slice(span, tokens, text) for span in spans]
    cells = slice(first, first + width)
    reading.states[cells] = ["unreadable" if printed else "missing"] * width
    reading.values[cells] = [None] * width
    reading.raw_texts[cells] = [" ".join(words for words, _, _ in printed) if printed else None] * width
    reading.starts[cells] = [printed[0][1] if printed else None] * width
    reading.ends[cells] = [printed[-1][2] if printed else None] * width


def _compare_twins(
    reading: TableReading, first: int, width: int, twins: list[list[tuple[int, int]]], tokens: Tokens, text: str
) -> None:
    """A row that is printed twice (a doubled line) is read only if both prints say the same."""
    mine = [values.tidy(words or "") for words in reading.raw_texts[first : first + width]]
    for twin in twins:
        theirs = [values.tidy(_slice(span, tokens, text)[0]) for span in twin]
        if theirs != mine:
            spans = [*twin, (twin[0][0], twin[-1][1])]
            _refuse(reading, first, width, spans[-1:], tokens, text)
            return


def _conflicts(best: TableReading, other: TableReading) -> list[tuple[str, str, int, int]]:
    theirs = dict(zip(zip(other.row_keys, other.column_keys, strict=True), other.values, strict=True))
    found = []
    for row_key, column_key, value in zip(best.row_keys, best.column_keys, best.values, strict=True):
        printed = theirs.get((row_key, column_key))
        if value is not None and printed is not None and printed != value:
            found.append((row_key, column_key, value, printed))
    return found
