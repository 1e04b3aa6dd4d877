"""Opening the published DuckDB file.

Belongs here: the read-only connection. Does not belong here: queries.
"""

from pathlib import Path

import duckdb

from pipeline.errors import GongkaiError
from pipeline.state.folders import DATABASE, PARQUET
from schemas.ddl import identifier, quoted
from schemas.tables import ALL_TABLES


def open_dataset(out: Path) -> duckdb.DuckDBPyConnection:
    """The dataset in OUT, read-only and without access to other files. Raises GongkaiError if there is none."""
    path = out / DATABASE
    try:
        is_there = path.exists()
    except OSError as error:
        raise GongkaiError(f"cannot read {out}: {error.strerror}") from None
    if not is_there:
        raise GongkaiError(f"there is no dataset in {out}: build it with `gongkai build --out {out}`")
    try:
        connection = duckdb.connect(str(path.resolve()), read_only=True)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise GongkaiError(f"cannot open {path}: {first_lines(error, 1)}") from None
    return connection


def open_tables(build: Path) -> duckdb.DuckDBPyConnection:
    """The Parquet tables of a build, published or not, under their names."""
    connection = duckdb.connect()
    for table in ALL_TABLES:
        parts = quoted(str(build / PARQUET / table.name / "*.parquet"))
        connection.execute(f"create view {identifier(table.name)} as select * from read_parquet({parts})")
    return connection


def query_error(error: Exception) -> GongkaiError:
    """What DuckDB says about a query, on one line."""
    return GongkaiError(first_lines(error, 2))


def first_lines(error: Exception, count: int) -> str:
    """The first lines of a message that are not empty."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("LINE ")]
    return " ".join(lines[:count])
