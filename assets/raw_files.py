"""raw files: what arrived in RAW with a batch.

Belongs here: the asset `raw_files`. Does not belong here: looking at RAW (pipeline/state/scan.py).
"""

from dagster import AssetExecutionContext, MaterializeResult, asset

from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.state.batches import read_plan


@asset(partitions_def=arrival_batches, group_name="raw", kinds={"file"})
def raw_files(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """The raw files of one arrival batch: new, changed and gone since the batch before, found by one scan of RAW."""
    plan = read_plan(folders.settings().out, context.partition_key)
    if plan is None:
        return MaterializeResult(metadata={"superseded": True})
    return MaterializeResult(
        metadata={"new_or_changed": len(plan.seen), "gone": len(plan.gone), "to_parse": len(plan.to_parse)}
    )
