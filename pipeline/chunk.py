"""Parses a chunk of raw files: the work that is done in a worker process, whichever engine runs it.

Belongs here: what a worker needs of a file, reading and parsing some files, cutting the files of a batch into chunks. Does
not belong here: parsing one file (parse.py), worker processes (pool.py), machines (cluster.py), writing (written.py).
"""

from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipeline import PARSER_VERSION
from pipeline.columns import ReportColumns
from pipeline.crawl_list import CrawlLine, result_version
from pipeline.parse import ParsedFile, content_id, parse_bytes
from pipeline.read.office import convert_all, office_format
from pipeline.settings import Limits
from pipeline.state.manifest import Content, SeenFile
from pipeline.state.scan_store import read_many
from pipeline.storage import Url, error_words, open_store, place

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
    """Parses some files; runs in a worker process. Old Word files among them are converted in one go."""
    contents: list[Content] = []
    columns = ReportColumns()
    found = _read(jobs)
    office = {number: data for number, data in enumerate(found) if isinstance(data, bytes) and office_format(data)}
    converted = convert_all(office, reading.limits, reading.scratch) if office else {}
    for number, (data, (_, _, file_id, line)) in enumerate(zip(found, jobs, strict=True)):
        if isinstance(data, ParsedFile):
            parsed, version = data, ""
        else:
            parsed = parse_bytes(data, file_id, reading.limits, converted.get(number), line)
            version = result_version(line, reading.version if parsed.depends else PARSER_VERSION)
        contents.append(Content(file_id, version, parsed.status, parsed.reason, parsed.media_type, parsed.encoding))
        for report in parsed.reports:
            columns.add(report)
    return ChunkResult(contents, columns.tables())


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


def _read(jobs: list[Job]) -> list[bytes | ParsedFile]:
    """The bytes of every file that still has the planned content; of the others, what is wrong."""
    raw = place(jobs[0][0]) if jobs else Path()
    if isinstance(raw, Url):
        store, top = open_store(raw)
        found = read_many(store, [f"{top}/{real}" for _, real, _, _ in jobs])
    else:
        found = [_bytes(raw / real) for _, real, _, _ in jobs]
    return [_as_planned(data, file_id) for data, (_, _, file_id, _) in zip(found, jobs, strict=True)]


def _bytes(path: Path) -> bytes | Exception:
    try:
        return path.read_bytes()
    except OSError as error:
        return error


def _as_planned(data: bytes | Exception, file_id: str) -> bytes | ParsedFile:
    if isinstance(data, Exception):
        words = f"file could not be read again after the scan: {error_words(data)}"
        return ParsedFile(file_id, "quarantined", words)
    if content_id(data) != file_id:
        return ParsedFile(file_id, "quarantined", "file changed while the build ran: the next build reads it")
    return data
