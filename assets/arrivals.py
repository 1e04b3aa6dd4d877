"""New files in RAW ask for a run.

Belongs here: the sensor and the job it starts. Does not belong here: finding what is new (pipeline/state/scan.py).
"""

from dagster import (
    AssetSelection,
    DefaultSensorStatus,
    RunRequest,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    define_asset_job,
    sensor,
)

from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import has_results, plan_arrivals, unpublished
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.manifest import published_batches

build_job = define_asset_job(
    "build",
    selection=AssetSelection.all(),
    description="Parses one arrival batch and publishes the dataset: what `gongkai build` does.",
)


@sensor(job=build_job, default_status=DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def arrivals(context: SensorEvaluationContext, folders: Folders) -> SensorResult | SkipReason:
    """Scans RAW; plans a batch for what is new, adds it as a partition and asks for its run.

    The same news gives the same plan, and a plan is run once: one whose run failed waits for a retry by hand or for
    other news.
    """
    try:
        settings = folders.settings()
        prepare_folders(settings.raw, settings.out)
        with build_lock(settings.out, wait=False):
            batch = _batch_to_run(settings)
            known = published_batches(settings.out)
    except GongkaiError as error:
        return SkipReason(str(error))
    registered = set(context.instance.get_dynamic_partitions(arrival_batches.name or ""))
    wanted = known | ({batch} if batch else set())
    requests = [arrival_batches.build_add_request(sorted(wanted - registered))] if wanted - registered else []
    if batch is None:
        return SensorResult(skip_reason=SkipReason("nothing new in RAW"), dynamic_partitions_requests=requests)
    return SensorResult(
        run_requests=[RunRequest(run_key=batch, partition_key=batch)], dynamic_partitions_requests=requests
    )


def _batch_to_run(settings: Settings) -> str | None:
    """What is new, else the last batch that was parsed but not published, else nothing."""
    found, plan = plan_arrivals(settings)
    parsed = [folder.name for folder in unpublished(settings.out) if has_results(folder)]
    if parsed and not found.is_news:
        return parsed[-1]
    return plan.batch if plan is not None else None
