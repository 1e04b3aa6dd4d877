"""The charts of a page from a process of their own.

Belongs here: starting that process, asking it, ending it. Does not belong here: the charts (charts.py, which is what runs
there).

Loading Altair and the engine that draws takes 1.3 s of a core and blocks every other thread meanwhile. A build starts the
process at its beginning; the five charts then take 0.4 s of a core. A crash of the engine is a failed drawing, not a lost build.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from threading import Lock, Thread

from markupsafe import Markup

from pipeline.errors import GongkaiError

SECONDS = 120
_lock = Lock()
_waiting: list["subprocess.Popen[bytes]"] = []


def start_drawing() -> None:
    """Starts the process that draws, if none is waiting. It ends by itself when this one does."""
    with _lock:
        if not _waiting:
            _waiting.append(_start())


def stop_drawing() -> None:
    """Ends a process that was started and not asked for anything."""
    with _lock:
        while _waiting:
            process = _waiting.pop()
            process.kill()
            process.communicate()


def draw(charts: dict[str, list[object]]) -> Callable[[], dict[str, Markup]]:
    """Asks for the charts of charts.CHARTS, each with its arguments; what is given back waits for them.

    Waiting raises GongkaiError if they cannot be drawn.
    """
    with _lock:
        process = _waiting.pop() if _waiting else _start()
    answer: list[tuple[bytes, str]] = []
    asked = Thread(target=_communicate, args=(process, json.dumps(charts).encode(), answer))
    asked.start()

    def wait() -> dict[str, Markup]:
        asked.join()
        drawn, error = answer[0]
        if process.returncode:
            raise GongkaiError(f"the charts of the quality page cannot be drawn: {error}")
        return {name: Markup(svg) for name, svg in json.loads(drawn).items()}

    return wait


def _communicate(process: "subprocess.Popen[bytes]", request: bytes, answer: list[tuple[bytes, str]]) -> None:
    """The answer to a request: what was drawn, and the last words on what went wrong."""
    try:
        drawn, error = process.communicate(request, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        answer.append((b"", f"it took longer than {SECONDS} seconds"))
        return
    lines = error.decode("utf-8", "replace").strip().splitlines()
    answer.append((drawn, lines[-1] if lines else f"exit status {process.returncode}"))


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.present.charts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
