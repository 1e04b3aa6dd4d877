"""Parquet → DuckDB: the published dataset.

Belongs here: one asset per published table with its blocking checks, and the DuckDB file that publishes the build. Does
not belong here: writing, validating and swapping (pipeline/publish), the tables' columns (schemas/tables.py).

These assets have no partitions: they are made from all batches. A daemon makes them anew as soon as a batch was parsed
and none is being parsed.
"""

from collections.abc import Iterator
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Failure,
    MaterializeResult,
    asset,
    multi_asset,
)

from assets.failures import AT_ONCE, RETRIES, failing_in_words
from assets.handed_on import TABLES
from assets.settings import Folders
from assets.table_metadata import table_schema
from assets.upkeep import AS_BATCHES_COME, LOOKED_AT_DAILY
from pipeline import aside
from pipeline.present.database import open_dataset
from pipeline.publish.database import publish_build
from pipeline.publish.gates import GATES, find_problems, get_ready
from pipeline.publish.parquet import Prepared, mark_valid, read_valid, write_parquet
from pipeline.state.folders import DATABASE, current_build
from pipeline.state.lock import build_lock
from pipeline.state.remote import push
from schemas.tables import ALL_TABLES, REPORT_TABLES, Table


def _spec(table: Table) -> AssetSpec:
    if table in REPORT_TABLES:
        deps = [AssetKey(["batch", table.name])]
    else:
        deps = [] if table.name.startswith("dim_") else [AssetKey(["batch", "documents"])]
    return AssetSpec(
        ["parquet", table.name],
        deps=deps,
        description=table.description,
        group_name="published",
        kinds={"parquet"},
        metadata={"dagster/column_schema": table_schema(table)},
        automation_condition=AS_BATCHES_COME if deps else None,
    )


@multi_asset(
    specs=[_spec(table) for table in ALL_TABLES],
    check_specs=[
        AssetCheckSpec(name, asset=AssetKey(["parquet", table]), blocking=True, description=words)
        for (table, name), words in GATES.items()
    ],
    retry_policy=RETRIES,
)
def parquet_tables(context: AssetExecutionContext, folders: Folders) -> Iterator[MaterializeResult]:
    """Writes the tables of a new build as Parquet and checks each; nothing is published yet."""
    settings = folders.settings()
    with (
        failing_in_words(context),
        build_lock(settings.out, lambda: context.log.info("waiting for another build")),
    ):
        at_once = AT_ONCE in context.run.tags  # all steps run in this process: it can take what was made aside
        if at_once:
            aside.DATABASE.start()
            get_ready()
        prepared = write_parquet(settings)
        if at_once:
            aside.DATABASE.begin(prepared.folder)
            aside.PAGE.begin(prepared.folder)
        problems = find_problems(prepared.folder, settings)
        if not any(problems.values()):
            mark_valid(prepared)
    for table in ALL_TABLES:
        key = AssetKey(["parquet", table.name])
        yield MaterializeResult(
            asset_key=key,
            metadata={"dagster/row_count": prepared.rows[table.name]},
            check_results=[
                AssetCheckResult(
                    passed=not found,
                    asset_key=key,
                    check_name=name,
                    severity=AssetCheckSeverity.ERROR,
                    description="; ".join(found) or None,
                    metadata={"problems": len(found)},
                )
                for (of_table, name), found in problems.items()
                if of_table == table.name
            ],
        )


@asset(
    deps=[*TABLES, "quality_page", "data_package"],
    group_name="published",
    kinds={"duckdb"},
    automation_condition=AS_BATCHES_COME,
    freshness_policy=LOOKED_AT_DAILY,
    retry_policy=RETRIES,
)
def duckdb_file(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """gongkai.duckdb, made from the Parquet tables; then the build becomes the current one in one swap."""
    settings = folders.settings()
    with (
        failing_in_words(context),
        build_lock(settings.out, lambda: context.log.info("waiting for another build")),
    ):
        prepared = read_valid(settings.out)
        if prepared is not None:
            aside.DATABASE.finish(prepared.folder)
            publish_build(prepared, settings)
            push(settings.out, settings.store)
        return _published(context, settings.out, prepared)


def _published(context: AssetExecutionContext, out: Path, prepared: Prepared | None) -> MaterializeResult:
    current = current_build(out)
    if current is None:
        raise Failure("there are no valid Parquet tables of a new build: materialise them first", allow_retries=False)
    if prepared is None:
        context.log.info("the newest valid Parquet tables are published already")
    metadata: dict[str, str | int] = {"build": current.name, "size_bytes": (current / DATABASE).stat().st_size}
    with open_dataset(out) as connection:
        newest = connection.execute(
            "select max(first_seen_at)::varchar, (select max(published_on)::varchar from reports) from files"
        ).fetchone()
    for name, value in zip(("newest_file_seen_at", "newest_publication"), newest or (), strict=False):
        metadata[name] = value or "none"
    if prepared is not None:
        metadata["dagster/row_count"] = sum(prepared.rows.values())
    return MaterializeResult(metadata=metadata)
