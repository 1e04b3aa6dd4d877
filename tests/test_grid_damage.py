"""What comes between the lines of a table on its way to us: every cell still right, or refused (field.md §6.2 nos. 2, 7, 8, 28).

Belongs here: stray lines, page numbers, repeated headers, footnotes in reports with printed cell boundaries. Does not
belong here: lines lost, doubled or broken (test_grid_lines.py), random edits (test_grid_properties.py).
"""

import pytest
from report_text import (
    LAYOUTS,
    Block,
    blocks,
    numbered,
    place,
    read,
    same_as_printed,
    tab_cell,
    wrong_values,
)

every_layout = pytest.mark.parametrize("layout", LAYOUTS)
every_form = pytest.mark.parametrize("template", ["2019", "2021"])


@every_form
@pytest.mark.parametrize("row", ["granted", "refused_state_secret", "total_handled", "carried_forward", "new_received"])
@pytest.mark.parametrize("at", range(7))
def test_empty_line_inside_a_row_ends_nothing(template, row, at):
    """field.md §6.2 no. 2, seed 003: an inner paragraph makes a false row end."""
    printed = numbered(template)
    page = blocks(template, printed)
    value = page[place(page, row)].values[at]
    same_as_printed(read(tab_cell(page).replace(f"\t{value}\n", f"\n\t{value}\n")), printed)


LABEL_CELLS = ["\t三、本年度办理结果", "\t（三）不予公开", "\t第二十条第（六）项", "\t商业企业", "\t尚未审结"]
INVISIBLE_AFTER_VALUE = pytest.mark.xfail(
    strict=True, reason="GAP: a line of \\u200b or \\ufeff after a number refuses the cell"
)


@pytest.mark.parametrize(
    ("after", "stray"),
    [
        (label, stray)
        for label in LABEL_CELLS
        for stray in ("\xa0", " ", "\u3000", " \xa0", "\u200b", "\ufeff", "\xa0\n\xa0", "\n\xa0\n", "\r")
    ]
    + [
        (value, stray)
        for value in ("\t1051", "\t1057", "\t1198")
        for stray in ("\xa0", " ", "\u3000", "\xa0\n\xa0", "\n\xa0\n", "\r")
    ]
    + [
        pytest.param(value, stray, marks=INVISIBLE_AFTER_VALUE)
        for value in ("\t1051", "\t1057")
        for stray in ("\u200b", "\ufeff")
    ],
)
def test_stray_blank_line_inside_a_cell(after, stray):
    """Seed 003 has a line of NBSP after many labels."""
    printed = numbered("2019")
    text = tab_cell(blocks("2019", printed))
    assert text.count(f"{after}\n") >= 1
    same_as_printed(read(text.replace(f"{after}\n", f"{after}\n{stray}\n", 1)), printed)


@every_form
@pytest.mark.parametrize("break_", ["\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"])
@every_layout
def test_any_line_break(layout, template, break_):
    printed = numbered(template)
    text = LAYOUTS[layout](blocks(template, printed)).replace("\n", break_)
    found = read(text)
    same_as_printed(found, printed)
    assert all(cell.raw_text in text[cell.char_start : cell.char_end] for cell in found.values())


PAGE_LINES = [
    *("— 4 —", "- 4 -", "-4-", "– 12 –", "第 4 页 共 7 页", "第4页", "第 4 页，共 7 页", "4/7 页", "\u3000- 4 -\u3000"),
    "－ 4 －",
    "－4－",
]
every_page_line = pytest.mark.parametrize("line", PAGE_LINES)


@every_layout
@every_page_line
def test_page_number_between_rows(layout, line):
    printed = numbered("2019")
    for before in ("normative_documents", "penalties", "refused_internal_affairs", "total_handled", "carried_forward"):
        page = blocks("2019", printed)
        page.insert(place(page, before), Block(text=line))
        same_as_printed(read(LAYOUTS[layout](page)), printed)


@every_page_line
def test_page_number_inside_a_row(line):
    printed = numbered("2019")
    text = tab_cell(blocks("2019", printed))
    for value in (1047, 1051, 1057, 1184, 1190):
        same_as_printed(read(text.replace(f"\t{value}\n", f"\t{value}\n{line}\n")), printed)


@every_layout
@pytest.mark.parametrize("before", ["partly_granted", "refused_third_party_rights", "other", "carried_forward"])
def test_header_repeated_after_a_page_break(layout, before):
    """field.md §6.2 no. 7."""
    printed = numbered("2019")
    page = blocks("2019", printed)
    first, at = place(page, "header:1", "applications"), place(page, before)
    same_as_printed(read(LAYOUTS[layout]([*page[:at], *page[first : first + 3], *page[at:]])), printed)


@every_layout
def test_no_other_value_changes_under_a_repeated_header(layout):
    printed = numbered("2019")
    page = blocks("2019", printed)
    first = place(page, "header:1", "applications")
    for at in range(first + 4, place(page, "carried_forward") + 1):
        if at == place(page, "other"):
            continue  # the bug above
        for lines in (1, 2, 3):
            found = read(LAYOUTS[layout]([*page[:at], *page[first : first + lines], *page[at:]]))
            assert not wrong_values(found, printed)


@every_layout
@pytest.mark.parametrize(
    "note",
    [
        "注：1.本表不含垂直管理部门；2.金额以万元计；3",
        "注：\n1\n2\n3",
        "（注：以上数据截至2020年12月31日）",
        "备注：数据来源于县政务服务中心 15",
        "※ 12",
    ],
)
def test_footnotes_are_no_values(layout, note):
    printed = numbered("2019")
    page = blocks("2019", printed)
    for heading in (
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
    ):
        at = next(number for number, block in enumerate(page) if block.text == heading)
        page[at:at] = [Block(text=line) for line in note.split("\n")]
    same_as_printed(read(LAYOUTS[layout](page)), printed)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_first_heading_repeated_with_the_header(layout):
    """A page break repeats the header and the heading below it; labels that stand twice keep their parent."""
    printed = numbered("2014")
    page = blocks("2014", printed, ["statistics"])
    first = next(number for number, block in enumerate(page) if block.labels and "主动公开情况" in block.labels[0])
    at = place(page, "litigation_other", "statistics")
    found = read(LAYOUTS[layout](page[:at] + page[first - 1 : first + 1] + page[at:]))
    assert wrong_values(found, printed) == {}
    values = {key[1]: str(cell.value) for key, cell in found.items()}
    assert values["litigation_other"] == printed["statistics", "litigation_other", "value"]
    assert values["training_participants"] == printed["statistics", "training_participants", "value"]
