"""Parquet → DuckDB: the published dataset.

Belongs here: one asset per published table with its blocking check, and the DuckDB file that publishes the build. Does
not belong here: writing, validating and swapping (pipeline/publish), the tables' columns (schemas/tables.py).
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

from assets.handed_on import TABLES
from assets.settings import Folders
from assets.table_metadata import table_schema
from pipeline.errors import GongkaiError
from pipeline.publish.database import publish_build, write_database
from pipeline.publish.parquet import Prepared, mark_valid, read_valid, write_parquet
from pipeline.publish.validate import validate_tables
from pipeline.state.folders import DATABASE, current_build
from pipeline.state.lock import build_lock
from schemas.tables import ALL_TABLES, REPORT_TABLES, Table

CHECK = "valid"


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
    )


@multi_asset(
    specs=[_spec(table) for table in ALL_TABLES],
    check_specs=[
        AssetCheckSpec(
            CHECK,
            asset=AssetKey(["parquet", table.name]),
            blocking=True,
            description="Schema, pandera model, unique keys and references, as schemas/tables.py declares them.",
        )
        for table in ALL_TABLES
    ],
)
def parquet_tables(context: AssetExecutionContext, folders: Folders) -> Iterator[MaterializeResult]:
    """Writes the tables of a new build as Parquet and validates each; nothing is published yet."""
    settings = folders.settings()
    try:
        with build_lock(settings.out, lambda: context.log.info("waiting for another build")):
            prepared = write_parquet(settings)
            problems = validate_tables(prepared.folder)
            if not any(problems.values()):
                mark_valid(prepared)
    except GongkaiError as error:
        raise Failure(str(error), allow_retries=False) from error
    for table in ALL_TABLES:
        key = AssetKey(["parquet", table.name])
        found = problems[table.name]
        yield MaterializeResult(
            asset_key=key,
            metadata={"dagster/row_count": prepared.rows[table.name]},
            check_results=[
                AssetCheckResult(
                    passed=not found,
                    asset_key=key,
                    check_name=CHECK,
                    severity=AssetCheckSeverity.ERROR,
                    description="; ".join(found) or None,
                    metadata={"problems": len(found)},
                )
            ],
        )


@asset(deps=[*TABLES, "quality_page", "data_package"], group_name="published", kinds={"duckdb"})
def duckdb_file(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """gongkai.duckdb, made from the Parquet tables; then the build becomes the current one in one swap."""
    settings = folders.settings()
    try:
        with build_lock(settings.out, lambda: context.log.info("waiting for another build")):
            prepared = read_valid(settings.out)
            if prepared is not None:
                write_database(prepared.folder)
                publish_build(prepared, settings)
            return _published(context, settings.out, prepared)
    except GongkaiError as error:
        raise Failure(str(error), allow_retries=False) from error


def _published(context: AssetExecutionContext, out: Path, prepared: Prepared | None) -> MaterializeResult:
    current = current_build(out)
    if current is None:
        raise Failure("there are no valid Parquet tables of a new build: materialise them first", allow_retries=False)
    if prepared is None:
        context.log.info("the newest valid Parquet tables are published already")
    metadata: dict[str, str | int] = {"build": current.name, "size_bytes": (current / DATABASE).stat().st_size}
    if prepared is not None:
        metadata["dagster/row_count"] = sum(prepared.rows.values())
    return MaterializeResult(metadata=metadata)
