"""The statements of a report: every quantity of its prose as one row.

Belongs here: going through the sentences, values, years, totals. Does not belong here: what a sentence says
(clauses.py), tables, metadata.
"""

import re
from typing import NamedTuple

from pipeline.prose.clauses import Fact, read_sentence
from pipeline.prose.numerals import read_number
from pipeline.prose.parts import Item, find_parents
from pipeline.prose.sentences import sentences
from pipeline.read.document import Document
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import LARGEST

MAX_SENTENCE = 3_000
"""Longer sentences are the rests of lost tables; no quantity is read from them."""
# On bytes, because that is ten times as fast: no byte of another character is an ASCII digit.
_SKELETON = bytes.maketrans(b"123456789", b"000000000")
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_RANGE = re.compile(r"[\-－—–至到~～]")


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
    flat, text = document.flat, document.text
    rows: list[_Row] = []
    topic, spoken_in, headings = "", 0, 0
    heading: tuple[str, str] | None = None
    lists = False
    skeleton = _skeleton(flat)
    for start, end, section_key, heading_topic, number in sentences(skeleton, sections, readings):
        if end - start > MAX_SENTENCE:
            continue
        if (section_key, heading_topic) != heading:
            heading = section_key, heading_topic
            topic = ""
            headings += 1
        before = topic if topic and number - spoken_in == 1 else heading_topic
        sentence = skeleton[start:end]
        if "\n" in sentence:
            sentence = sentence.replace("\n", " ")
        facts, topic = read_sentence(sentence, section_key, before, office)
        spoken_in = number
        if not facts:
            continue
        words = flat[start:end]
        shown = text[start:end].strip()
        for fact in facts:
            value = _value(words, fact)
            if value is not None:
                lists = lists or fact.joint == "opens"
                year = _refers_to(words, fact, report_year) if fact.year or fact.year_shift else None
                rows.append(
                    (fact, value, section_key, shown, start + fact.start, start + fact.end, year, number, headings)
                )
    parents = _parents(rows) if lists else None
    return [
        _statement(place, row, None if parents is None else parents[place], rows, text)
        for place, row in enumerate(rows)
    ]


_Row = tuple[Fact, int, str, str, int, int, int | None, int, int]
"""A fact on its way to a statement: with value, section, sentence, span in the text, year, numbers of sentence and heading."""


def _parents(rows: list[_Row]) -> list[int | None]:
    return find_parents(
        [
            tuple.__new__(
                Item,
                (
                    value, fact.unit, fact.metric_key, number, heading, fact.joint,
                    fact.unit != "%" and not fact.is_zero_phrase,
                ),
            )
            for fact, value, _, _, _, _, _, number, heading in rows
        ]
    )  # fmt: skip


def _statement(place: int, row: _Row, parent: int | None, rows: list[_Row], text: str) -> Statement:
    fact, value, section_key, sentence, start, end, year, _, _ = row
    key = fact.metric_key
    if parent is not None and key is not None:
        total = rows[parent][0]
        # A part is not the whole: 其中现场咨询1600人次 are not all inquiries received.
        if key == total.metric_key and not total.is_cumulative:
            key = None
    return tuple.__new__(
        Statement,
        (
            place + 1, section_key, key, value, fact.unit, text[start:end], fact.subject or None, sentence, start, end,
            fact.is_zero_phrase, fact.is_approximate, fact.is_cumulative, fact.is_plan, fact.etc,
            None if parent is None else parent + 1, year,
        ),
    )  # fmt: skip


def _skeleton(flat: str) -> str:
    """The text with every digit 0: paragraphs and sentences that differ in their figures only are the same."""
    return flat.encode("utf-8", "surrogatepass").translate(_SKELETON).decode("utf-8", "surrogatepass")


def _value(words: str, fact: Fact) -> int | None:
    if fact.is_zero_phrase:
        return 0
    printed = words[fact.start : fact.end]
    value = read_number(printed)
    if value is None:
        value = read_number(_RANGE.split(printed)[0].strip())  # a range counts from its lower end
    if value is None or value * fact.factor > LARGEST:
        return None
    return value * fact.factor


def _refers_to(words: str, fact: Fact, report_year: int | None) -> int | None:
    """The year of the figure where it is another one than the report's."""
    if report_year is None:
        return None
    if fact.year_shift:
        return report_year + fact.year_shift
    if fact.year is None:
        return None
    digits = words[fact.year[0] : fact.year[1]].translate(_CHINESE_DIGITS)
    year = int(digits[:4])
    return None if year == report_year or not 1990 <= year <= 2100 else year
