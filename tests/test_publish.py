"""The published dataset: one DuckDB file and Parquet tables that say the same, as schemas/ declares them.

Belongs here: what lies in OUT after a build, and the gate before it. Does not belong here: how it came there
(test_state.py), the words of the dictionary (test_schemas.py).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_build import (
    COUNTY,
    NARRATIVE,
    NO_REPORT,
    SAMPLES,
    TOWN,
    assert_as_from_scratch,
    build_plain,
    copy_built,
    copy_samples,
    opened,
    query,
    tables,
)

from pipeline.errors import GongkaiError
from pipeline.publish import parts
from pipeline.publish.database import publish_build, write_database
from pipeline.publish.parquet import Prepared, mark_valid, read_valid, write_parquet
from pipeline.publish.validate import validate_tables
from pipeline.settings import Settings
from schemas.arrow import arrow_schema
from schemas.ddl import column_comment
from schemas.tables import ALL_TABLES, BY_NAME, Table
from schemas.views.declared import ALL_VIEWS

every_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)


# -- what a user finds ------------------------------------------------------------------------------------------------


def test_the_samples_are_all_there(samples: Path) -> None:
    paths = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.txt"))
    assert query(samples, "select path from files order by path") == [(path,) for path in paths]
    statuses = dict(query(samples, "select path, status from files"))
    assert {path for path, status in statuses.items() if status == "quarantined"} == {
        path for path in paths if path.startswith("not-a-report/")
    }
    assert query(
        samples, "select count(*), count(distinct file_id) from files where status in ('parsed', 'partial')"
    ) == query(samples, "select count(*), count(distinct file_id) from reports")
    assert query(samples, "select bool_and(report_id = file_id[:16]), bool_and(is_current) from reports") == [
        (True, True)
    ]


def test_the_sections_of_a_report_are_its_text(samples: Path) -> None:
    rows = query(
        samples,
        "select path, string_agg(body, '' order by section_no) from sections join reports using (report_id) "
        "join files using (file_id) group by path",
    )
    assert len(rows) > 10
    for path, text in rows:
        assert text == (SAMPLES / str(path)).read_bytes().decode("utf-8-sig"), path


def test_every_cell_belongs_to_a_table_and_every_table_has_all_cells(samples: Path) -> None:
    expected = query(
        samples,
        "select report_id, table_key, sum(cells_expected), sum(cells_reported) from tables group by all order by all",
    )
    found = query(
        samples,
        "select report_id, table_key, count(*), count(*) filter (value_state = 'reported') from cells group by all order by all",
    )
    assert len(expected) > 20
    assert found == expected


def test_the_published_names_are_links_through_one_link(samples: Path) -> None:
    assert os.readlink(samples / "gongkai.duckdb") == ".current/gongkai.duckdb"
    assert os.readlink(samples / "parquet") == ".current/parquet"
    assert os.readlink(samples / ".current") == ".builds/1"
    links = {path.name: os.readlink(path) for path in samples.iterdir() if not path.name.startswith(".")}
    assert set(links) == {"gongkai.duckdb", "parquet", "quality.html", "reports", "datapackage.json", "README.md"}
    assert all(target == f".current/{name}" for name, target in links.items())


def test_a_dataset_can_be_moved_as_a_whole_and_its_database_alone(samples: Path, tmp_path: Path) -> None:
    shutil.copytree(samples, tmp_path / "moved", symlinks=True)
    shutil.copyfile(samples / "gongkai.duckdb", tmp_path / "alone.duckdb")
    assert tables(tmp_path / "moved") == tables(samples)
    with duckdb.connect(str(tmp_path / "alone.duckdb"), read_only=True) as connection:
        connection.execute("set enable_external_access = false")
        for table in ALL_TABLES:
            assert connection.execute(f'select * from "{table.name}"').fetchone() is not None


def test_several_processes_read_at_once(samples: Path) -> None:
    program = (
        "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('from cells').count('*').fetchall())"
    )
    with opened(samples) as connection:
        expected = f"{connection.sql('from cells').count('*').fetchall()}\n"
        result = subprocess.run(
            [sys.executable, "-c", program, samples / "gongkai.duckdb"], capture_output=True, text=True, check=True
        )
    assert result.stdout == expected


@every_table
def test_duckdb_has_the_declared_columns_with_comments(samples: Path, table: Table) -> None:
    comment = query(
        samples, f"select comment, temporary from duckdb_tables() where table_name = '{table.name}' and not internal"
    )
    assert comment == [(f"{table.description} Key: {', '.join(table.key)}.", False)]
    columns = query(
        samples,
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        f"where table_name = '{table.name}' and not internal order by column_index",
    )
    assert columns == [(c.name, c.type, c.nullable, column_comment(c)) for c in table.columns]


def test_duckdb_holds_the_declared_tables_and_nothing_else(samples: Path) -> None:
    assert query(samples, "select table_name from duckdb_tables() order by all") == [
        (name,) for name in sorted(BY_NAME)
    ]
    assert query(samples, "select view_name from duckdb_views() where not internal order by all") == [
        (view.name,) for view in sorted(ALL_VIEWS, key=lambda view: view.name)
    ]


@every_table
def test_parquet_and_duckdb_say_the_same_row_for_row(samples: Path, table: Table) -> None:
    parts = sorted((samples / "parquet" / table.name).iterdir())
    assert len(parts) == (2 if table.name == "checks" else 1)
    parquet = pa.concat_tables(pq.read_table(part) for part in parts)
    assert parquet.schema.equals(arrow_schema(table.name), check_metadata=True)
    rows = query(samples, f'select * from "{table.name}" order by rowid')
    assert list(zip(*(column.to_pylist() for column in parquet.columns), strict=True)) == rows
    metadatas = [pq.ParquetFile(part).metadata for part in parts]
    compressions = {
        metadata.row_group(group).column(column).compression
        for metadata in metadatas
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    }
    assert compressions <= {"ZSTD"}


@every_table
def test_pandas_reads_the_folder_of_a_table(samples: Path, table: Table) -> None:
    frame = pd.read_parquet(samples / "parquet" / table.name)
    assert tuple(frame.columns) == table.column_names
    assert len(frame) == query(samples, f'select count(*) from "{table.name}"')[0][0]


def test_what_pandas_reads_is_what_duckdb_says(samples: Path) -> None:
    frame = pd.read_parquet(samples / "parquet" / "cells", dtype_backend="pyarrow")
    with opened(samples) as connection:
        other = connection.sql("select * from cells order by rowid").to_arrow_table()
    assert pa.Table.from_pandas(frame, preserve_index=False).cast(other.schema).equals(other)


# -- the gate ---------------------------------------------------------------------------------------------------------

SPOILT = [
    ("cells", "select * from t union all select * from t where row_key = 'new_received'", "stands 2 times"),
    ("cells", "select * replace ('none' as report_id) from t", "cells: report_id none is not in reports"),
    ("cells", "select * replace ('guessed' as value_state) from t", "cells.value_state: isin"),
    ("cells", "select * replace (1.0 as value, 'blank' as value_state) from t", "value_exactly_when_reported"),
    ("cells", "select * replace (char_end + 1 as char_start) from t where char_end > 0", "span_is_ordered"),
    ("cells", "select * exclude (method) from t", "cells: the schema of part-0.parquet is not the declared one"),
    ("reports", "select * replace ('0' as file_id) from t", "reports: file_id 0 is not in files"),
    ("reports", "select * from t limit 1", "is read but has no report"),
    ("files", "select * replace ('parsed' as status) from t", "reason_exactly_when_not_parsed"),
]


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """A build that is about to be published."""
    copy_built(tmp_path / "out", TOWN, NARRATIVE, NO_REPORT)
    return write_parquet(Settings(tmp_path / "raw", tmp_path / "out"))


@pytest.mark.parametrize(("table", "sql", "words"), SPOILT)
def test_a_table_that_is_not_as_declared_is_found(prepared: Prepared, table: str, sql: str, words: str) -> None:
    part = prepared.folder / "parquet" / table / "part-0.parquet"
    schema = arrow_schema(table)
    with duckdb.connect() as connection:
        connection.register("t", pq.read_table(part))
        rows = connection.sql(sql).to_arrow_table()
    part.unlink()  # it may be the very file of the build before
    pq.write_table(rows.cast(schema) if rows.schema.names == schema.names else rows, part)
    problems = validate_tables(prepared.folder)
    found = [problem for problems_of_table in problems.values() for problem in problems_of_table]
    assert any(words in problem for problem in found), found


def test_a_good_build_has_no_problems_and_a_missing_table_is_one(prepared: Prepared) -> None:
    assert validate_tables(prepared.folder) == {table.name: [] for table in ALL_TABLES}
    shutil.rmtree(prepared.folder / "parquet" / "dim_cells")
    assert validate_tables(prepared.folder)["dim_cells"] == ["dim_cells: no Parquet file"]


def test_only_a_build_that_was_found_valid_can_be_published(prepared: Prepared, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert read_valid(out) is None
    mark_valid(prepared)
    assert read_valid(out) == prepared
    (prepared.folder / "gongkai.duckdb.new").write_bytes(b"half a file")
    (prepared.folder / "gongkai.duckdb.new.wal").write_bytes(b"half a log")
    write_database(prepared.folder)
    publish_build(prepared, Settings(out=out))
    assert read_valid(out) is None
    assert os.readlink(out / ".current") == f".builds/{prepared.folder.name}"


def test_a_build_made_from_an_old_one_is_not_published(prepared: Prepared, tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match="another build was published meanwhile"):
        publish_build(prepared._replace(base="0"), Settings(out=tmp_path / "out"))


def test_both_change_together_and_the_build_before_is_kept(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN), tmp_path / "out"
    copy_built(out, TOWN)
    first = tables(out)
    copy_samples(raw, COUNTY)
    build_plain(raw, out)
    assert sorted(path.name for path in (out / ".builds").iterdir()) == ["1", "2"]
    assert pq.read_table(out / "parquet" / "reports").num_rows == 2
    assert_as_from_scratch(raw, out)
    os.replace(out / ".current", out / "kept")
    (out / ".current").symlink_to(".builds/1")
    assert tables(out) == first
    assert pq.read_table(out / "parquet" / "reports").num_rows == 1


@pytest.mark.soak
def test_parts_whose_reports_did_not_change_are_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "REPORTS_IN_ONE_PART", 2)
    monkeypatch.setattr(parts, "REPORTS_IN_16_PARTS", 4)
    raw, out = copy_samples(tmp_path / "raw", TOWN, NARRATIVE), tmp_path / "out"

    def build(reports: int) -> tuple[int, int]:
        """(parts of `sections`, how many of them are the very files of the build before)."""
        before = {path.name: path.stat().st_ino for path in (out / "parquet" / "sections").glob("*")}
        build_plain(raw, out)
        assert query(out, "select count(*) from reports") == [(reports,)]
        assert_as_from_scratch(raw, out)
        found = {path.name: path.stat().st_ino for path in (out / "parquet" / "sections").iterdir()}
        return len(found), sum(before.get(name) == inode for name, inode in found.items())

    assert build(2) == (1, 0)
    copy_samples(raw, COUNTY)
    assert build(3) == (16, 0)
    (raw / "new.txt").write_bytes((raw / TOWN).read_bytes() + b"1")
    assert build(4) == (16, 15)
    (raw / COUNTY).unlink()
    (raw / NARRATIVE).rename(raw / "moved.txt")
    assert build(3) == (16, 15)
    (raw / "moved.txt").write_bytes((raw / "moved.txt").read_bytes() + b"2")
    assert build(3) == (16, 14)
    for number in range(2):
        (raw / f"{number}.txt").write_bytes((raw / TOWN).read_bytes() + b"x%d" % number)
    assert build(5) == (256, 0)


def test_a_row_in_the_part_of_others_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "REPORTS_IN_ONE_PART", 1)
    copy_built(tmp_path / "out", TOWN, NARRATIVE, NO_REPORT)
    build = write_parquet(Settings(tmp_path / "raw", tmp_path / "out")).folder
    there = [path for path in (build / "parquet" / "cells").iterdir() if pq.read_metadata(path).num_rows]
    there[0].rename(there[0].with_name("part-" + ("0" if there[0].stem != "part-0" else "1") + ".parquet"))
    [problem] = validate_tables(build)["cells"]
    assert "stands in part-" in problem
