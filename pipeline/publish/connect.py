"""Connections to DuckDB for making a build, within bounds.

Belongs here: how much memory DuckDB may take and where it works beyond that. Does not belong here: queries.
"""

from pathlib import Path

import duckdb

MEMORY_LIMIT = "640MB"
"""Beyond that DuckDB works on disk. It is a bound of DuckDB's buffers; the process takes a few hundred megabytes more."""


def connect(folder: Path, database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that works in `folder`, which goes with the build, where memory does not suffice."""
    return duckdb.connect(
        str(database or ":memory:"), config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "duckdb")}
    )
