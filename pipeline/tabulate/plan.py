"""Where every cell of a form's tables is on a page with a given skeleton.

Belongs here: the plan of a page, made once per skeleton (tokens.py) and read many times (read_plan.py). Choosing the
form of each (sub-)table by its header and labels. Does not belong here: finding labels (find_rows.py), lining up cells
with columns (line_up.py), any value.
"""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.tabulate import values
from pipeline.tabulate.find_rows import DISPUTE_CELLS, Found, FoundHeader, FoundRow
from pipeline.tabulate.grid_rows import Cell
from pipeline.tabulate.line_up import Witnesses, find_witnesses, line_up
from pipeline.tabulate.tokens import is_blank
from schemas import forms
from schemas.forms import Form

MIN_APPLICATION_LABELS = 4
MIN_DISPUTE_HEADERS = 6
# A regional table shares some labels with the statistics table of 2014, which has 58 rows.
MIN_STATISTICS_LABELS = 20
MIN_STATISTICS_CELLS = 2
_UNITS = frozenset(
    ["件", "项", "条", "次", "个", "人", "人次", "篇", "元", "万元", "——", "—", "--", "一一", "————", "场", "期"]
)
# Columns that only one generation has (field.md §0.2 "Detection tokens").
_TEMPLATE_OF_COLUMN = {
    "newly_made": "2019",
    "newly_disclosed": "2019",
    "total_disclosed": "2019",
    "items_last_year": "2019",
    "items_change": "2019",
    "projects": "2019",
    "issued": "2021",
    "repealed": "2021",
    "in_force": "2021",
}
_SPLIT_OTHER = frozenset({"other_correction_overdue", "other_fee_overdue", "other_reason"})
_PROCUREMENT = "第二十条第（九）项"


@dataclass
class PrintPlan:
    """One print of one table: for every cell of the form the token it is, rows that could not be lined up apart.

    Lists have one entry per cell. `tokens`: the token a cell begins with; `longer`: cell → last token, for cells over
    several lines; `refused`: first cell of a refused row → spans of tokens printed after its label; `twins`: first
    cell of a row that is printed twice → its other prints; `local`: first cells of rows whose words no form has;
    `money_units`: first cell of a row → unit of money printed in a cell of its own.
    """

    width: int
    row_keys: list[str]
    column_keys: list[str]
    units: list[str]
    row_labels: list[str | None] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    longer: dict[int, int] = field(default_factory=dict)
    refused: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    twins: dict[int, list[list[Cell]]] = field(default_factory=dict)
    local: list[int] = field(default_factory=list)
    column_labels: list[str | None] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    money_units: dict[int, str] = field(default_factory=dict)


@dataclass
class TablePlan:
    """One table or sub-table of a page; more than one print if it is printed again."""

    form: Form
    width: int
    first_token: int
    last_token: int
    money_unit: str | None
    prints: list[PrintPlan]


@dataclass
class PagePlan:
    """All tables of a page, in the order of the form, and the cells of all their prints in one list.

    `tokens`: the token that each cell begins with; `special`: place in that list → how to read a cell that is no plain
    count, as (column_key, unit, unit of money in the header).
    """

    tables: list[TablePlan]
    tokens: list[int]
    special: dict[int, tuple[str, str, str | None]]


def make_plan(found: Found, layout: str) -> PagePlan:
    """The plan of a page from the rows that were found on it."""
    tables = _tables(found, layout)
    page = PagePlan(tables, [], {})
    for table in tables:
        for printed in table.prints:
            form_unit = forms.FORM_MONEY_UNITS.get((table.form.template, table.form.table_key))
            for cell, (key, unit) in enumerate(zip(printed.column_keys, printed.units, strict=True)):
                if unit == "元" or key == forms.SIGNED_COLUMN:
                    money_unit = printed.money_units.get(cell) or table.money_unit or form_unit
                    page.special[len(page.tokens) + cell] = key, unit, money_unit
            page.tokens += printed.tokens
    return page


def _tables(found: Found, layout: str) -> list[TablePlan]:
    plans = _active_disclosure(found, layout)
    applications = _applications(found, layout, plans)
    if applications is not None:
        plans.append(applications)
    disputes = _disputes(found, layout, plans)
    if disputes is not None:
        plans.append(disputes)
    statistics = _statistics(found, layout)
    if statistics is not None:
        plans.append(statistics)
    return plans


# -- which tables, of which form --------------------------------------------------------------------------------------


def _active_disclosure(found: Found, layout: str) -> list[TablePlan]:
    rows: dict[str, list[FoundRow]] = {}
    headers: dict[str, list[FoundHeader]] = {}
    for row in found.rows:
        if row.table_key == "active_disclosure":
            sub_table = forms.sub_table_of_row(row.row_key) or row.sub_table
            if sub_table is not None:
                rows.setdefault(sub_table, []).append(row)
    for header in found.headers:
        if header.table_key == "active_disclosure":
            sub_table = _sub_table_below(header, found.rows)
            if sub_table is not None:
                headers.setdefault(sub_table, []).append(header)
    plans = []
    for name in forms.sub_tables():
        form_rows = [row for row in rows.get(name, []) if not row.row_key.startswith("x_")]
        if not form_rows:
            continue
        template = _template_by_header(headers.get(name, [])) or _template_by_width(name, form_rows)
        if name == _PROCUREMENT:
            template = "2019"
        if template is not None:  # without a header the other sub-tables prove nothing: reports mix the forms
            form = forms.form(template, "active_disclosure", name)
            plans.append(_table(form, rows[name], headers.get(name, []), layout))
    return plans


def _sub_table_below(header: FoundHeader, rows: list[FoundRow]) -> str | None:
    """The sub-table that a header cell belongs to: that of the first row of a form below it."""
    for row in rows:
        if row.table_key == "active_disclosure" and row.label is not None and row.label.first > header.cell.first:
            return forms.sub_table_of_row(row.row_key) or row.sub_table
    return header.sub_table


def _template_by_header(headers: list[FoundHeader]) -> str | None:
    keys = {header.key for header in headers if header.is_column}
    votes = Counter(_TEMPLATE_OF_COLUMN[key] for key in keys if key in _TEMPLATE_OF_COLUMN)
    if len(votes) == 2:
        (first, count), (_, other) = votes.most_common(2)
        return first if count > other else None
    if votes:
        return next(iter(votes))
    return "2021" if keys & {"decisions", "amount"} else None


def _template_by_width(sub_table: str, rows: list[FoundRow]) -> str | None:
    """The only generation whose rows are exactly as wide as the printed ones, where the header is lost.

    Rows with blanks say nothing: a blank may be a cell or the pad of a merged one.
    """
    widths = {len(run.cells) for row in rows for run in row.runs[:1]}
    if any(is_blank(cell.text) for row in rows for run in row.runs for cell in run.cells):
        return None
    fits = [
        form.template
        for form in forms.all_forms()
        if form.sub_table == sub_table and widths == {len(form.rows[0].column_keys)}
    ]
    return fits[0] if len(fits) == 1 else None


def _applications(found: Found, layout: str, active: list[TablePlan]) -> TablePlan | None:
    rows = [row for row in found.rows if row.table_key == "applications"]
    keys = {row.row_key for row in rows if not row.row_key.startswith("x_")}
    if len(keys) < MIN_APPLICATION_LABELS:
        return None
    if keys & _SPLIT_OTHER:
        template = "2021"
    elif any(row.row_key == "other" and row.runs for row in rows) or {"other", "total_handled"} <= keys:
        template = "2019"  # the row after （六） is there: nothing was lost between
    else:
        template = _majority(active) or "2019"
    if template == "2021":
        for row in rows:
            if row.row_key == "other":
                row.row_key = "x_head:其他处理"
    headers = [header for header in found.headers if header.table_key == "applications"]
    return _table(forms.form(template, "applications"), rows, headers, layout)


def _disputes(found: Found, layout: str, earlier: list[TablePlan]) -> TablePlan | None:
    headers = [header for header in found.headers if header.table_key == "disputes"]
    rows = [row for row in found.rows if row.table_key == "disputes"]
    if sum(header.is_column for header in headers) < MIN_DISPUTE_HEADERS:
        return None
    applications = [plan for plan in earlier if plan.form.table_key == "applications"]
    template = applications[0].form.template if applications else _majority(earlier) or "2019"
    return _table(forms.form(template, "disputes"), rows, headers, layout)


def _statistics(found: Found, layout: str) -> TablePlan | None:
    """The statistics table of 2014: every row has its unit in a cell of its own before the value."""
    rows = [row for row in found.rows if row.table_key == "statistics"]
    keys = {row.row_key for row in rows if not row.row_key.startswith("x_")}
    if len(keys) < MIN_STATISTICS_LABELS:
        return None
    headers = [header for header in found.headers if header.table_key == "statistics"]
    return _table(forms.form("2014", "statistics"), rows, headers, layout)


def _split_unit(row: FoundRow) -> str | None:
    """Takes the unit cell off a row of statistics; returns it."""
    if not row.runs or len(row.runs[0].cells) < MIN_STATISTICS_CELLS:
        return None
    unit = row.runs[0].cells[0].text.strip()
    if unit not in _UNITS:
        return None
    row.runs[0].cells = row.runs[0].cells[1:]
    row.runs[0].at += 1
    return unit


def _majority(plans: list[TablePlan]) -> str | None:
    votes = Counter(plan.form.template for plan in plans)
    return votes.most_common(1)[0][0] if votes else None


# -- one table --------------------------------------------------------------------------------------------------------


def _table(form: Form, rows: list[FoundRow], headers: list[FoundHeader], layout: str) -> TablePlan:
    is_disputes = form.table_key == "disputes"
    width = DISPUTE_CELLS if is_disputes else len(form.rows[0].column_keys)
    with_subtotal = any(header.key == "subtotal" for header in headers)
    witnesses = find_witnesses(rows, width + with_subtotal)
    columns = [header for header in headers if header.is_column]
    lined = _Lining(width, layout, witnesses, with_subtotal, form.table_key == "statistics")
    if is_disputes:
        prints = [_print(form, [[row]], lined) for row in rows] or [_print(form, [[]], lined)]
    else:
        places = [header.cell.first for header in headers if header.is_column]
        prints = [_labelled_print(form, copy, lined) for copy in split_copies(rows, places)]
    money_header = next((header.cell.text for header in columns if header.key == "amount"), "")
    spans = [(header.cell.first, header.cell.last) for header in headers]
    for row in rows:
        cells = [row.label] if row.label else []
        cells += [cell for run in row.runs for cell in run.cells]
        spans += [(cell.first, cell.last) for cell in cells]
    column_labels = _column_labels(form, width, columns)
    for printed in prints:
        printed.column_labels = column_labels * (len(printed.tokens) // width)
        printed.methods = ["grid"] * len(printed.tokens)
    return TablePlan(
        form,
        width,
        min(first for first, _ in spans),
        max(last for _, last in spans),
        values.money_unit(money_header),
        prints,
    )


def split_copies(rows: list[FoundRow], headers: list[int]) -> list[list[FoundRow]]:
    """The rows of each print of a table: a row that comes again later begins the next print (field.md §6.2 no. 23).

    The same row twice in a row is one doubled line, not a second table, unless a header stands between the two
    (`headers`: tokens of the column headers).
    """
    copies: list[list[FoundRow]] = [[]]
    known: set[str] = set()
    last = ""
    last_at = -1
    for row in rows:
        if row.runs and not row.row_key.startswith("x_"):
            at = row.label.first if row.label else -1
            if row.row_key in known and (row.row_key != last or any(last_at < header < at for header in headers)):
                copies.append([])
                known = set()
            known.add(row.row_key)
            last, last_at = row.row_key, at
        copies[-1].append(row)
    return copies


@dataclass(frozen=True)
class _Lining:
    """What all rows of a table share when their cells are lined up with the columns."""

    width: int
    layout: str
    witnesses: Witnesses
    with_subtotal: bool
    with_units: bool

    def cells(self, row: FoundRow) -> list[Cell] | None:
        if self.with_subtotal:  # a local 小计 before 总计 (field.md §1.3)
            cells = line_up(row, self.width + 1, self.layout, self.witnesses)
            return cells[:-2] + cells[-1:] if cells is not None else None
        return line_up(row, self.width, self.layout, self.witnesses)


def _labelled_print(form: Form, found: list[FoundRow], lining: _Lining) -> PrintPlan:
    """A table with a label in every row; rows that the form does not have come last."""
    by_key: dict[str, list[FoundRow]] = {}
    for row in found:
        by_key.setdefault(row.row_key, []).append(row)
    local: dict[str, list[FoundRow]] = {}
    for key, rows in by_key.items():
        if key.startswith("x_head:"):
            name = forms.SUBTOTAL_ROWS.get(key.removeprefix("x_head:"))
            rows = [row for row in rows if any(not is_blank(cell.text) for run in row.runs for cell in run.cells)]
            if name is not None and rows:
                local[name] = rows
        elif key.startswith("x_"):
            local[key] = rows
    plan = _print(form, [by_key.get(row.key, []) for row in form.rows] + list(local.values()), lining)
    for number, key in enumerate(local, len(form.rows)):
        plan.local.append(number * lining.width)
        plan.row_keys += [key] * lining.width
        plan.column_keys += form.rows[0].column_keys
        plan.units += form.rows[0].units
    return plan


def _print(form: Form, rows: list[list[FoundRow]], lining: _Lining) -> PrintPlan:
    keys = forms.cell_keys(form)
    plan = PrintPlan(lining.width, list(keys.rows), list(keys.columns), list(keys.units))
    for found in rows:
        label = next((row.label.text.strip() for row in found if row.label), None)
        plan.row_labels += [label] * lining.width
        _add_row(plan, found, lining)
    return plan


def _add_row(plan: PrintPlan, found: list[FoundRow], lining: _Lining) -> None:
    """One row of the form: its cells' tokens, or what is printed of it if they cannot be lined up."""
    first = len(plan.tokens)
    printed = [row for row in found if row.runs]
    if lining.with_units:
        units = [_split_unit(row) for row in printed]
        if units and units[0] in ("元", "万元"):
            plan.money_units[first] = units[0]
    lined = [lining.cells(row) for row in printed]
    if not lined or None in lined:
        plan.tokens += [0] * lining.width
        cells = [cell for row in printed for run in row.runs for cell in run.cells if not is_blank(cell.text)]
        plan.refused[first] = [(cell.first, cell.last) for cell in cells]
        return
    whole = [cells for cells in lined if cells is not None]
    plan.tokens += [cell.first for cell in whole[0]]
    plan.longer.update({first + place: cell.last for place, cell in enumerate(whole[0]) if cell.last != cell.first})
    if len(whole) > 1:
        plan.twins[first] = whole[1:]


def _column_labels(form: Form, width: int, columns: list[FoundHeader]) -> list[str | None]:
    """Column labels as printed: by place if there is one header cell per column, else by what they say."""
    if form.table_key != "applications" and len(columns) == width:
        return [header.cell.text.strip() for header in columns]
    printed: dict[str, str] = {}
    for header in columns:
        printed.setdefault(header.key, header.cell.text.strip())
    return [printed.get(key) for key in [key for row in form.rows for key in row.column_keys][:width]]
