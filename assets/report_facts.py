"""documents → sections → tables → cells, statements → checks, and reports: the facts of one arrival batch.

Belongs here: one multi-asset around `parse_batch`. Does not belong here: any of the steps (pipeline/).

One step makes all of them, because a file passes all steps inside one boundary for failure: what stops a file stops it
alone, with a reason in `files`. The dependencies between the assets show the flow.
"""

from collections.abc import Iterator

from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, multi_asset

from assets.failures import RETRIES, failing_in_words
from assets.partitions import arrival_batches
from assets.progress import report_progress
from assets.settings import Folders
from assets.table_metadata import table_schema
from pipeline.batch import parse_batch
from pipeline.state.batches import read_plan
from pipeline.state.lock import build_lock
from schemas.tables import BY_NAME

_FLOW = {
    "documents": (["raw_files"], "Decoded text of every readable file, as lines and cells with their places."),
    "sections": (["documents"], "The text cut at its headings; the bodies in order are the text."),
    "tables": (["documents"], "The statutory tables found, each with its form, layout and state."),
    "cells": (["tables"], "Every cell of every table: a number or an honest state, with the words it was read from."),
    "reports": (["sections", "tables"], "Metadata of each report, from its own words."),
    "statements": (["sections", "tables"], "Every quantity in the prose, with what it counts and its words."),
    "indicators": (["cells", "statements"], "One series over all forms, from tables, prose or sums."),
    "checks": (
        ["cells", "statements", "reports"],
        "The identities of the forms, and prose against tables, evaluated; nothing is repaired.",
    ),
}
_SPECS = [
    AssetSpec(
        ["batch", name],
        deps=[dep if dep == "raw_files" else ["batch", dep] for dep in deps],
        description=words,
        group_name="batch",
        metadata={"dagster/column_schema": table_schema(BY_NAME[name])} if name in BY_NAME else {},
    )
    for name, (deps, words) in _FLOW.items()
]


@multi_asset(specs=_SPECS, partitions_def=arrival_batches, retry_policy=RETRIES)
def report_facts(context: AssetExecutionContext, folders: Folders) -> Iterator[MaterializeResult]:
    """Parses every file of an arrival batch and keeps the results in OUT/.batches."""
    settings = folders.settings()
    with (
        failing_in_words(context),
        build_lock(settings.out, lambda: context.log.info("waiting for another build")),
    ):
        plan = read_plan(settings.out, context.partition_key)
        result = parse_batch(plan, settings, report_progress) if plan is not None else None
    if result is None:
        context.log.info("a later scan took over the files of this batch: nothing to do")
    rows: dict[str, int] = dict(result.rows) if result is not None else {}
    statuses: dict[str, int] = dict(result.statuses) if result is not None else {}
    rows["documents"] = sum(count for status, count in statuses.items() if status != "quarantined")
    for spec in _SPECS:
        name = spec.key.path[-1]
        metadata = {"dagster/partition_row_count": rows.get(name, 0)}
        yield MaterializeResult(asset_key=spec.key, metadata=metadata | (statuses if name == "documents" else {}))
