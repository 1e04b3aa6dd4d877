"""The quality page from a process of its own.

Belongs here: starting that process, asking it, ending it. Does not belong here: the page (quality_page.py, which is what
runs there).

Loading Altair and the engine that draws takes 1.3 s of a core and blocks every other thread meanwhile, and the page is made
of the same tables that are checked before they are published. A build starts the process at its beginning, asks for the page
as soon as the tables are written, and takes it when they are found valid. A crash of the engine is a failed page, not a
lost build.
"""

import subprocess
import sys
from pathlib import Path
from threading import Timer

from pipeline.errors import GongkaiError
from pipeline.state.folders import QUALITY_PAGE

SECONDS = 900
_waiting: list["subprocess.Popen[bytes]"] = []
_asked: dict[Path, "subprocess.Popen[bytes]"] = {}


def start_page() -> None:
    """Starts the process that makes the page, if none is waiting. It ends by itself when this one does."""
    if not _waiting:
        _waiting.append(_start())


def begin_page(build: Path) -> None:
    """Asks for the page of a build whose Parquet tables are written; returns at once."""
    process = _waiting.pop() if _waiting else _start()
    _asked[build] = process
    assert process.stdin is not None
    try:
        process.stdin.write(f"{build.absolute()}\n".encode("utf-8", "surrogateescape"))
        process.stdin.flush()
    except BrokenPipeError:
        pass  # it died before it was asked: `write_quality_page` says so


def write_quality_page(build: Path) -> Path:
    """quality.html of a build, and reports/<report_id>.html for every report that it names, as soon as they are there.

    Asks for them if `begin_page` did not. Raises GongkaiError if the page cannot be made.
    """
    if build not in _asked:
        begin_page(build)
    process = _asked.pop(build)
    alarm = Timer(SECONDS, process.kill)
    alarm.start()
    try:
        assert process.stderr is not None
        lines = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
        status = process.wait()
    finally:
        alarm.cancel()
        _end(process)
    if status:
        words = lines[-1] if lines else f"exit status {status}"
        raise GongkaiError(f"the quality page cannot be made: {words}")
    return build / QUALITY_PAGE


def stop_pages() -> None:
    """Ends every process whose page nobody took."""
    for process in (*_waiting, *_asked.values()):
        _end(process)
    _waiting.clear()
    _asked.clear()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.present.quality_page"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    with process:  # closes its pipes and waits for it
        pass
