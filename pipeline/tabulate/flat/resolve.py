"""Digits that run together, told apart by the form's identities: 713000074 is 71 3 0 0 0 0 74.

Belongs here: the joint solution of a whole table (design.md "Resolving row by row lies"). Does not belong here: finding
the digits (gaps.py), what becomes of cells without a solution (rows.py).

A row alone can have one consistent false reading, a table with a row-by-row solution can be a consistent lie. So every
row must have a reading whose parts add to its total, and together the readings must satisfy the sums of outcomes and
the balance in every column; a cell is read only if all joint solutions agree on it. Work is bounded: a table that
needs more is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product

MAX_STEPS = 10_000
"""Steps for one table, some 30 ms: far more than a real table needs, far less than an adversarial one."""
MAX_DIGITS = 60

Reading = tuple[int, ...]


class TooManyReadingsError(Exception):
    """The digits of a table admit more readings than the bound allows to look at."""


class Budget:
    """Steps that are left for one table."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def spend(self) -> None:
        """One step. Raises TooManyReadingsError when none is left."""
        self.steps -= 1
        if self.steps < 0:
            raise TooManyReadingsError


@dataclass(frozen=True)
class Shape:
    """Which rows of a table go into its column identities, as places in the list of rows."""

    new: int
    carried: int
    outcomes: tuple[int, ...]
    handled: int
    forward: int


def row_readings(chunks: Sequence[str], count: int, budget: Budget) -> list[Reading]:
    """Every way to cut the chunks into `count` numbers of which the last is the sum of the others.

    No number has a leading zero or goes over the end of a chunk. Raises TooManyReadingsError.
    """
    digits, ends = _joined(chunks)
    return list(_with_total(digits, ends, 0, len(digits), count, budget))


def _joined(chunks: Sequence[str]) -> tuple[str, set[int]]:
    digits = "".join(chunks)
    if len(digits) > MAX_DIGITS:
        raise TooManyReadingsError
    return digits, set(accumulate(map(len, chunks)))


def _with_total(digits: str, ends: set[int], begin: int, end: int, count: int, budget: Budget) -> Iterator[Reading]:
    """The total comes last: try each length of it, then cut what is before into parts that add to it."""
    for first in range(end - 1, begin + count - 2, -1):
        if digits[first] == "0" and first != end - 1:
            continue
        if any(first < place < end for place in ends):
            return
        total = int(digits[first:end])
        for parts in _parts(digits, ends, begin, first, count - 1, total, budget):
            yield (*parts, total)


def _parts(
    digits: str, ends: set[int], begin: int, end: int, count: int, total: int, budget: Budget
) -> Iterator[Reading]:
    """Cuts digits[begin:end] into `count` numbers that add to `total`."""
    budget.spend()
    if count == 1:
        if begin < end and not (digits[begin] == "0" and end - begin > 1) and not any(begin < e < end for e in ends):
            value = int(digits[begin:end])
            if value == total:
                yield (value,)
        return
    room = end - begin
    if room < count or not _smallest(room, count) <= total <= _largest(room, count):
        return
    last = begin + 1 if digits[begin] == "0" else end - count + 1
    for cut in range(begin + 1, last + 1):
        if any(begin < e < cut for e in ends):
            return
        value = int(digits[begin:cut])
        if value > total:
            return
        for rest in _parts(digits, ends, cut, end, count - 1, total - value, budget):
            yield (value, *rest)


@cache
def _smallest(room: int, count: int) -> int:
    """The least that `count` numbers of together `room` digits can add to: one has at least room / count digits."""
    longest = -(-room // count)
    return int(10 ** (longest - 1)) if longest > 1 else 0


@cache
def _largest(room: int, count: int) -> int:
    """The most that `count` numbers of together `room` digits can add to: one long number of nines, the others 9."""
    return int(10 ** (room - count + 1)) - 1 + 9 * (count - 1)


def joint_readings(candidates: list[list[Reading]], shape: Shape, budget: Budget) -> list[set[Reading]] | None:
    """For each row the readings that occur in some joint solution; None if there is no solution.

    Raises TooManyReadingsError.
    """
    found: list[set[Reading]] = [set() for _ in candidates]
    balance = (shape.new, shape.carried, shape.handled, shape.forward)
    outcomes = sorted(shape.outcomes, key=lambda row: len(candidates[row]))
    outcomes = [row for row in outcomes if len(candidates[row]) > 1]
    certain = [candidates[row][0] for row in shape.outcomes if len(candidates[row]) == 1]
    done = tuple(map(sum, zip(*certain, strict=True))) if certain else (0,) * len(candidates[shape.new][0])
    for new, carried, handled, forward in product(*(candidates[row] for row in balance)):
        budget.spend()
        if any(a + b != c + d for a, b, c, d in zip(new, carried, handled, forward, strict=True)):
            continue
        left = tuple(a - b for a, b in zip(handled, done, strict=True))
        if min(left) < 0:
            continue
        for solution in _outcomes(candidates, outcomes, left, budget):
            for row, reading in zip((*balance, *outcomes), (new, carried, handled, forward, *solution), strict=True):
                found[row].add(reading)
    if not found[shape.new]:
        return None
    for row in shape.outcomes:
        if len(candidates[row]) == 1:
            found[row].add(candidates[row][0])
    return found


def _outcomes(
    candidates: list[list[Reading]], rows: list[int], left: Reading, budget: Budget
) -> Iterator[tuple[Reading, ...]]:
    """Every choice of readings of the outcome rows whose columns add to `left`."""
    if not rows:
        if not any(left):
            yield ()
        return
    for reading in candidates[rows[0]]:
        budget.spend()
        rest = tuple(a - b for a, b in zip(left, reading, strict=True))
        if min(rest) >= 0:
            for others in _outcomes(candidates, rows[1:], rest, budget):
                yield (reading, *others)


def block_readings(chunks: Sequence[str], blocks: int, count: int, budget: Budget) -> list[Reading]:
    """Every way to cut the chunks into `blocks` rows of `count` numbers, each with its total last (disputes).

    Raises TooManyReadingsError.
    """
    digits, ends = _joined(chunks)

    def from_place(begin: int, left: int) -> Iterator[Reading]:
        if left == 0:
            if begin == len(digits):
                yield ()
            return
        for end in range(begin + count, len(digits) - (left - 1) * count + 1):
            for head in _with_total(digits, ends, begin, end, count, budget):
                for rest in from_place(end, left - 1):
                    budget.spend()
                    yield (*head, *rest)

    return list(from_place(0, blocks))
