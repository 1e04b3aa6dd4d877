"""Checks of what a report says about itself: its years, its sections, the day it was published.

Belongs here: year_consistency, required_sections, late_publication (contract/checks.csv). Does not belong here: tables,
prose, finding the words (pipeline/describe, pipeline/split).
"""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.check.outcome import Check, verdict
from pipeline.describe.report import Description
from pipeline.split import Section

SCALE = 10_000
"""Values of checks are in ten-thousandths."""
FIRST_YEAR_OF_NEW_RULE = 2019
REQUIRED = ("overview", "active_disclosure", "applications", "disputes", "problems", "other")
"""The six sections of the forms of 2019 and 2021 (field.md §1.3, §1.4)."""
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
# A heading and a word for none are shorter than this; most sections are told by their beginning.
BEGINNING, LONGEST_NOTHING = 300, 150
_NOTHING = re.compile(r"(?:暂?无|没有|不涉及|/|—+|-+)?[。.]?")
_DEPARTMENTS = frozenset(["department", "government_office"])


def check_metadata(said: Description, sections: list[Section], flat: str, has_form: bool) -> Iterator[Check]:
    """The three checks of one report. `has_form`: it has a table of the form of 2019 or 2021."""
    yield _years(said)
    yield _sections(said, sections, flat, has_form)
    yield _publication(said)


def _years(said: Description) -> Check:
    """The year of the title, of the period and of the day of publication (field.md C-D-1)."""
    where = ("year_consistency", None, None, None)
    begin, end = said.period_start, said.period_end
    wrong = []
    compared = False
    if said.title_year is not None and end is not None and begin is not None:
        compared = True
        if not begin.year == end.year == said.title_year:
            wrong.append(f"title {said.title_year}, period {begin} to {end}")
    year = said.title_year if said.title_year is not None else end.year if end is not None else None
    if year is not None and said.published_on is not None:
        compared = True
        if said.published_on.year < year or (end is not None and end.year == year and said.published_on < end):
            wrong.append(f"published on {said.published_on}, before the end of {year}")
    left = said.title_year * SCALE if said.title_year is not None else None
    right = end.year * SCALE if end is not None else None
    if not compared:
        return verdict(where, None, left, right, "fewer than two of title year, period and publication date")
    return verdict(where, not wrong, left, right, "; ".join(wrong) or None)


def _sections(said: Description, sections: list[Section], flat: str, has_form: bool) -> Check:
    """Every required section, and that on problems not empty (field.md C-S-1)."""
    where = ("required_sections", None, None, None)
    if not has_form and (said.report_year is None or said.report_year < FIRST_YEAR_OF_NEW_RULE):
        return verdict(where, None, detail="no form prescribes the sections of this report")
    keys = {section.section_key for section in sections if section.level == 1 and section.heading is not None}
    wrong = [f"no section {key}" for key in REQUIRED if key not in keys]
    if "problems" in keys and _is_empty([s for s in sections if s.section_key == "problems"], flat):
        wrong.append("the section on problems is empty")
    found = len(keys.intersection(REQUIRED)) * SCALE
    return verdict(where, not wrong, found, len(REQUIRED) * SCALE, ", ".join(wrong) or None)


def _is_empty(sections: list[Section], flat: str) -> bool:
    for section in sections:
        begin = flat[section.char_start : min(section.char_end, section.char_start + BEGINNING)]
        if len("".join(begin.split())) - begin.count("\u200b") - begin.count("\ufeff") > LONGEST_NOTHING:
            return False
        words = _BLANKS.sub("", flat[section.char_start : section.char_end])
        heading = _BLANKS.sub("", section.heading or "")
        if not _NOTHING.fullmatch(words.removeprefix(heading)):
            return False
    return True


def _publication(said: Description) -> Check:
    """The day of publication against the deadline that applied (field.md C-D-3; 2019 Regulation, art. 49).

    For reports of 2018 and before it was 31 March for all; since then 31 January for departments, 31 March for
    governments. Townships, schools, zones and party bodies have local rules.
    """
    where = ("late_publication", None, None, None)
    if said.published_on is None or said.report_year is None:
        return verdict(where, None, detail="no publication date or no year")
    if said.published_on.year <= said.report_year:
        return verdict(where, None, detail="published before the year was over: one of the dates is not what it seems")
    department = said.body_kind in _DEPARTMENTS
    if not department and said.body_kind != "government":
        return verdict(where, None, detail="no national deadline for this kind of body")
    early = department and said.report_year >= FIRST_YEAR_OF_NEW_RULE
    deadline = date(said.report_year + 1, 1, 31) if early else date(said.report_year + 1, 3, 31)
    days = (said.published_on - deadline).days
    words = f"published on {said.published_on}, due on {deadline}" if days > 0 else None
    return verdict(where, days <= 0, days * SCALE, 0, words)
