"""Layouts that keep the boundaries of cells: TABs, pipes, Markdown.

Here belongs the rendering of grids whose blank cells stay visible. Layouts in which they vanish are in
`layouts_flat` and `layouts_pdf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.generator.model import Fragment, Row, Slot, Table
from benchmarks.generator.style import Style


def text_of(slot: Slot) -> str:
    """What is printed in a slot."""
    return slot.cell.text if slot.cell is not None else slot.text


def render_tab_cell(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """One cell a line after a TAB, a blank line after each row; the rest of a merged cell is a lone TAB."""
    out: list[Fragment] = []
    for table in tables:
        for row in table.rows:
            for slot in row.slots:
                kind = "value" if slot.is_value else "label"
                out.append(Fragment("\t" + ("" if slot.continues is not None else text_of(slot)), row, kind))
                if row.has_false_end and (slot.is_value or row.is_header) and rng.random() < 0.25:
                    out.append(Fragment("", row, "gap"))
            out.append(Fragment("", row, "end"))
    out.extend(Fragment("", None, "gap") for _ in range(rng.choice((1, 1, 2))))
    return out


def _grid_cells(row: Row, merged: str, pads: bool) -> list[str]:
    """The cells of a row with merged ones spread over the places they cover."""
    cells: list[str] = []
    for slot in row.slots:
        if slot.continues is None:
            cells.append(text_of(slot))
            filler = text_of(slot) if merged == "repeat" and not slot.is_value else ""
        elif merged == "missing":
            continue
        else:
            filler = text_of(slot.continues) if merged == "repeat" else ""
            cells.append(filler)
        if pads:
            cells.extend([filler] * (slot.columns - 1))
    return cells


def _shifted_cells(row: Row) -> list[str]:
    """A row that lost the merged cells before its label: everything moves left, empty cells fill the end."""
    return [row.labels[-1].text, "", *(text_of(slot) for slot in row.values), ""]


def render_tab_row(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """One row a line, cells joined by TABs, every merged cell padded."""
    out: list[Fragment] = []
    for table in tables:
        top_is_narrow = style.splits_applications and table.table_key == "applications"
        for number, row in enumerate(table.rows):
            if top_is_narrow and not row.is_header and len(row.labels) > 1:
                out.append(Fragment("", None, "gap"))
                top_is_narrow = False
            if row.is_shifted:
                cells = _shifted_cells(row)
            elif top_is_narrow:
                cells = _narrow_cells(row)
                if number < 2:
                    # 总计 stands in the first header row here, above its column.
                    cells[-1] = text_of(table.rows[1].slots[-1]) if number == 0 else ""
            else:
                cells = _grid_cells(row, "empty", True)
            out.extend(_tab_lines(cells, row, rng))
    out.append(Fragment("", None, "gap"))
    return out


def _narrow_cells(row: Row) -> list[str]:
    """A row of the upper part of a split applications table: its label takes one column only."""
    cells: list[str] = []
    for position, slot in enumerate(row.slots):
        cells.append("" if slot.continues is not None else text_of(slot))
        if position > 0:
            cells.extend([""] * (slot.columns - 1))
    return cells


def _tab_lines(cells: list[str], row: Row, rng: Random) -> list[Fragment]:
    if row.has_false_end and len(cells) > 4:
        cut = rng.randint(2, len(cells) - 2)
        return [Fragment("\t".join(cells[:cut]), row, "line"), Fragment("\t" + "\t".join(cells[cut:]), row, "line")]
    return [Fragment("\t".join(cells), row, "line")]


def render_pipe_row(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """One row a line, a pipe after each cell; merged cells padded, repeated or missing."""
    out: list[Fragment] = []
    for table in tables:
        for row in table.rows:
            cells = _shifted_cells(row) if row.is_shifted else _grid_cells(row, style.merged, style.pads)
            out.append(Fragment(_piped(cells), row, "line"))
    out.append(Fragment("", None, "gap"))
    return out


def _piped(cells: Sequence[str]) -> str:
    line = ""
    for cell in cells:
        line += (f" {cell} |" if line else f"{cell} |") if cell else "|"
    return line


def render_pipe_cell(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """One cell a line, fenced by pipes on lines of their own or at the end of the line."""
    out: list[Fragment] = []
    for table in tables:
        for row in table.rows:
            slots = [slot for slot in row.slots if slot.continues is None or style.merged != "missing"]
            for position, slot in enumerate(slots):
                text = "" if slot.continues is not None else text_of(slot)
                kind = "value" if slot.is_value else "label"
                if style.pipes == "suffix":
                    out.append(Fragment(f"{text} |" if text else "|", row, kind))
                    continue
                if text:
                    out.append(Fragment(text, row, kind))
                if style.pipes == "after_each" or position < len(slots) - 1:
                    out.append(Fragment("|", row, "fence"))
            if style.pipes != "after_each":
                out.append(Fragment("||||" if style.pipes == "between" else "||", row, "end"))
    out.append(Fragment("", None, "gap"))
    return out


def render_markdown(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """A Markdown table for each table: a rule after the first row, pipes on both sides."""
    out: list[Fragment] = []
    merged = "empty" if style.merged == "missing" else style.merged
    for table in tables:
        for number, row in enumerate(table.rows):
            cells = _shifted_cells(row) if row.is_shifted else _grid_cells(row, merged, True)
            line = "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
            out.append(Fragment(line, row, "line"))
            if number == 0:
                out.append(Fragment("|" + " --- |" * table.width, None, "rule"))
        out.append(Fragment("", None, "gap"))
    return out
