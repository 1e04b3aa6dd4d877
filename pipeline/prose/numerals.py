"""The value of one number as it is written in prose: 1,234, １２, 1.2万, 二百四十六, 廿六, 两.

Belongs here: reading the words of a single number. Does not belong here: finding it, its unit, what it counts.

Values are exact integers in ten-thousandths (as in tables, values.SCALE), None where the words are no number or admit
more than one: 一百二 may be 102 or 120. cn2an takes 0.58 s to import (more
than the whole parser) and 35 µs a word, and reads 一百二 as 120; both agree on 1 to 12,000 in both scripts (measured with
0.5.24).
"""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from pipeline.tabulate.values import LARGEST, SCALE

DIGIT_CHARACTERS = "零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
UNIT_CHARACTERS = "十百千拾佰仟"
CHINESE = DIGIT_CHARACTERS + UNIT_CHARACTERS + "廿卅万亿"

_DIGITS = {
    **dict.fromkeys("零〇○", 0), **{digit: value for value, digit in enumerate("一二三四五六七八九", 1)},
    "两": 2, **{digit: value for value, digit in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(r"(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<factor>[十百千]?[万亿]|[百千])?")
_FACTORS = {"": 1, "百": 100, "千": 1000, "万": 10_000, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_GROUP_BLANK = re.compile(r"[ \u00a0]")
_GROUPING = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+")


@lru_cache(maxsize=65_536)
def read_number(words: str) -> int | None:
    """The number in ten-thousandths; None if the words are none or can be read in more than one way."""
    if words.startswith("百分之"):
        words = words[3:]
    words = words.replace("余", "").replace("多", "")  # 八十余万: its flag is is_approximate
    if words[0] in CHINESE:
        return _read_chinese(words)
    folded = words.translate(_HALF_WIDTH).strip()
    if _GROUPING.fullmatch(folded):
        folded = _GROUP_BLANK.sub("", folded)
    match = _ARABIC.fullmatch(folded)
    if match is None:
        return None
    factor = _FACTORS.get(match["factor"] or "")
    if factor is None:
        return None
    try:
        return _scaled(Decimal(match["digits"].replace(",", "")) * factor)
    except InvalidOperation:
        return None


def _scaled(value: Decimal) -> int | None:
    scaled = value * SCALE
    if scaled != scaled.to_integral_value() or scaled > LARGEST:
        return None
    return int(scaled)


def _read_chinese(words: str) -> int | None:
    whole, point, decimals = words.partition("点")
    if not point:
        value = chinese_integer(whole)
        return None if value is None else _scaled(Decimal(value))
    factor = 1
    if decimals and decimals[-1] in _MYRIADS:
        factor = _MYRIADS[decimals[-1]]
        decimals = decimals[:-1]
    before = chinese_integer(whole)
    if before is None or not decimals or any(c not in _DIGITS for c in decimals):
        return None
    fraction = "".join(str(_DIGITS[c]) for c in decimals)
    return _scaled(Decimal(f"{before}.{fraction}") * factor)


def chinese_integer(words: str) -> int | None:
    """A whole number in Chinese numerals, zero included; None if it is not well formed.

    A row of digits (二〇一三) is a year or a code, no count, and is refused; so is 一百二, and 十 after a bare 零.
    """
    if words in ("零", "〇", "○"):
        return 0
    total, rest = 0, words
    for myriad, worth in (("亿", 100_000_000), ("万", 10_000)):
        if rest.count(myriad) > 1:
            return None
        before, found, after = rest.partition(myriad)
        if not found:
            continue
        part = _below_myriad(before.lstrip("零〇○") if total else before)  # 一亿零一万
        if part is None or part == 0:
            return None
        total += part * worth
        rest = after
        if rest and rest[0] not in "零〇○" and not _full(rest):
            return None  # 二万三: 20,003 or 23,000
    if rest:
        part = _below_myriad(rest.lstrip("零〇○") if total else rest)
        if part is None or part == 0:
            return None
        total += part
    return total


def _full(words: str) -> bool:
    """Whether what follows 万 names its own unit, so that 二万三千 is clear and 二万三 is not."""
    return any(c in _UNITS or c in "廿卅万" for c in words)


def _below_myriad(words: str) -> int | None:
    """一 to 九千九百九十九; 十 and 百 alone are 10 and 100."""
    total, highest, zero = 0, 10_000, False
    digit: int | None = None
    for place, c in enumerate(words):
        if c in _UNITS:
            unit = _UNITS[c]
            if unit >= highest:
                return None
            if digit is None:
                if place and not (zero and unit == 10):
                    return None
                digit = 1
            if digit == 0:
                return None
            total += digit * unit
            highest, digit, zero = unit, None, False
        elif c in "廿卅":
            if highest <= 10 or digit is not None:
                return None
            total += 20 if c == "廿" else 30
            highest = 10
        elif c not in _DIGITS:
            return None
        elif _DIGITS[c] == 0:
            if not total or digit is not None or zero:
                return None
            zero = True
        else:
            if digit is not None:
                return None
            digit = _DIGITS[c]
    if zero and digit is None:
        return None
    if digit is not None:
        # 一百零二 and 十二 are clear; 一百二 is not.
        if total and highest > 10 and not zero:
            return None
        total += digit
    return total
