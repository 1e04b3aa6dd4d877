"""Results of a batch on disk: OUT/.batches/<batch>/results, one Parquet file per table and contents.parquet.

Belongs here: whether they are there and whole, what became of each content, setting damaged ones aside. Does not belong
here: writing them (pipeline/batch.py), plans (batches.py).

Results that are not whole count as not there, so that their files are parsed again.
"""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from pipeline.errors import GongkaiError
from pipeline.state.folders import BATCHES, RESULTS
from pipeline.state.manifest import Content
from schemas.tables import RESULT_TABLES

CONTENTS = "contents"
RESULTS_NAME = b"gongkai.results"
"""Metadata of contents.parquet: a name that these results have and no others."""


class DamagedError(GongkaiError):
    """Something on disk is not what was written there; it was set aside, and the next build makes it anew."""


def is_whole(part: Path) -> bool:
    """Whether a Parquet file was written to its end: its footer, written last, can be read."""
    try:
        parquet.read_metadata(part)
    except (OSError, pa.ArrowException):
        return False
    return True


def has_results(folder: Path) -> bool:
    """Whether a batch was parsed and its results are whole."""
    names = [CONTENTS, *(table.name for table in RESULT_TABLES)]
    return (folder / RESULTS).is_dir() and all(is_whole(folder / RESULTS / f"{name}.parquet") for name in names)


def read_contents(folder: Path) -> list[Content]:
    """What became of each content of a parsed batch. Raises DamagedError."""
    try:
        return [Content(**row) for row in _contents_file(folder).read().to_pylist()]
    except (OSError, TypeError, pa.ArrowException):
        raise set_aside(folder) from None


def results_name(folder: Path) -> str:
    """A name that the results of a parsed batch have, and have no more when it was parsed again."""
    metadata: dict[bytes, bytes] = _contents_file(folder).schema_arrow.metadata or {}
    return metadata.get(RESULTS_NAME, b"").decode("ascii")


def set_aside(folder: Path) -> DamagedError:
    """Removes damaged results of a batch, and says so: their files count as never parsed."""
    shutil.rmtree(folder / RESULTS, ignore_errors=True)
    return DamagedError(f"results in {folder} were damaged and are removed: build again, their files are read anew")


def set_damaged_aside(out: Path) -> DamagedError | None:
    """Reads the results of all batches to their last byte and sets damaged ones aside; None if all are sound."""
    found = None
    for folder in sorted((out / BATCHES).iterdir()):
        for part in sorted((folder / RESULTS).glob("*.parquet")):
            try:
                for _ in parquet.ParquetFile(part).iter_batches():
                    pass
            except (OSError, pa.ArrowException):
                found = set_aside(folder)
                break
    return found


def _contents_file(folder: Path) -> parquet.ParquetFile:
    try:
        return parquet.ParquetFile(folder / RESULTS / f"{CONTENTS}.parquet")
    except (OSError, pa.ArrowException):
        raise set_aside(folder) from None
