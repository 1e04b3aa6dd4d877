"""The charts of a page from a process of their own.

Belongs here: starting that process, asking it, ending it. Does not belong here: the charts (charts.py, which is what runs
there).

Loading Altair and the engine that draws takes 1.3 s of a core and blocks every other thread meanwhile. A build starts the
process at its beginning and has its charts 0.3 s after asking. A crash of the engine is a failed drawing, not a lost build.
"""

import json
import subprocess
import sys
from threading import Lock

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


def draw(charts: dict[str, list[object]]) -> dict[str, Markup]:
    """The charts of charts.CHARTS that are asked for, each with its arguments. Raises GongkaiError if that fails."""
    with _lock:
        process = _waiting.pop() if _waiting else _start()
    try:
        drawn, error = process.communicate(json.dumps(charts).encode(), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise GongkaiError(f"drawing the charts of the quality page took longer than {SECONDS} seconds") from None
    if process.returncode:
        words = error.decode("utf-8", "replace").strip().splitlines()
        raise GongkaiError(
            f"the charts of the quality page cannot be drawn: {words[-1] if words else 'no reason given'}"
        )
    return {name: Markup(svg) for name, svg in json.loads(drawn).items()}


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.present.charts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
