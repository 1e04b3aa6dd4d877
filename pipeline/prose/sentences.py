"""The prose of a report, what is left of its sections when the tables are taken out, and its sentences.

Belongs here: where pieces of prose and sentences begin and end. Does not belong here: what they say.

A line break ends a sentence unless the line was broken by a page's width (PDF text): the line is long, stops in the
middle, and goes on at the margin.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline import split
from pipeline.prose.metrics import SECTION_TOPICS
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading

_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")
_BLANK = " \t\u3000\xa0\u200b\ufeff"
_WRAPPED_LENGTH = 20
NOTHING = 1
"""So much between two tables, a line break, says nothing."""
_STOPS = "。；;：:！!？?，\t|"
_HEADING = re.compile(r"\s*(?:[（(〔]?\s*[一二三四五六七八九十\d]{1,3}\s*[）)〕、.．]|第[一二三四五六]部分|[-—–]|附件)")
_NEW_LINE = re.compile(
    r"[ \u3000\xa0\t|]|\d|[（(〔]?[一二三四五六七八九十\d]{1,3}[）)〕、.．]|[-—–]|[一二三四五六七八九十]是"
)
# Rests of tables: rows of cells, not sentences.
_CELLS = re.compile(r"\t|\|")


# A sentence without any of these says no number: a digit that is no list mark, a denial, a Chinese numeral that counts.
TRIGGER = re.compile(
    r"[0-9０-９未没无零不免百一二三四五六七八九十千万两廿壹贰叁肆伍陆柒捌玖拾佰仟](?:(?<=[0-9０-９])(?![.、．)）](?![0-9０-９]))|(?<=[未没])(?!来|能|经|必|成年|如|尽|免|及)|"
    r"(?<=零)(?![售星碎散距容])|(?<=无)(?![论私需缝障法偿关疑效]|正当|条件)|(?<=不)(?:收|存在)|(?<=免)[收费]|分之|[多余]?(?:人次|批次|[件条宗次篇个项起例份期场批封册名户家处元人则]))"
)


class Sentence(NamedTuple):
    """A sentence as a span of a piece of prose. `number` counts sentences through the piece: neighbours differ by 1."""

    start: int
    end: int
    number: int


class Prose(NamedTuple):
    """A piece of a section's text without tables, and what the heading above it is about ("" for nothing)."""

    start: int
    end: int
    section_key: str
    topic: str


def pieces(sections: list[Section], readings: list[TableReading]) -> list[Prose]:
    """The text of a report outside of its tables, in order. No sentence goes over the end of a piece."""
    tables = sorted((reading.char_start, reading.char_end) for reading in readings)
    first, count = 0, len(tables)
    found: list[Prose] = []
    make = tuple.__new__  # every report takes this path: the detour of a constructor costs as much as the rest
    for level, key, heading, begin, close in sections:
        while first < count and tables[first][1] <= begin:
            first += 1
        topic = _heading_topic(key, heading if level > 1 else None)
        if first < count and tables[first][0] < close:
            for place in range(first, count):
                start, end = tables[place]
                if start >= close:
                    break
                if start - begin > NOTHING:
                    found.append(make(Prose, (begin, start, key, topic)))
                if end > begin:
                    begin = end
        if begin < close:
            found.append(make(Prose, (begin, close, key, topic)))
    return found


def sentences(flat: str, trigger: re.Pattern[str] = TRIGGER) -> list[Sentence]:
    """The sentences of a piece of prose that can say a number (or have what `trigger` finds), in order.

    `flat` is the piece with plain line breaks (Document.flat). Which digits it has does not matter.
    """
    begin, end, number = 0, len(flat), 0
    found: list[Sentence] = []
    search = trigger.search
    while begin < end:
        match = search(flat, begin, end)
        if match is None:
            break
        place = match.start()
        paragraph, paragraph_end = _paragraph(flat, begin, end, place)
        number += 1 if paragraph - begin <= 2 or flat[begin:paragraph].isspace() else 2
        for sentence in _SENTENCE.finditer(flat, paragraph, paragraph_end):
            number += 1
            one, other = sentence.span()
            if one <= place < other or (place < one and search(flat, one, other) is not None):
                found.append(Sentence(one, other, number))
        begin = paragraph_end
    return found


@lru_cache(maxsize=4_096)
def _heading_topic(key: str, heading: str | None) -> str:
    """（二）依申请公开 within section one is of applications as much as section three is: `heading` of a lower level."""
    if heading is not None:
        own = split.section_key(heading)
        key = own if own != "unclassified" else key
    return key if key in SECTION_TOPICS else ""


def _paragraph(flat: str, begin: int, end: int, place: int) -> tuple[int, int]:
    """The lines around a place that are one paragraph, between `begin` and `end`."""
    start = flat.rfind("\n", begin, place) + 1 or begin
    while start > begin:
        line = flat.rfind("\n", begin, start - 1) + 1 or begin
        if not _goes_on(flat, line, start - 1, end):
            break
        start = line
    stop = flat.find("\n", place, end)
    line = flat.rfind("\n", start, place) + 1 or start
    while stop >= 0 and _goes_on(flat, line, stop, end):
        line = stop + 1
        stop = flat.find("\n", line, end)
    return start, stop if stop >= 0 else end


def _goes_on(flat: str, line_start: int, line_end: int, end: int) -> bool:
    """Whether a line was broken in the middle of a sentence and goes on in the next."""
    following = line_end + 1
    if line_end - line_start < _WRAPPED_LENGTH or following >= end or flat[line_end - 1] in _STOPS:
        return False
    carried = flat[following].isdigit()  # a number may have been carried over: 共 ⏎ 1136 条
    if not carried and (flat[following] == "\n" or _NEW_LINE.match(flat, following)):
        return False
    line = flat[line_start:line_end].strip(_BLANK)
    if len(line) < _WRAPPED_LENGTH or line[-1] in _STOPS or _CELLS.search(line):
        return False
    if carried and _HEADING.match(flat, following):
        return False
    return not (len(line) <= 40 and _HEADING.match(line) and "，" not in line)
