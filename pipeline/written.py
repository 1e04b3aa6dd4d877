"""Results of parsed files on their way to disk.

Belongs here: one Parquet file per table and contents.parquet, written as results come, from chunks or from parts that were
written elsewhere. Does not belong here: where they lie and whether they count (state/results.py), reading files.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.chunk import ChunkResult
from pipeline.crawl_list import is_result_of_this_parser
from pipeline.state.folders import RESULTS
from pipeline.state.manifest import Content
from pipeline.state.results import CONTENTS, RESULTS_NAME
from pipeline.writer import parquet_writer, results_writer
from schemas.arrow import coded_schema
from schemas.tables import RESULT_TABLES

_CONTENTS_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in Content._fields])


class Results:
    """Files of results that are being written, and what they hold so far.

    `statuses` counts contents, `rows` the rows of each table; `is_of_this_parser`: every content was read by this parser
    (and not, say, set aside because it had changed by then).
    """

    def __init__(self, writers: dict[str, pq.ParquetWriter]) -> None:
        self._writers = writers
        self.statuses: dict[str, int] = {}
        self.rows = {table.name: 0 for table in RESULT_TABLES}
        self.is_of_this_parser = True

    def add(self, result: ChunkResult) -> None:
        """The results of a chunk, after those that came before."""
        for name, table in result.tables.items():
            self._add_table(name, table)
        self._add_contents(_contents_table(result.contents))

    def add_part(self, folder: Path, file_ids: pa.Array | None = None) -> None:
        """The results that `writing` wrote to a folder somewhere else; those of `file_ids` only, if that is given."""
        short_ids = None if file_ids is None else pc.utf8_slice_codeunits(file_ids, 0, 16)
        for name in self.rows:
            schema = coded_schema(name)
            texts = [field.name for field in schema if pa.types.is_dictionary(field.type)]
            with pq.ParquetFile(folder / f"{name}.parquet", read_dictionary=texts) as part:
                for group in range(part.num_row_groups):  # a dictionary holds for a row group
                    rows = part.read_row_group(group).cast(schema)
                    if short_ids is not None:
                        of = pc.utf8_slice_codeunits(rows["report_id"].cast(pa.string()), 0, 16)
                        rows = rows.filter(pc.is_in(of, value_set=short_ids))
                    self._add_table(name, rows)
        contents = pq.read_table(folder / f"{CONTENTS}.parquet", partitioning=None)
        if file_ids is not None:
            contents = contents.filter(pc.is_in(contents["file_id"], value_set=file_ids))
        self._add_contents(contents)

    def _add_table(self, name: str, table: pa.Table) -> None:
        if table.num_rows:
            self._writers[name].write_table(table)
            self.rows[name] += table.num_rows

    def _add_contents(self, table: pa.Table) -> None:
        self._writers[CONTENTS].write_table(table)
        for status, version in zip(table["status"].to_pylist(), table["parser_version"].to_pylist(), strict=True):
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.is_of_this_parser &= is_result_of_this_parser(version)


@contextmanager
def writing(folder: Path) -> Iterator[Results]:
    """Opens the files of results in a new folder, and closes them for good."""
    folder.mkdir(parents=True)
    # A name that these results have and no others.
    named = _CONTENTS_SCHEMA.with_metadata({RESULTS_NAME: uuid.uuid4().hex})
    with ExitStack() as files:
        writers = {
            table.name: files.enter_context(results_writer(folder / f"{table.name}.parquet", table.name))
            for table in RESULT_TABLES
        }
        writers[CONTENTS] = files.enter_context(parquet_writer(folder / f"{CONTENTS}.parquet", named))
        yield Results(writers)


def replace_results(folder: Path, temporary: Path) -> None:
    """Makes a folder of results those of a batch. Old ones are moved away whole: half of them would pass for parsed."""
    old = folder / f"{RESULTS}.old"
    shutil.rmtree(old, ignore_errors=True)
    if (folder / RESULTS).is_dir():
        (folder / RESULTS).rename(old)
    temporary.rename(folder / RESULTS)
    shutil.rmtree(old, ignore_errors=True)


def _contents_table(contents: list[Content]) -> pa.Table:
    columns = list(zip(*contents, strict=True))
    arrays = [pa.array(list(column), type=pa.string()) for column in columns]
    return pa.Table.from_arrays(arrays, schema=_CONTENTS_SCHEMA)
