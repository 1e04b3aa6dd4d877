"""Parses the files of one arrival batch into Parquet.

Belongs here: reading the planned files in worker processes and writing results/ of the batch. Does not belong here:
parsing one file (parse.py), planning (state/batches.py), publishing.
"""

import shutil
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipeline import PARSER_VERSION
from pipeline.columns import report_tables
from pipeline.conditions import conditional_version
from pipeline.crawl_list import CrawlLine, is_result_of_this_parser, read_crawl_list, result_version
from pipeline.parse import ParsedFile, content_id, parse_bytes
from pipeline.pool import run_chunks, start_server
from pipeline.read.office import convert_all, office_format
from pipeline.settings import Limits, Settings
from pipeline.state.batches import Plan, batch_folder
from pipeline.state.folders import RESULTS
from pipeline.state.manifest import Content, SeenFile
from pipeline.state.results import CONTENTS, RESULTS_NAME, has_results
from pipeline.writer import parquet_writer
from schemas.arrow import arrow_schema
from schemas.tables import RESULT_TABLES

CHUNK_FILES = 100
CHUNK_BYTES = 8 * 2**20

_CONTENTS_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in Content._fields])

Job = tuple[str, str, str, CrawlLine | None]
"""(raw folder, path to open, expected file_id, line of RAW/manifest.csv): what a worker needs of a file."""


class ChunkResult(NamedTuple):
    """Results of some files: what became of each, and the rows of all tables."""

    contents: list[Content]
    tables: dict[str, pa.Table]


class Reading(NamedTuple):
    """What all workers need: the limits, a folder for helper programs, the version of results that depend on both."""

    limits: Limits
    scratch: Path
    version: str


class BatchResult(NamedTuple):
    """How many contents of a batch ended in which status, and how many rows its tables have."""

    statuses: dict[str, int]
    rows: dict[str, int]


def parse_batch(plan: Plan, settings: Settings, progress: Callable[[int, int], None] | None = None) -> BatchResult:
    """Parses every planned content and writes OUT/.batches/<batch>/results, whole or not at all.

    `progress(done, total)` is called as files are done. Parsing a batch again replaces its results by the same.
    """
    start_workers()
    folder = batch_folder(settings.out, plan.batch)
    temporary = folder / f"{RESULTS}.new"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    scratch = folder / f"{RESULTS}.scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    reading = Reading(settings.limits, scratch.resolve(), conditional_version(settings))
    crawl = read_crawl_list(Path(plan.raw))
    jobs = [(plan.raw, file.real, file.file_id or "", crawl.lines.get(file.path)) for file in plan.to_parse]
    chunks = _chunks(plan.to_parse, jobs)
    statuses: dict[str, int] = {}
    rows = {table.name: 0 for table in RESULT_TABLES}
    done, changed = 0, False
    named = _CONTENTS_SCHEMA.with_metadata({RESULTS_NAME: uuid.uuid4().hex})
    with ExitStack() as files:
        files.callback(shutil.rmtree, scratch, ignore_errors=True)
        writers = {
            name: files.enter_context(parquet_writer(temporary / f"{name}.parquet", arrow_schema(name)))
            for name in rows
        }
        contents_writer = files.enter_context(parquet_writer(temporary / f"{CONTENTS}.parquet", named))
        workers = min(settings.workers, max(1, len(chunks)))
        for chunk, result in run_chunks(
            partial(parse_chunk, reading=reading),
            partial(_given_up, reading=reading),
            chunks,
            workers,
            settings.file_seconds,
            settings.worker_memory_bytes,
        ):
            for name, table in result.tables.items():
                writers[name].write_table(table)
                rows[name] += table.num_rows
            contents_writer.write_table(_contents_table(result.contents))
            for content in result.contents:
                statuses[content.status] = statuses.get(content.status, 0) + 1
                changed |= not is_result_of_this_parser(content.parser_version)
            done += len(chunk)
            if progress is not None:
                progress(done, len(jobs))
    if changed and has_results(folder):
        # Parsed again later, when some files are no longer what they were: the first results stay.
        shutil.rmtree(temporary)
    else:
        _replace_results(folder, temporary)
    return BatchResult(statuses, rows)


def start_workers(*modules: str) -> None:
    """Gets ready for parsing, in the background. `modules`: what else every worker would import, such as the program's.

    pyarrow imports pandas as soon as it makes an array.
    """
    start_server(__name__, "pandas", "pipeline.region.preloaded", *modules)


def parse_chunk(jobs: list[Job], reading: Reading) -> ChunkResult:
    """Parses some files; runs in a worker process. Old Word files among them are converted in one go."""
    contents: list[Content] = []
    reports = []
    found = [_read(Path(raw) / real, file_id) for raw, real, file_id, _ in jobs]
    office = {number: data for number, data in enumerate(found) if isinstance(data, bytes) and office_format(data)}
    converted = convert_all(office, reading.limits, reading.scratch) if office else {}
    for number, (data, (_, _, file_id, line)) in enumerate(zip(found, jobs, strict=True)):
        if isinstance(data, ParsedFile):
            parsed, version = data, ""
        else:
            parsed = parse_bytes(data, file_id, reading.limits, converted.get(number), line)
            version = result_version(line, reading.version if parsed.depends else PARSER_VERSION)
        contents.append(Content(file_id, version, parsed.status, parsed.reason, parsed.media_type, parsed.encoding))
        reports += parsed.reports
    return ChunkResult(contents, report_tables(reports))


def _read(path: Path, file_id: str) -> bytes | ParsedFile:
    """The bytes of the file at a path if it still has the planned content."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return ParsedFile(file_id, "quarantined", f"file could not be read again after the scan: {error.strerror}")
    if content_id(data) != file_id:
        return ParsedFile(file_id, "quarantined", "file changed while the build ran: the next build reads it")
    return data


def _replace_results(folder: Path, temporary: Path) -> None:
    """Old results are moved away whole, since a folder with half of them would pass for parsed."""
    old = folder / f"{RESULTS}.old"
    shutil.rmtree(old, ignore_errors=True)
    if (folder / RESULTS).is_dir():
        (folder / RESULTS).rename(old)
    temporary.rename(folder / RESULTS)
    shutil.rmtree(old, ignore_errors=True)


def _given_up(job: Job, reason: str, reading: Reading) -> ChunkResult:
    version = result_version(job[3], reading.version)
    return ChunkResult([Content(job[2], version, "quarantined", reason, None, None)], {})


def _chunks(files: list[SeenFile], jobs: list[Job]) -> list[list[Job]]:
    chunks: list[list[Job]] = []
    size = CHUNK_BYTES
    for file, job in zip(files, jobs, strict=True):
        size += file.size_bytes or 0
        if size > CHUNK_BYTES or len(chunks[-1]) >= CHUNK_FILES:
            chunks.append([])
            size = file.size_bytes or 0
        chunks[-1].append(job)
    return chunks


def _contents_table(contents: list[Content]) -> pa.Table:
    columns = list(zip(*contents, strict=True))
    arrays = [pa.array(list(column), type=pa.string()) for column in columns]
    return pa.Table.from_arrays(arrays, schema=_CONTENTS_SCHEMA)
