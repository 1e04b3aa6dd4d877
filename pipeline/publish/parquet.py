"""The published Parquet tables of a new build, from the manifest and the results of all batches.

Belongs here: choosing the rows that are current, sorting and writing them. Does not belong here: validation, DuckDB.

The tables depend on the set of raw files and the parser version only: rows are sorted by report, whatever the order of
arrival (design.md "Batches and state").
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import PARSER_VERSION
from pipeline.check.report import EVALUATED
from pipeline.settings import Settings
from pipeline.state.batches import (
    batch_folder,
    damaged,
    has_results,
    read_contents,
    read_plan,
    results_name,
    unpublished,
)
from pipeline.state.folders import BATCHES, BUILDS, PARQUET, RESULTS, current_build, next_build
from pipeline.state.manifest import Manifest
from schemas import keys
from schemas.arrow import arrow_schema
from schemas.ddl import quoted
from schemas.tables import ALL_TABLES, BY_NAME, REPORT_TABLES

VALID = "valid.json"
ROW_GROUP = 250_000

# The version of a report that analysts use for a body and year: the later published, then the more complete, then the
# smaller file_id (issue 6 of the project's plan; contract "reports.is_current"). A body without an id links to nothing.
_REPORTS = """
with complete as (select report_id, sum(cells_reported) as cells from tables_now group by report_id)
select r.* replace (
    row_number() over (
        partition by coalesce(body_id, r.report_id), report_year
        order by published_on desc nulls last, complete.cells desc nulls last, file_id) = 1 as is_current)
from reports_now r left join complete using (report_id)
order by report_id
"""


class Prepared(NamedTuple):
    """A build whose Parquet tables are written. `base` is the build it was made from, '' for none."""

    folder: Path
    base: str
    rows: dict[str, int]


def write_parquet(settings: Settings) -> Prepared:
    """Writes all Parquet tables and the manifest of a new build; call it under the lock. Nothing is published yet.

    Raises GongkaiError if results on disk are damaged.
    """
    out = settings.out
    base = current_build(out)
    build = next_build(out)
    manifest = Manifest.begin(out, build)
    try:
        _take_over(out, manifest)
        rows = {"files": _write(build, "files", [_files_table(manifest)])}
        rows |= _write_report_tables(out, build, manifest.live_contents())
    except (duckdb.Error, pa.ArrowInvalid) as error:
        raise damaged(out / BATCHES, error) from None
    finally:
        manifest.close()
    for name, records in (
        ("dim_cells", keys.dim_cells()),
        ("dim_checks", keys.dim_checks(EVALUATED)),
        ("dim_metrics", keys.dim_metrics()),
    ):
        rows[name] = _write(build, name, [pa.Table.from_pylist(records, schema=arrow_schema(name))])
    regions = pa.Table.from_pydict(keys.dim_regions(), schema=arrow_schema("dim_regions"))
    rows["dim_regions"] = _write(build, "dim_regions", [regions])
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


def table_files(build: Path, table: str) -> list[Path]:
    """The Parquet parts of a table of a build."""
    return sorted((build / PARQUET / table).glob("*.parquet"))


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


def _write_report_tables(out: Path, build: Path, live: list[tuple[str, str]]) -> dict[str, int]:
    """Rows of live contents from the batch that holds their results, in the order of reports."""
    rows = {}
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        contents = pa.table(
            {
                "short_id": pa.array([file_id[:16] for file_id, _ in live], pa.string()),
                "batch": pa.array([batch for _, batch in live], pa.string()),
            }
        )
        connection.register("live", contents)
        batches = sorted({batch for _, batch in live})
        for table in REPORT_TABLES:
            parts = [out / BATCHES / batch / RESULTS / f"{table.name}.parquet" for batch in batches]
            connection.execute(f"create view {table.name}_now as {_live_rows(table.name, parts)}")
        for table in REPORT_TABLES:
            query = (
                _REPORTS
                if table.name == "reports"
                else f"select * exclude (file_row_number) from {table.name}_now order by report_id, file_row_number"
            )
            reader = connection.sql(query).to_arrow_reader(ROW_GROUP)
            schema = arrow_schema(table.name)
            batches_of_rows = (pa.Table.from_batches([b]).select(schema.names).cast(schema) for b in reader)
            rows[table.name] = _write(build, table.name, batches_of_rows)
    return rows


def _live_rows(table: str, parts: list[Path]) -> str:
    if not parts:
        empty = ", ".join(f'null::{column.type} as "{column.name}"' for column in BY_NAME[table].columns)
        return f"select {empty}, 0 as file_row_number where false"
    files = ", ".join(quoted(str(part)) for part in parts)
    return (
        f"select t.* exclude (filename) from read_parquet([{files}], filename = true, file_row_number = true) t "
        "join live on split_part(t.report_id, '-', 1) = live.short_id "
        "and split_part(t.filename, '/', -3) = live.batch"
    )


def _write(build: Path, table: str, parts: Iterable[pa.Table]) -> int:
    folder = build / PARQUET / table
    folder.mkdir(parents=True)
    count = 0
    with pq.ParquetWriter(folder / "part-0.parquet", arrow_schema(table), compression="zstd") as writer:
        for part in parts:
            writer.write_table(part, row_group_size=ROW_GROUP)
            count += part.num_rows
    return count
