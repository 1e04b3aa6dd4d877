"""All checks of one report that need no prose and no other report.

Belongs here: which table goes to which checks. Does not belong here: the checks themselves.
"""

from collections.abc import Iterator

from pipeline.check.applications import check_applications
from pipeline.check.outcome import Check
from pipeline.check.prose import PROSE_CHECKS
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
        "year_consistency",
        "required_sections",
        "late_publication",
        "manifest_conflict",
        *PROSE_CHECKS,
    ]
)
"""Checks that this version evaluates; the others need metadata or other years."""


# Checks of tables with the same figures are the same rows: most townships' tables are all zero (field.md §0.1 no. 9).
MAX_REMEMBERED = 1_000
_remembered: dict[tuple[object, ...], list[Check]] = {}


def check_report(readings: list[TableReading], body_kind: str, admin_level: str) -> list[Check]:
    """Every check of a report's tables, in the order of the tables."""
    checks: list[Check] = []
    for reading in readings:
        figures = (
            reading.template,
            reading.table_key,
            reading.sub_table,
            body_kind,
            admin_level,
            tuple(reading.values),
            tuple(reading.states),
            tuple(reading.row_keys),
        )
        found = _remembered.get(figures)
        if found is None or reading.printed_twice:
            found = list(_check_table(reading, body_kind, admin_level))
            if not reading.printed_twice:
                if len(_remembered) >= MAX_REMEMBERED:
                    _remembered.clear()
                _remembered[figures] = found
        checks += found
    return checks


def _check_table(reading: TableReading, body_kind: str, admin_level: str) -> Iterator[Check]:
    if reading.table_key == "applications":
        yield from check_applications(reading)
    elif reading.table_key == "disputes":
        yield from check_disputes(reading)
    elif reading.table_key == "active_disclosure":
        yield from check_active_disclosure(reading, body_kind, admin_level)
    elif reading.table_key == "statistics":
        yield from check_statistics(reading)
    yield from check_print(reading)
