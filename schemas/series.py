"""The harmonised series as data: where each form prints an indicator, and how its forms compare.

Belongs here: loading data/indicators.csv (contract of the dataset) into frozen objects, the comparability of a form with
the newest form that has the indicator. Does not belong here: values of a report (pipeline/harmonise.py).
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from schemas import forms
from schemas.tables import COMPARABILITIES, GENERATIONS

# Generations of the forms are ordered, oldest first; reports of before 2014 count as the first (field.md §0.2).
# Comparabilities are ordered, best first; a pair of forms classed `none` gives no value at all (field.md §1.5).
_NONE = "none"
_GROUP_OF_COLUMNS = re.compile(r"sum (\w+)\.(\w+) of the five organisation columns")

CellKey = tuple[str, str, str]
"""(table_key, row_key, column_key)."""


@dataclass(frozen=True)
class Series:
    """One indicator. `cells` has, for each generation whose form prints it, the cells that add up to it.

    `comparability` has, for each generation that the series may be filled from, how it compares with the newest.
    """

    key: str
    unit: str
    cells: dict[str, tuple[CellKey, ...]]
    statement_metric: str | None
    comparability: dict[str, str]

    @property
    def starts(self) -> str:
        """The oldest generation of the series."""
        return next(generation for generation in GENERATIONS if generation in self.comparability)

    @property
    def newest(self) -> str:
        """The newest generation that has the indicator."""
        return next(generation for generation in reversed(GENERATIONS) if generation in self.comparability)


@cache
def all_series() -> tuple[Series, ...]:
    """Every series, in the order of indicators.csv."""
    return tuple(_series(row) for row in forms.read_data("indicators.csv"))


def _series(row: dict[str, str]) -> Series:
    cells = {
        generation: _cells(generation, row[f"form_{generation}"])
        for generation in GENERATIONS
        if row[f"form_{generation}"]
    }
    links = (row["compare_2014_2019"], row["compare_2019_2021"])
    metric = row["statement_metric"] or None
    return Series(row["indicator_key"], row["unit"], cells, metric, _comparability(set(cells), metric, links))


def _cells(template: str, words: str) -> tuple[CellKey, ...]:
    """`a.b.total`, `a.b + a.c` (in 2014 without a column), `sum a.b_*.total`, `sum a.b of the five organisation columns`."""
    group = _GROUP_OF_COLUMNS.fullmatch(words)
    if group is not None:
        return _organisation_cells(template, group[1], group[2])
    found: list[CellKey] = []
    for part in words.removeprefix("sum ").split(" + "):
        table_key, row_pattern, column = [*part.split("."), "value"][:3]
        rows = [
            r
            for form in forms.all_forms()
            if (form.template, form.table_key) == (template, table_key)
            for r in form.rows
        ]
        matching = [row.key for row in rows if fnmatchcase(row.key, row_pattern) and column in row.column_keys]
        if not matching:
            raise ValueError(f"indicators.csv: the form of {template} has no cell {part}")
        found += [(table_key, row_key, column) for row_key in matching]
    return tuple(found)


def _organisation_cells(template: str, table_key: str, row_key: str) -> tuple[CellKey, ...]:
    (row,) = (row for row in forms.form(template, table_key).rows if row.key == row_key)
    labels = zip(row.column_keys, row.column_labels, strict=True)
    return tuple((table_key, row_key, key) for key, label in labels if label.startswith(forms.ORGANISATIONS))


def _comparability(printed: set[str], metric: str | None, links: tuple[str, str]) -> dict[str, str]:
    """How each generation compares with the newest that has the indicator: the worst link on the way there.

    The newest is the newest form that prints it; where prose may carry it too, the series goes on as far as no link is
    `none`. An indicator that no form prints begins in the prose of the newest generation.
    """
    newest = max((GENERATIONS.index(generation) for generation in printed), default=len(GENERATIONS) - 1)
    while metric and newest + 1 < len(GENERATIONS) and links[newest] != _NONE:
        newest += 1
    found = {GENERATIONS[newest]: COMPARABILITIES[0]}
    worst = COMPARABILITIES[0]
    for older in range(newest - 1, -1, -1):
        if links[older] == _NONE:
            break
        worst = max(worst, links[older], key=COMPARABILITIES.index)
        if metric or GENERATIONS[older] in printed:
            found[GENERATIONS[older]] = worst
    return found
