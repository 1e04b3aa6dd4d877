"""The layout of OUT, and the swap that makes a build current.

Belongs here: names of folders and links below OUT. Does not belong here: what lies in them.

    OUT/gongkai.duckdb → .current/gongkai.duckdb      OUT/.batches/<batch>/plan.json, results/
    OUT/parquet        → .current/parquet             OUT/.builds/<n>/gongkai.duckdb, parquet/, manifest.sqlite
    OUT/.current       → .builds/<n>                  OUT/.lock
    OUT/quality.html, datapackage.json, README.md, reports → the same names in .current

Everything published changes by replacing the one link OUT/.current (design.md "One swap").
"""

import os
import shutil
from pathlib import Path

from pipeline.errors import GongkaiError
from pipeline.storage import Url

DATABASE = "gongkai.duckdb"
PARQUET = "parquet"
REPORTS = "reports"
QUALITY_PAGE = "quality.html"
PACKAGE = "datapackage.json"
README = "README.md"
PUBLISHED = (DATABASE, PARQUET, REPORTS, QUALITY_PAGE, PACKAGE, README)
MANIFEST = "manifest.sqlite"
CURRENT = ".current"
BUILDS = ".builds"
BATCHES = ".batches"
RESULTS = "results"
NOT_FOR_DUCKDB = frozenset("?*\\")


def prepare_folders(raw: Path | Url, out: Path) -> None:
    """Makes sure that RAW can be listed and OUT is a folder of its own that can be written. Raises GongkaiError if not."""
    if isinstance(raw, Path):  # what is at a URL shows when it is listed
        check_raw(raw)
        if out.resolve().is_relative_to(raw.resolve()):
            raise GongkaiError(f"{out} lies in the raw folder {raw}: choose another --out")
    if set(str(out.resolve())) & NOT_FOR_DUCKDB:
        raise GongkaiError(
            f"{out}: DuckDB cannot write below a folder with ?, * or \\ in its name: choose another --out"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (BUILDS, BATCHES):
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
    for name in (*PUBLISHED, CURRENT):
        _check_replaceable(out / name)


def check_raw(raw: Path) -> None:
    """Raises GongkaiError if the raw folder cannot be listed."""
    try:
        os.listdir(raw)
    except FileNotFoundError:
        raise GongkaiError(f"the raw folder {raw} does not exist: name it with --raw") from None
    except NotADirectoryError:
        raise GongkaiError(f"{raw} is a file: --raw must be a folder") from None
    except OSError as error:
        raise GongkaiError(f"cannot read the raw folder {raw}: {error.strerror}") from None


def current_build(out: Path) -> Path | None:
    """The folder of the published build, or None before the first."""
    try:
        folder = out / os.readlink(out / CURRENT)
    except OSError:
        return None
    return folder if folder.name.isdigit() and (folder / MANIFEST).exists() else None


def next_build(out: Path) -> Path:
    """A new, empty folder for a build. Folders of builds that were never published are removed first."""
    current = current_build(out)
    newest = int(current.name) if current else 0
    numbers = [newest]
    for folder in (out / BUILDS).iterdir():
        if folder.name.isdigit():
            numbers.append(int(folder.name))
        if not folder.name.isdigit() or int(folder.name) > newest:
            shutil.rmtree(folder, ignore_errors=True)
    folder = out / BUILDS / str(max(numbers) + 1)
    folder.mkdir()
    return folder


def publish(out: Path, build: Path) -> None:
    """Makes a finished build the current one, in one step, and keeps only the one before it."""
    previous = current_build(out)
    for name in PUBLISHED:
        if name in (DATABASE, PARQUET) or (build / name).exists():
            _link(out / name, Path(CURRENT) / name)
        elif (out / name).is_symlink():
            (out / name).unlink()
    _link(out / CURRENT, Path(BUILDS) / build.name)
    for folder in (out / BUILDS).iterdir():
        if folder != build and folder != previous:
            shutil.rmtree(folder, ignore_errors=True)


def reports_folder(out: Path) -> Path:
    """OUT/reports, made if it is not there: pages of single reports, which lie with the current build and go with it."""
    current = current_build(out)
    if current is not None:
        (current / REPORTS).mkdir(exist_ok=True)
        _link(out / REPORTS, Path(CURRENT) / REPORTS)
    return out / REPORTS


def _link(link: Path, target: Path) -> None:
    temporary = link.with_name(f"{link.name}.new")
    temporary.unlink(missing_ok=True)
    if link.is_symlink() and Path(os.readlink(link)) == target:
        return
    _check_replaceable(link)
    temporary.symlink_to(target)
    os.replace(temporary, link)


def _check_replaceable(link: Path) -> None:
    if link.exists() and not link.is_symlink():
        raise GongkaiError(f"{link} is in the way: it was not made by gongkai, move it away")
