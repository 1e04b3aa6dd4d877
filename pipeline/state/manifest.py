"""The record of what has been done: which content stands at which path, and which batch holds its results.

Belongs here: reading and changing manifest.sqlite of a build. Does not belong here: looking at RAW (scan.py), results.

The manifest lies in the folder of its build, so that it changes with the published tables in the same swap. Results
belong to contents, not to paths: a file that was moved or copied needs no parsing.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pipeline.crawl_list import is_result_of_this_parser
from pipeline.state.folders import BATCHES, MANIFEST, current_build

_TABLES = """
create table files (
    path text not null, file_id text, size_bytes integer, mtime_ns integer, ctime_ns integer, first_seen_at text not null,
    error text, gone text);
create unique index files_key on files (path, coalesce(file_id, ''));
create index files_content on files (file_id);
create table contents (
    file_id text primary key, parser_version text not null, batch text not null, status text not null, reason text,
    media_type text, encoding text);
create table batches (
    batch text primary key, parser_version text not null, created_at text not null, results text not null);
"""

# The status of a file follows from its content's, its path's and the other paths with the same content (contract).
FILES_QUERY = """
with live as (select file_id, min(path) as original from files where gone is null and file_id is not null group by file_id)
select f.file_id, f.path, f.size_bytes, c.media_type, c.encoding,
    case when f.gone is not null then 'removed'
         when f.file_id is null or c.status is null or c.status = 'quarantined' then 'quarantined'
         when l.original <> f.path then 'duplicate'
         else c.status end as status,
    case when f.gone is not null then f.gone
         when f.file_id is null then f.error
         when c.status is null then 'not parsed yet: the next build reads it'
         when c.status = 'quarantined' then c.reason
         when l.original <> f.path then 'same bytes as ' || l.original
         else c.reason end as reason,
    f.first_seen_at,
    coalesce(nullif(substr(c.parser_version, 1,
        min(instr(c.parser_version || '~', '~'), instr(c.parser_version || '+', '+')) - 1), ''), ?) as parser_version
from files f left join contents c using (file_id) left join live l using (file_id)
order by f.path, f.file_id
"""


class KnownFile(NamedTuple):
    """A path in RAW as the last build left it: the fields of SeenFile that can change."""

    file_id: str | None
    size_bytes: int | None
    mtime_ns: int | None
    ctime_ns: int | None
    error: str | None


class SeenFile(NamedTuple):
    """A path in RAW as a scan saw it: new, changed, or unreadable (`error`, no file_id).

    `real` is the path to open, `path` the same as text that can be stored.
    """

    path: str
    real: str
    file_id: str | None
    size_bytes: int | None
    mtime_ns: int | None
    ctime_ns: int | None
    error: str | None


class Content(NamedTuple):
    """What became of one file's bytes."""

    file_id: str
    parser_version: str
    status: str
    reason: str | None
    media_type: str | None
    encoding: str | None


class LiveContent(NamedTuple):
    """A content that stands in RAW and gave a report, and the results that its rows are taken from."""

    file_id: str
    batch: str
    results: str


def known_files(out: Path) -> dict[str, KnownFile]:
    """Every path that the current build knows to be in RAW."""
    with _Current(out) as connection:
        if connection is None:
            return {}
        rows = connection.execute(
            "select path, file_id, size_bytes, mtime_ns, ctime_ns, error from files where gone is null"
        )
        return {row[0]: KnownFile._make(row[1:]) for row in rows}


def parsed_contents(out: Path, has_results: Callable[[Path], bool]) -> dict[str, str]:
    """file_id → version that its result is recorded under, for results that are there, made by this parser.

    `has_results` tells of a batch's folder whether its results are there.
    """
    with _Current(out) as connection:
        if connection is None:
            return {}
        batches = {
            batch
            for (batch,) in connection.execute("select distinct batch from contents")
            if has_results(out / BATCHES / batch)
        }
        recorded = connection.execute("select distinct parser_version from contents")
        versions = {version for (version,) in recorded if is_result_of_this_parser(version)}
        rows = connection.execute("select file_id, batch, parser_version from contents")
        return {file_id: version for file_id, batch, version in rows if batch in batches and version in versions}


def recorded_versions(out: Path) -> dict[str, str]:
    """file_id → version that its result is recorded under, whichever it is."""
    with _Current(out) as connection:
        if connection is None:
            return {}
        return dict(connection.execute("select file_id, parser_version from contents where parser_version <> ''"))


def live_contents(build: Path) -> list[LiveContent]:
    """Every content whose rows are in a build; nobody may change the list."""
    path = build / MANIFEST
    stat = path.stat()
    return _kept_live_contents(path, (stat.st_ino, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=2)
def _kept_live_contents(path: Path, state: tuple[int, int, int]) -> list[LiveContent]:
    """A publishing build asks five times, of itself and of the build before; `state` tells another file at that path."""
    with closing(_read_only(path)) as connection:
        return _live_contents(connection)


def _live_contents(connection: sqlite3.Connection) -> list[LiveContent]:
    rows = connection.execute(
        "select c.file_id, c.batch, b.results from contents c join batches b using (batch) "
        "where c.status in ('parsed', 'partial') "
        "and c.file_id in (select file_id from files where gone is null)"
    )
    return sorted(map(LiveContent._make, rows))  # by file_id; SQLite would look every row up in that order


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro&immutable=1", uri=True)


def published_batches(out: Path) -> set[str]:
    """Batches whose results are in the current build."""
    with _Current(out) as connection:
        return set() if connection is None else {batch for (batch,) in connection.execute("select batch from batches")}


class _Current:
    """The current manifest opened read-only, or None before the first build."""

    def __init__(self, out: Path) -> None:
        build = current_build(out)
        self._path = build / MANIFEST if build else None
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> sqlite3.Connection | None:
        if self._path is not None:
            self._connection = _read_only(self._path)
        return self._connection

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()


class Manifest:
    """The manifest of a build that is being made; a copy of the current one to begin with."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(path, check_same_thread=False)
        # A manifest that is being made is dropped with its build if anything goes wrong, so nothing needs to be kept safe
        # on the way. It is on disk for good when it is closed.
        self._connection.executescript(
            "pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -65536"
        )

    @classmethod
    def begin(cls, out: Path, build: Path) -> "Manifest":
        """Copies the current manifest into the new build's folder, or makes an empty one."""
        path = build / MANIFEST
        current = current_build(out)
        if current is not None:
            shutil.copyfile(current / MANIFEST, path)
            return cls(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(_TABLES)
        return cls(path)

    def add_batch(
        self,
        batch: str,
        created_at: str,
        parser_version: str,
        seen: Iterable[SeenFile],
        gone: Iterable[str],
        contents: Iterable[Content],
        results: str,
    ) -> None:
        """Takes over what a batch saw and parsed. `results` names its results: parsed again, they have another name."""
        with self._connection as connection:
            connection.execute(
                "insert or replace into batches values (?, ?, ?, ?)", [batch, parser_version, created_at, results]
            )
            connection.executemany(
                "update files set gone = 'no longer in the raw folder' where path = ? and gone is null",
                ([p] for p in gone),
            )
            # A batch has each path once, so what stood there before can be seen off for all of them first.
            now = list(seen)
            connection.executemany(
                "update files set gone = ? where path = ? and gone is null and coalesce(file_id, '') <> ?",
                (
                    ("overwritten by other content" if f.file_id else "can no longer be read", f.path, f.file_id or "")
                    for f in now
                ),
            )
            moment = created_at[:19]
            connection.executemany(
                "insert into files values (?, ?, ?, ?, ?, ?, ?, null) on conflict (path, coalesce(file_id, '')) do update "
                "set size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, "
                "error = excluded.error, gone = null",
                ((f.path, f.file_id, f.size_bytes, f.mtime_ns, f.ctime_ns, moment, f.error) for f in now),
            )
            connection.executemany(
                "insert or replace into contents values (?, ?, ?, ?, ?, ?, ?)",
                ([c.file_id, c.parser_version, batch, c.status, c.reason, c.media_type, c.encoding] for c in contents),
            )

    def retake_batch(self, batch: str, contents: Iterable[Content], results: str) -> None:
        """Takes over new results of a batch whose files are known, for the contents that it still holds."""
        with self._connection as connection:
            connection.execute("update batches set results = ? where batch = ?", [results, batch])
            connection.executemany(
                "update contents set parser_version = ?, status = ?, reason = ?, media_type = ?, encoding = ? "
                "where file_id = ? and batch = ?",
                ([c.parser_version, c.status, c.reason, c.media_type, c.encoding, c.file_id, batch] for c in contents),
            )

    def contents_by_batch(self) -> dict[str, list[str]]:
        """The contents whose results each batch holds, for batches that hold any."""
        held: dict[str, list[str]] = {}
        for batch, file_id in self._connection.execute("select batch, file_id from contents order by 1, 2"):
            held.setdefault(batch, []).append(file_id)
        return held

    def join_batches(self, batches: list[str], joined: str, results: str) -> None:
        """Says that what `batches` held lies in another batch now. `results` names the results of that one."""
        marks = ", ".join("?" * len(batches))
        with self._connection as connection:
            connection.execute(
                "insert or replace into batches select ?, max(parser_version), max(created_at), ? from batches "
                f"where batch in ({marks})",
                [joined, results, *batches],
            )
            connection.execute(f"update contents set batch = ? where batch in ({marks})", [joined, *batches])

    def results(self) -> dict[str, str]:
        """The results that were taken over, by batch."""
        return dict(self._connection.execute("select batch, results from batches"))

    def files(self, parser_version: str) -> Iterator[tuple[object, ...]]:
        """Rows of the published table `files`, in its column order."""
        yield from self._connection.execute(FILES_QUERY, [parser_version])

    def live_contents(self) -> list[LiveContent]:
        """Every content that stands in RAW and gave a report."""
        return _live_contents(self._connection)

    def needed_batches(self) -> set[str]:
        """Batches that hold the results of any content."""
        return {batch for (batch,) in self._connection.execute("select distinct batch from contents")}

    def close(self) -> None:
        """Closes the manifest and sees to it that it is on disk."""
        self._connection.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
