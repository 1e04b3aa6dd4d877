"""Pages whose cells are kept apart by `|`, cut into cells and ends of rows.

Belongs here: rows of cells on a line (L3 and Markdown), cells on lines of their own (L4; field.md §6.1, corpus/
layouts.csv). Does not belong here: TABs and skeletons (tokens.py), what a cell means.
"""

import re

from pipeline.tabulate.labels import read_label
from pipeline.tabulate.values import read_count

PIPE = "|"
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

Cut = list[tuple[str, int]]
"""Cells with their places; an empty text at place -1 ends a row."""

ROW_ENDS = ("", -1)


def pipe_layout(flat: str) -> str | None:
    """`pipe_row` or `pipe_cell`, whichever more lines with a pipe look like; None if there are few pipes."""
    if flat.count(PIPE) < MIN_PIPES:
        return None
    rows = cells = 0
    for line in flat.split("\n"):
        if PIPE in line:
            bare = line.strip()
            if bare.strip(PIPE + " ").find(PIPE) < 0:
                cells += 1
            else:
                rows += 1
    return "pipe_row" if rows >= 5 and rows * 8 >= cells else "pipe_cell"


def cut_rows(flat: str, begin: int, end: int) -> Cut:
    """L3: a line is a row; a pipe at its begin (Markdown) or end is its frame."""
    cut: Cut = []
    start = begin
    for line in flat[begin:end].split("\n"):
        if PIPE in line and not _RULE_LINE.fullmatch(line):
            place = start
            cells = line.split(PIPE)
            if not cells[0].strip() and line.lstrip()[:1] == PIPE:
                place += len(cells[0]) + 1
                cells = cells[1:]
            if len(cells) > 1 and not cells[-1].strip():
                cells = cells[:-1]
            for cell in cells:
                cut.append((cell, place))
                place += len(cell) + 1
            cut.append(ROW_ENDS)
        elif line.strip() and PIPE not in line:
            cut += [(line, start), ROW_ENDS]
        start += len(line) + 1
    return cut


def cut_cells(flat: str, begin: int, end: int) -> Cut:
    """L4: a pipe ends a cell; two or more on one line, or two texts without a pipe between, end a row."""
    cutter = _CellCutter(flat)
    start = begin
    for line in flat[begin:end].split("\n"):
        cutter.line(line, start)
        start += len(line) + 1
    cutter.end_row()
    return cutter.cut


class _CellCutter:
    """Keeps the cell that is open: its text has begun and no pipe has ended it."""

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.cut: Cut = []
        self.open: tuple[int, int] | None = None
        self.ends_close = bool(_CLOSED_BY_END.search(flat))

    def line(self, line: str, start: int) -> None:
        bare = line.strip()
        if not bare or PAGE_LINE.fullmatch(bare):
            return
        pipes = bare.count(PIPE)
        if pipes == len(bare.replace(" ", "")):
            self.pipes_alone(pipes, start + line.index(PIPE))
            return
        place = start
        for number, part in enumerate(line.split(PIPE)):
            if part.strip():
                self.text(place, place + len(part.rstrip()))
            elif number and number < pipes:
                self.cut.append((part, place))
            if number < pipes and self.open is not None:
                self.close()
            place += len(part) + 1

    def pipes_alone(self, pipes: int, place: int) -> None:
        """One pipe ends the open cell, or is a blank cell; more end the row too."""
        if self.open is not None:
            self.close()
        elif pipes == 1 or (self.ends_close and self.cut and self.cut[-1] != ROW_ENDS):
            self.cut.append(("", place))  # where a row's end closes its last cell, behind a pipe it closes a blank one
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
            self.cut.append((self.flat[first:last], first))
            self.open = None

    def end_row(self) -> None:
        self.close()
        if self.cut and self.cut[-1] != ROW_ENDS:
            self.cut.append(ROW_ENDS)
