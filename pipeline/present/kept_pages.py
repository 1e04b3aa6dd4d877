"""Pages of reports that a new build takes over from the build before.

Belongs here: which pages would be drawn the same again, and linking them. Does not belong here: drawing (report_page.py).

A page is drawn from the rows of its report in all tables. If the content of the report did not change, these can only differ
where they depend on other reports or files: in `reports` (is_current), `files` and the checks across reports.
"""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

import duckdb

from pipeline.publish.parts import ACROSS_PART, WHOLE, Made, read_made
from pipeline.state.folders import PARQUET, REPORTS
from schemas.ddl import quoted

DRAWN_BY = ".drawn-by"
"""In the folder of the pages: what drew them."""
_MAY_DIFFER = (("reports", WHOLE, "report_id"), ("files", WHOLE, "file_id"), ("checks", ACROSS_PART, "report_id"))


def mark_pages(build: Path) -> None:
    """Says which program drew the pages of a build."""
    (build / REPORTS / DRAWN_BY).write_text(_program(), encoding="ascii")


def keep_pages(build: Path, report_ids: list[str]) -> set[str]:
    """Links the pages of these reports that the build before has and that would be drawn the same; returns which."""
    made = read_made(build)
    if made is None or not made.base or made.changed is None:
        return set()
    base = build.with_name(made.base)
    try:
        kept = _same(build, base, made, report_ids)
        for report_id in kept:
            _link(base / REPORTS / f"{report_id}.html", build / REPORTS / f"{report_id}.html")
    except (OSError, duckdb.Error):  # the build before is not what it was: nothing is taken over
        return set()
    return kept


def _same(build: Path, base: Path, made: Made, report_ids: list[str]) -> set[str]:
    if (base / REPORTS / DRAWN_BY).read_text(encoding="ascii") != _program():
        return set()
    changed = set(made.changed or ())
    there = [i for i in report_ids if i[:16] not in changed and (base / REPORTS / f"{i}.html").is_file()]
    with duckdb.connect() as connection:
        differ: set[str] = set()
        for table, part, key in _MAY_DIFFER:
            now, before = (_rows(folder / PARQUET / table / part, key) for folder in (build, base))
            rows = connection.execute(
                f"select {key} from ((from {now} except all from {before}) union all (from {before} except all from {now}))",
                {"short_ids": [report_id[:16] for report_id in there]},
            ).fetchall()
            differ |= {str(value)[:16] for (value,) in rows}
    return {report_id for report_id in there if report_id[:16] not in differ}


def _rows(path: Path, key: str) -> str:
    return f"(from read_parquet({quoted(str(path))}) where left({key}, 16) in (select unnest($short_ids)))"


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except FileExistsError:
        pass
    except OSError:
        shutil.copyfile(old, new)


@cache
def _program() -> str:
    """A digest of everything that decides what a page looks like, beside the tables."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
