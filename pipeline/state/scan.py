"""What is new in RAW.

Belongs here: walking RAW, hashing what changed, and the plan of an arrival batch. Does not belong here: parsing,
changing the manifest.

A file whose size and times are those of the manifest is taken to be unchanged; everything else is hashed. Links are
not followed out of RAW; files and folders whose names begin with a dot are no raw files.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import GongkaiError
from pipeline.state.manifest import KnownFile, SeenFile

CHUNK = 1 << 20


class Scan(NamedTuple):
    """What changed in RAW since the current build. `total` counts all files there."""

    seen: list[SeenFile]
    gone: list[str]
    total: int
    to_parse: list[SeenFile]

    @property
    def is_news(self) -> bool:
        return bool(self.seen or self.gone or self.to_parse)


def scan(raw: Path, known: dict[str, KnownFile], parsed: set[str], max_bytes: int) -> Scan:
    """Compares RAW with the manifest.

    `known`: paths of the current build; `parsed`: contents with results of this parser version. `to_parse` has every
    content without results once, at its smallest path. Raises GongkaiError if RAW cannot be listed.
    """
    seen: list[SeenFile] = []
    found: dict[str, SeenFile] = {}
    for path, real, error in sorted(_walk(raw)):
        before = known.get(path)
        file = _look(raw, path, real, error, before, max_bytes)
        found[path] = file
        if before is None or file[2:6] != tuple(before) or file.error is not None:
            if before is None or file.file_id != before.file_id or file.file_id is not None:
                seen.append(file)
    gone = sorted(set(known) - set(found))
    to_parse: dict[str, SeenFile] = {}
    for file in found.values():
        if file.file_id is not None and file.file_id not in parsed:
            to_parse.setdefault(file.file_id, file)
    return Scan(seen, gone, len(found), list(to_parse.values()))


def storable(path: str) -> str:
    """A path as text that every table can hold: bytes that are no UTF-8 as \\xNN, with / between folders."""
    return path.replace(os.sep, "/").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(raw: Path) -> Iterator[tuple[str, str, str | None]]:
    """(path to store, path to open, error) of everything below RAW that is no folder."""
    try:
        os.listdir(raw)
    except FileNotFoundError:
        raise GongkaiError(f"the raw folder {raw} does not exist: name it with --raw") from None
    except NotADirectoryError:
        raise GongkaiError(f"{raw} is a file: --raw must be a folder") from None
    except OSError as error:
        raise GongkaiError(f"cannot read the raw folder {raw}: {error.strerror}") from None
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(raw / folder))
        except OSError as error:
            yield storable(folder), folder, f"folder cannot be read: {error.strerror}"
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            real = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(real)
            else:
                yield storable(real), real, None


def _look(raw: Path, path: str, real: str, error: str | None, before: KnownFile | None, max_bytes: int) -> SeenFile:
    def refused(words: str, size: int | None = None) -> SeenFile:
        return SeenFile(path, real, None, size, None, None, words)

    if error is not None:
        return refused(error)
    full = raw / real
    try:
        status = full.lstat()
        if stat.S_ISLNK(status.st_mode):
            if not full.resolve().is_relative_to(raw.resolve()):
                return refused("a link out of the raw folder is not followed: put the file itself there")
            status = full.stat()
        if not stat.S_ISREG(status.st_mode):
            return refused("not a regular file")
        times = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if before is not None and before.file_id is not None and times == tuple(before[1:]):
            return SeenFile(path, real, before.file_id, *times, None)
        if status.st_size > max_bytes:
            return refused(
                f"larger than the limit max_file_bytes ({status.st_size:,} of {max_bytes:,} bytes)", status.st_size
            )
        return SeenFile(path, real, _hash(full), *times, None)
    except OSError as problem:
        words = problem.strerror or errno.errorcode.get(problem.errno or 0, "unknown error")
        return refused(f"file cannot be read: {words}")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()
