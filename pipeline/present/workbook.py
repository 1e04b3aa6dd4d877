"""Rows as an Excel workbook.

Belongs here: the limits of a sheet, and how each kind of value becomes a cell that Excel shows as it is. Does not belong
here: which rows (export.py).

Nothing is cut, rounded or left out: what a sheet cannot hold is refused, and a number that Excel would round (it keeps 15
digits) or a date that it does not know (before 1900) is written as text.
"""

import datetime
import math
from decimal import Decimal
from typing import IO

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.errors import GongkaiError

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
FIRST_DAY = datetime.date(1900, 3, 1)  # Excel believes in a 29th of February 1900
MAX_DIGITS = 15
_ADVICE = "choose --format csv or parquet, or fewer rows or columns with --sql"


def check_size(rows: int, columns: int) -> None:
    """Raises GongkaiError if a sheet cannot hold so many rows (and a header) or columns."""
    if rows >= MAX_ROWS:
        raise GongkaiError(f"{rows:,} rows and a header: an Excel sheet holds {MAX_ROWS:,} rows; {_ADVICE}")
    if columns > MAX_COLUMNS:
        raise GongkaiError(f"{columns:,} columns: an Excel sheet holds {MAX_COLUMNS:,}; {_ADVICE}")


def write_workbook(reader: pa.RecordBatchReader, file: IO[bytes]) -> int:
    """Writes one sheet, header first, row by row; the number of rows. Raises GongkaiError for what a cell cannot hold."""
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = workbook.add_worksheet("gongkai")
    formats: dict[type, Format] = {
        datetime.date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        datetime.datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    bold = workbook.add_format({"bold": True})
    names = reader.schema.names
    for position, name in enumerate(names):
        sheet.write_string(0, position, name, bold)
    sheet.freeze_panes(1, 0)
    count = 0
    try:
        for batch in reader:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                count += 1
                check_size(count, len(names))
                for position, value in enumerate(row):
                    if value is not None and not _write(sheet, count, position, value, formats):
                        raise GongkaiError(
                            f"row {count:,}, column {names[position]}: a text longer than the {MAX_CELL:,} characters "
                            f"that an Excel cell holds; {_ADVICE}"
                        )
    finally:
        workbook.close()
    return count


def _write(sheet: Worksheet, row: int, column: int, value: object, formats: dict[type, Format]) -> bool:
    """Writes one cell; whether it could hold the value. Text is written as text, whatever it begins with."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and _is_kept(value):
        sheet.write_number(row, column, float(value))
    elif isinstance(value, datetime.datetime) and value.date() >= FIRST_DAY:
        sheet.write_datetime(row, column, value, formats[datetime.datetime])
    elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, formats[datetime.date])
    else:
        words = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if len(words.encode("utf-16-le")) // 2 > MAX_CELL:
            return False
        sheet.write_string(row, column, words)
    return True


def _is_kept(value: int | float | Decimal) -> bool:
    """Whether Excel keeps every digit of a number."""
    if isinstance(value, float):
        return math.isfinite(value)
    digits = Decimal(value).normalize().as_tuple().digits
    return len(digits) <= MAX_DIGITS
