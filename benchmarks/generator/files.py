"""Reports as files: web pages, Word documents, PDFs of the same drafts that are printed as text.

Here belong the formats by name and what they share: tables as grids of merged cells. How a format is written is in
`files_html`, `files_docx` and `files_pdf`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.generator.draft import Draft
from benchmarks.generator.layouts_bounded import text_of
from benchmarks.generator.model import Table
from benchmarks.generator.noise import NOISES, SECTIONS, NoiseChoice

BASE_LAYOUT = "tab_cell"
"""The layout for which reports are drafted that become files: it keeps every cell."""
CANNOT_SHOW = {
    "pdf": ("invisible_characters", "word_artefacts", "split_numbers"),
}
"""Noises that a format cannot print: a font has no picture for characters of no width, and a number broken over two
lines of a narrow cell looks like one that was broken by the cell."""


@dataclass(slots=True)
class GridCell:
    """A cell where it begins: its words, its place, how many rows and columns it spans."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    is_value: bool = False


@dataclass(slots=True)
class FileGrid:
    """A table as a format draws it: the cells of each row where they begin."""

    rows: list[list[GridCell]] = field(default_factory=list)
    width: int = 0


def grid_of(tables: Sequence[Table]) -> FileGrid:
    """Tables below each other in one grid, as section two has its sub-tables."""
    grid = FileGrid(width=max(table.width for table in tables))
    for table in tables:
        begun: dict[int, GridCell] = {}
        for row in table.rows:
            cells = []
            column = 0
            for place, slot in enumerate(row.slots):
                above = begun.get(id(slot.continues)) if slot.continues is not None else None
                columns = slot.columns
                if place == len(row.slots) - 1:
                    columns = max(columns, grid.width - column)
                if above is not None and above.colspan == columns:
                    above.rowspan += 1
                else:
                    words = text_of(slot) if slot.continues is None else ""
                    cell = GridCell(words, len(grid.rows), column, 1, columns, slot.is_value)
                    cells.append(cell)
                    begun[id(slot.continues or slot)] = cell
                column += columns
            grid.rows.append(cells)
    return grid


def noise_for(file_format: str | None, choice: NoiseChoice) -> NoiseChoice:
    """Of the chosen noises those that a file can show; figures, cells and labels, not lines of text."""
    if file_format is None:
        return choice
    hidden = CANNOT_SHOW.get(file_format, ())
    names = tuple(name for name in choice.names if NOISES[name].stage == SECTIONS and name not in hidden)
    return NoiseChoice(names, choice.is_certain)


def _html(draft: Draft, rng: Random) -> bytes:
    from benchmarks.generator.files_html import write_html

    return write_html(draft, rng)


def _docx(draft: Draft, rng: Random) -> bytes:
    from benchmarks.generator.files_docx import write_docx

    return write_docx(draft, rng)


def _pdf(draft: Draft, rng: Random) -> bytes:
    from benchmarks.generator.files_pdf import write_pdf

    return write_pdf(draft, rng)


FORMATS: dict[str, Callable[[Draft, Random], bytes]] = {"html": _html, "docx": _docx, "pdf": _pdf}
