"""One build in this process: scan, then the Dagster assets for the batches that the scan planned.

Belongs here: what `gongkai build` does. Does not belong here: arguments and output (command.py).

Dagster is imported only if there is something to do.
"""

import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import GongkaiError
from pipeline.garbage import collect_rarely
from pipeline.settings import Settings
from pipeline.state.batches import Arrivals, Plan, plan_arrivals
from pipeline.state.folders import BATCHES, prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.remote import pull
from pipeline.state.results import DamagedError
from pipeline.state.scan import Scan, may_have_news

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult

MAX_WORDS = 1_000
COMMAND = f"{__package__}.command"
"""What every worker would import again: the module of the program."""
INTERRUPTED = "DagsterExecutionInterruptedError"


class Built(NamedTuple):
    """What a build found; `plans` are the batches that it parsed, none if there was nothing to parse."""

    scan: Scan
    plans: list[Plan]
    is_news: bool


def build(
    settings: Settings,
    on_plans: Callable[[list[Plan]], None] = lambda plans: None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> Built:
    """Brings OUT up to date with RAW. Raises GongkaiError; the published dataset is then still the old one.

    Results that turn out to be damaged are made anew, once.
    """
    prepare_folders(settings.raw, settings.out)
    with build_lock(settings.out, on_wait):
        pull(settings.out, settings.store)
        done: list[Plan] = []
        while True:
            found, plans, is_due = _look(settings)
            if not is_due:
                return Built(found, done, bool(done))
            on_plans(plans)
            try:
                _materialize(settings, plans, on_progress)
            except DamagedError:
                if done:
                    raise
                done = plans
                continue
            return Built(found, done + plans, True)


def _look(settings: Settings) -> Arrivals:
    """What is new in RAW.

    A folder in which something was added or removed most likely means that there is something to do: then another process
    looks, while this one loads what takes longer to load than looking takes.
    """
    has_threads = bool(settings.store)  # pull() started them, and what has threads is not forked
    if has_threads or "dagster" in sys.modules or not may_have_news(settings):
        return plan_arrivals(settings)
    with ProcessPoolExecutor(1, get_context("fork")) as beside:
        arrivals = beside.submit(plan_arrivals, settings)
        if settings.engine == "pool":
            from pipeline.batch import start_workers

            start_workers(COMMAND)
        _load_dagster()
        return arrivals.result()


def _materialize(settings: Settings, plans: list[Plan], on_progress: Callable[[int, int], None]) -> None:
    from pipeline.batch import start_workers, workers_for
    from pipeline.cluster import cluster_for

    # What takes long to load or to start does so while this process imports Dagster.
    with ExitStack() as stack:
        if plans and settings.engine == "dask":
            stack.enter_context(cluster_for(settings))
        elif plans:
            start_workers(COMMAND)
            files = sum(len(plan.to_parse) for plan in plans)
            if files:
                stack.enter_context(workers_for(settings, files))
        _run_all(settings, plans, on_progress)


def _run_all(settings: Settings, plans: list[Plan], on_progress: Callable[[int, int], None]) -> None:
    _load_dagster()
    from dagster import DagsterError, DagsterInstance

    from assets.partitions import arrival_batches
    from pipeline import aside

    gc.disable()
    try:
        instance = DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else DagsterInstance.ephemeral()
    except DagsterError as error:
        raise GongkaiError(f"Dagster cannot use DAGSTER_HOME: {_one_line(str(error))}") from None
    finally:
        collect_rarely()
    try:
        # Not before: with the server of worker processes, two are busy starting already. Nor are the others started with it,
        # which load more quickly (published.py).
        aside.PAGE.start()
        instance.add_dynamic_partitions(arrival_batches.name or "", [plan.batch for plan in plans])
        sizes = [len(plan.to_parse) for plan in plans]
        for number, plan in enumerate(plans or [None]):
            on_more = partial(_later, on_progress, sum(sizes[:number]), sum(sizes))
            _run(settings, instance, plan, number >= len(plans) - 1, on_more)
    except DagsterError as error:
        if type(error).__name__ == INTERRUPTED:
            raise KeyboardInterrupt from None
        raise
    finally:
        aside.stop()
        instance.dispose()


def _load_dagster() -> None:
    """Imports what every run needs, for two seconds.

    It stays to the end: looking through its million objects for garbage again and again took two seconds more.
    """
    gc.disable()
    try:
        import assets.groups  # noqa: F401
    finally:
        collect_rarely()


def _later(on_progress: Callable[[int, int], None], before: int, total: int, done: int, _: int) -> None:
    """Progress within one batch as progress within all of them."""
    on_progress(before + done, total)


def _run(
    settings: Settings,
    instance: "DagsterInstance",
    plan: Plan | None,
    publishes: bool,
    on_progress: Callable[[int, int], None],
) -> None:
    """One run: the assets of a batch, those that publish, or both."""
    from dagster import materialize

    from assets.failures import AT_ONCE
    from assets.groups import BATCH_ASSETS, PUBLISHED_ASSETS
    from assets.progress import listen
    from assets.settings import Folders

    stop = listen(on_progress)
    try:
        result = materialize(
            [*(BATCH_ASSETS if plan is not None else []), *(PUBLISHED_ASSETS if publishes else [])],
            partition_key=plan.batch if plan is not None else None,
            instance=instance,
            resources={"folders": Folders.of(settings)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={AT_ONCE: "true"},
            raise_on_error=False,
        )
    finally:
        stop()
    if not result.success:
        raise _failure(result, settings)


def _failure(result: "ExecuteInProcessResult", settings: Settings) -> GongkaiError:
    from assets import failures

    marks = set()
    for event in result.all_events:
        data = event.step_failure_data.user_failure_data if event.is_step_failure else None
        marks |= {name for name, mark in (data.metadata if data is not None else {}).items() if mark.value is True}
    if failures.INTERRUPTED in marks:
        raise KeyboardInterrupt
    words = f"the new build was not published: {_what_failed(result, settings)}"
    return DamagedError(words) if failures.DAMAGED in marks else GongkaiError(words)


def _what_failed(result: "ExecuteInProcessResult", settings: Settings) -> str:
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    if failed:
        words = [f"{check.asset_key.path[-1]}: {check.description}" for check in failed]
        advice = f"to have all files read again, remove {settings.out / BATCHES}"
        return f"a check failed: {_one_line('; '.join(words))} ({advice})"
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
