"""Parquet → what is said of the dataset: the quality page, and the description for those whom the folder is handed to.

Belongs here: one asset each. Both write into the folder of the new build, before `duckdb_file` publishes it as a whole.
Does not belong here: what they write (pipeline/present/quality_page.py, pipeline/publish/package.py).
"""

from collections.abc import Callable
from pathlib import Path

from dagster import AssetExecutionContext, AssetKey, MaterializeResult, asset

from assets.failures import RETRIES, failing_in_words
from assets.settings import Folders
from assets.upkeep import AS_BATCHES_COME
from pipeline import aside
from pipeline.publish.package import write_package
from pipeline.publish.parquet import read_valid
from pipeline.state.folders import QUALITY_PAGE
from pipeline.state.lock import build_lock
from schemas.tables import ALL_TABLES

TABLES = [AssetKey(["parquet", table.name]) for table in ALL_TABLES]


@asset(deps=TABLES, group_name="published", kinds={"html"}, automation_condition=AS_BATCHES_COME, retry_policy=RETRIES)
def quality_page(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """quality.html: coverage, refused cells, failed checks, outcomes, and the reports most in need of a human eye."""
    return _write(context, folders, _take_page)


@asset(deps=TABLES, group_name="published", kinds={"json"}, automation_condition=AS_BATCHES_COME, retry_policy=RETRIES)
def data_package(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """datapackage.json and README.md: what the folder holds, how it was made, under which licence."""
    return _write(context, folders, write_package)


def _take_page(build: Path) -> Path:
    aside.PAGE.finish(build)
    return build / QUALITY_PAGE


def _write(context: AssetExecutionContext, folders: Folders, write: Callable[[Path], Path]) -> MaterializeResult:
    settings = folders.settings()
    with failing_in_words(context), build_lock(settings.out, lambda: context.log.info("waiting for another build")):
        prepared = read_valid(settings.out)
        if prepared is None:
            context.log.info("the newest valid Parquet tables are published already")
            return MaterializeResult(metadata={"nothing_new": True})
        return MaterializeResult(metadata={"size_bytes": write(prepared.folder).stat().st_size})
