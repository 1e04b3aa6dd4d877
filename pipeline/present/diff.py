"""What changed between two builds.

Belongs here: comparing the tables of facts that two datasets have in common, by key and by report. Does not belong
here: one dataset (status.py, show.py), printing (assets/command.py).

A row is the same row in both if its key is. A report's key comes from its bytes: a file that was overwritten is another
report, all of it gone and added; another version of the parser changes rows of the same reports.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
from rich.table import Table as Drawn

from pipeline.errors import GongkaiError
from pipeline.present.database import first_lines
from pipeline.present.query import draw_rows
from pipeline.state.folders import DATABASE
from schemas.ddl import quoted
from schemas.tables import BY_NAME

COLUMNS = ("table", "change", "report_id", "path", "key", "column", "old", "new")
# What tells the rows of a report apart where the declared key is a number that shifts when a row comes in between.
PLACES = {"statements": ("report_id", "char_start", "char_end"), "sections": ("report_id", "char_start")}
# Not facts of the reports: when and by which version they were read.
IGNORED = {"files": ("first_seen_at", "parser_version")}
# What a row that came or went is shown by.
SHOWN = ("value", "outcome", "status", "state", "heading", "title")
# How differences are grouped beside by report.
KEYS = {
    "cells": ("table_key", "row_key", "column_key"),
    "statements": ("metric_key",),
    "checks": ("check_key",),
    "indicators": ("indicator_key",),
}
MOST = 20


class Difference(NamedTuple):
    """How many rows of a table are new, gone, changed and the same."""

    table: str
    added: int
    gone: int
    changed: int
    same: int


class Comparison:
    """Two datasets side by side; close it after use. `old`, `new`: OUT folders, folders of builds, or DuckDB files."""

    def __init__(self, old: Path, new: Path) -> None:
        self._connection = duckdb.connect()
        for name, given in (("old", old), ("new", new)):
            path = given / DATABASE if given.is_dir() else given
            if not path.exists():
                raise GongkaiError(f"there is no dataset in {given}")
            try:
                self._connection.execute(f"attach {quoted(str(path.resolve()))} as {name} (read_only)")
            except duckdb.Error as error:
                raise GongkaiError(f"cannot open {path}: {first_lines(error, 1)}") from None
        self._tables = {name: self._compare(name) for name in self._common()}
        self._connection.execute(f"create temp view differences as {self._all_rows()}")

    def __enter__(self) -> "Comparison":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def differences(self) -> list[Difference]:
        """Counts for each table that both have."""
        found = []
        for name, compared in self._tables.items():
            counts = dict(self._connection.execute(f'select change, count(*) from "diff {name}" group by 1').fetchall())
            added, gone, changed = (int(counts.get(what, 0)) for what in ("added", "gone", "changed"))
            found.append(Difference(name, added, gone, changed, compared.rows_of_new - added - changed))
        return found

    def summary(self) -> Iterator[tuple[str, Drawn | None]]:
        """(title, table) of each part, None for a part without rows."""
        yield "rows by table", draw_rows(Difference._fields, self.differences())
        yield (
            "by table and column",
            self._drawn(
                'select "table", change, "column", count(*) as rows from differences group by all order by 4 desc, 1, 2, 3'
            ),
        )
        for table, keys in KEYS.items():
            if table in self._tables:
                names = ", ".join(keys)
                yield (
                    f"{table} by key",
                    self._drawn(
                        f"select {names}, count(*) filter (change = 'added') as added, count(*) filter (change = 'gone') as gone, "
                        f"count(*) filter (change = 'changed') as changed, count(distinct report_id) as reports "
                        f'from "diff {table}" group by {names} order by count(*) desc, {names}'
                    ),
                )
        yield (
            "by report",
            self._drawn(
                "select report_id, any_value(path) as path, count(*) filter (change = 'added') as added, "
                "count(*) filter (change = 'gone') as gone, count(*) filter (change = 'changed') as changed "
                "from differences where report_id is not null group by 1 order by count(*) desc, 1"
            ),
        )

    def rows(self) -> Iterator[Sequence[object]]:
        """Every difference: one row for each row that came or went and for each column that changed (COLUMNS)."""
        result = self._connection.execute("select * from differences order by 1, 3 nulls first, 5, 6, 2")
        while some := result.fetchmany(10_000):
            yield from some

    def _drawn(self, query: str) -> Drawn | None:
        relation = self._connection.execute(query)
        names = [column[0] for column in relation.description or ()]
        rows = relation.fetchall()
        left = len(rows) - MOST
        if left > 0:
            rows = [*rows[:MOST], (f"and {left:,} more", *[None] * (len(names) - 1))]
        return draw_rows(names, rows) if rows else None

    def _columns(self, database: str, table: str) -> list[str]:
        rows = self._connection.execute(
            "select column_name from duckdb_columns() where database_name = ? and table_name = ? order by column_index",
            [database, table],
        ).fetchall()
        return [str(name) for (name,) in rows]

    def _common(self) -> list[str]:
        facts = [name for name in BY_NAME if not name.startswith("dim_")]
        return [name for name in facts if self._columns("old", name) and self._columns("new", name)]

    def _compare(self, table: str) -> "_Compared":
        theirs = set(self._columns("old", table))
        columns = [
            name for name in self._columns("new", table) if name in theirs and name not in IGNORED.get(table, ())
        ]
        key = self._key(table, columns)
        rest = [name for name in columns if name not in key]
        keys = ", ".join(f'coalesce(n."{name}", o."{name}") as "{name}"' for name in key)
        both = "".join(f', o."{name}" as "old {name}", n."{name}" as "new {name}"' for name in rest)
        also = [name for name in KEYS.get(table, ()) if name not in key]
        shared = "".join(f', coalesce(n."{name}", o."{name}") as "{name}"' for name in also)
        same_key = " and ".join(f'o."{name}" is not distinct from n."{name}"' for name in key)
        differs = " or ".join(f'o."{name}" is distinct from n."{name}"' for name in rest) or "false"
        self._connection.execute(
            f"""create temp table "diff {table}" as
            select case when o.there is null then 'added' when n.there is null then 'gone' else 'changed' end as change,
                {keys}{shared}{both}
            from (select *, true as there from old."{table}") o full join (select *, true as there from new."{table}") n
            on {same_key} where o.there is null or n.there is null or {differs}"""
        )
        rows_of_new = self._connection.execute(f'select count(*) from new."{table}"').fetchall()[0][0]
        return _Compared(key, rest, int(rows_of_new))

    def _key(self, table: str, columns: list[str]) -> tuple[str, ...]:
        """The place of a row where it tells all rows apart in both datasets, else the declared key."""
        place = PLACES.get(table)
        if place is None or not set(place) <= set(columns):
            return BY_NAME[table].key
        names = ", ".join(place)
        doubled = [
            row
            for database in ("old", "new")
            for row in self._connection.execute(
                f'select {names} from {database}."{table}" group by all having count(*) > 1 limit 1'
            ).fetchall()
        ]
        return BY_NAME[table].key if doubled else place

    def _all_rows(self) -> str:
        parts = []
        for table, compared in self._tables.items():
            report = "report_id" if "report_id" in compared.key else "null::varchar"
            words = " || '/' || ".join(
                f"coalesce(\"{name}\"::varchar, '')" for name in compared.key if name != "report_id"
            )
            head = f"select '{table}' as \"table\", change, {report} as report_id, {words or chr(39) * 2} as key"
            shown = next((name for name in SHOWN if name in compared.rest), None)
            old, new = (f'"{side} {shown}"::varchar' if shown else "null::varchar" for side in ("old", "new"))
            parts.append(
                f'{head}, null::varchar as "column", {old} as old, {new} as new from "diff {table}" where change <> \'changed\''
            )
            parts += [
                f'{head}, \'{name}\', "old {name}"::varchar, "new {name}"::varchar from "diff {table}" '
                f'where change = \'changed\' and "old {name}" is distinct from "new {name}"'
                for name in compared.rest
            ]
        paths = " union all ".join(
            f"select report_id, min(path) as path from {side}.reports join {side}.files using (file_id) group by 1"
            for side in ("old", "new")
        )
        return (
            f"with paths as (select report_id, max(path) as path from ({paths}) group by 1) "
            'select "table", change, report_id, path, key, "column", old, new '
            f"from ({' union all '.join(parts)}) left join paths using (report_id)"
        )


class _Compared(NamedTuple):
    key: tuple[str, ...]
    rest: list[str]
    rows_of_new: int
