"""Reading the files of a batch on a Dask cluster.

Belongs here: connecting to a cluster or starting one on this machine, handing out blocks, what happens when workers are
lost, gathering the parts. Does not belong here: what a worker does (cluster_task.py).

Dask is imported when a cluster is asked for, and only then.
"""

import logging
import pickle
import queue
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.chunk import Job, Reading, give_up
from pipeline.cluster_task import TOKEN, Block, get_ready, read_block, same_everywhere, start_servers
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.remote import PARTS
from pipeline.state.results import CONTENTS
from pipeline.storage import Url, open_store, store_errors
from pipeline.written import Results

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

# More blocks than workers even out how long they take; more chunks in a block save parts.
BLOCKS_PER_WORKER = 4
MAX_CHUNKS_PER_BLOCK = 10
CONNECT_SECONDS = 30
NO_WORKER_SECONDS = 120
LOOK_SECONDS = 5
KILLED = "the workers reading it died, one after the other"


class Cluster(NamedTuple):
    """A client of a cluster, and the cluster if it was started here."""

    client: "Client"
    own: "LocalCluster | None"
    scratch: str


_open: dict[tuple[str, int], "Future[Cluster]"] = {}


@contextmanager
def cluster_for(settings: Settings) -> Iterator["Future[Cluster]"]:
    """The cluster of these settings, being opened in the background; within it, the same one is used.

    A cluster of the build's own ends with it. Raises GongkaiError if Dask is not installed.
    """
    key = (settings.scheduler, settings.workers)
    if key in _open:
        yield _open[key]
        return
    _check_installed()
    with ThreadPoolExecutor(1) as opener:
        _open[key] = opening = opener.submit(_connect, settings)
        try:
            yield opening
        finally:
            del _open[key]
            if opening.exception() is None:
                _close(opening.result())


def read_on_cluster(
    chunks: list[list[Job]], reading: Reading, settings: Settings, results: Results, tell: Callable[[int], None]
) -> None:
    """Reads the chunks on the cluster of the settings; adds their results in the order of `chunks`.

    Workers that are lost cost time only: what they had is read again by others. A block whose workers die each time is
    halved until the file is found that does it; that one gets a last try with nothing beside it. Raises GongkaiError if the cluster is lost, or its workers see other
    folders or have another parser than this machine.
    """
    if not chunks:
        return
    with cluster_for(settings) as opening, _parts_folder(settings, reading) as parts:
        cluster = opening.result()
        token = uuid.uuid4().hex
        _write_token(parts, token)
        common = (str(parts), token, reading, settings.file_seconds, settings.worker_memory_bytes, same_everywhere())
        found = _Parts(parts, reading, results)
        for files in _read_blocks(cluster, _cut(chunks, _threads(cluster)), common, found):
            tell(files)
            found.add_ready()


class _Parts:
    """Parts that were handed in, added to the results in order as far as they are there."""

    def __init__(self, folder: Path | Url, reading: Reading, results: Results) -> None:
        self._folder = folder
        self._reading = reading
        self._results = results
        self.waiting: list[tuple[int, ...]] = []
        self.ready: dict[tuple[int, ...], str | tuple[Job, str]] = {}

    def split(self, number: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Puts two halves in the place of a block; their numbers."""
        place_of = self.waiting.index(number)
        halves = (*number, 0), (*number, 1)
        self.waiting[place_of : place_of + 1] = halves
        return halves

    def add_ready(self) -> None:
        """Adds all parts before the first that is still missing."""
        while self.waiting and self.waiting[0] in self.ready:
            found = self.ready.pop(self.waiting.pop(0))
            if isinstance(found, str):
                self._add(found)
            else:
                self._results.add(give_up(*found, self._reading))

    def _add(self, name: str) -> None:
        if isinstance(self._folder, Path):
            self._results.add_part(self._folder / name)
            shutil.rmtree(self._folder / name)
            return
        store, path = open_store(self._folder)
        with tempfile.TemporaryDirectory(prefix="gongkai-part-") as here, store_errors(self._folder):
            names = [f"{table}.parquet" for table in (*self._results.rows, CONTENTS)]
            store.get([f"{path}/{name}/{file}" for file in names], [f"{here}/{file}" for file in names])
            self._results.add_part(Path(here))


def _read_blocks(
    cluster: Cluster, blocks: list[list[list[Job]]], common: tuple[object, ...], parts: _Parts
) -> Iterator[int]:
    """How many files every block has, as it is done, however often it had to be tried."""
    from distributed import KilledWorker

    done: queue.Queue[Any] = queue.Queue()
    running: dict[Any, tuple[tuple[int, ...], list[list[Job]]]] = {}

    def hand_out(number: tuple[int, ...], chunks: list[list[Job]]) -> None:
        task = Block(_part_name(number), chunks, *common)  # type: ignore[arg-type]
        # Pickled here, so that Dask does not look for tasks among thousands of paths.
        future = cluster.client.submit(read_block, pickle.dumps(task), pure=False)
        running[future] = number, chunks
        future.add_done_callback(done.put)

    parts.waiting = [(position,) for position in range(len(blocks))]
    for position, block in enumerate(blocks):
        hand_out((position,), block)
    suspects: list[tuple[tuple[int, ...], list[list[Job]]]] = []
    try:
        while running or suspects:
            alone = not running
            if alone:
                hand_out(*suspects.pop(0))
            future = _next(done, cluster)
            number, chunks = running.pop(future)
            error, files = future.exception(), sum(map(len, chunks))
            if error is None:
                parts.ready[number] = _part_name(number)
                yield files
            elif not isinstance(error, KilledWorker):
                raise _in_words(error) from error
            elif files > 1:
                for half, some in zip(parts.split(number), _halves(chunks), strict=True):
                    hand_out(half, some)
            elif alone:
                parts.ready[number] = chunks[0][0], KILLED
                yield 1
            else:  # it may only have waited on the worker that another one killed
                suspects.append((number, chunks))
    finally:
        if running:
            cluster.client.cancel(list(running))


def _in_words(error: BaseException) -> GongkaiError:
    if isinstance(error, GongkaiError):
        return error
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return GongkaiError(f"the Dask cluster could not read the files: {words}")


def _part_name(number: tuple[int, ...]) -> str:
    return "-".join(f"{digit:06d}" for digit in number)


def _halves(chunks: list[list[Job]]) -> tuple[list[list[Job]], list[list[Job]]]:
    if len(chunks) > 1:
        return chunks[: len(chunks) // 2], chunks[len(chunks) // 2 :]
    jobs = chunks[0]
    return [jobs[: len(jobs) // 2]], [jobs[len(jobs) // 2 :]]


def _next(done: "queue.Queue[Any]", cluster: Cluster) -> Any:
    """The next block that is done. Raises GongkaiError if the scheduler is lost, or all workers are, for too long."""
    since = None
    while True:
        try:
            return done.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            if cluster.client.status != "running":
                raise GongkaiError("the Dask scheduler was lost") from None
            if cluster.client.nthreads():
                since = None
            elif since is None:
                since = time.monotonic()
            elif time.monotonic() - since > NO_WORKER_SECONDS:
                raise GongkaiError(f"the Dask cluster has had no worker for {NO_WORKER_SECONDS} s") from None


def _cut(chunks: list[list[Job]], threads: int) -> list[list[list[Job]]]:
    size = max(1, min(MAX_CHUNKS_PER_BLOCK, len(chunks) // (threads * BLOCKS_PER_WORKER)))
    return [chunks[begin : begin + size] for begin in range(0, len(chunks), size)]


def _threads(cluster: Cluster) -> int:
    threads: list[int] = list(cluster.client.nthreads().values())
    return max(1, sum(threads))


@contextmanager
def _parts_folder(settings: Settings, reading: Reading) -> Iterator[Path | Url]:
    """A folder for parts that this machine and all workers see; it is removed with all that is in it."""
    if settings.scheduler and settings.store:
        url = Url(f"{settings.store}/{PARTS}/{uuid.uuid4().hex}")
        store, path = open_store(url)
        try:
            yield url
        finally:
            with store_errors(url):
                store.invalidate_cache()
                if store.exists(path):
                    store.rm(path, recursive=True)
        return
    folder = reading.scratch.with_name("parts")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder.resolve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_token(parts: Path | Url, token: str) -> None:
    if isinstance(parts, Path):
        (parts / TOKEN).write_text(token, encoding="ascii")
        return
    store, path = open_store(parts)
    with store_errors(parts):
        store.pipe_file(f"{path}/{TOKEN}", token.encode())


def _check_installed() -> None:
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise GongkaiError("the engine dask needs Dask: pip install 'gongkai[dask]'")


def _connect(settings: Settings) -> Cluster:
    if not settings.scheduler:
        # The workers are forked from a server that loads what they need once, while this process loads Dask. Each starts
        # a server of its own in turn for the process that it supervises: nothing is forked from a process with threads.
        start_servers("distributed", "pipeline.cluster_task")
    import dask

    # What it has to say is said by us, in one line.
    dask.config.set({"logging": {"distributed": "critical"}})
    from distributed import Client, LocalCluster

    if settings.scheduler:
        try:
            client = Client(settings.scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            words = " ".join(str(error).split())
            raise GongkaiError(f"no Dask scheduler with workers at {settings.scheduler}: {words}") from None
        return Cluster(client, None, "")
    scratch = tempfile.mkdtemp(prefix="gongkai-dask-")
    dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    own = LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        host="127.0.0.1",
        # No pages; what is left of its HTTP server listens on a free port, here only.
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        memory_limit=0,  # the process that reads has a limit of its own
        local_directory=scratch,
        silence_logs=logging.CRITICAL,
    )
    client = Client(own, set_as_default=False)
    client.run(get_ready)
    return Cluster(client, own, scratch)


def _close(cluster: Cluster) -> None:
    with suppress(OSError, TimeoutError):
        cluster.client.close()
    if cluster.own is not None:
        with suppress(OSError, TimeoutError):
            cluster.own.close()
        shutil.rmtree(cluster.scratch, ignore_errors=True)
