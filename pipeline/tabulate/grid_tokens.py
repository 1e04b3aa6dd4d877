"""The grids of a document (HTML, DOCX, PDF) as tokens, so that they are read like any page with printed boundaries.

Belongs here: cells of grids and the lines between them as tokens, the text without its grids. Does not belong here: text
in which boundaries have to be found (tokens.py), what a cell is.

Only cells that begin in a row are tokens: what a merged cell covers is no cell, so that a blank token is a blank cell.
"""

from collections.abc import Iterator

from pipeline.read.document import CELL_BREAK, Document, Grid
from pipeline.tabulate.labels import read_label
from pipeline.tabulate.pipes import ROW_END
from pipeline.tabulate.tokens import (
    GRID,
    LINE_END,
    LINES_AFTER,
    LINES_BEFORE,
    Tokens,
    classes_of,
    looks_like_value,
)

Printed = tuple[str, int]
"""A cell's words and where they begin in the text."""
MIN_REST = 3
MAX_LABEL_CELLS = 3
"""A row has at most three label cells in any form."""


def tokens_of_grids(document: Document) -> Tokens:
    """The cells of all grids, row by row, and the lines between them; of a document with grids."""
    texts: list[str] = []
    places: list[int] = []
    text = document.text
    begin = _lines_before(text, document.grids[0].start)
    for grid in document.grids:
        _add_lines(texts, places, text, begin, grid.start)
        for row in _whole_rows(text, grid):
            for words, place in row:
                texts.append(words)
                places.append(place)
            texts.append(ROW_END)
            places.append(places[-1] if places else grid.start)
        begin = grid.end
    _add_lines(texts, places, text, begin, _lines_after(text, begin))
    return Tokens(GRID, texts, places, (GRID, *classes_of(texts)))


def outside_grids(document: Document) -> str:
    """The text with every character of a grid but its line breaks as a blank, so that places stay what they are."""
    pieces = []
    begin = 0
    flat = document.flat
    for grid in document.grids:
        pieces.append(flat[begin : grid.start])
        pieces += [" " * len(line) + "\n" for line in flat[grid.start : grid.end - 1].split("\n")]
        begin = grid.end
    pieces.append(flat[begin:])
    return "".join(pieces)


def _whole_rows(text: str, grid: Grid) -> Iterator[list[Printed]]:
    """The cells of each row as (words, place); a row that a page break cut in two is one row again."""
    page = None
    waiting: list[Printed] = []
    for row in grid.rows:
        cells = [(text[cell.start : cell.end], cell.start) for cell in row]
        if not row:
            continue
        breaks = bool(waiting) and page != row[0].page
        if breaks and _is_rest(waiting, cells):
            waiting = _joined(waiting, cells)
        else:
            if waiting:
                yield waiting
            waiting = _without_rest(cells) if breaks else cells
        page = row[0].page
    if waiting:
        yield waiting


def _is_rest(above: list[Printed], cells: list[Printed]) -> bool:
    """Whether the first row of a page goes on with the last one of the page before: it has no label of its own.

    The words of a label go on there, or its values stand there alone; where both parts have values, they are two rows.
    """
    if len(cells) < MIN_REST:
        return False
    words = [(place, cell) for place, (cell, _) in enumerate(cells) if cell.strip() and not looks_like_value(cell)]
    if any(read_label(cell).roles for _, cell in words):
        return False
    label = next((cell for cell, _ in reversed(above) if cell.strip() and not looks_like_value(cell)), "")
    if not label or _column_heads(above) or (_has_values(above) and _has_values(cells)):
        return False
    if not words:
        return any(cell.strip() for cell, _ in cells)
    return len(words) <= MAX_LABEL_CELLS


def _without_rest(cells: list[Printed]) -> list[Printed]:
    """The first row of a page whose first cell may be the rest of one merged over rows: words of no label go."""
    known = [bool(read_label(cell).roles) for cell, _ in cells]
    if True not in known[1:MAX_LABEL_CELLS] or known[0]:
        return cells
    return [("", cells[0][1]), *cells[1:]]


def _has_values(cells: list[Printed]) -> bool:
    return any(cell.strip() and looks_like_value(cell) for cell, _ in cells)


def _column_heads(cells: list[Printed]) -> bool:
    """Whether a row is a header: more words than values."""
    words = [cell for cell, _ in cells if cell.strip() and not looks_like_value(cell)]
    return len(words) > MAX_LABEL_CELLS


def _joined(above: list[Printed], rest: list[Printed]) -> list[Printed]:
    """Two parts of a row as one, aligned at the right; a cell with words in both has both, on two lines."""
    joined = list(above)
    for back in range(1, min(len(above), len(rest)) + 1):
        (words, place), (more, at) = above[-back], rest[-back]
        if more.strip():
            joined[-back] = (f"{words}{CELL_BREAK}{more}", place) if words.strip() else (more, at)
    return joined


def _add_lines(texts: list[str], places: list[int], text: str, begin: int, end: int) -> None:
    while begin < end:
        stop = text.find("\n", begin, end)
        stop = end if stop < 0 else stop
        if text[begin:stop].strip():
            texts += [text[begin:stop], LINE_END]
            places += [begin, begin]
        begin = stop + 1


def _lines_before(text: str, place: int) -> int:
    for _ in range(LINES_BEFORE + 1):
        if place <= 0:
            return 0
        place = text.rfind("\n", 0, place - 1) + 1
    return place


def _lines_after(text: str, place: int) -> int:
    for _ in range(LINES_AFTER):
        stop = text.find("\n", place)
        if stop < 0:
            return len(text)
        place = stop + 1
    return place
