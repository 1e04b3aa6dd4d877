"""Identities between a body's report and its report of the year before (field.md §2, C-Y-1 to C-Y-3, C-T4-4, C-T4-5).

Belongs here: the terms of the identities as data, and the query that evaluates them over all reports at once. Does not
belong here: identities within one report (pipeline/check), prose (copies.py), where the rows go.

A row is made only where both reports have the table; the two disputes checks have a row for every report with a disputes
table. As within a report a blank addend may be read as 0, a blank total or stock never, and a refused cell makes the
identity not assessable.
"""

from collections.abc import Iterable
from typing import NamedTuple

import duckdb
import pyarrow as pa

from schemas.ddl import quoted

THIS, BEFORE = "this", "before"
_APPLICANTS = (
    "natural_person", "business", "research", "public_interest", "legal_service", "other_organization", "total",
)  # fmt: skip
_DOCUMENTS = ("regulations", "normative_documents")
_ITEMS = ("licensing", "other_external_services", "penalties", "coercive_measures", "administrative_fees")


class Term(NamedTuple):
    """A cell in an identity: of this report or the one before, added or subtracted on the left or right side.

    `check_row` and `check_column` are the keys of the identity's row in `checks`; a total may not be blank.
    """

    check_key: str
    table_key: str
    check_row: str | None
    check_column: str | None
    report: str
    cell_row: str
    cell_column: str
    side: str
    sign: int
    is_total: bool


def terms() -> list[Term]:
    """All terms of the three continuity checks, in the order of the checks' rows."""
    found = []
    key: tuple[str, str, str | None, str | None]
    for column in _APPLICANTS:
        key = ("carry_over_continuity", "applications", None, column)
        found.append(Term(*key, THIS, "carried_over", column, "left", 1, False))
        found.append(Term(*key, BEFORE, "carried_forward", column, "right", 1, False))
    for row in _DOCUMENTS:
        key = ("documents_in_force_continuity", "active_disclosure", row, None)
        found.append(Term(*key, THIS, row, "in_force", "left", 1, True))
        found.append(Term(*key, BEFORE, row, "in_force", "right", 1, True))
        found.append(Term(*key, THIS, row, "issued", "right", 1, False))
        found.append(Term(*key, THIS, row, "repealed", "right", -1, False))
    for row in _ITEMS:
        key = ("items_continuity", "active_disclosure", row, None)
        found.append(Term(*key, THIS, row, "items_last_year", "left", 1, True))
        found.append(Term(*key, BEFORE, row, "items_last_year", "right", 1, True))
        found.append(Term(*key, BEFORE, row, "items_change", "right", 1, False))
    return found


# Pairs of reports: the same body, one year apart, the versions that analysts use. A report of the whole region and one of
# the body alone never compare (field.md §1.5 no. 7).
_PAIRS = """
create or replace temp table pairs as
select row_number() over () as pair_no, now.report_id, before.report_id as before_id,
    now.scope <> before.scope and now.scope <> 'unknown' and before.scope <> 'unknown' as other_scope
from reports_across now join reports_across before
    on now.body_id = before.body_id and now.report_year = before.report_year + 1
where now.is_current and before.is_current
"""

# Cells and pairs go by numbers: millions of rows are joined and summed here.
_CONTINUITY = """
with needed as (
    select report_id, cell_no, value, value_state
    from cells_across join (select distinct cell_no, table_key, cell_row as row_key, cell_column as column_key from terms)
        using (table_key, row_key, column_key)
    where table_key in ({tables}) and row_key in ({rows}) and column_key in ({columns})
),
found as (
    select pair_no, check_no, side, sign, is_total, value, value_state
    from needed join pairs using (report_id) join terms using (cell_no) where terms.report = 'this'
    union all
    select pair_no, check_no, side, sign, is_total, value, value_state
    from needed join pairs on needed.report_id = pairs.before_id join terms using (cell_no) where terms.report = 'before'
),
summed as (
    select pair_no, check_no, count(*) as cells,
        coalesce(sum(sign * value) filter (side = 'left'), 0) as left_value,
        coalesce(sum(sign * value) filter (side = 'right'), 0) as right_value,
        bool_or(value_state not in ('reported', 'blank', 'placeholder')) as refused,
        bool_or(is_total and value_state in ('blank', 'placeholder')) as blank_total,
        bool_or(value_state in ('blank', 'placeholder')) as blank
    from found group by pair_no, check_no
),
sums as (
    select report_id, before_id, other_scope, check_no, left_value, right_value, refused, blank_total, blank
    from summed join pairs using (pair_no) join (select check_no, count(*) as wanted from terms group by check_no)
        using (check_no)
    where cells = wanted
),
judged as (
    select *, case
        when other_scope or refused or blank_total then 'not_assessable'
        when left_value <> right_value then 'fail'
        when blank then 'pass_blank_as_zero'
        else 'pass' end as outcome
    from sums
)
select report_id, check_key, k.table_key, k.check_row as row_key, k.check_column as column_key, outcome,
    if(outcome = 'not_assessable', null, left_value) as left_value,
    if(outcome = 'not_assessable', null, right_value) as right_value,
    case
        when other_scope then 'one of the two reports is of the whole region, the other of the body alone'
        when refused then 'a cell could not be read'
        when blank_total then 'a total or stock is blank'
        when outcome = 'fail' and blank then 'blank cells read as 0' end as detail,
    before_id as other_report_id, check_no
from judged join (select distinct check_no, check_key, table_key, check_row, check_column from terms) k using (check_no)
"""

# Both are asked of every report with a disputes table; the year before matters only if this year does not settle it.
_DISPUTES = """
with totals as (
    select report_id,
        sum(value) filter (table_key = 'disputes') as disputes,
        sum(value) filter (table_key = 'disputes' and row_key = 'review') as reviews,
        sum(value) filter (row_key = 'litigation_after_review') as after_review,
        sum(value) filter (table_key = 'applications') as applications,
        bool_or(value_state not in ('reported', 'blank', 'placeholder') and table_key = 'disputes') as refused_disputes,
        bool_or(value_state in ('blank', 'placeholder') and table_key = 'disputes') as blank_disputes,
        bool_or(value_state not in ('reported', 'blank', 'placeholder') and table_key = 'applications')
            as refused_applications,
        bool_or(value_state in ('blank', 'placeholder') and table_key = 'applications') as blank_applications,
        bool_or(table_key = 'disputes') as has_disputes, bool_or(table_key = 'applications') as has_applications
    from cells_across
    where column_key = 'total' and (table_key = 'disputes' and row_key in ('review', 'litigation_direct', 'litigation_after_review')
        or table_key = 'applications' and row_key in ('new_received', 'carried_over'))
    group by report_id having has_disputes
),
earlier as (
    select report_id,
        max(value) filter (indicator_key = 'reviews') as reviews,
        max(value) filter (indicator_key = 'applications_received')
            + coalesce(max(value) filter (indicator_key = 'applications_carried_over'), 0) as applications
    from indicators_across where indicator_key in ('reviews', 'applications_received', 'applications_carried_over')
    group by report_id
),
known as (
    select t.*, p.before_id, e.reviews as reviews_before, e.applications as applications_before
    from totals t join reports_across r using (report_id) left join pairs p on p.report_id = t.report_id and not p.other_scope
        left join earlier e on e.report_id = p.before_id
    where r.is_current
),
asked as (
    select report_id, before_id, 0 as which, coalesce(after_review, 0) as left_value, coalesce(reviews, 0) as right_value,
        reviews_before as right_before, refused_disputes as left_refused, refused_disputes as right_refused,
        blank_disputes as blank
    from known
    union all
    select report_id, before_id, 1, coalesce(disputes, 0), coalesce(applications, 0), applications_before,
        refused_disputes, not has_applications or coalesce(refused_applications, false),
        blank_disputes or coalesce(blank_applications, false)
    from known
),
judged as (
    select *, case
        when left_refused then 'not_assessable'
        when left_value = 0 or right_value > 0 then if(blank, 'pass_blank_as_zero', 'pass')
        when right_refused then 'not_assessable'
        when right_before > 0 then if(blank, 'pass_blank_as_zero', 'pass')
        when right_before is null then 'not_assessable'
        else 'fail' end as outcome
    from asked
)
select report_id, if(which = 0, 'disputes_after_review_without_review', 'disputes_without_applications') as check_key,
    'disputes' as table_key, null as row_key, null as column_key, outcome,
    if(outcome = 'not_assessable', null, left_value) as left_value,
    if(outcome = 'not_assessable', null, right_value + coalesce(right_before, 0)) as right_value,
    case
        when outcome = 'not_assessable' and (left_refused or right_refused) then 'a cell could not be read'
        when outcome = 'not_assessable' then 'nothing is known of the year before'
        when outcome = 'fail' and blank then 'blank cells read as 0' end as detail,
    before_id as other_report_id, 1000 + which as check_no
from judged
"""


def check_years(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The rows of the checks across years: columns of `checks` but severity and difference, and `check_no` (the order).

    `connection` has the relations reports_across, cells_across and indicators_across: the tables of those names with all
    their rows.
    """
    numbers: dict[tuple[str, str | None, str | None], int] = {}
    cells: dict[tuple[str, str, str], int] = {}
    rows = []
    for term in terms():
        number = numbers.setdefault((term.check_key, term.check_row, term.check_column), len(numbers))
        cell = cells.setdefault((term.table_key, term.cell_row, term.cell_column), len(cells))
        rows.append({"check_no": number, "cell_no": cell, **term._asdict()})
    connection.register("terms", pa.Table.from_pylist(rows))
    connection.execute(_PAIRS)
    # Each key by itself is looked up while the cells are read; all three together, for the few that are left, are not.
    continuity = _CONTINUITY.format(
        tables=_literals(term.table_key for term in terms()),
        rows=_literals(term.cell_row for term in terms()),
        columns=_literals(term.cell_column for term in terms()),
    )
    return connection.sql(f"({continuity}) union all by name ({_DISPUTES})").to_arrow_table()


def _literals(words: Iterable[str]) -> str:
    return ", ".join(quoted(word) for word in sorted(set(words)))
