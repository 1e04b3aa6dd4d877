"""Progress of a build that runs in this process.

Belongs here: the one place where the command hangs its progress bar on. Does not belong here: drawing it (command.py).
"""

from collections.abc import Callable

_listeners: list[Callable[[int, int], None]] = []


def listen(listener: Callable[[int, int], None]) -> Callable[[], None]:
    """Calls `listener(done, total)` as files are parsed; returns the function that ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def report_progress(done: int, total: int) -> None:
    """Tells every listener."""
    for listener in _listeners:
        listener(done, total)
