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
from pipeline.state.batches import plan_arrivals
from pipeline.state.folders import prepare_out
from pipeline.state.lock import build_lock
from pipeline.state.manifest import published_batches

build_job = define_asset_job(
    "build",
    selection=AssetSelection.all(),
    description="Parses one arrival batch and publishes the dataset: what `gongkai build` does.",
)


@sensor(job=build_job, default_status=DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def arrivals(context: SensorEvaluationContext, folders: Folders) -> SensorResult | SkipReason:
    """Scans RAW; plans a batch for what is new, adds it as a partition and asks for its run."""
    settings = folders.settings()
    try:
        prepare_out(settings.out)
        with build_lock(settings.out):
            _, plan = plan_arrivals(settings)
            known = published_batches(settings.out)
    except GongkaiError as error:
        return SkipReason(str(error))
    registered = set(context.instance.get_dynamic_partitions(arrival_batches.name or ""))
    wanted = known | ({plan.batch} if plan else set())
    requests = [arrival_batches.build_add_request(sorted(wanted - registered))] if wanted - registered else []
    if plan is None:
        return SensorResult(skip_reason=SkipReason("nothing new in RAW"), dynamic_partitions_requests=requests)
    return SensorResult(
        run_requests=[RunRequest(run_key=plan.batch, partition_key=plan.batch)], dynamic_partitions_requests=requests
    )
