"""Writing a run to disk: the reports, their truth, their list.

Here belong files and Parquet only. Rows are written in batches, so that memory does not grow with the number of
reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.generator.model import GeneratedReport

_AMOUNT = pa.decimal128(18, 4)
_NULL = -(2**62)
TRUTH_SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("template", pa.string()),
        ("table_key", pa.string()),
        ("row_key", pa.string()),
        ("column_key", pa.string()),
        ("value", _AMOUNT),
        ("value_state", pa.string()),
        ("layout", pa.string()),
        ("noise", pa.string()),
        ("printed_value", _AMOUNT),
        ("printed_alternative", _AMOUNT),
        ("alternative_source", pa.string()),
        ("row_label", pa.string()),
        ("form", pa.string()),
    ]
)
REPORTS_SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("form", pa.string()),
        ("template", pa.string()),
        ("layout", pa.string()),
        ("noise", pa.string()),
        ("body_name", pa.string()),
        ("body_kind", pa.string()),
        ("report_year", pa.int32()),
    ]
)
BATCH = 256


def amounts(values: Sequence[int | None]) -> pa.Array:
    """Scaled whole numbers as decimals, without a Python Decimal for each."""
    low = np.array([_NULL if value is None else value for value in values], np.int64)
    words = np.empty((len(values), 2), np.int64)
    words[:, 0] = low
    words[:, 1] = low >> 63
    mask = np.packbits(low != _NULL, bitorder="little")
    return pa.Array.from_buffers(_AMOUNT, len(values), [pa.py_buffer(mask.tobytes()), pa.py_buffer(words.tobytes())])


def repeated(values: Sequence[str], counts: Sequence[int]) -> pa.Array:
    """Each value as often as its count says."""
    indices = np.repeat(np.arange(len(values), dtype=np.int32), counts)
    return pa.array(values, pa.string()).take(pa.array(indices))


def truth_batch(reports: Sequence[GeneratedReport]) -> pa.Table:
    """The truth of some reports as a table."""
    counts = [len(report.truth) for report in reports]
    fields = [list(chain.from_iterable(parts)) for parts in zip(*(r.truth.columns for r in reports), strict=True)]
    template, table_key, row_key, column_key, value, state, printed, alternative, source, label = fields
    columns = [
        repeated([report.path for report in reports], counts),
        pa.array(template, pa.string()),
        pa.array(table_key, pa.string()),
        pa.array(row_key, pa.string()),
        pa.array(column_key, pa.string()),
        amounts(value),
        pa.array(state, pa.string()),
        repeated([report.layout for report in reports], counts),
        repeated([",".join(report.noise) for report in reports], counts),
        amounts(printed),
        amounts(alternative),
        pa.array(source, pa.string()),
        pa.array(label, pa.string()),
        repeated([report.form for report in reports], counts),
    ]
    return pa.Table.from_arrays(columns, schema=TRUTH_SCHEMA)


def reports_batch(reports: Sequence[GeneratedReport]) -> pa.Table:
    """The list of some reports as a table."""
    return pa.Table.from_pylist(
        [
            {
                "path": report.path,
                "form": report.form,
                "template": report.template,
                "layout": report.layout,
                "noise": ",".join(report.noise),
                "body_name": report.body_name,
                "body_kind": report.body_kind,
                "report_year": report.report_year,
            }
            for report in reports
        ],
        schema=REPORTS_SCHEMA,
    )


class RunWriter:
    """Writes texts, truth.parquet and reports.parquet below a folder."""

    def __init__(self, out: Path) -> None:
        """Open the two Parquet files in `out`, which is made if it is not there."""
        self._out = out
        out.mkdir(parents=True, exist_ok=True)
        self._truth = pq.ParquetWriter(out / "truth.parquet", TRUTH_SCHEMA, compression="zstd")
        self._reports = pq.ParquetWriter(out / "reports.parquet", REPORTS_SCHEMA, compression="zstd")

    def __enter__(self) -> RunWriter:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the two Parquet files."""
        self._truth.close()
        self._reports.close()

    def write(self, reports: Iterable[GeneratedReport]) -> int:
        """Write reports as they come; gives their number."""
        batch: list[GeneratedReport] = []
        count = 0
        for report in reports:
            path = self._out / report.path
            if report.index % 1000 == 0 or not count:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(report.text.encode("utf-8") if report.content is None else report.content)
            batch.append(report)
            count += 1
            if len(batch) == BATCH:
                self._flush(batch)
                batch.clear()
        if batch:
            self._flush(batch)
        return count

    def _flush(self, batch: Sequence[GeneratedReport]) -> None:
        self._truth.write_table(truth_batch(batch))
        self._reports.write_table(reports_batch(batch))
