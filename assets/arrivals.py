"""New files in RAW ask for runs.

Belongs here: the sensor, the daily schedule and the jobs that they start. Does not belong here: finding what is new
(pipeline/state/scan.py).
"""

from dagster import (
    AssetKey,
    AssetSelection,
    AutomationConditionSensorDefinition,
    DagsterInstance,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    ScheduleEvaluationContext,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    define_asset_job,
    schedule,
    sensor,
)

from assets.groups import BATCH_ASSETS, DATABASE_KEY, PUBLISHED_ASSETS, PUBLISHED_KEYS
from assets.partitions import arrival_batches
from assets.settings import Folders
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import plan_arrivals, unpublished
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.manifest import published_batches
from pipeline.state.remote import pull
from pipeline.state.results import has_results

PARTITIONS = arrival_batches.name or ""
DOCUMENTS = AssetKey(["batch", "documents"])
LOOK_SECONDS = 15

build_job = define_asset_job(
    "build",
    selection=AssetSelection.all(),
    description="Parses one arrival batch and publishes the dataset: what `gongkai build` does.",
)
parse_job = define_asset_job(
    "parse", selection=AssetSelection.assets(*BATCH_ASSETS), description="Parses one arrival batch."
)
publish_job = define_asset_job(
    "publish",
    selection=AssetSelection.assets(*PUBLISHED_ASSETS),
    description="Writes, checks and publishes the dataset from all batches that were parsed.",
)
publishing = AutomationConditionSensorDefinition(
    "publishing",
    target=AssetSelection.assets(*PUBLISHED_ASSETS),
    default_status=DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=LOOK_SECONDS,
    description="Publishes as soon as batches were parsed and none is being parsed.",
)


@sensor(
    jobs=[parse_job, publish_job], default_status=DefaultSensorStatus.RUNNING, minimum_interval_seconds=LOOK_SECONDS
)
def arrivals(context: SensorEvaluationContext, folders: Folders) -> SensorResult | SkipReason:
    """Scans RAW; plans batches for what is new, adds them as partitions and asks for a run of each.

    Files that were written within the last `settle_seconds` wait for the next look. The same news gives the same plans,
    and each is run once: one whose run failed three retries waits for the daily schedule or a retry by hand. What the
    command line parsed and did not publish is published.
    """
    try:
        settings = folders.settings()
        batches, waiting, growing = _look(settings, settings.settle_seconds)
        known = published_batches(settings.out)
    except GongkaiError as error:
        return SkipReason(str(error))
    registered = set(context.instance.get_dynamic_partitions(PARTITIONS))
    wanted = (known | set(batches)) - registered
    requests = [arrival_batches.build_add_request(sorted(wanted))] if wanted else []
    runs = [RunRequest(run_key=batch, partition_key=batch, job_name=parse_job.name) for batch in batches]
    parsed_here = context.instance.get_materialized_partitions(DOCUMENTS)
    elsewhere = [batch for batch in waiting if batch not in parsed_here]
    if elsewhere and not batches:
        runs.append(RunRequest(run_key=f"publish {elsewhere[-1]}", job_name=publish_job.name))
    if not runs:
        reason = f"{growing} files are still growing" if growing else "nothing new in RAW"
        return SensorResult(skip_reason=SkipReason(reason), dynamic_partitions_requests=requests)
    return SensorResult(run_requests=runs, dynamic_partitions_requests=requests)


@schedule(job=build_job, cron_schedule="0 5 * * *", default_status=DefaultScheduleStatus.RUNNING)
def daily(context: ScheduleEvaluationContext, folders: Folders) -> list[RunRequest] | SkipReason:
    """The safety net: once a day, whatever is not published yet is parsed and published, also what failed before.

    Without news, the published dataset is only looked at, which is what its freshness shows.
    """
    try:
        settings = folders.settings()
        batches, waiting, _ = _look(settings, settings.settle_seconds)
    except GongkaiError as error:
        return SkipReason(str(error))
    day = f"{context.scheduled_execution_time:%Y-%m-%d}"
    if batches:
        _add_partitions(context.instance, batches)
        return [RunRequest(run_key=f"{day} {batch}", partition_key=batch) for batch in batches]
    if waiting:
        return [RunRequest(run_key=f"{day} publish", asset_selection=PUBLISHED_KEYS)]
    return [RunRequest(run_key=f"{day} look", asset_selection=[DATABASE_KEY])]


def _add_partitions(instance: DagsterInstance, batches: list[str]) -> None:
    instance.add_dynamic_partitions(PARTITIONS, batches)


def _look(settings: Settings, settle_seconds: float) -> tuple[list[str], list[str], int]:
    """Batches to parse, batches that were parsed and not published, and how many files are left for later."""
    prepare_folders(settings.raw, settings.out)
    with build_lock(settings.out, wait=False):
        pull(settings.out, settings.store)
        arrived = plan_arrivals(settings, settle_seconds=settle_seconds)
        waiting = [folder.name for folder in unpublished(settings.out) if has_results(folder)]
    return [plan.batch for plan in arrived.plans], waiting, arrived.scan.growing
