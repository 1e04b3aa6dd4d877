"""Every reading that the identities of a form leave to a run of digits.

Here belongs the exhaustive enumeration by which the truth about glued layouts is settled: rows into seven numbers,
section three as a whole (row sums, outcomes, balance), section four into fifteen numbers. Nothing is shared with the
parser. The search is bounded; where the bound is reached, nothing is said to be known.

A run is a string of ASCII digits and blanks; a blank is a boundary, no number begins with a superfluous zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

MAX_ROW_READINGS = 600
MAX_SUMS = 30_000
MAX_STEPS = 20_000
_BASE = 10**9

Reading = tuple[int, ...]


class TooManyError(Exception):
    """More readings than the enumeration is allowed to keep."""


def _runs(text: str) -> tuple[str, frozenset[int]]:
    """The digits of a run and the positions at which a blank forces a boundary."""
    digits, walls = "", set()
    for piece in text.split():
        digits += piece
        walls.add(len(digits))
    return digits, frozenset(walls)


def _ends(digits: str, walls: frozenset[int], at: int, longest: int) -> range:
    """The places at which a number that begins at `at` may end."""
    if digits[at] == "0":
        return range(at + 1, at + 2)
    last = min(len(digits), at + longest)
    for end in range(at + 1, last):
        if end in walls:
            return range(at + 1, end + 1)
    return range(at + 1, last + 1)


def _is_number(digits: str, walls: frozenset[int], at: int, end: int) -> bool:
    return at < end and (digits[at] != "0" or end == at + 1) and not any(at < wall < end for wall in walls)


@lru_cache(maxsize=50_000)
def summing_rows(text: str) -> tuple[Reading, ...]:
    """All readings of a run as six numbers and their sum."""
    digits, walls = _runs(text)
    found: list[Reading] = []
    parts: list[int] = []
    steps = 0

    def go(at: int, end: int, rest: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps > MAX_STEPS:
            raise TooManyError(text)
        missing = 6 - len(parts)
        if missing == 1:
            if digits[at:end] == str(rest) and _is_number(digits, walls, at, end):
                found.append((*parts, rest, total))
                if len(found) > MAX_ROW_READINGS:
                    raise TooManyError(text)
            return
        room = end - at
        # One of the numbers has at least room / missing digits; a longer number than the rest is too large.
        if room < missing or (room > missing and 10 ** (-(-room // missing) - 1) > rest):
            return
        for stop in _ends(digits, walls, at, min(len(str(rest)), room - missing + 1)):
            number = int(digits[at:stop])
            if number > rest:
                break
            parts.append(number)
            go(stop, end, rest - number, total)
            parts.pop()

    for end in range(6, len(digits)):
        if _is_number(digits, walls, end, len(digits)):
            total = int(digits[end:])
            go(0, end, total, total)
    return tuple(found)


def is_forced(text: str, count: int) -> bool:
    """Whether a run is `count` numbers even if blank cells may have vanished without a trace."""
    pieces = text.split()
    if len(pieces) == count:
        return all(piece == "0" or piece[0] != "0" for piece in pieces)
    digits = "".join(pieces)
    return len(digits) == count and set(digits) == {"0"}


def _code(reading: Reading) -> int:
    """The six applicant columns as one number, so that adding readings adds columns."""
    code = 0
    for number in reading[:6]:
        code = code * _BASE + number
    return code


def _agreed(readings: Sequence[Reading]) -> tuple[int | None, ...]:
    return tuple(values[0] if len(set(values)) == 1 else None for values in zip(*readings, strict=True))


def solve_applications(runs: Mapping[str, str], outcomes: Sequence[str]) -> dict[str, tuple[int | None, ...]] | None:
    """The cells on which all joint readings of section three agree (None where they do not).

    Gives None if there is no joint reading, or too many to look at.
    """
    try:
        # The longest runs first: they are the ones that may have too many readings.
        rows = {name: summing_rows(runs[name]) for name in sorted(runs, key=lambda name: -len(runs[name]))}
    except TooManyError:
        return None
    if not all(rows.values()):
        return None
    coded = {name: {_code(reading): reading for reading in readings} for name, readings in rows.items()}
    balanced = [
        (new, carried, handled, forward)
        for new in coded["new_received"]
        for carried in coded["carried_over"]
        for handled in coded["total_handled"]
        if (forward := new + carried - handled) in coded["carried_forward"]
    ]
    prefixes: list[set[int]] = [{0}]
    for name in outcomes:
        prefixes.append({before + code for before in prefixes[-1] for code in coded[name]})
        if len(prefixes[-1]) > MAX_SUMS:
            return None
    balanced = [found for found in balanced if found[2] in prefixes[-1]]
    if not balanced:
        return None
    keep: dict[str, list[Reading]] = {}
    for position, name in enumerate(("new_received", "carried_over", "total_handled", "carried_forward")):
        keep[name] = [coded[name][code] for code in {found[position] for found in balanced}]
    wanted = {found[2] for found in balanced}
    for at in range(len(outcomes) - 1, -1, -1):
        name = outcomes[at]
        pairs = [(code, rest - code) for rest in wanted for code in coded[name] if rest - code in prefixes[at]]
        keep[name] = [coded[name][code] for code in {code for code, _ in pairs}]
        wanted = {before for _, before in pairs}
    return {name: _agreed(readings) for name, readings in keep.items()}


@lru_cache(maxsize=10_000)
def solve_disputes(text: str) -> tuple[int | None, ...] | None:
    """The cells on which all readings of section four agree: three blocks of four results and their sum."""
    digits, walls = _runs(text)
    found: list[Reading] = []
    steps = 0

    def go(at: int, parts: Reading) -> None:
        nonlocal steps
        steps += 1
        if steps > MAX_STEPS or len(found) > MAX_ROW_READINGS:
            raise TooManyError(text)
        missing = 15 - len(parts)
        if missing == 0:
            if at == len(digits):
                found.append(parts)
            return
        room = len(digits) - at
        if room < missing:
            return
        if len(parts) % 5 == 4:
            total = sum(parts[-4:])
            end = at + len(str(total))
            if digits[at:end] == str(total) and _is_number(digits, walls, at, end):
                go(end, (*parts, total))
            return
        # The sum of the block has at least as many digits as each of its parts.
        for end in _ends(digits, walls, at, (room - missing) // 2 + 1):
            go(end, (*parts, int(digits[at:end])))

    try:
        go(0, ())
    except TooManyError:
        return None
    return _agreed(found) if found else None
