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

from schemas.arrow import LONG_TEXTS, arrow_schema, coded_schema

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
    with _closed_for_good(writer, read_as):
        yield writer


@contextmanager
def results_writer(path: Path, table: str) -> Iterator[parquet.ParquetWriter]:
    """A writer of rows that are kept until they are published: those of a result table, with coded_schema.

    What is read once or twice is written fast: dictionaries as they come, nothing counted or looked up, packed with lz4
    (half the time of zstd, but for long texts, where zstd pays). Arrow finds the declared schema in the file.
    """
    schema = coded_schema(table)
    texts = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    numbers = [field.name for field in schema if pa.types.is_integer(field.type) or pa.types.is_decimal(field.type)]
    writer = parquet.ParquetWriter(
        path,
        schema,
        compression={name: "zstd" if name in LONG_TEXTS else "lz4" for name in schema.names},
        use_dictionary=texts,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        store_decimal_as_integer=True,
        write_statistics=False,
        store_schema=False,
    )
    with _closed_for_good(writer, arrow_schema(table)):
        yield writer


@contextmanager
def _closed_for_good(writer: parquet.ParquetWriter, read_as: pa.Schema | None) -> Iterator[None]:
    try:
        if read_as is not None:
            writer.add_key_value_metadata({ARROW_SCHEMA: base64.b64encode(read_as.serialize().to_pybytes())})
        yield
        writer.close()
    finally:
        writer.is_open = False
