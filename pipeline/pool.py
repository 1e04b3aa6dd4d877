"""Worker processes that may die without taking the batch along.

Belongs here: running one function over chunks of work in supervised processes with limits on time and memory. Does not
belong here: what the work is.

A chunk whose worker dies, hangs or runs out of memory is taken apart, and only the item that did it is given up
(design.md "One boundary for failure").
"""

import resource
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

Item = TypeVar("Item")
Result = TypeVar("Result")

# Chunks that are handed out before the oldest result is taken: bounds what waits in memory.
AHEAD_PER_WORKER = 3


def run_chunks(
    work: Callable[[list[Item]], Result],
    give_up: Callable[[Item, str], Result],
    chunks: Sequence[list[Item]],
    workers: int,
    item_seconds: float,
    memory_bytes: int,
) -> Iterator[tuple[list[Item], Result]]:
    """(chunk, result) in the order of `chunks`; a chunk that failed comes item by item.

    `work` must be importable in a new process. `give_up(item, reason)` makes the result of an item whose worker died.
    """
    if not chunks:
        return
    context = get_context("spawn")
    with ProcessPool(max_workers=workers, initializer=_limit, initargs=(memory_bytes,), context=context) as pool:

        def seconds(chunk: list[Item]) -> float:
            return item_seconds + 0.2 * item_seconds * (len(chunk) - 1)

        waiting: deque[tuple[list[Item], object]] = deque()
        rest = iter(chunks)

        def hand_out() -> None:
            for chunk in rest:
                waiting.append((chunk, pool.schedule(work, args=[chunk], timeout=seconds(chunk))))
                if len(waiting) >= workers * AHEAD_PER_WORKER:
                    return

        hand_out()
        while waiting:
            chunk, future = waiting.popleft()
            reason = None
            try:
                yield chunk, future.result()  # type: ignore[attr-defined]
            except (FutureTimeout, ProcessExpired, MemoryError) as error:
                reason = _reason(error, item_seconds, memory_bytes)
            if reason is not None and len(chunk) == 1:
                yield chunk, give_up(chunk[0], reason)
            elif reason is not None:
                singles = [([item], pool.schedule(work, args=[[item]], timeout=item_seconds)) for item in chunk]
                waiting.extendleft(reversed(singles))
            hand_out()


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _reason(error: BaseException, item_seconds: float, memory_bytes: int) -> str:
    if isinstance(error, MemoryError):
        return f"reading it took more memory than the limit worker_memory_bytes ({memory_bytes:,} bytes)"
    if isinstance(error, FutureTimeout):
        return f"reading it took longer than the limit file_seconds ({item_seconds:g} s)"
    return f"the worker reading it died ({error})"
