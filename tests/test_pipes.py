"""Cells kept apart by `|` on lines of their own (L4, field.md §6.1), with and without ends of rows.

Belongs here: what such pages print differently, one table at a time. Does not belong here: rows on lines (test_grid_*.py).
"""

import pytest
from report_text import blocks, filled, numbered, place, read, same_as_printed, wrong_values

from schemas import forms

WORDS = forms.form("2019", "applications")


def pipe_cell(page, row_end="|", pad_blank=True):
    """Every cell on a line, a pipe on a line below it; `row_end` stands for the pipe of the last cell of a row."""
    lines = []
    for block in page:
        if block.text is not None:
            lines.append(block.text)
            continue
        cells = block.cells if pad_blank else [cell for cell in block.cells if cell]
        for number, cell in enumerate(cells, 1):
            lines += [cell] if cell else []
            lines.append(row_end if number == len(cells) else "|")
    return "\n".join(lines)


@pytest.mark.parametrize("template", ["2019", "2021"])
@pytest.mark.parametrize("row_end", ["|", "||||"])
@pytest.mark.parametrize("pads", [True, False])
def test_a_page_with_a_value_in_every_cell(template, row_end, pads):
    printed = numbered(template)
    same_as_printed(read(pipe_cell(blocks(template, printed), row_end, pads)), printed)


@pytest.mark.parametrize("row_end", ["|", "||||"])
def test_totals_that_are_blank_in_every_row(row_end):
    """No full row is there to tell how many cells a row has: the drawing of the form does."""
    rows = [row.key for row in WORDS.rows]
    printed = filled("2019", "3") | {("applications", row, "total"): "" for row in rows}
    found = read(pipe_cell(blocks("2019", printed), row_end))
    applications = {key: cell.state for key, cell in found.items() if key[0] == "applications"}
    assert {key: state for key, state in applications.items() if key[2] == "total"} == {
        ("applications", row, "total"): "blank" for row in rows
    }
    assert {state for key, state in applications.items() if key[2] != "total"} == {"reported"}


def test_a_change_of_0_0_is_no_page_number():
    """field.md §1.3 names 0/0 as a form of 本年增/减."""
    printed = filled("2019") | {("active_disclosure", "licensing", "items_change"): "0/0"}
    found = read(pipe_cell(blocks("2019", printed), "||||"))
    cell = found["active_disclosure", "licensing", "items_change"]
    assert (cell.state, cell.value, cell.raw_text) == ("reported", 0, "0/0")


@pytest.mark.parametrize("row_end", ["|", "||||"])
def test_a_typo_in_a_label_in_the_middle_of_an_endless_row(row_end):
    printed = numbered("2019")
    text = pipe_cell(blocks("2019", printed), row_end).replace("3.要求提供公开出版物", "3.要求提供公开出板物")
    same_as_printed(read(text), printed)


def test_a_header_printed_again_where_rows_do_not_end():
    printed = numbered("2019")
    page = blocks("2019", printed)
    at = place(page, "refused_administrative_query")
    header = page[place(page, "new_received") - 2 : place(page, "new_received")]
    found = read(pipe_cell(page[:at] + header + page[at:]))
    assert wrong_values(found, printed) == {}
    assert sum(cell.state == "reported" for cell in found.values()) >= len(printed) - 7
