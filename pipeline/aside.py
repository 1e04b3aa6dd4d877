"""Steps of a build that processes of their own do while the build goes on with others.

Belongs here: starting such a process, asking it, waiting for it, ending it, and what it does itself. Does not belong here:
the steps (present/quality_page.py, publish/database.py).

The quality page and the DuckDB file are made of the same Parquet tables that are checked before they are published. Both are
asked for as soon as the tables are written, and taken when these are found valid, so that neither waits for the other. A step
that crashes is a failed step, not a lost build.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread, Timer

from pipeline.errors import GongkaiError
from pipeline.present.words import one_line

SECONDS = 3_600


class Aside:
    """A step that `python -m module` does (`serve`). `what` begins the line that says why it failed."""

    def __init__(self, module: str, what: str) -> None:
        self._module = module
        self._what = what
        self._waiting: list[subprocess.Popen[bytes]] = []
        self._asked: dict[Path, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Starts the process, if none is waiting: loading what it needs takes a second. It ends when this one does."""
        if not self._waiting:
            self._waiting.append(self._start())

    def begin(self, build: Path) -> int:
        """Asks for the step on the folder of a build and returns at once, with the number of the process."""
        self.start()
        process = self._asked[build] = self._waiting.pop()
        assert process.stdin is not None
        try:
            process.stdin.write(os.fsencode(build.absolute()) + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it died before it was asked: `finish` says so
        return process.pid

    def finish(self, build: Path) -> None:
        """Waits until the step is done, which is asked for now if it was not. Raises GongkaiError if it failed."""
        if build not in self._asked:
            self.begin(build)
        process = self._asked.pop(build)
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
            raise GongkaiError(f"{self._what}: {lines[-1] if lines else f'exit status {status}'}")

    def stop(self) -> None:
        """Ends every process whose work nobody took."""
        for process in (*self._waiting, *self._asked.values()):
            _end(process)
        self._waiting.clear()
        self._asked.clear()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )


PAGE = Aside("pipeline.present.quality_page", "the quality page cannot be made")
DATABASE = Aside("pipeline.publish.database", "the DuckDB file cannot be made")


def serve(work: Callable[[Path], object]) -> None:
    """What the process does: waits for the folder of a build and does its work. Nothing asked: nothing done."""
    asked = sys.stdin.buffer.readline().rstrip(b"\n")
    if not asked:
        return
    Thread(target=_end_with_asker, daemon=True).start()
    try:
        work(Path(os.fsdecode(asked)))
    except Exception as error:
        print(one_line(str(error) or type(error).__name__), file=sys.stderr, flush=True)
        os._exit(1)  # libraries that are unloaded say more, after the line that counts
    os._exit(0)


def _end_with_asker() -> None:
    """The pipe stays open until the work was taken: its end is the end of the process that asked."""
    while os.read(sys.stdin.fileno(), 1):  # not through the buffer: a thread that waits in it stops Python from ending
        pass
    os._exit(1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    with process:  # closes its pipes and waits for it
        pass
