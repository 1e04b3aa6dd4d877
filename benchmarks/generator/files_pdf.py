"""Reports as PDF: text set in lines, tables drawn with rules, broken where the page ends.

Here belongs drawing pages only. A table goes on over the page wherever it falls, merged cells too; some programs close
what they cut with a rule and some do not, some print the header again, some break a row in two.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.generator.draft import Draft
from benchmarks.generator.files import FileGrid, GridCell, grid_of

FONT = "STSong-Light"
SIZE = 10.0
LEADING = 14.0
MARGIN = 72.0
PADDING = 4.0
WIDTH, HEIGHT = A4
NO_PICTURE = str.maketrans({"\u2212": "-"})
"""Characters that the font has no picture for; it would print nothing, and 减 would be lost."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """What differs between programs."""

    closes: bool
    repeats_header: bool
    foot: str
    as_rectangles: bool
    indent: bool


def write_pdf(draft: Draft, rng: Random) -> bytes:
    """The bytes of a PDF file."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    looks = _Looks(
        rng.random() < 0.6,
        rng.random() < 0.3,
        rng.choice(("- {} -", "— {} —", "{}", "第 {} 页", "")),
        rng.random() < 0.4,
        rng.random() < 0.8,
    )
    pages = _Pages(looks)
    for _ in range(rng.randint(0, 20)):  # where the tables fall on the page
        pages.y -= LEADING
    for block in draft.blocks:
        if block.tables:
            joined = rng.random() < 0.5
            for tables in [block.tables] if joined else [[table] for table in block.tables]:
                pages.table(grid_of(tables))
                pages.y -= LEADING
        else:
            pages.paragraph(block.text, looks.indent and not block.is_heading)
    return pages.finish()


class _Pages:
    """A canvas and how far down its page is written."""

    def __init__(self, looks: _Looks) -> None:
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=True)
        self.looks = looks
        self.number = 1
        self.rest: dict[int, list[str]] = {}  # what did not fit of a cell that goes on over the page
        self.y = HEIGHT - MARGIN
        self.canvas.setFont(FONT, SIZE)

    def finish(self) -> bytes:
        self.end_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def end_page(self) -> None:
        if self.looks.foot:
            self.canvas.drawCentredString(WIDTH / 2, MARGIN / 2, self.looks.foot.format(self.number))
        self.canvas.showPage()
        self.canvas.setFont(FONT, SIZE)
        self.canvas.setLineWidth(0.5)
        self.number += 1
        self.y = HEIGHT - MARGIN

    def paragraph(self, text: str, indented: bool) -> None:
        for line in wrap(("\u3000\u3000" if indented else "") + text, WIDTH - 2 * MARGIN):
            if self.y - LEADING < MARGIN:
                self.end_page()
            self.y -= LEADING
            self.canvas.drawString(MARGIN, self.y + 3, line)

    def table(self, grid: FileGrid) -> None:
        edges = _columns(grid)
        heights = [_height(row, edges) for row in grid.rows]
        first = 0
        while first < len(grid.rows):
            last = first
            used = 0.0
            while last < len(grid.rows) and self.y - used - heights[last] >= MARGIN:
                used += heights[last]
                last += 1
            if last == first:
                self.end_page()
                if self.looks.repeats_header and first > 3:
                    header = [row for row in grid.rows[:3] if not any(cell.is_value for cell in row)]
                    self.part(FileGrid(header, grid.width), 0, len(header), edges, heights, True)
                continue
            self.part(grid, first, last, edges, heights, last == len(grid.rows) or self.looks.closes)
            first = last
            if first < len(grid.rows):
                self.end_page()
                if self.looks.repeats_header and first > 3 and len(grid.rows) > 20:
                    header = [row for row in grid.rows[:3] if not any(cell.is_value for cell in row)]
                    self.part(FileGrid(header, grid.width), 0, len(header), edges, heights, True)

    def part(
        self, grid: FileGrid, first: int, last: int, edges: list[float], heights: list[float], closed: bool
    ) -> None:
        """The rows of a table from `first` to before `last`, with what cells merged over the page show here."""
        tops = [self.y]
        for height in heights[first:last]:
            tops.append(tops[-1] - height)
        for row in grid.rows[:last]:
            for cell in row:
                begin, end = max(cell.row, first), min(cell.row + cell.rowspan, last)
                if begin < end:
                    box = edges[cell.column], tops[begin - first], edges[cell.column + cell.colspan], tops[end - first]
                    goes_on = cell.row + cell.rowspan > last
                    lines = self.rest.pop(id(cell), None)
                    if lines is None:
                        lines = (
                            wrap(cell.text, box[2] - box[0] - 2 * PADDING) if cell.row >= first and cell.text else []
                        )
                    if goes_on:
                        room = int((box[1] - box[3] - 2 * PADDING) / LEADING)
                        lines, self.rest[id(cell)] = lines[:room], lines[room:]
                    self.cell(lines, box, closed or end < last, goes_on)
        self.y = tops[-1]

    def cell(self, lines: list[str], box: tuple[float, float, float, float], closed: bool, at_top: bool) -> None:
        x0, top, x1, bottom = box
        sides = [(x0, top, x0, bottom), (x1, top, x1, bottom), (x0, top, x1, top)]
        if closed:
            sides.append((x0, bottom, x1, bottom))
        for ax, ay, bx, by in sides:
            if self.looks.as_rectangles:
                self.canvas.rect(
                    min(ax, bx), min(ay, by), max(abs(bx - ax), 0.5), max(abs(by - ay), 0.5), stroke=0, fill=1
                )
            else:
                self.canvas.line(ax, ay, bx, by)
        y = top - PADDING - SIZE if at_top else (top + bottom) / 2 + len(lines) * LEADING / 2 - SIZE - 1
        for line in lines:
            self.canvas.drawString((x0 + x1 - width_of(line)) / 2, y, line)
            y -= LEADING


def _columns(grid: FileGrid) -> list[float]:
    """The edges of the columns: narrow ones for values, so that labels wrap and numbers just fit."""
    whole = WIDTH - 2 * MARGIN + 60
    values = max(sum(cell.is_value for cell in row) for row in grid.rows)
    labels = grid.width - values
    if labels <= 0:
        return [MARGIN - 30 + whole * place / grid.width for place in range(grid.width + 1)]
    wide = [0.07, 0.14, 0.23] if values == 7 else [0.5 / labels] * labels
    shares = wide + [0.08 if values == 7 else 0.5 / values] * values
    total = sum(shares[: grid.width])
    edges = [MARGIN - 30]
    for share in (shares + [0.08] * grid.width)[: grid.width]:
        edges.append(edges[-1] + whole * share / max(total, 1e-9))
    return edges


def _height(row: list[GridCell], edges: list[float]) -> float:
    lines = [
        len(wrap(cell.text, edges[cell.column + cell.colspan] - edges[cell.column] - 2 * PADDING))
        for cell in row
        if cell.rowspan == 1
    ]
    return max([1, *lines]) * LEADING + 2 * PADDING


def width_of(text: str) -> float:
    """The width of a line in points."""
    return float(pdfmetrics.stringWidth(text, FONT, SIZE))


def wrap(text: str, width: float) -> list[str]:
    """Text in lines as wide as they may be; a number is broken only where it is wider than a line."""
    lines: list[str] = []
    for part in text.translate(NO_PICTURE).split("\n"):
        line = ""
        for piece in _pieces(part):
            for word in [piece] if width_of(piece) <= width else list(piece):
                if line and width_of(line + word) > width:
                    lines.append(line)
                    line = ""
                line += word
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    """Characters, with runs of digits and Latin letters kept whole."""
    pieces: list[str] = []
    for character in text:
        if (
            pieces
            and character.isascii()
            and character.isalnum()
            and pieces[-1][-1:].isascii()
            and pieces[-1][-1:].isalnum()
        ):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
