"""The DuckDB file of a new build, and publishing it.

    python -m pipeline.publish.database < the folder of a build, on one line

Belongs here: loading the Parquet tables into one self-contained file with types and comments, the swap's conditions.
Does not belong here: the rows (parquet.py), the links (state/folders.py).

A file is made from that of the build before where most reports are the same: a copy, in which the rows of changed
reports are replaced. It holds the same rows as one that is written as a whole; the rows of the report tables may stand
in another order.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.across.keys import ACROSS
from pipeline.aside import serve
from pipeline.errors import GongkaiError
from pipeline.publish.connect import connect
from pipeline.publish.parts import (
    ACROSS_PART,
    CUT_TABLES,
    Made,
    count_rows,
    part_name,
    read_made,
    table_files,
    taken_over,
    write_made,
)
from pipeline.settings import Settings
from pipeline.state.batches import drop_superseded
from pipeline.state.folders import DATABASE, MANIFEST, PARQUET, current_build, publish
from pipeline.state.manifest import Manifest
from schemas.ddl import comments, create_table, create_view, quoted
from schemas.tables import ALL_TABLES, BY_NAME, Table
from schemas.views.declared import ALL_VIEWS

if TYPE_CHECKING:
    from pipeline.publish.parquet import Prepared

# Replaced rows leave holes and stand apart from their neighbours: after so many changes the file is written anew.
MAX_PATCHED = 1 / 3


def write_database(build: Path) -> Path:
    """Writes gongkai.duckdb of a build from its Parquet tables. The file appears whole or not at all.

    Raises GongkaiError if DuckDB cannot write it, as on a full disk.
    """
    temporary = build / f"{DATABASE}.new"
    made = read_made(build)
    if made is None or not _patched(build, made, temporary):
        _clear(temporary)
        try:
            _write_whole(build, made, temporary)
        except duckdb.Error as error:
            raise GongkaiError(f"cannot write {temporary}: {str(error).partition(chr(10))[0]}") from None
        if made is not None:
            write_made(build, made._replace(patched=0))
    path = build / DATABASE
    os.replace(temporary, path)
    return path


def _write_whole(build: Path, made: Made | None, temporary: Path) -> None:
    with connect(build, temporary) as connection:
        # Keeping the order between parts takes half as long again. In a large file reports stand in any order; the rows of
        # one report keep theirs, since they stand in one row group, which one thread reads.
        if made is None or made.digits:
            connection.execute("set preserve_insertion_order = false")
        for table in ALL_TABLES:  # each in a transaction of its own: one for all took a third longer
            _load(connection, build, table)
        connection.execute("begin")
        _describe(connection, ALL_TABLES)
        _make_views(connection)
        connection.execute("commit")
        connection.execute("checkpoint")


def publish_build(prepared: "Prepared", settings: Settings) -> None:
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


def _clear(temporary: Path) -> None:
    for left_over in (temporary, temporary.with_name(f"{temporary.name}.wal")):
        left_over.unlink(missing_ok=True)


def _load(connection: duckdb.DuckDBPyConnection, build: Path, table: Table) -> None:
    connection.execute(create_table(table))
    parts = table_files(build, table.name)
    own, across = [part for part in parts if part.name != ACROSS_PART], [p for p in parts if p.name == ACROSS_PART]
    for some in filter(
        None, (own, across)
    ):  # what is said of a report beside others comes after what is said of it alone
        connection.execute(f'insert into "{table.name}" by name select * from {_parquet(some)}')


def _describe(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    for table in tables:
        for statement in comments(table):
            connection.execute(statement)


def _make_views(connection: duckdb.DuckDBPyConnection) -> None:
    for view in ALL_VIEWS:
        for statement in create_view(view):
            connection.execute(statement)


def _parquet(parts: list[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}])"


def _patched(build: Path, made: Made, temporary: Path) -> bool:
    """Makes the file from that of the build before; False if that is not worth it, or did not work."""
    before = build.with_name(made.base or "none") / DATABASE
    if made.changed is None or not before.is_file():
        return False
    if made.patched > MAX_PATCHED * count_rows(build, "reports"):
        return False
    _clear(temporary)
    shutil.copyfile(before, temporary)
    try:
        with connect(build, temporary) as connection:
            connection.execute("begin")
            _replace_rows(connection, build, made)
            connection.execute("commit")
            connection.execute("checkpoint")
            return all(
                connection.execute(f'select count(*) from "{table.name}"').fetchone()
                == (count_rows(build, table.name),)
                for table in ALL_TABLES
            )
    except duckdb.Error:  # the file of the build before is damaged: it is written as a whole
        return False


def _replace_rows(connection: duckdb.DuckDBPyConnection, build: Path, made: Made) -> None:
    """Views stay: the build before was made from the same dictionary (parts.can_be_base)."""
    # Reports that were there or are there now; by their whole report_id most of a large table can be skipped.
    connection.execute("create temporary table changed (report_id varchar)")
    connection.execute(
        "insert into changed select distinct report_id from ("
        f"select report_id from reports union all select report_id from {_parquet(table_files(build, 'reports'))}) "
        "where split_part(report_id, '-', 1) in (select unnest(?::varchar[]))",
        [made.changed],
    )
    where = "where report_id in (select report_id from changed)"
    touched = sorted({part_name(short_id[: made.digits]) for short_id in made.changed or ()})
    for table in ALL_TABLES:
        if taken_over(build, table.name) == {part.name for part in table_files(build, table.name)}:
            continue
        if table not in CUT_TABLES:
            connection.execute(f'drop table "{table.name}"')
            _load(connection, build, table)
            _describe(connection, [table])
        elif touched:
            rows = _parquet([build / PARQUET / table.name / name for name in touched])
            connection.execute(f'delete from "{table.name}" {where}')
            connection.execute(f'insert into "{table.name}" by name select * from {rows} {where}')
    _replace_across(connection, build, build.with_name(made.base))
    connection.execute("drop table changed")


def _replace_across(connection: duckdb.DuckDBPyConnection, build: Path, before: Path) -> None:
    """The checks across reports: of reports that changed, and of those of which anything else is said than before."""
    row = ", ".join(f'"{name}"' for name in BY_NAME["checks"].column_names)
    now, then = (_parquet([folder / PARQUET / "checks" / ACROSS_PART]) for folder in (build, before))
    said = "select report_id, count(*) as n, sum(hash({row})) as said from {part} group by 1"
    connection.execute(
        f"insert into changed select report_id from ({said.format(row=row, part=now)}) a "
        f"full join ({said.format(row=row, part=then)}) b using (report_id) "
        "where (a.n, a.said) is distinct from (b.n, b.said)"
    )
    where = "where report_id in (select report_id from changed)"
    connection.execute(f"delete from checks {where} and check_key in (select unnest(?::varchar[]))", [list(ACROSS)])
    connection.execute(f"insert into checks by name select * from {now} {where}")


def main() -> None:
    """Waits for a build."""
    serve(write_database)


if __name__ == "__main__":
    main()
