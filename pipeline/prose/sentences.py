"""The sentences of a report's prose: what is left of its sections when the tables are taken out.

Belongs here: where sentences begin and end. Does not belong here: what they say.

A line break ends a sentence unless the line was broken by a page's width (PDF text): the line is long, stops in the
middle, and goes on at the margin.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline import split
from pipeline.prose.metrics import SECTION_TOPICS
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading

_MARK = re.compile(r"[。！？!?]|\n")
_BLANK = " \t\u3000\xa0\u200b\ufeff"
_WRAPPED_LENGTH = 20
_STOPS = "。；;：:！!？?，\t|"
_HEADING = re.compile(r"\s*(?:[（(〔]?\s*[一二三四五六七八九十\d]{1,3}\s*[）)〕、.．]|第[一二三四五六]部分|[-—–]|附件)")
_NEW_LINE = re.compile(
    r"[ \u3000\xa0\t|]|\d|[（(〔]?[一二三四五六七八九十\d]{1,3}[）)〕、.．]|[-—–]|[一二三四五六七八九十]是"
)
# Rests of tables: rows of cells, not sentences.
_CELLS = re.compile(r"\t|\|")


class Sentence(NamedTuple):
    """A sentence as a span of the text, and the section it stands in; `topic` is what its heading is about."""

    start: int
    end: int
    section_key: str
    topic: str


def sentences(flat: str, sections: Iterable[Section], readings: Iterable[TableReading]) -> Iterator[Sentence]:
    """Every sentence outside of the tables, in order. `flat` is the text with plain line breaks (Document.flat)."""
    tables = sorted((reading.char_start, reading.char_end) for reading in readings)
    for section in sections:
        begin = section.char_start
        key = section.section_key
        topic = _heading_topic(section)
        for start, end in tables:
            if end <= begin or start >= section.char_end:
                continue
            yield from _sentences(flat, begin, start, key, topic)
            begin = max(begin, end)
        yield from _sentences(flat, begin, section.char_end, key, topic)


def _heading_topic(section: Section) -> str:
    """（二）依申请公开 within section one is of applications as much as section three is."""
    key = section.section_key
    if section.heading is not None and section.level > 1:
        own = split.section_key(section.heading)
        key = own if own != "unclassified" else key
    return key if key in SECTION_TOPICS else ""


def _sentences(flat: str, begin: int, end: int, section_key: str, topic: str) -> Iterator[Sentence]:
    start = line = begin
    while start < end:
        mark = _MARK.search(flat, line, end)
        if mark is None:
            if end - start > 1:
                yield Sentence(start, end, section_key, topic)
            return
        stop = mark.end()
        if mark[0] == "\n":
            if _goes_on(flat, start, mark.start(), stop, end):
                line = stop
                continue
            stop = mark.start()
        if stop - start > 1:
            yield Sentence(start, stop, section_key, topic)
        start = line = mark.end()


def _goes_on(flat: str, start: int, line_end: int, following: int, end: int) -> bool:
    """Whether a line was broken in the middle of a sentence."""
    line = flat[max(start, flat.rfind("\n", start, line_end) + 1) : line_end].rstrip(_BLANK)
    if len(line.lstrip(_BLANK)) < _WRAPPED_LENGTH or line[-1] in _STOPS or _CELLS.search(line):
        return False
    if following >= end or flat[following] == "\n" or _NEW_LINE.match(flat, following):
        # A number may have been carried over to the next line: 共 ⏎ 1136 条.
        return following < end and flat[following].isdigit() and not _HEADING.match(flat, following)
    return not (_HEADING.match(line) and len(line.strip()) <= 40 and "，" not in line)
