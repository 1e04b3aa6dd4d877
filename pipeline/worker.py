"""Reads and parses a chunk of raw files: what a worker process does, whichever engine runs it.

Belongs here: opening files, seeing that they are still what was planned, parsing them one after the other. Does not belong
here: parsing one file (parse.py), what the process that builds needs to know of chunks (chunk.py).
"""

from pathlib import Path

from pipeline import PARSER_VERSION
from pipeline.chunk import ChunkResult, Job, Reading
from pipeline.columns import ReportColumns
from pipeline.crawl_list import result_version
from pipeline.file_id import content_id
from pipeline.parse import ParsedFile, parse_bytes
from pipeline.read.office import convert_all, office_format
from pipeline.state.manifest import Content
from pipeline.state.scan_store import read_many
from pipeline.storage import Url, error_words, open_store, place


def parse_files(jobs: list[Job], reading: Reading) -> ChunkResult:
    """Parses some files. Old Word files among them are converted in one go."""
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
