"""The published tables that say what keys mean.

Belongs here: writing them, or taking them over from the build before. Does not belong here: what they say (schemas/keys.py).
"""

from pathlib import Path

import pyarrow as pa

from pipeline.across.keys import ACROSS
from pipeline.check.report import EVALUATED
from pipeline.publish.parts import WHOLE, count_rows, link_parts
from pipeline.state.folders import PARQUET
from pipeline.writer import parquet_writer
from schemas import keys
from schemas.arrow import arrow_schema

_ROWS = {
    "dim_cells": keys.dim_cells,
    "dim_checks": lambda: keys.dim_checks(EVALUATED.union(ACROSS)),
    "dim_indicators": keys.dim_indicators,
    "dim_metrics": keys.dim_metrics,
}
_REGIONS = "dim_regions"


def write_dimensions(build: Path, base: Path | None) -> dict[str, int]:
    """Writes the tables of a build and says how many rows each has. `base`: a build made from the same dictionary.

    The regions, by far the largest, are taken over from it.
    """
    rows = {
        name: _write(build, name, pa.Table.from_pylist(records(), schema=arrow_schema(name)))
        for name, records in _ROWS.items()
    }
    if base is not None and (base / PARQUET / _REGIONS / WHOLE).is_file():
        link_parts(base, build, _REGIONS, [WHOLE])
        return rows | {_REGIONS: count_rows(build, _REGIONS)}
    regions = pa.Table.from_pydict(keys.dim_regions(), schema=arrow_schema(_REGIONS))
    return rows | {_REGIONS: _write(build, _REGIONS, regions)}


def _write(build: Path, table: str, rows: pa.Table) -> int:
    folder = build / PARQUET / table
    folder.mkdir(parents=True)
    with parquet_writer(folder / WHOLE, arrow_schema(table)) as writer:
        writer.write_table(rows)
    return int(rows.num_rows)
