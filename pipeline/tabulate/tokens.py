"""A page with printed cell boundaries as a flat list of tokens: cells, lines without cells, ends of rows.

Belongs here: cutting text into tokens with their places, and the page's skeleton. Does not belong here: what a cell is.

Two layouts (field.md §6.1): `tab_cell` (L1: a line that starts with TAB is a cell, lines without TAB go on with it, an
empty line ends the row) and `tab_row` (L2: a line is a row). Which one a document has is decided by counting.

The skeleton is the list of tokens with every number, placeholder and blank replaced by its class. Where the cells of a
table are is a function of the skeleton alone, and most reports of a year share few skeletons (the form was filled in,
not retyped): so rows are found once per skeleton (tables.py keeps them) and each report only reads its numbers.
"""

import operator
import re
from functools import lru_cache
from itertools import accumulate, compress, count
from typing import NamedTuple

from pipeline.tabulate.labels import MAX_LABEL, read_label
from pipeline.tabulate.pipes import ROW_END, cut_cells, cut_rows, pipe_layout
from pipeline.tabulate.values import BLANK, PLACEHOLDER, read_change, read_count, read_money, tidy

GRID = "grid"
"""The layout of tables whose cells the file itself keeps apart (grid_tokens.py)."""
LINE_END = "\n\n"
"""The token that ends a line between grids (grid_tokens.py); no cell contains it."""

VALUE_CLASS, BLANK_CLASS, PROSE_CLASS, PAGE_CLASS = "\x00value", "\x00blank", "\x00prose", "\x00page"

# A page number on a line of its own (field.md §6.2 no. 8): only forms that no cell can have.
PAGE_FURNITURE = re.compile(
    r"\s*(?:[-–—―─－]\s*\d{1,3}\s*[-–—―─－]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3}\s*页)\s*"
)
# Digits with signs, separators and at most three characters of a unit, but no ordinal (1., 1.其他, (1)).
_DIGITS_AND_UNIT = re.compile(r"[^\u4e00-\u9fff]*\d[^\u4e00-\u9fff]*[\u4e00-\u9fff]{0,3}")
_ORDINAL = re.compile(r"[(（]?\d{1,2}(?:[、)）]|[.．](?!\d))")
_NO_CELL = frozenset({BLANK_CLASS, PROSE_CLASS})
_ROW_ENDS = frozenset({ROW_END, LINE_END})
MAX_CACHED = 50_000
MAX_SILENT = 16_384
LINES_BEFORE = 3
LINES_AFTER = 2


class Tokens(NamedTuple):
    """A page's tokens. `places[i]` is where token i begins in the text; `skeleton` is None if there is no cell."""

    layout: str
    texts: list[str]
    places: list[int]
    skeleton: tuple[str, ...]


def tokenize(flat: str) -> Tokens | None:
    """The part of a text with printed cell boundaries as tokens, or None if there is none (`Document.flat`).

    Lines of `tab_cell` keep their leading TAB, so that a token tells by itself whether it is a cell.
    """
    tabs = flat.count("\t")
    pipes = pipe_layout(flat)
    if pipes is not None and flat.count("|") > tabs:
        return _tokens_of_pipes(flat, pipes)
    if not tabs:
        return None
    begin, end = _region(flat, "\t")
    region = flat[begin:end]
    line_starts = flat.count("\n\t")
    if 2 * line_starts <= tabs:
        layout, (texts, places) = "tab_row", _cells_of_rows(region, begin)
    elif tabs == line_starts + (flat[:1] == "\t"):
        layout, texts = "tab_cell", region.split("\n")
        # Each begins where the texts before it end, with a line break behind every one of them.
        places = list(map(operator.add, accumulate(map(len, texts), initial=begin), count()))
    else:
        layout, (texts, places) = "tab_cell", _cells_of_lines(region.split("\n"), begin)
    return Tokens(layout, texts, places, tuple(map(_classes.__getitem__, texts)))


def _tokens_of_pipes(flat: str, layout: str) -> Tokens:
    begin, end = _region(flat, "|")
    texts, places = cut_rows(flat, begin, end) if layout == "pipe_row" else cut_cells(flat, begin, end)
    return Tokens(layout, texts, places, (layout, *map(_classes.__getitem__, texts)))


def _cells_of_rows(region: str, begin: int) -> tuple[list[str], list[int]]:
    """Cells of `tab_row` lines with a ROW_END after each line, and where each begins."""
    texts = region.replace("\n", "\t\n\t").split("\t")
    texts.append(ROW_END)
    lengths = [len(text) + 1 if text != ROW_END else 0 for text in texts]
    return texts, list(accumulate(lengths, initial=begin))


def _cells_of_lines(lines: list[str], begin: int) -> tuple[list[str], list[int]]:
    """Cells of `tab_cell` lines some of which hold several cells, each with its leading TAB, and where each begins."""
    texts: list[str] = []
    lengths: list[int] = []
    for line in lines:
        first, *others = line.split("\t")
        cells = [f"\t{cell}" for cell in others]
        if first or not cells:
            cells.insert(0, first)
        texts += cells
        lengths += [len(cell) for cell in cells]
        lengths[-1] += 1
    return texts, list(accumulate(lengths, initial=begin))


def _region(text: str, mark: str) -> tuple[int, int]:
    """From a few lines before the first mark (a heading without one may stand there) to the end of the last."""
    begin = text.rfind("\n", 0, text.find(mark)) + 1
    for _ in range(LINES_BEFORE):
        if begin == 0:
            break
        begin = text.rfind("\n", 0, begin - 1) + 1
    end = text.rfind(mark)
    for _ in range(LINES_AFTER + 1):  # the last cell may go on over lines
        end = text.find("\n", end + 1)
        if end < 0:
            return begin, len(text)
        if text[end : end + 2] in ("\n\n", "\n\r"):
            break
    return begin, end


class _Classes(dict[str, str]):
    """Token → its class, worked out once per token; a hit is one look-up at C speed."""

    def __missing__(self, token: str) -> str:
        if len(token) > MAX_LABEL:
            return token if token[:1] == "\t" else PROSE_CLASS
        if len(self) > MAX_CACHED:  # hostile input must not fill the memory
            self.clear()
        found = self[token] = _classify(token)
        return found


def _classify(token: str) -> str:
    """The class of a token for the skeleton; words stay themselves."""
    if token == ROW_END:
        return ROW_END
    lead = "\t" if token[:1] == "\t" else ""
    text = token[len(lead) :]
    if is_blank(text):
        return lead + (BLANK_CLASS if not text or lead else text)
    if not lead and PAGE_FURNITURE.fullmatch(text):
        return PAGE_CLASS
    if "\t" not in text and looks_like_value(text) and not read_label(text).roles:
        return lead + VALUE_CLASS
    return token


_classes = _Classes()


def classes_of(texts: list[str]) -> tuple[str, ...]:
    """The class of each token: what a skeleton is made of."""
    return tuple(map(_classes.__getitem__, texts))


def without_prose(tokens: Tokens) -> tuple[str, ...]:
    """The skeleton with the words of lines between tables replaced by their class, if no form knows them.

    Such a line ends a table whatever it says (find_rows.py, text_line), so pages that differ in these lines only have the
    same rows. A line right below a cell of `tab_cell` may go on with that cell: its words stay.
    """
    bare = list(tokens.skeleton)
    says_nothing = map(_silent.__getitem__, tokens.skeleton)
    if tokens.layout == "tab_cell":
        for place in compress(count(), says_nothing):
            if (bare[place - 1] if place else BLANK_CLASS) in _NO_CELL and "\t" not in bare[place]:
                bare[place] = PROSE_CLASS
        return tuple(bare)
    # In a grid a row of one cell is a row; in lines of cells it is a line of text.
    end_of_line = LINE_END if tokens.layout == GRID else ROW_END
    first = len(bare) - len(tokens.texts)  # the layout may stand before the tokens
    last = len(bare) - 1
    for place in compress(count(), says_nothing):
        if (
            first <= place < last
            and bare[place + 1] == end_of_line
            and (place == first or bare[place - 1] in _ROW_ENDS)
        ):
            bare[place] = PROSE_CLASS
    return tuple(bare)


class _Silent(dict[str, bool]):
    """Class of a token → whether it is words that no form knows; a hit is one look-up at C speed."""

    def __missing__(self, words: str) -> bool:
        found = words[:1] != "\x00" and not words.isspace() and not read_label(words).roles
        if len(words) <= MAX_LABEL:
            if len(self) >= MAX_SILENT:  # hostile input must not fill the memory
                self.clear()
            self[words] = found
        return found


_silent = _Silent()


@lru_cache(maxsize=16_384)
def is_blank(text: str) -> bool:
    """Whether a cell is there and empty; invisible characters do not count."""
    return not text or read_count(text) is BLANK


@lru_cache(maxsize=16_384)
def looks_like_value(text: str) -> bool:
    """Whether a cell's text is a number or a placeholder, or is meant to be one; of a cell of several lines, each."""
    if "\n" in text:
        return all(looks_like_value(line) for line in text.split("\n") if not is_blank(line))
    if read_count(text).state == "reported" or read_count(text) is PLACEHOLDER:
        return True
    if read_change(text).state == "reported" or read_money(text, "元").state == "reported":
        return True
    tidied = tidy(text)
    return bool(_DIGITS_AND_UNIT.fullmatch(tidied)) and not _ORDINAL.match(tidied)
