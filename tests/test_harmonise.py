"""Indicators: one series over all forms.

Belongs here: indicators.csv as series (schemas/series.py), and which value of a report becomes one (pipeline/harmonise.py).
Does not belong here: reading cells or prose, publishing.
"""

from typing import NamedTuple

import pytest

from pipeline.harmonise import Indicator, harmonise
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import SCALE
from schemas import forms, keys
from schemas.series import all_series

SERIES = {series.key: series for series in all_series()}


class Said(NamedTuple):
    """A quantity of the prose, as far as indicators look at it."""

    metric_key: str | None
    value: int
    is_approximate: bool = False
    is_cumulative: bool = False
    is_plan: bool = False
    refers_to_year: int | None = None


def table(template: str, table_key: str, sub_table: str | None = None, **cells: int | None) -> TableReading:
    """A table of which all cells are 0 but those named `row__column` (None: blank)."""
    form = forms.form(template, table_key, sub_table)
    found = forms.cell_keys(form)
    reading = TableReading(template, table_key, sub_table, "tab_cell")
    reading.row_keys, reading.column_keys = list(found.rows), list(found.columns)
    reading.units = list(found.units)
    reading.values = [0] * len(found.rows)
    for name, value in cells.items():
        row, column = name.split("__")
        place = list(zip(found.rows, found.columns, strict=True)).index((row, column))
        reading.values[place] = None if value is None else value * SCALE
    reading.states = ["blank" if value is None else "reported" for value in reading.values]
    return reading


def found(readings: list[TableReading], said: tuple[Said, ...] = (), year: int | None = 2020) -> dict[str, tuple]:
    """Indicator → (value, source, comparability)."""
    rows = harmonise(readings, said, year)
    assert [row.indicator_key for row in rows] == [key for key in SERIES if key in {row.indicator_key for row in rows}]
    return {row.indicator_key: (row.value / SCALE, row.source, row.comparability) for row in rows}


# -- the series -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "comparability"),
    [
        ("applications_received", {"2014": "close", "2019": "exact", "2021": "exact"}),
        ("granted", {"2014": "partial", "2019": "exact", "2021": "exact"}),
        ("unavailable", {"2019": "exact", "2021": "exact"}),
        ("licensing_decisions", {"2019": "close", "2021": "exact"}),
        ("complaints", {"2014": "close", "2019": "close", "2021": "exact"}),  # a form until 2018, prose since
        ("application_fees", {"2014": "close", "2019": "exact"}),  # not the processing fee of 2021 on
        ("processing_fee_collected", {"2021": "exact"}),
        ("normative_documents_in_force", {"2021": "exact"}),
        ("normative_documents_total_disclosed", {"2019": "exact"}),
    ],
)
def test_comparability_is_with_the_newest_form_that_has_the_indicator(key, comparability):
    assert SERIES[key].comparability == comparability


@pytest.mark.parametrize(
    ("key", "template", "count"),
    [
        ("granted", "2014", 2), ("refused", "2019", 8), ("unavailable", "2021", 3), ("not_processed", "2019", 5),
        ("other_outcome", "2019", 1), ("other_outcome", "2021", 3), ("applications_by_organizations", "2021", 5),
        ("lawsuits", "2021", 2), ("reviews", "2014", 1),
    ],
)  # fmt: skip
def test_sums_have_all_their_cells(key, template, count):
    assert len(set(SERIES[key].cells[template])) == count


def test_every_cell_of_a_series_has_its_unit():
    units = {
        (cell["template"], cell["table_key"], cell["row_key"], cell["column_key"]): cell["unit"]
        for cell in forms.read_data("cells.csv")
    }
    metrics = {metric["metric_key"]: metric["unit"] for metric in forms.read_data("metrics.csv")}
    for series in all_series():
        for template, cells in series.cells.items():
            assert {units[template, *cell] for cell in cells} == {series.unit}, series.key
        assert series.statement_metric is None or metrics[series.statement_metric] == series.unit


def test_a_pair_classed_none_is_never_filled():
    for line, series in zip(forms.read_data("indicators.csv"), all_series(), strict=True):
        for older, newer in (("2014", "2019"), ("2019", "2021")):
            if line[f"compare_{older}_{newer}"] == "none":
                assert not {older, newer} <= set(series.comparability), series.key


def test_breaks_are_where_a_series_goes_on():
    rows = {row["indicator_key"]: row for row in keys.dim_indicators()}
    assert [rows[key]["break_before_2019"] for key in ("reviews", "unavailable")] == [True, False]
    assert [rows[key]["break_before_2021"] for key in ("reviews", "application_fees")] == [True, False]


# -- the values of a report -------------------------------------------------------------------------------------------

APPLICATIONS = ("2019", "applications")


def test_a_value_comes_from_its_cell():
    rows = found([table(*APPLICATIONS, new_received__total=12, carried_over__total=None)])
    assert rows["applications_received"] == (12, "table", "exact")
    assert "applications_carried_over" not in rows


def test_a_sum_needs_every_part():
    full = table(*APPLICATIONS, refused_state_secret__total=1, refused_internal_affairs__total=2)
    assert found([full])["refused"] == (3, "derived", "exact")
    blank = table(*APPLICATIONS, refused_state_secret__total=1, refused_internal_affairs__total=None)
    rows = found([blank])
    assert "refused" not in rows
    assert rows["refused_state_secret"] == (1, "table", "exact")


def test_each_sub_table_speaks_for_its_own_form():
    readings = [
        table(
            "2021",
            "active_disclosure",
            "第二十条第（一）项",
            normative_documents__issued=4,
            normative_documents__in_force=9,
        ),
        table("2019", "active_disclosure", "第二十条第（五）项", licensing__decisions=7),
    ]
    rows = found(readings, year=2021)
    assert rows["normative_documents_issued"] == (4, "table", "exact")
    assert rows["normative_documents_in_force"] == (9, "table", "exact")
    assert rows["licensing_decisions"] == (7, "table", "close")


def test_the_statistics_table_of_2014():
    rows = found([table("2014", "statistics", replies_granted__value=5, replies_already_public__value=2)], year=2016)
    assert rows["granted"] == (7, "derived", "partial")
    assert rows["reviews"] == (0, "table", "close")
    assert "unavailable" not in rows


def test_a_regional_table_gives_this_year_only_and_is_close_at_best():
    reading = TableReading("regional", "statistics_regional", None, "tab_row")
    reading.row_keys = ["disclosed_total", "disclosed_total", "reviews", "x_1"]
    reading.column_keys = ["this_year", "cumulative", "this_year", "this_year"]
    reading.units = ["条", "条", "件", "件"]
    reading.values = [3 * SCALE, 90 * SCALE, None, 5 * SCALE]
    assert found([reading], year=2011) == {"disclosed_total": (3, "table", "close")}


PROSE = [
    ("a figure", (Said("reviews", 2 * SCALE),), 2016, (2, "statement", "close")),
    ("the same figure twice", (Said("reviews", SCALE), Said("reviews", SCALE)), 2016, (1, "statement", "close")),
    (
        "a year that is known to be this one",
        (Said("reviews", SCALE, refers_to_year=2016),),
        2016,
        (1, "statement", "close"),
    ),
    ("two figures", (Said("reviews", SCALE), Said("reviews", 2 * SCALE)), 2016, None),
    ("last year's", (Said("reviews", SCALE, refers_to_year=2015),), 2016, None),
    ("approximate", (Said("reviews", SCALE, is_approximate=True),), 2016, None),
    ("cumulative", (Said("reviews", SCALE, is_cumulative=True),), 2016, None),
    ("a plan", (Said("reviews", SCALE, is_plan=True),), 2016, None),
    ("an unknown year", (Said("reviews", SCALE),), None, None),
    ("without a key", (Said(None, SCALE),), 2016, None),
]


@pytest.mark.parametrize(("said", "year", "expected"), [case[1:] for case in PROSE], ids=[case[0] for case in PROSE])
def test_prose(said, year, expected):
    assert found([], said, year).get("reviews") == expected


def test_prose_of_a_form_that_does_not_compare_gives_nothing():
    said = (Said("applications_unavailable", SCALE), Said("processing_fee_collected", SCALE))
    assert found([], said, 2016) == {}
    assert found([], said, 2021)["processing_fee_collected"] == (1, "statement", "exact")


def test_prose_fills_what_the_table_leaves_blank_and_nothing_else():
    said = (Said("applications_received", 8 * SCALE), Said("applications_handled", 7 * SCALE))
    rows = found([table(*APPLICATIONS, new_received__total=12, total_handled__total=None)], said)
    assert rows["applications_received"] == (12, "table", "exact")
    assert rows["applications_handled"] == (7, "statement", "exact")


def test_a_sum_of_printed_cells_beats_a_sentence_and_a_sentence_beats_a_sum_with_a_blank():
    """Both terms of a loss rate come from one table where it prints them."""
    said = (Said("lawsuits", 9 * SCALE), Said("lawsuits_lost", 4 * SCALE))
    disputes = ("2019", "disputes")
    printed = {"litigation_direct__total": 2, "litigation_after_review__total": 1, "litigation_direct__corrected": 1}
    rows = found([table(*disputes, **printed)], said)
    assert rows["lawsuits"] == (3, "derived", "exact")
    assert rows["lawsuits_corrected"] == (1, "derived", "exact")
    rows = found([table(*disputes, **printed | {"litigation_after_review__total": None})], said)
    assert rows["lawsuits"] == (9, "statement", "exact")


def test_rows_are_those_of_the_table():
    assert isinstance(harmonise([table(*APPLICATIONS)], (), 2020)[0], Indicator)
