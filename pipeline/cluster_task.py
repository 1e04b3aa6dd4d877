"""What a worker of a Dask cluster does: reads a block of chunks and writes their results as Parquet parts.

Belongs here: the task, and the supervised process that every thread of a worker keeps for it. Does not belong here: the
cluster and what becomes of the parts (cluster.py), reading a chunk (chunk.py), supervision (pool.py).

Files are not read in the worker itself but in a process that it supervises, as on one machine: so the limits on time and
memory hold alike, and a bad file ends that process and not the worker.
"""

import pickle
import shutil
import tempfile
import threading
import uuid
from contextlib import nullcontext, suppress
from functools import partial
from multiprocessing import current_process, util
from pathlib import Path
from typing import NamedTuple

from pipeline import PARSER_VERSION
from pipeline.chunk import Job, Reading, give_up, parse_chunk
from pipeline.errors import GongkaiError
from pipeline.pool import Workers, start_server
from pipeline.read.office import programs
from pipeline.storage import Url, open_store, place, store_errors
from pipeline.written import writing

TOKEN = "token"


class Block(NamedTuple):
    """Some chunks for one task. `name` is the folder of their part below `parts`; `token` is what a file there says."""

    name: str
    chunks: list[list[Job]]
    parts: str
    token: str
    reading: Reading
    file_seconds: float
    memory_bytes: int
    same: tuple[str, bool, bool]


class _Here(NamedTuple):
    """What a thread of a worker keeps from one block to the next."""

    wanted: tuple[object, ...]
    workers: Workers
    scratch: Path


_kept: dict[int, _Here] = {}


def same_everywhere() -> tuple[str, bool, bool]:
    """What must be the same on all machines for the same results: the parser, and which helper programs there are."""
    libreoffice, antiword = programs()
    return PARSER_VERSION, libreoffice is not None, antiword is not None


def start_servers(*modules: str) -> None:
    """Loads what reading takes, and these modules, in the server that processes are forked from, in the background."""
    start_server("pipeline.worker", "pipeline.region.preloaded", *modules)


def get_ready() -> None:
    """Loads what reading takes, in the background."""
    # Dask's default for workers; a daemon process may not start the one that it supervises.
    if current_process().daemon:
        current_process().daemon = False
    start_servers()


def read_block(pickled: bytes) -> int:
    """Reads a block (a pickled Block) and writes its part, whole or not at all; how many files it has.

    Reading a block again gives the same part. Raises GongkaiError if this worker does not see the folders of the build, or
    would read files otherwise than other machines.
    """
    block: Block = pickle.loads(pickled)
    _check(block)
    with tempfile.TemporaryDirectory(prefix="gongkai-part-") as folder:
        part, files = Path(folder, "part"), 0
        with writing(part) as results:
            here = _workers(block)
            reading = block.reading._replace(scratch=here.scratch)
            work, given_up = partial(parse_chunk, reading=reading), partial(give_up, reading=reading)
            for chunk, result in here.workers.run(work, given_up, block.chunks):
                results.add(result)
                files += len(chunk)
        _hand_in(part, block)
    return files


def _check(block: Block) -> None:
    if block.same != same_everywhere():
        words = "(version of the parser, LibreOffice, antiword) are {} on a worker and {} where the build runs"
        raise GongkaiError(words.format(same_everywhere(), block.same))
    raw = next((place(job[0]) for chunk in block.chunks for job in chunk), None)
    if isinstance(raw, Path) and not raw.is_dir():
        raise GongkaiError(f"a worker does not see the raw folder {raw}: it must be shared, or a URL")
    parts = place(block.parts)
    found = ""
    with store_errors(parts) if isinstance(parts, Url) else nullcontext(), suppress(FileNotFoundError, PermissionError):
        if isinstance(parts, Url):
            store, path = open_store(parts)
            found = store.cat_file(f"{path}/{TOKEN}").decode()
        else:
            found = (parts / TOKEN).read_text(encoding="ascii")
    if found != block.token:
        raise GongkaiError(f"a worker does not see {block.parts}: the folder of the dataset must be shared, or a URL")


def _workers(block: Block) -> _Here:
    """The supervised process of this thread, started if it is not there or was started under other limits."""
    wanted = (block.reading.limits, block.reading.version, block.file_seconds, block.memory_bytes)
    here = _kept.get(threading.get_ident())
    if here is None or here.wanted != wanted:
        get_ready()
        if here is None:
            util.Finalize(None, _end, args=[threading.get_ident()], exitpriority=100)
        else:
            _end(threading.get_ident())
        scratch = Path(tempfile.mkdtemp(prefix="gongkai-scratch-"))
        here = _Here(wanted, Workers(1, block.file_seconds, block.memory_bytes), scratch)
        _kept[threading.get_ident()] = here
    return here


def _end(thread: int) -> None:
    here = _kept.pop(thread, None)
    if here is not None:
        here.workers.stop()
        shutil.rmtree(here.scratch, ignore_errors=True)


def _hand_in(part: Path, block: Block) -> None:
    """Puts a part where the build looks for it."""
    parts = place(block.parts)
    if isinstance(parts, Url):
        store, path = open_store(parts)
        with store_errors(parts):
            files = sorted(part.iterdir())
            store.put([str(file) for file in files], [f"{path}/{block.name}/{file.name}" for file in files])
        return
    temporary = parts / f"{block.name}.{uuid.uuid4().hex}.new"
    shutil.copytree(part, temporary)
    try:
        temporary.rename(parts / block.name)
    except OSError:
        if not (parts / block.name).is_dir():
            raise
        shutil.rmtree(temporary)  # another worker, thought to be lost, was first with the same
