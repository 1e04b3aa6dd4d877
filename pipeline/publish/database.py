"""The DuckDB file of a new build, and publishing it.

Belongs here: loading the Parquet tables into one self-contained file with types and comments, the swap's conditions.
Does not belong here: the rows (parquet.py), the links (state/folders.py).
"""

import os
from pathlib import Path

import duckdb

from pipeline.errors import GongkaiError
from pipeline.publish.parquet import Prepared, table_files
from pipeline.settings import Settings
from pipeline.state.batches import drop_superseded
from pipeline.state.folders import DATABASE, MANIFEST, current_build, publish
from pipeline.state.manifest import Manifest
from schemas.ddl import comments, create_table, quoted
from schemas.tables import ALL_TABLES


def write_database(build: Path) -> Path:
    """Writes gongkai.duckdb of a build from its Parquet tables. The file appears whole or not at all."""
    temporary = build / f"{DATABASE}.new"
    for left_over in (temporary, temporary.with_name(f"{temporary.name}.wal")):
        left_over.unlink(missing_ok=True)
    with duckdb.connect(temporary) as connection:
        for table in ALL_TABLES:
            connection.execute(create_table(table))
            files = ", ".join(quoted(str(path)) for path in table_files(build, table.name))
            connection.execute(f'insert into "{table.name}" by name select * from read_parquet([{files}])')
            for statement in comments(table):
                connection.execute(statement)
        connection.execute("checkpoint")
    path = build / DATABASE
    os.replace(temporary, path)
    return path


def publish_build(prepared: Prepared, settings: Settings) -> None:
    """Makes a build current; call it under the lock. Raises GongkaiError if another build was published meanwhile."""
    current = current_build(settings.out)
    if (current.name if current else "") != prepared.base:
        raise GongkaiError("another build was published meanwhile: run the build again")
    publish(settings.out, prepared.folder)
    manifest = Manifest(prepared.folder / MANIFEST)
    try:
        needed = manifest.needed_batches()
    finally:
        manifest.close()
    drop_superseded(settings.out, needed)
