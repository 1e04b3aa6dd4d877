"""One writer at a time.

Belongs here: the file lock on OUT. Does not belong here: what is written under it.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import GongkaiError

LOCK = ".lock"
_held: dict[tuple[Path, int], int] = {}


@contextmanager
def build_lock(out: Path, on_wait: Callable[[], None] | None = None, wait: bool = True) -> Iterator[None]:
    """Holds OUT/.lock; waits for another build, calling `on_wait` once. Nested use in one thread is free.

    The operating system lets go of the lock when the process ends, however it ends. With `wait` false, raises
    GongkaiError instead of waiting.
    """
    key = (out.resolve(), threading.get_ident())
    if _held.get(key):
        _held[key] += 1
        try:
            yield
        finally:
            _held[key] -= 1
        return
    try:
        descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise GongkaiError(f"cannot lock {out}: {LOCK} there: {error.strerror}") from None
    try:
        _acquire(descriptor, on_wait, wait)
        _held[key] = 1
        try:
            yield
        finally:
            del _held[key]
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, on_wait: Callable[[], None] | None, wait: bool) -> None:
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not wait:
                raise GongkaiError("another build is writing to this folder") from None
            if not told and on_wait is not None:
                on_wait()
            told = True
            time.sleep(0.2)
