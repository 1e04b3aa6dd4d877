"""How one identity is evaluated when some of its cells are blank or refused.

Belongs here: sums over cells with states, and the row that says what came out. Does not belong here: any identity.

Blank addends may be read as 0, a blank total never; a cell that was refused makes the identity not assessable
(contract "checks", field.md §0.1 no. 3).
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from schemas import forms

EMPTY = frozenset({"blank", "placeholder"})


class Check(NamedTuple):
    """One row of the table `checks`, without the report. Values are in ten-thousandths."""

    check_key: str
    table_key: str | None
    row_key: str | None
    column_key: str | None
    severity: str
    outcome: str
    left_value: int | None
    right_value: int | None
    difference: int | None
    detail: str | None


Head = tuple[str, str | None, str | None, str | None, str]
"""The first five fields of a Check."""


class Term(NamedTuple):
    """A cell in an identity."""

    value: int | None
    state: str


@cache
def severities() -> dict[str, str]:
    """Severity of every check."""
    return {check["check_key"]: check["severity"] for check in forms.read_data("checks.csv")}


def equal(left: int, right: int) -> bool:
    """left = right."""
    return left == right


def at_most(left: int, right: int) -> bool:
    """left ≤ right."""
    return left <= right


def at_least(left: int, right: int) -> bool:
    """left ≥ right."""
    return left >= right


def compare(
    where: tuple[str, str | None, str | None, str | None],
    left: Iterable[Term],
    right: Iterable[Term],
    totals: Iterable[Term] = (),
    holds: Callable[[int, int], bool] = equal,
) -> Check:
    """Evaluates "sum of left `holds` sum of right"; `totals` are those of the terms that may not be blank.

    `where` is (check_key, table_key, row_key, column_key).
    """
    severity = severities()[where[0]]
    left_sum, left_blank = _sum(left)
    right_sum, right_blank = _sum(right)
    if left_sum is None or right_sum is None:
        return Check(*where, severity, "not_assessable", None, None, None, "a cell could not be read")
    if any(total.value is None for total in totals):
        return Check(*where, severity, "not_assessable", None, None, None, "the total is blank")
    blank = left_blank or right_blank
    if not holds(left_sum, right_sum):
        outcome, detail = "fail", "blank cells read as 0" if blank else None
    else:
        outcome, detail = ("pass_blank_as_zero", None) if blank else ("pass", None)
    return Check(*where, severity, outcome, left_sum, right_sum, left_sum - right_sum, detail)


def _sum(terms: Iterable[Term]) -> tuple[int | None, bool]:
    """(sum, whether a blank was read as 0); (None, …) if a term was refused."""
    total, blank = 0, False
    for value, state in terms:
        if value is not None:
            total += value
        elif state in EMPTY:
            blank = True
        else:
            return None, blank
    return total, blank


def verdict(
    where: tuple[str, str | None, str | None, str | None],
    holds: bool | None,
    left: int | None = None,
    right: int | None = None,
    detail: str | None = None,
) -> Check:
    """A check that is no comparison of sums: `holds` None means not assessable."""
    outcome = "not_assessable" if holds is None else "pass" if holds else "fail"
    difference = left - right if left is not None and right is not None else None
    # As in `plain`: most checks are made here, and the detour of a constructor costs as much as the rest.
    return tuple.__new__(Check, (*where, severities()[where[0]], outcome, left, right, difference, detail))


def head(check_key: str, table_key: str | None, row_key: str | None, column_key: str | None) -> Head:
    """What is known of a check before it is evaluated."""
    return check_key, table_key, row_key, column_key, severities()[check_key]


def plain(begin: Head, holds: bool, left: int, right: int) -> Check:
    """A check all of whose terms are numbers: the common case, made without the detour of a constructor."""
    return tuple.__new__(Check, (*begin, "pass" if holds else "fail", left, right, left - right, None))
