"""The statutory forms as data: which rows and columns every table of every generation has, and how they are worded.

Belongs here: loading data/cells.csv (the cells, contract of the dataset) and data/label_variants.csv (other wordings
seen in published reports) into frozen objects. Does not belong here: matching them against a report (pipeline/tabulate).
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

FORM_MONEY_UNITS = {("2014", "statistics"): "万元", ("2021", "active_disclosure"): "万元"}
"""The unit that the form itself prints for a figure of money (field.md §1.2, §1.4), taken where a report prints none. The
2019 form prints none (§0.1 no. 7): there a figure without unit is unreadable."""
SIGNED_COLUMN = "items_change"
ORGANISATIONS = "法人或其他组织/"
"""What cells.csv puts before the label of an organisation column: the header cell above it in the form."""


@dataclass(frozen=True)
class FormRow:
    """One row of a form: `parents` is the path of headings above it, `label` its wording in the form."""

    key: str
    label: str
    parents: tuple[str, ...]
    column_keys: tuple[str, ...]
    column_labels: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One table (in active_disclosure: sub-table) of one generation, always read as a whole."""

    template: str
    table_key: str
    sub_table: str | None
    rows: tuple[FormRow, ...]

    @property
    def cell_count(self) -> int:
        return sum(len(row.column_keys) for row in self.rows)


@dataclass(frozen=True)
class LabelVariant:
    """Another wording of a row, column, heading or header cell. `kind`: row | column | head | header."""

    table_key: str
    kind: str
    key: str
    label: str


def read_data(name: str) -> list[dict[str, str]]:
    """Rows of one CSV file in schemas/data as dictionaries, in file order."""
    text = resources.files("schemas").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def all_forms() -> tuple[Form, ...]:
    """Every form, in the order of cells.csv; a sub-table of active_disclosure is a form of its own."""
    grouped: dict[tuple[str, str, str | None], dict[str, list[dict[str, str]]]] = {}
    for cell in read_data("cells.csv"):
        sub_table = cell["row_group"] if cell["table_key"] == "active_disclosure" else None
        rows = grouped.setdefault((cell["template"], cell["table_key"], sub_table), {})
        rows.setdefault(cell["row_key"], []).append(cell)
    return tuple(
        Form(template, table_key, sub_table, tuple(_row(key, cells) for key, cells in rows.items()))
        for (template, table_key, sub_table), rows in grouped.items()
    )


def _row(key: str, cells: list[dict[str, str]]) -> FormRow:
    first = cells[0]
    return FormRow(
        key,
        first["row_label_zh"],
        tuple(part for part in first["row_group"].split("/") if part),
        tuple(cell["column_key"] for cell in cells),
        tuple(cell["column_label_zh"] for cell in cells),
        tuple(cell["unit"] for cell in cells),
    )


@cache
def form(template: str, table_key: str, sub_table: str | None = None) -> Form:
    """The form with these keys. Raises KeyError if no generation has it."""
    for candidate in all_forms():
        if (candidate.template, candidate.table_key, candidate.sub_table) == (template, table_key, sub_table):
            return candidate
    raise KeyError((template, table_key, sub_table))


@cache
def label_variants() -> tuple[LabelVariant, ...]:
    """Every other wording, in the order of label_variants.csv."""
    return tuple(LabelVariant(v["table_key"], v["kind"], v["key"], v["label"]) for v in read_data("label_variants.csv"))


# Headings of the applications table that some bodies fill with subtotals (field.md §1.3 "In some copies the header
# rows … carry numbers"): kept as rows that the form does not have.
SUBTOTAL_ROWS = {
    "不予公开": "x_refused",
    "无法提供": "x_unavailable",
    "不予处理": "x_not_processed",
    "其他处理": "x_other",
}
OUTCOMES_OF_SUBTOTAL = {
    "x_refused": "refused_",
    "x_unavailable": "unavailable_",
    "x_not_processed": "not_processed_",
    "x_other": "other_",
}


@cache
def sub_table_of_row(row_key: str) -> str | None:
    """The 第二十条第（X）项 under which a row of active_disclosure stands; None for a row of no form."""
    for candidate in all_forms():
        if candidate.table_key == "active_disclosure" and any(row.key == row_key for row in candidate.rows):
            return candidate.sub_table
    return None


@dataclass(frozen=True)
class CellKeys:
    """Row key, column key and unit of every cell of a form, in its order."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]


@cache
def cell_keys(form: Form) -> CellKeys:
    """The keys of a form's cells as parallel tuples."""
    cells = [(row.key, key, unit) for row in form.rows for key, unit in zip(row.column_keys, row.units, strict=True)]
    return CellKeys(tuple(c[0] for c in cells), tuple(c[1] for c in cells), tuple(c[2] for c in cells))


@cache
def sub_tables() -> tuple[str, ...]:
    """The 第二十条第（X）项 of active_disclosure in the order of the form."""
    return tuple(dict.fromkeys(candidate.sub_table for candidate in all_forms() if candidate.sub_table))


LABEL_COLUMNS = {"applications": 3, "active_disclosure": 1, "disputes": 0, "statistics": 2}
"""Columns of a table's grid that stand before its values, as the forms are drawn."""


@cache
def row_depth(table_key: str, row_key: str) -> int:
    """In which label column of the drawn form a row's label stands: 0 for 一、, 1 for （一）, 2 for 1.; 0 if unknown."""
    for candidate in all_forms():
        for row in candidate.rows if candidate.table_key == table_key == "applications" else ():
            if row.key == row_key:
                return len(row.parents)
    return 0
