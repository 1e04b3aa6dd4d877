"""Rows of a table from the results of many batches, merged into its parts in the order of reports.

Belongs here: reading, merging and writing rows as Arrow columns within bounded memory. Does not belong here: which rows
are current and which parts are written (parquet.py), what a part is (parts.py).

The rows of a report follow one another wherever they stand, so what is sorted is reports, not rows: a list of runs, one per
report and source, thousands of times shorter than the table. Texts that repeat (keys, labels) stay dictionaries from the
source to the part; nothing is decoded on the way. A table that is too large to be held is first dealt out, row group by
row group, to files of its own (one for some neighbouring parts), and each of them is then merged by itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from pipeline.publish.parts import part_name
from pipeline.runs import Rows, rows_of_runs
from pipeline.writer import parquet_writer
from schemas.arrow import LONG_TEXTS, arrow_schema, coded_schema
from schemas.tables import DECLARED

ROW_GROUP = 250_000
GROUP_BYTES = 64 * 2**20
"""About so much of a table is held at a time (three times that while it is put in order)."""
_PIECE_BYTES = 32 * 2**20
_SMALL_DICTIONARY = 256


class Source(NamedTuple):
    """A Parquet file with the columns of a table, and whose rows are taken from it.

    `contents` has first 16 digits of file_id: of those taken if `takes`, else of those left out.
    """

    path: Path
    contents: pa.Array
    takes: bool


class UnreadableError(Exception):
    """A source is not what was written there."""


class _Runs(NamedTuple):
    """Where the rows of each report stand: report_ids (a report may have several runs), first rows, numbers of rows."""

    report_ids: pa.Array
    begins: Rows
    lengths: Rows


def write_parts(table: str, sources: list[Source], folder: Path, prefixes: list[str], scratch: Path) -> None:
    """Writes the parts of a table for report_ids that begin with `prefixes`, which are sorted and equally long.

    Rows are sorted by report_id; those of one report keep the order of their source. `scratch` is a folder to work in.
    Raises UnreadableError if a source cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schema = coded_schema(table)
    groups = _groups(sources, prefixes)
    group_of = {prefix: number for number, group in enumerate(groups) for prefix in group}
    digits = len(prefixes[0]) if prefixes else 0
    spills = len(groups) > 1
    with ExitStack() as stack:
        stores = [
            _Store(scratch / f"{table}-{number}.arrow" if spills else None, stack) for number in range(len(groups))
        ]
        for source in sources:
            for rows in _pieces(source.path, schema):
                _deal(rows, source, stores, group_of, digits)
        for group, store in zip(groups, stores, strict=True):
            _write_group(table, schema, store, folder, group)
            pa.default_memory_pool().release_unused()


def _pieces(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of a source, some row groups at a time, each column in one chunk."""
    names = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    waiting: list[int] = []
    size = 0
    try:
        with parquet.ParquetFile(path, read_dictionary=names) as file:
            for number in range(file.num_row_groups):
                waiting.append(number)
                size += _held(file.metadata, number)
                if size < _PIECE_BYTES and number < file.num_row_groups - 1:
                    continue
                rows = file.read_row_groups(waiting, columns=schema.names)
                waiting, size = [], 0
                if rows.num_rows:
                    yield _whole(rows.select(schema.names).cast(schema))
    except (OSError, pa.ArrowException) as error:
        raise UnreadableError(f"{path}: {error}") from None


def _whole(rows: pa.Table) -> pa.Table:
    """The same rows, each column in one chunk with one dictionary."""
    return rows.unify_dictionaries().combine_chunks()


def _held(metadata: parquet.FileMetaData, number: int) -> int:
    """About how many bytes a row group takes when it is held: long texts as they are, 8 bytes for any other value."""
    group = metadata.row_group(number)
    columns = [group.column(place) for place in range(group.num_columns)]
    texts = sum(column.total_uncompressed_size for column in columns if column.path_in_schema in LONG_TEXTS)
    return int(texts + 8 * len(columns) * group.num_rows)


def _groups(sources: list[Source], prefixes: list[str]) -> list[list[str]]:
    """Neighbouring parts that are written together, so that none of these groups has more than can be held."""
    if not prefixes:
        return []
    size = 0
    for source in sources:
        try:
            metadata = parquet.read_metadata(source.path)
        except (OSError, pa.ArrowException) as error:
            raise UnreadableError(f"{source.path}: {error}") from None
        size += sum(_held(metadata, number) for number in range(metadata.num_row_groups))
    count = min(max(1, -(-size // GROUP_BYTES)), len(prefixes))
    bounds = [round(number * len(prefixes) / count) for number in range(count + 1)]
    return [prefixes[begin:end] for begin, end in pairwise(bounds)]


class _Store:
    """Rows that wait to be merged: in memory, or in a file if there are many."""

    def __init__(self, path: Path | None, stack: ExitStack) -> None:
        self._path = path
        self._stack = stack
        self._held: list[pa.Table] = []
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._sink: pa.NativeFile | None = None

    def add(self, rows: pa.Table) -> None:
        """Takes rows whose columns have one chunk each."""
        if self._path is None:
            self._held.append(rows)
            return
        if self._writer is None:
            self._stack.callback(self._path.unlink, missing_ok=True)
            self._sink = self._stack.enter_context(pa.OSFile(str(self._path), "wb"))
            self._writer = pa.ipc.new_stream(self._sink, rows.schema)
        for batch in rows.to_batches():
            self._writer.write_batch(batch)

    def take(self) -> pa.Table | None:
        """All rows that were added, and forgets them; None if there were none."""
        if self._path is None:
            held, self._held = self._held, []
            return pa.concat_tables(held) if held else None
        if self._writer is None or self._sink is None:
            return None
        self._writer.close()
        self._sink.close()
        with pa.OSFile(str(self._path), "rb") as file:
            rows = pa.ipc.open_stream(file).read_all()
        self._path.unlink()
        return rows


def _deal(rows: pa.Table, source: Source, stores: list[_Store], group_of: dict[str, int], digits: int) -> None:
    """Gives the rows of a piece that are taken to the stores of their parts."""
    runs = _runs(rows)
    known = pc.is_in(pc.utf8_slice_codeunits(runs.report_ids, 0, 16), value_set=source.contents).to_numpy(False)
    wanted = known if source.takes else ~known
    groups = numpy.fromiter(
        (group_of.get(report_id[:digits], -1) for report_id in runs.report_ids.to_pylist()), numpy.int64, len(wanted)
    )
    for number, store in enumerate(stores):
        chosen = numpy.flatnonzero(wanted & (groups == number))
        if len(chosen) == len(wanted):
            store.add(rows)
        elif len(chosen):
            store.add(rows.take(pa.array(rows_of_runs(runs.begins[chosen], runs.lengths[chosen]))))


def _runs(rows: pa.Table) -> _Runs:
    """The runs of rows with the same report_id, in the order in which they stand. Columns have one chunk."""
    ids = rows.column("report_id").chunk(0)
    codes = ids.indices.to_numpy()
    begins = numpy.concatenate(([0], numpy.flatnonzero(codes[1:] != codes[:-1]) + 1)).astype(numpy.int64)
    lengths = numpy.diff(numpy.append(begins, len(codes)))
    return _Runs(ids.dictionary.take(pa.array(codes[begins])), begins, lengths)


def _write_group(table: str, schema: pa.Schema, store: _Store, folder: Path, prefixes: list[str]) -> None:
    """Puts the rows of some parts in order and writes each part."""
    held = store.take()
    if held is None:
        for prefix in prefixes:
            parquet.write_table(arrow_schema(table).empty_table(), folder / part_name(prefix), compression="zstd")
        return
    rows = _whole(held)
    del held
    runs = _runs(rows)
    order = pc.sort_indices(runs.report_ids).to_numpy()  # stable: the runs of one report stay in their order
    lengths = runs.lengths[order]
    rows = rows.take(pa.array(rows_of_runs(runs.begins[order], lengths)))
    report_ids = runs.report_ids.take(pa.array(order))
    names = report_ids.to_pylist()
    ends = numpy.cumsum(lengths)
    run, row = 0, 0
    for prefix in prefixes:
        next_run = run + sum(1 for _ in _while_prefix(names, run, prefix))
        next_row = int(ends[next_run - 1]) if next_run else 0
        part = rows.slice(row, next_row - row)
        declared = arrow_schema(table)
        with parquet_writer(folder / part_name(prefix), schema, DECLARED[table].key, declared) as writer:
            if part.num_rows:
                rows_per_run = lengths[run:next_run]
                part = _compact(part, schema, report_ids.slice(run, next_run - run), rows_per_run)
                for begin, count in _row_groups(rows_per_run):
                    writer.write_table(part.slice(begin, count), row_group_size=count)
        run, row = next_run, next_row
    if row != rows.num_rows:
        raise ValueError(f"{table}: {rows.num_rows - row} rows belong to no part")


def _row_groups(lengths: Rows) -> Iterator[tuple[int, int]]:
    """(first row, number of rows) of row groups with whole reports, of about ROW_GROUP rows."""
    begin, count = 0, 0
    for length in lengths.tolist():
        if count and count + length > ROW_GROUP:
            yield begin, count
            begin, count = begin + count, 0
        count += length
    if count:
        yield begin, count


def _while_prefix(names: list[str], begin: int, prefix: str) -> Iterator[int]:
    for place in range(begin, len(names)):
        if not names[place].startswith(prefix):
            return
        yield place


def _compact(part: pa.Table, schema: pa.Schema, report_ids: pa.Array, lengths: Rows) -> pa.Table:
    """The rows of a part with dictionaries of what stands in them, since a part's dictionaries are written whole."""
    arrays = []
    for field, column in zip(schema, part.columns, strict=True):
        array = column.chunk(0)
        if field.name == "report_id":
            codes = numpy.repeat(numpy.arange(len(report_ids), dtype=numpy.int32), lengths)
            array = pa.DictionaryArray.from_arrays(pa.array(codes), report_ids)
        elif pa.types.is_dictionary(field.type) and len(array.dictionary) > _SMALL_DICTIONARY:
            array = _compacted(array)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


def _compacted(array: pa.DictionaryArray) -> pa.DictionaryArray:
    codes = array.indices.fill_null(0).to_numpy()
    used = numpy.zeros(len(array.dictionary), dtype=bool)
    used[codes] = True
    places = (numpy.cumsum(used) - 1).astype(numpy.int32)
    mask = array.indices.is_null().to_numpy(False) if array.indices.null_count else None
    return pa.DictionaryArray.from_arrays(
        pa.array(places[codes], mask=mask), array.dictionary.take(pa.array(numpy.flatnonzero(used)))
    )
