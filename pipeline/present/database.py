"""Opening the published DuckDB file.

Belongs here: the read-only connection. Does not belong here: queries.
"""

from pathlib import Path

import duckdb

from pipeline.errors import GongkaiError
from pipeline.state.folders import DATABASE


def open_dataset(out: Path) -> duckdb.DuckDBPyConnection:
    """The dataset in OUT, read-only and without access to other files. Raises GongkaiError if there is none."""
    path = out / DATABASE
    if not path.exists():
        raise GongkaiError(f"there is no dataset in {out}: build it with `gongkai build --out {out}`")
    try:
        connection = duckdb.connect(str(path.resolve()), read_only=True)
    except duckdb.Error as error:
        raise GongkaiError(f"cannot open {path}: {_first_line(error)}") from None
    connection.execute("set enable_external_access = false")
    return connection


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def query_error(error: duckdb.Error) -> GongkaiError:
    """A DuckDB error as one line."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return GongkaiError(" ".join(lines[:2]))
