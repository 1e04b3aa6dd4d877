"""Which cell of a row belongs to which column of the form.

Belongs here: lining up the cells after a label with the form's columns, or refusing. Does not belong here: finding the
label (find_rows.py), reading the cells (values.py).

A row whose cells cannot be lined up in exactly one way is refused as a whole. Nothing is shifted to fit.
"""

from pipeline.tabulate.find_rows import FoundRow, Run
from pipeline.tabulate.grid_rows import Cell
from pipeline.tabulate.tokens import is_blank

Witnesses = dict[int, set[int]]
"""In which columns the values of full rows begin, by the printed row's number of cells."""


def line_up(row: FoundRow, width: int, layout: str, witnesses: Witnesses) -> list[Cell] | None:
    """The row's cells, one per column of the form, or None if there is more than one way, or none.

    field.md §0.1 no. 2 and §6.2 nos. 2–4: a row may be broken by an empty line, merged cells leave pads before or
    after the values. Pads are told from blank values only by another row of the same shape that is full.
    """
    if not row.runs:
        return None
    if len(row.runs) == 1 and not row.open_ended and len(row.runs[0].cells) == width:
        return row.runs[0].cells
    cells = [cell for run in row.runs for cell in run.cells]
    filled = _filled(cells)
    if len(filled) == width and filled[-1] - filled[0] == width - 1:
        if layout == "tab_cell" and filled[0] != 0:
            return None
        return cells[filled[0] : filled[-1] + 1]
    if row.open_ended:
        return None
    if layout == "tab_cell":
        return _whole_runs(row.runs, width)
    if len(row.runs) > 1 or len(cells) < width:
        return None
    if not filled:
        return cells[:width]
    columns = witnesses.get(row.runs[0].row_width, set())
    if len(columns) == 1:
        offset = next(iter(columns)) - row.runs[0].at
        if 0 <= offset <= filled[0] and filled[-1] < offset + width <= len(cells):
            return cells[offset : offset + width]
    return None


def find_witnesses(rows: list[FoundRow], width: int) -> Witnesses:
    """In which column the values begin in rows of one printed line that have a value in every column.

    In a sound table it is the same for all rows of a width; where a rowspan was lost some rows are shifted (field.md
    §6.2 no. 4), and then no row with blanks can be lined up.
    """
    seen: Witnesses = {}
    for row in rows:
        if len(row.runs) == 1:
            filled = _filled(row.runs[0].cells)
            if len(filled) == width and filled[-1] - filled[0] == width - 1:
                seen.setdefault(row.runs[0].row_width, set()).add(row.runs[0].at + filled[0])
    return seen


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
