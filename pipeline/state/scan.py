"""What is new in RAW.

Belongs here: a quick look whether there may be anything, walking RAW, hashing what changed, and the plan of an arrival batch.
Does not belong here: parsing, changing the manifest.

A file whose size and times are those of the manifest is taken to be unchanged; everything else is hashed. Links are
not followed out of RAW; files and folders whose names begin with a dot are no raw files, and neither is RAW/manifest.csv.
"""

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import PARSER_VERSION, crawl_list
from pipeline.crawl_list import CrawlList
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.folders import MANIFEST, current_build
from pipeline.state.manifest import KnownFile, SeenFile
from pipeline.state.scan_store import look_at_store
from pipeline.storage import Url

CHUNK = 1 << 20
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_LIKE_ESCAPED = re.compile(r"\\x[0-9a-f]{2}")


class Scan(NamedTuple):
    """What changed in RAW since the last build.

    `total` counts all files there, `unchanged` those with nothing to do, `growing` those that are left for later.
    """

    seen: list[SeenFile]
    gone: list[str]
    total: int
    to_parse: list[SeenFile]
    unchanged: int
    growing: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        return bool(self.seen or self.gone or self.to_parse)


def scan(
    raw: Path | Url,
    known: dict[str, KnownFile],
    parsed: dict[str, str],
    max_bytes: int,
    settle_seconds: float = 0.0,
    crawl: CrawlList = crawl_list.EMPTY,
    versions: tuple[str, ...] = (PARSER_VERSION,),
) -> Scan:
    """Compares RAW with the manifest.

    `known`: paths of the current build; `parsed`: contents with results of this parser, and the version that each is
    recorded under; `versions`: those under which a result holds. `to_parse` has every content without results once, at
    its smallest path, and every content whose line in `crawl`, RAW/manifest.csv, has changed. A file that was written
    less than `settle_seconds` ago may still grow: it is taken to be as it was. Raises GongkaiError if RAW cannot be
    listed.
    """
    if isinstance(raw, Url):
        found, growing = look_at_store(raw, known, parsed, max_bytes, settle_seconds)
    else:
        found, growing = _look_at_folder(raw, known, parsed, max_bytes, settle_seconds)
    seen = [file for path, file in found.items() if path not in known or file[2:] != known[path]]
    gone = sorted(set(known) - set(found) - growing)
    to_parse: dict[str, SeenFile] = {}
    for file in found.values():
        if file.file_id is not None:
            to_parse.setdefault(file.file_id, file)
    usual = frozenset(versions)  # of every file that the list has no line for
    to_parse = {
        name: file
        for name, file in to_parse.items()
        if parsed.get(name)
        not in ({crawl.version(file.path, version) for version in versions} if file.path in crawl.lines else usual)
    }
    changed = {file.path for file in to_parse.values()}
    changed |= {file.path for file in seen if not _is_same(file, known.get(file.path))}
    total = len(found) + len(growing)
    unchanged = len(found) - len(changed)
    return Scan(seen, gone, total, list(to_parse.values()), unchanged, len(growing), _warnings(crawl, found))


def may_have_news(settings: Settings) -> bool:
    """Whether a folder of RAW has changed since the current build was made, or there is none: a hint and no more.

    It takes a hundredth of the time of a scan, sees what was added, removed and renamed, and not what was overwritten.
    """
    build = current_build(settings.out)
    if build is None or isinstance(settings.raw, Url):
        return build is None
    folders = [str(settings.raw)]
    try:
        made = os.stat(build / MANIFEST).st_mtime_ns
        while folders:
            folder = folders.pop()
            if os.stat(folder).st_mtime_ns > made:
                return True
            with os.scandir(folder) as entries:
                folders += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return False
    return False


def _look_at_folder(
    raw: Path, known: dict[str, KnownFile], parsed: dict[str, str], max_bytes: int, settle_seconds: float
) -> tuple[dict[str, SeenFile], set[str]]:
    """(files by path, paths that are left for later) of everything below RAW."""
    found: dict[str, SeenFile] = {}
    growing: set[str] = set()
    inside = os.path.realpath(raw)
    for path, real, error in sorted(_walk(raw)):
        before = known.get(path)
        if settle_seconds and not error and _is_growing(Path(inside, real), before, settle_seconds):
            growing.add(path)
            continue
        trusted = before if before is not None and before.file_id in parsed else None
        file = _refused(path, real, error) if error else _look(inside, path, real, trusted, max_bytes)
        if file is not None:
            found[path] = file
    return found, growing


def _is_growing(path: Path, before: KnownFile | None, settle_seconds: float) -> bool:
    """Whether a file that is not as it was known was written just now.

    Copying with the times of the original (cp -p, rsync) leaves its mark in the time of change. A time in the future,
    of a clock that is wrong, says nothing.
    """
    try:
        status = path.stat()
    except OSError:
        return False
    if before is not None and (status.st_size, status.st_mtime_ns, status.st_ctime_ns) == before[1:4]:
        return False
    now = time.time()
    return any(-1.0 < now - moment < settle_seconds for moment in (status.st_mtime, status.st_ctime))


def _is_same(file: SeenFile, before: KnownFile | None) -> bool:
    return before is not None and (file.file_id, file.error) == (before.file_id, before.error)


def _warnings(crawl: CrawlList, found: dict[str, SeenFile]) -> tuple[str, ...]:
    return (*crawl.warnings, *crawl_list.unknown_paths(crawl, set(found)))


def storable(path: str) -> str:
    r"""A path as text that every table can hold, with / between folders; no two paths become the same.

    Bytes that are no UTF-8 are written \xNN. In such a path, and in one that looks like it, \ is written \\.
    """
    if path.isascii() and "\\" not in path:
        return path
    if _NO_UTF8.search(path) or _LIKE_ESCAPED.search(path):
        path = path.replace("\\", "\\\\")
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(raw: Path) -> Iterator[tuple[str, str, str]]:
    """(path to store, path to open, error or '') of everything below RAW that is no folder."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(raw / folder))
        except OSError as error:
            if not folder:
                raise GongkaiError(f"cannot read the raw folder {raw}: {error.strerror}") from None
            if isinstance(error, FileNotFoundError):
                continue
            yield storable(folder), folder, f"folder cannot be read: {error.strerror}"
            continue
        for entry in entries:
            if entry.name.startswith(".") or (not folder and entry.name == crawl_list.NAME):
                continue
            real = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(real)
            else:
                yield storable(real), real, ""


def _refused(path: str, real: str, words: str, size: int | None = None) -> SeenFile:
    return SeenFile(path, real, None, size, None, None, words)


def _look(inside: str, path: str, real: str, before: KnownFile | None, max_bytes: int) -> SeenFile | None:
    """A path as it is now, None if it is gone by now. `before`: what it was, if that can be trusted to be parsed."""
    full = f"{inside}/{real}"  # a Path of each file took longer than looking at it
    try:
        status = os.lstat(full)
    except FileNotFoundError:
        return None
    except OSError as problem:
        return _refused(path, real, f"file cannot be read: {_words(problem)}")
    if stat.S_ISLNK(status.st_mode):
        target = os.path.realpath(full)
        if not Path(target).is_relative_to(inside):
            return _refused(path, real, "a link out of the raw folder is not followed: put the file itself there")
        try:
            status = os.stat(full)
        except OSError as problem:
            return _refused(path, real, f"a link that leads nowhere: {_words(problem)}")
    if not stat.S_ISREG(status.st_mode):
        return _refused(path, real, f"not a regular file: {_kind(status.st_mode)}")
    size, times = status.st_size, (status.st_mtime_ns, status.st_ctime_ns)
    if size > max_bytes:
        return _refused(path, real, f"larger than the limit GONGKAI_MAX_FILE_BYTES ({size:,} of {max_bytes:,})", size)
    if before is not None and (size, *times) == (before.size_bytes, before.mtime_ns, before.ctime_ns):
        return SeenFile(path, real, before.file_id, size, *times, None)
    try:
        return SeenFile(path, real, _hash(full), size, *times, None)
    except OSError as problem:
        return _refused(path, real, f"file cannot be read: {_words(problem)}")


def _words(problem: OSError) -> str:
    return problem.strerror or errno.errorcode.get(problem.errno or 0, "unknown error")


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a link to a folder"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _hash(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        while block := handle.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()
