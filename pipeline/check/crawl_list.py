"""Does RAW/manifest.csv agree with what the reports say of themselves?

Belongs here: the check `manifest_conflict`. Does not belong here: filling what a report does not say (pipeline/describe).
"""

from collections.abc import Iterator

from pipeline.check.outcome import Check, verdict
from pipeline.crawl_list import CrawlLine
from pipeline.describe.report import Description
from pipeline.region.body import normal_name
from pipeline.region.index import by_code, is_under, named
from pipeline.region.resolve import read_name

KEY = "manifest_conflict"
YEAR_SCALE = 10_000
"""Values of checks are in ten-thousandths."""


def check_crawl_line(said: Description, line: CrawlLine) -> Iterator[Check]:
    """One row for each field that both the list and the report say; `said` may hold fields that the list filled."""
    if line.report_year is not None and said.report_year is not None and said.report_year_source != "manifest":
        same = line.report_year == said.report_year
        yield verdict(
            (KEY, None, "report_year", None),
            same,
            line.report_year * YEAR_SCALE,
            said.report_year * YEAR_SCALE,
            None if same else "manifest and report name different years",
        )
    if line.body_name is not None and said.body_name is not None and said.body_name_source != "manifest":
        same = _is_same_name(line.body_name, said.body_name, said.body_kind, said.report_year)
        words = None if same else f"manifest: {line.body_name}; report: {said.body_name}"
        yield verdict((KEY, None, "body_name", None), same, detail=words)
    if line.region_code is not None and said.region_code is not None and said.region_source != "manifest":
        listed, found = (by_code(code, said.report_year) for code in (line.region_code, said.region_code))
        agree = listed is not None and found is not None and (is_under(found, listed) or is_under(listed, found))
        words = None if agree else f"manifest: {line.region_code}; report: {said.region_code}"
        yield verdict((KEY, None, "region_code", None), agree, detail=words)


def _is_same_name(one: str, other: str, kind: str, year: int | None) -> bool:
    """Whether two names can be one body's: alike without their regions, and their regions, where both have one, too."""
    if normal_name(one, kind) != normal_name(other, kind):
        return False
    first, second = (read_name(name, kind).regions[-1:] for name in (one, other))
    if not first or not second:
        return True
    units = [{region.unit for region in named(names[0], year)} for names in (first, second)]
    return first == second or bool(units[0] & units[1])
