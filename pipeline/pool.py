"""Worker processes that may die without taking the batch along.

Belongs here: running one function over chunks of work in supervised processes with limits on time and memory. Does not
belong here: what the work is.

A chunk whose worker dies, hangs, fails or runs out of memory is taken apart, and only the item that did it is given up
(design.md "One boundary for failure").

Workers are forked from a server process that has one thread and has imported what they need: a worker starts in 15 ms,
where a spawned one takes 1.3 s (two cores, Python 3.11), and nothing is forked from a process with threads.
"""

import os
import resource
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import forkserver, get_context, parent_process
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.errors import GongkaiError
from pipeline.garbage import collect_rarely

Item = TypeVar("Item")
Result = TypeVar("Result")

# Chunks that are handed out before the oldest result is taken: bounds what waits in memory.
AHEAD_PER_WORKER = 3
# A chunk may take as long as two slow items; one that takes longer is taken apart, which costs no result.
SLOW_ITEMS_PER_CHUNK = 2
MAX_BREAKS = 5


def start_server(*modules: str) -> None:
    """Starts the server, if it does not run yet, and returns while it imports these modules.

    What a worker imports and the server has not, every worker imports again.
    """
    get_context("forkserver").set_forkserver_preload(["__main__", "pipeline.undisturbed", *modules])
    forkserver.ensure_running()


class Workers:
    """A pool that can be started anew when it broke, and that is stopped at once when the work is abandoned.

    Its processes stay from one run to the next, and with them what they have learnt.
    """

    def __init__(self, workers: int, item_seconds: float, memory_bytes: int) -> None:
        self._workers = workers
        self._item_seconds = item_seconds
        self._memory_bytes = memory_bytes
        self._pool = self._start()

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            initializer=_begin,
            initargs=(self._memory_bytes,),
            context=get_context("forkserver"),
        )

    def run(
        self,
        work: Callable[[list[Item]], Result],
        give_up: Callable[[Item, str], Result],
        chunks: Sequence[list[Item]],
    ) -> Iterator[tuple[list[Item], Result]]:
        """(chunk, result) in the order of `chunks`; a chunk that failed comes item by item.

        `work` must be importable in a new process. `give_up(item, reason)` makes the result of an item that could not be
        worked on. Raises GongkaiError if worker processes cannot be kept alive.
        """

        def hand_out(chunk: list[Item]) -> Future[Result]:
            return self._hand_out(work, chunk)

        rest = iter(chunks)
        waiting = deque((chunk, hand_out(chunk)) for chunk in islice(rest, self._workers * AHEAD_PER_WORKER))
        breaks = 0
        while waiting:
            chunk, future = waiting.popleft()
            error = _wait(future)
            if isinstance(error, BrokenProcessPool):
                breaks += 1
                if breaks == MAX_BREAKS:
                    raise GongkaiError("worker processes die before they do anything: is there enough memory?")
                self._restart()
                again = [(chunk, future), *waiting]
                waiting = deque((c, f if _is_done(f) else hand_out(c)) for c, f in again)
                continue
            breaks = 0
            if error is None:
                yield chunk, future.result()
            elif len(chunk) == 1:
                yield chunk, give_up(chunk[0], _reason(error, self._item_seconds, self._memory_bytes))
            else:
                waiting.extendleft([([item], hand_out([item])) for item in reversed(chunk)])
            waiting.extend((chunk, hand_out(chunk)) for chunk in islice(rest, 1))

    def stop(self) -> None:
        """Ends the processes at once."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _restart(self) -> None:
        self.stop()
        self._pool = self._start()

    def _hand_out(self, work: Callable[[list[Item]], Result], chunk: list[Item]) -> "Future[Result]":
        seconds = self._item_seconds * (SLOW_ITEMS_PER_CHUNK if len(chunk) > 1 else 1)
        try:
            return self._pool.schedule(work, args=[chunk], timeout=seconds)  # type: ignore[no-any-return]
        except RuntimeError as error:  # the pool broke since the last look: as if this chunk had found out
            future: Future[Result] = Future()
            future.set_exception(BrokenProcessPool(str(error)))
            return future

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
            self._pool.join()
        else:
            self.stop()


def _begin(memory_bytes: int) -> None:
    """What a worker process does first: limit its memory, and see to it that it ends when its parent does."""
    collect_rarely()
    threading.Thread(target=_end_with_parent, daemon=True).start()  # while there is memory for a thread
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bytes_allowed = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_AS, (bytes_allowed, bytes_allowed))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _wait(future: "Future[Result]") -> BaseException | None:
    try:
        return future.exception()
    except Exception as error:  # a future that was cancelled raises
        return error


def _is_done(future: "Future[Result]") -> bool:
    return future.done() and not isinstance(_wait(future), BrokenProcessPool)


def _reason(error: BaseException, item_seconds: float, memory_bytes: int) -> str:
    if isinstance(error, MemoryError):
        return f"reading it took more memory than the limit GONGKAI_WORKER_MEMORY_BYTES ({memory_bytes:,})"
    if isinstance(error, TimeoutError):
        return f"reading it took longer than the limit GONGKAI_FILE_SECONDS ({item_seconds:g})"
    if isinstance(error, ProcessExpired):
        return f"the worker process reading it died ({_exit_words(error.exitcode)})"
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return f"the program failed on it, please report this: {words}"


def _exit_words(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
