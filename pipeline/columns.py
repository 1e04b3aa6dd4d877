"""Facts of reports as Arrow tables.

Belongs here: turning Report objects into columns of the published tables. Does not belong here: the columns' meaning
(schemas/tables.py), the columns of cells (cell_columns.py), files.

Texts that repeat are dictionaries from the beginning (schemas.arrow.coded_schema): less to hand from process to process,
and nothing left to look up when they are written.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from pipeline.across.sketch import prose_of, sketches
from pipeline.arrays import array, repeated
from pipeline.cell_columns import CellColumns
from pipeline.parse import Report
from pipeline.split import Section
from schemas.arrow import coded_schema
from schemas.tables import DECLARED, RESULT_TABLES

Row = tuple[object, ...]
ACROSS_COLUMN = "other_report_id"
"""The column of `checks` that checks within a report do not have."""


class ReportColumns:
    """The rows of all result tables for reports that are added one by one.

    A report is not kept: what is taken of it is a fraction of its size.
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._proses: list[str] = []
        self._cells = CellColumns()
        self._rows = {
            table.name: _Rows(table.name) for table in RESULT_TABLES if table.name not in ("cells", "sketches")
        }

    def add(self, report: Report) -> None:
        """Takes the facts of a report."""
        self._ids.append(report.report_id)
        self._proses.append(_prose(report))
        self._cells.add(report.readings, report.document)
        self._rows["reports"].add([_report_row(report)])
        self._rows["sections"].add(_section_rows(report))
        self._rows["tables"].add(_table_rows(report))
        self._rows["statements"].add(report.statements)
        self._rows["checks"].add(report.checks)
        self._rows["indicators"].add(report.indicators)

    def tables(self) -> dict[str, pa.Table]:
        """Table name → Arrow table with the declared schema, texts that repeat as dictionaries."""
        made = {name: rows.table(self._ids) for name, rows in self._rows.items()}
        made["cells"] = self._cells.table(self._ids)
        made["sketches"] = _sketches(self._ids, self._proses)
        return {table.name: made[table.name] for table in RESULT_TABLES}


def report_tables(reports: Iterable[Report]) -> dict[str, pa.Table]:
    """The rows of all result tables for some reports: as ReportColumns.tables."""
    columns = ReportColumns()
    for report in reports:
        columns.add(report)
    return columns.tables()


class _Rows:
    """A table that is gathered as rows, whose fields are its columns after report_id, in their order."""

    def __init__(self, table: str) -> None:
        self._schema = coded_schema(table)
        self._counts: list[int] = []
        self._rows: list[Row] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Takes the rows of the next report."""
        self._counts.append(len(rows))
        self._rows += rows

    def table(self, report_ids: list[str]) -> pa.Table:
        """The table; `report_ids` are those of the reports whose rows were added."""
        names = [name for name in self._schema.names[1:] if name != ACROSS_COLUMN]
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(names)
        values = dict(zip(names, columns, strict=True))
        arrays = [repeated(report_ids, self._counts)]
        for field in list(self._schema)[1:]:
            is_null = field.name == ACROSS_COLUMN
            arrays.append(pa.nulls(len(self._rows), field.type) if is_null else array(values[field.name], field.type))
        return pa.Table.from_arrays(arrays, schema=self._schema)


def _report_row(report: Report) -> Row:
    line = report.crawl_line
    values = {
        **report.description._asdict(),
        "source_url": line.source_url if line else None,
        "fetched_at": line.fetched_at if line else None,
        "file_id": report.file_id,
        "template": report.template,
        "layout": report.layout,
        "is_current": True,  # settled when all batches are known (pipeline/publish)
    }
    return tuple([values[name] for name in DECLARED["reports"].column_names[1:]])


def _section_rows(report: Report) -> list[Row]:
    text = report.document.text
    return [
        (number, level, key, heading, text[start:end], start, end)
        for number, (level, key, heading, start, end) in enumerate(report.sections, 1)
    ]


def _table_rows(report: Report) -> list[Row]:
    return [
        (
            reading.table_key,
            reading.sub_table,
            reading.template,
            reading.layout,
            reading.state,
            len(reading.states),
            reading.states.count("reported"),
            reading.char_start,
            reading.char_end,
        )
        for reading in report.readings
    ]


def _prose(report: Report) -> str:
    """What is sketched. Headings are left out beside tables: the form prescribes them."""
    text = report.document.text
    bodies = [(_after_heading(text, section), section.char_end) for section in report.sections]
    tables = [(reading.char_start, reading.char_end) for reading in report.readings]
    return prose_of(text, bodies, tables)


def _after_heading(text: str, section: Section) -> int:
    if section.heading is None or not text.startswith(section.heading, section.char_start):
        return section.char_start
    return section.char_start + len(section.heading)


def _sketches(report_ids: list[str], proses: list[str]) -> pa.Table:
    shingles, made = sketches(proses)
    blobs = [row.tobytes() for row in made.astype("<u2")]
    schema = coded_schema("sketches")
    columns: tuple[Sequence[object], ...] = (report_ids, shingles.tolist(), blobs)
    arrays = [array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
