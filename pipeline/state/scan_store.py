"""What stands in RAW when RAW is a URL.

Belongs here: listing a store, hashing what is new or changed there. Does not belong here: comparing with the manifest
(scan.py), parsing.

A store tells size, time and entity tag of an object. An object whose three are those of the manifest is taken to be
unchanged; everything else is read and hashed. The time stands in the manifest as mtime_ns, a digest of the tag as ctime_ns.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline import crawl_list
from pipeline.errors import GongkaiError
from pipeline.state.manifest import KnownFile, SeenFile
from pipeline.storage import Url, error_words, open_store, store_errors

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

GROUP_FILES = 64
GROUP_BYTES = 64 * 2**20
_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "created")


def look_at_store(
    raw: Url, known: dict[str, KnownFile], parsed: dict[str, str], max_bytes: int, settle_seconds: float
) -> tuple[dict[str, SeenFile], set[str]]:
    """(files by path, paths that are left for later) of everything below RAW, as scan.scan looks at a folder.

    Raises GongkaiError if RAW cannot be listed, or nothing is there.
    """
    store, top = open_store(raw)
    with store_errors(raw):
        store.invalidate_cache()
        listing: dict[str, dict[str, Any]] = store.find(top, detail=True)
    if not listing:
        raise GongkaiError(f"there is nothing at {raw}: name the raw folder with --raw")
    found: dict[str, SeenFile] = {}
    growing: set[str] = set()
    unread: list[SeenFile] = []
    for name, facts in sorted(listing.items()):
        path = name[len(top) + 1 :]
        if facts.get("type") == "directory" or not path or _is_hidden(path) or path == crawl_list.NAME:
            continue
        size, modified, tag = int(facts.get("size") or 0), _modified_ns(facts), _tag(facts)
        file = SeenFile(path, path, None, size, modified, tag, None)
        before = known.get(path)
        is_same = before is not None and (size, modified, tag) == before[1:4] and (modified, tag) != (None, None)
        if size > max_bytes:
            words = f"larger than the limit GONGKAI_MAX_FILE_BYTES ({size:,} of {max_bytes:,})"
            found[path] = SeenFile(path, path, None, size, None, None, words)
        elif is_same and before is not None and before.file_id in parsed:
            found[path] = file._replace(file_id=before.file_id)
        elif not is_same and modified is not None and -1.0 < time.time() - modified / 1e9 < settle_seconds:
            growing.add(path)
        else:
            unread.append(file)
    for group in _groups(unread):
        for file, data in zip(group, read_many(store, [f"{top}/{file.real}" for file in group]), strict=True):
            if isinstance(data, bytes):
                found[file.path] = file._replace(file_id=hashlib.sha256(data).hexdigest())
            elif not isinstance(data, FileNotFoundError):  # else it is gone by now
                words = f"file cannot be read: {error_words(data)}"
                found[file.path] = SeenFile(file.path, file.path, None, None, None, None, words)
    return dict(sorted(found.items())), growing


def read_many(store: "AbstractFileSystem", paths: list[str]) -> list[bytes | Exception]:
    """The bytes of each path, read at the same time where the store can do that; or why it cannot be read."""
    # cat() would take * and [ in a name for a pattern.
    found: list[bytes | Exception] = store.cat_ranges(paths, None, None, on_error="return")
    return found


def _groups(files: list[SeenFile]) -> Iterator[list[SeenFile]]:
    """Files to read at the same time: what they hold together is in memory."""
    group: list[SeenFile] = []
    size = 0
    for file in files:
        if group and (len(group) == GROUP_FILES or size + (file.size_bytes or 0) > GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size_bytes or 0
    if group:
        yield group


def _is_hidden(path: str) -> bool:
    return any(name.startswith(".") for name in path.split("/"))


def _tag(facts: dict[str, Any]) -> int | None:
    tag = next((str(facts[name]) for name in _TAGS if facts.get(name)), None)
    return None if tag is None else int(hashlib.sha256(tag.encode()).hexdigest()[:15], 16)


def _modified_ns(facts: dict[str, Any]) -> int | None:
    value = next((facts[name] for name in _TIMES if facts.get(name) is not None), None)
    if isinstance(value, datetime):
        return int(value.timestamp() * 1_000_000) * 1_000
    return int(value * 1e9) if isinstance(value, int | float) else None
