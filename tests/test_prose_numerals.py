"""Numbers as prose writes them, read back: every style of every value, and the words that are no number.

Belongs here: one number by itself, and what kind of thing a number in a sentence is. Does not belong here: metrics.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prose_text import statements_of, value_of

from pipeline.prose.numerals import chinese_integer, read_number
from pipeline.prose.quantities import CLASSES, find_quantities
from pipeline.tabulate.values import SCALE

PLAIN, FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
UNITS, FORMAL_UNITS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")


def below_myriad(number: int, digits: str, units: tuple[str, ...]) -> str:
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + digits[digit] + units[place]
            zero = False
        else:
            zero = True
    return words


def chinese(number: int, digits: str = PLAIN, units: tuple[str, ...] = UNITS) -> str:
    """A number in Chinese numerals, written independently of the reader."""
    if number == 0:
        return "零"
    words = ""
    for name, worth in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part = number // worth % 10**4
        if part:
            zero = words and part < 1000
            words += ("零" if zero else "") + below_myriad(part, digits, units) + name
    return words


WHOLE = st.one_of(st.integers(0, 200), st.integers(0, 99_999), st.integers(0, 999_999_999))
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
STYLES = {
    "plain": str,
    "separators": lambda n: f"{n:,}",
    "full width": lambda n: str(n).translate(FULL_WIDTH),
    "full width separators": lambda n: f"{n:,}".translate(FULL_WIDTH),
    "mixed separators": lambda n: f"{n:,}".replace(",", "，"),
    "chinese": chinese,
    "formal": lambda n: chinese(n, FORMAL, FORMAL_UNITS),
    "myriads": lambda n: f"{Decimal(n) / 10_000}万",
    "ten as one word": lambda n: chinese(n).removeprefix("一") if 10 <= n < 20 else chinese(n),
    "circles": lambda n: chinese(n).replace("零", "〇"),
}


@pytest.mark.parametrize("style", STYLES)
@given(number=WHOLE)
def test_every_style_is_read_back(style, number):
    assert read_number(STYLES[style](number)) == number * SCALE


@pytest.mark.parametrize("style", STYLES)
@given(number=st.integers(3, 9_999_999))
def test_every_style_is_found_in_a_sentence(style, number):
    words = STYLES[style](number)
    (statement,) = statements_of(f"全年主动公开政府信息{words}条。")
    assert statement.value_text == words
    assert (statement.metric_key, value_of(statement), statement.unit) == ("disclosed_total", number, "条")


@given(number=st.decimals(min_value="0.01", max_value=99999, places=2))
def test_money_is_in_yuan(number):
    (statement,) = statements_of(f"安排政府信息公开专项经费{number}万元。", "capacity")
    assert (value_of(statement), statement.unit, statement.value_text) == (number * 10_000, "万元", str(number))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("廿六", 26), ("卅", 30), ("两百", 200), ("百", 100), ("二万三千", 23_000), ("一万零五", 10_005), ("1.2亿", 120_000_000),
        ("3千", 3_000), ("2千万", 20_000_000), ("一点五万", 15_000), ("百分之九十五", 95), ("八十余万", 800_000), ("1 234", 1234),
    ],
)  # fmt: skip
def test_number(words, value):
    assert read_number(words) == value * SCALE


@pytest.mark.parametrize(
    "words",
    ["一百二", "二万三", "二〇一三", "一二", "十十", "百百", "零五", "一百零", "万", "一千百", "两两", "二十三十"],
)
def test_what_admits_two_readings_or_none_is_no_number(words):
    assert read_number(words) is None
    assert chinese_integer(words) is None


@given(st.text(alphabet="零〇一二三四五六七八九十百千万亿廿两壹拾", min_size=1, max_size=8))
def test_any_row_of_numerals_is_a_number_or_none(words):
    value = chinese_integer(words)
    assert value is None or 0 <= value < 10**16


KINDS = [
    ("2019年", "year"), ("二〇二〇年度", "year"), ("2021-2035年规划", "year"), ("2020年1月15日", "date"), ("3月12日", "date"),
    ("12月底", "date"), ("2018-01-30 10:05", "date"), ("二○一二年二月二十日", "date"), ("国办发〔2016〕80号", "document_number"),
    ("国务院令第711号", "document_number"), ("第二十条第（一）项", "article"), ("第50条", "article"), ("邮编：341412", "phone_or_postcode"),
    ("电话：0797－6570369", "phone_or_postcode"), ("12345政务服务热线", "phone_or_postcode"), ("手机13812345678", "phone_or_postcode"),
    ("第3次", "ordinal"), ("第一批", "ordinal"), ("（2）平台建设", "ordinal"), ("1.机构设置", "ordinal"), ("附件2", "ordinal"),
    ("浮桥头路3号", "address"), ("主楼14层", "address"), ("www.gov123.cn", "code"), ("zwgk2019@126.com", "code"), ("PM2.5", "code"),
    ("“1+3”模式", "code"), ("— 4 —", "page_furniture"), ("第 4 页 共 7 页", "page_furniture"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kind"), KINDS, ids=[words for words, _ in KINDS])
def test_kind(words, kind):
    found = {quantity.kind for quantity in find_quantities(words)}
    assert found == {kind}
    assert kind in CLASSES


@given(st.text(alphabet="0123４5，。、件条年月日号第（）〔〕%万元收到申请共约-—.:：一二十 \t\n", max_size=60))
def test_any_text_is_read_without_harm(text):
    for statement in statements_of(text):
        assert 0 <= statement.char_start < statement.char_end <= len(text)
        assert text[statement.char_start : statement.char_end] == statement.value_text
