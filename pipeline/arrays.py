"""Columns of Arrow tables from what the parser gives.

Belongs here: texts as dictionaries (each different text once, and its number for every row), values as decimals. Does not
belong here: which columns are such (schemas/arrow.py), what stands in them.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import pyarrow as pa


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Values as an Arrow array of a type of the result tables, null for None. Decimals come in ten-thousandths."""
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode()
    if pa.types.is_decimal(kind):
        return decimals(values)
    return pa.array(values, kind)


def repeated(values: Sequence[str], counts: Sequence[int]) -> pa.DictionaryArray:
    """Different texts, each so many times in a row, as a dictionary."""
    used = [(value, count) for value, count in zip(values, counts, strict=True) if count]
    codes = numpy.repeat(numpy.arange(len(used), dtype=numpy.int32), [count for _, count in used])
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array([value for value, _ in used], pa.string()))


def decimals(values: Sequence[int | None]) -> pa.Array:
    """Integers in ten-thousandths as an Arrow array of DECIMAL(18,4), null for None.

    As decimals they are the same integers, so the array is made from their bytes instead of from two million Decimal objects.
    """
    whole = pa.array(values, type=pa.int64())
    bitmap, numbers = whole.buffers()
    low = numpy.frombuffer(numbers, dtype=numpy.int64, count=len(values))
    wide = numpy.empty((len(values), 2), dtype=numpy.int64)
    wide[:, 0] = low
    wide[:, 1] = low >> 63  # the sign goes on in the upper half
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(values), [bitmap, pa.py_buffer(wide)])
