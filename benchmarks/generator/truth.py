"""What a reader of the finished text can know of each cell.

Here belongs the last word on value and state: which layouts let blank cells vanish, what a damaged row still tells,
which glued digits have one reading. The rules are strict on purpose: a cell whose value is certain only by a guess
is `unreadable`, with the figure meant kept beside it, so that neither a careful reader nor an honest one is blamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.generator.figures import outcome_rows
from benchmarks.generator.layouts import COLUMNS, GLUED, LOST, TOKENS, Layout
from benchmarks.generator.model import (
    MISSING,
    ONLY_CONSISTENT_READING,
    REPORTED,
    SCALE,
    UNREADABLE,
    UNRECOVERABLE,
    Cell,
    Fragment,
    Row,
    Section,
    Table,
    Truth,
)
from benchmarks.generator.readings import is_forced, solve_applications, solve_disputes

_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")


def settle(tables: Sequence[Table], fragments: Sequence[Fragment], layout: Layout) -> None:
    """Bring the cells of rendered tables to what the text tells."""
    for table in tables:
        if table.is_settled:
            continue
        table.is_settled = True
        if layout.keeps == LOST:
            _doubt(table.cells, UNRECOVERABLE)
            continue
        if layout.keeps == COLUMNS and table.table_key != "active_disclosure":
            _doubt(table.cells, UNREADABLE)
        elif layout.keeps in (TOKENS, COLUMNS):
            _settle_vanished(table)
        elif layout.keeps == GLUED:
            _settle_vanished(table)
            _settle_glued(table, fragments)
        for row in table.rows:
            if row.damage is not None:
                _doubt(row.cells, row.damage)
        for cell in table.cells:
            if cell.alternative is not None and cell.state == REPORTED:
                cell.doubt()


def _doubt(cells: Iterable[Cell], state: str) -> None:
    for cell in cells:
        cell.doubt(state)


def _is_blank(cell: Cell) -> bool:
    return not cell.text or cell.text.isspace()


def _settle_vanished(table: Table) -> None:
    """A row without all its values no longer tells which of them are there; without any, it has none."""
    for row in table.rows:
        blanks = sum(_is_blank(cell) for cell in row.cells)
        if blanks == len(row.cells):
            _doubt(row.cells, MISSING)
        elif blanks:
            _doubt(row.cells, UNREADABLE)


def _settle_glued(table: Table, fragments: Sequence[Fragment]) -> None:
    _doubt_before_ordinals(table)
    runs = _runs_of(table, fragments)
    solved = _solutions(table, runs)
    for row in table.rows:
        if not row.cells or len(row.cells) == 1:
            continue
        run = runs.get(id(row))
        if run is None:
            _doubt(row.cells, UNREADABLE)
            continue
        if is_forced(run, len(row.cells)):
            continue
        reading = solved.get(id(row), (None,) * len(row.cells))
        for cell, number in zip(row.cells, reading, strict=True):
            if number is None or cell.value is None:
                cell.doubt()
            elif cell.value != number * SCALE:
                # The body's own sums are wrong, and by chance the digits read as a table whose sums are right.
                cell.doubt()
                cell.offer(number * SCALE, ONLY_CONSISTENT_READING)


def _doubt_before_ordinals(table: Table) -> None:
    """A figure run together with the ordinal of a label that no form knows: 12 and 5. become 125."""
    for row, below in zip(table.rows, table.rows[1:], strict=False):
        if not row.cells or not below.cells or not below.labels[0].text[:1].isdigit():
            continue
        spec = below.cells[0].spec
        if (spec.template == "regional" or spec.row_key.startswith("x_")) and row.cells[-1].text != "0":
            row.cells[-1].doubt()


def _runs_of(table: Table, fragments: Sequence[Fragment]) -> dict[int, str]:
    """The printed digits of each undamaged row of figures, blanks kept as boundaries."""
    texts: dict[int, str] = {}
    for fragment in fragments:
        if fragment.kind == "value" and fragment.row is not None:
            texts[id(fragment.row)] = texts.get(id(fragment.row), "") + fragment.text
    runs: dict[int, str] = {}
    for row in table.rows:
        text = texts.get(id(row), "").translate(_ASCII)
        is_plain = text.replace(" ", "").isdecimal() and row.damage is None
        if is_plain and all(cell.state == REPORTED for cell in row.cells):
            runs[id(row)] = text.strip()
    return runs


def _solutions(table: Table, runs: dict[int, str]) -> dict[int, tuple[int | None, ...]]:
    """The agreed cells of every row of a table that its identities settle."""
    rows = [row for row in table.rows if row.cells and not row.cells[0].spec.row_key.startswith("x_")]
    if table.table_key == "disputes":
        found = {id(row): solve_disputes(runs[id(row)]) for row in rows if id(row) in runs}
        return {name: reading for name, reading in found.items() if reading is not None}
    if table.table_key != "applications" or not all(id(row) in runs for row in rows):
        return {}
    by_key = {row.cells[0].spec.row_key: row for row in rows}
    outcomes = outcome_rows(table.template)
    solved = solve_applications({key: runs[id(row)] for key, row in by_key.items()}, outcomes)
    return {} if solved is None else {id(by_key[key]): reading for key, reading in solved.items()}


def _printed_label(row: Row) -> str:
    labels = row.labels
    if not labels:
        return ""
    label = labels[0] if row.cells[0].spec.template in ("2014", "regional") else labels[-1]
    return "".join(label.text.split())


def truth_of(sections: Sequence[Section]) -> Truth:
    """The cells of all tables that are printed, in order."""
    cells: list[Cell] = []
    labels: list[str] = []
    for section in sections:
        for table in section.tables:
            for row in table.rows:
                if row.cells:
                    cells += row.cells
                    label = _printed_label(row)
                    labels += [label or cell.spec.row_label for cell in row.cells]
    specs = [cell.spec for cell in cells]
    return Truth(
        (
            [spec.template for spec in specs],
            [spec.table_key for spec in specs],
            [spec.row_key for spec in specs],
            [spec.column_key for spec in specs],
            [cell.value for cell in cells],
            [cell.state for cell in cells],
            [cell.value if cell.state == REPORTED else cell.printed for cell in cells],
            [cell.alternative for cell in cells],
            [cell.alternative_source for cell in cells],
            labels,
        )
    )
