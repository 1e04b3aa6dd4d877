"""A table, a view or the result of a query as a file for other programs: CSV, Excel, Parquet.

Belongs here: what is exported, where it goes, and what keeps it harmless in CSV. Does not belong here: Excel's own limits
(workbook.py), opening the dataset (database.py), arguments (assets/command.py).

Rows pass through in batches; no table is ever held as a whole.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from pipeline.errors import GongkaiError
from pipeline.present.database import open_dataset, query_error
from schemas.ddl import identifier

FORMATS = ("csv", "xlsx", "parquet")
ROWS_AT_ONCE = 20_000
BOM = b"\xef\xbb\xbf"
# What makes a spreadsheet take a cell for a formula, in the ASCII and in the full-width form that Chinese editions of
# Excel accept as well. A line break counts because some programs drop it at the beginning of a cell.
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_PLAIN = frozenset(
    [
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "FLOAT",
        "DOUBLE",
        "DATE",
        "VARCHAR",
        "TIMESTAMP",
    ]
)


class Wanted(NamedTuple):
    """What to export: exactly one of a table, a view, a query."""

    table: str | None = None
    view: str | None = None
    sql: str | None = None


class Exported(NamedTuple):
    """What was written: rows and columns, and the file; None for standard output."""

    rows: int
    columns: int
    path: Path | None


def export(
    wanted: Wanted, file_format: str, out: Path, output: Path | None, *, bom: bool = False, force: bool = False
) -> Exported:
    """Writes the rows to `output`, or to standard output (CSV only).

    Text that a spreadsheet would take for a formula gets an apostrophe before it in CSV; in Excel files it is marked as
    text. Numbers stay numbers. Raises GongkaiError if there is no such table, the query fails, the file exists (without
    `force`), or an Excel sheet cannot hold the rows; a file appears whole or not at all.
    """
    if output is None and file_format != "csv":
        raise GongkaiError(f"{file_format} cannot be written to the terminal or a pipe: name a file with --output")
    if output is not None:
        _check_target(output, out, force)
    with open_dataset(out) as connection:
        try:
            relation = _relation(connection, wanted)
            columns = len(relation.columns)
            if file_format == "xlsx":
                from pipeline.present.workbook import check_size

                check_size(_count(relation), columns)
            reader = relation.to_arrow_reader(ROWS_AT_ONCE)
            with _target(output) as file:
                rows = _WRITERS[file_format](reader, file, bom)
        except (duckdb.Error, pa.ArrowException) as error:
            raise query_error(error) from None
    return Exported(rows, columns, output)


def harmless(column: pa.Array) -> pa.Array:
    """A column of text in which nothing can start a formula: an apostrophe stands before what could."""
    risky = pc.match_substring_regex(column, FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _relation(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> duckdb.DuckDBPyRelation:
    relation = connection.sql(_query(connection, wanted))
    if relation is None:
        raise GongkaiError("the query gives no rows: only a SELECT can be exported")
    names = relation.columns
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise GongkaiError(f"two columns are named {doubled[0]}: give one another name with AS")
    columns = [
        identifier(name)
        if str(kind) in _PLAIN or str(kind).startswith("DECIMAL")
        else f"cast({identifier(name)} as varchar) as {identifier(name)}"
        for name, kind in zip(names, relation.types, strict=True)
    ]
    return relation.project(", ".join(columns))


def _query(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> str:
    if wanted.sql is not None:
        if not wanted.sql.strip():
            raise GongkaiError("the query is empty")
        if wanted.sql.encode("utf-8", "replace").decode() != wanted.sql:
            raise GongkaiError("the query is not UTF-8")
        return wanted.sql
    kind, name = ("view", wanted.view) if wanted.view is not None else ("table", wanted.table)
    source = f"select {kind}_name from duckdb_{kind}s() where not internal"
    known = sorted(str(row[0]) for row in connection.execute(source).fetchall())
    if name not in known:
        raise GongkaiError(f"there is no {kind} {name}; there is: {', '.join(known) or 'none'}")
    return f"from {identifier(str(name))}"


def _count(relation: duckdb.DuckDBPyRelation) -> int:
    return int(relation.aggregate("count(*)").fetchall()[0][0])


def _check_target(output: Path, out: Path, force: bool) -> None:
    if output.is_dir():
        raise GongkaiError(f"{output} is a folder: name a file")
    if not output.parent.is_dir():
        raise GongkaiError(f"the folder {output.parent} does not exist")
    # The published files are one build; a file among them would be lost with it, or break it.
    if output.is_symlink() or any(part in (".builds", ".batches") for part in output.resolve().parts):
        raise GongkaiError(f"{output} belongs to the dataset in {out}, or is a link: name another file")
    if output.exists() and not force:
        raise GongkaiError(f"{output} exists: name another file, or replace it with --force")


@contextmanager
def _target(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    temporary = output.with_name(f".{output.name[:200]}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            yield file
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(reader: pa.RecordBatchReader, file: IO[bytes], bom: bool) -> int:
    schema = pa.schema([field.with_name(harmless(pa.array([field.name]))[0].as_py()) for field in reader.schema])
    text = [pa.types.is_string(field.type) or pa.types.is_large_string(field.type) for field in schema]
    if bom:
        file.write(BOM)
    rows = 0
    with pyarrow.csv.CSVWriter(file, schema) as writer:
        for batch in reader:
            columns = [
                harmless(column) if is_text else column for column, is_text in zip(batch.columns, text, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += batch.num_rows
    return rows


def _write_parquet(reader: pa.RecordBatchReader, file: IO[bytes], bom: bool) -> int:
    rows = 0
    with pq.ParquetWriter(file, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_xlsx(reader: pa.RecordBatchReader, file: IO[bytes], bom: bool) -> int:
    from pipeline.present.workbook import write_workbook

    return write_workbook(reader, file)


_WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx, "parquet": _write_parquet}
