"""Is every file accounted for, and every row? The second gate before anything is published.

Belongs here: counts of a new build held against the manifest, the results of the batches and the build before. Does not
belong here: what a single table must be like (validate.py), counts as part of a report (pipeline/check).

Nothing here uses the code that wrote the tables: the counts are taken anew from what they were made of.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.publish.connect import connect
from pipeline.publish.parts import ACROSS_PART, table_files
from pipeline.settings import Settings
from pipeline.state.folders import BATCHES, MANIFEST, RESULTS, current_build
from pipeline.state.manifest import LiveContent, live_contents
from schemas.ddl import quoted
from schemas.tables import REPORT_TABLES

MAX_PROBLEMS = 10
_COUNTS = {"report_id": pa.string(), "part": pa.string(), "n": pa.int64()}
# Fewer reports of a year than this may be lost by reading unchanged files again: a handful proves nothing.
FEW_REPORTS = 5


def account_for_files(build: Path) -> list[str]:
    """What is wrong with the sum: files = parsed + partial + quarantined + duplicate + removed, each counted once."""
    with closing(sqlite3.connect(build / MANIFEST)) as manifest:
        known, gone = manifest.execute("select count(*), count(gone) from files").fetchone()
    read = len({content.file_id for content in live_contents(build)})
    with connect(build) as connection:
        rows = connection.execute(
            f"select status, count(*), count(distinct file_id) from {_parquet(table_files(build, 'files'))} group by 1"
        ).fetchall()
        reports = _one(connection, f"select count(distinct file_id) from {_parquet(table_files(build, 'reports'))}")
    files = {status: count for status, count, _ in rows}
    contents = {status: distinct for status, _, distinct in rows}
    parts = ("parsed", "partial", "quarantined", "duplicate", "removed")
    there = sum(files.get(status, 0) for status in parts[:-1])
    original = sum(files.get(status, 0) for status in ("parsed", "partial"))
    distinct = sum(contents.get(status, 0) for status in ("parsed", "partial"))
    sums = (
        ("rows of files, and paths of the manifest", sum(files.values()), known),
        ("rows of files by known statuses, and all rows", sum(files.get(status, 0) for status in parts), known),
        ("files in the raw folder, and paths of the manifest that are there", there, known - gone),
        ("removed files, and paths of the manifest that are gone", files.get("removed", 0), gone),
        ("parsed and partial files, and their different contents", original, distinct),
        ("parsed and partial files, and contents that gave a report", original, read),
        ("files with a report, and contents that gave a report", reports, read),
    )
    return [f"files: {what}: {left:,} and {right:,}" for what, left, right in sums if left != right]


def account_for_rows(build: Path, settings: Settings) -> list[str]:
    """Rows that appeared or vanished without a reason, by table and year.

    Every year of every table has the rows that the results of the batches have for it. Beside that, a file that stands
    unchanged in RAW and gave a report before gives one again: if reading such files anew (after a change of the parser,
    on a machine under load) loses more than `settings.max_lost_share` of a year's reports, that needs a look first.
    """
    live = live_contents(build)
    with connect(build) as connection:
        connection.register("live", _short_ids(live))
        connection.execute(
            f"create table years as select report_id, report_year from {_parquet(table_files(build, 'reports'))}"
        )
        batches = [settings.out / BATCHES / batch for batch in sorted({content.batch for content in live})]
        problems = []
        for table in REPORT_TABLES:
            problems += _rows_problems(connection, build, table.name, batches)
        return (problems + _lost(connection, build, settings, live))[:MAX_PROBLEMS]


def _rows_problems(connection: duckdb.DuckDBPyConnection, build: Path, table: str, batches: list[Path]) -> list[str]:
    # Checks across reports have a part of their own.
    parts = [part for part in table_files(build, table) if part.name != ACROSS_PART]
    results = {batch.name: batch / RESULTS / f"{table}.parquet" for batch in batches}
    connection.register("in_results", _rows_per_report(results))
    connection.register("in_parts", _rows_per_report({part.name: part for part in parts}))
    rows = connection.execute(
        """with published as (select report_id, sum(n) as n from in_parts group by 1),
            expected as (select report_id, sum(n) as n from in_results r join live
                on split_part(report_id, '-', 1) = live.short_id and r.part = live.batch group by 1)
        select report_year, sum(published.n), sum(expected.n) from published full join expected using (report_id)
        left join years using (report_id) group by 1
        having count(*) filter (published.n is distinct from expected.n) > 0 order by 1 nulls last"""
    ).fetchall()
    return [
        f"{table}: {year or 'no year'}: {found or 0:,} rows, {wanted or 0:,} in the results of the batches"
        for year, found, wanted in rows
    ]


def _rows_per_report(parts: dict[str, Path]) -> pa.Table:
    """How many rows each report has in each part, by its name.

    The column is a dictionary in the file, and stays one: codes are counted, not texts.
    """
    counted = [pa.table({name: pa.array([], kind) for name, kind in _COUNTS.items()})]
    for name, path in parts.items():
        with pq.ParquetFile(path, read_dictionary=["report_id"]) as file:
            rows = file.read(columns=["report_id"])
        counts = pc.value_counts(rows.unify_dictionaries().combine_chunks().column("report_id"))
        columns = [
            counts.field("values").cast(pa.string()),
            pa.array([name] * len(counts), pa.string()),
            counts.field("counts"),
        ]
        counted.append(pa.table(dict(zip(_COUNTS, columns, strict=True))))
    return pa.concat_tables(counted)


def _lost(connection: duckdb.DuckDBPyConnection, build: Path, settings: Settings, live: list[LiveContent]) -> list[str]:
    before = current_build(settings.out)
    if before is None or before == build:
        return []
    with closing(sqlite3.connect(build / MANIFEST)) as manifest:
        there = {row[0] for row in manifest.execute("select distinct file_id from files where gone is null")}
    still = {content.file_id for content in live}
    lost = [content for content in live_contents(before) if content.file_id in there and content.file_id not in still]
    if not lost:
        return []
    connection.register("lost", _short_ids(lost))
    rows = connection.execute(
        f"""select report_year, count(*) filter (split_part(report_id, '-', 1) in (select short_id from lost)) as gone,
            count(*) as reports from {_parquet(table_files(before, "reports"))} group by 1
        having gone >= {FEW_REPORTS} and gone > reports * {settings.max_lost_share} order by 1 nulls last"""
    ).fetchall()
    return [
        f"reports: {year or 'no year'}: {gone:,} of {count:,} reports are lost though their files are there and unchanged "
        "(`gongkai status` names the reasons of a build; max_lost_share = 1 accepts it)"
        for year, gone, count in rows
    ]


def _short_ids(contents: list[LiveContent]) -> pa.Table:
    return pa.table(
        {
            "short_id": pa.array([content.file_id[:16] for content in contents], pa.string()),
            "batch": pa.array([content.batch for content in contents], pa.string()),
        }
    )


def _parquet(parts: list[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}])"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
