"""Noises in the way single figures are written.

Here belong blanks, placeholders, units, signs, digits of other widths: everything that happens inside a value cell
and does not need to know the layout's lines. Where a reader can do no more than guess, the cell becomes
`unreadable` and the figure meant is kept as `printed`.
"""

from __future__ import annotations

from benchmarks.generator.draft import Draft, plain_cells, some
from benchmarks.generator.layouts import BOUNDED, GLUED
from benchmarks.generator.model import BLANK, PLACEHOLDER, SCALE, UNREADABLE, Cell, Table, number_text, wan_text

_FULLWIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_PLACEHOLDERS = ("/", "—", "——", "-", "无", "不涉及", "暂无", "\\", "--", "未发生")
_WORDS = ("详见附件", "见上表", "保密", "100%", "XX", "若干", "_____", "待核实", "同上")
_INCREASES = ("+{}", "增{}", "增加{}", "增加{}项", "＋{}", "增{}/减0")
_DECREASES = ("-{}", "减{}", "－{}", "–{}", "−{}", "减少{}项", "减{}项")
_DOUBTFUL_DECREASES = ("↓{}", "({})", "—{}", "新增0、取消{}")
_INVISIBLE_BLANKS = ("　　{}", "\u00a0{}", "{}\u00a0", " {}", "{} ", "\u3000{}\u3000")
_INVISIBLE_MARKS = ("\u200b{}", "{}\u200b", "\ufeff{}")


def _is_count(cell: Cell) -> bool:
    return cell.spec.unit != "元" and cell.spec.column_key != "items_change"


def _pick_table(draft: Draft) -> Table | None:
    """A table with figures still plain; large ones are taken more often."""
    tables = [table for table in draft.tables if any(cell.plain for cell in table.cells)]
    return draft.rng.choices(tables, [len(table.cells) ** 0.5 for table in tables])[0] if tables else None


def _zeros(table: Table) -> list[Cell]:
    return [cell for cell in table.cells if cell.plain and cell.value == 0]


def blank_cells(draft: Draft) -> bool:
    """Cells left blank: a few, all zeros of a table, the totals of its rows, or one whole row."""
    table = _pick_table(draft)
    if table is None:
        return False
    rng = draft.rng
    mode = rng.choice(("few", "few", "zeros", "totals", "row"))
    plain = [cell for cell in table.cells if cell.plain]
    if mode == "zeros":
        chosen = _zeros(table)
    elif mode == "totals":
        chosen = [cell for cell in plain if cell.spec.column_key == "total"]
    elif mode == "row":
        row = rng.choice([row for row in table.rows if row.cells])
        chosen = [cell for cell in row.cells if cell.plain]
    else:
        chosen = some(rng, plain, 6)
    blank = rng.choice(("", "", " ", "\u00a0", "\u3000")) if draft.keeps(BOUNDED) else ""
    if draft.layout.name.startswith(("pipe", "markdown")):
        blank = ""
    for cell in chosen or plain[:1]:
        cell.obscure(BLANK, None, blank)
    return True


def placeholders(draft: Draft) -> bool:
    """A mark instead of a figure: a few cells, or all zeros of a table."""
    table = _pick_table(draft)
    if table is None:
        return False
    chosen = _zeros(table) if draft.rng.random() < 0.3 else some(draft.rng, [c for c in table.cells if c.plain], 5)
    mark = draft.rng.choice(_PLACEHOLDERS)
    for cell in chosen:
        cell.obscure(PLACEHOLDER, None, mark)
    return bool(chosen)


def text_in_cells(draft: Draft) -> bool:
    """Words, percentages or draft marks where a count belongs."""
    chosen = some(draft.rng, [cell for cell in plain_cells(draft) if _is_count(cell)], 2)
    for cell in chosen:
        cell.obscure(UNREADABLE, None, draft.rng.choice(_WORDS))
    return bool(chosen)


def letter_zero(draft: Draft) -> bool:
    """The letter O typed for 0."""
    zeros = [cell for cell in plain_cells(draft) if cell.value == 0 and _is_count(cell)]
    if not zeros:
        return False
    letter = draft.rng.choice(("O", "o", "Ｏ", "〇"))
    for cell in draft.rng.sample(zeros, min(len(zeros), draft.rng.randint(1, 4))):
        cell.obscure(UNREADABLE, 0, letter)
    return True


def fullwidth_digits(draft: Draft) -> bool:
    """Full-width digits in some cells or in a whole table."""
    table = _pick_table(draft)
    if table is None:
        return False
    cells = [cell for cell in table.cells if cell.plain]
    if draft.rng.random() < 0.5:
        cells = some(draft.rng, cells, 8)
    for cell in cells:
        cell.text = cell.text.translate(_FULLWIDTH)
        cell.plain = False
    return bool(cells)


def invisible_characters(draft: Draft) -> bool:
    """Blanks of other kinds and characters of no width around figures."""
    keeps_blanks = draft.keeps(BOUNDED) or draft.layout.name == "line_cell"
    marks = (*_INVISIBLE_MARKS, *_INVISIBLE_BLANKS) if keeps_blanks else _INVISIBLE_MARKS
    table = _pick_table(draft)
    if table is None:
        return False
    share = draft.rng.choice((0.1, 0.5, 1.0))
    changed = False
    for cell in table.cells:
        if cell.plain and draft.rng.random() < share:
            cell.text = draft.rng.choice(marks).format(cell.text)
            cell.plain = False
            changed = True
    return changed


def units_in_cells(draft: Draft) -> bool:
    """A unit behind the figure: 3件."""
    cells = [cell for cell in plain_cells(draft) if _is_count(cell) and cell.spec.unit]
    blank = " " if draft.keeps(BOUNDED) and draft.rng.random() < 0.2 else ""
    chosen = some(draft.rng, cells, 8)
    for cell in chosen:
        cell.text = f"{cell.text}{blank}{cell.spec.unit}"
        cell.plain = False
    return bool(chosen)


def signed_changes(draft: Draft) -> bool:
    """本年增/减 in the many ways in which bodies write a change."""
    cells = [cell for cell in plain_cells(draft) if cell.spec.column_key == "items_change"]
    if not cells:
        return False
    if all(cell.value == 0 for cell in cells):
        for cell in cells[: draft.rng.randint(1, 3)]:
            cell.show(draft.rng.randint(-8, 8) * SCALE)
    for cell in cells:
        _write_change(draft, cell)
    return True


def _write_change(draft: Draft, cell: Cell) -> None:
    value = cell.value or 0
    count = number_text(abs(value))
    rng = draft.rng
    if value == 0:
        text = rng.choice(("0", "0", "0/0", "增0/减0", "无变化", "持平"))
        if text in ("无变化", "持平"):
            cell.obscure(PLACEHOLDER, None, text)
        cell.text = text
    elif value > 0:
        cell.text = rng.choice(_INCREASES).format(count)
    elif rng.random() < 0.75:
        cell.text = rng.choice(_DECREASES).format(count)
    else:
        cell.obscure(UNREADABLE, value, rng.choice(_DOUBTFUL_DECREASES).format(count))
    cell.plain = False


def money_units(draft: Draft) -> bool:
    """Amounts in another unit than the heading says, the unit beside the figure."""
    cells = [c for c in _money(draft) if c.spec.template in ("2019", "2021", "2014")]
    for cell in cells:
        value = cell.value or 0
        if draft.rng.random() < 0.1:
            cell.obscure(UNREADABLE, value, wan_text(value) + " 万")
            continue
        forms = [wan_text(value) + "万元"]
        if not draft.keeps(GLUED):
            forms.append(number_text(value) + "元")
            if value % SCALE == 0:
                forms.append(f"{value // SCALE:,}元")
        cell.text = draft.rng.choice(forms)
        cell.plain = False
    return bool(cells)


def _money(draft: Draft) -> list[Cell]:
    return [
        cell
        for table in draft.tables
        for cell in table.cells
        if cell.spec.unit == "元" and cell.value and cell.spec.template != "regional"
    ]


def money_without_unit(draft: Draft) -> bool:
    """The 2019 amount of procurement as a bare figure, its unit printed nowhere."""
    for table in draft.tables:
        for cell in table.cells:
            if cell.spec.row_key != "procurement" or cell.spec.column_key != "amount" or not cell.value:
                continue
            for row in table.rows:
                for slot in row.labels:
                    if slot.text.startswith("采购总金额"):
                        slot.text = "采购总金额"
            writes_wan = draft.rng.random() < 0.5
            cell.obscure(UNREADABLE, None, wan_text(cell.value) if writes_wan else number_text(cell.value))
            return True
    return False


def thousands_separators(draft: Draft) -> bool:
    """Figures of a thousand and more with separators."""
    cells = [cell for cell in plain_cells(draft) if _is_count(cell) and (cell.value or 0) >= 1000 * SCALE]
    comma = draft.rng.choice((",", ",", "，"))
    for cell in cells:
        cell.text = f"{(cell.value or 0) // SCALE:,}".replace(",", comma)
        cell.plain = False
    return bool(cells)


def decimal_counts(draft: Draft) -> bool:
    """Counts as a spreadsheet exports them: 12.0."""
    chosen = some(draft.rng, [cell for cell in plain_cells(draft) if _is_count(cell)], 10)
    for cell in chosen:
        cell.text += draft.rng.choice((".0", ".0", ".00"))
        cell.plain = False
    return bool(chosen)


def split_numbers(draft: Draft) -> bool:
    """A figure broken over two lines of its cell: no reader can be sure that both halves are one number."""
    cells = [cell for cell in plain_cells(draft) if _is_count(cell) and len(cell.text) > 1]
    if not cells:
        return False
    cell = draft.rng.choice(cells)
    cut = draft.rng.randint(1, len(cell.text) - 1)
    cell.obscure(UNREADABLE, cell.value, f"{cell.text[:cut]}\n{cell.text[cut:]}")
    return True
