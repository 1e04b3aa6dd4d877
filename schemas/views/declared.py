"""Every view of the DuckDB file, declared once: name, meaning, columns with type and meaning.

Belongs here: the words and types; tests/test_views.py holds them together with the SQL files beside this one. Does not
belong here: the SQL.
"""

from dataclasses import dataclass
from importlib import resources

from schemas import forms
from schemas.tables import REPORTS, Column

_COUNT = "DECIMAL(18,4)"
_BLANK = "null where the cell has no number"


@dataclass(frozen=True)
class View:
    """One view. `row` says what a row is."""

    name: str
    description: str
    columns: tuple[Column, ...]

    @property
    def sql(self) -> str:
        """The query that makes it."""
        return resources.files("schemas").joinpath("views", f"{self.name}.sql").read_text(encoding="utf-8")


def _report(*names: str) -> tuple[Column, ...]:
    declared = {column.name: column for column in REPORTS.columns}
    return tuple(declared[name] for name in names)


def _labels(kind: str, table_key: str) -> dict[str, tuple[str, str]]:
    """Key → (label, description) in English."""
    return {
        row["key"]: (row["label_en"], row["description_en"])
        for row in forms.read_data("cell_labels_en.csv")
        if (row["kind"], row["table_key"]) == (kind, table_key)
    }


def _count(name: str, description: str, unit: str = "件") -> Column:
    return Column(name, _COUNT, description, True, unit)


def _share(name: str, description: str) -> Column:
    return Column(name, "DOUBLE", description, True, "0 to 1")


def _number(name: str, description: str) -> Column:
    return Column(name, "BIGINT", description)


_PLACE = _report(
    "report_id", "body_id", "body_name", "body_kind", "admin_level", "province", "city", "county", "region_code", "report_year"
)  # fmt: skip
_CURRENT = _report("is_current")
_FORM = (Column("template", "VARCHAR", "Form of the table.", values=("2019", "2021")),)
_STATES = (
    _number(
        "cells_blank", "Cells of the row that are empty or hold / — 无 …: they may mean 0, the report does not say so."
    ),
    _number("cells_refused", "Cells of the row that could not be read or are missing."),
)


def _application_rows() -> list[str]:
    keys: dict[str, None] = {}
    for template in ("2019", "2021"):
        keys |= dict.fromkeys(row.key for row in forms.form(template, "applications").rows)
    last = ("total_handled", "carried_forward")
    return [key for key in keys if key not in last] + list(last)


def _applications_wide() -> View:
    labels = _labels("row", "applications")
    outcomes = tuple(_count(key, f"{labels[key][1]} {_BLANK.capitalize()}.") for key in _application_rows())
    applicant = Column(
        "applicant",
        "VARCHAR",
        "Column of the table: total is all applicants.",
        values=tuple(_labels("column", "applications")),
    )
    return View(
        "applications_wide",
        "Requests for information (applications, 依申请公开), from 2019: one row per report and applicant column, one column per row of the form. For one "
        "row per report: where applicant = 'total' and is_current.",
        (*_PLACE, *_CURRENT, applicant, *_FORM, *outcomes, *_STATES),
    )


def _disputes_wide() -> View:
    rows, columns = _labels("row", "disputes"), _labels("column", "disputes")
    form = forms.form("2021", "disputes")
    cells = tuple(
        _count(f"{row.key}_{column}", f"{rows[row.key][0]}: {columns[column][1]} {_BLANK.capitalize()}.")
        for row in form.rows
        for column in row.column_keys
    )
    return View(
        "disputes_wide",
        "Reviews and lawsuits, from 2019: one row per report, one column per result.",
        (*_PLACE, *_CURRENT, *_FORM, *cells, *_STATES),
    )


def _panel() -> View:
    labels = {row["indicator_key"]: row for row in forms.read_data("indicator_labels.csv")}
    values = tuple(
        _count(row["indicator_key"], labels[row["indicator_key"]]["description_en"], row["unit"])
        for row in forms.read_data("indicators.csv")
    )
    body = _report(
        "body_id", "report_year", "report_id", "body_name", "body_kind", "admin_level", "scope", "province", "city", "county",
        "region_code", "template",
    )  # fmt: skip
    return View(
        "panel",
        "One row per body and year (the current version of the report), one column per indicator over all forms. Mind the breaks "
        "before 2019 and 2021 (dim_indicators); source and comparability of each value are in indicators.",
        (
            *body,
            Column("first_year", "INTEGER", "First year of this body in the panel.", unit="year"),
            Column("last_year", "INTEGER", "Last year of this body in the panel.", unit="year"),
            _number("years", "Years of this body in the panel."),
            Column(
                "is_balanced", "BOOLEAN", "The body has every year from the first to the last of the whole dataset."
            ),
            Column("is_balanced_from_2019", "BOOLEAN", "The body has every year from 2019 to the last of the dataset."),
            *values,
        ),
    )


_SMALL = Column(
    "is_small",
    "BOOLEAN",
    "Fewer than 10 requests were handled: a share says little, drop the row or show counts.",
    True,
)
_HANDLED = _count("total_handled", "Requests handled in the year: the denominator of all shares of outcomes.")


def _refusal_reasons() -> View:
    return View(
        "refusal_reasons",
        "Why requests were refused, from 2019: one row per report and reason (eight reasons). Current versions only.",
        (
            *_PLACE,
            Column("reason", "VARCHAR", "Reason: row_key of the applications table.", values=_rows("refused_")),
            Column("reason_zh", "VARCHAR", "Its label in the form."),
            Column("reason_en", "VARCHAR", "Its label in English."),
            _count("refused_for_reason", f"Requests refused for this reason; {_BLANK}."),
            _count("refused", "Requests refused for all eight reasons; null unless all eight cells have a number."),
            _HANDLED,
            _share("share_of_refused", "refused_for_reason / refused."),
            _share("share_of_handled", "refused_for_reason / total_handled."),
            _SMALL,
        ),
    )


def _rows(prefix: str) -> tuple[str, ...]:
    return tuple(key for key in _application_rows() if key.startswith(prefix))


def _outcome_shares() -> View:
    groups = {
        "granted": "granted fully",
        "partly_granted": "granted in part",
        "refused": "refused (eight rows)",
        "unavailable": "whose information could not be provided (three rows)",
        "not_processed": "not processed (five rows)",
        "other_outcome": "ended otherwise (one row in 2019, three in 2021)",
    }
    counts = tuple(
        _count(key, f"Requests {words}; null unless all these cells have a number.") for key, words in groups.items()
    )
    shares = tuple(
        _share(f"{key.removesuffix('_outcome')}_share", f"Requests {words} / total_handled.")
        for key, words in groups.items()
    )
    return View(
        "outcome_shares",
        "How requests (applications, 依申请公开) ended, from 2019: one row per report (current versions), with shares of total_handled, and the rates of "
        "reviews and lawsuits. Null where a number is missing or the denominator is 0.",
        (
            *_PLACE,
            *_FORM,
            _count("new_received", "Requests newly received in the year."),
            _HANDLED,
            *counts,
            _count("reviews_corrected", "Administrative reviews that corrected the body."),
            _count("reviews_decided", "Administrative reviews decided: total less pending."),
            _count("lawsuits_corrected", "Lawsuits, with or without a review before, that corrected the body."),
            _count("lawsuits_decided", "Lawsuits decided: total less pending. For a rate of a group divide the sums."),
            *shares,
            _share(
                "organisations_share", "Share of new requests from companies and other organisations (five columns)."
            ),
            Column("reviews_per_100_handled", "DOUBLE", "Administrative reviews per 100 requests handled.", True),
            _share("review_correction_rate", "Reviews that corrected the body / reviews decided (total less pending)."),
            _share("litigation_loss_rate", "Lawsuits that corrected the body / lawsuits decided (total less pending)."),
            _SMALL,
            Column(
                "balance_holds",
                "BOOLEAN",
                "New + carried over = handled + carried forward in the total column; null if that cannot be told.",
                True,
            ),
            Column(
                "outcomes_add_up", "BOOLEAN", "The outcomes add up to total_handled; null if that cannot be told.", True
            ),
        ),
    )


def _data_quality() -> View:
    states = ("reported", "blank", "placeholder", "unreadable", "missing", "unrecoverable")
    return View(
        "data_quality",
        "One row per report: its form and layout, how many cells are in which state, which checks failed. Sort by errors or "
        "cells_unreadable to find reports for a human eye.",
        (
            *_report("report_id"),
            Column("path", "VARCHAR", "File it stands in; the first of its paths.", True),
            *_report("body_name", "admin_level", "province", "report_year", "template", "layout", "is_current"),
            _number("tables", "Tables and sub-tables found."),
            _number("tables_complete", "Of these, complete ones."),
            _number("cells", "Cells of these tables."),
            *(_number(f"cells_{state}", f"Cells whose value_state is {state}.") for state in states),
            _number("errors", "Failed checks of severity error: the report contradicts itself or the year before."),
            _number("warnings", "Failed checks of severity warning."),
            Column("failed_checks", "VARCHAR", "Their keys (dim_checks), separated by commas; null if none.", True),
        ),
    )


def _dictionary() -> View:
    return View(
        "dictionary",
        "What every table, view and column of this file means. Start here: select * from dictionary where column_name is null.",
        (
            Column("table_name", "VARCHAR", "Table or view."),
            Column("kind", "VARCHAR", "table or view.", values=("table", "view")),
            Column("column_name", "VARCHAR", "Column; null for the table or view itself.", True),
            Column("type", "VARCHAR", "Type of the column; null for the table or view itself.", True),
            Column("meaning", "VARCHAR", "What it means.", True),
        ),
    )


# A view that reads another one comes after it.
ALL_VIEWS = (
    _applications_wide(),
    _disputes_wide(),
    _panel(),
    _refusal_reasons(),
    _outcome_shares(),
    _data_quality(),
    _dictionary(),
)
