"""Checks of the other tables: active disclosure, disputes, the statistics table of 2014, and of every table's prints.

Belongs here: identities and plausibility rules inside one report that need no prose. Does not belong here: the
applications table (applications.py), other years, prose.
"""

from collections.abc import Callable, Iterator
from functools import partial

from pipeline.check.outcome import EMPTY, Check, Term, at_least, at_most, compare, head, plain, verdict
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import SCALE

ACTIVE = "active_disclosure"
DISPUTES = "disputes"
STATISTICS = "statistics"

# Bodies that cannot make 规章 (field.md §2 C-T2-5): only ministries, provinces and cities with districts can.
_NO_REGULATIONS = frozenset({"township", "subdistrict", "public_institution", "party_body", "development_zone"})
_SMALL_BODIES = frozenset({"township", "subdistrict", "public_institution"})
MAX_DECISIONS = 100_000 * SCALE
MAX_MONEY = 10**10 * SCALE

# check_key → list of (total, parts); a check per row has more than one (field.md §2 C-S14-1 to C-S14-8).
STATISTICS_SUMS = (
    (
        "statistics_received_sum",
        "applications_received",
        ("applications_in_person", "applications_by_fax", "applications_online", "applications_by_letter"),
    ),
    ("statistics_closed_sum", "applications_closed", ("applications_closed_on_time", "applications_closed_extended")),
    (
        "statistics_replies_sum",
        "replies_total",
        (
            "replies_already_public",
            "replies_granted",
            "replies_partly_granted",
            "replies_refused",
            "replies_not_this_body",
            "replies_not_existing",
            "replies_amendment_requested",
            "replies_other_channel",
        ),
    ),
    (
        "statistics_refusals_sum",
        "replies_refused",
        (
            "refused_state_secret",
            "refused_trade_secret",
            "refused_privacy",
            "refused_security_and_stability",
            "refused_not_government_information",
            "refused_other_law",
        ),
    ),
    ("statistics_disputes_sum", "review_total", ("review_upheld", "review_corrected", "review_other")),
    ("statistics_disputes_sum", "litigation_total", ("litigation_upheld", "litigation_corrected", "litigation_other")),
    ("statistics_staff_sum", "staff_total", ("staff_full_time", "staff_part_time")),
)
_CHANNELS = ("channel_gazette", "channel_website", "channel_weibo", "channel_wechat", "channel_other")
_BY_CHIEF = (("press_conferences_by_chief", "press_conferences"), ("online_interviews_by_chief", "online_interviews"))

Cells = dict[tuple[str, str], Term]


def cells_of(reading: TableReading) -> Cells:
    """(row_key, column_key) → term."""
    keys = zip(reading.row_keys, reading.column_keys, strict=True)
    terms = map(_TERM, zip(reading.values, reading.states, strict=True))
    return dict(zip(keys, terms, strict=True))


_TERM = partial(tuple.__new__, Term)
"""A Term of its two fields, without the detour of a constructor."""


def check_disputes(reading: TableReading) -> Iterator[Check]:
    """C-T4-1 to C-T4-3: the four outcomes of each block add up to its total."""
    width = len(reading.row_keys) // 3
    for first in range(0, len(reading.row_keys), width):
        numbers = reading.values[first : first + width]
        if None not in numbers:
            parts, total = sum(numbers[:-1]), numbers[-1]  # type: ignore[arg-type]
            begin = head("disputes_total", DISPUTES, reading.row_keys[first], None)
            yield plain(begin, parts == total, parts, total)  # type: ignore[arg-type]
            continue
        terms = list(map(Term, reading.values[first : first + width], reading.states[first : first + width]))
        where = ("disputes_total", DISPUTES, reading.row_keys[first], None)
        yield compare(where, terms[:-1], terms[-1:], terms[-1:])


def check_active_disclosure(reading: TableReading, body_kind: str, admin_level: str) -> Iterator[Check]:
    """C-T2-1 to C-T2-8 for one sub-table."""
    cells = cells_of(reading)
    rows = dict.fromkeys(reading.row_keys)
    columns = set(reading.column_keys)
    for row in rows:
        if "newly_made" in columns:
            made, disclosed, total = (cells[row, key] for key in ("newly_made", "newly_disclosed", "total_disclosed"))
            yield _bound("disclosed_not_above_made", row, [disclosed], [made], at_most)
            yield _bound("stock_not_below_new", row, [total], [disclosed], at_least)
        if "items_change" in columns:
            items = [cells[row, "items_last_year"], cells[row, "items_change"]]
            yield _bound("items_not_negative", row, items, [Term(0, "reported")], at_least)
            if "decisions" in columns:
                yield _decisions_without_items(row, items, cells[row, "decisions"])
        if "in_force" in columns:
            issued, repealed, in_force = (cells[row, key] for key in ("issued", "repealed", "in_force"))
            yield _bound("in_force_not_below_issued", row, [in_force, repealed], [issued], at_least)
    if "regulations" in rows:
        yield _regulations(cells, body_kind, admin_level)
    if "procurement" in rows:
        yield _procurement(cells["procurement", "projects"], cells["procurement", "amount"])
    if body_kind in _SMALL_BODIES:
        yield from _implausible(reading)


def _bound(key: str, row: str, left: list[Term], right: list[Term], holds: Callable[[int, int], bool]) -> Check:
    where = (key, ACTIVE, row, None)
    ones, others = [value for value, _ in left], [value for value, _ in right]
    if None not in ones and None not in others:
        one, other = sum(ones), sum(others)  # type: ignore[arg-type]
        return plain(head(*where), holds(one, other), one, other)
    if all(term.state in EMPTY for term in (*left, *right) if term.state != "reported" or term.value is None) and any(
        term.value is None for term in (left[0], right[0])
    ):
        return verdict(where, None, detail="a cell is blank")
    return compare(where, left, right, (left[0], right[0]), holds)


def _decisions_without_items(row: str, items: list[Term], decisions: Term) -> Check:
    where = ("decisions_without_items", ACTIVE, row, None)
    if decisions.value is None or any(term.value is None for term in items):
        return verdict(where, None, detail="a cell has no number")
    total = sum(term.value for term in items if term.value is not None)
    return verdict(where, not (decisions.value > 0 and total == 0), decisions.value, total)


def _regulations(cells: Cells, body_kind: str, admin_level: str) -> Check:
    where = ("regulations_by_body_without_power", ACTIVE, "regulations", None)
    powerless = body_kind in _NO_REGULATIONS or (
        admin_level in ("county", "township") or (body_kind == "department" and admin_level in ("city", "province"))
    )
    figures = [term.value for (row, _), term in cells.items() if row == "regulations"]
    printed = max((value for value in figures if value is not None), default=None)
    if printed is None:
        return verdict(where, None, detail="no number is printed")
    if printed == 0:
        return verdict(where, True, printed)
    known = body_kind != "unknown" and admin_level != "unknown"
    return verdict(where, False if powerless else (True if known else None), printed)


def _procurement(projects: Term, amount: Term) -> Check:
    where = ("procurement_consistency", ACTIVE, "procurement", None)
    if projects.value is None or amount.value is None:
        return verdict(where, None, detail="a cell has no number")
    return verdict(where, (projects.value == 0) == (amount.value == 0), projects.value, amount.value)


def _implausible(reading: TableReading) -> Iterator[Check]:
    for row, column, unit, value in zip(
        reading.row_keys, reading.column_keys, reading.units, reading.values, strict=True
    ):
        limit = MAX_MONEY if unit == "元" else MAX_DECISIONS if column == "decisions" else None
        if value is not None and limit is not None and value > limit:
            yield verdict(("implausible_amount", ACTIVE, row, column), False, value, limit, "too large for such a body")


def check_statistics(reading: TableReading) -> Iterator[Check]:
    """C-S14-1 to C-S14-11: sums and bounds inside the statistics table of 2014."""
    cells = {row: term for (row, _), term in cells_of(reading).items()}
    all_numbers = None not in reading.values
    for key, total, parts in STATISTICS_SUMS:
        row = total if key == "statistics_disputes_sum" else None
        if all_numbers:
            added, whole = sum([cells[part].value for part in parts]), cells[total].value  # type: ignore[misc]
            yield plain(head(key, STATISTICS, row, None), added == whole, added, whole)  # type: ignore[arg-type]
            continue
        yield compare((key, STATISTICS, row, None), [cells[part] for part in parts], [cells[total]], [cells[total]])
    channels = [cells[key] for key in _CHANNELS]
    disclosed = cells["disclosed_total"]
    if disclosed.value is None or any(term.value is None for term in channels):
        yield verdict(("statistics_channel_bounds", STATISTICS, None, None), None, detail="a cell has no number")
    else:
        figures = [term.value for term in channels if term.value is not None]
        holds = max(figures) <= disclosed.value <= sum(figures)
        yield verdict(("statistics_channel_bounds", STATISTICS, None, None), holds, disclosed.value, sum(figures))
    for chief, everyone in _BY_CHIEF:
        where = ("statistics_chief_bounds", STATISTICS, chief, None)
        yield compare(where, [cells[chief]], [cells[everyone]], [cells[everyone]], at_most)


def check_print(reading: TableReading) -> Iterator[Check]:
    """Completeness of a table, and whether two prints of it agree (contract "cells")."""
    refused = reading.refused
    where = ("table_completeness", reading.table_key, reading.sub_table, None)
    found = (len(reading.states) - refused) * SCALE
    detail = f"{refused} of {len(reading.states)} cells were refused" if refused else None
    yield verdict(where, refused == 0, found, len(reading.states) * SCALE, detail)
    if reading.printed_twice:
        disagree = reading.conflicts
        words = "; ".join(
            f"{row}/{column}: {one / SCALE:g} and {other / SCALE:g}" for row, column, one, other in disagree[:5]
        )
        yield verdict(
            ("duplicate_table_conflict", reading.table_key, reading.sub_table, None), not disagree, detail=words or None
        )
