"""The statutory tables of 2019 and 2021 as grids of labels and cells.

Here belong the shape of the three tables (which labels stand beside and above which cells) and the reading of
cells.csv. The labels of rows and columns come from that file; only what it does not hold, the merged header cells,
is written down here. Tables of other forms are in `statistics`; how a grid becomes text is in `layouts`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from benchmarks.generator.model import SCALE, Cell, CellSpec, Figures, Row, Slot, Table, number_text, wan_text

CELLS_CSV = Path(__file__).resolve().parents[2] / "schemas" / "data" / "cells.csv"

GUIDANCE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
ORGANIZATIONS = "法人或其他组织"
SUB_TABLES = tuple(f"第二十条第（{number}）项" for number in "一五六八九")


@cache
def load_specs() -> Mapping[tuple[str, str], tuple[tuple[CellSpec, ...], ...]]:
    """The cells of every form by (template, table_key), grouped by row, in the order of cells.csv."""
    grouped: dict[tuple[str, str], dict[tuple[str, str], list[CellSpec]]] = {}
    with CELLS_CSV.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            spec = CellSpec(
                line["template"], line["table_key"], line["row_key"], line["column_key"],
                line["row_group"], line["row_label_zh"], line["column_label_zh"], line["unit"],
            )  # fmt: skip
            rows = grouped.setdefault((spec.template, spec.table_key), {})
            rows.setdefault((spec.row_group, spec.row_key), []).append(spec)
    return {key: tuple(tuple(row) for row in rows.values()) for key, rows in grouped.items()}


@cache
def statutory_keys(template: str, table_key: str, sub_table: str | None = None) -> frozenset[tuple[str, str]]:
    """(row_key, column_key) of every cell that a complete table of the form has."""
    rows = load_specs()[template, table_key]
    return frozenset(
        (spec.row_key, spec.column_key) for row in rows for spec in row if sub_table in (None, spec.row_group)
    )


def cells_of(specs: Iterable[CellSpec], figures: Figures) -> list[Cell]:
    """Cells that print their drawn figures."""
    get = figures.get
    return [Cell(spec, value := get(spec.key, 0), number_text(value) if value else "0") for spec in specs]


def value_row(labels: Sequence[Slot], cells: list[Cell]) -> Row:
    """A row of labels followed by value cells."""
    slots = [*labels, *[Slot("", 1, cell, True) for cell in cells]]
    return Row(slots, cells=cells)


def header_row(slots: list[Slot]) -> Row:
    """A row without values."""
    return Row(slots, is_header=True)


def build_disclosure(template: str, sub_table: str, figures: Figures, money_style: str) -> Table:
    """One sub-table of section two. `money_style` says where the unit of the 2019 amount is printed.

    `cell` prints 38万元 or 380000元 in the cell, `header` puts the unit in the column heading; the 2021 form has
    the unit in its heading in any case.
    """
    rows = [row for row in load_specs()[template, "active_disclosure"] if row[0].row_group == sub_table]
    width = 3
    headings = [spec.column_label for spec in rows[0]]
    if rows[0][0].row_key == "procurement" and money_style == "header":
        headings[-1] += "（单位：万元）"
    header = [Slot("信息内容"), *(Slot(heading) for heading in headings)]
    header[-1].columns = width - len(headings) + 1
    grid = [header_row([Slot(sub_table, columns=width + 1)]), header_row(header)]
    for specs in rows:
        cells = cells_of(specs, figures)
        for cell in cells:
            if cell.spec.unit == "元":
                _print_money(cell, money_style)
        row = value_row([Slot(specs[0].row_label)], cells)
        row.slots[-1].columns = width - len(cells) + 1
        grid.append(row)
    return Table(template, "active_disclosure", sub_table, grid, 1, width)


def _print_money(cell: Cell, money_style: str) -> None:
    if not cell.value:
        return
    cell.plain = False
    if cell.spec.template == "2021" or money_style == "header":
        cell.text = wan_text(cell.value)
    elif cell.value % (100 * SCALE) == 0 and money_style == "cell":
        cell.text = wan_text(cell.value) + "万元"
    else:
        cell.text = number_text(cell.value) + "元"


@cache
def _applications_plan(template: str) -> tuple[tuple[tuple[CellSpec, ...], tuple[tuple[str, int, bool], ...]], ...]:
    """For every row its cells and its labels: (text, columns, whether the label is printed in this row)."""
    plan = []
    printed: set[str] = set()
    for row in load_specs()[template, "applications"]:
        groups = row[0].row_group.split("/") if row[0].row_group else []
        labels = [(name, 1, name not in printed) for name in groups]
        printed.update(groups)
        plan.append((row, (*labels, (row[0].row_label, 3 - len(groups), True))))
    return tuple(plan)


def build_applications(template: str, figures: Figures) -> Table:
    """Section three: three label columns, seven value columns, merged cells as in the form."""
    plan = _applications_plan(template)
    grid = _applications_header(plan[0][0])
    printed: dict[str, Slot] = {}
    for specs, names in plan:
        labels = []
        for text, columns, is_printed in names:
            slot = Slot(text, columns) if is_printed else Slot("", columns, continues=printed[text])
            if is_printed:
                printed[text] = slot
            labels.append(slot)
        grid.append(value_row(labels, cells_of(specs, figures)))
    return Table(template, "applications", None, grid, 3, 7)


def _applications_header(first_row: Sequence[CellSpec]) -> list[Row]:
    names = [spec.column_label.split("/")[-1] for spec in first_row]
    guidance, person, total = Slot(GUIDANCE, columns=3), Slot(names[0]), Slot(names[-1])

    def below(slot: Slot) -> Slot:
        return Slot("", columns=slot.columns, continues=slot)

    return [
        header_row([guidance, Slot("申请人情况", columns=7)]),
        header_row([below(guidance), person, Slot(ORGANIZATIONS, columns=5), total]),
        header_row([below(guidance), below(person), *(Slot(name) for name in names[1:-1]), below(total)]),
    ]


def build_disputes(template: str, figures: Figures) -> Table:
    """Section four: one row of fifteen values under three blocks of five headings."""
    rows = load_specs()[template, "disputes"]
    review, *lawsuits = rows
    results = [Slot(spec.column_label) for spec in review]
    grid = [
        header_row([Slot(review[0].row_label, columns=5), Slot("行政诉讼", columns=10)]),
        header_row([*results, *(Slot(row[0].row_label.split("/")[-1], columns=5) for row in lawsuits)]),
        header_row(
            [
                *(Slot("", continues=slot) for slot in results),
                *(Slot(spec.column_label) for row in lawsuits for spec in row),
            ]
        ),
        value_row([], cells_of((spec for row in rows for spec in row), figures)),
    ]
    return Table(template, "disputes", None, grid, 0, 15)
