"""Lines and cells of one PDF page, from the places of its characters and rules.

Belongs here: which characters are in which cell, in which order they are read, what a cell spans. Does not belong here:
what goes on over pages (pdf.py), what words mean.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pipeline.read.compose import Drawn, Placed

NEAR_EDGE = 2.0
"""Points within which two rules are one."""
MIN_SIDE = 3.0
MAX_GAP = 0.35
"""Of the size of the letters: a larger gap in a line is a blank."""
SAME_LINE = 0.5
PADDING = 5.6
"""Points that word processors leave free on either side of a cell."""
DIGITS = frozenset("0123456789,.")
STRAIGHT = 0.02


class Character(NamedTuple):
    """A printed character: its box and size, and which way the line it belongs to runs (0, 90, 180, 270 degrees)."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    turn: int


class Line(NamedTuple):
    """A line of text with its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


class Box(NamedTuple):
    """A cell's place in its table's rows and columns, and its left and right edges."""

    row: int
    column: int
    rowspan: int
    colspan: int
    x0: float
    x1: float


class PageTable:
    """A table on one page; `take` every character, then read its `rows`."""

    def __init__(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        self._xs = _edges([edge for x0, _, x1, _ in boxes for edge in (x0, x1)])
        self._ys = _edges([edge for _, top, _, bottom in boxes for edge in (top, bottom)])
        self.cells: dict[tuple[int, int], Box] = {}
        self._at: dict[tuple[int, int], tuple[int, int]] = {}
        self._inside: dict[tuple[int, int], list[Character]] = {}
        for x0, top, x1, bottom in sorted(boxes, key=lambda box: (box[1], box[0])):
            column, row = _index(self._xs, x0), _index(self._ys, top)
            columns, rows = _index(self._xs, x1) - column, _index(self._ys, bottom) - row
            if columns < 1 or rows < 1 or (row, column) in self._at:
                continue
            self.cells[row, column] = Box(row, column, rows, columns, x0, x1)
            for covered_row in range(row, row + rows):
                for covered in range(column, column + columns):
                    self._at.setdefault((covered_row, covered), (row, column))
        self.x0, self.x1 = self._xs[0], self._xs[-1]
        self.top, self.bottom = self._ys[0], self._ys[-1]

    def take(self, character: Character) -> bool:
        """Takes a character into the cell that its middle is in; False if it is in none."""
        x, y = (character.x0 + character.x1) / 2, (character.top + character.bottom) / 2
        if not (self.x0 <= x <= self.x1 and self.top <= y <= self.bottom):
            return False
        place = self._at.get((bisect_right(self._ys, y) - 1, bisect_right(self._xs, x) - 1))
        if place is None:
            return False
        self._inside.setdefault(place, []).append(character)
        return True

    def rows(self, page: int) -> list[list[Placed]]:
        """The cells of each row where they begin."""
        rows: list[list[Placed]] = [[] for _ in range(len(self._ys) - 1)]
        for place, box in sorted(self.cells.items()):
            words = cell_words(self._inside.get(place, []), box.x1 - box.x0)
            rows[box.row].append(Placed(box.column, Drawn(words, box.rowspan, box.colspan, page)))
        return [row for row in rows if row]


def readable(characters: Iterable[dict[str, Any]], page: tuple[float, float, float, float]) -> list[Character]:
    """The characters that are read: on the page, not printed twice for boldness, not slanted like a watermark."""
    found: list[Character] = []
    seen: set[tuple[str, int, int]] = set()
    for character in characters:
        text = character["text"]
        x0, x1, top, bottom = character["x0"], character["x1"], character["top"], character["bottom"]
        if not text.strip() or x1 < page[0] or x0 > page[2] or bottom < page[1] or top > page[3]:
            continue
        turn = _turn(character["matrix"])
        if turn is None:
            continue
        places = [(text, round(x0) + x, round(top) + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        if seen.intersection(places):
            continue
        seen.add((text, round(x0), round(top)))
        found.append(Character(text, x0, x1, top, bottom, character["size"] or 1.0, turn))
    return found


def _turn(matrix: Sequence[float]) -> int | None:
    """0, 90, 180 or 270 degrees; None for letters that stand slanted."""
    angle = math.atan2(matrix[1], matrix[0]) / (math.pi / 2)
    nearest = round(angle)
    return nearest % 4 * 90 if abs(angle - nearest) < STRAIGHT else None


def find_tables(page: Any, most: int) -> list[PageTable] | None:
    """The tables that rules mark out on a page (pdfplumber), without boxes that only colour the ground.

    None if the rules are so many that they may cross at more than `most` points.
    """
    ruled = page.filter(lambda item: item["object_type"] in ("line", "curve") or _is_rule(item))
    if len(ruled.lines) + len(ruled.rects) + len(ruled.curves) > most:
        return None
    across, along = _places(ruled.horizontal_edges, "top"), _places(ruled.vertical_edges, "x0")
    if across * along > most:
        return None
    settings = {"explicit_horizontal_lines": _closing_rules(ruled.vertical_edges)}
    return [PageTable(table.cells) for table in ruled.find_tables(settings) if len(table.cells) > 1]


def _places(edges: Sequence[dict[str, Any]], name: str) -> int:
    return len({round(edge[name]) for edge in edges})


def _closing_rules(verticals: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules that close tables above and below: one that goes on over pages is often left open where the page ends.

    Vertical rules at the same height belong together; where the first of them begin and the last end, the table does.
    """
    rules = []
    band: list[dict[str, Any]] = []
    bottom = -math.inf
    for edge in [*sorted(verticals, key=lambda edge: edge["top"]), None]:
        if edge is not None and (not band or edge["top"] <= bottom + MIN_SIDE):
            band.append(edge)
            bottom = max(bottom, edge["bottom"])
            continue
        top = min((e["top"] for e in band), default=0.0)
        for place, end in ((top, "top"), (bottom, "bottom")):
            xs = [e["x0"] for e in band if abs(e[end] - place) <= MIN_SIDE]
            if xs and max(xs) - min(xs) > MIN_SIDE:
                rules.append(_rule(min(xs), max(xs), place))
        if edge is not None:
            band, bottom = [edge], edge["bottom"]
    return rules


def _rule(x0: float, x1: float, place: float) -> dict[str, Any]:
    return {"object_type": "line", "x0": x0, "x1": x1, "top": place, "bottom": place, "width": x1 - x0, "height": 0.0}


def _is_rule(item: dict[str, Any]) -> bool:
    """Whether a rectangle is a rule or a frame: thin, or drawn with its outline."""
    if item["object_type"] != "rect":
        return False
    return bool(item.get("stroke")) or min(item["width"], item["height"]) <= MIN_SIDE


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > NEAR_EDGE:
            edges.append(place)
    return edges


def _index(edges: Sequence[float], place: float) -> int:
    """The edge that a place is at."""
    return max(bisect_right(edges, place + 0.01) - 1, 0)


def cell_words(characters: list[Character], width: float) -> str:
    """A cell's words, its lines apart by line feeds; a number that a narrow cell broke is one number."""
    lines = lines_of(characters)
    words = ""
    for place, line in enumerate(lines):
        if place:
            last = lines[place - 1]
            broken = set(last.text) <= DIGITS and set(line.text) <= DIGITS
            letter = (line.x1 - line.x0) / len(line.text)
            # Only where no further digit had room was the number broken by the cell (field.md §6.2 no. 48).
            words += "" if broken and width - (last.x1 - last.x0) < 2 * PADDING + letter else "\n"
        words += line.text
    return words


def lines_of(characters: Sequence[Character]) -> list[Line]:
    """Characters as lines in reading order; turned lines are read along their own direction."""
    lines: list[Line] = []
    for turn in sorted({character.turn for character in characters}):
        turned = [character for character in characters if character.turn == turn]
        lines += _lines(turned, turn)
    return lines


def _lines(characters: list[Character], turn: int) -> list[Line]:
    """Lines of characters that all stand the same way: `along` a line, `across` from line to line."""
    boxes = [(_along(character, turn), _across(character, turn), character) for character in characters]
    boxes.sort(key=lambda box: (box[1][0] + box[1][1], box[0][0]))
    groups: list[list[tuple[tuple[float, float], tuple[float, float], Character]]] = []
    middle = -math.inf
    for box in boxes:
        centre = (box[1][0] + box[1][1]) / 2
        if groups and centre - middle <= SAME_LINE * min(box[2].size, groups[-1][0][2].size):
            groups[-1].append(box)
        else:
            groups.append([box])
        middle = centre
    return [_line(sorted(group, key=lambda box: box[0][0])) for group in groups]


def _line(boxes: list[tuple[tuple[float, float], tuple[float, float], Character]]) -> Line:
    words = ""
    end = boxes[0][0][0]
    for (begin, stop), _, character in boxes:
        if words and begin - end > MAX_GAP * character.size:
            words += " "
        words += character.text
        end = max(end, stop)
    all_of = [character for _, _, character in boxes]
    return Line(
        words,
        min(character.x0 for character in all_of),
        max(character.x1 for character in all_of),
        min(character.top for character in all_of),
        max(character.bottom for character in all_of),
        max(character.size for character in all_of),
    )


def _along(character: Character, turn: int) -> tuple[float, float]:
    if turn == 90:
        return -character.bottom, -character.top
    if turn == 180:
        return -character.x1, -character.x0
    if turn == 270:
        return character.top, character.bottom
    return character.x0, character.x1


def _across(character: Character, turn: int) -> tuple[float, float]:
    if turn == 90:
        return character.x0, character.x1
    if turn == 180:
        return -character.bottom, -character.top
    if turn == 270:
        return -character.x1, -character.x0
    return character.top, character.bottom
