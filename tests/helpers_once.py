"""What is made once in a test run, whichever of its processes needs it first.

Belongs here: the run's own folder, and making something in it under a lock. Does not belong here: what is made
(helpers_build.py, conftest.py). It imports nothing that takes time.

`make test` runs the tests in several processes (pytest-xdist); each has its own session fixtures, and this folder is all
that they have in common.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

_run_folder: list[Path] = []


def begin_run(factory: pytest.TempPathFactory) -> None:
    """Says where the folders of this run lie; conftest.py does so before the first test."""
    base = factory.getbasetemp()
    _run_folder[:] = [base.parent if "PYTEST_XDIST_WORKER" in os.environ else base]


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name, filled by `make(folder)` in the first process that asks; nobody may change it.

    The others wait for it. If `make` fails, it fails for whoever asks next too.
    """
    [run] = _run_folder
    folder, half = run / f"once-{name}", run / f"once-{name}.half"
    with (run / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder
