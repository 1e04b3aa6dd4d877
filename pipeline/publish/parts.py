"""The Parquet parts of a table, and what a build may take over from the build before.

Belongs here: which report stands in which part, whether a part is whole, linking parts that did not change, the record
of how a build was made. Does not belong here: the rows (parquet.py), validation, DuckDB.

The rows of the report tables are cut into parts by the first hex digits of report_id. So a part depends on the reports
in it alone, and one new report changes one part of each table; all others are linked from the build before. How many
digits depends on the number of reports only: the same raw files always give the same parts.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow.parquet as parquet

import schemas
from pipeline.state.folders import PARQUET
from pipeline.state.results import is_whole
from schemas.tables import REPORT_TABLES

MADE = "made.json"
WHOLE = "part-0.parquet"
ACROSS_PART = "part-x-across.parquet"
"""The part of `checks` with the checks across reports, written by every build."""
# Up to so many reports no digit is needed, or one; beyond, two. Parts of a hundred reports (256 of 20,000) were tried:
# writing all took twice as long, validating all five times.
REPORTS_IN_ONE_PART = 2_000
REPORTS_IN_16_PARTS = 64_000
# Cut into parts by report. `reports` is not: is_current depends on all reports, so it is always written as a whole.
CUT_TABLES = tuple(table for table in REPORT_TABLES if table.name != "reports")


class Made(NamedTuple):
    """How a build was made.

    `base` is the build that parts were taken over from, '' for none; `changed` has the first 16 digits of file_id of
    every content whose rows were added, removed or replaced since then, None if all were written; `patched` counts
    such changes since the DuckDB file was last written as a whole.
    """

    base: str
    digits: int
    fingerprint: str
    changed: list[str] | None
    patched: int


def digits_for(reports: int) -> int:
    """How many hex digits of report_id name a part."""
    if reports <= REPORTS_IN_ONE_PART:
        return 0
    return 1 if reports <= REPORTS_IN_16_PARTS else 2


def part_name(prefix: str) -> str:
    """The file name of the part for report_ids that begin so."""
    return f"part-{prefix or '0'}.parquet"


def part_names(digits: int) -> list[str]:
    """The file names of all parts of a table."""
    return [part_name(prefix) for prefix in prefixes(digits)]


def prefixes(digits: int) -> list[str]:
    """All beginnings of report_id of so many digits, in their order."""
    return [f"{number:0{digits}x}" if digits else "" for number in range(16**digits)]


def table_files(build: Path, table: str) -> list[Path]:
    """The Parquet parts of a table of a build."""
    return sorted((build / PARQUET / table).glob("*.parquet"))


def count_rows(build: Path, table: str) -> int:
    """How many rows a table of a build has, from the footers of its parts."""
    return sum(parquet.read_metadata(part).num_rows for part in table_files(build, table))


@cache
def fingerprint() -> str:
    """Of everything that old parts and an old DuckDB file depend on beside the reports: the dictionary, DuckDB, and the
    checks (how reports are compared is named by no parser version)."""
    pipeline = Path(__file__).parents[1]
    folders = [Path(schemas.__file__).parent, pipeline / "across", pipeline / "check"]
    digest = hashlib.sha256(duckdb.__version__.encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(f"\n{path.relative_to(folder.parent)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def read_made(build: Path) -> Made | None:
    """How a build was made; None if its record is not there or not understood."""
    try:
        return Made(**json.loads((build / MADE).read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None


def write_made(build: Path, made: Made) -> None:
    """Keeps the record of how a build was made."""
    temporary = build / f"{MADE}.new"  # another process may read the record at this moment
    temporary.write_text(json.dumps(made._asdict()), encoding="ascii")
    os.replace(temporary, build / MADE)


def can_be_base(build: Path, digits: int) -> bool:
    """Whether the parts of a build can be taken over: made from the same dictionary, cut alike, all there and whole."""
    made = read_made(build)
    if made is None or (made.digits, made.fingerprint) != (digits, fingerprint()):
        return False
    wanted = {table.name: part_names(digits) for table in CUT_TABLES} | {"reports": [WHOLE]}
    wanted["checks"].append(ACROSS_PART)
    return all(is_whole(build / PARQUET / table / name) for table, names in wanted.items() for name in names)


def link_parts(base: Path, build: Path, table: str, names: Iterable[str]) -> None:
    """Takes parts over: one file with two names where the file system can do that, else a copy."""
    folder = build / PARQUET / table
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        try:
            os.link(base / PARQUET / table / name, folder / name)
        except OSError:
            shutil.copyfile(base / PARQUET / table / name, folder / name)


def taken_over(build: Path, table: str) -> set[str]:
    """Names of the parts that are the very files of the build before, which were found valid then."""
    made = read_made(build)
    if made is None or not made.base or made.fingerprint != fingerprint():
        return set()
    before = build.with_name(made.base) / PARQUET / table
    return {
        path.name
        for path in table_files(build, table)
        if (before / path.name).exists() and os.path.samefile(path, before / path.name)
    }
