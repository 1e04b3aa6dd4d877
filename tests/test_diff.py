"""`gongkai diff`: what changed between two builds.

Belongs here: pipeline/present/diff.py through the command. Does not belong here: building (test_state.py).
"""

import csv
import io
import shutil
from pathlib import Path

import duckdb
import pytest
from helpers_build import (
    NARRATIVE,
    SAMPLES,
    TOWN,
    assert_one_line,
    build_plain,
    command_here,
    copy_built,
    copy_samples,
    query,
)

from pipeline.file_id import content_id
from pipeline.present.diff import COLUMNS, Comparison, Difference
from schemas.tables import ALL_TABLES

REPORT = content_id((SAMPLES / TOWN).read_bytes())[:16]
CELL = f"report_id = '{REPORT}' and table_key = 'applications' and row_key = 'new_received' and column_key = 'total'"
SENTENCE = '=HYPERLINK("http://x")'
CHANGES = [
    f"update cells set value = 7, value_state = 'reported' where {CELL}",
    f"delete from cells where report_id = '{REPORT}' and table_key = 'disputes' and column_key = 'total'",
    f"insert into cells by name select * replace ('x_1' as row_key) from cells where {CELL}",
    f"update checks set outcome = 'fail' where report_id = '{REPORT}' and check_key = 'applications_balance' "
    "and column_key = 'total'",
    f"delete from sections where report_id = '{REPORT}' and section_no = 2",
    f"update sections set section_no = section_no - 1 where report_id = '{REPORT}' and section_no > 2",
    f"update reports set title = '{SENTENCE}' where report_id = '{REPORT}'",
    "update files set first_seen_at = '2001-01-01', parser_version = '0'",
]  # fmt: skip


@pytest.fixture(scope="module")
def both(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """All samples as they were built, and the same with some changes by hand."""
    old = samples
    new = tmp_path_factory.mktemp("new") / "changed.duckdb"
    shutil.copyfile(old / "gongkai.duckdb", new)
    with duckdb.connect(new) as connection:
        for change in CHANGES:
            connection.execute(change)
    return old, new


def rows_of(*words: str | Path) -> list[dict[str, str]]:
    result = command_here("diff", *words, "--format", "csv")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.partition("\n")[0] == ",".join(COLUMNS)
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_same_dataset_has_no_differences(both: tuple[Path, Path]) -> None:
    old, _ = both
    with Comparison(old, old.resolve() / ".builds" / "1") as comparison:
        facts = [table.name for table in ALL_TABLES if not table.name.startswith("dim_")]
        assert comparison.differences() == [
            Difference(name, 0, 0, 0, int(str(query(old, f'select count(*) from "{name}"')[0][0]))) for name in facts
        ]
        assert list(comparison.rows()) == []


def test_rows_are_counted_by_table(both: tuple[Path, Path]) -> None:
    with Comparison(*both) as comparison:
        counts = {found.table: (found.added, found.gone, found.changed) for found in comparison.differences()}
    gone = query(both[0], f"select count(*) from cells where report_id = '{REPORT}' and table_key = 'disputes' "
                 "and column_key = 'total'")[0][0]  # fmt: skip
    assert counts["cells"] == (1, gone, 1)
    assert counts["checks"] == (0, 0, 1)
    assert counts["reports"] == (0, 0, 1)
    assert counts["files"] == (0, 0, 0)
    added, gone_sections, changed = counts["sections"]
    assert (added, gone_sections) == (0, 1)
    assert changed > 0  # the numbers of those behind it: they are the same sections at the same places


def test_every_row_says_what_it_was_and_is(both: tuple[Path, Path]) -> None:
    rows = rows_of(*both)
    before = str(query(both[0], f"select value from cells where {CELL}")[0][0])
    cells = [row for row in rows if row["table"] == "cells" and row["change"] != "gone"]
    assert [(row["change"], row["key"], row["column"], row["old"], row["new"]) for row in cells] == [
        ("changed", "applications/new_received/total", "value", before, "7.0000"),
        ("added", "applications/x_1/total", "", "", "7.0000"),
    ]
    assert {row["path"] for row in rows} == {TOWN}
    assert {row["report_id"] for row in rows} == {REPORT}
    [title] = [row for row in rows if row["table"] == "reports"]
    assert title["new"] == f"'{SENTENCE}"  # no formula in a spreadsheet
    assert {row["column"] for row in rows if row["table"] == "sections"} == {"", "section_no"}


def test_the_summary_and_the_rows_are_drawn(both: tuple[Path, Path]) -> None:
    drawn = command_here("diff", *both)
    assert (drawn.returncode, drawn.stderr) == (0, "")
    for title in ("rows by table", "by table and column", "cells by key", "checks by key", "by report"):
        assert f"\n{title}\n" in f"\n{drawn.stdout}"
    assert TOWN in drawn.stdout
    rows = command_here("diff", *both, "--rows")
    assert (rows.returncode, rows.stderr) == (0, "")
    assert "applications/new_received/total" in rows.stdout


def test_what_a_build_brought_is_the_difference_to_the_build_before(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN, NARRATIVE), tmp_path / "out"
    copy_built(out, TOWN, NARRATIVE)
    (raw / NARRATIVE).write_bytes((raw / NARRATIVE).read_bytes() + b"\n")
    build_plain(raw, out)
    with Comparison(out / ".builds" / "1", out) as comparison:
        counts = {found.table: found[1:4] for found in comparison.differences()}
        assert counts["reports"] == (1, 1, 0)
        assert counts["cells"] == (0, 0, 0)
        assert counts["files"] == (1, 0, 1)  # the old content at that path is removed now
        assert {row[3] for row in comparison.rows()} == {NARRATIVE, None}


def test_what_is_no_dataset_is_one_line(both: tuple[Path, Path], tmp_path: Path) -> None:
    assert_one_line(command_here("diff", both[0], tmp_path / "none"), f"there is no dataset in {tmp_path}/none")
    (tmp_path / "x.duckdb").write_text("no database " * 1_000)
    assert_one_line(command_here("diff", tmp_path / "x.duckdb", both[0]), f"cannot open {tmp_path}/x.duckdb: ")
