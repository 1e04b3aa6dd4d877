"""What the chunks behind a label mean as cells of its row.

Belongs here: deciding for the rows of one table together which chunks are which cells, or that they are refused. Does
not belong here: finding rows (rows.py), the search for readings (resolve.py).

Cell boundaries are not printed, so blank cells vanish and page numbers slip in. A row is read only if its number of
chunks is right and nothing speaks against it; digits that run together only by a joint solution of the whole table.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.tabulate import values
from pipeline.tabulate.flat.gaps import Chunk, Gap, without_page_mark
from pipeline.tabulate.flat.resolve import (
    Budget,
    Reading,
    Shape,
    TooManyReadingsError,
    block_readings,
    joint_readings,
    row_readings,
)
from schemas import forms
from schemas.forms import FormRow


class FlatCell(NamedTuple):
    """One cell: state and value as in readings, words and place as printed."""

    state: str
    value: int | None
    raw_text: str | None
    start: int | None
    end: int | None
    method: str


def missing(count: int) -> list[FlatCell]:
    """A row that is not there."""
    return [FlatCell("missing", None, None, None, None, "labels")] * count


def refused(chunks: Sequence[Chunk], count: int, state: str = "unreadable") -> list[FlatCell]:
    """A row whose chunks admit no reading or more than one: everything that is printed, in every cell."""
    if not chunks:
        return missing(count)
    raw = " ".join(chunk.text for chunk in chunks)
    return [FlatCell(state, None, raw, chunks[0].start, chunks[-1].end, "labels")] * count


def bounded(chunks: Sequence[Chunk], row: FormRow, money_unit: str | None) -> list[FlatCell]:
    """One chunk per cell."""
    cells = []
    for chunk, key, unit in zip(chunks, row.column_keys, row.units, strict=True):
        if unit == "元":
            state, value = values.read_money(chunk.text, money_unit)
        elif key == forms.SIGNED_COLUMN:
            state, value = values.read_change(chunk.text)
        else:
            state, value = values.read_count(chunk.text)
        cells.append(FlatCell(state, value, chunk.text, chunk.start, chunk.end, "labels"))
    return cells


def is_bounded(gap: Gap, count: int) -> bool:
    """Whether a gap has one chunk per cell, none of which is more than one number."""
    return len(gap.chunks) == count and not any(
        chunk.is_digits and len(chunk.text) > 1 and chunk.text[0] == "0" for chunk in gap.chunks
    )


def sums_hold(cells: Sequence[FlatCell]) -> bool:
    """Whether the last cell is the sum of the others; placeholders count 0."""
    if any(cell.state not in ("reported", "placeholder") for cell in cells):
        return False
    *parts, total = [cell.value or 0 for cell in cells]
    return sum(parts) == total


def application_cells(gaps: dict[str, Gap], rows: Sequence[FormRow], with_subtotal: bool) -> dict[str, list[FlatCell]]:
    """Cells of an applications table whose labels are followed by these gaps.

    `with_subtotal`: its header has a local 小计 before 总计, so that a row has one chunk more (field.md §1.3).
    """
    width = len(rows[0].column_keys)
    gaps = {key: without_page_mark(gap, width) for key, gap in gaps.items()}
    if with_subtotal:
        gaps = {key: _without_subtotal(gap, width) for key, gap in gaps.items()}
    cells: dict[str, list[FlatCell]] = {}
    glued = [] if with_subtotal else [r.key for r in rows if r.key in gaps and _may_be_glued(gaps[r.key], width)]
    for row in rows:
        gap = gaps.get(row.key)
        if gap is None or not gap.chunks:
            cells[row.key] = missing(width)
        elif is_bounded(gap, width):
            read = bounded(gap.chunks, row, None)
            # Seven numbers on one line are seven cells. On lines of their own a cell may have vanished and a page
            # number may have come in: then only the row's own sum speaks for them (field.md §6.1, L5).
            cells[row.key] = read if gap.one_line or sums_hold(read) else refused(gap.chunks, width)
        else:
            cells[row.key] = refused(gap.chunks, width)
    if glued:
        cells |= _resolved(gaps, rows, glued, cells, width)
    return cells


def _without_subtotal(gap: Gap, width: int) -> Gap:
    """A gap of eight chunks as one of seven; any other number says nothing sure."""
    if len(gap.chunks) != width + 1:
        return gap._replace(chunks=gap.chunks[:1]) if len(gap.chunks) == width else gap
    return gap._replace(chunks=(*gap.chunks[:-2], gap.chunks[-1]))


def _may_be_glued(gap: Gap, width: int) -> bool:
    return (
        bool(gap.chunks)
        and len(gap.chunks) < width
        and all(chunk.is_digits for chunk in gap.chunks)
        and sum(len(chunk.text) for chunk in gap.chunks) >= width
    )


def is_out_of_order(gaps: dict[str, Gap], rows: Sequence[FormRow]) -> bool:
    """Numbers in blocks of columns apart from their labels (corpus/real/002): some labels have none, some far too many."""
    width = len(rows[0].column_keys)
    found = [gaps[row.key] for row in rows if row.key in gaps]
    return sum(not gap.chunks for gap in found) >= 2 and any(len(gap.chunks) >= 2 * width for gap in found)


def _resolved(
    gaps: dict[str, Gap], rows: Sequence[FormRow], glued: list[str], cells: dict[str, list[FlatCell]], width: int
) -> dict[str, list[FlatCell]]:
    """Cells of rows whose digits run together: those of the joint solution, or else rows of nothing but zeros.

    There is no joint solution where a row shows that blank cells vanish (fewer digits than cells).
    """
    found = [gaps[row.key] for row in rows if row.key in gaps]
    joint = None
    if all(sum(len(chunk.text) for chunk in gap.chunks) >= width for gap in found):
        budget = Budget()
        try:
            candidates = {key: row_readings([chunk.text for chunk in gaps[key].chunks], width, budget) for key in glued}
            joint = _joint(candidates, rows, cells, budget)
        except TooManyReadingsError:
            joint = None
    if joint is None:
        return {key: zero_cells(gaps[key], width) for key in glued if is_forced(gaps[key], width)}
    return {key: _split_cells(gaps[key], sorted(joint[key]), width) for key in glued}


def is_forced(gap: Gap, width: int) -> bool:
    """Whether a row has one reading whatever has vanished: seven zeros are seven zeros. 1000001 is not sure: it is printed too for 10 0 0 0 0 1 and a blank total."""
    return "".join(chunk.text for chunk in gap.chunks) == "0" * width


def zero_cells(gap: Gap, width: int) -> list[FlatCell]:
    """The cells of a row of nothing but zeros."""
    return _place(gap, (0,) * width)


def _joint(
    candidates: dict[str, list[Reading]], rows: Sequence[FormRow], cells: dict[str, list[FlatCell]], budget: Budget
) -> dict[str, set[Reading]] | None:
    """For every row its readings in joint solutions, None without one. Raises TooManyReadingsError."""
    keys = [row.key for row in rows]
    readings: list[list[Reading]] = []
    for key in keys:
        if key in candidates:
            readings.append(candidates[key])
            continue
        row = cells[key]
        if any(cell.state not in ("reported", "placeholder") for cell in row):
            return None
        readings.append([tuple((cell.value or 0) // values.SCALE for cell in row)])
    balance = ("new_received", "carried_over", "total_handled", "carried_forward")
    shape = Shape(
        keys.index("new_received"),
        keys.index("carried_over"),
        tuple(place for place, key in enumerate(keys) if key not in balance),
        keys.index("total_handled"),
        keys.index("carried_forward"),
    )
    found = joint_readings(readings, shape, budget)
    return dict(zip(keys, found, strict=True)) if found is not None else None


def _split_cells(gap: Gap, readings: Sequence[Reading], width: int) -> list[FlatCell]:
    """The cells on which all readings agree; the place of a cell is its digits if there is one reading."""
    raw = " ".join(chunk.text for chunk in gap.chunks)
    whole = FlatCell("unreadable", None, raw, gap.chunks[0].start, gap.chunks[-1].end, "resolved")
    if len(readings) == 1:
        return _place(gap, readings[0])
    cells = []
    for column in range(width):
        found = {reading[column] for reading in readings}
        if len(found) == 1:
            value = found.pop()
            cells.append(FlatCell("reported", value * values.SCALE, raw, whole.start, whole.end, "resolved"))
        else:
            cells.append(whole)
    return cells


def _place(gap: Gap, reading: Reading) -> list[FlatCell]:
    """Each number with the digits it was read from."""
    places = [chunk.start + offset for chunk in gap.chunks for offset in range(len(chunk.text))]
    cells, begin = [], 0
    for value in reading:
        digits = str(value)
        start, end = places[begin], places[begin + len(digits) - 1] + 1
        cells.append(FlatCell("reported", value * values.SCALE, digits, start, end, "resolved"))
        begin += len(digits)
    return cells


def dispute_cells(gap: Gap, rows: Sequence[FormRow], has_page_lines: bool) -> list[list[FlatCell]]:
    """The fifteen cells under the header of disputes, in blocks of five.

    On lines of their own, fifteen numbers may be fourteen and a page number. They are not where page numbers have a
    form of their own (`has_page_lines`), or where all sums hold; where one sum fails, that block is refused.
    """
    width = len(rows[0].column_keys)
    count = width * len(rows)
    gap = without_page_mark(gap, count)
    if is_bounded(gap, count):
        parts = [gap.chunks[number * width : (number + 1) * width] for number in range(len(rows))]
        blocks = [bounded(part, row, None) for part, row in zip(parts, rows, strict=True)]
        held = [sums_hold(block) for block in blocks]
        if gap.one_line or has_page_lines or all(held):
            return blocks
        if sum(held) == len(rows) - 1:
            return [block if ok else refused(part, width) for block, ok, part in zip(blocks, held, parts, strict=True)]
        return _refused_blocks(gap, rows)
    if all(chunk.is_digits for chunk in gap.chunks) and sum(len(chunk.text) for chunk in gap.chunks) >= count:
        return _resolved_blocks(gap, rows)
    return _refused_blocks(gap, rows)


def _refused_blocks(gap: Gap, rows: Sequence[FormRow]) -> list[list[FlatCell]]:
    return [refused(gap.chunks, len(row.column_keys)) for row in rows]


def _resolved_blocks(gap: Gap, rows: Sequence[FormRow]) -> list[list[FlatCell]]:
    width = len(rows[0].column_keys)
    try:
        readings = block_readings([chunk.text for chunk in gap.chunks], len(rows), width, Budget())
    except TooManyReadingsError:
        readings = []
    if not readings:
        return _refused_blocks(gap, rows)
    cells = _split_cells(gap, readings, width * len(rows))
    return [cells[number * width : (number + 1) * width] for number in range(len(rows))]


def short_row_cells(gap: Gap, row: FormRow, money_unit: str | None) -> list[FlatCell]:
    """Cells of a row of one to three columns, which no identity settles: one chunk per cell, or nothing but zeros.

    Digits run together (898989) may be cut in many ways, and blank cells may have vanished: only 000 is sure.
    """
    width = len(row.column_keys)
    gap = without_page_mark(gap, width)
    if not gap.chunks:
        return missing(width)
    if is_bounded(gap, width):
        return bounded(gap.chunks, row, money_unit)
    if is_forced(gap, width):
        return zero_cells(gap, width)
    return refused(gap.chunks, width)
