"""Tokens as rows of cells.

Belongs here: joining lines to cells and cells to rows. Does not belong here: what a cell means (find_rows.py).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.tabulate.labels import MAX_LABEL
from pipeline.tabulate.pipes import ROW_END
from pipeline.tabulate.tokens import GRID, LINE_END, PAGE_FURNITURE, Tokens

# A heading right behind a table is no part of its last cell.
_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}\s*、)\s*[\u4e00-\u9fff]{4}"
)


class Cell(NamedTuple):
    """A cell: its text, and the tokens it begins and ends with (both inclusive)."""

    text: str
    first: int
    last: int


class Row(NamedTuple):
    """Cells of one printed row (`is_grid`), or one line of text between tables."""

    cells: list[Cell]
    is_grid: bool


def grid_rows(tokens: Tokens) -> Iterator[Row]:
    """The rows of a page in order."""
    if tokens.layout == GRID:
        return _rows_of_grids(tokens)
    return _rows_of_cell_lines(tokens) if tokens.layout == "tab_cell" else _rows_of_row_lines(tokens)


def _rows_of_cell_lines(tokens: Tokens) -> Iterator[Row]:
    """`tab_cell`: an empty line ends a row, a line without TAB goes on with the cell above."""
    cells: list[Cell] = []
    for index, token in enumerate(tokens.texts):
        if token[:1] == "\t":
            cells += [Cell(part, index, index) for part in token[1:].split("\t")]
            continue
        bare = token.rstrip("\r")
        if bare and cells and PAGE_FURNITURE.fullmatch(bare):
            continue
        goes_on = bare and cells and len(token) <= MAX_LABEL and "\t" not in bare and not _HEADING.match(bare)
        if goes_on:
            # A number that goes on over lines is seen as such and refused (values.py): a page number looks the same.
            cells[-1] = Cell(f"{cells[-1].text}\n{bare}", cells[-1].first, index)
            continue
        if cells:
            yield Row(cells, True)
            cells = []
        if "\t" in bare:
            cells = [Cell(part, index, index) for part in bare.split("\t")]
        elif bare and not bare.isspace():
            yield Row([Cell(bare, index, index)], False)
    if cells:
        yield Row(cells, True)


def _rows_of_grids(tokens: Tokens) -> Iterator[Row]:
    """`grid`: a row of a grid ends with ROW_END whatever it holds, a line between grids with LINE_END."""
    cells: list[Cell] = []
    for index, token in enumerate(tokens.texts):
        if token in (ROW_END, LINE_END):
            if cells:
                yield Row(cells, token == ROW_END)
            cells = []
        else:
            cells.append(Cell(token, index, index))


def _rows_of_row_lines(tokens: Tokens) -> Iterator[Row]:
    """`tab_row`: cells up to the end of the line; a line of one cell has no TAB and is text."""
    cells: list[Cell] = []
    for index, token in enumerate(tokens.texts):
        if token is not ROW_END and token != ROW_END:
            cells.append(Cell(token, index, index))
            continue
        if len(cells) > 1:
            yield Row(cells, True)
        elif cells and cells[0].text and not cells[0].text.isspace():
            yield Row(cells, False)
        cells = []
