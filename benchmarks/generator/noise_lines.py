"""Noises among the lines of rendered tables.

Here belong page numbers, repeated headers, footnotes, lost lines, tables cut or printed twice. They work on
fragments, so that each knows which row it touches: where the layout keeps no boundaries, a row with a number too
many or too few can no longer be told and is marked as damaged.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.generator.draft import Block, Draft
from benchmarks.generator.layouts import BOUNDED, COLUMNS, GLUED, LOST, TOKENS
from benchmarks.generator.model import MISSING, SCALE, SECOND_COPY, UNREADABLE, Fragment, Row, Slot, Table, number_text

_NOTES = (
    "注：1.本表数据截至12月31日；2.不含垂直管理部门数据。",
    "注：本表数据由3个内设科室汇总。",
    "备注：行政强制0件中不含2件简易程序。",
    "说明：规章、规范性文件按《条例》第20条统计，共12类。",
)
_PLAIN_NOTES = ("1.以上数据不含垂管部门。", "2. 本年度新增数据见附件3。")


def _edges(block: Block) -> list[int]:
    """The positions after which a row of values ends and another one begins."""
    found = []
    for at, fragment in enumerate(block.fragments[:-1]):
        row, below = fragment.row, block.fragments[at + 1].row
        if row is not None and below is not None and row is not below and (row.cells or below.cells):
            found.append(at)
    return found


def _pick(draft: Draft) -> Block | None:
    blocks = draft.table_blocks
    if not blocks:
        return None
    return draft.rng.choices(blocks, [len(block.fragments) for block in blocks])[0]


def _damage(row: Row | None, state: str = UNREADABLE) -> None:
    if row is not None and row.cells and row.damage != MISSING:
        row.damage = state


def _damage_around(block: Block, at: int) -> None:
    """A stray number after fragment `at` may belong to its row, or to a row of values that has no label."""
    _damage(block.fragments[at].row)
    below = next((f.row for f in block.fragments[at + 1 :] if f.row is not None), None)
    if below is not None and (below is block.fragments[at].row or not below.labels):
        _damage(below)


def page_numbers(draft: Draft) -> bool:
    """Page feet inside tables; a bare number leaves the row beside it in doubt where cells have no boundaries."""
    block = _pick(draft)
    if block is None:
        return False
    rng = draft.rng
    page = rng.randint(2, 9)
    feet = [f"— {page} —", f"- {page} -", f"-{page}-", f"第 {page} 页 共 {page + 3} 页", f"第{page}页"]
    if not draft.keeps(GLUED):
        feet.append(str(page))
    foot = rng.choice(feet)
    edges = _edges(block)
    if draft.keeps(TOKENS, LOST, COLUMNS) and draft.layout.is_line_based and rng.random() < 0.4:
        edges = [at for at, fragment in enumerate(block.fragments[:-1]) if fragment.row is not None]
    if not edges:
        return False
    at = rng.choice(edges)
    if foot.isdigit() and (not draft.keeps(BOUNDED) or draft.layout.name == "pipe_cell"):
        _damage_around(block, at)
    if draft.keeps(GLUED):
        foot = f" {foot} "
    if draft.layout.is_paged:
        foot = " " * rng.choice((0, 5, 43)) + foot
        block.fragments[at + 1].text = "\f" + block.fragments[at + 1].text
    block.fragments.insert(at + 1, Fragment(foot, None, "foot"))
    if draft.layout.is_paged:
        _feet_in_prose(draft, foot)
    return True


def _feet_in_prose(draft: Draft, foot: str) -> None:
    """The same kind of foot between two paragraphs, where a bare number can touch no table."""
    places = [n for n, b in enumerate(draft.blocks) if n and b.text and draft.blocks[n - 1].text and not b.is_heading]
    if places:
        draft.blocks.insert(draft.rng.choice(places), Block(foot, is_heading=True))


def repeated_header(draft: Draft) -> bool:
    """The header of a long table once more in its middle, as after a page break."""
    long = ("applications", "statistics", "statistics_regional")
    blocks = [b for b in draft.table_blocks if b.tables[0].table_key in long]
    if not blocks or draft.keeps(COLUMNS):
        return False
    block = draft.rng.choice(blocks)
    header = [f for f in block.fragments if f.row is not None and f.row.is_header and f.row in block.tables[0].rows[:3]]
    edges = [at for at in _edges(block) if (row := block.fragments[at].row) is not None and row.cells]
    if not edges:
        return False
    at = draft.rng.choice(edges)
    if not draft.keeps(BOUNDED) and block.tables[0].table_key == "applications" and draft.rng.random() < 0.3:
        # Only the label of the merged cell beside the rows is printed again, where a group of rows begins.
        starts = [e for e in edges if (row := block.fragments[e + 1].row) is not None and len(row.labels) > 1]
        if starts:
            block.fragments.insert(draft.rng.choice(starts) + 1, Fragment("三、本年度办理结果", None, "repeat"))
            return True
    block.fragments[at + 1 : at + 1] = [Fragment(f.text, None, "repeat") for f in header]
    return True


def footnotes(draft: Draft) -> bool:
    """Remarks with digits directly after a table."""
    block = _pick(draft)
    if block is None:
        return False
    notes = _NOTES + _PLAIN_NOTES if draft.keeps(BOUNDED) else _NOTES
    while block.fragments and block.fragments[-1].kind == "gap":
        block.fragments.pop()
    note = draft.rng.choice(notes)
    block.fragments.append(Fragment(note, None, "note"))
    if draft.layout.is_line_based:
        block.fragments.append(Fragment("", None, "gap"))
    return True


def lost_lines(draft: Draft) -> bool:
    """One or two lines of a table are gone."""
    block = _pick(draft)
    if block is None:
        return False
    done = False
    for _ in range(draft.rng.choice((1, 1, 2))):
        places = [
            at
            for at, fragment in enumerate(block.fragments)
            if fragment.row is not None and fragment.row.cells and fragment.kind in ("value", "label", "line")
        ]
        if places:
            at = draft.rng.choice(places)
            _lose(draft, block, at)
            del block.fragments[at]
            done = True
    return done


def _lose(draft: Draft, block: Block, at: int) -> None:
    """Mark what can no longer be known once the fragment is gone."""
    fragment = block.fragments[at]
    row = fragment.row
    assert row is not None
    rows_after = [r for t in block.tables for r in t.rows if r.cells]
    if fragment.kind == "line":
        _damage(row, MISSING if draft.keeps(BOUNDED) and not row.has_false_end else UNREADABLE)
        _damage_children(row, rows_after)
    elif fragment.kind == "value":
        _damage(row, UNREADABLE)
    else:
        _damage(row, UNREADABLE)
        _damage_children(row, rows_after)
        place = next((n for n, r in enumerate(rows_after) if r is row), 0)
        if place and not draft.keeps(BOUNDED):
            _damage(rows_after[place - 1])


def _damage_children(row: Row, rows: list[Row]) -> None:
    """Rows that are told apart by the lost label only: 被依法纠错数 under 四 and 五, 3.其他 under （六）."""
    key = row.cells[0].spec.row_key
    block = key.removesuffix("_total")
    for other in rows:
        name = other.cells[0].spec.row_key
        if (block != key and name.startswith(block)) or (key == "other_correction_overdue" and name == "other_reason"):
            _damage(other)


def cut_table(draft: Draft) -> bool:
    """A table falls in two, a line saying that it goes on between the halves."""
    blocks = [b for b in draft.table_blocks if len(_edges(b)) > 4]
    if not blocks or draft.keeps(COLUMNS):
        return False
    block = draft.rng.choice(blocks)
    at = draft.rng.choice([e for e in _edges(block) if (row := block.fragments[e].row) is not None and row.cells])
    words = draft.rng.choice(("（续表）", "（接上表）", "续表", "（续上页）"))
    pieces = [Fragment("", None, "gap"), Fragment(words, None, "note"), Fragment("", None, "gap")]
    block.fragments[at + 1 : at + 1] = pieces if draft.layout.fragment_joiner == "\n" else pieces[1:2]
    return True


def truncated(draft: Draft) -> bool:
    """The text ends inside a table; what would follow is not there."""
    blocks = [b for b in draft.table_blocks if sum(len(t.cells) for t in b.tables) > 14]
    if not blocks or draft.keeps(COLUMNS, LOST) or any(block.is_copy for block in draft.blocks):
        return False
    block = draft.rng.choice(blocks)
    rows = [row for table in block.tables for row in table.rows if row.cells]
    first = _position(block, rows[min(3, len(rows) - 1)])
    if first is None or first + 1 >= len(block.fragments):
        return False
    at = draft.rng.randrange(first + 1, len(block.fragments))
    gone = {id(f.row) for f in block.fragments[at:] if f.row is not None and f.kind != "end"}
    kept = {id(f.row) for f in block.fragments[:at] if f.row is not None}
    del block.fragments[at:]
    for table in list(block.tables):
        if not any(id(row) in kept for row in table.rows if row.cells):
            block.tables.remove(table)
            _forget(draft, table)
            continue
        for row in table.rows:
            if id(row) in gone:
                _damage(row, UNREADABLE if id(row) in kept else MISSING)
    place = next(number for number, other in enumerate(draft.blocks) if other is block)
    for later in draft.blocks[place + 1 :]:
        for table in later.tables:
            _forget(draft, table)
    del draft.blocks[place + 1 :]
    return True


def _position(block: Block, row: Row) -> int | None:
    return next((at for at, fragment in enumerate(block.fragments) if fragment.row is row), None)


def _forget(draft: Draft, table: Table) -> None:
    """A table of which nothing is printed has no cells."""
    for section in draft.sections:
        section.tables = [other for other in section.tables if other is not table]


def _copy_table(table: Table) -> Table:
    """The table as it is printed, without cells: a copy has no truth of its own."""
    copies: dict[int, Slot] = {}
    rows = []
    for row in table.rows:
        slots = []
        for slot in row.slots:
            text = slot.text if slot.cell is None else slot.cell.text
            origin = copies.get(id(slot.continues)) if slot.continues is not None else None
            copies[id(slot)] = Slot(text, slot.columns, None, slot.is_value, origin)
            slots.append(copies[id(slot)])
        rows.append(Row(slots, row.is_header, None, row.is_shifted, row.has_false_end))
    return Table(table.template, table.table_key, table.sub_table, rows, table.label_columns, table.value_columns)


def _disagree(rng: Random, tables: list[Table], copies: list[Table]) -> bool:
    """Let the second copy print other figures in a few cells; either of both is then a fair reading of none."""
    pairs = [
        (slot, twin)
        for table, copy in zip(tables, copies, strict=True)
        for row, row_copy in zip(table.rows, copy.rows, strict=True)
        for slot, twin in zip(row.slots, row_copy.slots, strict=True)
        if slot.cell is not None and slot.cell.plain
    ]
    for slot, twin in rng.sample(pairs, min(len(pairs), rng.randint(1, 3))):
        assert slot.cell is not None
        other = (slot.cell.value or 0) + rng.randint(1, 9) * SCALE
        slot.cell.offer(other, SECOND_COPY)
        twin.text = number_text(other)
    return bool(pairs)


def _second_copy(draft: Draft, block: Block, differs: bool) -> Block:
    copies = [_copy_table(table) for table in block.tables]
    if differs:
        _disagree(draft.rng, block.tables, copies)
    return Block(tables=copies, fragments=draft.layout.render(copies, draft.style, draft.rng), is_copy=True)


def duplicated_table(draft: Draft) -> bool:
    """A table printed twice in a row, the copies equal, or different in a few figures."""
    blocks = [b for b in draft.table_blocks if b.tables[0].table_key != "active_disclosure"]
    if not blocks or draft.keeps(COLUMNS, LOST, GLUED):
        return False
    block = draft.rng.choice(blocks)
    place = next(number for number, other in enumerate(draft.blocks) if other is block)
    draft.blocks.insert(place + 1, _second_copy(draft, block, draft.rng.random() < 0.5))
    return True


def duplicated_report(draft: Draft) -> bool:
    """The whole report twice, as where a page shows it and its attachment was appended."""
    if draft.keeps(COLUMNS, LOST) or not draft.table_blocks:
        return False
    differs = draft.rng.random() < 0.5
    copies: list[Block] = []
    for block in draft.blocks:
        if block.tables:
            copies.append(_second_copy(draft, block, differs and not draft.keeps(GLUED)))
        else:
            copies.append(Block(block.text, is_heading=block.is_heading, is_copy=True))
    draft.blocks.extend(copies)
    return True


LINE_NOISES: dict[str, Callable[[Draft], bool]] = {
    "page_numbers": page_numbers,
    "repeated_header": repeated_header,
    "footnotes": footnotes,
    "cut_table": cut_table,
    "lost_lines": lost_lines,
    "truncated": truncated,
}
