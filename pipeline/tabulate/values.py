"""What one cell says: a number, nothing, a placeholder, or text that is no number.

Belongs here: reading the text of a single cell whose place is known. Does not belong here: where the cell is, what its
row means, arithmetic between cells. A value is never guessed: what admits two readings is `unreadable`.

Values are exact integers in ten-thousandths (SCALE), the resolution of DECIMAL(18,4).
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

SCALE = 10_000
LARGEST = 10**18 - 1

# Characters that print nothing (field.md §6.2 no. 10); str.strip() does not know them.
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
INVISIBLE_ONE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_WORD_ARTEFACT = re.compile(r"\[bookmark:[^\]]*\]|_GoBack|\\\* MERGEFORMAT|&nbsp;?")
_PLACEHOLDER = re.compile(
    r"[/\\\-–—―─−_*.·、…]+|[暂]?无|没有|不涉及|未涉及|不适用|持平|无变化|未变化|未发生|无此项|空|/无|无/"
)
_LETTER_ZERO = re.compile(r"[oO〇○零]")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−–])?(?P<digits>{_DIGITS})(?P<myriad>万|亿)?(?: ?(?P<unit>[^\d\s.,万亿+\-]{{1,3}}))?"
)
_BLANK_GROUPS = re.compile(r"\d{1,3}(?: \d{3})+")
_SIGNED = re.compile(rf"(?P<word>减少|减|↓|新增|增加|增|↑|[+\-−–—―])(?P<digits>{_DIGITS})(?P<unit>[项个件条])?")
_PAIR = re.compile(
    r"(?:新增|增加|增)(?P<plus>\d+)[项个件条]?[/、,;](?:减少|取消|减)(?P<minus>\d+)[项个件条]?"
    r"|(?:减少|取消|减)(?P<minus2>\d+)[项个件条]?[/、,;](?:新增|增加|增)(?P<plus2>\d+)[项个件条]?"
)
_ZERO_PAIR = re.compile(r"0/0")
_LEADING_ZERO = re.compile(r"0[\d,]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_GOES_ON = re.compile(r"[\n\u2028]\s*\S")
_MONEY = re.compile(
    rf"(?P<sign>[+\-−–])?(?P<sign_of_yuan>[¥￥])?(?:人民币)?(?P<digits>{_DIGITS})(?P<unit>元|万元?|亿元?)?(?:人民币)?"
)
_MONEY_UNIT = re.compile(r"(?:单位[:：]?\(?|\(|额)(?P<unit>亿元|万元|元)")
_OTHER_MONEY_UNIT = re.compile(r"[百千美港欧]元|百万|千万|美金")

COUNT_UNITS = frozenset(
    [
        "件",
        "项",
        "条",
        "次",
        "个",
        "人",
        "人次",
        "篇",
        "份",
        "宗",
        "起",
        "例",
        "期",
        "场",
        "名",
        "户",
        "张",
        "部",
        "种",
        "家",
        "处",
    ]
)
MINUS_WORDS = frozenset(["减少", "减", "↓", "-", "−", "–", "—", "―"])
MONEY_FACTORS = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}
STRANGE_UNIT = "?"
MYRIADS = {None: 1, "万": 10_000, "亿": 100_000_000}


class Reading(NamedTuple):
    """What a cell says. `value` is in ten-thousandths, null unless state is `reported`."""

    state: str
    value: int | None


BLANK = Reading("blank", None)
PLACEHOLDER = Reading("placeholder", None)
UNREADABLE = Reading("unreadable", None)
ZERO = Reading("reported", 0)


def tidy(text: str) -> str:
    """The cell's text with full-width forms folded, Word artefacts and outer and invisible blanks removed."""
    return INVISIBLE.sub(" ", fold_width(_WORD_ARTEFACT.sub("", text))).strip()


def fold_width(text: str) -> str:
    """Full-width forms as ASCII, one code point to one. NFKC would make digits of ① and ² (design.md "Normalisation")."""
    return text.translate(_FULL_WIDTH)


@lru_cache(maxsize=65_536)
def read_count(text: str) -> Reading:
    """A count: 12, 1,234, 12.0, 3件, 1.2万, １２. Signs and decimals are kept: a check says that they are wrong.

    field.md §6.2 nos. 9–12, 47, 48, 50.
    """
    early, text = _early(text)
    if early is not None:
        return early
    match = _NUMBER.fullmatch(text)
    if match is None:
        return UNREADABLE
    unit = match["unit"]
    if unit is not None and unit not in COUNT_UNITS:
        return UNREADABLE
    return _number(match["digits"], match["sign"] in MINUS_WORDS, MYRIADS[match["myriad"]])


@lru_cache(maxsize=16_384)
def read_change(text: str) -> Reading:
    """A signed change of 本年增/减: -3, 减2, +3, 增5, 增0/减3 (is -3). field.md §1.3 "Delta forms".

    A number without a sign is an increase, as the form has it.
    """
    early, text = _early(text)
    if early is not None:
        return early
    text = text.replace(" ", "")
    if _ZERO_PAIR.fullmatch(text):
        return ZERO
    pair = _PAIR.fullmatch(text)
    if pair is not None:
        plus = _number(pair["plus"] or pair["plus2"], False, 1)
        minus = _number(pair["minus"] or pair["minus2"], False, 1)
        if plus.value is None or minus.value is None:
            return UNREADABLE
        return Reading("reported", plus.value - minus.value)
    match = _SIGNED.fullmatch(text)
    if match is not None:
        return _number(match["digits"], match["word"] in MINUS_WORDS, 1)
    return read_count(text)


@lru_cache(maxsize=16_384)
def read_money(text: str, header_unit: str | None) -> Reading:
    """Money in 元. The unit is the cell's, else `header_unit`; a figure other than 0 without either is unreadable.

    field.md §0.1 no. 7, §6.2 no. 12; contract "cells.unit".
    """
    early, text = _early(text)
    if early is not None:
        return early
    match = _MONEY.fullmatch(text.replace(" ", "") if not _BLANK_GROUPS.search(text) else text)
    if match is None:
        return UNREADABLE
    unit = match["unit"] or header_unit
    if match["sign_of_yuan"] and match["unit"] is None:
        # ¥5000 under 万元: the cell and the header say different units; without a header ¥ alone is no unit.
        unit = "元" if header_unit == "元" else None
    if unit is None or unit == STRANGE_UNIT:
        figure = _number(match["digits"], False, 1)
        return ZERO if figure.value == 0 else UNREADABLE
    return _number(match["digits"], match["sign"] in MINUS_WORDS, MONEY_FACTORS[unit])


def money_unit(header: str) -> str | None:
    """The unit of money that a column header prints (采购总金额(单位:万元,…)), None if none, STRANGE_UNIT if another."""
    words = tidy(header).replace(" ", "")
    if _OTHER_MONEY_UNIT.search(words):
        return STRANGE_UNIT
    match = _MONEY_UNIT.search(words)
    return match["unit"] if match else None


def _early(text: str) -> tuple[Reading | None, str]:
    """States that need no number, and the tidied text."""
    if _GOES_ON.search(text):
        # Words on a second line of the cell: a number broken in two, or a page number that fell between (field.md
        # §6.2 nos. 8 and 48). The text cannot tell.
        return UNREADABLE, text
    text = tidy(text)
    if not text:
        return BLANK, text
    if _LETTER_ZERO.fullmatch(text):
        return ZERO, text
    if _PLACEHOLDER.fullmatch(text):
        return PLACEHOLDER, text
    if _BLANK_GROUPS.fullmatch(text):
        text = text.replace(" ", "")
    return None, text


def _number(digits: str, negative: bool, factor: int) -> Reading:
    # A leading zero is two cells run together or a line break lost: more than one reading.
    if _LEADING_ZERO.match(digits):
        return UNREADABLE
    scaled = Decimal(digits.replace(",", "")) * factor * SCALE
    if scaled != scaled.to_integral_value() or scaled > LARGEST:
        return UNREADABLE
    value = int(scaled)
    return Reading("reported", -value if negative else value)
