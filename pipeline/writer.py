"""Writing Parquet files on a disk that may be full.

Belongs here: a writer that is closed for good, however that ends, and how columns are encoded. Does not belong here: what
is written.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

ARROW_SCHEMA = b"ARROW:schema"


@contextmanager
def parquet_writer(
    path: Path, schema: pa.Schema, statistics: Sequence[str] | None = None, read_as: pa.Schema | None = None
) -> Iterator[parquet.ParquetWriter]:
    """A writer of one file, zstd. One that could not be closed is not closed again when it is forgotten: pyarrow would
    then write a traceback to stderr, where a build has one line to say.

    Whole numbers (positions, mostly) are written as differences, a quarter smaller than as dictionaries and faster to
    read. `statistics` names the columns that get the smallest and largest value of each row group, all by default: they
    cost as much as writing the values. `read_as` is the schema that Arrow finds in the file, `schema` by default.
    """
    integers = [field.name for field in schema if pa.types.is_integer(field.type)]
    writer = parquet.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=[field.name for field in schema if field.name not in integers],
        column_encoding=dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
        write_statistics=True if statistics is None else list(statistics),
        store_schema=read_as is None,
    )
    try:
        if read_as is not None:
            writer.add_key_value_metadata({ARROW_SCHEMA: base64.b64encode(read_as.serialize().to_pybytes())})
        yield writer
        writer.close()
    finally:
        writer.is_open = False
