"""Damage in tables without cell boundaries: what is left is read, what is lost takes nothing else with it.

Belongs here: digits run together and rows in running text, one damage at a time. Does not belong here: the search for
readings (test_resolve.py), tables with cell boundaries (test_grid_*.py, test_pipes.py).
"""

import pytest
from test_resolve import COLUMNS, FORM, glued, read, table

from pipeline.read.document import make_document
from pipeline.tabulate.tables import tabulate
from schemas import forms

ZEROS = {row.key: [0] * 7 for row in FORM.rows}
DISPUTES = (
    "四、政府信息公开行政复议、行政诉讼情况行政复议行政诉讼结果维持结果纠正其他结果尚未审结总计未经复议直接起诉复议后起诉"
    "结果维持结果纠正其他结果尚未审结总计结果维持结果纠正其他结果尚未审结总计"
)
AFTER = "五、存在的主要问题及改进情况2021年工作仍有不足。"


def rows_of(found):
    """row_key → its values where all seven are reported, else None."""
    values = {row.key: [found[row.key, column] for column in COLUMNS] for row in FORM.rows}
    return {
        key: [value for _, value in cells] if all(state == "reported" for state, _ in cells) else None
        for key, cells in values.items()
    }


@pytest.mark.parametrize("row", ["carried_over", "granted", "refused_internal_affairs", "carried_forward"])
def test_rows_of_zeros_stay_when_the_numbers_of_a_row_are_lost(row):
    """Seven zeros are seven zeros, whatever became of other rows (docs/resolving.md)."""
    found = rows_of(read(glued(ZEROS | {row: []})))
    assert found.pop(row) is None
    assert set(map(tuple, found.values())) == {(0,) * 7}


def test_no_other_row_is_read_when_the_numbers_of_a_row_are_lost():
    rows = table(3)
    found = rows_of(read(glued(rows | {"carried_over": []})))
    assert {key for key, values in found.items() if values} == {
        key for key, numbers in rows.items() if key != "carried_over" and not any(numbers)
    }


def test_a_large_table_is_solved():
    """A province's figures: rows of twenty digits and more stay within the bound on work (issue: no more than 50 ms)."""
    rows = {key: [0] * 6 for key in ZEROS}
    rows |= {"granted": [4988, 383, 8, 31, 124, 56], "partly_granted": [1030, 74, 1, 10, 27, 12]}
    rows |= {"unavailable_not_held": [2221, 218, 4, 25, 98, 90], "refused_internal_affairs": [310, 14, 0, 4, 3, 7]}
    rows |= {"carried_forward": [0, 181, 0, 0, 3, 0]}
    rows["total_handled"] = [sum(row[column] for row in rows.values()) for column in range(6)]
    rows["total_handled"][1] -= 181
    rows["total_handled"][4] -= 3
    rows["new_received"] = [a + b for a, b in zip(rows["total_handled"], rows["carried_forward"], strict=True)]
    rows = {key: [*numbers, sum(numbers)] for key, numbers in rows.items()}
    assert rows_of(read(glued(rows))) == rows


@pytest.mark.parametrize(
    ("words", "typo"),
    [
        ("本年新收政府信息公开申请数量", "本年新收政府信息公开申清数量"),
        ("3.危及“三安全一稳定”", '3.危及"三安全一稳定"'),
        ("（七）总计", "[bookmark: _GoBack]（七）总计"),
        ("（七）总计", " — 4 — （七）总计"),
        ("（七）总计", " 第 4 页 共 7 页 （七）总计"),
    ],
)
def test_damage_that_takes_no_number(words, typo):
    rows = table(4)
    text = glued(rows)
    assert words in text
    assert read(text.replace(words, typo)) == read(text)
    assert rows_of(read(text))["total_handled"] == rows["total_handled"]


def disputes(words: str, numbers: str) -> list[str]:
    readings = tabulate(make_document(words + numbers + AFTER, "", ""))
    return [state for reading in readings if reading.table_key == "disputes" for state in reading.states]


@pytest.mark.parametrize(
    "typo",
    ["结果维特", "结果究正", "其他洁果", "洁果纠正", "末经复议直接起诉", "复义后起诉", "[bookmark: _GoBack]结果维持"],
)
def test_a_typo_in_the_header_of_disputes(typo):
    original = {"结果维特": "结果维持", "结果究正": "结果纠正", "其他洁果": "其他结果", "洁果纠正": "结果纠正"}
    original |= {
        "末经复议直接起诉": "未经复议直接起诉",
        "复义后起诉": "复议后起诉",
        "[bookmark: _GoBack]结果维持": "结果维持",
    }
    words = DISPUTES.replace(original[typo], typo, 1)
    assert words != DISPUTES
    assert disputes(words, "100012000210012") == ["reported"] * 15


@pytest.mark.parametrize("numbers", [" — 6 — 000000000000000", "000000000000000 - 6 - "])
def test_a_page_number_beside_the_digits_of_disputes(numbers):
    assert disputes(DISPUTES, numbers) == ["reported"] * 15


def test_a_sentence_that_begins_like_the_header_is_no_table():
    assert disputes("四、情况行政复议行政诉讼方面，全年总计发生合计总计", "12件，3件。") == []


@pytest.mark.parametrize("kind", ["zeros", "figures"])
def test_a_subtotal_beside_a_heading_is_read_only_where_it_can_be_nothing_else(kind):
    """（三）不予公开 with numbers of its own (field.md §1.3): no identity of the form settles its digits."""
    subtotal = "0000000" if kind == "zeros" else "1200012"
    text = glued(ZEROS).replace("（三）不予公开1.", f"（三）不予公开{subtotal}1.")
    found = read(text)
    stated = [value for (key, _), value in found.items() if key == "x_refused"]
    assert stated == ([("reported", 0)] * 7 if kind == "zeros" else [])
    assert {key: value for key, value in found.items() if key[0] != "x_refused"} == read(glued(ZEROS))


@pytest.mark.parametrize(("number", "state"), [("9", "unreadable"), ("9 9 9 9 9 9 9 9", "reported")])
def test_a_lone_number_in_an_empty_form_may_be_a_page_number(number, state):
    """field.md §6.2 no. 8: where no cell boundary is printed, nothing tells the two apart."""
    form = forms.form("2014", "statistics")
    numbers = number.split()
    units = " ".join(f"{row.label} {row.units[0]} {numbers.pop() if numbers else ''}" for row in form.rows)
    readings = tabulate(make_document(f"政府信息公开情况统计表 {units}", "", ""))
    (reading,) = [reading for reading in readings if reading.table_key == "statistics"]
    assert {found for found in reading.states if found != "missing"} == {state}


@pytest.mark.parametrize("after", ["2020年青石镇人民政府信息公开工作年度报告", "12月31日", "8号楼"])
def test_a_number_that_goes_on_as_a_date_is_no_cell(after):
    """A table that was cut off, and then the title of the next page."""
    words = (
        "第二十条第（五）项 信息内容 上一年项目数量 本年增/减 处理决定数量 行政许可 3 0 7 其他对外管理服务事项 188 0 "
    )
    (reading,) = tabulate(make_document(words + after, "", ""))
    cells = dict(zip(zip(reading.row_keys, reading.column_keys, strict=True), reading.values, strict=True))
    assert cells["licensing", "decisions"] == 70_000
    assert {value for key, value in cells.items() if key[0] == "other_external_services"} == {None}
