"""Two reports of the same body and year: which of them is the current one.

Belongs here: the rule of reports.is_current, on tables with body_ids. Does not belong here: how body_id is found
(pipeline/describe.py), versions of the parser (test_state.py).
"""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from helpers_build import COUNTY, SAMPLES, build_plain, copy_samples, parse_only, query

from pipeline.publish.database import publish_build, write_database
from pipeline.publish.parquet import CURRENT_REPORTS, write_parquet
from pipeline.settings import Settings
from pipeline.state.lock import build_lock

Version = tuple[str, str, int | None, str | None, int]
"""report_id, body_id ('' for none), year, published_on, cells with a number."""

CASES: dict[str, tuple[list[Version], set[str]]] = {
    "one version": ([("a", "x", 2020, None, 0)], {"a"}),
    "the later published": ([("a", "x", 2020, "2021-03-01", 9), ("b", "x", 2020, "2021-03-02", 1)], {"b"}),
    "one with a date before one without": ([("a", "x", 2020, None, 9), ("b", "x", 2020, "2021-03-02", 1)], {"b"}),
    "the more complete of a day": ([("a", "x", 2020, "2021-03-01", 8), ("b", "x", 2020, "2021-03-01", 9)], {"b"}),
    "the more complete without dates": ([("a", "x", 2020, None, 8), ("b", "x", 2020, None, 9)], {"b"}),
    "a table beside none": ([("a", "x", 2020, None, 0), ("b", "x", 2020, None, 1)], {"b"}),
    "the smaller file_id": ([("b", "x", 2020, None, 9), ("a", "x", 2020, None, 9)], {"a"}),
    "two reports of one file": ([("a-2", "x", 2020, None, 9), ("a", "x", 2020, None, 9)], {"a"}),
    "three versions": (
        [("a", "x", 2020, None, 9), ("b", "x", 2020, "2021-01-01", 9), ("c", "x", 2020, "2021-01-01", 9)],
        {"b"},
    ),
    "other bodies and years": ([("a", "x", 2020, None, 1), ("b", "y", 2020, None, 1), ("c", "x", 2021, None, 1)], {"a", "b", "c"}),
    "no body links to nothing": ([("a", "", 2020, None, 1), ("b", "", 2020, None, 1)], {"a", "b"}),
    "no year links to nothing": ([("a", "x", None, None, 1), ("b", "x", None, None, 1), ("c", "x", 2020, None, 1)], {"a", "b", "c"}),
    "a body called like a report": ([("a", "", 2020, None, 1), ("b", "a", 2020, None, 1)], {"a", "b"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_current_version(name: str, backwards: bool) -> None:
    versions, expected = CASES[name]
    with duckdb.connect() as connection:
        connection.execute(
            "create table r (report_id varchar, file_id varchar, body_id varchar, report_year integer, published_on date, "
            "is_current boolean)"
        )
        connection.execute("create table t (report_id varchar, cells_reported integer)")
        for report_id, body, year, published, cells in reversed(versions) if backwards else versions:
            row = [report_id, report_id.partition("-")[0], body or None, year, published]
            connection.execute("insert into r values (?, ?, ?, ?, ?, true)", row)
            if cells:  # in two tables, as reports have them
                connection.execute("insert into t values (?, ?), (?, ?)", [report_id, cells - 1, report_id, 1])
        found = connection.execute(CURRENT_REPORTS.format(reports="r", tables="t")).fetchall()
    assert len(found) == len(versions)
    assert {row[0] for row in found if row[-1]} == expected


def test_a_later_version_takes_over_and_gives_back_when_it_goes(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", COUNTY), tmp_path / "out"
    text = (SAMPLES / COUNTY).read_text(encoding="utf-8")
    one = build_with_bodies(raw, out)
    assert one == [(COUNTY, True)]
    (raw / "corrected.txt").write_text(text.replace("\t0\n", "\t\n", 1), encoding="utf-8")
    both = build_with_bodies(raw, out)
    assert sorted(both) == [("corrected.txt", False), (COUNTY, True)]  # it lacks a number, and neither has a date
    (raw / COUNTY).unlink()
    build_plain(raw, out)
    assert current(out) == [("corrected.txt", True)]


def build_with_bodies(raw: Path, out: Path) -> list[tuple[object, ...]]:
    """A build in which every new report is of the body `x`, whatever the parser makes of it."""
    settings = Settings(raw, out, workers=1)
    plan = parse_only(raw, out)
    part = out / ".batches" / plan.batch / "results" / "reports.parquet"
    with duckdb.connect() as connection:
        rows = connection.sql(f"select * replace ('x' as body_id, null::date as published_on) from '{part}'")
        pq.write_table(rows.to_arrow_table().cast(pq.read_schema(part)), part)
    with build_lock(out):
        prepared = write_parquet(settings)
        write_database(prepared.folder)
        publish_build(prepared, settings)
    return current(out)


def current(out: Path) -> list[tuple[object, ...]]:
    return query(
        out, "select path, is_current from reports join files using (file_id) where status <> 'removed' order by 1"
    )
