"""The published Parquet tables of a new build, from the manifest and the results of all batches.

Belongs here: choosing the rows that are current, sorting and writing them. Does not belong here: how tables are cut
into parts (parts.py), validation, DuckDB.

The tables depend on the set of raw files and the parser version only: rows are sorted by report, whatever the order of
arrival (design.md "Batches and state"). What did not change since the build before is taken over from it, so that the
work is in proportion to what changed.
"""

import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import PARSER_VERSION
from pipeline.across.renew import check_all, renew
from pipeline.publish.connect import connect
from pipeline.publish.dimensions import write_dimensions
from pipeline.publish.join import join_small_batches
from pipeline.publish.merge import ROW_GROUP, Source, UnreadableError, write_parts
from pipeline.publish.parts import (
    ACROSS_PART,
    CUT_TABLES,
    MADE,
    WHOLE,
    Made,
    can_be_base,
    count_rows,
    digits_for,
    fingerprint,
    link_parts,
    part_name,
    prefixes,
    read_made,
    table_files,
    write_made,
)
from pipeline.settings import Settings
from pipeline.state.batches import batch_folder, read_plan, unpublished
from pipeline.state.folders import BATCHES, BUILDS, PARQUET, RESULTS, current_build, next_build
from pipeline.state.manifest import LiveContent, Manifest, live_contents
from pipeline.state.results import DamagedError, has_results, read_contents, results_name, set_damaged_aside
from pipeline.writer import parquet_writer
from schemas.arrow import arrow_schema
from schemas.ddl import quoted
from schemas.tables import ALL_TABLES, DECLARED, SKETCHES

VALID = "valid.json"
SCRATCH = "scratch"
# Two at a time: each holds a few hundred megabytes, and Arrow itself uses all cores where it can.
_TABLES_AT_A_TIME = 2
# Beyond that share of reports, making all checks across reports anew costs no more than looking for those that may differ.
_FEW = 1 / 20
_LARGEST_FIRST = ("cells", "checks", "sections", "statements")

# The version of a report that analysts use for a body and year: the later published (one without a date after those
# with one), then the more complete (more cells with a number), then the smaller file_id (contract "reports.is_current").
# A report whose body or year is not known is no version of any other.
CURRENT_REPORTS = """
with complete as (select report_id, sum(cells_reported) as cells from {tables} group by report_id)
select r.* replace (
    row_number() over (
        partition by r.body_id, r.report_year, case when r.body_id is null or r.report_year is null then r.report_id end
        order by r.published_on desc nulls last, coalesce(complete.cells, 0) desc, r.file_id, r.report_id) = 1
    as is_current)
from {reports} r left join complete using (report_id)
order by r.report_id
"""


class Prepared(NamedTuple):
    """A build whose Parquet tables are written. `base` is the build it was made from, '' for none."""

    folder: Path
    base: str
    rows: dict[str, int]


def write_parquet(settings: Settings) -> Prepared:
    """Writes all Parquet tables and the manifest of a new build; call it under the lock. Nothing is published yet.

    Raises DamagedError if results on disk, or parts of the build before, are damaged.
    """
    out = settings.out
    base = current_build(out)
    build = next_build(out)
    manifest = Manifest.begin(out, build)
    try:
        _take_over(out, manifest)
        live = came = manifest.live_contents()
        if join_small_batches(out, manifest):
            live = manifest.live_contents()  # the same rows, in another place
        with ThreadPoolExecutor(1) as beside:  # the rows of `files` come from another program, SQLite
            files = beside.submit(lambda: _write(build, "files", [_files_table(manifest)]))
            made = _what_changed(base, came)
            rows = _write_report_tables(out, build, base, made, live)
            rows["checks"] += _write_across(out, build, base, made, live)
            rows["files"] = files.result()
    except (duckdb.Error, pa.ArrowException, UnreadableError) as error:
        raise _damaged(out, base, error) from None
    finally:
        manifest.close()
    rows |= write_dimensions(build, base if made.base else None)
    write_made(build, made)
    return Prepared(build, base.name if base else "", {table.name: rows[table.name] for table in ALL_TABLES})


def mark_valid(prepared: Prepared) -> None:
    """Says that the tables of a build were found valid: without this mark it cannot be published."""
    record = json.dumps({"base": prepared.base, "rows": prepared.rows})
    (prepared.folder / VALID).write_text(record, encoding="ascii")


def read_valid(out: Path) -> Prepared | None:
    """The newest build whose Parquet tables are valid but that is not published; None if there is none."""
    current = current_build(out)
    folders = [folder for folder in (out / BUILDS).glob("*") if folder.name.isdigit() and (folder / VALID).exists()]
    newer = [folder for folder in folders if current is None or int(folder.name) > int(current.name)]
    if not newer:
        return None
    folder = max(newer, key=lambda build: int(build.name))
    record = json.loads((folder / VALID).read_text(encoding="ascii"))
    return Prepared(folder, record["base"], record["rows"])


def _damaged(out: Path, base: Path | None, error: Exception) -> DamagedError:
    """Sees to it that the next build uses nothing that cannot be read."""
    found = set_damaged_aside(out)
    if found is None and base is not None and read_made(base) is not None:
        (base / MADE).unlink()
        found = DamagedError(f"tables of {base} are damaged: build again, all tables are written anew")
    return found or DamagedError(
        f"results in {out / BATCHES} cannot be read: {str(error).strip().partition(chr(10))[0]}"
    )


def _take_over(out: Path, manifest: Manifest) -> None:
    """New batches, oldest first, and new results of batches that were parsed again."""
    for folder in unpublished(out):
        plan = read_plan(out, folder.name)
        if plan is not None and has_results(folder):
            name, contents = results_name(folder), read_contents(folder)
            manifest.add_batch(plan.batch, plan.created_at, plan.parser_version, plan.seen, plan.gone, contents, name)
    for batch, taken in manifest.results().items():
        folder = batch_folder(out, batch)
        if has_results(folder) and (name := results_name(folder)) != taken:
            manifest.retake_batch(batch, read_contents(folder), name)


def _files_table(manifest: Manifest) -> pa.Table:
    schema = arrow_schema("files")
    columns = list(zip(*manifest.files(PARSER_VERSION), strict=True)) or [()] * len(schema)
    arrays = []
    for field, values in zip(schema, columns, strict=True):
        array = pa.array(list(values), type=pa.string() if pa.types.is_timestamp(field.type) else field.type)
        arrays.append(array.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _what_changed(base: Path | None, live: list[LiveContent]) -> Made:
    """What is to be written anew, if anything can be taken over from the build before."""
    digits = digits_for(len(live))
    if base is None or not can_be_base(base, digits):
        return Made("", digits, fingerprint(), None, 0)
    before = set(live_contents(base))
    changed = sorted({content.file_id[:16] for content in before.symmetric_difference(live)})
    earlier = read_made(base)
    return Made(base.name, digits, fingerprint(), changed, len(changed) + (earlier.patched if earlier else 0))


def _write_report_tables(
    out: Path, build: Path, base: Path | None, made: Made, live: list[LiveContent]
) -> dict[str, int]:
    """Rows of live contents in the order of reports: new ones from their batch, the others from the build before."""
    changed = None if made.changed is None else set(made.changed)
    fresh = [content for content in live if changed is None or content.file_id[:16] in changed]
    batches = sorted({content.batch for content in fresh})
    _write_cut_tables(out, build, base, made, fresh)
    rows = {table.name: count_rows(build, table.name) for table in CUT_TABLES}
    with connect(build) as connection:
        connection.register("fresh", _short_ids(fresh))
        connection.register("changed", pa.table({"short_id": pa.array(made.changed or [], pa.string())}))
        old = [] if made.changed is None or base is None else [base / PARQUET / "reports" / WHOLE]
        connection.execute(f"create view reports_now as {_rows(out, 'reports', batches, old)}")
        files = ", ".join(quoted(str(path)) for path in table_files(build, "tables"))
        query = CURRENT_REPORTS.format(reports="reports_now", tables=f"read_parquet([{files}])")
        reader = connection.sql(query).to_arrow_reader(ROW_GROUP)
        schema = arrow_schema("reports")
        parts = (pa.Table.from_batches([batch]).select(schema.names).cast(schema) for batch in reader)
        rows["reports"] = _write(build, "reports", parts)
    return rows


def _write_cut_tables(out: Path, build: Path, base: Path | None, made: Made, fresh: list[LiveContent]) -> None:
    """The parts of all tables but `reports`: those that did not change are linked, the others written."""
    all_parts = prefixes(made.digits)
    touched = all_parts if made.changed is None else sorted({short_id[: made.digits] for short_id in made.changed})
    kept = [part_name(prefix) for prefix in all_parts if prefix not in set(touched)]
    of_batch: dict[str, list[str]] = {}
    for content in fresh:
        of_batch.setdefault(content.batch, []).append(content.file_id[:16])
    changed = pa.array(made.changed or [], pa.string())
    scratch = build / SCRATCH
    scratch.mkdir()

    def write(table: str) -> None:
        sources = [
            Source(out / BATCHES / batch / RESULTS / f"{table}.parquet", pa.array(contents, pa.string()), True)
            for batch, contents in sorted(of_batch.items())
        ]
        if base is not None and made.changed is not None:
            link_parts(base, build, table, kept)
            sources += [Source(base / PARQUET / table / part_name(prefix), changed, False) for prefix in touched]
        write_parts(table, sources, build / PARQUET / table, touched, scratch)

    names = [table.name for table in CUT_TABLES]
    names.sort(key=lambda name: _LARGEST_FIRST.index(name) if name in _LARGEST_FIRST else len(_LARGEST_FIRST))
    with ThreadPoolExecutor(_TABLES_AT_A_TIME) as pool:
        for done in [pool.submit(write, name) for name in names]:
            done.result()
    shutil.rmtree(scratch)


def _write_across(out: Path, build: Path, base: Path | None, made: Made, live: list[LiveContent]) -> int:
    """Checks across reports, in a part of their own: any report can change what is said of any other."""
    with connect(build) as connection:
        connection.register("fresh", _short_ids(live))
        for table in ("reports", "cells", "indicators"):
            connection.execute(f"create view {table}_all as {_all_of(build, table)}")
        sketches = _rows(out, SKETCHES.name, sorted({content.batch for content in live}), [])
        connection.execute(f"create view sketches_all as {sketches}")
        if base is None or made.changed is None or len(made.changed) > _FEW * len(live):
            found = check_all(connection)
        else:
            connection.execute(f"create view reports_before as {_all_of(base, 'reports')}")
            before = pq.read_table(base / PARQUET / "checks" / ACROSS_PART, partitioning=None)
            found = renew(connection, before, made.changed)
    pq.write_table(found, build / PARQUET / "checks" / ACROSS_PART, compression="zstd", row_group_size=ROW_GROUP)
    return int(found.num_rows)


def _all_of(build: Path, table: str) -> str:
    files = ", ".join(quoted(str(path)) for path in table_files(build, table))
    return f"select * from read_parquet([{files}])"


def _short_ids(contents: list[LiveContent]) -> pa.Table:
    return pa.table(
        {
            "short_id": pa.array([content.file_id[:16] for content in contents], pa.string()),
            "batch": pa.array([content.batch for content in contents], pa.string()),
        }
    )


def _rows(out: Path, table: str, batches: list[str], old: list[Path]) -> str:
    """A query: the rows of fresh contents from their batches, and those of `old` parts that did not change."""
    columns = ", ".join(f'"{name}"' for name in DECLARED[table].column_names)
    queries = []
    if batches:
        parts = [out / BATCHES / batch / RESULTS / f"{table}.parquet" for batch in batches]
        files = ", ".join(quoted(str(part)) for part in parts)
        queries.append(
            f"select {columns}, file_row_number from read_parquet([{files}], filename = true, file_row_number = true) t "
            "join fresh on split_part(t.report_id, '-', 1) = fresh.short_id "
            "and split_part(t.filename, '/', -3) = fresh.batch"
        )
    if old:
        files = ", ".join(quoted(str(part)) for part in old)
        queries.append(
            f"select {columns}, file_row_number from read_parquet([{files}], file_row_number = true) "
            "where split_part(report_id, '-', 1) not in (select short_id from changed)"
        )
    if not queries:
        empty = ", ".join(f'null::{column.type} as "{column.name}"' for column in DECLARED[table].columns)
        queries.append(f"select {empty}, 0::bigint as file_row_number where false")
    return f"select * from ({' union all '.join(queries)})"


def _write(build: Path, table: str, parts: Iterable[pa.Table]) -> int:
    folder = build / PARQUET / table
    folder.mkdir(parents=True)
    count = 0
    with parquet_writer(folder / WHOLE, arrow_schema(table)) as writer:
        for part in parts:
            writer.write_table(part, row_group_size=ROW_GROUP)
            count += part.num_rows
    return count
