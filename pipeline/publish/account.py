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
_COUNTS = {"report_id": pa.string(), "n": pa.int64()}
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
    batches = [settings.out / BATCHES / batch for batch in sorted({content.batch for content in live})]
    of_batch: dict[str, list[str]] = {}
    for content in live:
        of_batch.setdefault(content.batch, []).append(content.file_id[:16])
    wanted = {batch: pa.array(short_ids, pa.string()) for batch, short_ids in of_batch.items()}
    problems = []
    for table in REPORT_TABLES:
        problems += _rows_problems(build, table.name, batches, wanted)
    return (problems + _lost(build, settings, live))[:MAX_PROBLEMS]


def _rows_problems(build: Path, table: str, batches: list[Path], wanted: dict[str, pa.Array]) -> list[str]:
    # Checks across reports have a part of their own.
    parts = {part.name: part for part in table_files(build, table) if part.name != ACROSS_PART}
    published = _rows_per_report(parts, None)
    expected = _rows_per_report({batch.name: batch / RESULTS / f"{table}.parquet" for batch in batches}, wanted)
    if published.equals(expected):
        return []
    with connect(build) as connection:
        connection.register("published_rows", published)
        connection.register("expected_rows", expected)
        rows = connection.execute(
            f"""with published as (select report_id, sum(n) as n from published_rows group by 1),
                expected as (select report_id, sum(n) as n from expected_rows group by 1),
                years as (select report_id, report_year from {_parquet(table_files(build, "reports"))})
            select report_year, sum(published.n), sum(expected.n) from published full join expected using (report_id)
            left join years using (report_id) group by 1
            having count(*) filter (published.n is distinct from expected.n) > 0 order by 1 nulls last"""
        ).fetchall()
    return [
        f"{table}: {year or 'no year'}: {found or 0:,} rows, {number or 0:,} in the results of the batches"
        for year, found, number in rows
    ]


def _rows_per_report(parts: dict[str, Path], wanted: dict[str, pa.Array] | None) -> pa.Table:
    """How many rows each report has in each part, by report_id; `wanted`: of which contents, for each part by its name.

    The column is a dictionary in the file, and stays one: codes are counted, not texts.
    """
    counted = [pa.table({name: pa.array([], kind) for name, kind in _COUNTS.items()})]
    for name, path in parts.items():
        with pq.ParquetFile(path, read_dictionary=["report_id"], pre_buffer=False) as file:
            rows = file.read(columns=["report_id"], use_threads=False)  # threads cost thrice as much for one column
        counts = pc.value_counts(rows.unify_dictionaries().combine_chunks().column("report_id"))
        report_ids = counts.field("values").cast(pa.string())
        found = pa.table([report_ids, counts.field("counts")], names=list(_COUNTS))
        if wanted is not None:
            found = found.filter(pc.is_in(pc.utf8_slice_codeunits(report_ids, 0, 16), value_set=wanted[name]))
        counted.append(found)
    return pa.concat_tables(counted).sort_by([(name, "ascending") for name in _COUNTS]).combine_chunks()


def _lost(build: Path, settings: Settings, live: list[LiveContent]) -> list[str]:
    before = current_build(settings.out)
    if before is None or before == build:
        return []
    still = {content.file_id for content in live}
    lost = {content.file_id for content in live_contents(before) if content.file_id not in still}
    if not lost:
        return []
    with closing(sqlite3.connect(build / MANIFEST)) as manifest:
        lost &= {row[0] for row in manifest.execute("select distinct file_id from files where gone is null")}
    with connect(build) as connection:
        connection.register("lost", pa.table({"short_id": pa.array([file_id[:16] for file_id in lost], pa.string())}))
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


def _parquet(parts: list[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}])"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
