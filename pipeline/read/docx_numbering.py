"""The numbers that Word writes before paragraphs: 一、 （一） 1. of automatic numbering, which are in no text of the file.

Belongs here: which number a paragraph has, counted from the beginning of the document. Does not belong here: the
paragraphs themselves (docx.py), what a heading means (split.py).
"""

import re
from typing import Any, TypeAlias

Element: TypeAlias = Any  # lxml has no types of its own

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACEHOLDER = re.compile(r"%(\d)")
_NUMERALS = "〇一二三四五六七八九"
_CHINESE_FORMATS = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ]
)
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
MAX_STYLES = 50
LEVELS = 9


class Numbering:
    """Counts the numbered paragraphs of one document, in order: ask `number` for each paragraph once."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, Element]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._styles: dict[str, Element] = {}
        self._counters: dict[str, list[int]] = {}
        self._started: set[str] = set()
        if numbering is not None:
            for abstract in numbering.iterfind(f"{W}abstractNum"):
                levels = {_integer(level.get(f"{W}ilvl")): level for level in abstract.iterfind(f"{W}lvl")}
                self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
            for number in numbering.iterfind(f"{W}num"):
                kind = number.find(f"{W}abstractNumId")
                starts = {
                    _integer(override.get(f"{W}ilvl")): _value(override, "startOverride", 1)
                    for override in number.iterfind(f"{W}lvlOverride")
                    if override.find(f"{W}startOverride") is not None
                }
                if kind is not None:
                    self._lists[number.get(f"{W}numId", "")] = kind.get(f"{W}val", ""), starts
        if styles is not None:
            self._styles = {style.get(f"{W}styleId", ""): style for style in styles.iterfind(f"{W}style")}

    def number(self, paragraph: Element) -> str:
        """What Word writes before a paragraph, "" if nothing. Counts it."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return ""
        list_id, level = self._place(properties)
        if list_id not in self._lists:
            return ""
        abstract, starts = self._lists[list_id]
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counters = self._counters.setdefault(abstract, [0] * LEVELS)
        if list_id not in self._started:
            self._started.add(list_id)
            for place, first in starts.items():
                if 0 <= place < LEVELS:
                    counters[place] = first - 1
        for place in range(level + 1):
            if counters[place] == 0 or place == level:
                first = _value(levels[place], "start", 1) if place in levels else 1
                counters[place] = counters[place] + 1 if counters[place] else first
        counters[level + 1 :] = [0] * (LEVELS - level - 1)
        return self._written(levels, level, counters)

    def _written(self, levels: dict[int, Element], level: int, counters: list[int]) -> str:
        pattern = levels[level].find(f"{W}lvlText")
        words = pattern.get(f"{W}val", "") if pattern is not None else ""
        if not words or _format(levels[level]) in ("bullet", "none"):
            return ""

        def one(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            return written(counters[place], _format(levels.get(place, levels[level]))) if 0 <= place < LEVELS else ""

        number = _PLACEHOLDER.sub(one, words)
        return number if number[-1:] in "、）)．" else f"{number} "

    def _place(self, properties: Element) -> tuple[str, int]:
        """(list, level) of a paragraph: its own, else that of its style or of the styles that this is based on."""
        found = properties.find(f"{W}numPr")
        list_id, level = "", -1
        if found is not None:
            list_id = _word(found, "numId")
            level = _value(found, "ilvl", 0) if found.find(f"{W}ilvl") is not None else -1
        style = _word(properties, "pStyle")
        for _ in range(MAX_STYLES):
            if list_id or style not in self._styles:
                break
            of_style = self._styles[style].find(f"{W}pPr/{W}numPr")
            if of_style is not None:
                list_id = _word(of_style, "numId")
                if level < 0:
                    level = _value(of_style, "ilvl", 0)
            style = _word(self._styles[style], "basedOn")
        return list_id, min(max(level, 0), LEVELS - 1)


def written(number: int, form: str) -> str:
    """A number in one of Word's formats: 3 in chineseCounting is 三."""
    if form in _CHINESE_FORMATS:
        return _chinese(number)
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((64 if form == "upperLetter" else 96) + number)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x245F + number)
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if form == "decimalZero" and number < 10:
        return f"0{number}"
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    words = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return words + (_NUMERALS[ones] if ones else "")


def _roman(number: int) -> str:
    words = ""
    for value, letters in _ROMAN:
        while number >= value and len(words) < 20:
            words += letters
            number -= value
    return words


def _format(level: Element) -> str:
    found = level.find(f"{W}numFmt")
    return found.get(f"{W}val", "decimal") if found is not None else "decimal"


def _word(element: Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return found.get(f"{W}val", "") if found is not None else ""


def _value(element: Element, name: str, otherwise: int) -> int:
    words = _word(element, name)
    return min(int(words), 10_000) if words.isdecimal() else otherwise


def _integer(words: str | None) -> int:
    return int(words) if words is not None and words.isdecimal() else 0
