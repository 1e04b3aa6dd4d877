"""The same build as Dagster assets: the graph, what it shows of itself, its checks, its partitions and its sensor.

Belongs here: assets/ run in this process. Does not belong here: `dagster dev` and its page (test_dagster_dev.py).
"""

import os
import subprocess
import time
from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from dagster import (
    AssetKey,
    AssetSpec,
    DagsterInstance,
    ExecuteInProcessResult,
    TableSchema,
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

from assets.definitions import ASSETS, defs
from assets.failures import AT_ONCE
from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.batch import parse_batch
from pipeline.settings import Limits, Settings
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
    "batch/checks": ["batch/cells", "batch/reports", "batch/statements"],
    "batch/statements": ["batch/sections", "batch/tables"],
    "batch/indicators": ["batch/cells", "batch/statements"],
    "parquet/files": ["batch/documents"],
    "parquet/reports": ["batch/reports"],
    "parquet/sections": ["batch/sections"],
    "parquet/tables": ["batch/tables"],
    "parquet/cells": ["batch/cells"],
    "parquet/checks": ["batch/checks"],
    "parquet/statements": ["batch/statements"],
    "parquet/indicators": ["batch/indicators"],
    "parquet/dim_indicators": [],
    "parquet/dim_regions": [],
    "parquet/dim_cells": [],
    "parquet/dim_checks": [],
    "parquet/dim_metrics": [],
}
# What is said of the dataset is made from all its tables, and published with them.
TABLES = sorted(name for name in GRAPH if name.startswith("parquet/"))
GRAPH |= {"quality_page": TABLES, "data_package": TABLES}
GRAPH["duckdb_file"] = sorted([*TABLES, "quality_page", "data_package"])
SPECS: dict[str, AssetSpec] = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


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
        tags={AT_ONCE: "true"},
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


CHECKS = {(f"parquet/{table.name}", "valid") for table in ALL_TABLES} | {
    ("parquet/files", "files_add_up"),
    ("parquet/reports", "rows_add_up"),
}


def test_every_published_table_has_blocking_checks() -> None:
    checks = {(spec.asset_key.to_user_string(), spec.name): spec.blocking for a in ASSETS for spec in a.check_specs}
    assert checks == dict.fromkeys(CHECKS, True)


def test_what_runs_without_being_asked() -> None:
    repository = defs.get_repository_def()
    assert {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs} == {
        "arrivals": "RUNNING",
        "publishing": "RUNNING",
    }
    assert {(s.name, s.cron_schedule, s.default_status.value) for s in repository.schedule_defs} == {
        ("daily", "0 5 * * *", "RUNNING")
    }
    assert arrival_batches.name == "arrival_batch"
    automatic = {name for name, spec in SPECS.items() if spec.automation_condition is not None}
    assert automatic == {name for name, deps in GRAPH.items() if deps and not name.startswith(("batch", "parquet/dim"))}
    assert [name for name, spec in SPECS.items() if spec.freshness_policy is not None] == ["duckdb_file"]


def test_steps_try_again_with_growing_delays_but_not_while_somebody_waits() -> None:
    for asset in ASSETS:
        policy = asset.node_def.retry_policy  # type: ignore[attr-defined]
        assert (policy.max_retries, policy.backoff.value) == (3, "EXPONENTIAL")


def test_a_run_gets_every_setting_of_the_build() -> None:
    usual = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    changed = {name: value * 2 for name, value in usual.items() if isinstance(value, int | float)}
    changed |= {
        "engine": "dask",
        "scheduler": "tcp://127.0.0.1:8786",
        "cache": Path("kept"),
        "store": "s3://bucket/out",
    }
    assert changed.keys() | {"raw", "out", "limits"} == usual.keys()
    limits = Limits(**{name: value * 2 for name, value in asdict(Limits()).items()})
    given = Settings(Path("some"), Path("other"), **changed, limits=limits)
    assert all(getattr(given, field.name) != getattr(Settings(), field.name) for field in fields(Settings))
    assert Folders.of(given).settings() == given


# -- runs -------------------------------------------------------------------------------------------------------------


@pytest.mark.soak
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
    assert {(check.asset_key.to_user_string(), check.check_name) for check in checks} == CHECKS
    assert all(check.passed for check in checks)
    published = counts["duckdb_file"]
    assert published["build"].value == "2"
    assert "newest_file_seen_at" in published


def test_a_partition_that_is_done_can_be_materialised_again(
    instance: DagsterInstance, raw: Path, out: Path, folders: Folders
) -> None:
    [plan] = build_plain(raw, out)
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


@pytest.mark.soak
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
    assert [(check.asset_key.to_user_string(), check.check_name) for check in failed] == [
        ("parquet/reports", "rows_add_up")
    ]
    assert "cells: 2020: 396 rows, 594 in the results of the batches" in str(failed[0].description)
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
        [plan] = plan_arrivals(settings).plans
        parse_batch(plan, settings)
    for table in ("reports", "sections", "tables", "cells", "statements", "checks"):
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
        assert kept.get_dynamic_partitions("arrival_batch") == [plan.batch for plan in built.plans]
        assert kept.get_runs_count() == 1


def test_the_code_location_is_what_pyproject_says() -> None:
    text = (PROJECT / "pyproject.toml").read_text()
    assert 'module_name = "assets.definitions"' in text
    assert os.access(PROJECT / "assets" / "definitions.py", os.R_OK)
