"""The sensor on RAW, the daily schedule, and the checks of what arrived: in this process.

Belongs here: assets/arrivals.py and pipeline/publish/account.py. Does not belong here: the graph and its runs
(test_dagster.py), `dagster dev` (test_dagster_dev.py).
"""

import fcntl
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from dagster import DagsterInstance, RunRequest, SensorResult, SkipReason, build_schedule_context, build_sensor_context
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
    hidden,
    parse_only,
)
from test_dagster import CHECKS, run

from assets.arrivals import arrivals, daily
from assets.definitions import defs
from assets.settings import Folders
from pipeline.publish.account import account_for_files, account_for_rows
from pipeline.publish.parquet import Prepared, write_parquet
from pipeline.settings import Settings


def tick(instance: DagsterInstance, folders: Folders) -> SensorResult | SkipReason:
    found = arrivals(build_sensor_context(instance=instance, resources={"folders": folders}))
    assert isinstance(found, SensorResult | SkipReason)
    return found


def asked(instance: DagsterInstance, folders: Folders) -> list[str | None]:
    """Run keys of the runs that the sensor asks for."""
    found = tick(instance, folders)
    assert isinstance(found, SensorResult)
    for request in found.dynamic_partitions_requests or []:
        instance.add_dynamic_partitions("arrival_batch", request.partition_keys)
    for wanted in found.run_requests or []:
        assert wanted.job_name == ("parse" if wanted.partition_key else "publish")
        assert wanted.partition_key in (None, wanted.run_key)
    return [wanted.run_key for wanted in found.run_requests or []]


def scheduled(instance: DagsterInstance, folders: Folders) -> list[RunRequest]:
    # Left open, it stays the instance of this process, and tests after this one fail when its folder is gone.
    with build_schedule_context(
        instance=instance, resources={"folders": folders}, scheduled_execution_time=datetime(2026, 3, 1, 5, tzinfo=UTC)
    ) as context:
        found = daily(context)
    assert isinstance(found, list)
    return found


def skipped(instance: DagsterInstance, folders: Folders) -> str:
    found = tick(instance, folders)
    assert isinstance(found, SkipReason)
    return str(found.skip_message)


@pytest.mark.soak
def test_the_sensor_asks_once_for_the_same_news(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    [batch] = asked(instance, folders)
    assert asked(instance, folders) == [batch]  # the same run key: Dagster starts no second run
    assert instance.get_dynamic_partitions("arrival_batch") == [batch]
    (raw / "more.txt").write_text("more")
    [same, other] = asked(instance, folders)
    assert same == batch
    (raw / "more.txt").write_text("more and more")
    [same, another] = asked(instance, folders)
    assert (same, another == other) == (batch, False)
    for partition in (other, another, batch):  # the first finds its file taken over, and takes it back
        assert run(instance, folders, str(partition)).success
    assert_as_from_scratch(raw, out)
    assert asked(instance, folders) == []


def test_the_sensor_asks_for_a_run_per_batch(instance: DagsterInstance, raw: Path, out: Path) -> None:
    folders = Folders.of(Settings(raw, out, workers=1, settle_seconds=0.001, batch_files=2))
    assert len(asked(instance, folders)) == 2


def test_the_sensor_waits_until_files_stop_growing(instance: DagsterInstance, raw: Path, out: Path) -> None:
    patient = Folders.of(Settings(raw, out, workers=1, settle_seconds=600))
    found = tick(instance, patient)
    assert isinstance(found, SensorResult)
    assert str(found.skip_reason.skip_message) == "3 files are still growing"
    assert hidden(out) == set()


@pytest.mark.soak
def test_what_the_command_parsed_and_never_published_is_published(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders, tmp_path: Path
) -> None:
    batch = parse_only(raw, out).batch
    for _ in range(2):
        assert asked(instance, folders) == [f"publish {batch}"]
    (tmp_path / "home").mkdir()
    [request] = scheduled(DagsterInstance.local_temp(str(tmp_path / "home")), folders)
    assert request.run_key == "2026-03-01 publish"
    job = defs.resolve_job_def("publish")
    assert job.asset_layer.executable_asset_keys == set(request.asset_selection or [])
    assert defs.resolve_job_def("build").get_subset(asset_selection=set(request.asset_selection or []))
    result = job.execute_in_process(instance=instance, resources={"folders": folders})
    assert result.success
    assert len(result.get_asset_check_evaluations()) == len(CHECKS)
    assert_as_from_scratch(raw, out)
    assert asked(instance, folders) == []


def test_the_sensor_skips_while_a_build_runs_and_when_folders_are_wrong(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders, tmp_path: Path
) -> None:
    out.mkdir()
    with (out / ".lock").open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert skipped(instance, folders) == "another build is writing to this folder"
    shutil.rmtree(raw)
    assert skipped(instance, folders) == f"the raw folder {raw} does not exist: name it with --raw"
    inside = Folders.of(Settings(tmp_path, out))
    assert "lies in the raw folder" in skipped(instance, inside)


@pytest.mark.soak
def test_the_daily_schedule_asks_again_for_what_is_not_published(
    raw: Path, out: Path, folders: Folders, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    instance = DagsterInstance.local_temp(str(tmp_path / "home"))
    [batch] = asked(instance, folders)
    [request] = scheduled(instance, folders)
    assert (request.run_key, request.partition_key) == (f"2026-03-01 {batch}", batch)
    assert run(instance, folders, batch).success
    [request] = scheduled(instance, folders)
    assert request.run_key == "2026-03-01 look"
    kept = hidden(out)
    job = defs.resolve_job_def("build").get_subset(asset_selection=set(request.asset_selection or []))
    result = job.execute_in_process(instance=instance, resources={"folders": folders})
    assert result.success
    assert [event.asset_key.to_user_string() for event in result.get_asset_materialization_events()] == ["duckdb_file"]  # type: ignore[union-attr]
    assert hidden(out) == kept


# -- files and rows add up --------------------------------------------------------------------------------------------


@pytest.fixture
def prepared(raw: Path, out: Path) -> Prepared:
    """A build with one new report that is about to be published."""
    copy_built(out, TOWN, NARRATIVE, NO_REPORT)
    copy_samples(raw, COUNTY)
    parse_only(raw, out)
    return write_parquet(Settings(raw, out))


SPOILT = [
    ("files", "select * from t where path <> '{town}'", "files", "rows of files, and paths of the manifest: 3 and 4"),
    ("files", "select * replace (case when path = '{town}' then 'duplicate' else status end as status) from t", "files",
     "parsed and partial files, and contents that gave a report: 2 and 3"),
    ("files", "select * replace ('removed' as status) from t", "files", "removed files, and paths"),
    ("files", "select * replace (case when status = 'quarantined' then 'lost' else status end as status) from t", "files",
     "rows of files by known statuses, and all rows: 3 and 4"),
    ("reports", "select * from t where report_year <> 2013", "files", "files with a report, and contents"),
    ("reports", "select * from t where report_year <> 2013", "reports", "reports: no year: 0 rows, 1 in the results"),
    ("cells", "select * from t limit 10", "reports", "cells: 2020: 10 rows, "),
    ("checks", "select * from t union all select * from t", "reports", "checks: 2020: "),
]  # fmt: skip


@pytest.mark.parametrize(("table", "sql", "account", "words"), SPOILT)
def test_what_vanishes_or_appears_without_a_reason_is_found(
    prepared: Prepared, raw: Path, out: Path, table: str, sql: str, account: str, words: str
) -> None:
    part = prepared.folder / "parquet" / table / "part-0.parquet"
    with duckdb.connect() as connection:
        connection.register("t", pq.read_table(part))
        rows = connection.sql(sql.replace("{town}", TOWN)).to_arrow_table()
    part.unlink()
    pq.write_table(rows, part)
    problems = account_for_files(prepared.folder)
    if account == "reports":
        problems = account_for_rows(prepared.folder, Settings(raw, out))
    assert any(words in problem for problem in problems), problems


def test_files_and_rows_of_a_good_build_add_up(prepared: Prepared, raw: Path, out: Path) -> None:
    assert account_for_files(prepared.folder) == []
    assert account_for_rows(prepared.folder, Settings(raw, out)) == []


def test_reports_that_are_lost_by_reading_them_again_need_a_look(raw: Path, out: Path) -> None:
    """As on a machine under load, where files take longer than the limit."""
    for number in range(6):
        (raw / f"{number}.txt").write_bytes((SAMPLES / TOWN).read_bytes() + b"%d\n" % number)
    build_plain(raw, out)
    with sqlite3.connect(out / ".current" / "manifest.sqlite") as connection:
        connection.execute("update contents set parser_version = '0'")
    connection.close()
    settings = Settings(raw, out, workers=1, file_seconds=0.000_001)
    parse_only(raw, out, file_seconds=settings.file_seconds)
    build = write_parquet(settings).folder
    [problem] = account_for_rows(build, settings)
    assert problem.startswith("reports: 2020: 7 of 7 reports are lost though their files are there and unchanged")
    assert account_for_rows(build, Settings(raw, out, max_lost_share=1)) == []
    for path in raw.rglob("*.txt"):  # files that are gone are a reason
        path.unlink()
    build_plain(raw, out)
