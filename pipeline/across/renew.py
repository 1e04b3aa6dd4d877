"""The checks across reports when few reports changed.

Belongs here: which of the rows can be other than before, and making those anew. Does not belong here: the checks
(checks.py), where the rows are read and written (pipeline/publish).

What is said of a report beside the same body's other years depends on the reports of that body; what is said of it beside
other bodies depends on the reports of its year. So only bodies and years of reports that came, went or changed are looked
at; which version of a report is the current one changes nowhere else.
"""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.across.checks import check_across
from pipeline.across.keys import ACROSS, OTHER

RELATIONS = ("reports", "cells", "indicators", "sketches")
_OWN = tuple(key for key in ACROSS if key != OTHER)

_TOUCHED = """
create or replace temp table touched as
select distinct report_id, body_id, report_year from (
    select report_id, body_id, report_year from reports_all union all select report_id, body_id, report_year from reports_before)
where split_part(report_id, '-', 1) in (select short_id from changed_across)
"""
_LOOKED_AT = """
create or replace temp table looked_at_{by} as
select report_id from reports_all where {by} in (select {by} from touched) union select report_id from touched
"""


def check_all(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """All rows, from the relations reports_all, cells_all, indicators_all and sketches_all: as `check_across`."""
    for name in RELATIONS:
        connection.execute(f"create or replace temp view {name}_across as select * from {name}_all")
    return check_across(connection)


def renew(connection: duckdb.DuckDBPyConnection, before: pa.Table, changed: list[str]) -> pa.Table:
    """The same rows as `check_all`, most of them taken from `before`, the rows that were made of `reports_before`.

    `changed` has the first 16 digits of file_id of every content whose reports came, went or changed since then;
    `connection` has the relations of `check_all` and reports_before.
    """
    connection.register("changed_across", pa.table({"short_id": pa.array(changed, pa.string())}))
    connection.execute(_TOUCHED)
    parts = []
    for by, keys in (("body_id", _OWN), ("report_year", (OTHER,))):
        connection.execute(_LOOKED_AT.format(by=by))
        for name in RELATIONS:
            connection.execute(
                f"create or replace temp view {name}_across as "
                f"select * from {name}_all where report_id in (select report_id from looked_at_{by})"
            )
        looked_at = connection.sql(f"select report_id from looked_at_{by}").to_arrow_table().column("report_id")
        mine = pc.is_in(before.column("check_key"), value_set=pa.array(keys))
        new = pc.is_in(before.column("report_id"), value_set=looked_at)
        parts += [before.filter(pc.and_not(mine, new)), check_across(connection, keys)]
    rows = pa.concat_tables(parts)
    # Rows of one check of one report stand in their order already, in one of the parts: sorting keeps it.
    rank = pc.index_in(rows.column("check_key"), value_set=pa.array(ACROSS))
    order = pc.sort_indices(
        pa.table({"report_id": rows.column("report_id"), "rank": rank}),
        sort_keys=[("report_id", "ascending"), ("rank", "ascending")],
    )
    return rows.take(order)
