"""All checks of one report that need no prose and no other report.

Belongs here: which table goes to which checks. Does not belong here: the checks themselves.
"""

from pipeline.check.applications import check_applications
from pipeline.check.outcome import Check
from pipeline.check.tables import check_active_disclosure, check_disputes, check_print, check_statistics
from pipeline.tabulate.readings import TableReading

EVALUATED = frozenset(
    [
        "applications_balance",
        "applications_row_total",
        "applications_outcomes_sum",
        "applications_not_negative_integer",
        "applications_total_not_filled",
        "applications_carried_forward_bound",
        "disputes_total",
        "disclosed_not_above_made",
        "stock_not_below_new",
        "items_not_negative",
        "in_force_not_below_issued",
        "regulations_by_body_without_power",
        "decisions_without_items",
        "implausible_amount",
        "procurement_consistency",
        "statistics_received_sum",
        "statistics_closed_sum",
        "statistics_replies_sum",
        "statistics_refusals_sum",
        "statistics_disputes_sum",
        "statistics_staff_sum",
        "statistics_channel_bounds",
        "statistics_chief_bounds",
        "table_completeness",
        "applications_row_total_missing",
        "applications_group_subtotal",
        "applications_nothing_handled",
        "duplicate_table_conflict",
    ]
)
"""Checks that this version evaluates; the others need prose or other years."""


def check_report(readings: list[TableReading], body_kind: str, admin_level: str) -> list[Check]:
    """Every check of a report's tables, in the order of the tables."""
    checks: list[Check] = []
    for reading in readings:
        if reading.table_key == "applications":
            checks += check_applications(reading)
        elif reading.table_key == "disputes":
            checks += check_disputes(reading)
        elif reading.table_key == "active_disclosure":
            checks += check_active_disclosure(reading, body_kind, admin_level)
        elif reading.table_key == "statistics":
            checks += check_statistics(reading)
        checks += check_print(reading)
    return checks
