"""Is a table of a new build what the dictionary says? The gate before anything is published.

Belongs here: schema, pandera model in bounded chunks, unique keys, references between tables, accounting of files. Does
not belong here: the dictionary (schemas/), checks of what reports say (pipeline/check).
"""

from pathlib import Path

import duckdb
import pandas as pd
import pandera.errors
import pyarrow.parquet as pq

from pipeline.publish.parquet import ROW_GROUP, table_files
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
    for part in parts:
        file = pq.ParquetFile(part)
        if not file.schema_arrow.equals(arrow_schema(table)):
            return [f"{table}: the schema of {part.name} is not the declared one"]
        for rows in file.iter_batches(ROW_GROUP):
            problems += _row_problems(table, rows.to_pandas(types_mapper=pd.ArrowDtype))
            if len(problems) >= MAX_PROBLEMS:
                return problems[:MAX_PROBLEMS]
    problems += _key_problems(connection, build, table)
    if "report_id" in BY_NAME[table].column_names and table != "reports":
        problems += _orphans(connection, build, table, "report_id", "reports", "report_id")
    if table == "reports":
        problems += _orphans(connection, build, table, "file_id", "files", "file_id")
        problems += _files_without_report(connection, build)
    return problems


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


def _rows(build: Path, table: str) -> str:
    files = ", ".join(quoted(str(path)) for path in table_files(build, table))
    return f"read_parquet([{files}])"


def _key_problems(connection: duckdb.DuckDBPyConnection, build: Path, table: str) -> list[str]:
    key = ", ".join(f'"{name}"' for name in BY_NAME[table].key)
    doubled = connection.execute(
        f"select {key}, count(*) from {_rows(build, table)} group by all having count(*) > 1 order by all limit 5"
    ).fetchall()
    return [f"{table}: key {row[:-1]} stands {row[-1]} times" for row in doubled]


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
