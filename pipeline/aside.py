"""Steps of a build that processes of their own do while the build goes on with others.

Belongs here: starting such a process, asking it, waiting for it, ending it, and what it does itself. Does not belong here:
the steps (present/quality_page.py, publish/database.py).

The quality page and the DuckDB file are made of the same Parquet tables that are checked before they are published. All three
are asked for as soon as the tables are written, and the page and the file are taken when the tables are found valid, so that
none waits for another. A step that crashes is a failed step, not a lost build.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread, Timer
from typing import IO, NamedTuple

from pipeline.errors import GongkaiError
from pipeline.garbage import collect_rarely
from pipeline.present.words import one_line

SECONDS = 3_600


class _Process(NamedTuple):
    """A process, and the file that its answer goes to."""

    process: "subprocess.Popen[bytes]"
    answer: IO[bytes]


class Aside:
    """A step that `python -m module` does (`serve`). `what` begins the line that says why it failed."""

    def __init__(self, module: str, what: str) -> None:
        self._module = module
        self._what = what
        self._waiting: list[_Process] = []
        self._asked: dict[Path, _Process] = {}

    @property
    def is_started(self) -> bool:
        """Whether a process is waiting, so that asking it costs no time."""
        return bool(self._waiting)

    def start(self) -> None:
        """Starts the process, if none is waiting: loading what it needs takes a second. It ends when this one does."""
        if not self._waiting:
            self._waiting.append(self._start())

    def begin(self, build: Path) -> int:
        """Asks for the step on the folder of a build and returns at once, with the number of the process."""
        self.start()
        self._asked[build] = self._waiting.pop()
        process = self._asked[build].process
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it died before it was asked: `finish` says so
            process.stdin.write(os.fsencode(build.absolute()) + b"\n")
        return process.pid

    def finish(self, build: Path) -> object:
        """Waits until the step is done, which is asked for now if it was not. Raises GongkaiError if it failed.

        Returns what the step returned, as far as JSON can say it.
        """
        if build not in self._asked:
            self.begin(build)
        process, answer = self._asked.pop(build)
        alarm = Timer(SECONDS, process.kill)
        alarm.start()
        try:
            assert process.stderr is not None
            lines = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            status = process.wait()
            answer.seek(0)
            said = answer.read()
        finally:
            alarm.cancel()
            _end(process)
            answer.close()
        if status or not said:
            raise GongkaiError(f"{self._what}: {lines[-1] if lines else f'exit status {status}'}")
        return json.loads(said.splitlines()[-1])  # libraries may print before it

    def stop(self) -> None:
        """Ends every process whose work nobody took."""
        for process, answer in (*self._waiting, *self._asked.values()):
            _end(process)
            answer.close()
        self._waiting.clear()
        self._asked.clear()

    def _start(self) -> _Process:
        # A pipe that nobody reads could be full before the answer is whole.
        answer = tempfile.TemporaryFile()  # noqa: SIM115
        # As `python -m module`, but that nothing looks for garbage among what is loaded and stays.
        program = f"import gc; gc.disable(); from {self._module} import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", program], bufsize=0, stdin=subprocess.PIPE, stdout=answer, stderr=subprocess.PIPE
        )
        return _Process(process, answer)


PAGE = Aside("pipeline.present.quality_page", "the quality page cannot be made")
DATABASE = Aside("pipeline.publish.database", "the DuckDB file cannot be made")
VALIDATION = Aside("pipeline.publish.validate", "the tables cannot be checked")


def stop() -> None:
    """Ends what is left of all steps."""
    for step in (PAGE, DATABASE, VALIDATION):
        step.stop()


def serve(work: Callable[[Path], object]) -> None:
    """What the process does: waits for the folder of a build, does its work, and prints what it returns as JSON.

    Nothing asked: nothing done.
    """
    collect_rarely()
    asked = sys.stdin.buffer.readline().rstrip(b"\n")
    if not asked:
        return
    Thread(target=_end_with_asker, daemon=True).start()
    try:
        found = work(Path(os.fsdecode(asked)))
        print(json.dumps(found, default=str), flush=True)
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
