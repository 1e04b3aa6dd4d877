"""Every check that this version evaluates: holding, broken, with a blank read as 0, and not assessable (field.md §2).

Belongs here: small reports with given figures and what their checks must say. Does not belong here: how figures are
read (test_grid_tables.py), which check is about what (schemas/data/checks.csv).
"""

import csv

import pytest
from report_text import ROOT, blocks, filled, numbered, tab_cell, tab_row, tables

from pipeline.check.prose import PROSE_CHECKS
from pipeline.check.report import EVALUATED, check_report

PASS, FAIL, BLANK, NONE = "pass", "fail", "pass_blank_as_zero", "not_assessable"
BLANK_OR_NONE = {BLANK, NONE}
"""A rule that is no sum may do either with a blank (contract "checks": may be read as 0), but never pass or fail."""
WORDS = "详见附件"
"""A cell that is refused."""

SPLIT = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organization", "total")


def applications(column="total", **rows):
    return {("applications", row, column): text for row, text in rows.items()}


def row(name, *texts, table="applications", columns=SPLIT):
    return {(table, name, column): text for column, text in zip(columns, texts, strict=False)}


def active(name, **columns):
    return {("active_disclosure", name, column): text for column, text in columns.items()}


def disputes(name, **columns):
    return {("disputes", name, column): text for column, text in columns.items()}


def statistics(**rows):
    return {("statistics", name, "value"): text for name, text in rows.items()}


IN_BALANCE = {"new_received": "8", "carried_over": "1", "total_handled": "7", "carried_forward": "2", "granted": "7"}
FOUR = {"upheld": "1", "corrected": "2", "other_result": "3", "pending": "4"}
REPLIES = {"replies_already_public": "1", "replies_granted": "2", "replies_refused": "3", "replies_total": "6"}
REFUSED = {"refused_privacy": "1", "refused_other_law": "2", "replies_refused": "3"}
COUNTY, TOWN, CITY_OFFICE = ("government", "county"), ("township", "township"), ("department", "city")
MINISTRY, PROVINCE, UNKNOWN = ("department", "national"), ("government", "province"), ("unknown", "unknown")

# (check, form, figures other than 0, row of the check, column of the check, what must come out[, body])
CASES = [
    ("applications_balance", "2019", applications(**IN_BALANCE), None, "total", PASS),
    ("applications_balance", "2021", applications("business", **IN_BALANCE), None, "business", PASS),
    ("applications_balance", "2019", applications(new_received="8"), None, "total", FAIL),
    ("applications_balance", "2019", applications(carried_forward="1"), None, "total", FAIL),
    ("applications_balance", "2019", applications(**IN_BALANCE | {"carried_over": "", "new_received": "9"}), None, "total", BLANK),
    ("applications_balance", "2019", applications(**IN_BALANCE | {"carried_over": "/", "new_received": "9"}), None, "total", BLANK),
    ("applications_balance", "2019", applications(new_received="8", carried_over=""), None, "total", FAIL),
    ("applications_balance", "2019", applications(**IN_BALANCE | {"total_handled": ""}), None, "total", NONE),
    ("applications_balance", "2019", applications(**IN_BALANCE | {"new_received": WORDS}), None, "total", NONE),
    ("applications_row_total", "2019", row("granted", "1", "2", "3", "4", "5", "6", "21"), "granted", None, PASS),
    ("applications_row_total", "2019", row("granted", "1", "2", "3", "4", "5", "6", "22"), "granted", None, FAIL),
    ("applications_row_total", "2021", row("other_reason", "1", "0", "0", "0", "0", "0", "0"), "other_reason", None, FAIL),
    ("applications_row_total", "2019", row("granted", "1", "", "", "", "", "6", "7"), "granted", None, BLANK),
    ("applications_row_total", "2019", row("granted", "1", "2", "3", "4", "5", "6", ""), "granted", None, NONE),
    ("applications_row_total", "2019", row("granted", "1", WORDS, "3", "4", "5", "6", "21"), "granted", None, NONE),
    ("applications_outcomes_sum", "2019", applications(granted="1", partly_granted="1", other="1", total_handled="3"), None, "total", PASS),
    ("applications_outcomes_sum", "2021", applications(granted="1", other_reason="1", other_fee_overdue="1", total_handled="3"), None, "total", PASS),
    ("applications_outcomes_sum", "2019", applications(granted="6", refused_state_secret="2", total_handled="0"), None, "total", FAIL),
    ("applications_outcomes_sum", "2019", applications(granted="1", other="", total_handled="1"), None, "total", BLANK),
    ("applications_outcomes_sum", "2019", applications(granted="1", other="1", total_handled=""), None, "total", NONE),
    ("applications_outcomes_sum", "2019", applications(granted="1", other=WORDS, total_handled="1"), None, "total", NONE),
    ("applications_not_negative_integer", "2019", applications(granted="-1"), "granted", "total", FAIL),
    ("applications_not_negative_integer", "2019", applications("research", granted="1.5"), "granted", "research", FAIL),
    ("applications_not_negative_integer", "2019", applications(granted="12.0"), "granted", "total", None),
    ("applications_not_negative_integer", "2019", applications(granted=""), "granted", "total", None),
    ("applications_not_negative_integer", "2019", applications(granted=WORDS), "granted", "total", None),
    ("applications_total_not_filled", "2019", applications(granted="6", total_handled="6"), None, "total", PASS),
    ("applications_total_not_filled", "2019", applications(granted="6", total_handled="0"), None, "total", FAIL),
    ("applications_total_not_filled", "2019", applications(granted="6", partly_granted="", total_handled="0"), None, "total", FAIL),
    ("applications_total_not_filled", "2019", applications(partly_granted="", total_handled="0"), None, "total", BLANK_OR_NONE),
    ("applications_total_not_filled", "2019", applications(granted="6", total_handled=""), None, "total", NONE),
    ("applications_total_not_filled", "2019", applications(granted=WORDS, total_handled="0"), None, "total", NONE),
    ("applications_carried_forward_bound", "2019", applications(new_received="3", carried_forward="3"), None, "total", PASS),
    ("applications_carried_forward_bound", "2019", applications(new_received="3", carried_forward="4"), None, "total", FAIL),
    ("applications_carried_forward_bound", "2019", applications(new_received="3", carried_over="", carried_forward="3"), None, "total", BLANK),
    ("applications_carried_forward_bound", "2019", applications(new_received=WORDS, carried_forward="3"), None, "total", NONE),
    ("applications_row_total_missing", "2019", row("granted", "1", "0", "0", "0", "0", "0", "1"), "granted", None, PASS),
    ("applications_row_total_missing", "2019", row("granted", "1", "0", "0", "0", "0", "0", "0"), "granted", None, FAIL),
    ("applications_row_total_missing", "2019", row("granted", "1", "0", "0", "0", "0", "0", ""), "granted", None, FAIL),
    ("applications_row_total_missing", "2019", row("granted", "1", "", "", "", "", "", "/"), "granted", None, FAIL),
    ("applications_row_total_missing", "2019", row("granted", "1", "0", "0", "0", "0", "0", WORDS), "granted", None, NONE),
    ("applications_nothing_handled", "2019", applications(new_received="3", granted="1"), None, "total", PASS),
    ("applications_nothing_handled", "2019", applications(new_received="3", carried_forward="3"), None, "total", PASS),
    ("applications_nothing_handled", "2019", applications(new_received="3"), None, "total", FAIL),
    ("applications_nothing_handled", "2019", applications(new_received="3", granted=""), None, "total", BLANK_OR_NONE),
    ("applications_nothing_handled", "2019", applications(new_received="3", granted=WORDS), None, "total", NONE),
    ("applications_nothing_handled", "2019", applications(new_received=WORDS), None, "total", NONE),
    ("disputes_total", "2019", disputes("review", **FOUR, total="10"), "review", None, PASS),
    ("disputes_total", "2021", disputes("litigation_direct", **FOUR, total="9"), "litigation_direct", None, FAIL),
    ("disputes_total", "2019", disputes("litigation_after_review", total="1"), "litigation_after_review", None, FAIL),
    ("disputes_total", "2019", disputes("review", **FOUR | {"pending": ""}, total="6"), "review", None, BLANK),
    ("disputes_total", "2019", disputes("review", **FOUR, total=""), "review", None, NONE),
    ("disputes_total", "2019", disputes("review", **FOUR | {"upheld": WORDS}, total="10"), "review", None, NONE),
    ("disclosed_not_above_made", "2019", active("regulations", newly_made="3", newly_disclosed="3", total_disclosed="3"), "regulations", None, PASS),
    ("disclosed_not_above_made", "2019", active("normative_documents", newly_made="3", newly_disclosed="4"), "normative_documents", None, FAIL),
    ("disclosed_not_above_made", "2019", active("regulations", newly_made="", newly_disclosed="3"), "regulations", None, BLANK_OR_NONE),
    ("disclosed_not_above_made", "2019", active("regulations", newly_made=WORDS, newly_disclosed="3"), "regulations", None, NONE),
    ("stock_not_below_new", "2019", active("regulations", newly_disclosed="3", total_disclosed="3"), "regulations", None, PASS),
    ("stock_not_below_new", "2019", active("regulations", newly_disclosed="3", total_disclosed="2"), "regulations", None, FAIL),
    ("stock_not_below_new", "2019", active("regulations", newly_disclosed="", total_disclosed="2"), "regulations", None, BLANK_OR_NONE),
    ("stock_not_below_new", "2019", active("regulations", newly_disclosed="3", total_disclosed=""), "regulations", None, NONE),
    ("items_not_negative", "2019", active("licensing", items_last_year="2", items_change="减2"), "licensing", None, PASS),
    ("items_not_negative", "2019", active("administrative_fees", items_last_year="2", items_change="-3"), "administrative_fees", None, FAIL),
    ("items_not_negative", "2019", active("penalties", items_last_year="2", items_change=""), "penalties", None, BLANK_OR_NONE),
    ("items_not_negative", "2019", active("penalties", items_last_year=WORDS, items_change="-3"), "penalties", None, NONE),
    ("decisions_without_items", "2019", active("licensing", items_last_year="2", decisions="9"), "licensing", None, PASS),
    ("decisions_without_items", "2019", active("licensing", items_last_year="2", items_change="-2", decisions="9"), "licensing", None, FAIL),
    ("decisions_without_items", "2019", active("coercive_measures", items_last_year="", decisions="9"), "coercive_measures", None, BLANK_OR_NONE),
    ("decisions_without_items", "2019", active("licensing", items_last_year="2", decisions=WORDS), "licensing", None, NONE),
    ("in_force_not_below_issued", "2021", active("normative_documents", issued="5", repealed="2", in_force="3"), "normative_documents", None, PASS),
    ("in_force_not_below_issued", "2021", active("normative_documents", issued="5", repealed="1", in_force="3"), "normative_documents", None, FAIL),
    ("in_force_not_below_issued", "2021", active("regulations", issued="5", repealed="", in_force="5"), "regulations", None, BLANK_OR_NONE),
    ("in_force_not_below_issued", "2021", active("regulations", issued="5", repealed="1", in_force=WORDS), "regulations", None, NONE),
    ("regulations_by_body_without_power", "2019", active("regulations", newly_made="1"), "regulations", None, PASS, PROVINCE),
    ("regulations_by_body_without_power", "2019", active("regulations", newly_made="1"), "regulations", None, PASS, MINISTRY),
    ("regulations_by_body_without_power", "2019", {}, "regulations", None, PASS, COUNTY),
    ("regulations_by_body_without_power", "2019", active("regulations", total_disclosed="6"), "regulations", None, FAIL, COUNTY),
    ("regulations_by_body_without_power", "2021", active("regulations", in_force="6"), "regulations", None, FAIL, TOWN),
    ("regulations_by_body_without_power", "2019", active("regulations", newly_made="1"), "regulations", None, FAIL, CITY_OFFICE),
    ("regulations_by_body_without_power", "2019", active("regulations", newly_made="1"), "regulations", None, NONE, UNKNOWN),
    ("regulations_by_body_without_power", "2019", active("regulations", newly_made="", newly_disclosed="", total_disclosed=""), "regulations", None, BLANK_OR_NONE, COUNTY),
    ("implausible_amount", "2019", active("penalties", decisions="100001"), "penalties", "decisions", FAIL, TOWN),
    ("implausible_amount", "2019", active("procurement", amount="1000001万元"), "procurement", "amount", FAIL, TOWN),
    ("implausible_amount", "2021", active("administrative_fees", amount="1000001"), "administrative_fees", "amount", FAIL, ("public_institution", "county")),
    ("implausible_amount", "2019", active("penalties", decisions="100000"), "penalties", "decisions", None, TOWN),
    ("implausible_amount", "2019", active("penalties", decisions="100001"), "penalties", "decisions", None, COUNTY),
    ("implausible_amount", "2019", active("penalties", decisions=""), "penalties", "decisions", None, TOWN),
    ("procurement_consistency", "2019", active("procurement", projects="2", amount="30元"), "procurement", None, PASS),
    ("procurement_consistency", "2019", {}, "procurement", None, PASS),
    ("procurement_consistency", "2019", active("procurement", projects="2", amount="0"), "procurement", None, FAIL),
    ("procurement_consistency", "2019", active("procurement", projects="0", amount="30元"), "procurement", None, FAIL),
    ("procurement_consistency", "2019", active("procurement", projects="", amount="0"), "procurement", None, BLANK_OR_NONE),
    ("procurement_consistency", "2019", active("procurement", projects="2", amount="8040"), "procurement", None, NONE),
    ("statistics_received_sum", "2014", statistics(applications_received="3", applications_by_fax="1", applications_online="2"), None, None, PASS),
    ("statistics_received_sum", "2014", statistics(applications_received="3", applications_by_fax="1"), None, None, FAIL),
    ("statistics_received_sum", "2014", statistics(applications_received="3", applications_by_fax="3", applications_online=""), None, None, BLANK),
    ("statistics_received_sum", "2014", statistics(applications_received="", applications_by_fax="3"), None, None, NONE),
    ("statistics_closed_sum", "2014", statistics(applications_closed="3", applications_closed_on_time="2", applications_closed_extended="1"), None, None, PASS),
    ("statistics_closed_sum", "2014", statistics(applications_closed="3", applications_closed_on_time="2"), None, None, FAIL),
    ("statistics_closed_sum", "2014", statistics(applications_closed="2", applications_closed_on_time="2", applications_closed_extended=""), None, None, BLANK),
    ("statistics_closed_sum", "2014", statistics(applications_closed="2", applications_closed_on_time=WORDS), None, None, NONE),
    ("statistics_replies_sum", "2014", statistics(**REPLIES), None, None, PASS),
    ("statistics_replies_sum", "2014", statistics(**REPLIES | {"replies_other_channel": "1"}), None, None, FAIL),
    ("statistics_replies_sum", "2014", statistics(**REPLIES | {"replies_other_channel": ""}), None, None, BLANK),
    ("statistics_replies_sum", "2014", statistics(**REPLIES | {"replies_total": "/"}), None, None, NONE),
    ("statistics_refusals_sum", "2014", statistics(**REFUSED), None, None, PASS),
    ("statistics_refusals_sum", "2014", statistics(**REFUSED | {"refused_trade_secret": "1"}), None, None, FAIL),
    ("statistics_refusals_sum", "2014", statistics(**REFUSED | {"refused_trade_secret": ""}), None, None, BLANK),
    ("statistics_refusals_sum", "2014", statistics(**REFUSED | {"refused_privacy": WORDS}), None, None, NONE),
    ("statistics_disputes_sum", "2014", statistics(review_total="3", review_upheld="1", review_other="2"), "review_total", None, PASS),
    ("statistics_disputes_sum", "2014", statistics(litigation_total="3", litigation_corrected="1"), "litigation_total", None, FAIL),
    ("statistics_disputes_sum", "2014", statistics(review_total="1", review_upheld="1", review_other=""), "review_total", None, BLANK),
    ("statistics_disputes_sum", "2014", statistics(litigation_total="", litigation_other="2"), "litigation_total", None, NONE),
    ("statistics_staff_sum", "2014", statistics(staff_total="3", staff_full_time="1", staff_part_time="2"), None, None, PASS),
    ("statistics_staff_sum", "2014", statistics(staff_total="3", staff_full_time="1"), None, None, FAIL),
    ("statistics_staff_sum", "2014", statistics(staff_total="3", staff_full_time="3", staff_part_time=""), None, None, BLANK),
    ("statistics_staff_sum", "2014", statistics(staff_total="", staff_full_time="3"), None, None, NONE),
    ("statistics_channel_bounds", "2014", statistics(disclosed_total="5", channel_website="5", channel_weibo="3"), None, None, PASS),
    ("statistics_channel_bounds", "2014", statistics(disclosed_total="4", channel_website="5", channel_weibo="3"), None, None, FAIL),
    ("statistics_channel_bounds", "2014", statistics(disclosed_total="9", channel_website="5", channel_weibo="3"), None, None, FAIL),
    ("statistics_channel_bounds", "2014", statistics(disclosed_total="5", channel_website="5", channel_weibo=""), None, None, BLANK_OR_NONE),
    ("statistics_channel_bounds", "2014", statistics(disclosed_total=WORDS, channel_website="5"), None, None, NONE),
    ("statistics_chief_bounds", "2014", statistics(press_conferences="2", press_conferences_by_chief="2"), "press_conferences_by_chief", None, PASS),
    ("statistics_chief_bounds", "2014", statistics(online_interviews="2", online_interviews_by_chief="3"), "online_interviews_by_chief", None, FAIL),
    ("statistics_chief_bounds", "2014", statistics(press_conferences="2", press_conferences_by_chief=""), "press_conferences_by_chief", None, BLANK),
    ("statistics_chief_bounds", "2014", statistics(press_conferences="", press_conferences_by_chief="1"), "press_conferences_by_chief", None, NONE),
]  # fmt: skip


def checks(template, figures, body=UNKNOWN, layout=tab_cell):
    text = layout(blocks(template, filled(template) | figures))
    return check_report(tables(text), *body)


def outcome(found, check_key, row_key, column_key):
    hits = [c.outcome for c in found if (c.check_key, c.row_key, c.column_key) == (check_key, row_key, column_key)]
    assert len(hits) <= 1
    return hits[0] if hits else None


def named(case, number):
    """The same name in every process of a test run: a set comes in another order in each."""
    expected = " or ".join(sorted(case[5])) if isinstance(case[5], set) else case[5]
    return f"{case[0]}-{expected}-{number}"


@pytest.mark.parametrize("case", CASES, ids=[named(case, number) for number, case in enumerate(CASES)])
def test_check(case):
    check_key, template, figures, row_key, column_key, expected, *body = case
    found = outcome(checks(template, figures, *body), check_key, row_key, column_key)
    assert found in (expected if isinstance(expected, set) else {expected})


def test_every_check_has_all_its_cases():
    """A check of single cells has a row only where it does not pass; those below have tests of their own."""
    own_tests = {"table_completeness", "applications_group_subtotal", "duplicate_table_conflict"}
    own_tests |= {"year_consistency", "required_sections", "late_publication", "manifest_conflict"}  # not of tables
    own_tests |= set(PROSE_CHECKS)
    assert {case[0] for case in CASES} == EVALUATED - own_tests
    per_cell = {"applications_not_negative_integer", "implausible_amount"}
    no_blank = {"applications_row_total_missing"}  # a blank total is what it is about
    for key in EVALUATED - own_tests:
        outcomes = {
            outcome
            for case in CASES
            if case[0] == key
            for outcome in (case[5] if isinstance(case[5], set) else {case[5]})
        }
        assert outcomes >= ({FAIL, None} if key in per_cell else {PASS, FAIL, NONE}), key
        if key not in per_cell | no_blank:
            assert BLANK in outcomes, key


def test_difference_and_sides():
    found = checks("2019", applications(new_received="8", granted="6", refused_state_secret="2"))
    failed = {
        (c.check_key, c.column_key): (c.left_value, c.right_value, c.difference)
        for c in found
        if c.outcome == FAIL and c.column_key
    }
    assert failed == {
        ("applications_balance", "total"): (80_000, 0, 80_000),
        ("applications_outcomes_sum", "total"): (80_000, 0, 80_000),
        ("applications_total_not_filled", "total"): (0, 80_000, -80_000),
    }


@pytest.mark.parametrize("template", ["2019", "2021"])
def test_an_identity_has_a_row_whatever_comes_out(template):
    """Contract "checks": per column, per row, per report; a check per cell only where it does not pass."""
    found = checks(template, {})
    counts = {key: sum(c.check_key == key for c in found) for key in EVALUATED}
    outcomes = {"2019": 23, "2021": 25}[template]
    for key in ("balance", "outcomes_sum", "total_not_filled", "carried_forward_bound", "nothing_handled"):
        assert counts[f"applications_{key}"] == 7
    assert counts["applications_row_total"] == counts["applications_row_total_missing"] == outcomes
    assert counts["disputes_total"] == 3
    assert counts["applications_not_negative_integer"] == counts["implausible_amount"] == 0
    assert {c.outcome for c in found} == {PASS}
    identities = [(c.check_key, c.table_key, c.row_key, c.column_key) for c in found]
    assert len(identities) == len(set(identities))


def test_severity_is_that_of_the_contract():
    with (ROOT / "schemas" / "data" / "checks.csv").open(encoding="utf-8") as file:
        severities = {line["check_key"]: line["severity"] for line in csv.DictReader(file)}
    assert set(severities) >= EVALUATED
    for template in ("2019", "2021", "2014"):
        for figures in ({}, dict.fromkeys(filled(template), ""), numbered(template)):
            for check in checks(template, figures, TOWN):
                assert check.severity == severities[check.check_key]


@pytest.mark.parametrize("layout", [tab_cell, tab_row])
def test_table_completeness(layout):
    found = checks("2019", applications(granted=WORDS), layout=layout)
    outcomes = {
        (c.table_key, c.row_key): (c.outcome, c.left_value, c.right_value)
        for c in found
        if c.check_key == "table_completeness"
    }
    assert outcomes["applications", None] == (FAIL, 1_600_000, 1_610_000)
    assert outcomes["disputes", None] == (PASS, 150_000, 150_000)
    assert outcomes["active_disclosure", "第二十条第（一）项"] == (PASS, 60_000, 60_000)


@pytest.mark.parametrize(
    ("printed", "third", "expected"),
    [("3", "0", PASS), ("4", "0", FAIL), ("3", "", BLANK), ("", "0", NONE), ("3", WORDS, NONE)],
)
def test_group_subtotal(printed, third, expected):
    rows = applications(refused_state_secret="1", refused_internal_affairs="2", refused_third_party_rights=third)
    page = blocks("2019", filled("2019") | rows)
    at = next(number for number, block in enumerate(page) if block.row_key == "refused_state_secret")
    block = page[at]
    head = type(block)("applications", "", ("", "（三）不予公开"), ("0",) * 6 + (printed,))
    page[at : at + 1] = [head, type(block)("applications", block.row_key, ("", "", block.labels[2]), block.values)]
    found = check_report(tables(tab_cell(page)), *UNKNOWN)
    assert outcome(found, "applications_group_subtotal", "x_refused", "total") == expected
    assert outcome(found, "applications_group_subtotal", "x_refused", "business") == PASS


def test_nothing_is_repaired():
    """The figures stay as printed, whatever the checks say."""
    text = tab_cell(blocks("2019", filled("2019") | applications(new_received="8", granted="6")))
    readings = tables(text)
    before = [list(reading.values) for reading in readings]
    check_report(readings, *TOWN)
    assert [list(reading.values) for reading in readings] == before
