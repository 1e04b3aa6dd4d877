"""Facts of reports as Arrow tables.

Belongs here: turning Report objects into columns of the published tables. Does not belong here: the columns' meaning
(schemas/tables.py), files.

Values are integers in ten-thousandths; as DECIMAL(18,4) they are the same integers, so the column is made from their
bytes instead of from two million Decimal objects.
"""

from collections.abc import Iterable, Sequence

import numpy
import pyarrow as pa

from pipeline.across.sketch import prose_of, shingle_hashes, sketch
from pipeline.parse import Report
from pipeline.read.document import Document
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading
from schemas.arrow import arrow_schema
from schemas.tables import RESULT_TABLES

Columns = dict[str, list[object]]
Source = tuple[int | None, int | None, int | None, int | None]
SOURCE_COLUMNS = ("source_page", "source_table", "source_row", "source_column")
NO_SOURCE: Source = (None, None, None, None)


def report_tables(reports: Iterable[Report]) -> dict[str, pa.Table]:
    """The rows of all result tables for some reports: table name → Arrow table with the declared schema."""
    columns: dict[str, Columns] = {table.name: {name: [] for name in table.column_names} for table in RESULT_TABLES}
    for report in reports:
        _add_report(columns["reports"], report)
        _add_sections(columns["sections"], report)
        _add_tables(columns["tables"], report)
        _add_cells(columns["cells"], report)
        _add_rows(columns["statements"], report.report_id, report.statements)
        _add_checks(columns["checks"], report)
        _add_rows(columns["indicators"], report.report_id, report.indicators)
        _add_sketch(columns["sketches"], report)
    return {name: _arrow(name, table) for name, table in columns.items()}


def decimals(values: list[int | None]) -> pa.Array:
    """Integers in ten-thousandths as an Arrow array of DECIMAL(18,4), null for None."""
    whole = pa.array(values, type=pa.int64())
    bitmap, numbers = whole.buffers()
    low = numpy.frombuffer(numbers, dtype=numpy.int64, count=len(values))
    wide = numpy.empty((len(values), 2), dtype=numpy.int64)
    wide[:, 0] = low
    wide[:, 1] = low >> 63  # the sign goes on in the upper half
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(values), [bitmap, pa.py_buffer(wide)])


def _arrow(table: str, columns: Columns) -> pa.Table:
    schema = arrow_schema(table)
    arrays = [
        decimals(columns[field.name])  # type: ignore[arg-type]
        if pa.types.is_decimal(field.type)
        else pa.array(columns[field.name], type=field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _add_report(columns: Columns, report: Report) -> None:
    row = {
        **report.description._asdict(),
        "source_url": report.crawl_line.source_url if report.crawl_line else None,
        "fetched_at": report.crawl_line.fetched_at if report.crawl_line else None,
        "report_id": report.report_id,
        "file_id": report.file_id,
        "template": report.template,
        "layout": report.layout,
        "is_current": True,  # settled when all batches are known (pipeline/publish)
    }
    for name, values in columns.items():
        values.append(row.get(name))


def _add_sections(columns: Columns, report: Report) -> None:
    text = report.document.text
    count = len(report.sections)
    columns["report_id"] += [report.report_id] * count
    columns["section_no"] += range(1, count + 1)
    for section in report.sections:
        columns["level"].append(section.level)
        columns["section_key"].append(section.section_key)
        columns["heading"].append(section.heading)
        columns["body"].append(text[section.char_start : section.char_end])
        columns["char_start"].append(section.char_start)
        columns["char_end"].append(section.char_end)


def _add_tables(columns: Columns, report: Report) -> None:
    for reading in report.readings:
        row = {
            "report_id": report.report_id,
            "table_key": reading.table_key,
            "sub_table": reading.sub_table,
            "template": reading.template,
            "layout": reading.layout,
            "state": reading.state,
            "cells_expected": len(reading.states),
            "cells_reported": reading.states.count("reported"),
            "char_start": reading.char_start,
            "char_end": reading.char_end,
        }
        for name, values in columns.items():
            values.append(row[name])


def _add_cells(columns: Columns, report: Report) -> None:
    sources = _sources(report.document)
    for reading in report.readings:
        count = len(reading.states)
        columns["report_id"] += [report.report_id] * count
        columns["template"] += [reading.template] * count
        columns["table_key"] += [reading.table_key] * count
        columns["row_key"] += reading.row_keys
        columns["column_key"] += reading.column_keys
        columns["value"] += reading.values
        columns["value_state"] += reading.states
        columns["unit"] += reading.units
        columns["raw_text"] += reading.raw_texts
        columns["row_label"] += reading.row_labels
        columns["column_label"] += reading.column_labels
        columns["char_start"] += reading.starts
        columns["char_end"] += reading.ends
        columns["method"] += reading.methods
        _add_sources(columns, reading, sources)


def _sources(document: Document) -> dict[int | None, Source]:
    """Where a cell begins in the text → (page, table, row, column) in the file, for cells of grids."""
    return {
        cell.start: (cell.page, grid.number, cell.row + 1, cell.column + 1)
        for grid in document.grids
        for row in grid.rows
        for cell in row
    }


def _add_sources(columns: Columns, reading: TableReading, sources: dict[int | None, Source]) -> None:
    if not sources:
        for name in SOURCE_COLUMNS:
            columns[name] += [None] * len(reading.starts)
        return
    found = [sources.get(start, NO_SOURCE) for start in reading.starts]
    for name, values in zip(SOURCE_COLUMNS, zip(*found, strict=True), strict=True):
        columns[name] += values


def _add_checks(columns: Columns, report: Report) -> None:
    *within, others = columns
    _add_rows({name: columns[name] for name in within}, report.report_id, report.checks)
    columns[others] += [None] * len(report.checks)


def _add_sketch(columns: Columns, report: Report) -> None:
    """Headings are left out beside tables: the form prescribes them."""
    text = report.document.text
    bodies = [(_after_heading(text, section), section.char_end) for section in report.sections]
    tables = [(reading.char_start, reading.char_end) for reading in report.readings]
    hashes = shingle_hashes(prose_of(text, bodies, tables))
    columns["report_id"].append(report.report_id)
    columns["shingles"].append(len(hashes))
    columns["sketch"].append(sketch(hashes).astype("<u2").tobytes())


def _after_heading(text: str, section: Section) -> int:
    if section.heading is None or not text.startswith(section.heading, section.char_start):
        return section.char_start
    return section.char_start + len(section.heading)


def _add_rows(columns: Columns, report_id: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Rows whose fields are the table's columns after report_id, in their order."""
    if not rows:
        return
    columns["report_id"] += [report_id] * len(rows)
    names = list(columns)[1:]
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        columns[name] += values
