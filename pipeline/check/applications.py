"""Checks of the applications table (field.md §2, C-T3-1 to C-T3-8), per applicant column and per row.

Belongs here: identities inside one applications table of the 2019 or 2021 form. Does not belong here: other tables,
other years, prose.

Every report takes this path: columns and rows are slices of the reading's flat lists, and the common case (every term a
number) is a comparison of sums; everything else goes through outcome.compare.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.check.outcome import EMPTY, Check, Head, Term, at_most, compare, head, plain, verdict
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import SCALE
from schemas import forms

TABLE = "applications"
TOTAL = "total"
_COLUMN_CHECKS = (
    "applications_balance",
    "applications_outcomes_sum",
    "applications_total_not_filled",
    "applications_carried_forward_bound",
    "applications_nothing_handled",
)
_OUTCOME_PREFIXES = ("refused_", "unavailable_", "not_processed_", "other")


@dataclass(frozen=True)
class _Shape:
    """Where the rows are in the flat lists of a form's reading.

    Most columns and rows of most tables are all 0 (field.md §0.1 no. 9): what their checks say is known beforehand.
    """

    width: int
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    new: int
    carried: int
    handled: int
    forward: int
    outcomes: tuple[int, int]
    column_heads: tuple[tuple[Head, ...], ...]
    row_heads: tuple[tuple[Head, Head], ...]
    zero_columns: tuple[tuple[Check, ...], ...]
    zero_rows: tuple[tuple[Check, Check], ...]


@cache
def _shape(template: str) -> _Shape:
    form = forms.form(template, TABLE)
    rows = tuple(row.key for row in form.rows)
    outcomes = [
        place
        for place, key in enumerate(rows)
        if key in ("granted", "partly_granted") or key.startswith(_OUTCOME_PREFIXES)
    ]
    columns = form.rows[0].column_keys
    assert outcomes == list(range(outcomes[0], outcomes[-1] + 1))
    column_heads = tuple(tuple(head(key, TABLE, None, column) for key in _COLUMN_CHECKS) for column in columns)
    row_heads = tuple(_row_heads(row) for row in rows)
    return _Shape(
        len(form.rows[0].column_keys),
        form.rows[0].column_keys,
        rows,
        rows.index("new_received"),
        rows.index("carried_over"),
        rows.index("total_handled"),
        rows.index("carried_forward"),
        (outcomes[0], outcomes[-1] + 1),
        column_heads,
        row_heads,
        tuple(tuple(plain(begin, True, 0, 0) for begin in heads) for heads in column_heads),
        tuple((plain(one, True, 0, 0), plain(other, True, 0, 0)) for one, other in row_heads),
    )


def _row_heads(row: str) -> tuple[Head, Head]:
    return head("applications_row_total", TABLE, row, None), head("applications_row_total_missing", TABLE, row, None)


def check_applications(reading: TableReading) -> Iterator[Check]:
    """All checks of one applications table."""
    shape = _shape(reading.template)
    yield from _columns(reading, shape)
    yield from _rows(reading, shape)
    yield from _cells(reading)
    yield from _subtotals(reading, shape)


def _columns(reading: TableReading, shape: _Shape) -> Iterator[Check]:
    size = shape.width * len(shape.rows)
    for place, column in enumerate(shape.columns):
        values = reading.values[place : size : shape.width]
        if None not in values:
            if any(values):
                yield from _full_column(values, shape, shape.column_heads[place])  # type: ignore[arg-type]
            else:
                yield from shape.zero_columns[place]
        else:
            terms = list(map(Term, values, reading.states[place : size : shape.width]))
            if column == TOTAL:
                terms = [
                    _not_zero(term, reading.values[row * shape.width : (row + 1) * shape.width])
                    for row, term in enumerate(terms)
                ]
            yield from _partial_column(terms, shape, column)


def _not_zero(term: Term, row: list[int | None]) -> Term:
    """The total of a row: left blank beside figures it was not filled in, and may not be read as 0 (field.md C-T3-2)."""
    return Term(None, "not filled") if term.state in EMPTY and any(row) else term


def _full_column(values: list[int], shape: _Shape, heads: tuple[Head, ...]) -> tuple[Check, ...]:
    new, carried, handled, forward = (
        values[shape.new],
        values[shape.carried],
        values[shape.handled],
        values[shape.forward],
    )
    outcomes = sum(values[slice(*shape.outcomes)])
    received, dealt = new + carried, handled + forward
    balance, outcomes_sum, not_filled, bound, nothing_handled = heads
    return (
        plain(balance, received == dealt, received, dealt),
        plain(outcomes_sum, outcomes == handled, outcomes, handled),
        plain(not_filled, handled != 0 or outcomes <= 0, handled, outcomes),
        plain(bound, forward <= received, forward, received),
        plain(nothing_handled, new <= 0 or outcomes > 0 or forward > 0, outcomes + forward, new),
    )


def _partial_column(terms: list[Term], shape: _Shape, column: str) -> Iterator[Check]:
    new, carried, handled, forward = terms[shape.new], terms[shape.carried], terms[shape.handled], terms[shape.forward]
    outcomes = terms[slice(*shape.outcomes)]
    received = (new, carried)

    def where(key: str) -> tuple[str, str, None, str]:
        return key, TABLE, None, column

    yield compare(where("applications_balance"), received, (handled, forward), (handled,))
    yield compare(where("applications_outcomes_sum"), outcomes, (handled,), (handled,))
    some = sum(term.value for term in outcomes if term.value is not None)
    known = all(term.value is not None for term in outcomes)
    holds = None if handled.value is None else handled.value != 0 or (some <= 0 if known or some > 0 else None)
    yield verdict(where("applications_total_not_filled"), holds, handled.value, some)
    yield compare(where("applications_carried_forward_bound"), (forward,), received, (forward,), at_most)
    if new.value is None:
        holds = None
    else:
        dealt = some + (forward.value or 0)
        holds = True if new.value <= 0 or dealt > 0 else (False if known and forward.value is not None else None)
    yield verdict(where("applications_nothing_handled"), holds, some + (forward.value or 0), new.value)


def _rows(reading: TableReading, shape: _Shape) -> Iterator[Check]:
    width = shape.width
    for number in range(len(reading.values) // width):
        first = number * width
        values = reading.values[first : first + width]
        if None in values:
            yield from _partial_row(reading, first, reading.row_keys[first], shape)
            continue
        if number < len(shape.zero_rows) and not any(values):
            yield from shape.zero_rows[number]
            continue
        parts, total = sum(values[:-1]), values[-1]  # type: ignore[arg-type]
        assert total is not None
        heads = shape.row_heads[number] if number < len(shape.row_heads) else _row_heads(reading.row_keys[first])
        yield plain(heads[0], parts == total, parts, total)
        yield plain(heads[1], total != 0 or parts <= 0, total, parts)


def _partial_row(reading: TableReading, first: int, row: str, shape: _Shape) -> Iterator[Check]:
    cells = slice(first, first + shape.width)
    terms = list(map(Term, reading.values[cells], reading.states[cells]))
    *parts, total = terms
    yield compare(("applications_row_total", TABLE, row, None), parts, (total,), (total,))
    some = any(term.value is not None and term.value > 0 for term in parts)
    if total.value is not None:
        holds: bool | None = total.value != 0 or not some
    elif total.state in ("blank", "placeholder"):
        holds = not some
    else:
        holds = None
    yield verdict(("applications_row_total_missing", TABLE, row, None), holds, total.value)


def _cells(reading: TableReading) -> Iterator[Check]:
    odd = {value for value in set(reading.values) if value is not None and (value < 0 or value % SCALE)}
    if not odd:
        return
    for row, column, value in zip(reading.row_keys, reading.column_keys, reading.values, strict=True):
        if value in odd:
            yield verdict(
                ("applications_not_negative_integer", TABLE, row, column), False, value, None, "not a whole number >= 0"
            )


def _subtotals(reading: TableReading, shape: _Shape) -> Iterator[Check]:
    """Subtotals that the form does not ask for, where a body printed them (field.md §1.3)."""
    if len(reading.row_keys) == shape.width * len(shape.rows):
        return  # no row but those of the form
    for subtotal, prefix in forms.OUTCOMES_OF_SUBTOTAL.items():
        if subtotal not in reading.row_keys:
            continue
        first = reading.row_keys.index(subtotal)
        children = [place for place, key in enumerate(shape.rows) if key.startswith(prefix)]
        for place, column in enumerate(shape.columns):
            printed = Term(reading.values[first + place], reading.states[first + place])
            cells = [child * shape.width + place for child in children]
            parts = [Term(reading.values[cell], reading.states[cell]) for cell in cells]
            yield compare(("applications_group_subtotal", TABLE, subtotal, column), parts, (printed,), (printed,))
