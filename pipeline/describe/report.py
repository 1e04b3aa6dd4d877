"""All metadata of one report, from its own words.

Belongs here: the order of the evidence (field.md §3.3) and which of it was used. Does not belong here: how each kind of
evidence is found, guesses: what the words do not say stays null.
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import NamedTuple

from pipeline.crawl_list import CrawlLine
from pipeline.describe.dates import find_period, published_on, signed_on
from pipeline.describe.names import YEAR, admin_level, body_kind, year_number
from pipeline.describe.scope import scope
from pipeline.describe.self_words import SelfWords
from pipeline.describe.title import find_title
from pipeline.describe.words import Words
from pipeline.read.document import Document
from pipeline.region.body import body_id
from pipeline.region.resolve import Evidence, Place, place_of_code, resolve
from pipeline.split import Section

_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_NOTICE_YEAR = re.compile(
    rf"({YEAR})年度?(?:政府|政务)?信息公开工?作?(?:工作)?年度报告(?:编[写制]|有关|的通知|工作的通知)"
)
_OWN_YEAR = re.compile(rf"(?:我[乡镇县市区局委厅校院办]|本[乡镇局委厅校院办])\s*({YEAR})年度?(?:政府|政务)信息公开")
# The office inside a body that does the work: 三江乡党政办, 青石县财政局办公室. Not 人民政府办公室, which is a body.
_INNER_OFFICE = re.compile(
    r"(?:党政(?:综合)?办(?:公室)?|党政和人大办(?:公室)?|综合(?:办|科|股|处)(?:公室)?|政务公开(?:办|科|股)(?:公室)?|信息公开(?:办|科|股)(?:公室)?"
    r"|(?<=[局委厅院校镇乡])办公室|(?<=街道办事处)办公室|(?<=[局委厅院校])(?:机关)?(?:秘书|法规|政策法规|信息)(?:科|股|处))$"
)
# 县人民政府办公室, 各部门, 本机关: no name of a body, but a word for one.
_NO_NAME = re.compile(
    r"^(?:省|市|县|区|旗|州|乡|镇|街道|局|委|党|本|我|各|全|该|其|有关|相关|上级|所属|以下|如下|下列|中华|国务院)|[年月日、，的了与及在]|\d"
)
# What a year brought and what the next one will: both have to be there, since a year alone may be left over from the
# report before (field.md §6.2 no. 42).
_PAST = re.compile(r"(20[0-3]\d)年度?[，,][^。；]{0,40}?(?:取得了?|开展了|完成了|共(?:收到|受理|公开|主动))")
_PLAN = re.compile(
    r"(20[0-3]\d)年度?[，,]?(?:我[^。，；]{1,6}|本[^。，；]{1,6}|全[^。，；]{1,3})?(?:们)?(?:将|要|拟|计划|继续)"
)
HEAD_LINES, PERIOD_TEXT = 60, 6_000
_LEVEL_BY_REGION = frozenset(
    ["government", "government_office", "department", "public_institution", "party_body", "unknown"]
)
# A government's report is often compiled by its office: there the compiler's name is not the body's.
_NAMED_BY_OTHERS = frozenset(["township", "subdistrict", "department", "public_institution"])


class Description(NamedTuple):
    """A report's metadata; null where its words do not say."""

    body_id: str | None
    scope: str
    title: str | None
    body_name: str | None
    body_name_source: str | None
    body_kind: str
    admin_level: str
    province: str | None
    city: str | None
    county: str | None
    township: str | None
    region_code: str | None
    township_code: str | None
    region_source: str | None
    report_year: int | None
    report_year_source: str | None
    title_year: int | None
    period_start: date | None
    period_end: date | None
    signed_on: date | None
    published_on: date | None


def describe(document: Document, sections: list[Section], line: CrawlLine | None = None) -> Description:
    """Metadata of a report. Evidence in the order of field.md §3.3; the first that says something is kept.

    `line` is what RAW/manifest.csv says of the file: it fills what the report does not say.
    """
    flat = document.flat
    first = next((section for section in sections if section.heading is not None), None)
    head = flat[: first.char_start] if first is not None else flat[:3_000]
    lines = head.split("\n", HEAD_LINES)[:HEAD_LINES]
    bare = [_BLANKS.sub("", line) if line else line for line in lines]
    printed = [number for number, words in enumerate(bare) if words]
    title, body, title_year, at = find_title([bare[number] for number in printed])
    period = find_period(flat[: min(len(head) + 600, PERIOD_TEXT)])
    year, year_source = _year(title_year, period, head, flat)
    if year is None and line is not None and line.report_year is not None:
        year, year_source = line.report_year, "manifest"
    words = Words(flat, bare, printed[at] if title is not None else 0)
    source = "title" if body else None
    own_words = SelfWords(flat)
    own = "" if body else own_words.kind()
    if body is None:
        body, source = _named_by_others(words, own)
    if body is None and line is not None and line.body_name is not None:
        body, source = line.body_name, "manifest"
    kind = body_kind(body) if body else own
    listed = line.region_code if line is not None else None
    evidence = words.evidence()
    if listed is not None:
        evidence = chain(evidence, [Evidence("manifest", listed)])
    place = resolve(body, kind, own_words.region_word, year, evidence)
    if source == "manifest" and place.region_source == "body_name":
        place = place._replace(region_source="manifest")
    if listed is not None and place.region_code is None:
        place = place_of_code(listed, body, kind, year)
    return Description(
        body_id(place.unit, kind, body),
        scope(flat, kind, own_words),
        title,
        body,
        source,
        kind,
        _level(body, kind, place),
        place.province,
        place.city,
        place.county,
        place.township,
        place.region_code,
        place.township_code,
        place.region_source,
        year,
        year_source,
        title_year,
        *period,
        signed_on(flat),
        published_on(head),
    )


def _named_by_others(words: Words, own: str) -> tuple[str | None, str | None]:
    """(name, source) of the body of a report whose title holds none, if it is of the kind that the report calls itself."""
    sources: tuple[tuple[str, Iterable[str]], ...] = (
        ("compiled_by", words.compiled_by()),
        ("publisher", words.publisher()),
        ("contact", words.contact()),
        ("signature", words.signature()),
        ("breadcrumb", words.breadcrumb()[:1]),
    )
    for source, names in sources:
        for name in names:
            body = _INNER_OFFICE.sub("", name)
            kind = body_kind(body)
            if kind in _NAMED_BY_OTHERS and own in (kind, "unknown") and len(body) >= 3 and not _NO_NAME.search(body):
                return body, source
    return None, None


def _level(body: str | None, kind: str, place: Place) -> str:
    """Level of government: of the region in the body's name by its code of the year; what the name alone says otherwise."""
    level = admin_level(body, kind)
    if place.level is None or kind not in _LEVEL_BY_REGION or body is None:
        return level
    return place.level if place.own or level == "unknown" else level


def _year(
    title_year: int | None, period: tuple[date | None, date | None], head: str, flat: str
) -> tuple[int | None, str | None]:
    if title_year is not None:
        return title_year, "title"
    notice = _NOTICE_YEAR.search(head) or _OWN_YEAR.search(head)
    if notice is not None:
        return year_number(notice[1]), "notice"
    if period[1] is not None and period[0] is not None and period[0].year == period[1].year:
        return period[1].year, "period"
    past = {int(year) for year in _PAST.findall(flat)}
    plans = {int(year) for year in _PLAN.findall(flat)}
    if len(past) == 1 and plans == {min(past) + 1}:
        return min(past), "overview"
    return None, None
