"""One build in this process: scan, then the Dagster assets for the batch that the scan planned.

Belongs here: what `gongkai build` does. Does not belong here: arguments and output (command.py).

Dagster is imported only if there is something to do.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import Plan, plan_arrivals
from pipeline.state.folders import BATCHES, prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.scan import Scan

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

MAX_WORDS = 1_000
INTERRUPTED = "DagsterExecutionInterruptedError"


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
    prepare_folders(settings.raw, settings.out)
    with build_lock(settings.out, on_wait):
        found, plan = plan_arrivals(settings)
        if plan is None:
            return Built(found, None)
        on_plan(found, plan)
        _materialize(settings, plan, on_progress)
        return Built(found, plan)


def _materialize(settings: Settings, plan: Plan, on_progress: Callable[[int, int], None]) -> None:
    from pipeline.batch import start_workers
    from pipeline.present.draw import start_drawing, stop_drawing

    # What takes long to load loads while this process imports Dagster.
    start_workers()
    start_drawing()

    from dagster import DagsterError, DagsterInstance, materialize

    from assets.definitions import ASSETS
    from assets.partitions import arrival_batches
    from assets.progress import listen
    from assets.settings import Folders

    try:
        instance = DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else DagsterInstance.ephemeral()
    except DagsterError as error:
        raise GongkaiError(f"Dagster cannot use DAGSTER_HOME: {_one_line(str(error))}") from None
    stop = listen(on_progress)
    try:
        instance.add_dynamic_partitions(arrival_batches.name or "", [plan.batch])
        result = materialize(
            ASSETS,
            partition_key=plan.batch,
            instance=instance,
            resources={"folders": Folders.of(settings)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    except DagsterError as error:
        if type(error).__name__ == INTERRUPTED:
            raise KeyboardInterrupt from None
        raise
    finally:
        stop()
        stop_drawing()
        instance.dispose()
    if not result.success:
        raise GongkaiError(f"the new build was not published: {_what_failed(result, settings)}")


def _what_failed(result: "ExecuteInProcessResult", settings: Settings) -> str:
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    if failed:
        words = [f"{check.asset_key.path[-1]}: {check.description}" for check in failed]
        advice = f"to have all files read again, remove {settings.out / BATCHES}"
        return f"its tables are not valid: {_one_line('; '.join(words))} ({advice})"
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None:
                return _one_line(data.user_failure_data.description or "")
            error = data.error.cause if data.error is not None and data.error.cause is not None else data.error
            if error is not None and error.cls_name == INTERRUPTED:
                raise KeyboardInterrupt
            return _one_line(error.message) if error is not None else "unknown error"
    return "unknown error"


def _one_line(words: str) -> str:
    return " ".join(words.split())[:MAX_WORDS]
