"""Lines lost, doubled, broken or printed twice: the cell is right, or the row is refused and nothing moves.

Belongs here: such damage in reports with printed cell boundaries (field.md §6.2 nos. 6, 23, 30, 48). Does not belong
here: lines that come between (test_grid_damage.py), random edits (test_grid_properties.py).
"""

import pytest
from report_text import (
    LAYOUTS,
    REFUSED,
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
    wrong_values,
)

from pipeline.check.report import check_report

every_layout = pytest.mark.parametrize("layout", LAYOUTS)
every_form = pytest.mark.parametrize("template", ["2019", "2021"])


def only_refused(found, printed, row):
    """One row has no number any more, all others are as printed."""
    for key, text in printed.items():
        if key[1] == row:
            assert found[key].state in REFUSED, key
            assert found[key].value is None
        else:
            assert str(found[key].value) == text.rstrip("元"), key
    assert {key for key in found if key not in printed} == set()


@every_form
@pytest.mark.parametrize("row", ["new_received", "granted", "refused_state_secret", "total_handled", "carried_forward"])
@pytest.mark.parametrize("at", range(7))
def test_lost_value_line_refuses_the_row_and_moves_nothing(template, row, at):
    printed = numbered(template)
    page = blocks(template, printed)
    value = page[place(page, row)].values[at]
    found = read(tab_cell(page).replace(f"\t{value}\n", ""))
    only_refused(found, printed, row)
    assert value not in (found["applications", row, "total"].raw_text or "")


def test_span_of_a_refused_row_holds_its_words():
    """A user who is to read a refused row for herself needs the place and the words as printed."""
    text = tab_cell(blocks("2019", numbered("2019"))).replace("\t1040\n", "")
    cell = read(text)["applications", "granted", "total"]
    assert "1037" in cell.raw_text
    assert "1043" in cell.raw_text
    assert cell.raw_text in text[cell.char_start : cell.char_end]


@pytest.mark.parametrize("row", ["normative_documents", "licensing", "penalties", "administrative_fees", "procurement"])
@pytest.mark.parametrize("at", [0, 1])
def test_lost_value_line_in_active_disclosure(row, at):
    printed = numbered("2019")
    page = blocks("2019", printed)
    value = page[place(page, row)].values[at]
    only_refused(read(tab_cell(page).replace(f"\t{value}\n", "")), printed, row)


@pytest.mark.parametrize("at", range(15))
def test_lost_value_line_in_disputes(at):
    printed = numbered("2019")
    text = tab_cell(blocks("2019", printed)).replace(f"\t{1184 + at}\n", "")
    found = read(text)
    assert {cell.state for key, cell in found.items() if key[0] == "disputes"} == {"unreadable"}
    assert {cell.state for key, cell in found.items() if key[0] != "disputes"} == {"reported"}


@pytest.mark.parametrize("value", [1001, 1010, 1037, 1057, 1177, 1184, 1198])
def test_doubled_value_line_refuses_the_row(value):
    printed = numbered("2019")
    row = next(key[:2] for key, text in printed.items() if text == str(value))
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{value}\n", f"\t{value}\n\t{value}\n"))
    for key, text in printed.items():
        if key[:2] == row or (row[0] == key[0] == "disputes"):
            assert found[key].state == "unreadable", key
        else:
            assert str(found[key].value) == text.rstrip("元"), key


@pytest.mark.parametrize("at", range(6))
def test_doubled_value_line_in_a_row_that_ends_with_a_blank(at):
    printed = numbered("2019")
    printed["applications", "granted", "total"] = ""
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{1037 + at}\n", f"\t{1037 + at}\n" * 2))
    assert not wrong_values(found, printed)


@every_layout
@pytest.mark.parametrize(
    "row",
    ["regulations", "licensing", "procurement", "new_received", "granted", "refused_state_secret", "carried_forward"],
)
def test_row_printed_twice_the_same_is_read(layout, row):
    printed = numbered("2019")
    page = blocks("2019", printed)
    at = place(page, row)
    same_as_printed(read(LAYOUTS[layout]([*page[: at + 1], *page[at:]])), printed)


@every_layout
@pytest.mark.parametrize(
    "row", ["regulations", "licensing", "new_received", "refused_internal_affairs", "carried_forward"]
)
def test_row_printed_twice_with_other_figures_is_refused(layout, row):
    printed = numbered("2019")
    page = blocks("2019", printed)
    at = place(page, row)
    block = page[at]
    other = Block(block.table_key, block.row_key, block.labels, (*block.values[:-1], "7"))
    only_refused(read(LAYOUTS[layout]([*page[: at + 1], other, *page[at + 1 :]])), printed, row)
    only_refused(read(LAYOUTS[layout]([*page[:at], other, *page[at:]])), printed, row)


@every_layout
@pytest.mark.parametrize(
    "row",
    [
        "regulations",
        "coercive_measures",
        "new_received",
        "granted",
        "refused_state_secret",
        "not_processed_repeated",
        "total_handled",
    ],
)
def test_row_that_is_not_printed_is_missing(layout, row):
    printed = numbered("2019")
    page = blocks("2019", printed)
    at = place(page, row)
    labels = page[at].labels
    page = [*page[:at], *page[at + 1 :]]
    if labels[:-1] and any(labels[:-1]):  # the headings of the lost row stand before the next one
        following = page[at]
        page[at] = Block(following.table_key, following.row_key, (*labels[:-1], following.labels[-1]), following.values)
    found = read(LAYOUTS[layout](page))
    only_refused(found, printed, row)
    lost = [cell for key, cell in found.items() if key[1] == row]
    assert {(cell.state, cell.raw_text, cell.char_start, cell.char_end) for cell in lost} == {
        ("missing", None, None, None)
    }


@every_layout
def test_label_without_values_is_missing(layout):
    printed = numbered("2019")
    page = edit(blocks("2019", printed), "refused_process_information", values=())
    only_refused(read(LAYOUTS[layout](page)), printed, "refused_process_information")


@pytest.mark.parametrize("value", ["1001", "1037", "1057", "1190"])
def test_number_broken_over_lines_refuses_the_cell_alone(value):
    """field.md §6.2 no. 48: 1⏎037 and a page number between 1 and 037 look the same."""
    printed = numbered("2019")
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{value}\n", f"\t{value[0]}\n{value[1:]}\n"))
    for key, text in printed.items():
        assert (found[key].state, str(found[key].value)) == (
            ("unreadable", "None") if text == value else ("reported", text.rstrip("元"))
        )


def test_number_broken_over_lines_in_the_last_cell_of_the_page():
    found = read(tab_cell(blocks("2019", numbered("2019"))).replace("\t1198\n", "\t119\n8\n"))
    assert found["disputes", "litigation_after_review", "total"].state == "unreadable"


def test_two_cells_on_one_line():
    printed = numbered("2019")
    printed["applications", "granted", "research"], printed["applications", "granted", "public_interest"] = "1", "234"
    found = read(tab_cell(blocks("2019", printed)).replace("\t1\n\t234\n", "\t1\t234\n"))
    assert figures(found, "applications", "granted") == [1037, 1038, 1, 234, 1041, 1042, 1043]


@pytest.mark.parametrize(
    ("label", "line"),
    [("规章", "4"), ("规章", "Page 4"), ("规章", "续表"), ("行政许可", "续表"), ("2.重复申请", "青石镇政务公开")],
)
def test_stray_line_behind_a_label_makes_no_local_row(label, line):
    printed = numbered("2019")
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{label}\n", f"\t{label}\n{line}\n"))
    assert not wrong_values(found, printed)


@pytest.mark.parametrize("line", ["4", "Page 4", "续表", "青石镇政务公开"])
@pytest.mark.parametrize("label", ["1.属于国家秘密", "四、结转下年度继续办理", "行政强制", "结果维持", "商业企业"])
def test_stray_line_behind_a_label_changes_no_value_of_the_form(label, line):
    printed = numbered("2019")
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{label}\n", f"\t{label}\n{line}\n", 1))
    assert not [key for key in wrong_values(found, printed) if not key[1].startswith("x_")]


@pytest.mark.parametrize(
    "lost", ["header:第二十条第（五）项", "sub_table:第二十条第（五）项", "header:第二十条第（六）项"]
)
def test_lost_header_of_a_padded_sub_table(lost):
    """L2, 2021: 行政许可⇥1007⇥⇥ under a heading that is lost or cut off by a stray line is no row of three values."""
    printed = numbered("2021")
    page = blocks("2021", printed)
    at = place(page, lost)
    found = read(tab_row([*page[:at], *page[at + 1 :]]))
    assert not wrong_values(found, printed)


@pytest.mark.parametrize("at", range(1, 15))
def test_value_row_of_disputes_broken_in_two(at):
    """field.md §6.2 no. 6."""
    printed = numbered("2019")
    text = tab_cell(blocks("2019", printed))
    same_as_printed(read(text.replace(f"\t{1184 + at}\n", f"\n\t{1184 + at}\n")), printed)


@pytest.mark.parametrize("label", ["1.属于国家秘密", "1.本机关不掌握相关政府信息", "1.信访举报投诉类申请"])
def test_lost_label_of_the_first_row_of_a_group(label):
    """A subtotal is sure only if the first row of its group is there too (field.md §1.3)."""
    printed = numbered("2019")
    found = read(tab_cell(blocks("2019", printed)).replace(f"\t{label}\n", ""))
    assert not wrong_values(found, printed)


@pytest.mark.parametrize("row", ["granted", "partly_granted", "total_handled"])
def test_row_cut_short_behind_a_pad(row):
    """L2: trailing TABs are often stripped. ⇥（七）总计⇥⇥6⇥0⇥0⇥0⇥0⇥0 with a blank total has seven cells after the label."""
    printed = numbered("2019")
    printed["applications", row, "total"] = ""
    text = "\n".join(line.rstrip("\t") for line in tab_row(blocks("2019", printed)).split("\n"))
    assert not wrong_values(read(text), printed)


@pytest.mark.parametrize("lost", [("sub_table",), ("sub_table", "header"), ("header",)])
def test_fees_of_2019_whose_heading_is_lost(lost):
    """L2: 行政事业性收费⇥5⇥⇥ among 2019 sub-tables is no 2021 table of one column."""
    printed = filled("2019", "1", active_disclosure__administrative_fees__items_change="")
    printed["active_disclosure", "administrative_fees", "items_last_year"] = "5"
    gone = {f"{name}:第二十条第（八）项" for name in lost}
    found = read(tab_row([block for block in blocks("2019", printed) if block.row_key not in gone]))
    assert not wrong_values(found, printed)


@pytest.mark.parametrize("stray", ["续表", "\u200b", "第 x 页"])
def test_stray_line_between_heading_and_header(stray):
    """L2: 行政处罚⇥17⇥⇥ and an empty 行政强制⇥⇥⇥ among 2021 sub-tables are no 2019 table of three columns."""
    printed = filled("2021", "1", active_disclosure__penalties__decisions="17")
    printed["active_disclosure", "coercive_measures", "decisions"] = ""
    printed["active_disclosure", "administrative_fees", "amount"] = "0"  # any other figure is in 万元
    page = blocks("2021", printed)
    page.insert(place(page, "header:第二十条第（六）项"), Block(text=stray))
    assert not wrong_values(read(tab_row(page)), printed)


@pytest.mark.parametrize("value", ["1003", "1018", "1043", "1057", "1198"])
def test_number_broken_over_row_lines(value):
    """field.md §6.2 no. 48, in the last cell of a row: 10⏎57 is neither 10 nor surely 1057."""
    printed = numbered("2019")
    text = tab_row(blocks("2019", printed)).replace(f"\t{value}\n", f"\t{value[:2]}\n{value[2:]}\n")
    assert not wrong_values(read(text), printed)


def test_row_line_broken_inside_a_number():
    """Five cells, then two and a blank: eight pieces of which seven are filled are no row of seven."""
    printed = numbered("2019")
    printed["applications", "granted", "total"] = ""
    text = tab_row(blocks("2019", printed)).replace("\t1041\t1042\t\n", "\t10\n41\t1042\t\n")
    assert not wrong_values(read(text), printed)


def test_row_line_broken_before_its_last_number():
    """The number is printed, on the next line: its cell is not blank."""
    text = tab_row(blocks("2019", numbered("2019"))).replace("\t1043\n", "\t\n1043\n")
    assert read(text)["applications", "granted", "total"].state != "blank"


# -- printed twice ----------------------------------------------------------------------------------------------------


def conflicts(readings):
    return {
        (check.table_key, check.row_key): check.outcome
        for check in check_report(readings, "unknown", "unknown")
        if check.check_key == "duplicate_table_conflict"
    }


ONE_ROW = ("administrative_fees", "procurement")


def without_one_row_tables(page):
    return [block for block in page if block.row_key not in ONE_ROW]


@every_layout
@every_form
def test_report_printed_twice_counts_once(layout, template):
    printed = numbered(template)
    page = blocks(template, printed)
    readings = tables(LAYOUTS[layout](page + page))
    same_as_printed(cells_of(readings), printed)
    found = conflicts(readings)
    assert set(found.values()) == {"pass"}
    assert {("active_disclosure", "第二十条第（一）项"), ("applications", None), ("disputes", None)} <= set(found)


@every_layout
@pytest.mark.parametrize("table_key", ["active_disclosure", "applications", "disputes"])
def test_second_print_with_other_figures_is_a_conflict(layout, table_key):
    printed = numbered("2019")
    changed = dict(printed)
    key = next(key for key in printed if key[0] == table_key)
    changed[key] = "7"
    readings = tables(LAYOUTS[layout](blocks("2019", printed) + blocks("2019", changed)))
    assert cells_of(readings)[key].value in (int(printed[key]), 7)
    failed = {where for where, outcome in conflicts(readings).items() if outcome == "fail"}
    assert {table for table, _ in failed} == {table_key}
    assert len(failed) == 1


@every_layout
@pytest.mark.parametrize("first", ["empty", "full"])
def test_the_complete_print_is_kept(layout, first):
    """field.md §6.2 no. 23."""
    printed = numbered("2019")
    prints = [without_one_row_tables(blocks("2019", figures)) for figures in (filled("2019", ""), printed)]
    readings = tables(LAYOUTS[layout](prints[first == "full"] + prints[first == "empty"]))
    same_as_printed(cells_of(readings), {key: text for key, text in printed.items() if key[1] not in ONE_ROW})
    assert set(conflicts(readings).values()) == {"pass"}


@every_layout
@pytest.mark.parametrize("row", ONE_ROW)
@pytest.mark.parametrize("fill", ["", "7元"])
def test_sub_table_of_one_row_printed_twice(layout, row, fill):
    printed = numbered("2019")
    changed = dict.fromkeys(printed, fill)
    readings = tables(LAYOUTS[layout](blocks("2019", printed) + blocks("2019", changed)))
    assert "unreadable" not in {cell.state for key, cell in cells_of(readings).items() if key[1] == row}


@every_layout
@pytest.mark.parametrize("keep", [["applications"], ["active_disclosure", "applications"]])
def test_page_that_ends_within_its_tables(layout, keep):
    """The tables that are not there have no rows; nothing is invented."""
    printed = numbered("2021")
    found = read(LAYOUTS[layout](blocks("2021", printed, keep, prose=False)))
    assert {key[0] for key in found} == set(keep)
    assert set(found) <= set(keys("2021"))
