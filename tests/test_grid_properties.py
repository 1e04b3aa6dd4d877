"""Whole reports with any figures, and with any single damage: right or refused, never wrong.

Belongs here: properties over generated reports of the 2019 and 2021 forms in L1 and L2. Does not belong here: single
cases (test_grid_tables.py, test_grid_lines.py), noise of every kind (benchmarks/generate.py).
"""

import difflib
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from report_text import LAYOUTS, REFUSED, blocks, keys, numbered, read, same_as_printed, tab_cell, tab_row

TEMPLATES = ("2019", "2021")
# No shrinking: a form has 200 values, and the message of a failure names the cell and the edit.
UNSHRUNK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Said(NamedTuple):
    """A cell's text, and what it says."""

    text: str
    state: str
    value: Decimal | None


def number(text: str, value: int | str | Decimal) -> Said:
    return Said(text, "reported", Decimal(value))


ZERO = number("0", 0)
EMPTY = [Said(text, "blank", None) for text in ("", " ", "\u3000", "\xa0")]
MARKS = [Said(text, "placeholder", None) for text in ("/", "—", "-", "无", "不涉及")]
ODD = [
    number("０", 0),
    number(" 0", 0),
    number("１２", 12),
    number("3件", 3),
    number("1,234", 1234),
    number("12.0", 12),
]
NONSENSE = [Said(text, "unreadable", None) for text in ("详见附件", "100%", "00", "约5", "XX")]
WHOLE = st.integers(0, 10**6).map(lambda n: number(str(n), n))
COUNTS = st.one_of(
    st.just(ZERO),
    st.just(ZERO),
    st.just(ZERO),
    st.integers(1, 20).map(lambda n: number(str(n), n)),
    WHOLE,
    st.sampled_from(EMPTY + MARKS + ODD + NONSENSE),
)
CHANGES = st.one_of(
    st.just(ZERO),
    st.sampled_from(EMPTY + MARKS + NONSENSE),
    st.tuples(st.integers(0, 999), st.sampled_from(["-{}", "－{}", "减{}", "减少{}项"])).map(
        lambda drawn: number(drawn[1].format(drawn[0]), -drawn[0])
    ),
    st.tuples(st.integers(0, 999), st.sampled_from(["+{}", "{}", "增{}", "增加{}项"])).map(
        lambda drawn: number(drawn[1].format(drawn[0]), drawn[0])
    ),
)
MONEY = st.one_of(
    st.sampled_from([ZERO, *EMPTY, *MARKS]),
    st.integers(1, 10**6).map(lambda n: number(f"{n}万元", n * 10_000)),
    st.integers(1, 10**9).map(lambda n: number(f"{n}元", n)),
)
FEES = st.one_of(
    MONEY, st.integers(1, 10**8).map(lambda n: number(str(Decimal(n) / 10_000), n))
)  # the header says 万元


def cell_of(template: str, column_key: str) -> st.SearchStrategy[Said]:
    if column_key == "amount":
        return MONEY if template == "2019" else FEES
    return CHANGES if column_key == "items_change" else COUNTS


WHOLE_FORMS = {
    template: st.tuples(*(cell_of(template, column) for _, _, column in keys(template))).map(
        lambda cells, template=template: dict(zip(keys(template), cells, strict=True))
    )
    for template in TEMPLATES
}


def report(template: str, form: dict, layout: str, pads: bool = True) -> str:
    page = blocks(template, {key: said.text for key, said in form.items()})
    return tab_cell(page) if layout == "tab_cell" else tab_row(page, pads)


@pytest.mark.parametrize("template", TEMPLATES)
def test_any_figures_come_back_exactly_from_cell_lines(template):
    @settings(UNSHRUNK, max_examples=40)
    @given(WHOLE_FORMS[template])
    def check(form):
        found = read(report(template, form, "tab_cell"))
        assert {key: (cell.state, cell.value) for key, cell in found.items()} == {
            key: said[1:] for key, said in form.items()
        }

    check()


def refused_or_right(template, form, pads):
    found = read(report(template, form, "tab_row", pads))
    assert set(found) == set(form)
    for key, cell in found.items():
        assert cell.state in REFUSED or (cell.state, cell.value) == form[key][1:], key
    return found


@pytest.mark.parametrize("pads", [True, False])
@pytest.mark.parametrize("template", TEMPLATES)
def test_any_figures_come_back_from_row_lines_or_are_refused(template, pads):
    """Blank cells and the pads of merged cells look the same in this layout: such a row may be refused."""

    @settings(UNSHRUNK, max_examples=30)
    @given(WHOLE_FORMS[template])
    def check(form):
        refused_or_right(template, form, pads)

    check()


@pytest.mark.parametrize("template", TEMPLATES)
def test_full_rows_of_row_lines_are_never_refused(template):
    """Rows without a blank have one reading."""

    @settings(UNSHRUNK, max_examples=30)
    @given(WHOLE_FORMS[template])
    def check(form):
        found = refused_or_right(template, form, True)
        for key, cell in found.items():
            row = [said for other, said in form.items() if other[:2] == key[:2] or key[0] == other[0] == "disputes"]
            if not any(said.state == "blank" for said in row):
                assert (cell.state, cell.value) == form[key][1:], key

    check()


@pytest.mark.soak
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_any_figures_soak(template, layout):
    @settings(UNSHRUNK, max_examples=60, derandomize=True, print_blob=True)
    @given(WHOLE_FORMS[template])
    def check(form):
        found = read(report(template, form, layout))
        for key, said in form.items():
            assert (found[key].state, found[key].value) == said[1:] or (
                layout == "tab_row" and found[key].state in REFUSED
            )

    check()


# -- single edits -----------------------------------------------------------------------------------------------------

PAGE_NUMBERS = ["— 4 —", "- 4 -", "第 4 页 共 7 页", "4", "-4-", "第4页", "12", "4/7"]
EDITS = ("drop", "double", "page", "cut", "cut_head", "widen_line", "widen_all", "empty", "no_empty", "nbsp", "header")


class Edit(NamedTuple):
    """An edited text; `cut`: where it ends now, if it was cut in the middle of a line."""

    text: str
    cut: int | None = None


def edited(text: str, kind: str, at: float, page_number: str) -> Edit:
    """One edit at a place given as a share of the text (0 to 1)."""
    lines = text.split("\n")
    line = min(int(at * len(lines)), len(lines) - 1)
    if kind == "drop":
        del lines[line]
    elif kind == "double":
        lines.insert(line, lines[line])
    elif kind == "page":
        lines.insert(line, page_number)
    elif kind == "cut":
        end = int(at * len(text))
        return Edit(text[:end], end)
    elif kind == "cut_head":
        del lines[:line]
    elif kind == "widen_line":
        lines[line] = lines[line].translate(FULL_WIDTH)
    elif kind == "widen_all":
        return Edit(text.translate(FULL_WIDTH))
    elif kind == "empty":
        lines.insert(line, "")
    elif kind == "no_empty":
        empty = [number for number, words in enumerate(lines) if not words]
        del lines[empty[int(at * len(empty)) % len(empty)]]
    elif kind == "nbsp":
        lines.insert(line, "\xa0")
    elif kind == "header":
        first = next(number for number, words in enumerate(lines) if "申请人情况" in words)
        lines[line:line] = lines[first : first + 3]
    return Edit("\n".join(lines))


def lies(layout: str, text: str, kind: str, edit: Edit) -> list[str]:
    """Cells that the edited text is said to have and the text has not, the cell that the cut goes through left out."""
    before, after = read(text), read(edit.text)
    found = []
    for key, cell in after.items():
        cut_through = edit.cut is not None and cell.char_end == edit.cut
        was = before.get(key)
        if (
            cell.state in REFUSED
            or cut_through
            or (was is not None and (cell.state, cell.value) == (was.state, was.value))
        ):
            continue
        changes = [line for line in difflib.ndiff(text.split("\n"), edit.text.split("\n")) if line[0] in "+-"]
        found.append(f"{key} was {was and was[:2]}, is {cell[:2]} after {changes[:6]}")
    return found


every_page = pytest.mark.parametrize("template", TEMPLATES)
every_layout = pytest.mark.parametrize("layout", LAYOUTS)


@every_page
@every_layout
def test_no_single_edit_makes_a_number(template, layout):
    """A report with another number in each cell, every kind of edit, in steps over the page."""
    text = LAYOUTS[layout](blocks(template, numbered(template)))
    same_as_printed(read(text), numbered(template))
    for place, kind in enumerate(EDITS):
        steps = 40 if kind != "widen_all" else 1
        for step in range(steps):
            at = (step + place / len(EDITS)) / steps
            edit = edited(text, kind, at, PAGE_NUMBERS[step % len(PAGE_NUMBERS)])
            assert not lies(layout, text, kind, edit)


EDIT = (st.sampled_from(EDITS), st.floats(0, 1, exclude_max=True), st.sampled_from(PAGE_NUMBERS))


@every_page
@every_layout
def test_no_single_edit_makes_a_number_of_any_figures(template, layout):
    @settings(UNSHRUNK, max_examples=60)
    @given(WHOLE_FORMS[template], *EDIT)
    def check(form, kind, at, page_number):
        text = report(template, form, layout)
        assert not lies(layout, text, kind, edited(text, kind, at, page_number))

    check()


@pytest.mark.soak
@every_page
@every_layout
def test_no_single_edit_makes_a_number_soak(template, layout):
    """Every line of the page, every kind of edit; then any figures."""
    text = LAYOUTS[layout](blocks(template, numbered(template)))
    lines = text.count("\n") + 1
    for kind in EDITS:
        for line in range(lines):
            edit = edited(text, kind, line / lines, PAGE_NUMBERS[line % len(PAGE_NUMBERS)])
            assert not lies(layout, text, kind, edit)

    @settings(UNSHRUNK, max_examples=60, derandomize=True, print_blob=True)
    @given(WHOLE_FORMS[template], *EDIT)
    def check(form, kind, at, page_number):
        text = report(template, form, layout)
        assert not lies(layout, text, kind, edited(text, kind, at, page_number))

    check()
