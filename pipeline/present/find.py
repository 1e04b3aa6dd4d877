"""Which report is meant.

Belongs here: from words of a user (a report_id, a path, the end of one) to the reports of one file. Does not belong
here: drawing them (show.py).
"""

import posixpath
from pathlib import Path

import duckdb

from pipeline.errors import GongkaiError
from pipeline.file_id import content_id
from pipeline.state.scan import storable

# A path itself, a path at the end of the words (data/raw/…), or words at the end of a path: the first that is found.
_FILES = """
with places as (
    select *, case when list_contains($names, path) then 1
        when list_bool_or([ends_with(n, '/' || path) for n in $names]) then 2
        when list_bool_or([ends_with(path, '/' || n) for n in $names]) then 3 end as place
    from files)
select path, file_id, status, reason from places
where place = (select min(place) from places)
qualify place <> 2 or length(path) = max(length(path)) over ()
order by status = 'removed', first_seen_at desc, path
"""


def find_reports(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The report_ids of the one file or report that is meant. Raises GongkaiError if there is none, or more than one."""
    rows = connection.execute("select report_id from reports where report_id = ?", [storable(name)]).fetchall()
    if rows:
        return [rows[0][0]]
    files = connection.execute(_FILES, {"names": _spellings(name)}).fetchall() or _same_content(connection, Path(name))
    if not files:
        raise GongkaiError(
            f'{name} is neither a report_id nor a file in the dataset: `gongkai query "from files"` lists them'
        )
    there = [file for file in files if file[2] != "removed"] or files[:1]
    if len(there) > 1:
        raise GongkaiError(
            f"{name} is the end of {len(there)} paths, name one: {', '.join(row[0] for row in there[:4])}"
        )
    path, file_id, status, reason = there[0]
    reports = connection.execute("select report_id from reports where file_id = ? order by 1", [file_id]).fetchall()
    if not reports:
        raise GongkaiError(f"{path} is {status}: {reason}")
    return [report_id for (report_id,) in reports]


def _spellings(name: str) -> list[str]:
    """A path as it may stand in `files`: as its bytes are stored there, or copied from there."""
    spellings = {storable(name), storable(posixpath.normpath(name))}
    if name.isascii() or name.encode("utf-8", "replace").decode() == name:
        spellings.add(name)
    return sorted(spellings)


def _same_content(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, str, str, str]]:
    try:
        file_id = content_id(path.read_bytes()) if path.is_file() else None
    except OSError:
        return []
    return connection.execute(
        "select path, file_id, status, reason from files where file_id = ? order by status <> 'parsed', path limit 1",
        [file_id],
    ).fetchall()
