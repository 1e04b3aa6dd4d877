"""The layout of OUT, and the swap that makes a build current.

Belongs here: names of folders and links below OUT. Does not belong here: what lies in them.

    OUT/gongkai.duckdb → .current/gongkai.duckdb      OUT/.batches/<batch>/plan.json, results/
    OUT/parquet        → .current/parquet             OUT/.builds/<n>/gongkai.duckdb, parquet/, manifest.sqlite
    OUT/.current       → .builds/<n>                  OUT/.lock

Everything published changes by replacing the one link OUT/.current (design.md "One swap").
"""

import os
import shutil
from pathlib import Path

from pipeline.errors import GongkaiError

DATABASE = "gongkai.duckdb"
PARQUET = "parquet"
MANIFEST = "manifest.sqlite"
CURRENT = ".current"


def prepare_out(out: Path) -> None:
    """Makes sure that OUT is a folder that can be written. Raises GongkaiError if not."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (".builds", ".batches"):
            (out / name).mkdir(exist_ok=True)
        probe = out / ".writable"
        probe.touch()
        probe.unlink()
    except FileExistsError:
        raise GongkaiError(f"{out} is a file: --out must be a folder") from None
    except NotADirectoryError:
        raise GongkaiError(f"{out} lies below a file: --out must be a folder") from None
    except OSError as error:
        raise GongkaiError(f"cannot write to {out}: {error.strerror}") from None


def current_build(out: Path) -> Path | None:
    """The folder of the published build, or None before the first."""
    link = out / CURRENT
    try:
        target = os.readlink(link)
    except OSError:
        return None
    folder = out / target
    return folder if (folder / MANIFEST).exists() else None


def next_build(out: Path) -> Path:
    """A new, empty folder for a build. Folders of builds that were never published are removed first."""
    builds = out / ".builds"
    current = current_build(out)
    kept = {current.name, str(int(current.name) - 1)} if current else set()
    numbers = []
    for folder in builds.iterdir():
        if folder.name.isdigit():
            numbers.append(int(folder.name))
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
    folder = builds / str(max(numbers, default=0) + 1)
    folder.mkdir()
    return folder


def publish(out: Path, build: Path) -> None:
    """Makes a finished build the current one, in one step, and keeps only the one before it."""
    previous = current_build(out)
    for name in (DATABASE, PARQUET):
        _link(out / name, Path(CURRENT) / name)
    _link(out / CURRENT, Path(".builds") / build.name)
    for folder in (out / ".builds").iterdir():
        if folder != build and folder != previous:
            shutil.rmtree(folder, ignore_errors=True)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and Path(os.readlink(link)) == target:
        return
    if link.exists() and not link.is_symlink():
        raise GongkaiError(f"{link} is in the way: it was not made by gongkai, move it away")
    temporary = link.with_name(f"{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)
