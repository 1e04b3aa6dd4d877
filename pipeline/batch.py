"""Parses the files of one arrival batch into Parquet.

Belongs here: reading the planned files with one of two engines, worker processes or a Dask cluster, and writing results/
of the batch. Does not belong here: the work itself (chunk.py), the engines (pool.py, cluster.py), planning
(state/batches.py), publishing.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple

from pipeline.chunk import Job, Reading, cut_chunks, give_up, parse_chunk
from pipeline.cluster import read_on_cluster
from pipeline.conditions import conditional_version
from pipeline.crawl_list import read_crawl_list
from pipeline.pool import Workers, start_server
from pipeline.settings import Settings
from pipeline.state.batches import Plan, batch_folder
from pipeline.state.folders import RESULTS
from pipeline.state.results import has_results
from pipeline.storage import place
from pipeline.written import Results, replace_results, writing

_open: dict[tuple[int, float, int], Workers] = {}


class BatchResult(NamedTuple):
    """How many contents of a batch ended in which status, and how many rows its tables have."""

    statuses: dict[str, int]
    rows: dict[str, int]


def parse_batch(plan: Plan, settings: Settings, progress: Callable[[int, int], None] | None = None) -> BatchResult:
    """Parses every planned content and writes OUT/.batches/<batch>/results, whole or not at all.

    `progress(done, total)` is called as files are done. Parsing a batch again replaces its results by the same, and both
    engines write the same. Raises GongkaiError if there are no workers, or they cannot do it.
    """
    folder = batch_folder(settings.out, plan.batch)
    temporary = folder / f"{RESULTS}.new"
    shutil.rmtree(temporary, ignore_errors=True)
    crawl = read_crawl_list(place(plan.raw))
    jobs = [(plan.raw, file.real, file.file_id or "", crawl.lines.get(file.path)) for file in plan.to_parse]
    done = 0

    def tell(files: int) -> None:
        nonlocal done
        done += files
        if progress is not None:
            progress(done, len(jobs))

    with ExitStack() as stack:
        scratch = folder / f"{RESULTS}.scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        results = stack.enter_context(writing(temporary))
        reading = Reading(settings.limits, scratch.resolve(), conditional_version(settings))
        read = read_on_cluster if settings.engine == "dask" else _read_here
        read(cut_chunks(plan.to_parse, jobs), reading, settings, results, tell)
    if not results.is_of_this_parser and has_results(folder):
        # Parsed again later, when some files are no longer what they were: the first results stay.
        shutil.rmtree(temporary)
    else:
        replace_results(folder, temporary)
    return BatchResult(results.statuses, results.rows)


def start_workers(*modules: str) -> None:
    """Gets ready for parsing, in the background. `modules`: what else every worker would import, such as the program's."""
    start_server(__name__, "pipeline.worker", "pipeline.region.preloaded", *modules)


@contextmanager
def workers_for(settings: Settings, files: int) -> Iterator[Workers]:
    """Worker processes of these settings, enough for so many files; within it, the same are used.

    What a worker has learnt of the pages of one batch serves it in the next: it reads twice as fast as a new one.
    """
    key = (settings.workers, settings.file_seconds, settings.worker_memory_bytes)
    if key in _open:
        yield _open[key]
        return
    start_workers()
    most = min(settings.workers, files)
    with Workers(most, settings.file_seconds, settings.worker_memory_bytes) as workers:
        _open[key] = workers
        try:
            yield workers
        finally:
            del _open[key]


def _read_here(
    chunks: list[list[Job]], reading: Reading, settings: Settings, results: Results, tell: Callable[[int], None]
) -> None:
    """Reads the chunks in worker processes of this machine."""
    if not chunks:
        return
    with workers_for(settings, sum(map(len, chunks))) as workers:
        work, given_up = partial(parse_chunk, reading=reading), partial(give_up, reading=reading)
        for chunk, result in workers.run(work, given_up, chunks):
            results.add(result)
            tell(len(chunk))
