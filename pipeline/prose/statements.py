"""The statements of a report: every quantity of its prose as one row.

Belongs here: going through the sentences, values, years, totals. Does not belong here: what a sentence says
(clauses.py), tables, metadata.
"""

import re
from typing import NamedTuple

from pipeline.prose.clauses import TRIGGER, Fact, read_sentence
from pipeline.prose.numerals import read_number
from pipeline.prose.parts import Item, find_parents
from pipeline.prose.sentences import Sentence, sentences
from pipeline.read.document import Document
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import LARGEST

MAX_SENTENCE = 3_000
"""Longer sentences are the rests of lost tables; no quantity is read from them."""
_SKELETON = {ord(digit): "0" for digit in "123456789"} | {ord(digit): "０" for digit in "１２３４５６７８９"}
_SKELETON |= {ord("\n"): " "}  # a sentence of a page that was broken at its width
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_RANGE = re.compile(r"[\-－—–至到~～]")
_ZERO_VALUE = 0


class Statement(NamedTuple):
    """One row of the table `statements`, without the report. `value` is in ten-thousandths."""

    statement_no: int
    section_key: str
    metric_key: str | None
    value: int
    unit: str | None
    value_text: str
    subject: str | None
    sentence: str
    char_start: int
    char_end: int
    is_zero_phrase: bool
    is_approximate: bool
    is_cumulative: bool
    is_plan: bool
    list_is_open: bool
    parent_statement_no: int | None
    refers_to_year: int | None


def read_statements(
    document: Document, sections: list[Section], readings: list[TableReading], report_year: int | None, office: bool
) -> list[Statement]:
    """Every quantity outside of the tables, in the order of the text.

    `office`: the report is a government office's own, so what 办公室 did is the body's figure. Spans are those of
    `value_text` in the report's text.
    """
    flat = document.flat
    found: list[tuple[Fact, int, Sentence, str, int, int]] = []
    topic, spoken_in = "", 0
    heading: tuple[str, str] | None = None
    number, sections_seen = 0, 0
    for sentence in sentences(flat, sections, readings):
        words = flat[sentence.start : sentence.end]
        number += 1
        if (sentence.section_key, sentence.topic) != heading:
            heading = sentence.section_key, sentence.topic
            topic = ""
            sections_seen += 1
        if TRIGGER.search(words) is None or len(words) > MAX_SENTENCE:
            continue
        before = topic if topic and number - spoken_in == 1 else sentence.topic
        facts, topic = read_sentence(words.translate(_SKELETON), sentence.section_key, before, office)
        spoken_in = number
        for fact in facts:
            value = _value(words, fact)
            if value is not None:
                found.append((fact, value, sentence, words, number, sections_seen))
    if not found:
        return []
    parents = find_parents(
        [
            Item(
                value, fact.unit, fact.metric_key, sentence_no, section_no, fact.joint,
                fact.unit != "%" and not fact.is_zero_phrase,
            )
            for fact, value, _, _, sentence_no, section_no in found
        ]
    )  # fmt: skip
    return [
        _statement(place, entry, parents[place], found, document.text, report_year) for place, entry in enumerate(found)
    ]


def _value(words: str, fact: Fact) -> int | None:
    if fact.is_zero_phrase:
        return _ZERO_VALUE
    printed = words[fact.start : fact.end]
    value = read_number(printed)
    if value is None:
        value = read_number(_RANGE.split(printed)[0].strip())  # a range counts from its lower end
    if value is None or value * fact.factor > LARGEST:
        return None
    return value * fact.factor


def _statement(
    place: int,
    entry: tuple[Fact, int, Sentence, str, int, int],
    parent: int | None,
    found: list[tuple[Fact, int, Sentence, str, int, int]],
    text: str,
    report_year: int | None,
) -> Statement:
    fact, value, sentence, words, _, _ = entry
    key = fact.metric_key
    if parent is not None:
        total = found[parent][0]
        # A part is not the whole: 其中现场咨询1600人次 are not all inquiries received.
        if key is not None and key == total.metric_key and not total.is_cumulative:
            key = None
    start, end = sentence.start + fact.start, sentence.start + fact.end
    return Statement(
        place + 1,
        sentence.section_key,
        key,
        value,
        fact.unit,
        text[start:end],
        fact.subject or None,
        text[sentence.start : sentence.end].strip(),
        start,
        end,
        fact.is_zero_phrase,
        fact.is_approximate,
        fact.is_cumulative,
        fact.is_plan,
        fact.etc,
        None if parent is None else parent + 1,
        _refers_to(words, fact, report_year),
    )


def _refers_to(words: str, fact: Fact, report_year: int | None) -> int | None:
    """The year of the figure where it is another one than the report's."""
    if fact.year_shift:
        return None if report_year is None else report_year + fact.year_shift
    if fact.year is None or report_year is None:
        return None
    digits = words[fact.year[0] : fact.year[1]].translate(_CHINESE_DIGITS)
    year = int(digits[:4])
    if year == report_year or not 1990 <= year <= 2100:
        return None
    return year
