"""OUT at a URL: a dataset in an object store, and the working copy of it on this machine.

Belongs here: bringing the working copy up to date, storing a new build, the pointer that publishes it, the copy that
readers use. Does not belong here: building (it works on the working copy, a folder like any other), opening stores.

    OUT/.current                 the pointer (JSON): every file of the dataset and the object that holds it
    OUT/.builds/<n>-<id>/…       objects of builds, OUT/.batches/<batch>-<id>/… of results; written once, never changed
    OUT/gongkai.duckdb, parquet/…, quality.html …     copies under the names that readers know; OUT/.names says of which

One put of the pointer publishes a build, and where the store can do that, only if the pointer is still the one that the
build began with. All objects it names are there before; those that neither it nor the one before names are removed after.
"""

import json
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import GongkaiError
from pipeline.state.folders import (
    BATCHES,
    BUILDS,
    CURRENT,
    PARQUET,
    PUBLISHED,
    REPORTS,
    RESULTS,
    current_build,
    next_build,
    publish,
)
from pipeline.state.lock import build_lock
from pipeline.storage import Url, open_store, store_errors

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

NAMES = ".names"
PARTS = ".parts"
STATE = ".store.json"
GROUP = 256


class Pointer(NamedTuple):
    """The pointer object. `files`: path in OUT → path of its object; `before`: the same of the build before."""

    id: str
    build: str
    written_at: str
    files: dict[str, str]
    before: dict[str, str]


class _State(NamedTuple):
    """What the working copy knows: the pointer that it is a copy of, and the object of every file by its fingerprint."""

    id: str = ""
    build: str = ""
    objects: dict[str, str] = {}  # noqa: RUF012


def pull(out: Path, url: str) -> None:
    """Makes the working copy in `out` that of the dataset at a URL; call it under the lock. '' is no URL: nothing to do.

    A build that was finished here and not stored, because the store could not be reached or this program was killed, is
    stored now. What was built here on a dataset that somebody else replaced meanwhile is dropped. Raises GongkaiError.
    """
    if not url:
        return
    store, top = open_store(Url(url))
    with store_errors(url):
        pointer, _ = _read_pointer(store, top)
        state = _read_state(out)
        if (pointer.id if pointer else "") != state.id:
            _download(store, top, out, pointer, state)
        elif _name(current_build(out)) != state.build:
            push(out, url)
        elif pointer is not None:
            _copy_names(store, top, pointer)


def push(out: Path, url: str) -> None:
    """Stores the current build of the working copy at a URL and publishes it there; call it under the lock.

    Raises GongkaiError if that did not work, or somebody else published meanwhile: the dataset there is then as it was.
    """
    build = current_build(out)
    if not url or build is None:
        return
    store, top = open_store(Url(url))
    with store_errors(url):
        before, tag = _read_pointer(store, top)
        state = _read_state(out)
        if (before.id if before else "") != state.id:
            raise GongkaiError(f"another build was published at {url} meanwhile: run the build again")
        made = uuid.uuid4().hex
        files, objects, new = {}, {}, []
        for path in _to_store(out, build):
            name, mark = path.relative_to(out).as_posix(), _fingerprint(path)
            files[name] = objects[mark] = state.objects.get(mark) or _object_name(name, made)
            if mark not in state.objects:
                new.append(name)
        for begin in range(0, len(new), GROUP):
            some = new[begin : begin + GROUP]
            store.put([str(out / name) for name in some], [f"{top}/{files[name]}" for name in some])
        now = datetime.now(UTC).isoformat(timespec="seconds")
        pointer = Pointer(made, build.name, now, files, before.files if before else {})
        _write_pointer(store, top, pointer, tag, url)
        _write_state(out, _State(made, build.name, objects))
        _copy_names(store, top, pointer)
        _clean(store, top, pointer)


def readable_copy(out: Path, url: str) -> Path:
    """A folder with the DuckDB file of the dataset at a URL: the working copy if it is current, else one for readers.

    It is fetched only if the dataset has changed. Raises GongkaiError if there is none.
    """
    store, top = open_store(Url(url))
    with store_errors(url):
        pointer, _ = _read_pointer(store, top)
        if pointer is None:
            raise GongkaiError(f"there is no dataset in {url}: build it with `gongkai build --out {url}`")
        if _read_state(out).id == pointer.id and _name(current_build(out)) == pointer.build:
            return out
        copy = out.with_name(f"{out.name}-read")
        (copy / BUILDS).mkdir(parents=True, exist_ok=True)
        with build_lock(copy):
            if _read_state(copy).id != pointer.id or current_build(copy) is None:
                build = next_build(copy)
                begins = f"{BUILDS}/{pointer.build}/"
                wanted = {name[len(begins) :]: key for name, key in pointer.files.items() if name.startswith(begins)}
                _fetch(store, top, build, {n: k for n, k in wanted.items() if not n.startswith(f"{PARQUET}/")})
                publish(copy, build)
                _write_state(copy, _State(pointer.id, build.name))
        return copy


def _to_store(out: Path, build: Path) -> list[Path]:
    """Files of the dataset: the current build but for single pages, and all results that it was made from."""
    found = [path for path in build.rglob("*") if path.is_file() and path.relative_to(build).parts[0] != REPORTS]
    for folder in (out / BATCHES).iterdir():
        found += [path for path in (folder / "plan.json", *(folder / RESULTS).glob("*.parquet")) if path.is_file()]
    return sorted(found)


def _object_name(name: str, made: str) -> str:
    kind, folder, rest = name.split("/", 2)
    return f"{kind}/{folder}-{made[:12]}/{rest}"


def _fingerprint(path: Path) -> str:
    """The same for the same file under another name; files here are never changed once they are written."""
    status = path.stat()
    return f"{status.st_ino}-{status.st_mtime_ns}-{status.st_size}"


def _download(store: "AbstractFileSystem", top: str, out: Path, pointer: Pointer | None, state: _State) -> None:
    (out / STATE).unlink(missing_ok=True)  # a copy that is half of this and half of that is of nothing
    (out / CURRENT).unlink(missing_ok=True)
    files = pointer.files if pointer else {}
    kept: dict[str, str] = {}
    for path in [*(out / BUILDS).rglob("*"), *(out / BATCHES).rglob("*")]:
        if path.is_file() or path.is_symlink():
            name, mark = path.relative_to(out).as_posix(), _fingerprint(path)
            if files.get(name) == state.objects.get(mark, ""):
                kept[name] = files[name]
            else:
                path.unlink()
    for folder in [*(out / BUILDS).iterdir(), *(out / BATCHES).iterdir()]:
        if not any(name.startswith(f"{folder.relative_to(out).as_posix()}/") for name in files):
            shutil.rmtree(folder, ignore_errors=True)
    _fetch(store, top, out, {name: key for name, key in files.items() if name not in kept})
    if pointer is not None:
        publish(out, out / BUILDS / pointer.build)
        objects = {_fingerprint(out / name): key for name, key in files.items()}
        _write_state(out, _State(pointer.id, pointer.build, objects))
        _copy_names(store, top, pointer)


def _fetch(store: "AbstractFileSystem", top: str, folder: Path, wanted: dict[str, str]) -> None:
    for name in wanted:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise GongkaiError(f"the pointer {top}/{CURRENT} names {name}, which lies outside of the dataset")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    names = list(wanted)
    for begin in range(0, len(names), GROUP):
        some = names[begin : begin + GROUP]
        store.get([f"{top}/{wanted[name]}" for name in some], [str(folder / name) for name in some])


def _read_pointer(store: "AbstractFileSystem", top: str) -> tuple[Pointer | None, str]:
    """The pointer and its entity tag, ('' where the store has none)."""
    store.invalidate_cache()
    try:
        tag = str(store.info(f"{top}/{CURRENT}").get("ETag") or "")
        record = store.cat_file(f"{top}/{CURRENT}")
    except FileNotFoundError:
        return None, ""
    try:
        return Pointer(**json.loads(record)), tag
    except (ValueError, TypeError):
        raise GongkaiError(f"{top}/{CURRENT} was not written by this version of gongkai") from None


def _write_pointer(store: "AbstractFileSystem", top: str, pointer: Pointer, tag: str, url: str) -> None:
    """Publishes: one put, and on S3 only if the pointer is still the one with this tag (none for '')."""
    path, record = f"{top}/{CURRENT}", json.dumps(pointer._asdict()).encode()
    protocols = {store.protocol} if isinstance(store.protocol, str) else set(store.protocol)
    only_if: dict[str, Any] = {}
    if "s3" in protocols:
        only_if = {"IfMatch": tag} if tag else {"mode": "create"}
    try:
        store.pipe_file(path, record, **only_if)
    except OSError as error:
        cause = error.__cause__ if error.__cause__ is not None else error
        if isinstance(error, FileExistsError) or "PreconditionFailed" in f"{cause!r} {error}" or "412" in str(error):
            raise GongkaiError(f"another build was published at {url} meanwhile: run the build again") from None
        raise


def _copy_names(store: "AbstractFileSystem", top: str, pointer: Pointer) -> None:
    """Copies what is published to the names that readers know, within the store; done already, it is one look."""
    try:
        record = json.loads(store.cat_file(f"{top}/{NAMES}"))
    except FileNotFoundError:
        record = {"id": "", "names": {}}
    if record["id"] == pointer.id:
        return
    begins = f"{BUILDS}/{pointer.build}/"
    found = {name[len(begins) :]: key for name, key in pointer.files.items() if name.startswith(begins)}
    names = {name: key for name, key in found.items() if name.split("/")[0] in PUBLISHED}
    changed = [name for name, key in names.items() if record["names"].get(name) != key]
    for begin in range(0, len(changed), GROUP):
        some = changed[begin : begin + GROUP]
        store.copy([f"{top}/{names[name]}" for name in some], [f"{top}/{name}" for name in some])
    _remove(store, [f"{top}/{name}" for name in record["names"].keys() - names.keys()])
    store.pipe_file(f"{top}/{NAMES}", json.dumps({"id": pointer.id, "names": names}).encode())


def _clean(store: "AbstractFileSystem", top: str, pointer: Pointer) -> None:
    """Removes objects of builds that are neither the current one nor the one before."""
    needed = {f"{top}/{key}" for key in (*pointer.files.values(), *pointer.before.values())}
    store.invalidate_cache()
    _remove(store, [p for kind in (BUILDS, BATCHES, PARTS) for p in store.find(f"{top}/{kind}") if p not in needed])


def _remove(store: "AbstractFileSystem", paths: list[str]) -> None:
    if paths:
        store.rm(sorted(paths))


def _name(build: Path | None) -> str:
    return build.name if build is not None else ""


def _read_state(out: Path) -> _State:
    try:
        return _State(**json.loads((out / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _State()


def _write_state(out: Path, state: _State) -> None:
    temporary = out / f"{STATE}.new"
    temporary.write_text(json.dumps(state._asdict()), encoding="utf-8")
    temporary.replace(out / STATE)
