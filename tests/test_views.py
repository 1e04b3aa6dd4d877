"""The views of the DuckDB file: the words and types that are declared are those that are there, and their numbers are right.

Belongs here: schemas/views against a built dataset. Does not belong here: questions asked of them (test_questions.py).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from helpers_build import opened, query

from schemas.arrow import arrow_schema
from schemas.ddl import column_comment, create_table, create_view
from schemas.forms import read_data
from schemas.keys import dim_cells
from schemas.tables import ALL_TABLES
from schemas.views.declared import ALL_VIEWS, View

every_view = pytest.mark.parametrize("view", ALL_VIEWS, ids=lambda view: view.name)


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """All tables, without reports, and all views."""
    with duckdb.connect() as connection:
        for table in ALL_TABLES:
            connection.execute(create_table(table))
        for view in ALL_VIEWS:
            for statement in create_view(view):
                connection.execute(statement)
        connection.register("meanings", pa.Table.from_pylist(dim_cells(), schema=arrow_schema("dim_cells")))
        connection.execute("insert into dim_cells select * from meanings")
        yield connection


# -- what is declared -------------------------------------------------------------------------------------------------


@every_view
def test_a_view_has_the_declared_columns_with_comments(samples: Path, view: View) -> None:
    columns = query(
        samples,
        f"select column_name, data_type, comment from duckdb_columns() where table_name = '{view.name}' order by column_index",
    )
    assert columns == [(column.name, column.type, column_comment(column)) for column in view.columns]
    assert query(samples, f"select comment from duckdb_views() where view_name = '{view.name}'") == [
        (view.description,)
    ]


@every_view
def test_a_view_and_its_columns_are_described(view: View) -> None:
    assert view.description.endswith(".")
    assert len({column.name for column in view.columns}) == len(view.columns)
    for column in view.columns:
        assert len(column.description) > 5


@every_view
def test_what_is_declared_never_null_is_never_null(samples: Path, view: View) -> None:
    for column in view.columns:
        if not column.nullable:
            assert query(samples, f'select count(*) from "{view.name}" where "{column.name}" is null') == [(0,)], column


def test_every_file_of_sql_is_a_view() -> None:
    files = (Path(__file__).resolve().parents[1] / "schemas" / "views").glob("*.sql")
    assert {path.stem for path in files} == {view.name for view in ALL_VIEWS}


@every_view
def test_views_work_without_any_report(empty: duckdb.DuckDBPyConnection, view: View) -> None:
    rows = empty.execute(f'select * from "{view.name}"').fetchall()
    assert bool(rows) == (view.name in ("dictionary", "all_keys"))


def test_the_dictionary_explains_every_table_view_and_column(samples: Path) -> None:
    with opened(samples) as connection:
        tables = dict(
            connection.execute("select table_name, kind from dictionary where column_name is null").fetchall()
        )
        silent = connection.execute("select * from dictionary where meaning is null or meaning = ''").fetchall()
    assert tables == {table.name: "table" for table in ALL_TABLES} | {view.name: "view" for view in ALL_VIEWS}
    assert silent == []


# -- the numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("view", "table_key"), [("applications_wide", "applications"), ("disputes_wide", "disputes")])
def test_wide_views_hold_every_cell_and_no_other_number(samples: Path, view: str, table_key: str) -> None:
    names = ", ".join(
        f'sum("{column.name}")'
        for column in next(v for v in ALL_VIEWS if v.name == view).columns
        if column.type == "DECIMAL(18,4)"
    )
    sums = query(samples, f"select {names} from {view}")[0]
    cells = query(
        samples,
        f"select sum(value), count(*) from cells where table_key = '{table_key}' and row_key not like 'x\\_%' escape '\\'",
    )
    assert sum(value for value in sums if value is not None) == cells[0][0]
    assert cells[0][1] > 100


def test_applications_wide_has_a_row_per_applicant_and_says_what_is_missing(samples: Path) -> None:
    rows = query(samples, "select count(*), count(distinct report_id) from applications_wide")
    tables = query(samples, "select count(*) from tables where table_key = 'applications'")[0][0]
    assert rows == [(7 * int(tables), tables)]
    states = query(
        samples,
        "select sum(cells_blank), sum(cells_refused) from applications_wide",
    ) == query(
        samples,
        "select count(*) filter (value_state in ('blank', 'placeholder')), count(*) filter (value_state in ('unreadable', "
        "'missing', 'unrecoverable')) from cells where table_key = 'applications'",
    )
    assert states


def test_the_panel_has_every_indicator(samples: Path) -> None:
    keys = [row["indicator_key"] for row in read_data("indicators.csv")]
    columns = [column.name for view in ALL_VIEWS if view.name == "panel" for column in view.columns]
    assert columns[-len(keys) :] == keys


REPORT = "insert into reports by name select * from (values ({})) t (report_id, file_id, body_id, scope, body_kind, admin_level, report_year, template, layout, is_current)"


def report(connection: duckdb.DuckDBPyConnection, name: str, body: str, year: int, is_current: bool = True) -> None:
    values = f"'{name}', '{name}', '{body}', 'own', 'township', 'township', {year}, '2021', 'tab_cell', {is_current}"
    connection.execute(REPORT.format(values))


def test_the_panel_says_which_bodies_have_every_year(empty: duckdb.DuckDBPyConnection) -> None:
    for body, years in (("A", (2018, 2019, 2020)), ("B", (2019, 2020)), ("C", (2020,))):
        for year in years:
            report(empty, f"{body}{year}", body, year)
    report(empty, "old", "C", 2019, is_current=False)
    rows = empty.execute(
        "select body_id, years, is_balanced, is_balanced_from_2019 from panel group by all order by body_id"
    ).fetchall()
    assert rows == [("A", 3, True, True), ("B", 2, False, True), ("C", 1, False, False)]


def cell(
    connection: duckdb.DuckDBPyConnection, report_id: str, table: str, row: str, column: str, value: object
) -> None:
    state = "blank" if value is None else "reported"
    connection.execute(
        "insert into cells by name select ? as report_id, '2021' as template, ? as table_key, ? as row_key, ? as column_key, "
        "? as value, ? as value_state, '件' as unit, 'grid' as method",
        [report_id, table, row, column, value, state],
    )


def fill(connection: duckdb.DuckDBPyConnection, report_id: str, **totals: int | None) -> None:
    """An applications table of which all totals are 0 but those named."""
    for row in read_data("cells.csv"):
        if (row["template"], row["table_key"], row["column_key"]) == ("2021", "applications", "total"):
            cell(connection, report_id, "applications", row["row_key"], "total", totals.get(row["row_key"], 0))


def test_shares_are_of_all_requests_handled(empty: duckdb.DuckDBPyConnection) -> None:
    report(empty, "a", "A", 2022)
    fill(empty, "a", new_received=30, total_handled=20, granted=10, refused_internal_affairs=4, other_fee_overdue=6)
    row = empty.execute(
        "select granted_share, refused_share, other_share, unavailable_share, is_small, refused from outcome_shares"
    ).fetchall()
    assert [tuple(map(float, row[0]))] == [(0.5, 0.2, 0.3, 0.0, 0.0, 4.0)]
    reasons = empty.execute(
        "select reason, share_of_refused, share_of_handled from refusal_reasons where refused_for_reason > 0"
    )
    assert reasons.fetchall() == [("refused_internal_affairs", 1.0, 0.2)]


@pytest.mark.parametrize(
    ("totals", "shares"),
    [
        ({"total_handled": 0}, (None, None, True)),
        ({"total_handled": None, "granted": 1}, (None, None, None)),
        ({"total_handled": 4, "granted": None, "refused_internal_affairs": 1}, (None, 0.25, True)),
        ({"total_handled": 10, "granted": 1, "refused_internal_affairs": None}, (0.1, None, False)),
    ],
    ids=["nothing handled", "handled is blank", "granted is blank", "one of eight reasons is blank"],
)
def test_a_blank_is_never_0_in_a_share(empty: duckdb.DuckDBPyConnection, totals: dict, shares: tuple) -> None:
    report(empty, "a", "A", 2022)
    fill(empty, "a", **totals)
    assert empty.execute("select granted_share, refused_share, is_small from outcome_shares").fetchall() == [shares]


def test_pending_cases_are_not_in_the_denominator(empty: duckdb.DuckDBPyConnection) -> None:
    report(empty, "a", "A", 2022)
    fill(empty, "a", total_handled=50)
    for block, numbers in (
        ("review", (2, 1, 0, 5, 8)),
        ("litigation_direct", (1, 1, 0, 0, 2)),
        ("litigation_after_review", (2, 0, 0, 1, 3)),
    ):
        for column, value in zip(("upheld", "corrected", "other_result", "pending", "total"), numbers, strict=True):
            cell(empty, "a", "disputes", block, column, value)
    rows = empty.execute(
        "select round(review_correction_rate, 4), litigation_loss_rate, reviews_per_100_handled from outcome_shares"
    ).fetchall()
    assert rows == [(0.3333, 0.25, 16.0)]


def test_data_quality_counts_every_cell_once(samples: Path) -> None:
    [(reports, cells, states, errors)] = query(
        samples,
        "select count(*), sum(cells), sum(cells_reported + cells_blank + cells_placeholder + cells_unreadable + cells_missing "
        "+ cells_unrecoverable), sum(errors) from data_quality",
    )
    assert [(reports,)] == query(samples, "select count(*) from reports")
    assert [(cells,)] == [(states,)] == query(samples, "select count(*) from cells")
    assert [(errors,)] == query(samples, "select count(*) from checks where outcome = 'fail' and severity = 'error'")
