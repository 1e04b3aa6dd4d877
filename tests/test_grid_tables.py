"""Tables with printed cell boundaries, as bodies really fill them in: every cell right (field.md §1.3, §6.1, §6.2).

Belongs here: whole reports in the layouts L1 (`tab_cell`) and L2 (`tab_row`). Does not belong here: damage (lost and
doubled lines: test_grid_damage.py), single cells (test_values.py), labels (test_labels.py).
"""

import pytest
from report_text import (
    FORMS,
    LAYOUTS,
    Block,
    blocks,
    cells_of,
    edit,
    figures,
    filled,
    keys,
    numbered,
    place,
    read,
    same_as_printed,
    tab_cell,
    tab_row,
    tables,
)

from pipeline.parse import parse_bytes

every_layout = pytest.mark.parametrize("layout", LAYOUTS)
every_form = pytest.mark.parametrize("template", ["2019", "2021"])


@pytest.mark.parametrize(("template", "tabs"), [("2019", 326), ("2021", 324)])
def test_our_l1_pages_have_the_signature_of_real_ones(template, tabs):
    """field.md §0.2: a complete report printed one cell per line has this many cells."""
    assert tab_cell(blocks(template, filled(template))).count("\t") == tabs


@every_layout
@every_form
def test_complete_form(layout, template):
    printed = numbered(template)
    readings = tables(LAYOUTS[layout](blocks(template, printed)))
    same_as_printed(cells_of(readings), printed)
    assert [(r.template, r.layout, r.state) for r in readings] == [(template, layout, "complete")] * len(readings)
    assert [r.table_key for r in readings] == ["active_disclosure"] * (len(readings) - 2) + ["applications", "disputes"]
    assert {key: cell.unit for key, cell in cells_of(readings).items()} == {
        (cell["table_key"], cell["row_key"], cell["column_key"]): cell["unit"] for cell in FORMS[template]
    }


@every_form
def test_rows_without_pads_for_merged_labels(template):
    printed = numbered(template)
    same_as_printed(read(tab_row(blocks(template, printed), pads=False)), printed)


@every_layout
@every_form
@pytest.mark.parametrize("table_key", ["active_disclosure", "applications", "disputes"])
def test_one_table_alone(layout, template, table_key):
    """A table that is not in the report has no rows. Disputes look the same in both forms, so alone they say nothing."""
    printed = numbered(template)
    found = read(LAYOUTS[layout](blocks(template, printed, [table_key])))
    same_as_printed(found, {key: text for key, text in printed.items() if key[0] == table_key})


@every_layout
def test_statistics_table_of_2014(layout):
    """被依法纠错数 and 其他情形数 stand under two parents: the order of the page tells (field.md §1.2)."""
    printed = numbered("2014")
    readings = tables(LAYOUTS[layout](blocks("2014", printed)))
    same_as_printed(cells_of(readings), printed)
    assert [(reading.template, reading.table_key, reading.state) for reading in readings] == [
        ("2014", "statistics", "complete")
    ]


@every_layout
def test_money_of_2014_is_in_the_unit_of_its_column(layout):
    printed = filled("2014", statistics__dedicated_budget__value="3.5", statistics__application_fees__value="120元")
    found = read(LAYOUTS[layout](blocks("2014", printed)))
    assert found["statistics", "dedicated_budget", "value"].value == 35_000
    assert found["statistics", "application_fees", "value"].value == 120


@every_layout
def test_one_sub_table_alone(layout):
    printed = numbered("2019")
    page = [
        block
        for block in blocks("2019", printed, ["active_disclosure"])
        if block.row_key in ("procurement",) or "九" in block.row_key
    ]
    found = read(LAYOUTS[layout](page))
    same_as_printed(found, {key: text for key, text in printed.items() if key[1] == "procurement"})


@every_layout
def test_blank_zero_and_placeholder_are_told_apart(layout):
    printed = filled("2019")
    row = ["0", "", "/", "—", "\u3000", "无", "2"]
    for column, text in zip(FORMS["2019"][22:29], row, strict=True):
        printed["applications", "new_received", column["column_key"]] = text
    found = read(LAYOUTS[layout](blocks("2019", printed)))
    wanted = [0, "blank", "placeholder", "placeholder", "blank", "placeholder", 2]
    assert figures(found, "applications", "new_received") == wanted
    assert figures(found, "applications", "carried_over") == [0] * 7


@every_form
@pytest.mark.parametrize("gap", range(7))
def test_blank_stays_in_its_column(template, gap):
    printed = numbered(template)
    column = keys(template)[-15 - 7 :][gap][2]
    printed["applications", "carried_forward", column] = ""
    found = read(tab_cell(blocks(template, printed)))
    assert found["applications", "carried_forward", column].state == "blank"
    assert [k for k, cell in found.items() if cell.state != "reported"] == [("applications", "carried_forward", column)]


@every_layout
@pytest.mark.parametrize("fill", ["", "\xa0", "\u3000"])
def test_unfilled_form(layout, fill):
    readings = tables(LAYOUTS[layout](blocks("2019", filled("2019", fill))))
    assert {cell.state for cell in cells_of(readings).values()} == {"blank"}
    assert [reading.state for reading in readings] == ["empty_form"] * 7


@every_layout
def test_rows_shifted_to_the_left(layout):
    """Seed 002: the last rows lost their leading label cells; pads stand behind the values instead."""
    printed = numbered("2019")
    page = blocks("2019", printed)
    for row in ("not_processed_confirm_or_reissue", "other", "total_handled", "carried_forward"):
        block = page[place(page, row)]
        page = edit(page, row, labels=(block.labels[-1], ""), values=(*block.values, ""))
    if layout == "tab_row":
        same_as_printed(read(tab_row(page, pads=False)), printed)
    else:  # no pads in this layout: nine cells after a label are no seven values
        assert {cell.state for key, cell in read(tab_cell(page)).items() if key[1] == "other"} <= {
            "unreadable",
            "missing",
        }


@every_layout
def test_rows_that_the_form_does_not_have(layout):
    """field.md §6.2 no. 14: kept under keys of their own, in the order of the page; no neighbour moves."""
    printed = numbered("2019")
    page = blocks("2019", printed)
    page.insert(
        place(page, "normative_documents") + 1,
        Block("active_disclosure", "", ("其他主动公开文件",), ("12", "11", "80")),
    )
    page.insert(place(page, "penalties") + 1, Block("active_disclosure", "", ("行政检查",), ("7", "-2", "9")))
    page.insert(
        place(page, "other"), Block("applications", "", ("", "（六）补充情形"), ("3", "0", "0", "0", "", "0", "3"))
    )
    readings = tables(LAYOUTS[layout](page))
    found = cells_of(readings)
    assert figures(found, "active_disclosure", "x_1") == [12, 11, 80]
    assert figures(found, "active_disclosure", "x_2") == [7, -2, 9]
    assert figures(found, "applications", "x_1") == [3, 0, 0, 0, "blank", 0, 3]
    assert found["active_disclosure", "x_1", "total_disclosed"].row_label == "其他主动公开文件"
    same_as_printed({key: cell for key, cell in found.items() if not key[1].startswith("x_")}, printed)
    assert [len(reading.states) for reading in readings] == [9, 6, 9, 2, 2, 24 * 7, 15]


@every_layout
def test_subtotals_printed_in_heading_rows(layout):
    """field.md §1.3: some bodies fill in （三）（四）（五）, which the form leaves as headings."""
    printed = numbered("2019")
    page = blocks("2019", printed)
    for row, key in (
        ("refused_state_secret", "x_refused"),
        ("unavailable_not_held", "x_unavailable"),
        ("not_processed_petition_or_complaint", "x_not_processed"),
    ):
        at = place(page, row)
        heading = page[at].labels[1]
        page[at : at + 1] = [
            Block("applications", key, ("", heading), ("70", "71", "72", "73", "74", "75", "76")),
            Block("applications", row, ("", "", page[at].labels[2]), page[at].values),
        ]
    found = read(LAYOUTS[layout](page))
    for key in ("x_refused", "x_unavailable", "x_not_processed"):
        assert figures(found, "applications", key) == [70, 71, 72, 73, 74, 75, 76]
    same_as_printed({key: cell for key, cell in found.items() if not key[1].startswith("x_")}, printed)


@every_layout
def test_a_local_column_of_subtotals_is_passed_over(layout):
    printed = numbered("2019")
    page = blocks("2019", printed)
    page = edit(
        page,
        "header:3",
        "applications",
        labels=("", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "小计", ""),
    )
    page = [
        Block(b.table_key, b.row_key, b.labels, (*b.values[:6], "999", b.values[6]))
        if b.table_key == "applications" and b.values
        else b
        for b in page
    ]
    same_as_printed(read(LAYOUTS[layout](page)), printed)


@every_layout
def test_columns_are_read_by_place_when_a_header_is_copied_wrongly(layout):
    """field.md §6.2 no. 17: 本年新制作数量 twice."""
    printed = numbered("2019")
    page = blocks("2019", printed)
    page = edit(
        page, "header:第二十条第（一）项", labels=("信息内容", "本年新制作数量", "本年新制作数量", "对外公开总数量")
    )
    same_as_printed(read(LAYOUTS[layout](page)), printed)


@every_layout
@pytest.mark.parametrize("guidance", ["本年增/减（减少填负数，如-8）", "本年增/减\u3000(如:-8)"])
def test_no_value_comes_from_a_header(layout, guidance):
    printed = filled("2019", "")
    page = blocks("2019", printed)
    for item in "五六八":
        block = page[place(page, f"header:第二十条第（{item}）项")]
        page = edit(
            page, block.row_key, labels=tuple(guidance if label == "本年增/减" else label for label in block.labels)
        )
    assert {cell.state for cell in read(LAYOUTS[layout](page)).values()} == {"blank"}


@every_layout
def test_hybrid_of_two_generations(layout):
    """field.md §0.1 no. 1: the 2019 header for 第（一）项, the 2021 form for the rest. The template is per sub-table."""
    old, new = numbered("2019"), numbered("2021", 3001)
    page = blocks("2021", new)
    first, last = place(page, "sub_table:第二十条第（一）项"), place(page, "normative_documents")
    before = [
        block
        for block in blocks("2019", old)
        if block.row_key in ("regulations", "normative_documents") or "第（一）项" in block.row_key
    ]
    text = LAYOUTS[layout]([*page[:first], *before, *page[last + 1 :]])
    readings = tables(text)
    assert [r.template for r in readings] == ["2019", "2021", "2021", "2021", "2021", "2021"]
    found = cells_of(readings)
    assert figures(found, "active_disclosure", "normative_documents") == [1004, 1005, 1006]
    assert figures(found, "active_disclosure", "licensing") == [3007]
    assert parse_bytes(text.encode(), "0" * 64).reports[0].template == "mixed"


@every_layout
def test_2019_applications_with_the_three_rows_of_2021(layout):
    old, new = numbered("2019"), numbered("2021", 3001)
    page = blocks("2019", old, ["active_disclosure"]) + blocks("2021", new, ["applications", "disputes"], prose=False)
    readings = tables(LAYOUTS[layout](page))
    assert [r.template for r in readings] == ["2019"] * 5 + ["2021", "2021"]
    assert figures(cells_of(readings), "applications", "other_reason") == [3000 + n for n in range(165, 172)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\t",
        "\t\t\t\n",
        "一、总体情况\n全年公开128条。\n二、主动公开政府信息情况\n行政许可3件，行政处罚2件。\n",
        "索引号\t000123/2021-00045\n发文日期\t2021-01-25\n",
        "姓名\t职务\t电话\n张三\t所长\t12345\n",
        "\t总计\n\t3\n\n\t其他\n\t5\n",
        "部门\t总计\n财政局\t12\n民政局\t3\n其他\t5\n",
    ],
)
def test_no_table_comes_from_a_text_without_one(text):
    assert tables(text) == []
