"""Is a table of a new build what the dictionary says? The gate before anything is published.

Belongs here: schema, pandera model in bounded chunks, unique keys, references between tables, accounting of files. Does
not belong here: the dictionary (schemas/), checks of what reports say (pipeline/check).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.publish.parquet import ROW_GROUP
from pipeline.publish.parts import ACROSS_PART, CUT_TABLES, part_name, read_made, table_files, taken_over
from schemas.arrow import arrow_schema
from schemas.ddl import quoted
from schemas.frames import frame_model
from schemas.tables import ALL_TABLES, BY_NAME

MAX_PROBLEMS = 20


def validate_tables(build: Path) -> dict[str, list[str]]:
    """What is wrong with each published table of a build, in words; [] if nothing is."""
    with duckdb.connect() as connection:
        return {table.name: _problems(connection, build, table.name) for table in ALL_TABLES}


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
    for rows in _chunks(fresh):
        problems += _row_problems(table, rows.to_pandas(types_mapper=pd.ArrowDtype))
        if len(problems) >= MAX_PROBLEMS:
            return problems[:MAX_PROBLEMS]
    if fresh:
        problems += _key_problems(connection, build, table, fresh)
    if "report_id" in BY_NAME[table].column_names and table != "reports":
        problems += _orphans(connection, build, table, "report_id", "reports", "report_id")
    if table == "reports":
        problems += _orphans(connection, build, table, "file_id", "files", "file_id")
        problems += _files_without_report(connection, build)
    return problems


def _chunks(parts: list[Path]) -> Iterator[pa.Table]:
    """The rows of some parts in chunks of bounded size: a pass over many small frames costs more than over a few."""
    waiting: list[pa.RecordBatch] = []
    for part in parts:
        for rows in pq.ParquetFile(part).iter_batches(ROW_GROUP):
            if waiting and sum(batch.num_rows for batch in waiting) + rows.num_rows > ROW_GROUP:
                yield pa.Table.from_batches(waiting)
                waiting = []
            waiting.append(rows)
    if waiting:
        yield pa.Table.from_batches(waiting)


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


def _key_problems(connection: duckdb.DuckDBPyConnection, build: Path, table: str, fresh: list[Path]) -> list[str]:
    """Keys that stand more than once. All rows of a report stand in one part, so it is enough to look at new parts.

    But for checks across reports: they have a part and keys of their own.
    """
    key = ", ".join(f'"{name}"' for name in BY_NAME[table].key)
    doubled = connection.execute(
        f"select {key}, count(*) from {_parquet(fresh)} group by all having count(*) > 1 order by all limit 5"
    ).fetchall()
    problems = [f"{table}: key {row[:-1]} stands {row[-1]} times" for row in doubled]
    made = read_made(build)
    cut = [part for part in fresh if part.name != ACROSS_PART]
    if made is not None and made.digits and cut and BY_NAME[table] in CUT_TABLES:
        elsewhere = connection.execute(
            f"select distinct report_id, parse_filename(filename) from {_parquet(cut)} "
            f"where not starts_with(parse_filename(filename), 'part-' || report_id[:{made.digits}] || '.') limit 5"
        ).fetchall()
        problems += [
            f"{table}: {report_id} stands in {name}, not in {part_name(report_id[: made.digits])}"
            for report_id, name in elsewhere
        ]
    return problems


def _orphans(
    connection: duckdb.DuckDBPyConnection, build: Path, table: str, column: str, parent: str, parent_column: str
) -> list[str]:
    rows = connection.execute(
        f'select distinct "{column}" from {_rows(build, table)} '
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
