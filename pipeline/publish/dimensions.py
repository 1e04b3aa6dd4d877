"""The published tables that say what keys mean.

Belongs here: writing them, or taking them over from the build before. Does not belong here: what they say (schemas/keys.py).
"""

from pathlib import Path

import pyarrow as pa

from pipeline.across.keys import ACROSS
from pipeline.publish.parts import WHOLE, count_rows, link_parts, table_files
from pipeline.state.folders import PARQUET
from pipeline.writer import parquet_writer
from schemas.arrow import arrow_schema

DIMENSIONS = ("dim_cells", "dim_checks", "dim_indicators", "dim_metrics", "dim_regions")


def write_dimensions(build: Path, base: Path | None) -> dict[str, int]:
    """Writes the tables of a build and says how many rows each has.

    `base`: a build made from the same dictionary and checks, from which they are taken over.
    """
    if base is not None and all(table_files(base, name) for name in DIMENSIONS):
        for name in DIMENSIONS:
            link_parts(base, build, name, [WHOLE])
        return {name: count_rows(build, name) for name in DIMENSIONS}
    from pipeline.check.report import EVALUATED  # with it comes half of the parser
    from schemas import keys

    rows = {
        "dim_cells": keys.dim_cells(),
        "dim_checks": keys.dim_checks(EVALUATED.union(ACROSS)),
        "dim_indicators": keys.dim_indicators(),
        "dim_metrics": keys.dim_metrics(),
    }
    tables = {name: pa.Table.from_pylist(records, schema=arrow_schema(name)) for name, records in rows.items()}
    tables["dim_regions"] = pa.Table.from_pydict(keys.dim_regions(), schema=arrow_schema("dim_regions"))
    for name, table in tables.items():
        (build / PARQUET / name).mkdir(parents=True)
        with parquet_writer(build / PARQUET / name / WHOLE, arrow_schema(name)) as writer:
            writer.write_table(table)
    return {name: table.num_rows for name, table in tables.items()}
