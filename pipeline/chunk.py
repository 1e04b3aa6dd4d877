"""Chunks of raw files: the work of a worker process, as the process that builds sees it.

Belongs here: what a worker needs of a file, cutting the files of a batch into chunks, the results of a chunk. Does not belong
here: the work (worker.py), worker processes (pool.py), machines (cluster.py), writing (written.py).
"""

from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipeline.crawl_list import CrawlLine, result_version
from pipeline.settings import Limits
from pipeline.state.manifest import Content, SeenFile

CHUNK_FILES = 100
CHUNK_BYTES = 8 * 2**20

Job = tuple[str, str, str, CrawlLine | None]
"""(raw folder, path to open, expected file_id, line of RAW/manifest.csv): what a worker needs of a file."""


class ChunkResult(NamedTuple):
    """Results of some files: what became of each, and the rows of all tables (texts as in schemas.arrow.coded_schema)."""

    contents: list[Content]
    tables: dict[str, pa.Table]


class Reading(NamedTuple):
    """What all workers need: the limits, a folder for helper programs, the version of results that depend on both."""

    limits: Limits
    scratch: Path
    version: str


def parse_chunk(jobs: list[Job], reading: Reading) -> ChunkResult:
    """Parses some files in a worker process; only there the parser is loaded, which takes half a second."""
    from pipeline.worker import parse_files

    return parse_files(jobs, reading)


def give_up(job: Job, reason: str, reading: Reading) -> ChunkResult:
    """The result of a file that could not be worked on."""
    version = result_version(job[3], reading.version)
    return ChunkResult([Content(job[2], version, "quarantined", reason, None, None)], {})


def cut_chunks(files: list[SeenFile], jobs: list[Job]) -> list[list[Job]]:
    """The jobs in chunks, bounded by number and by size."""
    chunks: list[list[Job]] = []
    size = CHUNK_BYTES
    for file, job in zip(files, jobs, strict=True):
        size += file.size_bytes or 0
        if size > CHUNK_BYTES or len(chunks[-1]) >= CHUNK_FILES:
            chunks.append([])
            size = file.size_bytes or 0
        chunks[-1].append(job)
    return chunks
