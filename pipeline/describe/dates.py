"""The days that a report names: its period, the day it was signed, the day it was published.

Belongs here: dates. Does not belong here: the report's year (report.py).
"""

import re
from datetime import date

from pipeline.describe.names import CHINESE_DIGITS, year_number

_YEAR = r"20[0-3]\d"  # wide digits are made narrow first: a pattern that begins with plain characters is far faster
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_DAY = rf"({_YEAR})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日"
_ANY_DAY = rf"({_YEAR})\s*[年.．/-]\s*(\d{{1,2}})\s*[月.．/-]\s*(\d{{1,2}})\s*日?"
_TO = r"\s*(?:起|开始)?\s*[,，]?\s*(?:至|到|—+|–+|-+|－+|~|～)\s*"
_PERIOD = re.compile(rf"{_ANY_DAY}{_TO}(?:({_YEAR})\s*[年.．/-]\s*)?(\d{{1,2}})\s*[月.．/-]\s*(\d{{1,2}})(?!\d)")
# 自202011日起至20201231日止: the copy lost 年 and 月 (field.md §3.4).
_LOST = re.compile(rf"({_YEAR})(\d{{2,4}})日{_TO}({_YEAR})(\d{{2,4}})日")
_PERIOD_WORDS = re.compile(r"统计|期限|时限|时段|起止|时间范围|涵盖|核定|数据[^。，,；]{0,12}$")
_DATE_AFTER_LABEL = rf"\s*[:：]\s*{_ANY_DAY}"
_PUBLISHED = (
    re.compile(rf"(?:发布日期|发布时间|公开日期|公布日期|发布于){_DATE_AFTER_LABEL}"),
    re.compile(rf"(?:发文日期|日期|时间){_DATE_AFTER_LABEL}"),
)
_DAY_LABELS = ("日期", "时间", "发布于")
"""One of these is in every label of _PUBLISHED: a page without them is not searched."""
_SIGNED = re.compile(rf"[ \t\u3000\xa0]*{_DAY}[ \t\u3000\xa0]*")
_SIGNED_CHINESE = re.compile(
    r"\s*(二[〇○零0OoＯ][〇○零0OoＯ一二三][〇○零0OoＯ一二三四五六七八九])年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日\s*"
)
_NAVIGATION = re.compile(r"上一[条篇]|下一[条篇]|打印|关闭|主办|版权|ICP|附件|扫一扫")


def find_period(flat: str) -> tuple[date | None, date | None]:
    """The reporting period: days after words that announce one, or a whole calendar year (field.md §3.4)."""
    if "２０" in flat:
        flat = flat.translate(_NARROW)
    for match in _PERIOD.finditer(flat):
        start = _date(match[1], match[2], match[3])
        end = _date(match[4] or match[1], match[5], match[6])
        if start is not None and end is not None and _is_period(flat, match.start(), start, end):
            return start, end
    for match in _LOST.finditer(flat):
        start, end = _lost_date(match[1], match[2]), _lost_date(match[3], match[4])
        if start is not None and end is not None and _is_period(flat, match.start(), start, end):
            return start, end
    return None, None


def _is_period(flat: str, at: int, start: date, end: date) -> bool:
    whole_year = (start.month, start.day, end.month, end.day, start.year) == (1, 1, 12, 31, end.year)
    return start <= end and (whole_year or _PERIOD_WORDS.search(flat[max(0, at - 30) : at]) is not None)


def _lost_date(year: str, digits: str) -> date | None:
    """The one day that month and day without a break between them can mean; None if there are two (111) or none."""
    found = {
        day
        for cut in (1, 2)
        if (day := _date(year, digits[:cut], digits[cut:])) is not None and len(digits) - cut in (1, 2)
    }
    return found.pop() if len(found) == 1 else None


def signed_on(flat: str) -> date | None:
    """The date on a line of its own under the report; what follows it may only be navigation."""
    if "２０" in flat[-400:]:
        flat = flat[-400:].translate(_NARROW)
    for line in reversed(flat.rstrip().rsplit("\n", 25)[-25:]):
        words = line.strip()
        if not words or len(words) <= 1 or _NAVIGATION.search(words):
            continue
        match = _SIGNED.fullmatch(words)
        if match is not None:
            return _date(match[1], match[2], match[3])
        chinese = _SIGNED_CHINESE.fullmatch(words)
        if chinese is not None:
            year = year_number(chinese[1])
            return _date(str(year), str(_chinese_number(chinese[2])), str(_chinese_number(chinese[3])))
        return None
    return None


def published_on(head: str) -> date | None:
    """The day of publication that a page's header prints; a label that says so goes before a mere date."""
    if not any(words in head for words in _DAY_LABELS):
        return None
    if "２０" in head:
        head = head.translate(_NARROW)
    for pattern in _PUBLISHED:
        match = pattern.search(head)
        if match is not None:
            return _date(match[1], match[2], match[3])
    return None


def _chinese_number(words: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int(CHINESE_DIGITS[words])
    return (int(CHINESE_DIGITS[tens]) if tens else 1) * 10 + (int(CHINESE_DIGITS[ones]) if ones else 0)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # no such day, or no digits
        return None
