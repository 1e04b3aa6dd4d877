"""One series over all forms: the indicators of one report, from its tables, from its prose, or as sums of cells.

Belongs here: which cell or sentence an indicator's value is taken from. Does not belong here: what the indicators are and
how the forms compare (schemas/series.py), other reports.

A value comes only from cells with a number: a sum only if every part of it has one. A blank is never read as 0, and a
pair of forms that does not compare gives no value (field.md §1.5). This is done report by report in the parse step: the
values depend on one report only, take a few per cent of the time of reading it, and stream with its other rows; the same
in SQL over all cells would have to be done again for all reports at every build.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, Protocol

from pipeline.tabulate.readings import TableReading
from schemas import forms
from schemas.series import Series, all_series
from schemas.tables import GENERATIONS, SOURCES

TABLE, DERIVED, STATEMENT = SOURCES
"""Where a value may come from; the earlier beats the later.

A sum of which every part is printed in the statutory table beats a sentence: its parts are defined by the form, and a rate
of two such sums (lawsuits lost of all lawsuits) then has both its terms from one table. A sentence fills what the table
leaves open, no more.
"""
_RANK = {source: place for place, source in enumerate(SOURCES)}
_YUAN = "元"
_THIS_YEAR = "this_year"
# What a province's own table counts is at best close to what the national forms count (field.md §1.1).
_REGIONAL_AT_BEST = {"exact": "close"}


class Indicator(NamedTuple):
    """One row of the table `indicators`, without the report. The value is in ten-thousandths."""

    indicator_key: str
    value: int
    unit: str
    source: str
    comparability: str


class Figure(Protocol):
    """What is needed of a quantity in the prose: the columns of the table `statements` with these names."""

    @property
    def metric_key(self) -> str | None: ...
    @property
    def value(self) -> int | None: ...
    @property
    def is_approximate(self) -> bool: ...
    @property
    def is_cumulative(self) -> bool: ...
    @property
    def is_plan(self) -> bool: ...
    @property
    def refers_to_year(self) -> int | None: ...


class _Step(NamedTuple):
    """How one indicator is taken from one table of a form: the cells at these places, added up.

    `zero` is the indicator where they are 0, as most are.
    """

    indicator_key: str
    unit: str
    place: int
    others: tuple[int, ...]
    source: str
    comparability: str
    zero: Indicator


def harmonise(
    readings: Sequence[TableReading], figures: Iterable[Figure] = (), report_year: int | None = None
) -> list[Indicator]:
    """The indicators of a report in the order of indicators.csv, at most one row for each.

    Where a report has tables of two forms that print the same indicator, the newer form's value is taken.
    """
    found: dict[str, Indicator] = {}
    make = tuple.__new__  # every report takes this path: the detour of a constructor costs as much as the rest
    for reading in sorted(readings, key=_newest_first):
        if reading.template == "regional":
            _take_regional(reading, found)
            continue
        values = reading.values
        for key, unit, place, others, source, comparability, zero in _steps(
            reading.template, reading.table_key, reading.sub_table
        ):
            value = values[place]
            if value is None or (key in found and (source != TABLE or found[key].source == TABLE)):
                continue
            if others:
                parts = [values[other] for other in others]
                if None in parts:
                    continue
                value += sum(parts)  # type: ignore[arg-type]
            found[key] = make(Indicator, (key, value, unit, source, comparability)) if value else zero
    generation = _generation(readings, report_year)
    if generation is not None:
        _take_prose(_settled(figures, report_year), generation, found)
    return [found[key] for key in _order() if key in found]


@cache
def _order() -> tuple[str, ...]:
    return tuple(series.key for series in all_series())


def _newest_first(reading: TableReading) -> int:
    return -GENERATIONS.index(reading.template) if reading.template in GENERATIONS else 1


def _take(found: dict[str, Indicator], indicator: Indicator) -> None:
    """Keeps the value whose source is the better one; of two from the same source the first."""
    key = indicator[0]
    if key not in found or _RANK[indicator.source] < _RANK[found[key].source]:
        found[key] = indicator


@cache
def _steps(template: str, table_key: str, sub_table: str | None) -> tuple[_Step, ...]:
    """What can be taken from a table: cells are in the order of the form, local rows after them."""
    keys = forms.cell_keys(forms.form(template, table_key, sub_table))
    place_of = {key: place for place, key in enumerate(zip(keys.rows, keys.columns, strict=True))}
    steps = []
    for series in all_series():
        cells = series.cells.get(template, ())
        comparability = series.comparability.get(template)
        places = [place_of.get((row, column)) for table, row, column in cells if table == table_key]
        known = tuple(place for place in places if place is not None)
        if comparability is not None and cells and len(known) == len(cells):
            source = TABLE if len(known) == 1 else DERIVED
            zero = Indicator(series.key, 0, series.unit, source, comparability)
            steps.append(_Step(series.key, series.unit, known[0], known[1:], source, comparability, zero))
    return tuple(steps)


@cache
def _by_metric() -> dict[str, Series]:
    return {series.statement_metric: series for series in all_series() if series.statement_metric}


def _take_regional(reading: TableReading, found: dict[str, Indicator]) -> None:
    """Rows of a province's own table whose key is a metric, this year's column only."""
    for row, column, unit, value in zip(
        reading.row_keys, reading.column_keys, reading.units, reading.values, strict=True
    ):
        series = _by_metric().get(row)
        if series is None or value is None or column != _THIS_YEAR or (unit == _YUAN) != (series.unit == _YUAN):
            continue
        comparability = series.comparability.get(GENERATIONS[0])
        if comparability is not None:
            at_best = _REGIONAL_AT_BEST.get(comparability, comparability)
            _take(found, Indicator(series.key, value, series.unit, TABLE, at_best))


def _generation(readings: Sequence[TableReading], report_year: int | None) -> str | None:
    """Whose terms the prose speaks in: the form of all tables, else the one of the year; None if neither is known."""
    templates = {GENERATIONS[0] if reading.template == "regional" else reading.template for reading in readings}
    if len(templates) == 1:
        return templates.pop()
    if report_year is None:
        return None
    return max((g for g in GENERATIONS if int(g) <= report_year), default=GENERATIONS[0])


def _settled(figures: Iterable[Figure], report_year: int | None) -> dict[str, int]:
    """Metric → value, where the prose says one number for this year and no other."""
    settled: dict[str, int] = {}
    unsettled: set[str] = set()
    for figure in figures:
        metric, value = figure.metric_key, figure.value
        if metric is None or value is None or figure.is_approximate or figure.is_cumulative or figure.is_plan:
            continue
        if figure.refers_to_year in (None, report_year) and settled.setdefault(metric, value) != value:
            unsettled.add(metric)
    return {metric: value for metric, value in settled.items() if metric not in unsettled}


def _take_prose(settled: dict[str, int], generation: str, found: dict[str, Indicator]) -> None:
    """What the prose says counts where no table says it."""
    by_metric = _by_metric_of(generation)
    for metric, value in settled.items():
        said = by_metric.get(metric)
        if said is not None and said[0] not in found:
            key, unit, comparability = said
            found[key] = Indicator(key, value, unit, STATEMENT, comparability)


@cache
def _by_metric_of(generation: str) -> dict[str, tuple[str, str, str]]:
    """Metric → (indicator, unit, comparability) in the terms of a form."""
    return {
        metric: (series.key, series.unit, comparability)
        for metric, series in _by_metric().items()
        if (comparability := series.comparability.get(generation)) is not None
    }
