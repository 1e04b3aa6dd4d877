"""Is a table of a new build what the dictionary says? The gate before anything is published.

    python -m pipeline.publish.validate < the folder of a build, on one line

Belongs here: schema, pandera models, unique keys, references between tables. Does not belong here: the dictionary
(schemas/), accounting (account.py), checks of what reports say (pipeline/check).

Every row of every new part is looked at, a part at a time, in three steps that together are the whole model: the schema of
the file (types, order of columns; a column that may not be null has no nulls in Parquet), the different values of each column
with a closed set (the column has them as a dictionary), and the rules between columns, on all rows. Only if one of them
finds something is the whole model applied to the part, to say what is wrong with how many rows.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy
import pandas as pd
import pandera.errors
import pandera.pandas
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.aside import serve
from pipeline.publish.connect import connect
from pipeline.publish.parts import ACROSS_PART, CUT_TABLES, part_name, read_made, table_files, taken_over
from schemas.arrow import arrow_schema
from schemas.ddl import quoted
from schemas.frames import frame_model, rows_model, values_model
from schemas.tables import ALL_TABLES, BY_NAME

MAX_PROBLEMS = 20
_CHUNK_ROWS = 250_000
_BUNDLE_ROWS = 500_000
_TABLES_AT_A_TIME = 2


def validate_tables(build: Path) -> dict[str, list[str]]:
    """What is wrong with each published table of a build, in words; [] if nothing is."""
    with connect(build) as connection, ThreadPoolExecutor(_TABLES_AT_A_TIME) as pool:

        def problems(table: str) -> list[str]:
            with connection.cursor() as cursor:
                return _problems(cursor, build, table)

        _make_models()
        found = {table.name: pool.submit(problems, table.name) for table in ALL_TABLES}
        return {table: future.result() for table, future in found.items()}


def _make_models() -> None:
    """By one thread: pandera's first steps are not for two."""
    for table in ALL_TABLES:
        for model in (values_model, rows_model):
            model(table.name)


def _problems(connection: duckdb.DuckDBPyConnection, build: Path, table: str) -> list[str]:
    parts = table_files(build, table)
    if not parts:
        return [f"{table}: no Parquet file"]
    problems = []
    known = taken_over(build, table)
    fresh = [part for part in parts if part.name not in known]
    for part in fresh:
        if not pq.read_schema(part).equals(arrow_schema(table)):
            return [f"{table}: the schema of {part.name} is not the declared one"]
    for bundle in _bundles(fresh):
        problems += _problems_of_parts(connection, build, table, bundle)
        if len(problems) >= MAX_PROBLEMS:
            return problems[:MAX_PROBLEMS]
    if "report_id" in BY_NAME[table].column_names and table != "reports" and fresh:
        problems += _orphans(connection, build, table, "report_id", "reports", "report_id", fresh)
    if table == "reports":
        problems += _orphans(connection, build, table, "file_id", "files", "file_id", parts)
        problems += _files_without_report(connection, build)
    return problems


def _bundles(parts: list[Path]) -> Iterator[list[Path]]:
    """Parts that are looked at together: a pass over many small frames costs more than one over a few."""
    waiting: list[Path] = []
    rows = 0
    for part in parts:
        count = pq.read_metadata(part).num_rows
        if waiting and rows + count > _BUNDLE_ROWS:
            yield waiting
            waiting, rows = [], 0
        waiting.append(part)
        rows += count
    if waiting:
        yield waiting


def _problems_of_parts(connection: duckdb.DuckDBPyConnection, build: Path, table: str, parts: list[Path]) -> list[str]:
    """What is wrong with the rows and keys of some new parts."""
    problems = []
    declared = BY_NAME[table]
    texts = [column.name for column in declared.columns if column.values or column.name in declared.key]
    needed = {*values_model(table).columns, *rows_model(table).columns, *declared.key}
    columns = [name for name in declared.column_names if name in needed]
    read = {part: pq.read_table(part, columns=columns, read_dictionary=texts) for part in parts}
    rows = pa.concat_tables(read.values()).unify_dictionaries().combine_chunks()
    if rows.num_rows and not _rows_are_valid(table, rows):
        for part in parts:
            for batch in pq.ParquetFile(part).iter_batches(_CHUNK_ROWS):
                frame = pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
                problems += _row_problems(table, frame)
    if not _are_unique(rows.select(declared.key)):
        problems += _doubled_keys(connection, table, parts)
    made = read_made(build)
    if made is not None and made.digits and declared in CUT_TABLES:
        problems += [
            f"{table}: a report_id that begins with {prefix} stands in {part.name}, not in {part_name(prefix)}"
            for part, mine in read.items()
            if part.name != ACROSS_PART
            for prefix in _prefixes(mine.column("report_id"), made.digits)
            if part_name(prefix) != part.name
        ][:5]
    return problems


def _prefixes(report_ids: pa.ChunkedArray, digits: int) -> list[str]:
    """The different beginnings of report_ids, a column with dictionaries."""
    different = pc.unique(report_ids).cast(pa.string())
    found: list[str] = pc.unique(pc.utf8_slice_codeunits(different, 0, digits)).to_pylist()
    return found


def _rows_are_valid(table: str, rows: pa.Table) -> bool:
    """Whether all rows pass the model; that the schema of their parts is the declared one is known."""
    values, rules = list(values_model(table).columns), list(rows_model(table).columns)
    if values:
        different = [pc.unique(rows.column(name)).cast(pa.string()) for name in values]
        longest = max(len(found) for found in different)
        filled = [found.take(pa.array(numpy.arange(longest) % max(1, len(found)))) for found in different]
        if not _passes(values_model(table), pa.table(dict(zip(values, filled, strict=True)))):
            return False
    if rules:
        schema = arrow_schema(table)
        plain = {name: rows.column(name).cast(schema.field(name).type) for name in rules}
        return _passes(rows_model(table), pa.table(plain))
    return True


def _passes(model: pandera.pandas.DataFrameSchema, rows: pa.Table) -> bool:
    try:
        model.validate(rows.to_pandas(types_mapper=pd.ArrowDtype))
    except pandera.errors.SchemaError:
        return False
    return True


def _row_problems(table: str, frame: pd.DataFrame) -> list[str]:
    try:
        frame_model(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        of_rows = cases["schema_context"] == "DataFrameSchema"
        cases = cases.assign(place=cases["column"].where(~of_rows))
        return [
            f"{table}{'' if pd.isna(place) else f'.{place}'}: {check} fails for {group['failure_case'].iloc[0]!r} "
            f"and others, {group['index'].nunique()} rows in all"
            for (place, check), group in cases.groupby(["place", "check"], dropna=False, sort=False)
        ]
    return []


def _parquet(parts: list[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}], filename = true)"


def _rows(build: Path, table: str) -> str:
    return _parquet(table_files(build, table))


def _are_unique(keys: pa.Table) -> bool:
    """Whether no key stands twice. False also where that cannot be told from numbers of 64 bits.

    All rows of a report stand in one part, so it is enough to look at some parts at a time. But for checks across reports:
    they have a part and keys of their own.
    """
    if keys.num_rows < 2:
        return True
    codes, size = numpy.zeros(keys.num_rows, dtype=numpy.int64), 1
    for column in keys.columns:
        array = column.chunk(0)
        if pa.types.is_dictionary(array.type):
            array = array.indices
        elif not pa.types.is_integer(array.type):
            return False
        numbers = array.cast(pa.int64())
        smallest = pc.min(numbers).as_py() or 0
        places = pc.add(pc.subtract(numbers, smallest), 1).fill_null(0).to_numpy()
        width = int(places.max()) + 1
        size *= width
        if size >= 2**63:
            return False
        codes = codes * width + places
    codes.sort()
    return bool((codes[1:] != codes[:-1]).all())


def _doubled_keys(connection: duckdb.DuckDBPyConnection, table: str, parts: list[Path]) -> list[str]:
    key = ", ".join(f'"{name}"' for name in BY_NAME[table].key)
    doubled = connection.execute(
        f"select {key}, count(*) from {_parquet(parts)} group by all having count(*) > 1 order by all limit 5"
    ).fetchall()
    return [f"{table}: key {row[:-1]} stands {row[-1]} times" for row in doubled]


def _orphans(
    connection: duckdb.DuckDBPyConnection,
    build: Path,
    table: str,
    column: str,
    parent: str,
    parent_column: str,
    parts: list[Path],
) -> list[str]:
    rows = connection.execute(
        f'select distinct "{column}" from {_parquet(parts)} '
        f'where "{column}" not in (select "{parent_column}" from {_rows(build, parent)} where "{parent_column}" is not null) '
        "order by 1 limit 5"
    ).fetchall()
    return [f"{table}: {column} {value} is not in {parent}" for (value,) in rows]


def _files_without_report(connection: duckdb.DuckDBPyConnection, build: Path) -> list[str]:
    rows = connection.execute(
        f"select path from {_rows(build, 'files')} where status in ('parsed', 'partial', 'duplicate') "
        f"and file_id not in (select file_id from {_rows(build, 'reports')}) order by path limit 5"
    ).fetchall()
    return [f"files: {path} is read but has no report" for (path,) in rows]


def main() -> None:
    """Loads what checking needs, then waits for a build. The first check of pandera loads half a second more."""
    _make_models()
    for table in ALL_TABLES:
        _rows_are_valid(table.name, arrow_schema(table.name).empty_table())
    serve(validate_tables)


if __name__ == "__main__":
    main()
