"""The reading of one table from the cells of its rows in running text.

Belongs here: keys, labels and spans of all cells, and how the table looks. Does not belong here: what a cell is.
"""

from functools import cache

from pipeline.tabulate.flat.cells import FlatCell
from pipeline.tabulate.flat.damage import DISORDERED
from pipeline.tabulate.flat.gaps import Gap
from pipeline.tabulate.flat.rows import FlatRow
from pipeline.tabulate.readings import TableReading
from schemas import forms
from schemas.forms import Form

APART = Gap((), "", 0, False)
"""The gap of a row whose numbers stand apart from its label."""


def make_reading(
    form: Form, parts: list[tuple[FlatRow | None, list[FlatCell]]], rows: list[FlatRow], text: str
) -> TableReading:
    """The reading of a table: `parts` are the rows of its form with their cells, then local rows; `rows` all rows found."""
    keys = _keys(form.template, form.table_key, form.sub_table)
    cells = [cell for _, row in parts for cell in row]
    labels = [" ".join(found.words.split()) if found else None for found, row in parts for _ in row]
    ends = [row.end for row in rows] + [cell.end for cell in cells if cell.end is not None]
    local = [found.key for found, _ in parts if found is not None and found.key.startswith("x_")]
    first = form.rows[0]
    return TableReading(
        form.template,
        form.table_key,
        form.sub_table,
        _layout(cells, rows, text),
        min(row.start for row in rows),
        max(ends),
        [*keys.rows, *(key for key in local for _ in first.column_keys)],
        [*keys.columns, *(first.column_keys * len(local))],
        [*keys.units, *(first.units * len(local))],
        [cell.state for cell in cells],
        [cell.value for cell in cells],
        [text[cell.start : cell.end].strip() if cell.start is not None else None for cell in cells],
        [cell.start for cell in cells],
        [cell.end for cell in cells],
        labels,
        [None] * len(cells),
        [cell.method for cell in cells],
    )


@cache
def _keys(template: str, table_key: str, sub_table: str | None) -> forms.CellKeys:
    """The keys of a form's cells, by its name: a form is long, and looking it up as a key takes all of its labels."""
    return forms.cell_keys(forms.form(template, table_key, sub_table))


def _layout(cells: list[FlatCell], rows: list[FlatRow], text: str) -> str:
    """How the table looks: by how its numbers are kept apart."""
    if any(row.gap is APART for row in rows):
        return DISORDERED
    if any(cell.method == "resolved" for cell in cells):
        return "glued"
    gaps: list[Gap] = [row.gap for row in rows if len(row.gap.chunks) > 1]
    if not gaps:
        return "one_line" if len(rows) > 1 and rows[0].start - rows[-1].end > -40 else "line_cell"
    if sum("\n" in text[gap.chunks[0].start : gap.chunks[-1].start] for gap in gaps) * 2 > len(gaps):
        return "line_cell"
    spread = [gap.chunks[1].start - gap.chunks[0].end for gap in gaps]
    return "space_aligned" if max(spread) > 1 else "one_line"
