"""raw files: what arrived in RAW with a batch.

Belongs here: the asset `raw_files`. Does not belong here: looking at RAW (pipeline/state/scan.py).
"""

from dagster import AssetExecutionContext, MaterializeResult, asset

from assets.failures import RETRIES, failing_in_words
from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.state.batches import plan_of
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.remote import pull


@asset(partitions_def=arrival_batches, group_name="raw", kinds={"file"}, retry_policy=RETRIES)
def raw_files(context: AssetExecutionContext, folders: Folders) -> MaterializeResult:
    """The raw files of one arrival batch: new, changed and gone since the batch before, found by one scan of RAW.

    A batch with a name made by hand is what is new by now.
    """
    settings = folders.settings()
    with failing_in_words(context):
        prepare_folders(settings.raw, settings.out)
        with build_lock(settings.out, lambda: context.log.info("waiting for another build")):
            pull(settings.out, settings.store)
            plan = plan_of(settings, context.partition_key)
    if plan is None:
        return MaterializeResult(metadata={"dagster/partition_row_count": 0, "nothing_new": True})
    return MaterializeResult(
        metadata={
            "dagster/partition_row_count": len(plan.seen),
            "new_or_changed": len(plan.seen),
            "gone": len(plan.gone),
            "to_parse": len(plan.to_parse),
        }
    )
