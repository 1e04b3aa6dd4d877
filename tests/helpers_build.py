"""Building, asking and comparing datasets, for the tests of state, publishing, the command and Dagster.

Belongs here: helpers that several of those test files use; the real thing, nothing replaced. Does not belong here:
words of reports (report_text.py), tests.
"""

import contextlib
import ctypes
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from helpers_once import made_once

from assets.build import Built, build
from assets.command import main
from pipeline.batch import parse_batch
from pipeline.publish.account import account_for_files, account_for_rows
from pipeline.publish.database import publish_build, write_database
from pipeline.publish.parquet import write_parquet
from pipeline.publish.validate import validate_tables
from pipeline.settings import Settings
from pipeline.state.batches import Plan, plan_arrivals
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock
from schemas.tables import ALL_TABLES, REPORT_TABLES

PROJECT = Path(__file__).parent.parent
SAMPLES = PROJECT / "data" / "raw"
GONGKAI = Path(sys.executable).with_name("gongkai")
"""The command as it was installed beside this Python."""

TOWN = "unnamed/2020-our-town.txt"
COUNTY = "qingshi-county/2020-county-government.txt"
NARRATIVE = "lanjiang-city/2013-water-bureau.txt"
NO_REPORT = "not-a-report/notice.txt"

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2

Rows = list[tuple[object, ...]]
Tables = dict[str, pa.Table]


def built_samples() -> Path:
    """The dataset of data/raw as the command builds it, once in a test run; nobody may change it."""

    def make(folder: Path) -> None:
        done = command("build", "--out", folder / "out")
        assert (done.returncode, done.stderr) == (0, "")

    return made_once("samples", make) / "out"


def build_here(raw: Path, out: Path, **limits: object) -> Built:
    """A build in this process, with one worker."""
    return build(replace(Settings(raw, out, workers=1), **limits))


def build_plain(
    raw: Path, out: Path, progress: Callable[[int, int], None] | None = None, **limits: object
) -> list[Plan]:
    """The same steps as `build_here` without Dagster around them, for tests that build often; the batches it parsed."""
    settings = replace(Settings(raw, out, workers=1), **limits)
    prepare_folders(raw, out)
    with build_lock(out):
        _, plans, is_due = plan_arrivals(settings)
        for plan in plans:
            parse_batch(plan, settings, progress)
        if is_due:
            prepared = write_parquet(settings)
            assert not any(validate_tables(prepared.folder).values())
            assert account_for_files(prepared.folder) == []
            assert account_for_rows(prepared.folder, settings) == []
            write_database(prepared.folder)
            publish_build(prepared, settings)
    return plans


def parse_only(raw: Path, out: Path, **limits: object) -> Plan:
    """A build that ends after parsing one batch: its results are there and not published."""
    settings = replace(Settings(raw, out, workers=1), **limits)
    prepare_folders(raw, out)
    with build_lock(out):
        [plan] = plan_arrivals(settings).plans
        parse_batch(plan, settings)
    return plan


def environment(**more: str) -> dict[str, str]:
    """The environment for a process of its own: nothing of the caller's settings, colours or Dagster."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DAGSTER"))}
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM", "COLUMNS", "GITHUB_ACTIONS", "PY_COLORS"):
        kept.pop(name, None)
    return {**kept, "GONGKAI_SETTINGS": os.devnull, "DAGSTER_DISABLE_TELEMETRY": "1", **more}


def obey_permissions() -> None:
    """Takes away from a new process what root may do to files in spite of their permissions, for good."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def command(
    *words: str | bytes | Path, cwd: Path = PROJECT, obey: bool = False, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Runs `gongkai` with these words in a process of its own; `more` goes into its environment.

    With `obey`, permissions hold for it even if the tests are run by root.
    """
    return subprocess.run(
        [GONGKAI, *words],
        cwd=cwd,
        env=environment(**more),
        preexec_fn=obey_permissions if obey and os.geteuid() == 0 else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def command_here(*words: str | bytes | Path) -> "subprocess.CompletedProcess[str]":
    """The same in this process, which has imported all that takes time to import; not on a terminal."""
    output, error, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["gongkai", *map(os.fsdecode, words)]
    status: object = 0
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            main()
    except SystemExit as end:
        status = end.code or 0
    finally:
        sys.argv = before
    return subprocess.CompletedProcess(words, int(str(status)), output.getvalue(), error.getvalue())


def assert_one_line(result: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """A failure is one clear line on stderr, with these words in it, and exit status 1."""
    assert result.returncode == 1, result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("gongkai: ")
    for word in words:
        assert word in result.stderr


def copy_samples(raw: Path, *names: str) -> Path:
    """A raw folder with these samples under their names; all of them without names."""
    for name in names or [str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.txt")]:
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / name, raw / name)
    return raw


def opened(out: Path) -> duckdb.DuckDBPyConnection:
    """The published DuckDB file, as anybody opens it for reading."""
    return duckdb.connect(str((out / "gongkai.duckdb").resolve()), read_only=True)


def query(out: Path, sql: str) -> Rows:
    """Rows of a query on the published DuckDB file."""
    with opened(out) as connection:
        return connection.execute(sql).fetchall()


def files(out: Path) -> dict[str, tuple[str, str | None]]:
    """Status and reason of every path that is there."""
    return {
        str(path): (str(status), reason)  # type: ignore[dict-item]
        for path, status, reason in query(out, "select path, status, reason from files where status <> 'removed'")
    }


def removed(out: Path) -> list[tuple[object, ...]]:
    """Path and reason of every file that is gone."""
    return query(out, "select path, reason from files where status = 'removed' order by all")


def tables(out: Path) -> Tables:
    """All rows of all tables; of `files` what does not depend on what was before.

    Rows of a report in the order they stand there, reports in the order of their ids: that of whole reports in the DuckDB
    file depends on what came when.
    """
    queries = {
        table.name: f'select * from "{table.name}" order by {"report_id, " if table in REPORT_TABLES else ""}rowid'
        for table in ALL_TABLES
    }
    queries["files"] = "select * exclude (first_seen_at) from files where status <> 'removed' order by path, file_id"
    with opened(out) as connection:
        return {name: connection.sql(sql).to_arrow_table() for name, sql in queries.items()}


def parquet_tables(out: Path) -> Tables:
    """All rows of the Parquet tables of reports, in the order of the parts and of the rows in them."""
    return {
        table.name: pa.concat_tables(pq.read_table(part) for part in sorted((out / "parquet" / table.name).iterdir()))
        for table in REPORT_TABLES
    }


def assert_same_rows(mine: Tables, theirs: Tables) -> None:
    """The same columns and rows in the same order, table by table."""
    assert mine.keys() == theirs.keys()
    for name in mine:
        if not mine[name].equals(theirs[name]):
            assert mine[name].schema == theirs[name].schema, name
            assert mine[name].num_rows == theirs[name].num_rows, name
            for row, other in zip(mine[name].to_pylist(), theirs[name].to_pylist(), strict=True):
                assert row == other, name
            raise AssertionError(f"{name} is not the same")


def assert_as_from_scratch(raw: Path, out: Path) -> None:
    """The dataset is what a build from nothing makes of the same raw files (contract: but for removed files).

    What it makes of them is built once in a test run.
    """
    in_database, in_parquet = _rows_from_scratch(_built_from_scratch(raw))
    assert_same_rows(tables(out), in_database)
    assert_same_rows(parquet_tables(out), in_parquet)


def _built_from_scratch(raw: Path) -> Path:
    content = sha256()
    for path in sorted(path for path in raw.rglob("*") if path.is_file()):
        for part in (os.fsencode(path.relative_to(raw)), path.read_bytes()):
            content.update(b"%d " % len(part) + part)

    def make(folder: Path) -> None:
        build_plain(raw, folder / "out")

    return made_once(f"built-{content.hexdigest()[:16]}", make) / "out"


@lru_cache(maxsize=16)  # a few MB each
def _rows_from_scratch(built: Path) -> tuple[Tables, Tables]:
    return tables(built), parquet_tables(built)


def copy_built(out: Path, *names: str) -> None:
    """A dataset that was built from these samples, somewhere else and once in a test run."""
    with tempfile.TemporaryDirectory() as scratch:
        built = _built_from_scratch(copy_samples(Path(scratch), *names))
    shutil.copytree(built, out, symlinks=True)


def hidden(out: Path) -> set[str]:
    """What lies in OUT beside the published links: names below OUT/.builds and OUT/.batches."""
    return {f"{name}/{path.name}" for name in (".builds", ".batches") for path in (out / name).iterdir()}


def processes_of_group(group: int) -> list[int]:
    """Processes of a process group that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except (OSError, ValueError):
                continue
            if int(pgrp) == group and state not in "ZX":
                found.append(int(entry.name))
    return sorted(found)


def write_all(raw: Path, contents: dict[str, bytes]) -> None:
    """Files of a raw folder by path."""
    for name, data in contents.items():
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(data)


def column(rows: Iterable[tuple[object, ...]], position: int = 0) -> list[object]:
    """One column of some rows."""
    return [row[position] for row in rows]
