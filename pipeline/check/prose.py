"""Prose against tables, and totals of the prose against their parts (field.md §2, C-X-1 to C-X-6, C-N-1).

Belongs here: comparing statements with cells of the same report. Does not belong here: reading either.

Figures are compared only where they are of the same thing: this year's, for the whole body, not approximate, not a plan,
not of some months. Of several such figures in the prose one that agrees is enough: reports name a figure again for a
part of themselves.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.check.outcome import EMPTY, Check, Term, verdict
from pipeline.prose.clauses import partial_period
from pipeline.prose.statements import Statement
from pipeline.tabulate.readings import TableReading
from schemas import forms

PROSE_CHECKS = (
    "text_applications_received",
    "text_applications_outcomes",
    "text_disputes",
    "text_zero_contradiction",
    "text_documents",
    "prose_breakdown_sum",
)
MIN_PARTS = 2


class Pair(NamedTuple):
    """A metric and the cells whose sum it must be: (row_key, column_key) of `table_key`, for the forms named."""

    check_key: str
    metric_key: str
    table_key: str
    templates: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]


def _applications(check_key: str, metric_key: str, row_key: str) -> Pair:
    return Pair(check_key, metric_key, "applications", ("2019", "2021"), ((row_key, "total"),))


def _statistics(check_key: str, metric_key: str, row_key: str) -> Pair:
    return Pair(check_key, metric_key, "statistics", ("2014",), ((row_key, "value"),))


def _active(metric_key: str, row_key: str, column_key: str, *templates: str) -> Pair:
    return Pair("text_documents", metric_key, "active_disclosure", templates, ((row_key, column_key),))


PAIRS = (
    _applications("text_applications_received", "applications_received", "new_received"),
    _statistics("text_applications_received", "applications_received", "applications_received"),
    _applications("text_applications_outcomes", "applications_handled", "total_handled"),
    _applications("text_applications_outcomes", "applications_granted", "granted"),
    _applications("text_applications_outcomes", "applications_partly_granted", "partly_granted"),
    _applications("text_applications_outcomes", "applications_carried_over", "carried_over"),
    _applications("text_applications_outcomes", "applications_carried_forward", "carried_forward"),
    _statistics("text_applications_outcomes", "applications_handled", "applications_closed"),
    _statistics("text_applications_outcomes", "applications_granted", "replies_granted"),
    _statistics("text_applications_outcomes", "applications_partly_granted", "replies_partly_granted"),
    _statistics("text_applications_outcomes", "applications_refused", "replies_refused"),
    Pair("text_disputes", "reviews", "disputes", ("2019", "2021"), (("review", "total"),)),
    Pair("text_disputes", "reviews_corrected", "disputes", ("2019", "2021"), (("review", "corrected"),)),
    Pair(
        "text_disputes", "lawsuits", "disputes", ("2019", "2021"),
        (("litigation_direct", "total"), ("litigation_after_review", "total")),
    ),
    Pair(
        "text_disputes", "lawsuits_lost", "disputes", ("2019", "2021"),
        (("litigation_direct", "corrected"), ("litigation_after_review", "corrected")),
    ),
    _statistics("text_disputes", "reviews", "review_total"),
    _statistics("text_disputes", "lawsuits", "litigation_total"),
    _active("normative_documents_issued", "normative_documents", "newly_made", "2019"),
    _active("normative_documents_issued", "normative_documents", "issued", "2021"),
    _active("normative_documents_repealed", "normative_documents", "repealed", "2021"),
    _active("normative_documents_in_force", "normative_documents", "in_force", "2021"),
    _statistics("text_documents", "normative_documents_issued", "normative_documents_issued"),
    _active("licensing_decisions", "licensing", "decisions", "2019", "2021"),
    _active("penalty_decisions", "penalties", "decisions", "2019", "2021"),
    _active("coercion_decisions", "coercive_measures", "decisions", "2019", "2021"),
    _active("procurement_projects", "procurement", "projects", "2019"),
)  # fmt: skip


def check_prose(readings: list[TableReading], statements: list[Statement]) -> list[Check]:
    """Every check that compares the prose with the tables or with itself; [] if the prose says no quantity.

    A row of `checks` is about one metric (its key in `row_key`) or one total (its statement_no there).
    """
    if not statements:
        return []
    checks: list[Check] = []
    said: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.metric_key is not None:
            said.setdefault(statement.metric_key, []).append(statement)
    if readings and said:
        checks += _against_tables(readings, said)
    checks += _sums(statements)
    return checks


def _against_tables(readings: list[TableReading], said: dict[str, list[Statement]]) -> Iterator[Check]:
    tables: dict[tuple[str, str], list[TableReading]] = {}
    for reading in readings:
        tables.setdefault((reading.table_key, reading.template), []).append(reading)
    pairs = _pairs()
    for metric_key, found in said.items():
        for pair, kinds in pairs.get(metric_key, ()):
            for kind in kinds:
                if kind not in tables:
                    continue
                terms = [_term(tables[kind], *place) for place in pair.cells]
                if None not in terms:
                    yield from _compare(pair, found, terms)  # type: ignore[arg-type]


@cache
def _pairs() -> dict[str, tuple[tuple[Pair, tuple[tuple[str, str], ...]], ...]]:
    """Metric → its pairs, each with the (table_key, template) of the tables that have its cells."""
    return {
        pair.metric_key: tuple(
            (other, tuple((other.table_key, template) for template in other.templates))
            for other in PAIRS
            if other.metric_key == pair.metric_key
        )
        for pair in PAIRS
    }


def _term(readings: Iterable[TableReading], row_key: str, column_key: str) -> Term | None:
    """A cell of the tables of one form; None if they do not have it."""
    for reading in readings:
        place = _place(reading.template, reading.table_key, reading.sub_table, row_key, column_key)
        if place is not None:
            return Term(reading.values[place], reading.states[place])
    return None


@cache
def _place(template: str, table_key: str, sub_table: str | None, row_key: str, column_key: str) -> int | None:
    """Where a cell is in the lists of a reading, which are in the order of the form."""
    keys = forms.cell_keys(forms.form(template, table_key, sub_table))
    cells = list(zip(keys.rows, keys.columns, strict=True))
    return cells.index((row_key, column_key)) if (row_key, column_key) in cells else None


def _compare(pair: Pair, found: list[Statement], terms: list[Term]) -> tuple[Check, ...]:
    where = (pair.check_key, pair.table_key, pair.metric_key, None)
    right, printed = 0, False
    for value, state in terms:
        if value is not None:
            right += value
            printed = True
        elif state not in EMPTY:
            return (verdict(where, None, detail="a cell could not be read"),)
    if not printed:
        return (verdict(where, None, detail="the cell is blank"),)
    same = [statement for statement in found if comparable(statement)]
    if not same:
        return (verdict(where, None, detail="the prose figure is of other years or months, or approximate"),)
    agreeing = next((statement for statement in same if statement.value == right), None)
    shown = agreeing or same[0]
    detail = None if agreeing else f"statement {shown.statement_no}: {_excerpt(shown)}"
    none_said = all(statement.value == 0 for statement in same)
    zero_where = ("text_zero_contradiction", pair.table_key, pair.metric_key, None)
    return (
        verdict(where, agreeing is not None, shown.value, right, detail),
        verdict(zero_where, agreeing is not None or none_said == (right == 0), shown.value, right, detail),
    )


def comparable(statement: Statement) -> bool:
    """Whether a figure of the prose is this year's, exact, and of the whole year (field.md §4, §6.2 no. 41)."""
    return not (
        statement.is_approximate
        or statement.is_cumulative
        or statement.refers_to_year is not None
        or partial_period(statement.sentence)
    )


def _excerpt(statement: Statement) -> str:
    words = " ".join(statement.sentence.split())
    return words if len(words) <= 120 else words[:117] + "…"


def _sums(statements: list[Statement]) -> Iterator[Check]:
    parts: dict[int, list[Statement]] = {}
    for statement in statements:
        if statement.parent_statement_no is not None:
            parts.setdefault(statement.parent_statement_no, []).append(statement)
    for number, listed in parts.items():
        if len(listed) < MIN_PARTS:
            continue  # 其中今年新建5个 names one part and leaves out the others
        total = statements[number - 1]
        where = ("prose_breakdown_sum", None, str(number), None)
        added = sum(part.value for part in listed)
        if any(part.list_is_open for part in listed):
            yield verdict(where, None, total.value, added, "the list is open (等)")
        elif total.is_approximate or any(part.is_approximate for part in listed):
            yield verdict(where, None, total.value, added, "approximate figures")
        else:
            holds = total.value == added
            yield verdict(where, holds, total.value, added, None if holds else _excerpt(total))
