"""Layouts of text taken from PDF: aligned by blanks, in drawing order, in blocks of columns.

Here belongs the rendering of tables as the three orders of a PDF extractor give them: labels broken over lines,
group labels beside the middle of their rows, headings of two characters a line. Page feet are a noise, see
`noise_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.generator.layouts_bounded import text_of
from benchmarks.generator.model import Fragment, Row, Slot, Table
from benchmarks.generator.style import Style

_INDENT = (0, 18, 28)
_LABEL_WIDTH = (40, 22, 15)
_VALUES_START = 45


def chunks(text: str, width: int) -> list[str]:
    """Break a label into lines of at most `width` characters, never inside a number."""
    lines: list[str] = []
    while len(text) > width:
        cut = width
        while cut > 1 and text[cut - 1].isdigit() and text[cut].isdigit():
            cut -= 1
        lines.append(text[:cut])
        text = text[cut:]
    lines.append(text)
    return lines


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def _tokens(row: Row) -> list[str]:
    return [text for slot in row.values if (text := text_of(slot)) and not text.isspace()]


def _depth(row: Row) -> int:
    """How many group labels stand before the label of this row, printed or continued."""
    return min(2, sum(1 for slot in row.slots if not slot.is_value) - 1)


def render_reading_order(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """Cells in the order in which they were drawn: a row's values on one line, its label before them."""
    out: list[Fragment] = []
    for table in tables:
        if table.table_key in ("applications", "disputes"):
            out.extend(_drawn_header(table))
        for row in table.rows:
            if row.is_header:
                if table.table_key not in ("applications", "disputes"):
                    out.append(Fragment(" ".join(slot.text for slot in row.labels if slot.text), row, "label"))
                continue
            out.extend(_drawn_row(row, table))
    return out


def _drawn_header(table: Table) -> list[Fragment]:
    out: list[Fragment] = []
    for number, row in enumerate(row for row in table.rows if row.is_header):
        names = [slot.text for slot in row.labels]
        if table.table_key == "disputes" and number == 0:
            out.append(Fragment(" ".join(names), row, "label"))
            continue
        wide = [name for name in names if len(name) > 4]
        for name in names:
            if name in wide and table.table_key == "disputes":
                continue
            whole = name in ("自然人", "申请人情况") or len(name) > 6 or name == "总计"
            parts = chunks(name, 22) if whole else _pairs(name)
            out.extend(Fragment(part, row, "label") for part in parts)
        if wide and table.table_key == "disputes":
            out.append(Fragment(" ".join(wide), row, "label"))
    return out


def _drawn_row(row: Row, table: Table) -> list[Fragment]:
    out: list[Fragment] = []
    labels = [slot.text for slot in row.labels]
    unit = ""
    if table.table_key.startswith("statistics"):
        labels, unit = labels[:1], " ".join(labels[1:])
    for name in labels[:-1]:
        parts = list(name) if name.startswith("三") else [name]
        out.extend(Fragment(part, row, "label") for part in parts)
    values = " ".join([unit, *_tokens(row)] if unit else _tokens(row))
    if not labels:
        out.append(Fragment(values, row, "line"))
        return out
    lines = chunks(labels[-1], 22 if table.table_key == "applications" else 30)
    if len(lines) == 1:
        out.append(Fragment(f"{lines[0]} {values}".rstrip(), row, "line"))
    else:
        out.extend(Fragment(line, row, "label") for line in lines)
        if values:
            out.append(Fragment(values, row, "line"))
    return out


def render_space_aligned(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """Columns kept by runs of blanks; the column places move once, as they do from page to page."""
    out: list[Fragment] = []
    for table in tables:
        edges = _edges(table, _VALUES_START if table.table_key != "disputes" else 0)
        moves_at = rng.randrange(len(table.rows)) if len(table.rows) > 8 else -1
        notes = _group_notes(table)
        for number, row in enumerate(table.rows):
            if number == moves_at:
                move = rng.choice((-6, -3, 4))
                edges = [edge + move for edge in edges]
            if row.is_header:
                out.extend(_aligned_header(row, table))
            else:
                out.extend(_aligned_row(row, table, edges, style, rng))
            out.extend(notes.get(number, ()))
        out.append(Fragment("", None, "gap"))
    return out


def _edges(table: Table, start: int) -> list[int]:
    """The right edge of every value column."""
    edges: list[int] = []
    edge = start
    count = max(len(row.values) for row in table.rows)
    for column in range(count):
        width = max((len(text_of(row.values[column])) for row in table.rows if len(row.values) > column), default=1)
        edge += max(5, width + 3)
        edges.append(edge)
    return edges


def _group_notes(table: Table) -> dict[int, list[Fragment]]:
    """Group labels on lines of their own, beside the middle of the rows they stand for."""
    notes: dict[int, list[Fragment]] = {}
    for number, row in enumerate(table.rows):
        if row.is_header or table.table_key != "applications":
            continue
        for depth, slot in enumerate(row.labels[:-1]):
            length = sum(1 for later in table.rows if any(other.continues is slot for other in later.slots))
            text = " ".join(chunks(slot.text, 2)) if slot.text.startswith("三") else slot.text
            own_depth = depth + (len([s for s in row.slots if not s.is_value]) - len(row.labels))
            at = min(number + length // 2, number + 3)
            notes.setdefault(at, []).append(Fragment(" " * max(1, _INDENT[min(2, own_depth)]) + text, row, "label"))
    return notes


def _aligned_header(row: Row, table: Table) -> list[Fragment]:
    names = [slot.text for slot in row.labels if slot.text]
    if table.table_key == "active_disclosure" and len(names) == 1:
        return [Fragment(" " * 14 + names[0], row, "label"), Fragment("", row, "gap")]
    if table.table_key == "applications" or (table.table_key == "disputes" and len(names) == 2):
        out = []
        for name in names:
            for part in chunks(name, 24):
                out.append(Fragment(" " * (0 if len(name) > 12 else 50) + part, row, "label"))
        return out
    if table.table_key == "disputes":
        return _aligned_dispute_header(names, row)
    return [Fragment("       " + "   ".join(names), row, "label"), Fragment("", row, "gap")]


def _aligned_dispute_header(names: list[str], row: Row) -> list[Fragment]:
    wide = [name for name in names if len(name) > 4]
    small = [name for name in names if len(name) <= 4]
    tops = "   ".join(name[:2] if len(name) > 2 else "  " for name in small)
    whole = "   ".join("    " if len(name) > 2 else " ".join(name) for name in small)
    feet = "   ".join(name[2:] if len(name) > 2 else "  " for name in small)
    lines = [" " * 30 + (" " * 18).join(wide)] if wide else []
    return [Fragment(line.rstrip(), row, "label") for line in (*lines, tops, whole, feet) if line.strip()]


def _aligned_row(row: Row, table: Table, edges: list[int], style: Style, rng: Random) -> list[Fragment]:
    labels = row.labels
    depth = _depth(row) if table.table_key == "applications" else 0
    unit = ""
    if table.table_key.startswith("statistics"):
        unit = " ".join(slot.text for slot in labels[1:])
        labels = labels[:1]
    lines = chunks(labels[-1].text, _LABEL_WIDTH[depth]) if labels else [""]
    lines = [" " * _INDENT[depth] + line for line in lines]
    beside = 0 if len(lines) == 1 else len(lines)
    if len(lines) >= 3 and style.middle_values:
        beside = len(lines) // 2
    out = [Fragment(line, row, "label") for line in lines]
    values = _aligned_values(row.values, edges, rng)
    if unit:
        # The unit stands in blanks of its own before the first value: it never covers a digit.
        place = len(values) - len(values.lstrip())
        values = (" " * 38 + unit).ljust(max(place, 38 + len(unit) + 1)) + values.lstrip()
    if beside == len(lines):
        out.append(Fragment(values.rstrip(), row, "line"))
    else:
        label = lines[beside]
        gap = max(2, len(values) - len(values.lstrip()) - len(label))
        out[beside] = Fragment((label + " " * gap + values.lstrip()).rstrip(), row, "line")
    return [fragment for fragment in out if fragment.text]


def _aligned_values(slots: list[Slot], edges: list[int], rng: Random) -> str:
    line = ""
    jitter = rng.choice((0, 0, 0, -1))
    for slot, edge in zip(slots, edges, strict=False):
        text = text_of(slot)
        place = max(edge + jitter - len(text), len(line) + 2 if line else 0)
        line = line.ljust(place) + text
    return line


def render_column_major(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """Blocks as a flowing extractor gives them: stacks of labels, stacks of one column after the other."""
    out: list[Fragment] = []
    for table in tables:
        if table.table_key == "active_disclosure":
            for row in table.rows:
                pieces = [Fragment(slot.text, row, "label") for slot in row.labels]
                values = [Fragment(text, row, "value") for text in _tokens(row)]
                if len(values) == 1 and rng.random() < style.inverts:
                    pieces, values = values, pieces
                    row.damage = "unreadable"
                out.extend(_spaced([*pieces, *values]))
            continue
        names = [(slot.text, row) for row in table.rows if row.is_header for slot in row.labels if slot.text]
        out.extend(_spaced([Fragment(text, row, "label") for text, row in names]))
        rows = [row for row in table.rows if not row.is_header]
        at = 0
        while at < len(rows):
            size = rng.choice((1, 1, 4, 7, 10))
            block = rows[at : at + size]
            at += size
            out.extend(_block(block, rng))
    return out


def _spaced(fragments: Sequence[Fragment]) -> list[Fragment]:
    out: list[Fragment] = []
    for fragment in fragments:
        out.extend((fragment, Fragment("", None, "gap")))
    return out


def _block(rows: Sequence[Row], rng: Random) -> list[Fragment]:
    """Some rows as a stack of labels and, before or after it, a stack of numbers for each column."""
    stack = [Fragment(slot.text, row, "label") for row in rows for slot in row.labels]
    numbers: list[Fragment] = []
    for column in range(max(len(row.values) for row in rows)):
        for row in rows:
            if len(row.values) > column and (text := text_of(row.values[column])):
                numbers.append(Fragment(text, row, "value"))
        numbers.append(Fragment("", None, "gap"))
    stack.append(Fragment("", None, "gap"))
    return [*numbers, *stack] if rng.random() < 0.5 else [*stack, *numbers]
