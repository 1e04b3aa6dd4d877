"""Every view of the DuckDB file, declared once: name, meaning, columns with type and meaning.

Belongs here: the words and types; tests/test_views.py holds them together with the SQL files beside this one. Does not
belong here: the SQL.
"""

from schemas import forms
from schemas.tables import Column
from schemas.views.findings import FINDINGS
from schemas.views.lookup import LOOKUPS
from schemas.views.parts import BLANK, CURRENT, PLACE, View, count, labels, number, report, share

__all__ = ("ALL_VIEWS", "View")

_FORM = (Column("template", "VARCHAR", "Form of the table.", values=("2019", "2021")),)
_STATES = (
    number(
        "cells_blank", "Cells of the row that are empty or hold / — 无 …: they may mean 0, the report does not say so."
    ),
    number("cells_refused", "Cells of the row that could not be read or are missing."),
)


def _application_rows() -> list[str]:
    keys: dict[str, None] = {}
    for template in ("2019", "2021"):
        keys |= dict.fromkeys(row.key for row in forms.form(template, "applications").rows)
    last = ("total_handled", "carried_forward")
    return [key for key in keys if key not in last] + list(last)


def _applications_wide() -> View:
    words = labels("row", "applications")
    outcomes = tuple(count(key, f"{words[key][1]} {BLANK.capitalize()}.") for key in _application_rows())
    applicant = Column(
        "applicant",
        "VARCHAR",
        "Column of the table: total is all applicants.",
        values=tuple(labels("column", "applications")),
    )
    return View(
        "applications_wide",
        "Requests for information (applications, 依申请公开), from 2019: one row per report and applicant column, one column per row of "
        "the form. Always name the applicant: the row total is the sum of the other six, so a sum over all seven rows doubles. For "
        "one row per report: where applicant = 'total' and is_current. total_handled is the sum of the outcome columns before it.",
        (*PLACE, *CURRENT, applicant, *_FORM, *outcomes, *_STATES),
    )


def _disputes_wide() -> View:
    rows, columns = labels("row", "disputes"), labels("column", "disputes")
    form = forms.form("2021", "disputes")
    cells = tuple(
        count(f"{row.key}_{column}", f"{rows[row.key][0]}: {columns[column][1]} {BLANK.capitalize()}.")
        for row in form.rows
        for column in row.column_keys
    )
    return View(
        "disputes_wide",
        "Reviews and lawsuits, from 2019: one row per report (filter is_current), one column per result. …_total includes the other "
        "four, pending cases too: a rate of corrected cases is corrected / (total - pending), both of the same reports.",
        (*PLACE, *CURRENT, *_FORM, *cells, *_STATES),
    )


def _panel() -> View:
    words = {row["indicator_key"]: row for row in forms.read_data("indicator_labels.csv")}
    values = tuple(
        count(row["indicator_key"], words[row["indicator_key"]]["description_en"], row["unit"])
        for row in forms.read_data("indicators.csv")
    )
    body = report(
        "body_id", "report_year", "report_id", "body_name", "body_kind", "admin_level", "scope", "province", "city", "county",
        "region_code", "template",
    )  # fmt: skip
    return View(
        "panel",
        "One row per body and year (the current version of the report), one column per indicator over all forms; reports without a "
        "known body or year are left out. Mind the breaks before 2019 and 2021 (dim_indicators); comparability of each value is in "
        "indicators, and from_prose names those that come from a sentence. Null: the report does not say; it is not 0. Sums over "
        "bodies: one admin_level and body_kind at a time (see reports.scope), and the same bodies every year (is_balanced).",
        (
            *body,
            Column("first_year", "INTEGER", "First year of this body in the panel.", unit="year"),
            Column("last_year", "INTEGER", "Last year of this body in the panel.", unit="year"),
            number("years", "Years of this body in the panel."),
            Column(
                "is_balanced", "BOOLEAN", "The body has every year from the first to the last of the whole dataset."
            ),
            Column("is_balanced_from_2019", "BOOLEAN", "The body has every year from 2019 to the last of the dataset."),
            Column(
                "from_prose",
                "VARCHAR",
                "The indicators of this row whose value is from a sentence, not a table, separated by commas; null if none. A rate of "
                "one of these and a figure of a table mixes sources.",
                True,
            ),
            *values,
        ),
    )


_SMALL = Column(
    "is_small",
    "BOOLEAN",
    "Fewer than 10 requests were handled: a share says little, drop the row or show counts.",
    True,
)
_HANDLED = count("total_handled", "Requests handled in the year: the denominator of all shares of outcomes.")


def _refusal_reasons() -> View:
    return View(
        "refusal_reasons",
        "Why requests were refused, from 2019: one row per report and reason (eight reasons). Current versions only. refused and "
        "total_handled stand eight times for one report: sum refused_for_reason over reasons, or take these two from "
        "outcome_shares.",
        (
            *PLACE,
            Column("reason", "VARCHAR", "Reason: row_key of the applications table.", values=_rows("refused_")),
            Column("reason_zh", "VARCHAR", "Its label in the form."),
            Column("reason_en", "VARCHAR", "Its label in English."),
            count("refused_for_reason", f"Requests refused for this reason; {BLANK}."),
            count(
                "refused",
                "Requests refused for all eight reasons; null unless all eight cells have a number. The same on all eight rows of a "
                "report: never sum it without naming one reason.",
            ),
            count(
                "total_handled", "Requests handled in the year. The same on all eight rows of a report: never sum it."
            ),
            share("share_of_refused", "refused_for_reason / refused."),
            share("share_of_handled", "refused_for_reason / total_handled."),
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
        count(key, f"Requests {words}; null unless all these cells have a number.") for key, words in groups.items()
    )
    shares = tuple(
        share(f"{key.removesuffix('_outcome')}_share", f"Requests {words} / total_handled.")
        for key, words in groups.items()
    )
    return View(
        "outcome_shares",
        "How requests (applications, 依申请公开) ended, from 2019: one row per report (current versions), with shares of total_handled, "
        "and the rates of reviews and lawsuits; all from cells of the report's tables, nothing from prose. Null where a number is "
        "missing or the denominator is 0. For the share of a group never average the shares: divide the sums, with both terms not "
        "null (sum(a) / sum(b) filter (where a is not null)). Reports of 2019 on the form of 2014 have no row.",
        (
            *PLACE,
            *_FORM,
            count("new_received", "Requests newly received in the year."),
            _HANDLED,
            *counts,
            count("reviews_corrected", "Administrative reviews that corrected the body."),
            count(
                "reviews_decided",
                "Administrative reviews decided: total less pending. For a rate of a group divide the sums of the two, where both are not "
                "null, never average the rates.",
            ),
            count("lawsuits_corrected", "Lawsuits, with or without a review before, that corrected the body."),
            count(
                "lawsuits_decided",
                "Lawsuits decided: total less pending. For a rate of a group divide the sums of the two, where both are not null.",
            ),
            *shares,
            share(
                "organisations_share", "Share of new requests from companies and other organisations (five columns)."
            ),
            Column("reviews_per_100_handled", "DOUBLE", "Administrative reviews per 100 requests handled.", True),
            share(
                "review_correction_rate",
                "Reviews that corrected the body / reviews decided (total less pending). For a group divide the sums.",
            ),
            share(
                "litigation_loss_rate",
                "Lawsuits that corrected the body / lawsuits decided (total less pending). For a group divide the sums.",
            ),
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
        "One row per report, all versions: its form and layout, how many cells are in which state, which checks failed. Sort by "
        "errors or cells_unreadable to find reports for a human eye.",
        (
            *report("report_id"),
            Column("path", "VARCHAR", "File it stands in; the first of its paths.", True),
            *report("body_name", "admin_level", "province", "report_year", "template", "layout", "is_current"),
            number("tables", "Tables and sub-tables found."),
            number("tables_complete", "Of these, complete ones."),
            number("cells", "Cells of these tables."),
            *(number(f"cells_{state}", f"Cells whose value_state is {state}.") for state in states),
            number("cells_not_zero", "Cells with a number other than 0. That all are 0 says the view zero_reports."),
            number("errors", "Failed checks of severity error: the report contradicts itself or the year before."),
            number("warnings", "Failed checks of severity warning."),
            Column("failed_checks", "VARCHAR", "Their keys (dim_checks), separated by commas; null if none.", True),
        ),
    )


# A view that reads another one comes after it; the dictionary, which counts them all, comes last.
ALL_VIEWS = (
    _panel(),
    _applications_wide(),
    _disputes_wide(),
    _outcome_shares(),
    _refusal_reasons(),
    *FINDINGS,
    _data_quality(),
    *LOOKUPS,
)
