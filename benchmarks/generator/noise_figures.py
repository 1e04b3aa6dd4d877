"""Noises that change which figures and rows are printed.

Here belong arithmetic errors, rows and columns that bodies add to the form, tables left empty or left out. How a
figure is written is a matter of `noise_cells`.
"""

from __future__ import annotations

from random import Random

from benchmarks.generator.draft import Draft, cells_by_key
from benchmarks.generator.figures import APPLICANTS
from benchmarks.generator.layouts import COLUMNS, LOST
from benchmarks.generator.model import BLANK, SCALE, Cell, CellSpec, Row, Slot, Table, number_text

_COLUMNS = (*APPLICANTS, "total")


def arithmetic_errors(draft: Draft) -> bool:
    """The body's own sums are wrong: what is printed stays the truth of each cell."""
    tables = [table for table in draft.tables if table.table_key in ("applications", "disputes", "statistics")]
    if not tables:
        return False
    table = draft.rng.choice(tables)
    cells = cells_by_key(table)
    if table.table_key == "applications":
        kinds = (_wrong_row_total, _wrong_balance, _empty_total, _wrong_outcome, _shifted_row)
        return draft.rng.choice(kinds)(draft.rng, cells)
    totals = [cell for (row, column), cell in cells.items() if column == "total" or row.endswith("_total")]
    _nudge(draft.rng, draft.rng.choice(totals))
    return True


def _nudge(rng: Random, cell: Cell) -> None:
    value = cell.value or 0
    steps = (1, 1, 2, 3, 10) if value == 0 else (1, 1, -1, 2, 3, 9, 10)
    cell.show(max(0, value + rng.choice(steps) * SCALE))


def _wrong_row_total(rng: Random, cells: dict[tuple[str, str], Cell]) -> bool:
    totals = [cell for (_, column), cell in cells.items() if column == "total"]
    busy = [cell for cell in totals if cell.value]
    _nudge(rng, rng.choice(busy or totals))
    return True


def _wrong_balance(rng: Random, cells: dict[tuple[str, str], Cell]) -> bool:
    """One row is off in a column and in its total, so that the row adds up and the columns do not."""
    row = rng.choice(("new_received", "carried_over", "carried_forward", "total_handled"))
    column = rng.choice(APPLICANTS[:2])
    step = rng.choice((1, 1, 2, 5)) * SCALE
    for cell in (cells[row, column], cells[row, "total"]):
        cell.show((cell.value or 0) + step)
    return True


def _empty_total(rng: Random, cells: dict[tuple[str, str], Cell]) -> bool:
    """（七）总计 left at zero although outcomes are printed above it."""
    if not cells["total_handled", "total"].value:
        return False
    for column in _COLUMNS:
        cells["total_handled", column].show(0)
    return True


def _wrong_outcome(rng: Random, cells: dict[tuple[str, str], Cell]) -> bool:
    row, _ = rng.choice([key for key in cells if key[0] not in ("new_received", "carried_over", "total_handled")])
    for column in ("natural_person", "total"):
        cell = cells[row, column]
        cell.show((cell.value or 0) + SCALE)
    return True


def _shifted_row(rng: Random, cells: dict[tuple[str, str], Cell]) -> bool:
    """The figures of a row typed one column too far right."""
    busy = [row for (row, column), cell in cells.items() if column == "natural_person" and cell.value]
    if not busy:
        return False
    row = rng.choice(busy)
    values = [cells[row, column].value or 0 for column in _COLUMNS]
    for column, value in zip(_COLUMNS, [0, *values[:-1]], strict=True):
        cells[row, column].show(value)
    return True


def _extra_row(table: Table, like: Row, label: str, values: list[int], key: str) -> Row:
    """A row that the form does not have, with as many values as the row it stands beside."""
    cells = []
    for value, other in zip(values, like.cells, strict=True):
        spec = other.spec
        own = CellSpec(
            spec.template, spec.table_key, key, spec.column_key, spec.row_group, label, spec.column_label, spec.unit
        )
        cells.append(Cell(own, value, number_text(value)))
    slots = [Slot(label), *(Slot("", 1, cell, True) for cell in cells)]
    return Row(slots, cells=cells)


def added_rows(draft: Draft) -> bool:
    """A row of the body's own: documents of other kinds, or one more channel of publication."""
    for table in draft.tables:
        if table.table_key == "active_disclosure" and table.sub_table == "第二十条第（一）项":
            values = [draft.rng.randrange(60) * SCALE for _ in table.rows[-1].cells]
            label = draft.rng.choice(("其他主动公开文件", "党务公开文件", "其他政策文件"))
            table.rows.append(_extra_row(table, table.rows[-1], label, values, "x_1"))
            return True
        if table.table_key == "statistics":
            keys = [row.cells[0].spec.row_key if row.cells else "" for row in table.rows]
            at = keys.index("channel_other")
            label = draft.rng.choice(("公开查阅点公开政府信息数", "新闻媒体公开政府信息数", "新闻发布会公开政府信息数"))
            row = _extra_row(table, table.rows[at], "5." + label, [draft.rng.randrange(80) * SCALE], "x_1")
            row.slots.insert(1, Slot("条"))
            table.rows[at].slots[0].text = "6.其他方式公开政府信息数"
            table.rows.insert(at, row)
            return True
    return False


def stated_subtotals(draft: Draft) -> bool:
    """The group headings （三）（四）（五） carry figures of their own."""
    for table in draft.tables:
        if table.table_key == "applications":
            _state_subtotals(table)
            return True
    return False


def _state_subtotals(table: Table) -> None:
    rows: list[Row] = []
    number = 0
    for row in table.rows:
        labels = row.labels
        if not row.is_header and len(labels) == 2 and row.cells[0].spec.row_group.count("/") == 1:
            number += 1
            children = [r for r in table.rows if r.cells and r.cells[0].spec.row_group == row.cells[0].spec.row_group]
            sums = [sum(r.cells[i].value or 0 for r in children) for i in range(7)]
            heading = Row([row.slots[0]], cells=[])
            extra = _extra_row(table, row, labels[0].text, sums, f"x_{number}")
            extra.slots[0].columns = 2
            heading.slots.extend(extra.slots)
            heading.cells = extra.cells
            row.slots[0] = Slot("", continues=row.slots[0].continues or row.slots[0])
            group = row.slots[1]
            row.slots[1] = Slot("", continues=extra.slots[0])
            for child in children[1:]:
                child.slots[1].continues = extra.slots[0]
            assert group.text == labels[0].text
            rows.append(heading)
        rows.append(row)
    table.rows = rows


def subtotal_column(draft: Draft) -> bool:
    """A column 小计 for the organisations, which the form does not have."""
    for table in draft.tables:
        if table.table_key != "applications":
            continue
        for row in table.rows:
            if row.cells:
                value = sum(cell.value or 0 for cell in row.cells[1:6])
                row.slots.insert(len(row.slots) - 1, Slot(number_text(value), is_value=True))
        top, middle, bottom = (row for row in table.rows if row.is_header)
        top.slots[-1].columns = 8
        middle.slots[2].columns = 6
        bottom.slots.insert(len(bottom.slots) - 1, Slot("小计"))
        table.value_columns = 8
        return True
    return False


def empty_table(draft: Draft) -> bool:
    """A table of the form that nobody filled in."""
    tables = [table for table in draft.tables if any(row.cells for row in table.rows)]
    if not tables or draft.keeps(LOST, COLUMNS):
        return False
    for cell in draft.rng.choice(tables).cells:
        cell.obscure(BLANK, None, "")
    return True


def table_absent(draft: Draft) -> bool:
    """A table is left out: a picture, an attachment, or nothing stands under the heading."""
    sections = [section for section in draft.sections if section.tables]
    if not sections:
        return False
    section = draft.rng.choice(sections)
    section.tables = []
    note = draft.rng.choice(("", "（点击查看附件：统计表.xls）", "详见附件1、附件2。", "本年度共3项，具体数据见附表。"))
    section.before = [note] if note else []
    return True
