"""Cuts a report's text into its sections. The bodies, in order, are the text: nothing lost, nothing twice.

Belongs here: finding headings and saying what a section is about. Does not belong here: tables, metadata, prose.

Headings are known by words, not by number (field.md §1.1, §1.3, §6.2 nos. 20–22): numbering is mixed, lost or wrong.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.read.document import Document

# Word order decides: 因政府信息公开申请行政复议 is about disputes, 依申请公开收费 about fees (field.md §1.1).
_KEYWORDS = (
    ("disputes", re.compile(r"复议|诉讼")),
    ("fees", re.compile(r"收费|减免|费用")),
    ("applications", re.compile(r"依申请|收到和处理|申请情况|申请处理|公开申请")),
    ("problems", re.compile(r"问题|不足|改进|打算|下一步|今后|下步")),
    ("statistics", re.compile(r"附表|统计表|附件")),
    ("inquiries", re.compile(r"咨询")),
    ("complaints", re.compile(r"举报|投诉|申诉")),
    ("active_disclosure", re.compile(r"主动公开|公开政府信息|政府信息公开情况$|信息公开的情况")),
    ("response", re.compile(r"回应|解读")),
    ("secrecy", re.compile(r"保密")),
    ("other", re.compile(r"其他需要|其它需要|需要报告|需要说明|其他事项|其他需")),
    ("overview", re.compile(r"总体|概述|基本情况|概况|总述|工作情况|工作概")),
    ("capacity", re.compile(r"机构|人员|经费|培训|会议|组织领导|保障")),
)
# The six headings of the 2019 and 2021 forms and those of the 2007 Regulation, with or without a number.
_STATUTORY = (
    r"(?:总体(?:工作)?情况|概述|基本情况"
    r"|(?:行政机关)?主动公开政府信息(?:的)?情况"
    r"|收到和处理政府信息公开申请(?:的)?情况"
    r"|(?:因)?政府信息公开(?:工作)?(?:被)?(?:申请)?行政法?复议、?(?:提起)?行政诉讼(?:的)?情况"
    r"|(?:政府信息公开工作)?存在的?(?:主要)?问题[及和与、](?:改进情况|改进措施|改进|下一步改进措施)"
    r"|其[他它]需要报告的(?:其他)?事项)"
)
_BLANKS = r"[ \u3000\xa0\u200b\ufeff]*"
_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_HEADING = re.compile(
    rf"(?P<lead>{_BLANKS}(?:\[bookmark:[^\]]*\])?{_BLANKS})"
    rf"(?:(?P<one>{_NUMERAL}{_BLANKS}[、.．,，]|第{_NUMERAL}部分)"
    rf"|(?P<two>[（(〔]{_BLANKS}(?:{_NUMERAL}|\d{{1,2}}){_BLANKS}[）)〕]|[㈠-㈩])"
    rf"|(?:\d{{1,2}}|[Ⅰ-Ⅵ]){_BLANKS}[、.．]{_BLANKS}(?P<numbered>{_STATUTORY})\s*$"
    rf"|(?P<bare>{_STATUTORY})\s*$)"
)
# How one of the statutory headings begins: enough to pass over the other lines, most of a report.
_BEGINS = r"(?:总体|概述|基本情|行政机关主|主动公开政|收到和|因?政府信息公开|存在|其[他它]需)"
# Where a line begins that may be a heading, cheaply told: as in _HEADING, with the beginnings of its words only. Most
# lines of a report are cells, empty or prose: their first character tells.
_CANDIDATE = re.compile(
    r"\n(?=[ \u3000\xa0\u200b\ufeff一二三四五六七八九十第（(〔㈠-㈩\dⅠ-Ⅵ总概基行主收因政存其\[])"
    rf"(?={_BLANKS}(?:{_NUMERAL}{_BLANKS}[、.．,，]|[（(〔]{_BLANKS}[一二三四五六七八九十\d]"
    rf"|\d{{1,2}}{_BLANKS}[、.．]{_BLANKS}{_BEGINS}|第{_NUMERAL}部|{_BEGINS}|[㈠-㈩]"
    rf"|[Ⅰ-Ⅵ]{_BLANKS}[、.．]{_BLANKS}{_BEGINS}|\[bookmark:))"
)
# Headings inside a text whose line breaks were lost (field.md §6.1 L8): only the wordings of the forms.
_INLINE = re.compile(rf"[一二三四五六七八]{_BLANKS}[、.．]{_BLANKS}{_STATUTORY}")
_SENTENCE_END = re.compile(r"[。；;：:]")
# Numbered lines of the form's tables, which are no headings of the report.
_TABLE_ROW = re.compile(r"[、.．,，]\s*(?:本\s*年\s*新\s*收|上年结转|本\s*年\s*度?\s*办\s*理\s*结\s*果|结转下年度)")
MAX_HEADING = 60
LONG_LINE = 1_200
"""Longer lines are texts whose line breaks were lost; paragraphs of reports are shorter."""


class Section(NamedTuple):
    """A leaf segment of the text with its heading at the start of its body. Spans are in code points."""

    level: int
    section_key: str
    heading: str | None
    char_start: int
    char_end: int


def split(document: Document) -> list[Section]:
    """The sections of a report in order; they tile the text. An empty text has no section."""
    if not document.text:
        return []
    marks = _marks(document.flat)
    known = any(level == 1 for level, _, _ in marks)
    sections: list[Section] = []
    begin, level = 0, 1
    heading: str | None = None
    key = parent = "preamble" if known else "unclassified"
    for next_level, start, words in marks:
        if start > begin:
            sections.append(tuple.__new__(Section, (level, key, heading, begin, start)))
        begin, level, heading = start, next_level, words
        if next_level == 1:
            parent = section_key(words)
        key = parent
    sections.append(Section(level, key, heading, begin, len(document.text)))
    return sections


def _marks(flat: str) -> list[tuple[int, int, str]]:
    """(level, start of the line, heading) of every heading, in order."""
    starts = [0, *[candidate.end() for candidate in _CANDIDATE.finditer(flat)]]
    if len(flat) > LONG_LINE and (long := set(_long_lines(flat))):
        starts = sorted(long.union(starts))
    marks: list[tuple[int, int, str]] = []
    for start in starts:
        line_end = flat.find("\n", start)
        line = flat[start : line_end if line_end >= 0 else len(flat)]
        if len(line) > LONG_LINE:
            marks += _long_line_marks(line, start)
        elif "\t" not in line:
            mark = _short_line_mark(line) if len(line) <= MAX_HEADING else _line_mark(line)
            if mark is not None:
                marks.append((mark[0], start, mark[1]))
    return marks


def _line_mark(line: str) -> tuple[int, str] | None:
    """(level, heading) of a line that begins with one."""
    match = _HEADING.match(line)
    return _mark(match, line) if match is not None else None


# The forms' headings stand in every report.
_short_line_mark = lru_cache(maxsize=8_192)(_line_mark)


def _long_lines(flat: str) -> Iterator[int]:
    """Where lines longer than LONG_LINE begin; looks at one line break in every LONG_LINE characters."""
    start, size = 0, len(flat)
    while size - start > LONG_LINE:
        end = flat.rfind("\n", start, start + LONG_LINE + 1)
        if end < 0:
            yield start
            end = flat.find("\n", start + LONG_LINE)
            if end < 0:
                return
        start = end + 1


def _mark(match: re.Match[str], line: str) -> tuple[int, str] | None:
    words = line[match.end("lead") :]
    sentence = _SENTENCE_END.search(words)
    heading = (words[: sentence.start()] if sentence else words).strip()
    if len(heading) > MAX_HEADING:
        return None
    if match["one"] and (_TABLE_ROW.search(heading) or (sentence and len(words.strip()) > MAX_HEADING)):
        return None
    return (2 if match["two"] else 1), heading


def _long_line_marks(line: str, start: int) -> Iterator[tuple[int, int, str]]:
    mark = _line_mark(line)
    if mark is not None:
        yield mark[0], start, mark[1]
    for inline in _INLINE.finditer(line):
        if inline.start() > 0:
            yield 1, start + inline.start(), inline[0].strip()


@lru_cache(maxsize=4_096)
def section_key(heading: str) -> str:
    """What a section is about, by the words of its heading; `unclassified` if they do not say."""
    for key, pattern in _KEYWORDS:
        if pattern.search(heading):
            return key
    return "unclassified"


def known_headings(sections: list[Section]) -> int:
    """How many different kinds of known first-level sections there are: three make a report (contract "files")."""
    keys = {section.section_key for section in sections if section.level == 1 and section.heading is not None}
    return len(keys - {"unclassified", "capacity"})
