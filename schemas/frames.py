"""pandera models, derived from the dictionary.

Belongs here: the checks that every row of a published table must pass by itself. Does not belong here: rules between
rows or tables (pipeline/publish/validate.py).
"""

from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.arrow import ARROW_TYPES
from schemas.tables import DECLARED, Table


@cache
def frame_model(table: str) -> pa.DataFrameSchema:
    """The pandera model of a published table, for frames whose columns are Arrow-backed (`types_mapper=pd.ArrowDtype`)."""
    declared = DECLARED[table]
    columns = {}
    for column in declared.columns:
        checks = [pa.Check.isin(column.values)] if column.values else []
        columns[column.name] = pa.Column(
            pd.ArrowDtype(ARROW_TYPES[column.type]),
            checks,
            nullable=column.nullable,
            required=True,
            description=column.description,
        )
    return pa.DataFrameSchema(
        columns, checks=_row_checks(declared), strict=True, ordered=True, name=table, description=declared.description
    )


def _row_checks(table: Table) -> list[pa.Check]:
    """Rules between the columns of one row."""
    names = table.column_names
    checks = []
    if "char_start" in names and "char_end" in names:
        checks.append(
            pa.Check(
                lambda frame: ((frame["char_start"] >= 0) & (frame["char_start"] <= frame["char_end"])).fillna(True),
                name="span_is_ordered",
            )
        )
    if "value_state" in names:
        checks.append(
            pa.Check(
                lambda frame: frame["value"].notna() == (frame["value_state"] == "reported"),
                name="value_exactly_when_reported",
            )
        )
    if table.name == "statements":
        checks.append(
            pa.Check(
                lambda frame: ~(frame["is_plan"] & frame["metric_key"].notna()),
                name="plan_has_no_metric",
            )
        )
        checks.append(
            pa.Check(
                lambda frame: (frame["parent_statement_no"] != frame["statement_no"]).fillna(True),
                name="no_part_of_itself",
            )
        )
    if table.name == "files":
        checks.append(
            pa.Check(
                lambda frame: frame["reason"].isna() == (frame["status"] == "parsed"),
                name="reason_exactly_when_not_parsed",
            )
        )
    return checks
