"""The result of a SQL query as a table.

Belongs here: running one query and drawing its rows. Does not belong here: opening the dataset (database.py).
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from pipeline.errors import GongkaiError
from pipeline.present.database import open_dataset, query_error
from pipeline.present.words import show_value

MAX_ROWS = 1_000
_NUMBERS = (int, float, Decimal)


def run_query(sql: str, out: Path) -> tuple[list[str], list[tuple[object, ...]], bool]:
    """(column names, rows, whether there are more rows than MAX_ROWS). Raises GongkaiError for bad SQL."""
    if not sql.strip():
        raise GongkaiError("the query is empty")
    if sql.encode("utf-8", "replace").decode() != sql:
        raise GongkaiError("the query is not UTF-8")
    with open_dataset(out) as connection:
        try:
            relation = connection.execute(sql)
            names = [column[0] for column in relation.description or ()]
            rows = relation.fetchmany(MAX_ROWS + 1) if names else []
        except (duckdb.Error, ValueError, OverflowError) as error:  # the latter two: values that Python has no type for
            raise query_error(error) from None
    return names, rows[:MAX_ROWS], len(rows) > MAX_ROWS


def draw_rows(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
    """Rows as a table; numbers to the right, nothing for null."""
    table = Table(header_style="bold", pad_edge=False, box=SIMPLE)
    for position, name in enumerate(names):
        numeric = any(isinstance(row[position], _NUMBERS) and not isinstance(row[position], bool) for row in rows)
        table.add_column(Text(show_value(name)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(show_value(value)) for value in row))
    return table
