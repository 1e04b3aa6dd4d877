"""Figures as bodies of every size report them.

Here belong the drawn numbers of every form. All identities of the forms hold in what is drawn here: arithmetic
errors are a noise (`noise_figures`). Which cell a figure is printed in is settled in `forms` and `statistics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.generator.bodies import Kind
from benchmarks.generator.model import SCALE, Figures

APPLICANTS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organization")
DISPUTES = ("review", "litigation_direct", "litigation_after_review")

_OUTCOMES = {
    "granted": 40.0,
    "partly_granted": 8.0,
    "refused_state_secret": 0.3,
    "refused_prohibited_by_law": 0.4,
    "refused_security_and_stability": 0.8,
    "refused_third_party_rights": 1.2,
    "refused_internal_affairs": 2.5,
    "refused_process_information": 1.8,
    "refused_enforcement_case_file": 2.6,
    "refused_administrative_query": 3.0,
    "unavailable_not_held": 24.0,
    "unavailable_needs_creation": 3.5,
    "unavailable_still_unclear": 1.5,
    "not_processed_petition_or_complaint": 2.5,
    "not_processed_repeated": 2.2,
    "not_processed_publication": 0.3,
    "not_processed_excessive": 0.3,
    "not_processed_confirm_or_reissue": 0.8,
}
_OTHER_OUTCOMES = {
    "2019": {"other": 4.0},
    "2021": {"other_correction_overdue": 1.6, "other_fee_overdue": 0.2, "other_reason": 2.2},
}
_ITEMS = (("licensing", 40), ("other_external_services", 90), ("penalties", 25), ("coercive_measures", 4))
_CHANNELS = (("gazette", 0.2, 15), ("website", 0.9, 120), ("weibo", 0.3, 40), ("wechat", 0.4, 60), ("other", 0.5, 30))
_REASONS = (
    "state_secret", "trade_secret", "privacy", "security_and_stability", "not_government_information", "other_law",
)  # fmt: skip
_REGIONAL_PARTS = {
    "主动公开": ("网站", "公报"),
    "受理": ("当面", "传真", "邮件", "网上", "信函", "其他形式"),
    "答复": ("同意", "部分", "否决", "其他答复"),
}
_APPLICANT_WEIGHTS = (85.0, 9.0, 0.4, 0.8, 2.8, 2.0)


def outcome_rows(template: str) -> tuple[str, ...]:
    """The rows of the applications table that add up to （七）总计."""
    return (*_OUTCOMES, *_OTHER_OUTCOMES[template])


def split_total(rng: Random, total: int, weights: Sequence[float]) -> list[int]:
    """Split a count over parts: one by one while it is small, in jittered proportion when it is large."""
    parts = [0] * len(weights)
    if total <= 0:
        return parts
    rest = total
    if total > 40:
        jittered = [weight * rng.uniform(0.4, 1.6) for weight in weights]
        scale = total / sum(jittered)
        for index, weight in enumerate(jittered):
            parts[index] = int(weight * scale)
        rest = total - sum(parts)
    for index in rng.choices(range(len(weights)), weights, k=rest):
        parts[index] += 1
    return parts


def heavy_tail(rng: Random, median: float, spread: float) -> int:
    """A count with a long upper tail."""
    return int(rng.lognormvariate(0.0, spread) * median + 0.5)


def maybe(rng: Random, chance: float, median: float, spread: float = 1.0) -> int:
    """Zero, or with some chance a count with a long upper tail."""
    return heavy_tail(rng, median, spread) if rng.random() < chance else 0


def size_of(rng: Random, kind: Kind) -> int:
    """How many applications the body receives: the measure of everything else it counts."""
    return 0 if rng.random() < kind.silence else max(1, heavy_tail(rng, kind.applications, kind.spread))


def draw_applications(rng: Random, template: str, size: int, before: Sequence[int] | None = None) -> Figures:
    """Section three: applicants by outcome; rows, outcomes and the balance add up.

    `before` is what was carried forward in the year before, by applicant; drawn if it is not known.
    """
    figures: Figures = {}
    if size == 0 and not any(before or ()):
        return figures
    rows = outcome_rows(template)
    weights = [*_OUTCOMES.values(), *_OTHER_OUTCOMES[template].values()]
    new = split_total(rng, size, _APPLICANT_WEIGHTS)
    drawn = split_total(rng, maybe(rng, 0.35, max(1.0, size * 0.06)), _APPLICANT_WEIGHTS)
    carried = drawn if before is None else before
    totals: dict[str, int] = {}

    def put(row: str, column: str, count: int) -> None:
        if count:
            figures["applications", row, column] = count * SCALE
            totals[row] = totals.get(row, 0) + count

    for index, column in enumerate(APPLICANTS):
        inflow = new[index] + carried[index]
        forward = min(inflow, maybe(rng, 0.3, inflow * 0.07)) if inflow else 0
        put("new_received", column, new[index])
        put("carried_over", column, carried[index])
        put("carried_forward", column, forward)
        put("total_handled", column, inflow - forward)
        for row, count in zip(rows, split_total(rng, inflow - forward, weights), strict=True):
            put(row, column, count)
    for row, count in totals.items():
        figures["applications", row, "total"] = count * SCALE
    return figures


def draw_disputes(rng: Random, size: int) -> Figures:
    """Section four: reviews and lawsuits by result."""
    figures: Figures = {}
    chance = 0.9 if size > 200 else 0.45 if size > 15 else 0.06
    for row, share in zip(DISPUTES, (0.06, 0.025, 0.02), strict=True):
        count = maybe(rng, chance, max(1.0, size * share))
        parts = split_total(rng, count, (60.0, 12.0, 18.0, 10.0))
        for column, part in zip(("upheld", "corrected", "other_result", "pending"), parts, strict=True):
            figures["disputes", row, column] = part * SCALE
        figures["disputes", row, "total"] = count * SCALE
    return figures


def draw_disclosure(rng: Random, kind: Kind) -> Figures:
    """Section two, the cells of both the 2019 and the 2021 form."""
    figures: Figures = {}
    big = {"county": 8.0, "city": 60.0, "province": 400.0, "department": 3.0}.get(kind.name, 1.0)
    active = 0.9 if big > 5 else 0.55 if kind.name == "department" else 0.3

    def put(row: str, column: str, count: int) -> None:
        figures["active_disclosure", row, column] = count * SCALE

    for row, chance, median in (
        ("regulations", 0.3 if big > 50 else 0.02, 2.0),
        ("normative_documents", active, 2.0 * big**0.6),
    ):
        issued = maybe(rng, chance, median)
        repealed = maybe(rng, chance * 0.5, median * 0.6)
        stock = maybe(rng, chance, median * 6)
        put(row, "newly_made", issued)
        put(row, "newly_disclosed", issued if rng.random() < 0.85 else issued // 2)
        put(row, "total_disclosed", issued + stock)
        put(row, "issued", issued)
        put(row, "repealed", repealed)
        put(row, "in_force", issued + stock)
    for row, median in _ITEMS:
        items = maybe(rng, active, median * big**0.4)
        change = maybe(rng, 0.4, 3.0)
        put(row, "items_last_year", items)
        put(row, "items_change", -min(change, items) if rng.random() < 0.4 else change)
        put(row, "decisions", maybe(rng, active, median * 10 * big**0.7, 1.6))
    fees = maybe(rng, active * 0.6, 8.0)
    put("administrative_fees", "items_last_year", fees)
    put("administrative_fees", "items_change", -min(fees, maybe(rng, 0.3, 2.0)))
    figures["active_disclosure", "administrative_fees", "amount"] = money(rng, active * 0.6, 30.0 * big)
    projects = maybe(rng, active * 0.7, 6.0 * big**0.6)
    put("procurement", "projects", projects)
    figures["active_disclosure", "procurement", "amount"] = money(rng, 1.0, 40.0 * big) if projects else 0
    return figures


def money(rng: Random, chance: float, median_wan: float) -> int:
    """An amount of yuan (scaled): round ones, ones in whole yuan, ones with cents."""
    if rng.random() >= chance:
        return 0
    wan = rng.lognormvariate(0.0, 1.2) * median_wan
    digits: int = rng.choice((0, 0, 2, 2, 4, 6))
    return round(wan * 10.0**digits) * SCALE * 10_000 // int(10**digits)


def draw_statistics(rng: Random, kind: Kind, size: int) -> Figures:
    """The statistics table of 2014 to 2018; its sums hold."""
    counts: dict[str, int] = {}
    busy = {"county": 12.0, "city": 40.0, "province": 200.0, "department": 2.0}.get(kind.name, 1.0)
    channels = [maybe(rng, chance, median * busy) for _, chance, median in _CHANNELS]
    counts.update((f"channel_{name}", count) for (name, _, _), count in zip(_CHANNELS, channels, strict=True))
    counts["disclosed_total"] = max(channels) + (sum(channels) - max(channels)) // rng.choice((1, 2))
    counts["normative_documents_disclosed"] = maybe(rng, 0.4, 2 * busy**0.5)
    counts["normative_documents_issued"] = counts["normative_documents_disclosed"] + maybe(rng, 0.2, 2)
    for name in ("press_conferences", "online_interviews"):
        counts[name] = maybe(rng, 0.2, 2)
        counts[name + "_by_chief"] = counts[name] and rng.randint(0, counts[name])
    for name in ("responses_to_public_concern", "policy_interpretations", "social_media_responses", "other_responses"):
        counts[name] = maybe(rng, 0.3, 4 * busy**0.6)
    _add_statistics_applications(rng, counts, size)
    for block, share in (("review", 0.05), ("litigation", 0.03)):
        parts = split_total(rng, maybe(rng, 0.5 if size > 15 else 0.04, max(1.0, size * share)), (6, 2, 2))
        counts.update(zip((f"{block}_upheld", f"{block}_corrected", f"{block}_other"), parts, strict=True))
        counts[f"{block}_total"] = sum(parts)
    counts["complaints"] = maybe(rng, 0.06, 1.0)
    counts["dedicated_units"] = maybe(rng, 0.7, busy**0.7)
    counts["reading_points"] = maybe(rng, 0.6, 1.2 * busy**0.7)
    counts["staff_full_time"] = maybe(rng, 0.4, busy**0.8)
    counts["staff_part_time"] = maybe(rng, 0.9, 2 * busy)
    counts["staff_total"] = counts["staff_full_time"] + counts["staff_part_time"]
    for name, usual in (("meetings", 2), ("training_courses", 2), ("training_participants", 40)):
        counts[name] = maybe(rng, 0.6, usual * busy**0.5)
    figures: Figures = {("statistics", row, "value"): count * SCALE for row, count in counts.items()}
    figures["statistics", "application_fees", "value"] = money(rng, 0.05, 0.05)
    figures["statistics", "dedicated_budget", "value"] = money(rng, 0.25, 2.0 * busy)
    return figures


def _add_statistics_applications(rng: Random, counts: dict[str, int], size: int) -> None:
    received = split_total(rng, size, (15, 3, 60, 22))
    names = ("applications_in_person", "applications_by_fax", "applications_online", "applications_by_letter")
    counts.update(zip(names, received, strict=True))
    counts["applications_received"] = size
    closed = size - min(size, maybe(rng, 0.15, size * 0.05))
    extended = min(closed, maybe(rng, 0.2, size * 0.05))
    counts["applications_closed"] = closed
    counts["applications_closed_on_time"] = closed - extended
    counts["applications_closed_extended"] = extended
    replies = split_total(rng, closed, (20, 40, 5, 8, 8, 12, 3, 4))
    names_of_replies = ("already_public", "granted", "partly_granted", "refused")
    counts.update((f"replies_{name}", part) for name, part in zip(names_of_replies, replies[:4], strict=True))
    rest = ("not_this_body", "not_existing", "amendment_requested", "other_channel")
    counts.update((f"replies_{name}", part) for name, part in zip(rest, replies[4:], strict=True))
    counts["replies_total"] = closed
    reasons = split_total(rng, counts["replies_refused"], (1, 2, 3, 2, 4, 3))
    counts.update((f"refused_{key}", part) for key, part in zip(_REASONS, reasons, strict=True))


def draw_regional(rng: Random, kind: Kind, rows: Sequence[str], size: int) -> Figures:
    """A provincial table of before 2019: this year, and everything since the Regulation came into force.

    Totals are the sums of their parts where the form has parts, in both columns.
    """
    busy = {"county": 6.0, "city": 20.0, "province": 80.0}.get(kind.name, 1.0)
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row in ("主动公开", "网站"):
            count = maybe(rng, 0.95, 150 * busy)
        elif row in ("公报", "公开栏", "全文电子化", "访问", "接待", "电话"):
            count = maybe(rng, 0.4, 20 * busy)
        elif row in ("复议", "诉讼", "申诉", "举报", "减免"):
            count = maybe(rng, 0.3, size * 0.05) if size else 0
        else:
            count = maybe(rng, 0.6, size * 0.3) if size else 0
        counts[row] = (count, count + (maybe(rng, 0.9, count * 3.0) if count else maybe(rng, 0.1, 3.0)))
    for total, parts in _REGIONAL_PARTS.items():
        present = [counts[part] for part in parts if part in counts]
        if total in counts and present:
            counts[total] = (sum(this for this, _ in present), sum(ever for _, ever in present))
    figures: Figures = {}
    for row, (this_year, cumulative) in counts.items():
        figures["statistics_regional", row, "this_year"] = this_year * SCALE
        figures["statistics_regional", row, "cumulative"] = cumulative * SCALE
    return figures
