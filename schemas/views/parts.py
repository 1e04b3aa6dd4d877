"""What the declarations of views are made of.

Belongs here: the record View, columns that many views share, labels of the forms. Does not belong here: any view
(declared.py, findings.py, lookup.py).
"""

import re
from dataclasses import dataclass
from importlib import resources

from schemas import forms
from schemas.tables import REPORTS, Column

COUNT = "DECIMAL(18,4)"
BLANK = "null where the cell has no number"
_VALUES_OF = re.compile(r"values_of\((\w+)\)")


@dataclass(frozen=True)
class View:
    """One view. What it is asked for, with a query each, is in data/guide.csv."""

    name: str
    description: str
    columns: tuple[Column, ...]

    @property
    def sql(self) -> str:
        """The query that makes it. `values_of(x)` in its file stands for the rows of data/x.csv."""
        text = resources.files("schemas").joinpath("views", f"{self.name}.sql").read_text(encoding="utf-8")
        return _VALUES_OF.sub(lambda found: _values(found[1]), text)


def _values(name: str) -> str:
    rows = forms.read_data(f"{name}.csv")
    lines = ", ".join(
        "(" + ", ".join("'" + word.replace("'", "''") + "'" for word in row.values()) + ")" for row in rows
    )
    return f"(values {lines}) {name} ({', '.join(rows[0])})"


def report(*names: str) -> tuple[Column, ...]:
    """Columns of `reports`, as they are described there."""
    declared = {column.name: column for column in REPORTS.columns}
    return tuple(declared[name] for name in names)


def labels(kind: str, table_key: str) -> dict[str, tuple[str, str]]:
    """Key → (label, description) in English."""
    return {
        row["key"]: (row["label_en"], row["description_en"])
        for row in forms.read_data("cell_labels_en.csv")
        if (row["kind"], row["table_key"]) == (kind, table_key)
    }


def count(name: str, description: str, unit: str = "件") -> Column:
    """A number of a table; null where none is printed."""
    return Column(name, COUNT, description, True, unit)


def share(name: str, description: str) -> Column:
    """A part of a whole."""
    return Column(name, "DOUBLE", description, True, "0 to 1")


def number(name: str, description: str) -> Column:
    """A number of rows or cells; never null."""
    return Column(name, "BIGINT", description)


PLACE = report(
    "report_id", "body_id", "body_name", "body_kind", "admin_level", "province", "city", "county", "region_code", "report_year"
)  # fmt: skip
CURRENT = report("is_current")
