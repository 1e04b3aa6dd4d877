"""Which cell of a row belongs to which column of the form.

Belongs here: lining up the cells after a label with the form's columns, or refusing. Does not belong here: finding the
label (find_rows.py), reading the cells (values.py).

A row whose cells cannot be lined up in exactly one way is refused as a whole. Nothing is shifted to fit.
"""

from dataclasses import dataclass

from pipeline.tabulate.find_rows import FoundRow, Run
from pipeline.tabulate.grid_rows import Cell
from pipeline.tabulate.tokens import is_blank
from schemas import forms


@dataclass(frozen=True)
class Witnesses:
    """What full rows of a table tell of rows with blanks.

    `offsets`: shape of a printed row → how many pads stand before its values; `totals`: kind of the row below → how
    many cells stand between a row's label and that row's label, where the end of a row is not printed.
    """

    offsets: dict[tuple[int, int, int], set[int]]
    totals: dict[int, set[int]]
    is_drawn: bool
    is_shifted: bool


def line_up(row: FoundRow, width: int, layout: str, witnesses: Witnesses) -> list[Cell] | None:
    """The row's cells, one per column of the form, or None if there is more than one way, or none.

    field.md §0.1 no. 2 and §6.2 nos. 2–4: a row may be broken by an empty line, merged cells leave pads before or
    after the values. Pads are told from blank values by the drawing of the form or by full rows of the same shape.
    """
    if not row.runs:
        return None
    if len(row.runs) == 1 and not row.open_ended and len(row.runs[0].cells) == width:
        cells = row.runs[0].cells
        if layout in PADDED and is_blank(cells[0].text) and not all(is_blank(cell.text) for cell in cells):
            return cells if _offset(row, width, witnesses) == 0 else None
        return cells
    cells = [cell for run in row.runs for cell in run.cells]
    filled = _filled(cells)
    if layout != "tab_cell" and len(row.runs) > 1:
        return _broken_line(row.runs, width)
    if len(filled) == width and filled[-1] - filled[0] == width - 1:
        if layout == "tab_cell" and (filled[0] != 0 or not row.open_ended):
            return _whole_runs(row.runs, width)
        return cells[filled[0] : filled[-1] + 1]
    if row.open_ended:
        return _up_to_next_label(row, cells, filled, width, witnesses)
    if layout == "tab_cell":
        return _whole_runs(row.runs, width)
    if len(cells) < width:
        return None
    if not filled:
        return cells[:width]
    offset = _offset(row, width, witnesses)
    if offset is None or offset > filled[0] or not filled[-1] < offset + width <= len(cells):
        return None
    return cells[offset : offset + width]


def find_witnesses(rows: list[FoundRow], width: int) -> Witnesses:
    """What the rows with a value in every column tell of the others."""
    counts = [(row.next_depth, sum(len(run.cells) for run in row.runs)) for row in rows if row.open_ended and row.runs]
    is_drawn = len({depth for depth, _ in counts}) >= MIN_DEPTHS and (
        all(count == width for _, count in counts) or all(count == width + depth for depth, count in counts)
    )
    lines = [row for row in rows if row.label is not None and len(row.runs) == 1 and not row.open_ended]
    is_shifted = any(row.runs[0].at - 1 != row.depth for row in lines if row.depth)
    witnesses = Witnesses({}, {}, is_drawn, is_shifted)
    for row in rows:
        if len(row.runs) != 1:
            continue
        filled = _filled(row.runs[0].cells)
        if len(filled) != width or filled[-1] - filled[0] != width - 1:
            continue
        if not row.open_ended:
            witnesses.offsets.setdefault(_shape(row), set()).add(filled[0])
        elif filled[0] == 0:
            witnesses.totals.setdefault(row.next_depth, set()).add(len(row.runs[0].cells))
    return witnesses


def _offset(row: FoundRow, width: int, witnesses: Witnesses) -> int | None:
    """How many pads stand before the values of a row of one printed line, if it is sure."""
    if witnesses.is_shifted and row.label is not None and row.depth == 0:
        return None  # its label stands in the first column either way: whether it is shifted cannot be seen
    seen = witnesses.offsets.get(_shape(row), set())
    if len(seen) == 1:
        return next(iter(seen))
    run = row.runs[0]
    columns = forms.LABEL_COLUMNS[row.table_key]
    if row.table_key == "disputes" and run.row_width == width:
        return 0  # as wide as the drawn form, which has no label in this row
    if not seen and not witnesses.is_shifted and run.row_width == columns + width and run.at - 1 == row.depth:
        # As wide as the drawn form with the label in its own column: nothing is shifted.
        return columns - run.at
    if not seen and row.table_key == "active_disclosure" and run.at == 1 and run.row_width == ACTIVE_WIDTH:
        return 0
    return None


MIN_DEPTHS = 3
PADDED = frozenset({"tab_row", "pipe_row"})
"""Layouts in which merged cells leave pads: a row of the right width may be a pad and a value less."""
ACTIVE_WIDTH = 4
"""Columns of the drawn table of active disclosure; sub-tables with fewer leave pads on the right."""


def _broken_line(runs: list[Run], width: int) -> list[Cell] | None:
    """The cells of a line broken in two at the end of a cell (the rest begins with a TAB), if every cell has a value.

    A line broken inside a number does not go on with a TAB (field.md §6.2 nos. 2 and 6).
    """
    cells = list(runs[0].cells)
    for run in runs[1:]:
        if run.cells[0].text or len(run.cells) == 1:
            return None
        cells += run.cells[1:]
    return cells if len(cells) == width == len(_filled(cells)) else None


def _up_to_next_label(
    row: FoundRow, cells: list[Cell], filled: list[int], width: int, witnesses: Witnesses
) -> list[Cell] | None:
    """Cells of a row whose end is not printed: as many stand before the next label as in full rows above such a label."""
    if witnesses.is_drawn:
        return cells[:width]
    totals = witnesses.totals.get(row.next_depth, set())
    if totals != {len(cells)} or len(row.runs) > 1 or (filled and filled[-1] >= width):
        return None
    return cells[:width]


def _shape(row: FoundRow) -> tuple[int, int, int]:
    return row.runs[0].row_width, row.runs[0].at, row.depth


def _filled(cells: list[Cell]) -> list[int]:
    return [place for place, cell in enumerate(cells) if not is_blank(cell.text)]


def _whole_runs(runs: list[Run], width: int) -> list[Cell] | None:
    """Runs that together are exactly one row: an empty line inside a row cuts it at a cell, never adds one."""
    cells: list[Cell] = []
    for run in runs:
        cells = cells + run.cells
        if len(cells) >= width:
            break
    return cells if len(cells) == width else None
