"""Runs of rows that follow one another.

Belongs here: from runs to rows. Does not belong here: what the rows are.
"""

import numpy
from numpy.typing import NDArray

Rows = NDArray[numpy.int64]


def rows_of_runs(begins: Rows, lengths: Rows) -> Rows:
    """The numbers of all rows of some runs, run by run."""
    before = numpy.cumsum(lengths) - lengths
    return numpy.repeat(begins - before, lengths) + numpy.arange(int(lengths.sum()), dtype=numpy.int64)
