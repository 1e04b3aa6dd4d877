"""Parses the files of one arrival batch into Parquet.

Belongs here: reading the planned files in worker processes and writing results/ of the batch. Does not belong here:
parsing one file (parse.py), planning (state/batches.py), publishing.
"""

import shutil
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipeline import PARSER_VERSION
from pipeline.columns import report_tables
from pipeline.parse import ParsedFile, content_id, parse_bytes
from pipeline.pool import run_chunks, start_server
from pipeline.settings import Settings
from pipeline.state.batches import Plan, batch_folder
from pipeline.state.folders import RESULTS
from pipeline.state.manifest import Content, SeenFile
from pipeline.state.results import CONTENTS, RESULTS_NAME, has_results
from pipeline.writer import parquet_writer
from schemas.arrow import arrow_schema
from schemas.tables import REPORT_TABLES

CHUNK_FILES = 100
CHUNK_BYTES = 8 * 2**20

_CONTENTS_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in Content._fields])

Job = tuple[str, str, str]
"""(raw folder, path to open, expected file_id): what a worker needs of a file."""


class ChunkResult(NamedTuple):
    """Results of some files: what became of each, and the rows of all tables."""

    contents: list[Content]
    tables: dict[str, pa.Table]


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
    jobs = [(plan.raw, file.real, file.file_id or "") for file in plan.to_parse]
    chunks = _chunks(plan.to_parse, jobs)
    statuses: dict[str, int] = {}
    rows = {table.name: 0 for table in REPORT_TABLES}
    done, changed = 0, False
    named = _CONTENTS_SCHEMA.with_metadata({RESULTS_NAME: uuid.uuid4().hex})
    with ExitStack() as files:
        writers = {
            name: files.enter_context(parquet_writer(temporary / f"{name}.parquet", arrow_schema(name)))
            for name in rows
        }
        contents_writer = files.enter_context(parquet_writer(temporary / f"{CONTENTS}.parquet", named))
        workers = min(settings.workers, max(1, len(chunks)))
        for chunk, result in run_chunks(
            parse_chunk, _given_up, chunks, workers, settings.file_seconds, settings.worker_memory_bytes
        ):
            for name, table in result.tables.items():
                writers[name].write_table(table)
                rows[name] += table.num_rows
            contents_writer.write_table(_contents_table(result.contents))
            for content in result.contents:
                statuses[content.status] = statuses.get(content.status, 0) + 1
                changed |= content.parser_version != PARSER_VERSION
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
    start_server(__name__, "pandas", *modules)


def parse_chunk(jobs: list[Job]) -> ChunkResult:
    """Parses some files; runs in a worker process."""
    contents: list[Content] = []
    reports = []
    for raw, real, file_id in jobs:
        parsed = parse_path(Path(raw) / real, file_id)
        version = PARSER_VERSION if parsed.status != "changed" else ""
        status = "quarantined" if parsed.status == "changed" else parsed.status
        contents.append(Content(file_id, version, status, parsed.reason, parsed.media_type, parsed.encoding))
        reports += parsed.reports
    return ChunkResult(contents, report_tables(reports))


def parse_path(path: Path, file_id: str) -> ParsedFile:
    """Parses the file at a path if it still has the planned content; status `changed` if not."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return ParsedFile(file_id, "changed", f"file could not be read again after the scan: {error.strerror}")
    if content_id(data) != file_id:
        return ParsedFile(file_id, "changed", "file changed while the build ran: the next build reads it")
    return parse_bytes(data, file_id)


def _replace_results(folder: Path, temporary: Path) -> None:
    """Old results are moved away whole, since a folder with half of them would pass for parsed."""
    old = folder / f"{RESULTS}.old"
    shutil.rmtree(old, ignore_errors=True)
    if (folder / RESULTS).is_dir():
        (folder / RESULTS).rename(old)
    temporary.rename(folder / RESULTS)
    shutil.rmtree(old, ignore_errors=True)


def _given_up(job: Job, reason: str) -> ChunkResult:
    return ChunkResult([Content(job[2], PARSER_VERSION, "quarantined", reason, None, None)], {})


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
