"""The views of what stands out, and those that one finds one's way by.

Belongs here: schemas/views/findings.py and lookup.py, with the questions and search words in schemas/data. Does not belong
here: the views of figures (test_views.py), the words and types of all views (test_views.py).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from helpers_build import opened, query

from schemas.ddl import column_comment, create_table, create_view
from schemas.forms import read_data
from schemas.keys import dim_cells, dim_checks, dim_indicators, dim_metrics
from schemas.tables import ALL_TABLES
from schemas.views.declared import ALL_VIEWS


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """All tables and views, without reports."""
    with duckdb.connect() as connection:
        for table in ALL_TABLES:
            connection.execute(create_table(table))
        for view in ALL_VIEWS:
            connection.execute(create_view(view)[0])
        yield connection


def insert(connection: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    connection.execute(
        f"insert into {table} by name select {names} from (values ({marks})) t ({names})", [*values.values()]
    )


def report(
    connection: duckdb.DuckDBPyConnection, report_id: str, body: str | None = "A", year: int = 2022, **more
) -> None:
    given = {
        "report_id": report_id, "file_id": report_id, "body_id": body, "scope": "own", "body_kind": "township",
        "admin_level": "township", "report_year": year, "template": "2021", "layout": "grid", "is_current": True,
    }  # fmt: skip
    insert(connection, "reports", **given | more)


def cell(
    connection: duckdb.DuckDBPyConnection, report_id: str, table: str, row: str, column: str, value: object
) -> None:
    state = "blank" if value is None else "reported"
    insert(
        connection, "cells", report_id=report_id, template="2021", table_key=table, row_key=row, column_key=column, value=value,
        value_state=state, unit="件", method="grid",
    )  # fmt: skip


def check(
    connection: duckdb.DuckDBPyConnection, report_id: str, key: str, outcome: str = "fail", **more: object
) -> None:
    insert(connection, "checks", report_id=report_id, check_key=key, severity="error", outcome=outcome, **more)


# -- what stands out --------------------------------------------------------------------------------------------------


def test_a_sentence_that_fails_two_checks_is_one_contradiction(empty: duckdb.DuckDBPyConnection) -> None:
    report(empty, "a")
    where = {"table_key": "disputes", "row_key": "reviews", "left_value": 0, "right_value": 2, "difference": -2}
    words = {"detail": "statement 2: 未发生行政复议3件。"}
    check(empty, "a", "text_zero_contradiction", **where | words)
    check(empty, "a", "text_disputes", **where | words)
    check(
        empty,
        "a",
        "text_disputes",
        **where | {"row_key": "lawsuits", "left_value": 3, "detail": "statement 1: 诉讼3件"},
    )
    check(empty, "a", "text_documents", "pass", **where | {"row_key": "penalty_decisions"})
    for number, sentence in ((1, "行政诉讼3件。"), (2, "未发生行政复议。")):
        insert(
            empty, "statements", report_id="a", statement_no=number, section_key="disputes", value=0, value_text="未发生",
            sentence=sentence, char_start=number, char_end=number + 3, is_zero_phrase=True, is_approximate=False,
            is_cumulative=False, is_plan=False, list_is_open=False,
        )  # fmt: skip
    rows = empty.execute(
        "select metric_key, check_key, prose_value::int, table_value::int, difference::int, none_against_some, sentence, char_start "
        "from text_contradictions order by metric_key"
    ).fetchall()
    assert rows == [
        ("lawsuits", "text_disputes", 3, 2, 1, False, "行政诉讼3件。", 1),
        ("reviews", "text_disputes", 0, 2, -2, True, "未发生行政复议。", 2),
    ]


def test_contradictions_of_the_samples_lead_to_their_words(samples: Path) -> None:
    """Every one names its sentence, and its place is the figure in the report's text."""
    rows = query(
        samples,
        "select k.sentence, s.value_text, substr(text, k.char_start + 1, k.char_end - k.char_start), text from text_contradictions k "
        "join report_texts using (report_id) left join statements s using (report_id, statement_no)",
    )
    (failed,) = query(
        samples,
        "select count(distinct (report_id, table_key, row_key)) from checks where outcome = 'fail' and check_key like 'text%'",
    )
    assert (len(rows),) == failed
    assert rows
    for sentence, value_text, words, text in rows:
        assert str(value_text) in str(words)
        assert str(sentence).strip() in str(text)


@pytest.mark.parametrize(
    ("applications", "disputes", "expected"),
    [
        ([0, 0], [0], (True, True, True)),
        ([0, 3], [0], (False, True, False)),
        ([0, None], [0], (None, True, None)),
        ([0, None], [2], (None, False, False)),
        ([3, None], [0], (False, True, False)),
        ([None, None], [], (None, None, None)),
        ([0], [], (True, None, None)),
    ],
)
def test_a_blank_is_not_a_zero_report(
    empty: duckdb.DuckDBPyConnection, applications: list, disputes: list, expected: tuple
) -> None:
    report(empty, "a")
    for table, values in (("applications", applications), ("disputes", disputes)):
        for number, value in enumerate(values):
            cell(empty, "a", table, f"row_{number}", "total", value)
    rows = empty.execute("select applications_all_zero, disputes_all_zero, all_zero from zero_reports").fetchall()
    assert rows == [expected]


def test_lateness_has_both_dates(empty: duckdb.DuckDBPyConnection) -> None:
    report(empty, "late", published_on="2023-04-10")
    report(empty, "early", "B", published_on="2023-01-01")
    report(empty, "unknown", "C")
    report(empty, "before", "A", published_on="2023-03-20", is_current=False)
    check(empty, "late", "late_publication", left_value=10)
    check(empty, "early", "late_publication", "pass", left_value=-30)
    check(empty, "unknown", "late_publication", "not_assessable")
    rows = empty.execute(
        "select report_id, due_on::varchar, days_after_deadline, is_late, first_published_on::varchar from punctuality order by 1"
    )
    assert rows.fetchall() == [
        ("early", "2023-01-31", -30, False, "2023-01-01"),
        ("late", "2023-03-31", 10, True, "2023-03-20"),
    ]


def test_a_pair_of_copies_stands_once(empty: duckdb.DuckDBPyConnection) -> None:
    for name, body, year in (("a", "A", 2021), ("b", "B", 2021), ("c", "A", 2022)):
        report(empty, name, body, year)
    for one, other in (("a", "b"), ("b", "a")):
        check(empty, one, "copied_from_other_body", left_value=0.95, other_report_id=other)
    check(empty, "c", "copied_from_own_previous_year", left_value=0.97, other_report_id="a")
    rows = empty.execute(
        "select report_id, copied_from, similarity, other_report_id, other_year from near_copies order by 1"
    )
    assert rows.fetchall() == [("a", "other_body", 0.95, "b", 2021), ("c", "own_previous_year", 0.97, "a", 2021)]


def test_documents_in_force_show_the_terms_and_why_there_is_no_difference(empty: duckdb.DuckDBPyConnection) -> None:
    stock = {"t": (2021, 2, 1, 10), "u": (2022, 3, 1, 14), "v": (2023, 1, None, 14), "w": (2025, 0, 0, 14)}
    for name, (year, *numbers) in stock.items():
        report(empty, name, "A", year)
        for column, value in zip(("issued", "repealed", "in_force"), numbers, strict=True):
            cell(empty, name, "active_disclosure", "normative_documents", column, value)
    where = {"table_key": "active_disclosure", "row_key": "normative_documents"}
    check(empty, "u", "documents_in_force_continuity", **where)
    rows = empty.execute(
        "select report_year, in_force_before::int, expected::int, difference::int, outcome, why_not from documents_in_force order by 1"
    )
    before = "no table of the form of 2021 the year before"
    assert rows.fetchall() == [
        (2021, None, None, None, "not_assessable", before),
        (2022, 10, 12, 2, "fail", None),
        (2023, 14, None, None, "not_assessable", "a cell has no number"),
        (2025, None, None, None, "not_assessable", before),
    ]


def test_check_failures_are_the_failed_checks_with_body_and_year(samples: Path) -> None:
    assert query(samples, "select count(*), count(check_en), count(formula) from check_failures") == query(
        samples, "select count(*), count(*), count(*) from checks where outcome = 'fail'"
    )


def test_every_cell_is_traced_to_its_words(samples: Path) -> None:
    """For every cell the words are those at its place; where it has a number they hold its digits."""
    rows = query(
        samples,
        "select c.char_start, c.char_end, t.words, t.words_before, t.words_after, text from cells c "
        "join traced_cells t using (report_id, table_key, row_key, column_key) join report_texts using (report_id)",
    )
    assert (
        [(len(rows),)]
        == query(samples, "select count(*) from cells")
        == query(samples, "select count(*) from traced_cells")
    )
    for start, end, words, before, after, text in rows:
        if start is None:
            assert words is None
            continue
        assert words == str(text)[start:end].strip(" \t\r\n\u00a0\u3000")  # type: ignore[misc]
        assert str(text)[:start].endswith(str(before))  # type: ignore[misc]
        assert str(text)[end:].startswith(str(after))  # type: ignore[misc]


def test_the_panel_names_what_comes_from_a_sentence(empty: duckdb.DuckDBPyConnection) -> None:
    report(empty, "a")
    report(empty, "b", "B")
    for key, source in (("reviews", "statement"), ("lawsuits", "derived"), ("complaints", "statement")):
        insert(
            empty,
            "indicators",
            report_id="a",
            indicator_key=key,
            value=1,
            unit="件",
            source=source,
            comparability="exact",
        )
    rows = empty.execute("select report_id, from_prose, lawsuits::int from panel order by 1").fetchall()
    assert rows == [("a", "complaints, reviews", 1), ("b", None, None)]


# -- finding one's way ------------------------------------------------------------------------------------------------

GUIDE = {row["name"]: row for row in read_data("guide.csv")}


def test_every_table_and_view_says_what_it_answers_and_how_to_begin(samples: Path) -> None:
    rows = query(samples, "select table_name from dictionary where answers is not null and example is not null")
    assert {name for (name,) in rows} == set(GUIDE) == {entry.name for entry in (*ALL_TABLES, *ALL_VIEWS)}


# The samples are few and their invented bodies lie nowhere (body_id is null), so these have nothing to show there.
RARE = {"near_copies", "documents_in_force", "punctuality", "panel", "zero_reports"}


@pytest.mark.parametrize("name", GUIDE)
def test_the_example_runs_and_is_about_its_table(samples: Path, name: str) -> None:
    with opened(samples) as connection:
        rows = connection.execute(GUIDE[name]["example"]).fetchall()
    assert name in GUIDE[name]["example"]
    assert rows or name in RARE


def test_search_words_belong_to_something() -> None:
    """A table, a view, a column or a key of the dim_ tables; each once."""
    names = [row["name"] for row in read_data("search_words.csv")]
    known = {entry.name for entry in (*ALL_TABLES, *ALL_VIEWS)}
    columns = [(entry.name, column.name) for entry in (*ALL_TABLES, *ALL_VIEWS) for column in entry.columns]
    known |= {column for _, column in columns} | {f"{table}.{column}" for table, column in columns}
    known |= {str(row[key]) for row in dim_cells() for key in ("table_key", "row_key", "column_key")}
    known |= {str(row["metric_key"]) for row in dim_metrics()} | {
        str(row["check_key"]) for row in dim_checks(frozenset())
    }
    known |= {str(row["indicator_key"]) for row in dim_indicators()}
    assert set(names) - known == set()
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("denied", ("outcome_shares", "refused_share")),
        ("败诉", ("outcome_shares", "litigation_loss_rate")),
        ("败诉", ("disputes_wide", "litigation_after_review_corrected")),
        ("予以公开", ("applications_wide", "granted")),
        ("收到申请数", ("panel", "applications_received")),
        ("雷同", ("near_copies", None)),
        ("文表不符", ("text_contradictions", None)),
        ("零报告", ("zero_reports", None)),
        ("overdue", ("punctuality", None)),
        ("现行有效", ("documents_in_force", None)),
        ("勾稽关系", ("check_failures", None)),
    ],
)
def test_a_word_of_the_field_finds_the_place(samples: Path, word: str, expected: tuple) -> None:
    found = query(
        samples,
        "select table_name, column_name from dictionary where concat_ws(' ', table_name, column_name, meaning, also_called, answers) "
        f"ilike '%{word}%'",
    )
    assert expected in found


def test_all_keys_holds_every_key_once(samples: Path) -> None:
    kinds = {
        "metric_key": "dim_metrics", "indicator_key": "dim_indicators", "check_key": "dim_checks",
    }  # fmt: skip
    for kind, table in kinds.items():
        expected = query(samples, f"select {kind} from {table} order by all")
        assert query(samples, f"select key from all_keys where kind = '{kind}' order by all") == expected
    for kind in ("row_key", "column_key"):
        expected = query(samples, f"select distinct table_key, {kind} from dim_cells order by all")
        assert query(samples, f"select table_key, key from all_keys where kind = '{kind}' order by all") == expected
    found = query(samples, "select key from all_keys where concat_ws(' ', label_zh, also_called) like '%败诉%'")
    assert {("lawsuits_lost",), ("litigation_direct",), ("lawsuits_corrected",)} <= set(found)


def test_comments_stand_by_themselves() -> None:
    """Whoever has only the file cannot open a page of the documentation."""
    for entry in (*ALL_TABLES, *ALL_VIEWS):
        for words in (entry.description, *map(column_comment, entry.columns)):
            assert "docs/" not in words
            assert ".md" not in words
