"""One file in, its facts or the reason why there are none out: the one boundary for failure.

Belongs here: the order of the steps for one file, and the rules of the table `files` (parsed, partial, quarantined).
Does not belong here: the steps, files on disk, other files.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.check.outcome import Check
from pipeline.check.report import check_report
from pipeline.describe import Description, describe
from pipeline.read.decode import UnreadableError, decode
from pipeline.read.document import Document
from pipeline.read.office import Converted
from pipeline.settings import Limits
from pipeline.split import Section, known_headings, split
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.tables import tabulate

MIN_HEADINGS = 3
_USUAL = Limits()
NO_REPORT = (
    "no such report: it has no title of an annual report, no statutory table and fewer than three known headings"
)


class Report(NamedTuple):
    """All facts of one report."""

    report_id: str
    file_id: str
    document: Document
    description: Description
    template: str
    layout: str
    sections: list[Section]
    readings: list[TableReading]
    checks: list[Check]


@dataclass
class ParsedFile:
    """What became of one file's content. `reason` is null exactly when status is `parsed`.

    `depends`: the reason lies in this machine or its settings (refusal.py).
    """

    file_id: str
    status: str
    reason: str | None = None
    media_type: str | None = None
    encoding: str | None = None
    reports: list[Report] = field(default_factory=list)
    depends: bool = False


def content_id(data: bytes) -> str:
    """The file_id of some bytes: SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def parse_bytes(data: bytes, file_id: str, limits: Limits = _USUAL, converted: Converted | None = None) -> ParsedFile:
    """Parses one file's content. Never raises for bad content: that is a quarantined ParsedFile with a reason.

    `converted`: what the content became, if it is an old Word file that was converted along with others.
    """
    try:
        document = decode(data, limits, converted)
    except UnreadableError as refusal:
        return ParsedFile(file_id, "quarantined", str(refusal), refusal.media_type, depends=refusal.depends)
    return parse_document(document, file_id)


def parse_document(document: Document, file_id: str) -> ParsedFile:
    """Parses a decoded document."""
    sections = split(document)
    description = describe(document, sections)
    readings = tabulate(document)
    if description.title is None and not readings and known_headings(sections) < MIN_HEADINGS:
        return ParsedFile(file_id, "quarantined", NO_REPORT, document.media_type, document.encoding)
    checks = check_report(readings, description.body_kind, description.admin_level)
    report = Report(
        file_id[:16],
        file_id,
        document,
        description,
        report_template(readings),
        report_layout(readings),
        sections,
        readings,
        checks,
    )
    reason = refused_tables(readings)
    status = "partial" if reason else "parsed"
    return ParsedFile(file_id, status, reason, document.media_type, document.encoding, [report])


def report_template(readings: list[TableReading]) -> str:
    """The form of all its tables, `mixed` for more than one, `narrative` for none."""
    templates = {reading.template for reading in readings}
    if not templates:
        return "narrative"
    return templates.pop() if len(templates) == 1 else "mixed"


def report_layout(readings: list[TableReading]) -> str:
    """The layout of most of its cells, `prose` without tables."""
    cells = Counter[str]()
    for reading in readings:
        cells[reading.layout] += len(reading.states)
    return cells.most_common(1)[0][0] if cells else "prose"


def refused_tables(readings: list[TableReading]) -> str | None:
    """Names every table with refused cells and how many; None if there is none."""
    words = []
    for reading in readings:
        if not reading.refused:
            continue
        refused = Counter(state for state in reading.states if state in ("unreadable", "missing", "unrecoverable"))
        name = f"{reading.table_key} {reading.sub_table}" if reading.sub_table else reading.table_key
        words.append(f"{name}: " + ", ".join(f"{count} {state}" for state, count in sorted(refused.items())))
    return "; ".join(words) or None
