"""pandera models, derived from the dictionary.

Belongs here: the checks that every row of a published table must pass by itself. Does not belong here: rules between
rows or tables (pipeline/publish/validate.py).
"""

from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.arrow import ARROW_TYPES
from schemas.tables import DECLARED, Column, Table


@cache
def frame_model(table: str) -> pa.DataFrameSchema:
    """The pandera model of a published table, for frames whose columns are Arrow-backed (`types_mapper=pd.ArrowDtype`)."""
    declared = DECLARED[table]
    checks = [check for _, check in _row_checks(declared)]
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in declared.columns},
        checks=checks,
        strict=True,
        ordered=True,
        name=table,
        description=declared.description,
    )


@cache
def values_model(table: str) -> pa.DataFrameSchema:
    """The part of the model that looks at one value at a time: the columns with a closed set of values.

    A frame with every different value of each of these columns passes exactly if all rows do.
    """
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in DECLARED[table].columns if column.values}, strict=True, name=table
    )


@cache
def rows_model(table: str) -> pa.DataFrameSchema:
    """The part of the model that looks at rows: the rules between columns, and the columns that they look at."""
    rules = _row_checks(DECLARED[table])
    needed = {name for names, _ in rules for name in names}
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in DECLARED[table].columns if column.name in needed},
        checks=[check for _, check in rules],
        strict=True,
        name=table,
    )


def _column(column: Column) -> pa.Column:
    return pa.Column(
        pd.ArrowDtype(ARROW_TYPES[column.type]),
        [pa.Check.isin(column.values)] if column.values else [],
        nullable=column.nullable,
        required=True,
        description=column.description,
    )


def _row_checks(table: Table) -> list[tuple[tuple[str, ...], pa.Check]]:
    """Rules between the columns of one row, each with the columns that it looks at."""
    names = table.column_names
    checks: list[tuple[tuple[str, ...], pa.Check]] = []
    if "char_start" in names and "char_end" in names:
        checks.append(
            (
                ("char_start", "char_end"),
                pa.Check(
                    lambda frame: ((frame["char_start"] >= 0) & (frame["char_start"] <= frame["char_end"])).fillna(
                        True
                    ),
                    name="span_is_ordered",
                ),
            )
        )
    if "value_state" in names:
        checks.append(
            (
                ("value", "value_state"),
                pa.Check(
                    lambda frame: frame["value"].notna() == (frame["value_state"] == "reported"),
                    name="value_exactly_when_reported",
                ),
            )
        )
    if table.name == "statements":
        checks.append(
            (
                ("is_plan", "metric_key"),
                pa.Check(
                    lambda frame: ~(frame["is_plan"] & frame["metric_key"].notna()),
                    name="plan_has_no_metric",
                ),
            )
        )
        checks.append(
            (
                ("parent_statement_no", "statement_no"),
                pa.Check(
                    lambda frame: (frame["parent_statement_no"] != frame["statement_no"]).fillna(True),
                    name="no_part_of_itself",
                ),
            )
        )
    if table.name == "files":
        checks.append(
            (
                ("reason", "status"),
                pa.Check(
                    lambda frame: frame["reason"].isna() == (frame["status"] == "parsed"),
                    name="reason_exactly_when_not_parsed",
                ),
            )
        )
    return checks
