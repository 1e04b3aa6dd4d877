"""The statements of a report: every quantity of its prose as one row.

Belongs here: going through the sentences, values, years, totals. Does not belong here: what a sentence says
(clauses.py), tables, metadata.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.prose.clauses import Fact, read_sentence
from pipeline.prose.numerals import read_number
from pipeline.prose.parts import Item, find_parents
from pipeline.prose.sentences import pieces, sentences
from pipeline.read.document import Document
from pipeline.split import Section
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import LARGEST

MAX_SENTENCE = 3_000
"""Longer sentences are the rests of lost tables; no quantity is read from them."""
MAX_CACHED = 6_000
"""What longer pieces of prose say is not kept: 4,096 of these are some 50 MB at most."""
BETWEEN_PIECES = 1_000_000
"""Sentences of two pieces are no neighbours, whatever their numbers."""
# On bytes, because that is ten times as fast: no byte of another character is an ASCII digit.
_SKELETON = bytes.maketrans(b"123456789", b"000000000")
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_RANGE = re.compile(r"[\-－—–至到~～]")


_Said = tuple[int, int, int, tuple[Fact, ...]]
"""A sentence of a piece of prose: its span there, its number, what it says."""


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
    statements: list[Statement] = []
    places: list[_Place] = []
    numbers = headings = 0
    heading: tuple[str, str] | None = None
    opened: set[int] = set()
    make = tuple.__new__  # every quantity takes this path: the detour of a constructor costs as much as the rest
    prose = pieces(sections, readings)
    skeleton = _skeleton("".join([flat[piece.start : piece.end] for piece in prose]))
    at = 0
    for begin, close, section_key, topic in prose:
        read = _read_piece if close - begin <= MAX_CACHED else _read_piece.__wrapped__
        said, speaks = read(skeleton[at : at + close - begin], section_key, topic, office)
        at += close - begin
        if speaks and (section_key, topic) != heading:
            heading = section_key, topic
            headings += 1
        for start, end, number, facts in said:
            words = flat[begin + start : begin + end]
            shown = text[begin + start : begin + end].strip()
            for fact in facts:
                (
                    first, last, unit, factor, key, subject, is_zero, is_approximate, is_cumulative, is_plan, of_year,
                    shift, joint, is_open,
                ) = fact  # fmt: skip
                value: int | None = 0
                if not is_zero:
                    printed = words[first:last]
                    value = read_number(printed)  # most figures are plain numbers: no more calls for them
                    if value is None or factor != 1 or value > LARGEST:
                        value = _value(printed, factor)
                        if value is None:
                            continue
                if joint == "opens":
                    opened.add(headings)
                year = _refers_to(words, fact, report_year) if of_year or shift else None
                first += begin + start
                last += begin + start
                places.append((numbers + number, headings, joint))
                statements.append(
                    make(
                        Statement,
                        (
                            len(places), section_key, key, value, unit, text[first:last], subject or None, shown,
                            first, last, is_zero, is_approximate, is_cumulative, is_plan, is_open, None, year,
                        ),
                    )
                )  # fmt: skip
        numbers += BETWEEN_PIECES
    if opened:
        _link_parts(statements, places, opened)
    return statements


@lru_cache(maxsize=16_384)
def _read_piece(skeleton: str, section_key: str, topic: str, office: bool) -> tuple[tuple[_Said, ...], bool]:
    """What the sentences of a piece of prose say, and whether any of them could say something.

    What one sentence spoke of last is the topic of the next.
    """
    said: list[_Said] = []
    spoken, spoken_in, speaks = "", 0, False
    for start, end, number in sentences(skeleton):
        if end - start > MAX_SENTENCE:
            continue
        speaks = True
        before = spoken if spoken and number - spoken_in == 1 else topic
        facts, spoken = read_sentence(skeleton[start:end].replace("\n", " "), section_key, before, office)
        spoken_in = number
        if facts:
            said.append((start, end, number, facts))
    return tuple(said), speaks


_Place = tuple[int, int, str]
"""Of a statement: the number of its sentence, of the heading above it, and how it is joined to the figure before."""


def _link_parts(statements: list[Statement], places: list[_Place], opened: set[int]) -> None:
    """Names the total of every part, below the headings where a list of parts was `opened`: none goes over a heading."""
    below = [place for place, (_, heading, _) in enumerate(places) if heading in opened]
    items = []
    for place in below:
        _, _, key, value, unit, _, _, _, _, _, is_zero, _, _, _, _, _, _ = statements[place]
        countable = unit != "%" and not is_zero
        items.append(tuple.__new__(Item, (value, unit, key, *places[place], countable)))
    for place, parent in zip(below, find_parents(items), strict=True):
        if parent is not None:
            part, total = statements[place], statements[below[parent]]
            # A part is not the whole: 其中现场咨询1600人次 are not all inquiries received.
            is_other = part.metric_key != items[parent].metric_key or total.is_cumulative
            number, section_key, key, *rest, _, year = part
            said = (number, section_key, key if is_other else None, *rest, total.statement_no, year)
            statements[place] = tuple.__new__(Statement, said)


def _skeleton(flat: str) -> str:
    """The text with every digit 0: paragraphs and sentences that differ in their figures only are the same."""
    return flat.encode("utf-8", "surrogatepass").translate(_SKELETON).decode("utf-8", "surrogatepass")


def _value(printed: str, factor: int) -> int | None:
    value = read_number(printed)
    if value is None:
        value = read_number(_RANGE.split(printed)[0].strip())  # a range counts from its lower end
    if value is None or value * factor > LARGEST:
        return None
    return value * factor


def _refers_to(words: str, fact: Fact, report_year: int | None) -> int | None:
    """The year of the figure where it is another one than the report's."""
    if report_year is None:
        return None
    if fact.year_shift:
        return report_year + fact.year_shift
    if fact.year is None:
        return None
    digits = words[fact.year[0] : fact.year[1]][:4]
    year = int(digits if digits.isascii() else digits.translate(_CHINESE_DIGITS))
    return None if year == report_year or not 1990 <= year <= 2100 else year
