"""What a single cell says (field.md §1.3 "Delta forms", §6.2 nos. 9–12 and 47–50).

Belongs here: the text of one cell and its value or state. Does not belong here: where a cell is.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tabulate.values import SCALE, Reading, read_change, read_count, read_money

BLANKS = [
    "",
    " ",
    "\t",
    "\u3000",
    "\u3000\u3000",
    "\xa0",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\r",
    " \n",
    "&nbsp;",
    "[bookmark: _GoBack]",
]
PLACEHOLDERS = [
    "/",
    "／",
    "\\",
    "-",
    "－",
    "–",
    "—",
    "——",
    "--",
    "…",
    "_____",
    "无",
    " 无 ",
    "暂无",
    "没有",
    "不涉及",
    "不适用",
    "未发生",
    "持平",
]
ZEROS = [
    "0",
    "０",
    " 0",
    "0 ",
    "\u3000\u30000",
    "\xa00",
    "0\u200b",
    "\ufeff0",
    "0\r",
    "o",
    "O",
    "Ｏ",
    "〇",
    "零",
    "0件",
    "0.0",
    "-0",
    "+0",
    "[bookmark: _GoBack]0",
]
REFUSED_ANYWHERE = [
    "100%", "详见附件", "见上表", "保密", "详见附件2", "XX件", "××", "xx", "条", "    条", "N/A", "#REF!", "约12", "12余", "近百", "1e5",
    "1.2.3", "1,23", "1，23", "1,234,56", "12,3456", "12/3", "12-3", "3~5", "十二", "一百", "3;4", "5*", "½", "3⑴", "3㎡", "0x10", "1+1",
]  # fmt: skip
LEADING_ZEROS = ["00", "000", "01", "007", "０１", "0012", "-03", "01件", "00.5", "0 000", "00,123", "012,345"]
BROKEN = ["12\n345", "1\n2", "1\r\n2", "12\n 345", "5\n件", "\n12", "-\n3", "30.\n5", "1,\n234"]


def value(reading: Reading) -> Decimal | None:
    return None if reading.value is None else Decimal(reading.value) / SCALE


READERS = {
    "count": read_count,
    "change": read_change,
    "money": lambda text: read_money(text, "元"),
}
every_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


@every_reader
@pytest.mark.parametrize("text", BLANKS)
def test_cell_without_words_is_blank(reader, text):
    assert reader(text) == ("blank", None)


@every_reader
@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholder_is_neither_blank_nor_zero(reader, text):
    assert reader(text) == ("placeholder", None)


@every_reader
@pytest.mark.parametrize("text", ZEROS)
def test_printed_zero_is_a_number(reader, text):
    if reader is READERS["money"] and text == "0件":
        assert reader(text).state == "unreadable"
    else:
        assert reader(text) == ("reported", 0)


@every_reader
@pytest.mark.parametrize("text", REFUSED_ANYWHERE)
def test_text_that_is_no_number_is_refused(reader, text):
    assert reader(text) == ("unreadable", None)


@every_reader
@pytest.mark.parametrize("text", LEADING_ZEROS)
def test_leading_zero_is_refused(reader, text):
    """Two cells run together, or a line break lost: more than one reading."""
    assert reader(text) == ("unreadable", None)


@every_reader
@pytest.mark.parametrize("text", BROKEN)
def test_number_broken_over_lines_is_refused(reader, text):
    assert reader(text) == ("unreadable", None)


@every_reader
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12), ("１２", 12), ("\u300012\u3000", 12), ("12\n", 12), ("12\n\u3000", 12), ("312385", 312385),
        ("1,234", 1234), ("1，234", 1234), ("１，２３４", 1234), ("1,234,567", 1234567), ("12,345", 12345),
        ("1 234", 1234), ("1\xa0234", 1234), ("12 345 678", 12345678), ("12.0", 12), ("12.50", "12.5"), ("0.35", "0.35"),
        ("1.5", "1.5"), ("-5", -5), ("－5", -5), ("−5", -5), ("–5", -5), ("+5", 5), ("＋5", 5),
        ("0.0001", "0.0001"), ("99999999999999", 99999999999999),
    ],
)  # fmt: skip
def test_number(reader, text, expected):
    assert value(reader(text)) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3件", 3),
        ("3 件", 3),
        ("１２件", 12),
        ("3项", 3),
        ("3个", 3),
        ("5人次", 5),
        ("2宗", 2),
        ("4份", 4),
        ("-3项", -3),
        ("1.2万", 12000),
        ("5万件", 50000),
    ],
)
def test_count_with_a_unit(text, expected):
    assert value(read_count(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3元",
        "3万元",
        "3天",
        "3倍",
        "3级",
        "3月",
        "2020年",
        "第3",
        "第3项",
        "3.",
        "3、",
        "(3)",
        "（3）",
        "减3",
        "增3",
        "—3",
        "↓3",
    ],
)
def test_count_refuses_other_units_ordinals_and_words(text):
    assert read_count(text).state == "unreadable"


@pytest.mark.parametrize("text", ["0.00001", "1" * 19, "999999999999999"])
def test_number_that_no_column_can_hold_is_refused(text):
    """DECIMAL(18,4) has fourteen digits before and four after the point; nothing is rounded."""
    for reader in READERS.values():
        assert reader(text).state == "unreadable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("-3", -3), ("－3", -3), ("–3", -3), ("−3", -3), ("—3", -3), ("- 3", -3), ("+3", 3), ("＋3", 3), ("3", 3),
        ("减2", -2), ("减3", -3), ("减 3", -3), ("减少3项", -3), ("减少3", -3), ("增5", 5), ("增加2", 2), ("增 2 项", 2), ("新增3", 3),
        ("-3项", -3), ("↓3", -3), ("↑3", 3), ("减0", 0), ("减０", 0), ("增0/减3", -3), ("增2/减5", -3), ("增5、减2", 3),
        ("新增3、取消1", 2), ("减少3项、增加1项", -2), ("0/0", 0), ("-1,234", -1234), ("[bookmark: _GoBack]减2", -2),
    ],
)  # fmt: skip
def test_change(text, expected):
    assert value(read_change(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "增/减",
        "增",
        "减",
        "+",
        "增3/减",
        "3/1",
        "±3",
        "减03",
        "净减3",
        "同比增加3",
        "-3%",
        "减3（合并）",
        "---3",
        "增2\n减1",
        "增3万元",
    ],
)
def test_change_that_says_nothing_sure_is_refused_or_empty(text):
    assert read_change(text).state in ("unreadable", "placeholder")


@pytest.mark.parametrize("text", ["(3)", "（3）"])
def test_number_in_brackets_is_no_increase(text):
    """field.md §6.2 no. 49: an accountant's minus. Refusing it is right, +3 would be a lie."""
    assert value(read_change(text)) in (None, -3)


@pytest.mark.parametrize("text", ["无变化", "持平", "未变化", "——"])
def test_change_placeholders(text):
    assert read_change(text).state == "placeholder"


@pytest.mark.parametrize(
    ("text", "header_unit", "expected"),
    [
        ("43138万元", None, 431_380_000), ("251000元", None, 251_000), ("152790 元", None, 152_790), ("0.37万元", None, 3_700),
        ("86,400元", None, 86_400), ("0.86 万", None, 8_600), ("1.2亿元", None, 120_000_000), ("1.2 亿", None, 120_000_000),
        ("￥5,000元", None, 5_000), ("３０．５万元", None, 305_000), ("160.5964万元", None, 1_605_964),
        ("12.34567万元", None, "123456.7"), ("-3万元", None, -30_000), ("30.5", "万元", 305_000), ("30.5", "元", "30.5"),
        ("0.3", "亿元", 30_000_000), ("1,234.5678", "万元", 12_345_678), ("5000元", "万元", 5_000), ("2亿元", "万元", 200_000_000),
        ("0", None, 0), ("0.00", None, 0), ("０", None, 0), ("Ｏ", None, 0), ("0元", None, 0), ("0万元", None, 0), ("0", "万元", 0),
    ],
)  # fmt: skip
def test_money_is_in_yuan(text, header_unit, expected):
    assert value(read_money(text, header_unit)) == Decimal(expected)


@pytest.mark.parametrize("text", ["8040", "30.5", "1,234", "１２", "-3", "¥5000"])
def test_money_whose_unit_is_printed_nowhere_is_refused(text):
    assert read_money(text, None) == ("unreadable", None)


@pytest.mark.parametrize(
    "text",
    [
        "约30万元",
        "30余万元",
        "30.5w",
        "5件",
        "万元",
        "元",
        "30万5千元",
        "2,3",
        "3-5万元",
        "30.5\n万元",
        "05.2万元",
        "00.00001元",
    ],
)
def test_money_that_is_no_exact_sum_is_refused(text):
    for unit in (None, "元", "万元"):
        assert read_money(text, unit) == ("unreadable", None)


@every_reader
@pytest.mark.parametrize("text", ["12①", "5²", "①", "5₁", "⑫"])
def test_footnote_mark_is_no_digit(reader, text):
    assert value(reader(text)) in (None, Decimal("".join(c for c in text if c.isascii()) or -1))


@every_reader
@pytest.mark.parametrize("text", ["0,123", "0，123"])
def test_leading_zero_before_a_separator_is_refused(reader, text):
    assert reader(text) == ("unreadable", None)


def test_yuan_sign_is_a_unit():
    assert value(read_money("¥5000", "万元")) in (None, 5000)


@given(st.integers(0, 10**13), st.sampled_from(["{}", "{:,}", " {} ", "\u3000{}", "{}\u200b", "{}件", "{}.0", "+{}"]))
def test_every_number_comes_back_exactly(number, form):
    assert read_count(form.format(number)) == ("reported", number * SCALE)
    assert read_change(form.format(number)) == ("reported", number * SCALE)


@given(st.decimals(0, 10**9, places=4), st.sampled_from([("元", 1), ("万元", 10_000), ("亿元", 10**8)]))
def test_every_sum_of_money_comes_back_exactly(amount, unit):
    name, factor = unit
    reading = read_money(f"{amount}{name}", None)
    exact = amount * factor
    if exact < 10**14:
        assert value(reading) == exact
    else:
        assert reading.state == "unreadable"
    assert read_money(f"{amount}", name) == reading


@given(st.text())
def test_any_text_has_a_state_and_a_value_only_when_reported(text):
    for reading in (read_count(text), read_change(text), read_money(text, None), read_money(text, "万元")):
        assert reading.state in ("reported", "blank", "placeholder", "unreadable")
        assert (reading.value is not None) == (reading.state == "reported")
        if reading.value is not None:
            assert abs(reading.value) < 10**18


@given(st.text(alphabet="0123456789,.，．-+−减增万亿元件项/ \u3000\n①²oO零０１２", max_size=12))
def test_reported_digits_are_printed_digits(text):
    """A reader may not drop, add or reorder a digit: what it reports has the digits of the text, in order."""
    reading = read_count(text)
    if reading.value and not any(mark in text for mark in "万亿①²"):
        printed = "".join(str(int(c)) for c in text if c.isdigit())
        assert printed.lstrip("0").rstrip("0") == str(abs(reading.value)).strip("0")
