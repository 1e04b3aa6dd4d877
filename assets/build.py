"""One build in this process: scan, then the Dagster assets for the batch that the scan planned.

Belongs here: what `gongkai build` does. Does not belong here: arguments and output (command.py).

Dagster is imported only if there is something to do.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import Plan, plan_arrivals
from pipeline.state.folders import prepare_out
from pipeline.state.lock import build_lock
from pipeline.state.scan import Scan


class Built(NamedTuple):
    """What a build found; `plan` is None if there was nothing to do."""

    scan: Scan
    plan: Plan | None


def build(
    settings: Settings,
    on_plan: Callable[[Scan, Plan], None] = lambda scan, plan: None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> Built:
    """Brings OUT up to date with RAW. Raises GongkaiError; the published dataset is then still the old one."""
    if settings.out.resolve().is_relative_to(settings.raw.resolve()):
        raise GongkaiError(f"{settings.out} lies in the raw folder {settings.raw}: choose another --out")
    prepare_out(settings.out)
    with build_lock(settings.out, on_wait):
        found, plan = plan_arrivals(settings)
        if plan is None:
            return Built(found, None)
        on_plan(found, plan)
        _materialize(settings, plan, on_progress)
        return Built(found, plan)


def _materialize(settings: Settings, plan: Plan, on_progress: Callable[[int, int], None]) -> None:
    from dagster import DagsterInstance, materialize

    from assets.definitions import ASSETS
    from assets.partitions import arrival_batches
    from assets.progress import listen
    from assets.settings import Folders

    instance = DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else DagsterInstance.ephemeral()
    stop = listen(on_progress)
    try:
        instance.add_dynamic_partitions(arrival_batches.name or "", [plan.batch])
        result = materialize(
            ASSETS,
            partition_key=plan.batch,
            instance=instance,
            resources={"folders": Folders(raw=str(settings.raw), out=str(settings.out))},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
        if failed:
            words = "; ".join(f"{check.asset_key.path[-1]}: {check.description}" for check in failed)
            raise GongkaiError(f"the new build was not published, its tables are not valid: {words}")
        for event in result.all_events:
            if event.is_step_failure:
                error = event.step_failure_data.error
                cause = error.cause if error is not None and error.cause is not None else error
                words = cause.message.strip() if cause is not None else "unknown error"
                raise GongkaiError(f"the new build was not published: {words}")
    finally:
        stop()
        instance.dispose()
