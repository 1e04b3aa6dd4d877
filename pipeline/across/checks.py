"""All checks across reports as rows of the table `checks`.

Belongs here: putting the rows of years.py and copies.py into the columns of `checks`. Does not belong here: the checks
themselves, where the rows are written (pipeline/publish).

One new report can change what is said of others (renew.py knows of which).
"""

from collections.abc import Collection
from typing import NamedTuple

import duckdb
import numpy
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.across.copies import MIN_SHINGLES, SAME, compared, most_similar
from pipeline.across.keys import ACROSS, OTHER, OWN
from pipeline.across.sketch import CLASSES
from pipeline.across.years import check_years
from pipeline.arrays import decimals
from pipeline.check.outcome import severities
from pipeline.tabulate.values import SCALE
from schemas.arrow import arrow_schema

_NO_BODY = "the body or the year is not known"
_TOO_SHORT = f"there are fewer than {MIN_SHINGLES} different runs of five characters to compare"

_REPORTS = """
select report_id, dense_rank() over (order by body_id) as body, report_year, shingles, sketch
from reports_across join sketches_across using (report_id)
where is_current and body_id is not null and report_year is not null order by report_id
"""
_UNKNOWN = """
select report_id from reports_across where is_current and (body_id is null or report_year is null) order by report_id
"""


class _Prose(NamedTuple):
    """The reports that can be compared, one row each, ordered by report_id."""

    report_ids: pa.Array
    bodies: numpy.ndarray
    years: numpy.ndarray
    shingles: numpy.ndarray
    sketches: numpy.ndarray


def check_across(connection: duckdb.DuckDBPyConnection, keys: Collection[str] = ACROSS) -> pa.Table:
    """The rows of these checks across reports, with the schema of `checks`, ordered by report and check.

    Of the checks of years, all are made or none. `connection` has the relations reports_across, cells_across, indicators_across and sketches_across: the tables of
    those names with all their rows.
    """
    prose = _prose(connection)
    parts = [check_years(connection)] if not {OWN, OTHER}.issuperset(keys) else []
    if OWN in keys:
        parts.append(_own_previous_year(prose))
    if OTHER in keys:
        unknown = connection.sql(_UNKNOWN).to_arrow_table().column("report_id").combine_chunks()
        nothing = numpy.zeros(len(unknown))
        no_other = pa.nulls(len(unknown), pa.string())
        parts += [_other_body(prose), _copies(OTHER, unknown, nothing, no_other, nothing < 0, _NO_BODY)]
    connection.register("across", pa.concat_tables(parts, promote_options="permissive"))
    severity = ", ".join(f"'{key}': '{severities()[key]}'" for key in ACROSS)
    rows = connection.sql(
        f"select *, map {{{severity}}}[check_key] as severity, left_value - right_value as difference "
        "from across order by report_id, check_no"
    ).to_arrow_table()
    schema = arrow_schema("checks")
    return rows.select(schema.names).cast(schema)


def _prose(connection: duckdb.DuckDBPyConnection) -> _Prose:
    rows = connection.sql(_REPORTS).to_arrow_table().combine_chunks()
    sketches = numpy.frombuffer(b"".join(rows.column("sketch").to_pylist()), dtype="<u2").reshape(-1, CLASSES)
    bodies, years, shingles = (
        rows.column(name).to_numpy().astype(numpy.int64) for name in ("body", "report_year", "shingles")
    )
    return _Prose(pc.cast(rows.column("report_id"), pa.string()).combine_chunks(), bodies, years, shingles, sketches)


def _own_previous_year(prose: _Prose) -> pa.Table:
    """A row for every report whose body reported on the year before."""
    place = prose.bodies * 10_000 + prose.years
    order = numpy.argsort(place, kind="stable")
    if not len(order):
        return _copies(OWN, prose.report_ids, place, prose.report_ids, place < 0, _TOO_SHORT)
    found = numpy.minimum(numpy.searchsorted(place, place - 1, sorter=order), len(order) - 1)
    before = order[found]
    has = place[before] == place - 1
    one, before = numpy.flatnonzero(has), before[has]
    long = numpy.minimum(prose.shingles[one], prose.shingles[before]) >= MIN_SHINGLES
    similar = compared(prose.sketches, prose.shingles, one, before)
    others = prose.report_ids.take(pa.array(before))
    return _copies(OWN, prose.report_ids.take(pa.array(one)), similar, others, long, _TOO_SHORT)


def _other_body(prose: _Prose) -> pa.Table:
    """A row for every report; one that is like no other of its year has no similarity and no other report."""
    best = most_similar(prose.sketches, prose.shingles, prose.years)
    others = prose.report_ids.take(pa.array(best.other, mask=best.other < 0))
    long = prose.shingles >= MIN_SHINGLES
    return _copies(OTHER, prose.report_ids, best.similarity, others, long, _TOO_SHORT)


def _copies(
    key: str, report_ids: pa.Array, similar: numpy.ndarray, others: pa.Array, assessable: numpy.ndarray, why_not: str
) -> pa.Table:
    """Rows of one of the two checks. A similarity of 0 stands for none that was found."""
    count = len(report_ids)
    known = assessable & (similar > 0)
    outcome = numpy.where(~assessable, "not_assessable", numpy.where(similar >= SAME, "fail", "pass"))
    left = decimals(
        [round(value * SCALE) if is_known else None for value, is_known in zip(similar, known, strict=True)]
    )
    right = decimals([round(SAME * SCALE) if is_known else None for is_known in known])
    return pa.table(
        {
            "report_id": report_ids,
            "check_key": pa.array([key] * count, pa.string()),
            "table_key": pa.nulls(count, pa.string()),
            "row_key": pa.nulls(count, pa.string()),
            "column_key": pa.nulls(count, pa.string()),
            "outcome": pa.array(outcome.tolist(), pa.string()),
            "left_value": left,
            "right_value": right,
            "detail": pa.array([None if can else why_not for can in assessable], pa.string()),
            "other_report_id": others,
            "check_no": pa.array(numpy.full(count, 2000 + ACROSS.index(key)), pa.int64()),
        }
    )
