"""How far the dataset can be trusted, counted.

Belongs here: the queries of the quality page, each giving rows ready to be drawn. Does not belong here: charts
(charts.py), the page (quality_page.py).

Coverage and shares look at the current version of each report only; refused cells and failed checks at all of them.
"""

from typing import NamedTuple

import duckdb

Rows = list[dict[str, object]]

LEVELS = ("national", "province", "city", "county", "township", "unknown")
MAX_YEARS = 20
MOST_IN_NEED = 20
MAX_REASONS = 12
SMALL = 10
"""Bodies that handled fewer requests are left out of shares, as field.md §5.4 asks (their shares jump)."""
UNKNOWN = "?"
"""The year of a report that does not say it."""

_YEAR = f"coalesce(report_year::varchar, '{UNKNOWN}')"
# Each of these looks at a large table once; the queries after them look at these.
_PREPARE = """
create or replace temporary table states as
    select report_id, table_key, value_state, count(*) as cells from cells group by all;
create or replace temporary table totals as
    select report_id, row_key, value from cells where table_key = 'applications' and column_key = 'total';
create or replace temporary table judged as
    select report_id, check_key, bool_or(outcome = 'fail') as failed, bool_or(outcome <> 'not_assessable') as assessed
    from checks group by all;
create or replace temporary table adding_up as
    select report_id from checks where check_key = 'applications_outcomes_sum' and column_key = 'total'
        and outcome in ('pass', 'pass_blank_as_zero');
"""
_COVERAGE = f"""
select {_YEAR} as year, admin_level as level, template as form, count(*) as reports
from reports where is_current group by all order by all
"""
_LAYOUTS = """
with laid_out as (
    select report_id, table_key, if(count(distinct layout) = 1, any_value(layout), 'several layouts') as layout
    from tables group by all),
counted as (
    select layout, value_state as state, sum(cells)::bigint as cells
    from states join laid_out using (report_id, table_key) group by all)
select layout, state, cells, sum(cells) over (partition by layout)::bigint as of_layout, cells / of_layout as share
from counted order by layout, state
"""
_CHECKS = f"""
select check_key, any_value(d.label_en) as label_en, any_value(d.label_zh) as label_zh, any_value(d.severity) as severity,
    {_YEAR} as year, count(*) filter (k.failed) as failed, count(*) filter (k.assessed) as assessed,
    count(*) filter (k.failed) / nullif(count(*) filter (k.assessed), 0) as share
from judged k join reports using (report_id) join dim_checks d using (check_key)
where check_key in (select check_key from judged where failed)
group by check_key, year
order by case any_value(d.severity) when 'error' then 1 when 'warning' then 2 else 3 end, check_key, year
"""
# Denominator: total_handled as printed. Only reports whose outcomes add up to it, so that the shares are of one whole.
_OUTCOMES = f"""
with ended as (
    select report_id, case when row_key like 'refused%' then 'denied'
            when row_key like 'unavailable%' then 'could not be provided'
            when row_key like 'not_processed%' then 'not processed' when row_key like 'other%' then 'otherwise ended'
            when row_key = 'granted' then 'granted' when row_key = 'partly_granted' then 'partly granted' end as outcome,
        value
    from totals where outcome is not null),
handled as (select report_id from totals where row_key = 'total_handled' and value >= {SMALL}),
summed as (
    select {_YEAR} as year, outcome, sum(value)::double as requests, count(distinct report_id) as reports
    from ended join handled using (report_id) join adding_up using (report_id) join reports using (report_id)
    where is_current group by all)
select *, sum(requests) over (partition by year) as handled, requests / nullif(handled, 0) as share
from summed order by year, outcome
"""
_LEFT_OUT = f"""
select count(*) filter (value < {SMALL}) as small, count(*) filter (value is null) as without,
    count(*) filter (value >= {SMALL} and report_id not in (select report_id from adding_up)) as not_adding_up
from totals join reports using (report_id) where is_current and row_key = 'total_handled'
"""
# A table read in part needs an eye more than one that was lost as a whole: there is nothing to see in that.
_NEEDY = f"""
with per_table as (
    select report_id, table_key, sum(cells) filter (value_state in ('unreadable', 'missing', 'unrecoverable')) as refused,
        sum(cells) filter (value_state = 'reported') as reported
    from states group by all),
refused as (
    select report_id, sum(refused)::bigint as refused, count(*) filter (refused > 0 and reported > 0) as in_part
    from per_table group by 1),
failed as (
    select report_id, count(*) filter (severity = 'error') as errors, count(*) filter (severity = 'warning') as warnings
    from judged join dim_checks using (check_key) where failed group by 1)
select report_id, r.title, r.body_name, r.report_year as year, r.template as form, r.layout,
    coalesce(errors, 0) as errors, coalesce(warnings, 0) as warnings, coalesce(refused, 0) as refused,
    coalesce(in_part, 0) as in_part, (select min(path) from files f where f.file_id = r.file_id) as path
from reports r left join refused using (report_id) left join failed using (report_id)
where coalesce(errors, 0) + coalesce(refused, 0) > 0
order by coalesce(errors, 0) + coalesce(in_part, 0) desc, coalesce(warnings, 0) desc, coalesce(refused, 0) desc, report_id
limit {MOST_IN_NEED}
"""
_REASONS = f"""
select status, reason, count(*) as files, min(path) as example from files
where status in ('quarantined', 'partial') group by all order by status desc, files desc, reason limit {MAX_REASONS}
"""


class Quality(NamedTuple):
    """Rows of each part of the page."""

    statuses: Rows
    totals: dict[str, object]
    coverage: Rows
    layouts: Rows
    checks: Rows
    outcomes: Rows
    left_out: dict[str, object]
    needy: Rows
    reasons: Rows


def read_quality(connection: duckdb.DuckDBPyConnection) -> Quality:
    """Counts everything that the page shows. The connection must allow temporary tables."""
    connection.execute(_PREPARE)
    statuses = _rows(connection, "select status, count(*) as files from files group by 1 order by 2 desc, 1")
    (totals,) = _rows(
        connection,
        "select (select count(*) from reports) as reports, (select count(*) from reports where is_current) as current, "
        "(select coalesce(sum(cells), 0)::bigint from states) as cells, "
        "(select coalesce(sum(cells), 0)::bigint from states where value_state = 'reported') as reported, "
        "(select coalesce(sum(cells), 0)::bigint from states "
        "where value_state in ('unreadable', 'missing', 'unrecoverable')) as refused, "
        "(select count(*) from checks where outcome = 'fail' and severity = 'error') as errors, "
        "(select count(*) from checks where outcome like 'pass%') as passed, "
        "(select min(parser_version) from files) as parser_version",
    )
    return Quality(
        statuses,
        totals,
        _rows(connection, _COVERAGE),
        _rows(connection, _LAYOUTS),
        _rows(connection, _CHECKS),
        _rows(connection, _OUTCOMES),
        _rows(connection, _LEFT_OUT)[0],
        _rows(connection, _NEEDY),
        _rows(connection, _REASONS),
    )


def last_years(rows: Rows) -> tuple[Rows, list[str]]:
    """The rows of the last MAX_YEARS years (and of no known year), and the years that there are."""
    years = sorted({str(row["year"]) for row in rows} - {UNKNOWN})[-MAX_YEARS:]
    if any(row["year"] == UNKNOWN for row in rows):
        years.append(UNKNOWN)
    return [row for row in rows if row["year"] in years], years


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    relation = connection.execute(query)
    names = [column[0] for column in relation.description or ()]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
