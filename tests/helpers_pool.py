"""Work that does bad things to the process it runs in, for test_pool.py.

Belongs here: functions that worker processes import, and nothing that takes time to import. Does not belong here: tests.
"""

import os
import signal
import time
from collections.abc import Iterator, Sequence

from pipeline.pool import Workers

MEMORY = 4 * 2**30
"""What a worker may use, in bytes."""


def work(items: list[str]) -> list[str]:
    """Runs in a worker process; an item says what is done to it."""
    return [do(item) for item in items]


def do(item: str) -> str:
    if item == "exit":
        os._exit(3)
    if item == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "hang":
        time.sleep(60)
    if item == "no memory":
        raise MemoryError
    if item == "too much":
        return str(len(bytearray(2 * MEMORY)))
    if item == "fault":
        raise KeyError("a line\nand another")
    return item.upper()


def give_up(item: str, reason: str) -> list[str]:
    return [f"{item}: {reason}"]


def run_chunks(
    chunks: Sequence[list[str]], workers: int, seconds: float, memory: int
) -> Iterator[tuple[list[str], list[str]]]:
    """The results of workers that are there for these chunks alone."""
    with Workers(workers, seconds, memory) as pool:
        yield from pool.run(work, give_up, chunks)


class Deadly(str):
    """An item that ends a worker before it has said that it has it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (5,)
