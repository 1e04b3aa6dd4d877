"""Puts a Document together from paragraphs and grids: the one way for every format that is no plain text.

Belongs here: where each paragraph and each cell stands in the text, and the limit on cells. Does not belong here: any
format, what words mean.

A paragraph is a line; a grid is a line for each row, its positions apart by TAB. A cell stands at the position where it
begins, the positions that it covers besides are empty. So the text of a table is that of the layout `tab_row`
(docs/layouts.md), and the grid says which of the empty positions are cells.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.read.document import CELL_BREAK, Document, Grid, GridCell
from pipeline.read.refusal import over_limit
from pipeline.settings import Limits

_LINE_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f]+")
_BLANKS = " \u00a0"
MAX_ROWSPAN = 65_534
MAX_COLSPAN = 1_000
"""What HTML allows; wider cells are errors of the page."""


MIN_LONG_CELL = 300
MIN_LONG_LINES = 3
"""A cell with as many characters in as many lines is a page's text in a frame, no cell of a form."""


class Drawn(NamedTuple):
    """A cell as a reader found it: its words (line breaks as line feeds), how many rows and columns it spans.

    `source`: what the reader made it from, if it may have to be taken apart.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None
    source: Any = None


class Placed(NamedTuple):
    """A drawn cell and the column it begins in."""

    column: int
    cell: Drawn


class Composer:
    """Collects a document piece by piece, in reading order."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pieces: list[str] = []
        self._length = 0
        self._positions = 0
        self._grids: list[Grid] = []

    @property
    def is_empty(self) -> bool:
        """Whether there are no words yet."""
        return not any(piece.strip() for piece in self._pieces)

    def paragraph(self, words: str) -> None:
        """A paragraph; its line breaks stay, blank lines go."""
        for line in _LINE_BREAKS.split(_NO_TEXT.sub("", words)):
            line = line.rstrip()
            if line:
                self._add(f"{line}\n")

    def table(
        self, rows: Sequence[Sequence[Placed]], has_table: Callable[[Any], bool], unfold: Callable[[Any], None]
    ) -> None:
        """A table as a grid, but for rows that lay out a page: their cells are unfolded into paragraphs and tables.

        Such a row has a cell that holds a table of its own, or text as long as an article.
        """
        grid: list[Sequence[Placed]] = []
        for row in rows:
            if any(_is_long(placed.cell.text) or has_table(placed.cell.source) for placed in row):
                self._grid_with_words(grid)
                grid = []
                for placed in row:
                    unfold(placed.cell.source)
            else:
                grid.append(row)
        self._grid_with_words(grid)

    def _grid_with_words(self, rows: Sequence[Sequence[Placed]]) -> None:
        if any(placed.cell.text.strip() for row in rows for placed in row):
            self.grid(rows)

    def grid(self, rows: Sequence[Sequence[Placed]]) -> None:
        """A table: for each row the cells that begin in it. One of a single column is a list of paragraphs."""
        width = max((placed.column + placed.cell.colspan for row in rows for placed in row), default=0)
        if width < 2:
            for row in rows:
                for placed in row:
                    self.paragraph(placed.cell.text)
            return
        self._positions += width * len(rows)
        if self._positions > self._limits.max_cells:
            raise over_limit("more cells", "GONGKAI_MAX_CELLS", self._limits.max_cells, self._positions)
        start = self._length
        lines = tuple(self._row(number, row, width) for number, row in enumerate(rows))
        self._grids.append(Grid(len(self._grids) + 1, start, self._length, lines))

    def _row(self, number: int, row: Sequence[Placed], width: int) -> tuple[GridCell, ...]:
        cells = []
        column = 0
        for placed in row:
            self._add("\t" * (placed.column - column))
            column = placed.column
            cell = placed.cell
            words = _LINE_BREAKS.sub(CELL_BREAK, _NO_TEXT.sub("", cell.text.strip(_BLANKS + "\n\r\t")))
            begin = self._length
            self._add(words.replace("\t", " "))
            cells.append(GridCell(begin, self._length, number, column, cell.rowspan, cell.colspan, cell.page))
        self._add("\t" * (width - 1 - column) + "\n")
        return tuple(cells)

    def _add(self, words: str) -> None:
        if words:
            self._pieces.append(words)
            self._length += len(words)

    def document(self, media_type: str, encoding: str | None, evidence: Mapping[str, str]) -> Document:
        """The finished document."""
        text = "".join(self._pieces)
        return Document(text, text.replace(CELL_BREAK, " "), media_type, encoding, tuple(self._grids), dict(evidence))


def _is_long(words: str) -> bool:
    return len(words) >= MIN_LONG_CELL and words.count("\n") >= MIN_LONG_LINES


def place_cells(rows: Sequence[Sequence[Drawn]], limits: Limits) -> list[list[Placed]]:
    """The columns in which the cells of each row begin, given what cells above and to the left span.

    Raises UnreadableError if the positions are more than the limit.
    """
    placed: list[list[Placed]] = []
    below: dict[int, int] = {}  # column → rows that a cell above still covers
    positions = 0
    for cells in rows:
        line = []
        column = 0
        taken = below
        below = {place: count - 1 for place, count in taken.items() if count > 1}
        for cell in cells:
            while taken.get(column, 0):
                column += 1
            line.append(Placed(column, cell))
            if cell.rowspan > 1:
                below.update(dict.fromkeys(range(column, column + cell.colspan), cell.rowspan - 1))
            column += cell.colspan
        positions += max(column, len(taken))
        if positions > limits.max_cells:
            raise over_limit("more cells", "GONGKAI_MAX_CELLS", limits.max_cells, positions)
        placed.append(line)
    return placed
