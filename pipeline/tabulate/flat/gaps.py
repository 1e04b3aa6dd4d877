"""What stands between two labels of running text: the numbers of one row.

Belongs here: cutting such a gap into chunks and telling numbers from words that do not belong there. Does not belong
here: which label it is (patterns.py), what a row's chunks mean together (rows.py, resolve.py).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.tabulate import values

# On a line of its own only: "— 4 —" inside a line may be three cells.
_PAGE_LINES = re.compile(
    r"^[^\S\n]*(?:[-–—―─－]{1,2}[^\S\n]*\d{1,3}[^\S\n]*[-–—―─－]{1,2}|第\s*\d+\s*页[^\n]{0,12}|\d{1,3}\s*/\s*\d{1,3}\s*页)[^\S\n]*$",
    re.MULTILINE,
)
# Every page number has one of these.
_PAGE_SIGN = re.compile(r"[-–—―─－页]")
# 第 4 页 and -4- are no cells inside a line either (on lines of their own they are told by _PAGE_LINES).
_PAGE_WORDS = re.compile(r"(?<=[^\n])第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?")
_PAGE_DASHES = re.compile(r"[-–—―─－]\d{1,3}[-–—―─－](?=[^\S\n])")
_ARTEFACTS = re.compile(r"\[bookmark:[^\]\n]{0,60}\]|_GoBack|\\\* MERGEFORMAT")
_NO_CELL_BEFORE = frozenset("、年月日号")
_BLANKS_IN_LINE = frozenset(" \t\u3000\xa0")
_DASHES = frozenset("-–—―─－")
_CHUNK = re.compile(
    r"(?P<sign>[（(]\s*\d+\s*[）)])"
    r"|(?P<word>(?:(?!(?:减少|增加|新增|不涉及|未涉及|无变化|持平|暂无|减|增|无)(?=[\s\d|]|$)|[（(]\s*\d+\s*[）)])[\u3400-\u9fff（）()〔〕“”《》、，。；：:;!！?？【】\[\]\"'‘’„″a-zA-Z_]){1,})"
    r"|(?P<value>[^\s\u3400-\u9fff（）()〔〕“”\"'‘’„″《》、。；：:;【】\[\]]+(?:\s?(?:万元|亿元|元|万))?|(?:减少|增加|新增|减|增)\d+[项个件条]?|不涉及|未涉及|无变化|持平|暂无|无)"
)
_UNIT_WORDS = frozenset(["件", "项", "条", "次", "个", "人", "人次", "篇", "份", "宗", "元", "万元", "亿元", "万"])
_HAN = re.compile(r"[\u3400-\u9fff]")
_ORDINAL_END = re.compile(r"\d[.．]$")
_LINE_END = re.compile(r"[^\S\n]*(?:\n|$)")
MIN_PAGE_LINES = 2
MIN_TAIL = 3
_DIGITS_ONLY = re.compile(r"\d+")


class Chunk(NamedTuple):
    """A run of characters without blanks: a number, several run together, or a placeholder."""

    text: str
    start: int
    end: int

    @property
    def is_digits(self) -> bool:
        return bool(_DIGITS_ONLY.fullmatch(self.text))


class Gap(NamedTuple):
    """The chunks up to the first words that do not belong to the label; `stray` are those words, `one_line` whether
    all chunks stand on one line and end it, `unit` a unit before the first chunk."""

    chunks: tuple[Chunk, ...]
    stray: str
    stray_at: int
    one_line: bool
    unit: str = ""


def mask_artefacts(text: str) -> str:
    """The text with what is left of a word processor (field.md §6.2 no. 27) and page numbers in words as blanks."""
    if has_artefacts(text):
        text = _ARTEFACTS.sub(_blanks, text)
    if "页" in text:
        text = _PAGE_WORDS.sub(_blanks, text)
    for match in _PAGE_DASHES.finditer(text):
        if text[match.start() - 1 : match.start()] in _BLANKS_IN_LINE:
            text = text[: match.start()] + _blanks(match) + text[match.end() :]
    return text


def has_artefacts(text: str) -> bool:
    """Whether a word processor left something in the text."""
    return "[bookmark:" in text or "_GoBack" in text or "MERGEFORMAT" in text


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def without_page_mark(gap: Gap, count: int) -> Gap:
    """A gap whose digits run together, without the page number ( — 4 — ) before or behind them.

    Inside a line it could be three cells: it is none where the other digits alone are enough for `count` cells.
    """
    chunks = gap.chunks
    for mark, rest in ((chunks[-3:], chunks[:-3]), (chunks[:3], chunks[3:])):
        is_mark = len(mark) == 3 and mark[0].text in _DASHES and mark[1].is_digits and mark[2].text in _DASHES
        digits = sum(len(chunk.text) for chunk in rest)
        if is_mark and rest and digits >= count != len(chunks) and all(chunk.is_digits for chunk in rest):
            return gap._replace(chunks=rest)
    return gap


def cut_gap(text: str, begin: int, end: int, tail: str) -> Gap:
    """The gap from `begin` to `end`. `tail` is the label's wording: words of it may stand below its numbers."""
    masked = text[begin:end]
    if _PAGE_SIGN.search(masked):
        masked = _PAGE_LINES.sub(_blanks, masked)
    chunks: list[Chunk] = []
    folded_tail = han(tail)
    unit = ""
    for match in _CHUNK.finditer(masked):
        if match["word"] is not None:
            words = han(match["word"])
            if not chunks and unit + words in _UNIT_WORDS:
                unit += words
                continue
            if match["word"][0] in _NO_CELL_BEFORE and chunks and chunks[-1].end == begin + match.start():
                chunks.pop()  # 3、 is the ordinal of what follows, 2020年 the title of the next page
            if not words or words in folded_tail or (not chunks and _is_tail(words, folded_tail)):
                continue
            if chunks and words in _UNIT_WORDS and masked[: match.start()].endswith(chunks[-1].text):
                last = chunks.pop()
                chunks.append(Chunk(last.text + words, last.start, begin + match.end()))
                continue
            stray_at = begin + match.start()
            return _gap(text, _without_ordinal(chunks, masked, match.start(), begin), match["word"], stray_at, unit)
        chunks.append(Chunk(_fold(match[0]), begin + match.start(), begin + match.end()))
    return _gap(text, chunks, "", end, unit)


def _is_tail(words: str, label: str) -> bool:
    """Whether words right behind a label's beginning are its end with a typo."""
    return len(words) >= MIN_TAIL and Levenshtein.distance(words, label[-len(words) :], score_cutoff=1) <= 1


def has_page_lines(text: str) -> bool:
    """Whether page numbers are printed in a form that no cell has (-3-): then a bare number is a cell."""
    return len(_PAGE_LINES.findall(text)) >= MIN_PAGE_LINES


def _without_ordinal(chunks: list[Chunk], masked: str, word: int, begin: int) -> list[Chunk]:
    """The chunks without the ordinal of the words behind them: 2.其他… or, run together, 00000002.其他…"""
    if not chunks or chunks[-1].end != begin + word:
        return chunks
    last = chunks[-1]
    if masked[word] == "、" and last.text[-1:].isdigit():
        cut = 1
    elif _ORDINAL_END.search(last.text):
        cut = 2
    else:
        return chunks
    rest = last.text[:-cut]
    return [*chunks[:-1], Chunk(rest, last.start, last.end - cut)] if rest else chunks[:-1]


def _gap(text: str, chunks: list[Chunk], stray: str, stray_at: int, unit: str) -> Gap:
    one_line = not chunks or (
        "\n" not in text[chunks[0].start : chunks[-1].end] and bool(_LINE_END.match(text, chunks[-1].end))
    )
    return Gap(tuple(chunks), stray, stray_at, one_line, unit)


@lru_cache(maxsize=8_192)
def han(words: str) -> str:
    """The Chinese characters of some words, 其它 as 其他."""
    return "".join(_HAN.findall(words)).replace("其它", "其他")


@lru_cache(maxsize=8_192)
def _fold(chunk: str) -> str:
    return values.INVISIBLE.sub("", values.fold_width(chunk))
