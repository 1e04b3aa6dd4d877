"""Pages whose cells are kept apart by `|`, cut into cells and ends of rows.

Belongs here: rows of cells on a line (L3 and Markdown), cells on lines of their own (L4; field.md §6.1, corpus/
layouts.csv). Does not belong here: TABs and skeletons (tokens.py), what a cell means.
"""

import re

from pipeline.tabulate.labels import read_label
from pipeline.tabulate.values import read_count

PIPE = "|"
_PIPE_LINE = "\n|\n"
_RULE_LINE = re.compile(r"[\s|:\-]*-[\s|:\-]*")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]+[）)]|附件|附表|注|备注)|(?:情况|事项|统计表|年度[）)]|措施)$|[。；]"
)
PAGE_LINE = re.compile(
    r"[-–—―─]{1,2}\s*\d{1,3}\s*[-–—―─]{1,2}|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3}\s*页"
    r"|[（(]?(?:续\s*(?:上\s*)?[表页]|接\s*上\s*[表页])[）)]?"
)
"""Page numbers and remarks that a table goes on, on lines of their own (field.md §6.2 no. 8)."""
# A number that a row's end closes, without a pipe of its own.
_CLOSED_BY_END = re.compile(r"\d[^\S\n]*\n[^\S\n]*\|{2,}")
MIN_PIPES = 20
MIN_ROWS, CELLS_TO_A_ROW = 5, 8
"""A page of rows has at least so many, and at most so many lines of one cell to each."""

ROW_END = "\n"
"""The token that ends a row; no cell contains it."""
MAX_LINE = 60
"""Shorter lines are cells of their own, which stand in many reports."""
MAX_LINES = 20_000

Cut = tuple[list[str], list[int]]
"""Cells and ROW_END tokens, and where each begins; the end of a row is where its last cell is."""


def pipe_layout(flat: str) -> str | None:
    """`pipe_row` or `pipe_cell`, whichever more lines with a pipe look like; None if there are few pipes."""
    if flat.count(PIPE) < MIN_PIPES:
        return None
    lines = flat.split("\n")
    rows = cells = 0
    for line in lines:
        if PIPE not in line:
            continue
        if line.find(PIPE, 1, -1) < 0 or line.strip().strip(PIPE + " ").find(PIPE) < 0:
            cells += 1
            continue
        rows += 1
        if rows >= MIN_ROWS and rows * CELLS_TO_A_ROW >= len(lines):
            return "pipe_row"  # whatever the other lines are
    return "pipe_row" if rows >= MIN_ROWS and rows * CELLS_TO_A_ROW >= cells else "pipe_cell"


def cut_rows(flat: str, begin: int, end: int) -> Cut:
    """L3: a line is a row; a pipe at its begin (Markdown) or end is its frame."""
    texts: list[str] = []
    places: list[int] = []
    start = begin
    for line in flat[begin:end].split("\n"):
        if PIPE not in line:
            if line and not line.isspace():
                texts += line, ROW_END
                places += start, start
        elif "-" not in line or not _RULE_LINE.fullmatch(line):
            cells = line.split(PIPE)
            place = start
            if not cells[0] or cells[0].isspace():
                place += len(cells[0]) + 1
                del cells[0]
            if len(cells) > 1 and (not cells[-1] or cells[-1].isspace()):
                del cells[-1]
            for cell in cells:
                places.append(place)
                place += len(cell) + 1
            places.append(places[-1])
            cells.append(ROW_END)
            texts += cells
        start += len(line) + 1
    return texts, places


def cut_cells(flat: str, begin: int, end: int) -> Cut:
    """L4: a pipe ends a cell; two or more on one line, or two texts without a pipe between, end a row."""
    cutter = _CellCutter(flat)
    texts, places = cutter.texts, cutter.places
    start = begin
    *parts, rest = flat[begin:end].split(_PIPE_LINE)
    for part in parts:  # no cell is open here: a pipe was before
        words, pipes = _kinds[part] if len(part) <= MAX_LINE else _MIXED
        if words and not pipes:
            texts.append(words)
            places.append(start)
            start += len(part) + len(_PIPE_LINE)
        else:
            start = cutter.lines(part, start)
            cutter.pipes_alone(1, start)
            start += len(_PIPE_LINE) - 1
    cutter.lines(rest, start)
    cutter.end_row()
    return texts, places


_MIXED = ("", -1)
"""Of a line that is more than words and a pipe behind them, or too long to be looked up."""


class _Kinds(dict[str, tuple[str, int]]):
    """Line → its words without the blanks after them, and the pipes behind them.

    Most lines of most pages are words of the forms or small numbers.
    """

    def __missing__(self, line: str) -> tuple[str, int]:
        if len(self) >= MAX_LINES:  # hostile input must not fill the memory
            self.clear()
        found = self[line] = _kind_of(line)
        return found


_kinds = _Kinds()


def _kind_of(line: str) -> tuple[str, int]:
    bare = line.strip()
    if "\n" in line:
        return _MIXED
    if not bare or PAGE_LINE.fullmatch(bare):
        return "", 0
    pipes = bare.count(PIPE)
    if pipes == len(bare.replace(" ", "")):
        return "", pipes
    words = line.rstrip() if not pipes else line.partition(PIPE)[0].rstrip()
    closed = pipes == 1 and bare[-1] == PIPE
    return (words, pipes) if words and (not pipes or closed) else _MIXED


class _CellCutter:
    """Keeps the cell that is open: its text has begun and no pipe has ended it."""

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.texts: list[str] = []
        self.places: list[int] = []
        self.open: tuple[int, int] | None = None
        self.ends_close = bool(_CLOSED_BY_END.search(flat))

    def lines(self, lines: str, start: int) -> int:
        """Takes some lines that begin at a place; returns the place behind them."""
        for line in lines.split("\n"):
            words, pipes = _kinds[line] if len(line) <= MAX_LINE else _MIXED
            if words and pipes and self.open is None:
                self.texts.append(words)
                self.places.append(start)
            elif words:
                if self.open is None:
                    self.open = start, start + len(words)
                else:
                    self.text(start, start + len(words))
                if pipes:
                    self.close()
            elif pipes > 0:
                self.pipes_alone(pipes, start + line.index(PIPE))
            elif pipes < 0:
                self.line(line, start)
            start += len(line) + 1
        return start

    def line(self, line: str, start: int) -> None:
        """A line of several cells, or one too long to be known."""
        bare = line.strip()
        if not bare:
            return
        pipes = bare.count(PIPE)
        if pipes == len(bare.replace(" ", "")):
            self.pipes_alone(pipes, start + line.index(PIPE))
            return
        if not pipes and PAGE_LINE.fullmatch(bare):
            return
        place = start
        for number, part in enumerate(line.split(PIPE)):
            if part and not part.isspace():
                self.text(place, place + len(part.rstrip()))
            elif number and number < pipes:
                self.add(part, place)
            if number < pipes and self.open is not None:
                self.close()
            place += len(part) + 1

    def pipes_alone(self, pipes: int, place: int) -> None:
        """One pipe ends the open cell, or is a blank cell; more end the row too."""
        if self.open is not None:
            self.close()
        elif pipes == 1 or (self.ends_close and self.texts and self.texts[-1] != ROW_END):
            self.add("", place)  # where a row's end closes its last cell, behind a pipe it closes a blank one
        if pipes > 1:
            self.end_row()

    def text(self, start: int, end: int) -> None:
        if self.open is not None:
            first, last = self.open
            joined = self.flat[first:end]
            alone = self.flat[first:last]
            words = not read_label(alone).roles and read_count(alone).state == "unreadable"
            known = read_label(self.flat[start:end]).roles and not read_label(joined).roles
            if words and not known and (read_label(joined).roles or not _HEADING.search(alone.strip())):
                self.open = (first, end)  # a label over two lines
                return
            if words:
                # Words that no pipe ends and no form knows: a heading between two tables, no cell of the row before.
                self.open = None
                self.end_row()
                self.open = first, last
            self.end_row()
        self.open = (start, end)

    def close(self) -> None:
        if self.open is not None:
            first, last = self.open
            self.add(self.flat[first:last], first)
            self.open = None

    def add(self, text: str, place: int) -> None:
        self.texts.append(text)
        self.places.append(place)

    def end_row(self) -> None:
        self.close()
        if self.texts and self.texts[-1] != ROW_END:
            self.add(ROW_END, self.places[-1])
