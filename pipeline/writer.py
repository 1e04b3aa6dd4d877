"""Writing Parquet files on a disk that may be full.

Belongs here: a writer that is closed for good, however that ends. Does not belong here: what is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema) -> Iterator[parquet.ParquetWriter]:
    """A writer of one file, zstd. One that could not be closed is not closed again when it is forgotten: pyarrow would
    then write a traceback to stderr, where a build has one line to say.
    """
    writer = parquet.ParquetWriter(path, schema, compression="zstd")
    try:
        yield writer
        writer.close()
    finally:
        writer.is_open = False
