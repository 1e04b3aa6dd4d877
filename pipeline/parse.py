"""One file in, its facts or the reason why there are none out: the one boundary for failure.

Belongs here: the order of the steps for one file, and the rules of the table `files` (parsed, partial, quarantined).
Does not belong here: the steps, files on disk, other files.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.check.crawl_list import check_crawl_line
from pipeline.check.metadata import check_metadata
from pipeline.check.outcome import Check
from pipeline.check.prose import check_prose
from pipeline.check.report import check_report
from pipeline.crawl_list import CrawlLine
from pipeline.describe.report import Description, describe
from pipeline.harmonise import Indicator, harmonise
from pipeline.prose.statements import Statement, read_statements
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
    crawl_line: CrawlLine | None
    template: str
    layout: str
    sections: list[Section]
    readings: list[TableReading]
    statements: list[Statement]
    checks: list[Check]
    indicators: list[Indicator]


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


def parse_bytes(
    data: bytes,
    file_id: str,
    limits: Limits = _USUAL,
    converted: Converted | None = None,
    line: CrawlLine | None = None,
) -> ParsedFile:
    """Parses one file's content. Never raises for bad content: that is a quarantined ParsedFile with a reason.

    `converted`: what the content became, if it is an old Word file that was converted along with others; `line`: what
    RAW/manifest.csv says of the file.
    """
    try:
        document = decode(data, limits, converted)
    except UnreadableError as refusal:
        return ParsedFile(file_id, "quarantined", str(refusal), refusal.media_type, depends=refusal.depends)
    return parse_document(document, file_id, line)


def parse_document(document: Document, file_id: str, line: CrawlLine | None = None) -> ParsedFile:
    """Parses a decoded document."""
    sections = split(document)
    description = describe(document, sections, line)
    readings = tabulate(document)
    if description.title is None and not readings and known_headings(sections) < MIN_HEADINGS:
        return ParsedFile(file_id, "quarantined", NO_REPORT, document.media_type, document.encoding)
    statements = read_statements(
        document, sections, readings, description.report_year, description.body_kind == "government_office"
    )
    checks = check_report(readings, description.body_kind, description.admin_level)
    checks += check_prose(readings, statements)
    has_form = any(reading.template in ("2019", "2021") for reading in readings)
    checks += check_metadata(description, sections, document.flat, has_form)
    if line is not None:
        checks += check_crawl_line(description, line)
    report = Report(
        file_id[:16],
        file_id,
        document,
        description,
        line,
        report_template(readings),
        report_layout(readings),
        sections,
        readings,
        statements,
        checks,
        harmonise(readings, statements, description.report_year),
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
    cells: dict[str, int] = {}
    for reading in readings:
        cells[reading.layout] = cells.get(reading.layout, 0) + len(reading.states)
    return max(cells, key=cells.__getitem__) if cells else "prose"


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
