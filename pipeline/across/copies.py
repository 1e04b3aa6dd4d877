"""Reports whose prose is nearly the same as the body's own of the year before, or as another body's of the same year.

Belongs here: which pairs are compared, without comparing all with all, and the rows of the two checks. Does not belong
here: what a sketch is (sketch.py), reading or writing tables.

Among reports of one year, near copies are found by bands: the sketch is cut into 25 bands of 10 classes. Two texts that are
90 % the same agree on a whole band with probability 0.35, on at least one of 25 with 0.99998; two that are 40 % the same
(most are, by their set phrases) on one with 0.003. Only reports that agree on a band are compared, each with at most
NEIGHBOURS others of the band, so that a phrase shared by everybody costs no more than time in proportion to the reports.
"""

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from pipeline.across.sketch import CLASSES, similarity

SAME = 0.9
"""Prose at least so similar is the same (checks.csv, field.md §2 C-Y-6)."""
MIN_SHINGLES = 200
"""Shorter prose says too little: most of it is the set phrases that everybody uses."""
BANDS = 25
BAND_CLASSES = 10
NEIGHBOURS = 24
_BLOCK = 100_000

Indexes = NDArray[numpy.int64]


class Best(NamedTuple):
    """For each report the most similar one that was found: its index (-1 for none) and the similarity (0 for none)."""

    other: Indexes
    similarity: NDArray[numpy.float64]


def compared(
    sketches: NDArray[numpy.uint16], shingles: Indexes, one: Indexes, other: Indexes
) -> NDArray[numpy.float64]:
    """The estimated similarity of pairs of reports, given by their indexes.

    No two texts are more similar than the smaller number of shingles is to the larger.
    """
    found = numpy.empty(len(one), dtype=numpy.float64)
    for begin in range(0, len(one), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        found[block] = similarity(sketches[one[block]], sketches[other[block]])
    smaller = numpy.minimum(shingles[one], shingles[other])
    larger = numpy.maximum(numpy.maximum(shingles[one], shingles[other]), 1)
    return numpy.minimum(found, smaller / larger)


def most_similar(sketches: NDArray[numpy.uint16], shingles: Indexes, groups: Indexes) -> Best:
    """The most similar other report of the same group (a year), among those that agree on a band.

    `sketches` has a row per report, in an order that is always the same; a tie goes to the earlier report. Reports with
    fewer than MIN_SHINGLES shingles are left out.
    """
    long = numpy.flatnonzero(shingles >= MIN_SHINGLES)
    best = Best(numpy.full(len(shingles), -1, dtype=numpy.int64), numpy.zeros(len(shingles)))
    pairs = _candidates(sketches[long], groups[long])
    one, other = long[pairs // len(long)], long[pairs % len(long)] if len(long) else long
    found = compared(sketches, shingles, one, other)
    near = found >= SAME
    one, other, found = one[near], other[near], found[near]
    one, other, found = numpy.r_[one, other], numpy.r_[other, one], numpy.r_[found, found]
    order = numpy.lexsort((other, -found, one))
    _, first = numpy.unique(one[order], return_index=True)
    chosen = order[first]
    best.other[one[chosen]] = other[chosen]
    best.similarity[one[chosen]] = found[chosen]
    return best


def _candidates(sketches: NDArray[numpy.uint16], groups: Indexes) -> Indexes:
    """Pairs of rows that agree on a band, each once, as smaller index × rows + larger index."""
    rows = len(sketches)
    keys = [_band_keys(sketches, groups, band) for band in range(BANDS)]
    pairs = [numpy.empty(0, dtype=numpy.int64)]
    for band, key in enumerate(keys):
        order = numpy.lexsort((keys[(band + 1) % BANDS], key))
        ordered = key[order]
        for distance in range(1, min(NEIGHBOURS, rows - 1) + 1):
            at = numpy.flatnonzero(ordered[distance:] == ordered[:-distance])
            if not len(at):
                break
            one, other = order[at], order[at + distance]
            pairs.append(numpy.minimum(one, other) * rows + numpy.maximum(one, other))
    return numpy.unique(numpy.concatenate(pairs))


def _band_keys(sketches: NDArray[numpy.uint16], groups: Indexes, band: int) -> NDArray[numpy.uint64]:
    """A number for the classes of a band and the group: equal for equal ones, else different but for chance."""
    assert BANDS * BAND_CLASSES <= CLASSES
    key = groups.astype(numpy.uint64)
    for column in range(band * BAND_CLASSES, (band + 1) * BAND_CLASSES):
        key = (key ^ sketches[:, column]) * numpy.uint64(0x9E3779B97F4A7C15)
        key ^= key >> numpy.uint64(29)
    return key
