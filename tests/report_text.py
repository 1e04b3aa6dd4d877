"""Writes whole reports from a few figures, and reads what the parser made of them: the tools of the parsing tests.

Belongs here: the forms of 2019 and 2021 as blocks of printed rows, the layouts L1 (`tab_cell`) and L2 (`tab_row`) of
field.md §6.1, and one record per parsed cell. Does not belong here: any test. The words of the forms come from
contract/cells.csv; nothing of the parser's own code is used to write.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pipeline.read.document import make_document
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.tables import tabulate

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
CELLS_CSV = ROOT / "schemas" / "data" / "cells.csv"
TABLES = ("active_disclosure", "applications", "disputes")
HEADINGS = {
    "active_disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "statistics": "政府信息公开情况统计表",
}
IDENTITY = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
TITLE = "青石镇人民政府{year}年政府信息公开工作年度报告"
LABEL_CELLS = {"active_disclosure": 1, "applications": 3, "disputes": 0}

Key = tuple[str, str, str]
"""(table_key, row_key, column_key)."""
Printed = dict[Key, str]
"""What is printed in every cell of a form."""
CellRows = Iterable[dict[str, str]]


# -- what is written --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """One printed row (labels, then values) or, with `text`, a line outside the tables."""

    table_key: str = ""
    row_key: str = ""
    labels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    text: str | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        return self.labels + self.values


Blocks = list[Block]


def form_cells(template: str) -> list[dict[str, str]]:
    """Rows of cells.csv of one form, in its order."""
    with CELLS_CSV.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["template"] == template]


FORMS = {template: form_cells(template) for template in ("2019", "2021", "2014")}


KEY = ("table_key", "row_key", "column_key")


def keys(template: str) -> list[Key]:
    """The keys of all cells of a form."""
    return [(cell["table_key"], cell["row_key"], cell["column_key"]) for cell in FORMS[template]]


def filled(template: str, fill: str = "0", **changes: str) -> Printed:
    """A form with the same text in every cell but those named: `applications__granted__total="6"`."""
    printed = dict.fromkeys(keys(template), fill)
    for name, text in changes.items():
        key = tuple(name.split("__"))
        assert key in printed, f"the {template} form has no cell {key}"
        printed[key] = text  # type: ignore[index]
    return printed


def numbered(template: str, first: int = 1001) -> Printed:
    """A form with a different number in every cell: a value that comes back names the cell it was printed in."""
    money = {tuple(cell[name] for name in KEY) for cell in FORMS[template] if cell["unit"] == "元"}
    return {key: f"{number}{'元' if key in money else ''}" for number, key in enumerate(keys(template), first)}


def blocks(template: str, printed: Printed, tables: Iterable[str] = TABLES, prose: bool = True) -> Blocks:
    """A whole report: headings, some prose, and the tables."""
    year = {"2019": "2020", "2021": "2022", "2014": "2016"}[template]
    if template == "2014":
        tables = ["statistics"]
    page: Blocks = []
    if prose:
        page += [_line(TITLE.format(year=year)), _line("一、总体情况"), _line(f"{year}年，我镇主动公开政府信息128条。")]
    for table_key in tables:
        page.append(_line(HEADINGS[table_key]))
        page += list(TABLE_WRITERS[table_key](template, printed))
    if prose:
        page += [_line("五、存在的主要问题及改进情况"), _line("公开的内容还不够全面。")]
        page += [_line("六、其他需要报告的事项"), _line("无。")]
    return page


def _line(text: str) -> Block:
    return Block(text=text)


def _rows(template: str, table_key: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for cell in FORMS[template]:
        if cell["table_key"] == table_key:
            rows.setdefault((cell["row_group"], cell["row_key"]), []).append(cell)
    return rows


def _values(printed: Printed, cells: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(printed[cell["table_key"], cell["row_key"], cell["column_key"]] for cell in cells)


def active_disclosure(template: str, printed: Printed) -> Iterator[Block]:
    """The sub-tables of section two, each with its heading and header row."""
    seen = ""
    for (sub_table, row_key), cells in _rows(template, "active_disclosure").items():
        if sub_table != seen:
            yield Block("active_disclosure", f"sub_table:{sub_table}", (sub_table,))
            header = ("信息内容", *(cell["column_label_zh"] for cell in cells))
            yield Block("active_disclosure", f"header:{sub_table}", header)
            seen = sub_table
        yield Block("active_disclosure", row_key, (cells[0]["row_label_zh"],), _values(printed, cells))


def applications(template: str, printed: Printed) -> Iterator[Block]:
    """The table of section three: a three-line header, then a row per outcome; merged cells continue as empty ones."""
    yield Block("applications", "header:1", (IDENTITY, "申请人情况"))
    yield Block("applications", "header:2", ("", "自然人", "法人或其他组织", "总计"))
    organisations = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    yield Block("applications", "header:3", ("", "", *organisations, ""))
    above: tuple[str, ...] = ()
    for (group, row_key), cells in _rows(template, "applications").items():
        parents = tuple(part for part in group.split("/") if part)
        known = [old == new for old, new in zip(above, parents, strict=False)]
        labels = tuple(
            "" if place < len(known) and all(known[: place + 1]) else part for place, part in enumerate(parents)
        )
        yield Block("applications", row_key, (*labels, cells[0]["row_label_zh"]), _values(printed, cells))
        above = parents


def disputes(template: str, printed: Printed) -> Iterator[Block]:
    """The table of section four: a three-line header and one row of fifteen values."""
    five = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    yield Block("disputes", "header:1", ("行政复议", "行政诉讼"))
    yield Block("disputes", "header:2", (*five, "未经复议直接起诉", "复议后起诉"))
    yield Block("disputes", "header:3", ("",) * 5 + five + five)
    values = tuple(text for cells in _rows(template, "disputes").values() for text in _values(printed, cells))
    yield Block("disputes", "values", (), values)


def statistics(template: str, printed: Printed) -> Iterator[Block]:
    """The table of 2014: indicator, unit, figure; headings have a dash for a unit and no figure."""
    yield Block("statistics", "header:1", ("统计指标", "单位", "统计数"))
    seen: set[str] = set()
    for (group, row_key), cells in _rows(template, "statistics").items():
        for heading in group.split("/"):
            if heading and heading not in seen:
                seen.add(heading)
                yield Block("statistics", f"head:{heading}", (heading, "——"), ("",))
        label = cells[0]["row_label_zh"]
        seen.add(label)
        unit = cells[0]["unit"].replace("元", "万元")
        yield Block("statistics", row_key, (label, unit), _values(printed, cells))


TABLE_WRITERS: dict[str, Callable[[str, Printed], Iterator[Block]]] = {
    "active_disclosure": active_disclosure,
    "applications": applications,
    "disputes": disputes,
    "statistics": statistics,
}


# -- how it is laid out -----------------------------------------------------------------------------------------------


def tab_cell(page: Blocks) -> str:
    """L1: a cell per line behind a TAB, an empty line after each row."""
    lines = []
    for block in page:
        lines += [block.text] if block.text is not None else [f"\t{cell}" for cell in block.cells] + [""]
    return "\n".join(lines) + "\n"


def tab_row(page: Blocks, pads: bool = True) -> str:
    """L2: a row per line, TAB between cells; `pads`: cells merged with their left neighbour are there and empty."""
    lines = []
    for block in page:
        if block.text is not None:
            lines.append(block.text)
            continue
        labels = block.labels
        if pads and block.values and block.table_key == "applications":
            labels += ("",) * (LABEL_CELLS["applications"] - len(labels))
        cells = (*labels, *block.values)
        if block.table_key == "active_disclosure":
            cells += ("",) * (4 - len(cells))
        elif not block.values:
            cells = _spread(block)
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _spread(block: Block) -> tuple[str, ...]:
    """Header rows with their merged cells spread, as seed 002 has them."""
    labels = block.labels
    return {
        ("applications", "header:1"): (*labels[:1], "", "", *labels[1:], *[""] * 6),
        ("applications", "header:2"): ("", "", "", *labels[1:3], *[""] * 4, *labels[3:]),
        ("applications", "header:3"): ("", "", "", "", *labels[2:]),
        ("disputes", "header:1"): (*labels[:1], *[""] * 4, *labels[1:], *[""] * 9),
        ("disputes", "header:2"): (*labels[:6], *[""] * 4, *labels[6:], *[""] * 4),
    }.get((block.table_key, block.row_key), labels)


LAYOUTS: dict[str, Callable[[Blocks], str]] = {"tab_cell": tab_cell, "tab_row": tab_row}


def place(page: Blocks, row_key: str, table_key: str | None = None) -> int:
    """Where the block of a row stands on the page."""
    found = [
        number
        for number, block in enumerate(page)
        if block.row_key == row_key and (table_key is None or block.table_key == table_key)
    ]
    assert len(found) == 1, f"{row_key} stands {len(found)} times on the page"
    return found[0]


def edit(page: Blocks, row_key: str, table_key: str | None = None, **changes: object) -> Blocks:
    """The page with one row changed (`labels`, `values`)."""
    number = place(page, row_key, table_key)
    return [*page[:number], replace(page[number], **changes), *page[number + 1 :]]  # type: ignore[arg-type]


# -- what was read ----------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """One parsed cell."""

    state: str
    value: Decimal | None
    raw_text: str | None
    char_start: int | None
    char_end: int | None
    unit: str
    row_label: str | None
    column_label: str | None
    template: str


REFUSED = frozenset({"unreadable", "missing", "unrecoverable"})


def tables(text: str) -> list[TableReading]:
    """The tables of a text."""
    return tabulate(make_document(text, "text/plain", "utf-8"))


def cells_of(readings: Iterable[TableReading]) -> dict[Key, Cell]:
    """Every cell by its key. A key that stands twice is an error."""
    found: dict[Key, Cell] = {}
    for reading in readings:
        columns = zip(
            reading.row_keys,
            reading.column_keys,
            reading.states,
            reading.values,
            reading.raw_texts,
            reading.starts,
            reading.ends,
            reading.units,
            reading.row_labels,
            reading.column_labels,
            strict=True,
        )
        for row_key, column_key, state, value, *others in columns:
            key = (reading.table_key, row_key, column_key)
            assert key not in found, f"{key} stands twice"
            number = None if value is None else Decimal(value) / 10_000
            assert (number is not None) == (state == "reported"), f"{key} is {state} with value {number}"
            found[key] = Cell(state, number, *others, reading.template)
    return found


def read(text: str) -> dict[Key, Cell]:
    """Every cell of a text."""
    return cells_of(tables(text))


def figures(cells: dict[Key, Cell], table_key: str, row_key: str) -> list[object]:
    """A row as numbers; what is no number as its state."""
    return [
        cell.state if cell.value is None else int(cell.value) if cell.value == int(cell.value) else cell.value
        for (table, row, _), cell in cells.items()
        if (table, row) == (table_key, row_key)
    ]


def same_as_printed(found: dict[Key, Cell], printed: Printed) -> None:
    """Every cell of the form is there with the number printed in it, and no other cell."""
    assert {key: str(cell.value) for key, cell in found.items()} == {
        key: text.rstrip("元") for key, text in printed.items()
    }


def wrong_values(found: dict[Key, Cell], printed: Printed) -> dict[Key, Cell]:
    """Cells with a number that is not printed in them, numbers in cells that the form does not have included."""
    return {
        key: cell
        for key, cell in found.items()
        if cell.value is not None and str(cell.value) != printed.get(key, "").rstrip("元")
    }
