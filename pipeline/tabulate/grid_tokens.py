"""The grids of a document (HTML, DOCX, PDF) as tokens, so that they are read like any page with printed boundaries.

Belongs here: cells of grids and the lines between them as tokens, the text without its grids. Does not belong here: text
in which boundaries have to be found (tokens.py), what a cell is.

Only cells that begin in a row are tokens: what a merged cell covers is no cell, so that a blank token is a blank cell.
"""

from pipeline.read.document import Document
from pipeline.tabulate.tokens import LINES_AFTER, LINES_BEFORE, ROW_END, Tokens, classes_of

GRID = "grid"
"""The layout of tables whose cells the file itself keeps apart."""
LINE_END = "\n\n"
"""The token that ends a line between grids; no cell contains it."""


def tokens_of_grids(document: Document) -> Tokens:
    """The cells of all grids, row by row, and the lines between them; of a document with grids."""
    texts: list[str] = []
    places: list[int] = []
    text = document.text
    begin = _lines_before(text, document.grids[0].start)
    for grid in document.grids:
        _add_lines(texts, places, text, begin, grid.start)
        for row in grid.rows:
            for cell in row:
                texts.append(text[cell.start : cell.end])
                places.append(cell.start)
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
