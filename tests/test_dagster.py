"""The same build as Dagster assets: the graph, what it shows of itself, its checks, its partitions and its sensor.

Belongs here: assets/ run in this process. Does not belong here: `dagster dev` and its page (test_dagster_dev.py).
"""

import fcntl
import os
import shutil
import subprocess
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from dagster import (
    AssetKey,
    AssetSpec,
    DagsterInstance,
    ExecuteInProcessResult,
    SensorResult,
    SkipReason,
    TableSchema,
    build_sensor_context,
    materialize,
)
from helpers_build import (
    COUNTY,
    GONGKAI,
    NARRATIVE,
    NO_REPORT,
    PROJECT,
    TOWN,
    assert_as_from_scratch,
    build_here,
    build_plain,
    copy_built,
    copy_samples,
    environment,
    files,
    hidden,
    query,
    tables,
)

from assets.arrivals import arrivals
from assets.definitions import ASSETS, defs
from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.batch import parse_batch
from pipeline.settings import Settings
from pipeline.state.batches import plan_arrivals
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock
from schemas.ddl import column_comment
from schemas.tables import ALL_TABLES, BY_NAME

GRAPH = {
    "raw_files": [],
    "batch/documents": ["raw_files"],
    "batch/sections": ["batch/documents"],
    "batch/tables": ["batch/documents"],
    "batch/cells": ["batch/tables"],
    "batch/reports": ["batch/sections", "batch/tables"],
    "batch/checks": ["batch/cells", "batch/reports"],
    "parquet/files": ["batch/documents"],
    "parquet/reports": ["batch/reports"],
    "parquet/sections": ["batch/sections"],
    "parquet/tables": ["batch/tables"],
    "parquet/cells": ["batch/cells"],
    "parquet/checks": ["batch/checks"],
    "parquet/dim_cells": [],
    "parquet/dim_checks": [],
    "parquet/dim_metrics": [],
    "duckdb_file": [
        "parquet/cells",
        "parquet/checks",
        "parquet/dim_cells",
        "parquet/dim_checks",
        "parquet/dim_metrics",
        "parquet/files",
        "parquet/reports",
        "parquet/sections",
        "parquet/tables",
    ],
}
# What is said of the dataset is made from all its tables, and published with them.
TABLES = sorted(name for name in GRAPH if name.startswith("parquet/"))
GRAPH |= {"quality_page": TABLES, "data_package": TABLES}
GRAPH["duckdb_file"] = sorted([*TABLES, "quality_page", "data_package"])
SPECS: dict[str, AssetSpec] = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> DagsterInstance:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return DagsterInstance.ephemeral()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return copy_samples(tmp_path / "raw", TOWN, NARRATIVE, NO_REPORT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def folders(raw: Path, out: Path) -> Folders:
    return Folders.of(Settings(raw, out, workers=1))


def run(
    instance: DagsterInstance, folders: Folders, partition: str | None, selection: list[AssetKey] | None = None
) -> ExecuteInProcessResult:
    """Materialises all assets with a partition, or some without, as a run that the page starts does."""
    instance.add_dynamic_partitions("arrival_batch", [partition] if partition is not None else [])
    return materialize(
        ASSETS,
        partition_key=partition,
        instance=instance,
        resources={"folders": folders},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        selection=selection,
        raise_on_error=False,
    )


# -- what it shows of itself ------------------------------------------------------------------------------------------


def test_definitions_load_in_time() -> None:
    begin = time.monotonic()
    program = "from assets.definitions import defs; print(len(list(defs.resolve_all_asset_specs())))"
    result = subprocess.run(
        [GONGKAI.with_name("python"), "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    assert result.stdout == f"{len(GRAPH)}\n"
    assert time.monotonic() - begin < 20  # 3 s on a machine with nothing else to do


def test_the_graph_shows_the_flow() -> None:
    found = {
        name: sorted(dependency.asset_key.to_user_string() for dependency in spec.deps) for name, spec in SPECS.items()
    }
    assert found == GRAPH
    assert [spec.group_name for spec in SPECS.values() if spec.key.path[0] == "parquet"] == ["published"] * len(
        ALL_TABLES
    )


@pytest.mark.parametrize("name", GRAPH)
def test_every_asset_says_what_it_is_and_every_table_which_columns_it_has(name: str) -> None:
    spec = SPECS[name]
    assert len(spec.description or "") > 20
    table = BY_NAME.get(spec.key.path[-1])
    if table is not None:
        schema = spec.metadata["dagster/column_schema"]
        assert isinstance(schema, TableSchema)
        assert [(c.name, c.type, c.description, c.constraints.nullable) for c in schema.columns] == [
            (column.name, column.type, column_comment(column), column.nullable) for column in table.columns
        ]


def test_every_published_table_has_a_blocking_check() -> None:
    checks = {spec.asset_key.to_user_string(): spec.blocking for asset in ASSETS for spec in asset.check_specs}
    assert checks == {f"parquet/{table.name}": True for table in ALL_TABLES}


def test_the_arrivals_sensor_runs_without_being_asked() -> None:
    assert arrivals.default_status.value == "RUNNING"
    assert arrivals.job_name == "build"
    assert arrival_batches.name == "arrival_batch"


# -- runs -------------------------------------------------------------------------------------------------------------


def test_materialising_all_with_a_partition_made_by_hand_is_a_build(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    for partition in ("first", "another"):
        result = run(instance, folders, partition)
        assert result.success
        assert_as_from_scratch(raw, out)
        copy_samples(raw, COUNTY)
    counts = {
        event.asset_key.to_user_string(): event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }
    assert counts.keys() == GRAPH.keys()
    for table in ALL_TABLES:
        rows = query(out, f'select count(*) from "{table.name}"')[0][0]
        assert counts[f"parquet/{table.name}"]["dagster/row_count"].value == rows
    for name, metadata in counts.items():
        counted = {"dagster/row_count", "dagster/partition_row_count", "size_bytes"}
        assert counted & metadata.keys(), name
    assert counts["batch/documents"]["dagster/partition_row_count"].value == 1
    assert counts["batch/reports"]["dagster/partition_row_count"].value == 1
    checks = result.get_asset_check_evaluations()
    assert len(checks) == len(ALL_TABLES)
    assert all(check.passed for check in checks)


def test_a_partition_that_is_done_can_be_materialised_again(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    plan = build_plain(raw, out)
    assert plan is not None
    before, kept = tables(out), hidden(out)
    assert run(instance, folders, plan.batch).success
    assert tables(out) == before
    assert {name for name in hidden(out) if name.startswith(".batches")} == {
        name for name in kept if name.startswith(".batches")
    }
    assert run(instance, folders, None, [AssetKey("duckdb_file")]).success
    assert tables(out) == before


def test_a_partition_name_cannot_lead_out_of_the_folder(instance: DagsterInstance, out: Path, folders: Folders) -> None:
    result = run(instance, folders, ".hidden")
    assert not result.success
    assert list((out / ".batches").iterdir()) == []
    assert not (out / "gongkai.duckdb").exists()


def spoil(out: Path, batch: str, table: str, sql: str) -> None:
    path = out / ".batches" / batch / "results" / f"{table}.parquet"
    with duckdb.connect() as connection:
        rows = connection.sql(sql.format(f"'{path}'")).to_arrow_table()
    pq.write_table(rows.cast(pq.read_schema(path)), path)


def test_a_blocking_check_stops_publishing_and_a_retry_of_the_batch_heals(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    copy_built(out, TOWN, NARRATIVE, NO_REPORT)
    before = tables(out)
    copy_samples(raw, COUNTY)
    assert run(instance, folders, "new").success
    spoil(out, "new", "cells", "from {0} union all from {0}")
    (raw / "more.txt").write_text("more")
    result = run(instance, folders, "newer")
    assert not result.success
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert [check.asset_key.to_user_string() for check in failed] == ["parquet/cells"]
    assert "stands 2 times" in str(failed[0].description)
    assert files(out).keys() == {TOWN, NARRATIVE, NO_REPORT, COUNTY}
    alone = run(instance, folders, None, [AssetKey("duckdb_file")])  # as someone in a hurry might try
    assert alone.success
    assert "more.txt" not in files(out)
    assert run(instance, folders, "new").success
    assert_as_from_scratch(raw, out)
    assert before.keys() == tables(out).keys()


def test_results_of_a_retry_count_even_if_their_batch_is_published(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    settings = folders.settings()
    prepare_folders(raw, out)
    with build_lock(out):
        _, plan = plan_arrivals(settings)
        assert plan is not None
        parse_batch(plan, settings)
    for table in ("reports", "sections", "tables", "cells", "checks"):
        spoil(out, plan.batch, table, "from {0} limit 0")
    spoil(
        out,
        plan.batch,
        "contents",
        "select * replace ('quarantined' as status, 'reading it took longer than the limit' as reason) from {0}",
    )
    build_plain(raw, out)
    assert {status for status, _ in files(out).values()} == {"quarantined"}
    assert run(instance, folders, plan.batch).success
    assert_as_from_scratch(raw, out)


@pytest.mark.soak
def test_gongkai_build_leaves_its_run_and_partition_in_dagster_home(
    raw: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    built = build_here(raw, out)
    with DagsterInstance.get() as kept:
        assert built.plan is not None
        assert kept.get_dynamic_partitions("arrival_batch") == [built.plan.batch]
        assert kept.get_runs_count() == 1


# -- the sensor -------------------------------------------------------------------------------------------------------


def tick(instance: DagsterInstance, folders: Folders) -> SensorResult | SkipReason:
    found = arrivals(build_sensor_context(instance=instance, resources={"folders": folders}))
    assert isinstance(found, SensorResult | SkipReason)
    return found


def asked(instance: DagsterInstance, folders: Folders) -> list[str | None]:
    """Partitions that the sensor asks runs for."""
    found = tick(instance, folders)
    assert isinstance(found, SensorResult)
    for request in found.dynamic_partitions_requests or []:
        instance.add_dynamic_partitions("arrival_batch", request.partition_keys)
    assert all(wanted.run_key == wanted.partition_key for wanted in found.run_requests or [])
    return [wanted.partition_key for wanted in found.run_requests or []]


def test_the_sensor_asks_once_for_the_same_news(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    [batch] = asked(instance, folders)
    assert asked(instance, folders) == [batch]  # the same run key: Dagster starts no second run
    assert instance.get_dynamic_partitions("arrival_batch") == [batch]
    (raw / "more.txt").write_text("more")
    [other] = asked(instance, folders)
    assert other not in (None, batch)
    for partition in (str(batch), str(other)):  # the first run finds its files taken over, and takes them back
        assert run(instance, folders, partition).success
    assert_as_from_scratch(raw, out)
    assert asked(instance, folders) == []


def test_the_sensor_asks_for_what_was_parsed_and_never_published(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    [batch] = asked(instance, folders)
    settings = folders.settings()
    with build_lock(out):
        _, plan = plan_arrivals(settings)
        assert plan is not None
        parse_batch(plan, settings)
    kept = hidden(out)
    for _ in range(3):
        assert asked(instance, folders) == [batch]
    assert len(hidden(out) - kept) <= 1
    assert run(instance, folders, str(batch)).success
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


def skipped(instance: DagsterInstance, folders: Folders) -> str:
    found = tick(instance, folders)
    assert isinstance(found, SkipReason)
    return str(found.skip_message)


def test_the_code_location_is_what_pyproject_says() -> None:
    text = (PROJECT / "pyproject.toml").read_text()
    assert 'module_name = "assets.definitions"' in text
    assert os.access(PROJECT / "assets" / "definitions.py", os.R_OK)
