"""Which rows of cells are rows of a form: follows the labels down the page.

Belongs here: knowing, for every row of cells, which table, row and header it is, and which cells stand after its label.
Does not belong here: cutting text into cells (grid_rows.py), choosing the form and reading values (assemble.py).

Labels carry the meaning, positions only the order (field.md §0.1 no. 2): rowspans vanish, columns shift, rows break. A
label is looked for in the table that is being read, first exactly, then as a typo of a sibling under the same heading.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipeline.tabulate.grid_rows import Cell, Row
from pipeline.tabulate.labels import Label, Role, fuzzy, read_label, vocabulary
from pipeline.tabulate.tokens import PAGE_FURNITURE, is_blank, looks_like_value
from schemas import forms

_BARE_NUMBER = re.compile(r"[\s\d０-９,.，．]+")
_NOT_A_LABEL = re.compile(r"注|备注|说明|\*|※")
# Labels long enough to open a table by themselves when its heading is lost; shorter ones stand in other tables too.
MIN_ANCHOR = 5
DISPUTE_CELLS = 15
LONGEST_ROW = 24
"""No printed row has more cells; one that has is many rows without their ends."""
MIN_WORDS = 7
NEXT_LINE = 2
"""Tokens from the last cell of a line to the first of the next: the end of the row stands between."""


@dataclass(slots=True)
class Run:
    """Cells after a label in one printed row of `row_width` cells, from the cell at `at` on."""

    cells: list[Cell]
    row_width: int
    at: int


@dataclass(slots=True)
class FoundRow:
    """A row of a form with the runs of cells after its label, one run per printed row.

    `open_ended`: the last run was ended by another label, not by the end of a printed row; `next_depth`: depth of the
    row that follows.
    """

    table_key: str
    sub_table: str | None
    row_key: str
    label: Cell | None
    runs: list[Run] = field(default_factory=list)
    open_ended: bool = False
    next_depth: int = -1

    @property
    def depth(self) -> int:
        """In which label column of the drawn form the label stands."""
        if self.row_key.startswith("x_") and self.label is not None:
            # A row that the form does not have says by its ordinal where it belongs: 一、 （一） or 1.
            ordinal = read_label(self.label.text).ordinal
            return 1 if ordinal.startswith("(") else 2 if ordinal[:1].isdigit() else 0
        return forms.row_depth(self.table_key, self.row_key)


@dataclass(slots=True)
class FoundHeader:
    """A header cell: a column of a table (`is_column`), or other header words."""

    table_key: str
    sub_table: str | None
    key: str
    is_column: bool
    cell: Cell


@dataclass(slots=True)
class Found:
    """All that the labels of one document lead to, in order."""

    rows: list[FoundRow] = field(default_factory=list)
    headers: list[FoundHeader] = field(default_factory=list)


class RowFinder:
    """Walks over the rows of cells once, knowing which table it is in. Use `find_rows`."""

    def __init__(self, rows_are_lines: bool) -> None:
        self.rows_are_lines = rows_are_lines
        self.found = Found()
        self.table: str | None = None
        self.sub_table: str | None = None
        self.parent = ""
        self.in_header = False
        self.pending: FoundRow | None = None
        self.local_rows: dict[str, int] = {}
        self.heads: set[str] = set()

    def walk(self, rows: Iterable[Row]) -> Found:
        for row in rows:
            if row.is_grid:
                self.grid_row(row)
            else:
                self.text_line(row)
        self.finish()
        return self.found

    # -- lines that are no cells --------------------------------------------------------------------------------

    def text_line(self, row: Row) -> None:
        """A line between cells: page furniture and lone numbers are passed over, a label goes on, prose ends all."""
        text = row.cells[0].text
        if PAGE_FURNITURE.fullmatch(text):
            return
        if looks_like_value(text):
            self.number_line(row.cells[0])
            return
        for role in read_label(text).roles:
            if role.kind == "sub_table" or (role.table_key == self.table and role.kind in ("row", "head")):
                self.grid_row(row)
                return
        self.finish()
        self.table = None

    def number_line(self, cell: Cell) -> None:
        """A lone number right below a row: a page number, or the end of the row's last number. The text cannot tell."""
        if self.rows_are_lines and self.pending is not None and self.pending.runs and _BARE_NUMBER.fullmatch(cell.text):
            last = self.pending.runs[-1].cells[-1]
            if cell.first - last.last == NEXT_LINE:
                self.pending.runs.append(Run([cell], 1, 0))  # a row of two runs is refused (line_up.py)

    # -- rows ---------------------------------------------------------------------------------------------------

    def grid_row(self, row: Row) -> None:
        """One printed row: blanks, labels, values, and again if a row end was lost."""
        cells = row.cells
        position, count = 0, len(cells)
        while position < count:
            first = position
            while position < count and is_blank(cells[position].text):
                position += 1
            if position == count:
                self.values(row, first, count)
                return
            after = self.labels(row, position)
            end = self.next_label(cells, after if after > position else position + 1)
            if after == position:
                self.values(row, first, end)
            elif self.pending is not None and end > after:
                self.pending.runs.append(Run(cells[after:end], count, after))
            elif self.table == "disputes" and end > after:
                self.values(row, after, end)  # where ends of rows are not printed, right behind the header
            if end < count and self.pending is not None:
                self.pending.open_ended = True
            position = end

    def labels(self, row: Row, position: int) -> int:
        """Takes the label cells from `position` on; returns the place of the first cell that is none."""
        cells, at_start = row.cells, True
        while position < len(cells):
            if is_blank(cells[position].text):
                # A blank between two labels is a merged cell; a blank before values is a value or a pad.
                after = position + 1
                while after < len(cells) and is_blank(cells[after].text):
                    after += 1
                if after == len(cells) or not self.is_label(cells[after].text):
                    return position
                position = after
            elif self.take_label(row, position, at_start):
                at_start = False
                position += 1
            else:
                return position
        return position

    def next_label(self, cells: list[Cell], position: int) -> int:
        """The place of the first label from `position` on, or the number of cells.

        Where the ends of rows are not printed, long words are no value either: the guidance above a header, a local row.
        """
        is_endless = len(cells) > LONGEST_ROW
        for place in range(position, len(cells)):
            text = cells[place].text
            if self.is_label(text) or (is_endless and len(text.strip()) >= MIN_WORDS and not looks_like_value(text)):
                return place
        return len(cells)

    def is_label(self, text: str) -> bool:
        return _is_label(text, self.table, self.parent, self.in_header)

    def values(self, row: Row, first: int, last: int) -> None:
        """Cells without a label: the value row of disputes, or the rest of a row that was broken."""
        if self.pending is None and self.table != "disputes":
            return
        cells = row.cells[first:last]
        printed = [cell.text for cell in cells if not is_blank(cell.text)]
        if 2 * sum(map(looks_like_value, printed)) < len(printed):
            return  # words: a header printed again, a remark
        if all(is_blank(cell.text) for cell in cells) and (self.pending is not None or len(cells) < DISPUTE_CELLS):
            return
        if self.pending is None:
            self.pending = FoundRow("disputes", None, "", None)
            self.in_header = False
        self.pending.runs.append(Run(cells, len(row.cells), first))

    # -- labels -------------------------------------------------------------------------------------------------

    def take_label(self, row: Row, position: int, at_start: bool) -> bool:
        """Handles one cell if it is a label; False if it is a value or unknown words among values."""
        cell = row.cells[position]
        role = _resolve(cell.text, self.table, self.parent, self.in_header)
        if role is not None:
            self.take(role, cell)
            return True
        return bool(at_start and self.table and self.local_row(row, position))

    def local_row(self, row: Row, position: int) -> bool:
        """A row that the form does not have (field.md §6.2 no. 14): kept as x_…, if values follow it in its row."""
        text = row.cells[position].text
        if self.table == "statistics" and len(row.cells) > LONGEST_ROW:
            return False  # the website's annual form may follow without an end (field.md §6.2 no. 60)
        if self.table in (None, "disputes") or (self.in_header and self.table != "active_disclosure"):
            return False
        end = self.next_label(row.cells, position + 1)
        rest = [other.text for other in row.cells[position + 1 : end] if not is_blank(other.text)]
        if not rest or looks_like_value(text) or _NOT_A_LABEL.match(text.strip()) or not read_label(text).stem:
            return False
        if not all(looks_like_value(other) for other in rest):
            return False
        assert self.table is not None
        number = self.local_rows[self.table] = self.local_rows.get(self.table, 0) + 1
        self.start_row(self.table, f"x_{number}", row.cells[position])
        return True

    # -- what a label does --------------------------------------------------------------------------------------

    def take(self, role: Role, cell: Cell) -> None:
        """Goes where a label leads: into a table, its header, under a heading, or to the beginning of a row."""
        kind, table_key = role.kind, role.table_key
        if kind == "row":
            self.start_row(table_key, role.key, cell)
            if table_key != "active_disclosure":
                # A row that is a heading too (收到申请数 of the 2014 form) is the parent of what follows.
                self.parent = role.heads or role.parent
        elif kind == "head":
            is_repeated = self.in_header and self.table == table_key and role.key in self.heads
            self.start_row(table_key, f"x_head:{role.key}", cell)
            if not is_repeated:  # printed again with the header after a page break: what follows is not below it
                self.parent = role.key
                self.heads.add(role.key)
        else:
            self.finish()
            if self.table != table_key:
                self.enter(table_key)
            self.in_header = True
            if kind == "sub_table":
                self.sub_table = role.key
            else:
                self.found.headers.append(FoundHeader(table_key, self.sub_table, role.key, kind == "column", cell))

    def start_row(self, table_key: str, row_key: str, cell: Cell) -> None:
        self.finish()
        if self.table != table_key:
            self.enter(table_key)
        self.in_header = False
        self.pending = FoundRow(table_key, self.sub_table, row_key, cell)

    def enter(self, table_key: str) -> None:
        self.table = table_key
        self.parent = ""
        self.heads = set()
        self.sub_table = None

    def finish(self) -> None:
        if self.pending is not None:
            if self.found.rows:
                self.found.rows[-1].next_depth = self.pending.depth
            self.found.rows.append(self.pending)
            self.pending = None


@lru_cache(maxsize=16_384)
def _is_label(text: str, table: str | None, parent: str, in_header: bool) -> bool:
    """Whether a cell's words are a label in the table being read, or open another."""
    label = read_label(text)
    if any(role.table_key == table or _opens(role, label) for role in label.roles):
        return True
    return not label.roles and not is_blank(text) and _resolve(text, table, parent, in_header) is not None


@lru_cache(maxsize=16_384)
def _resolve(text: str, table: str | None, parent: str, in_header: bool) -> Role | None:
    """What a cell's words stand for in the table being read, under the heading `parent`: exactly, else as a typo."""
    label = read_label(text)
    role = _role_of(label, table, parent, in_header)
    if role is None and table and label.stem and not looks_like_value(text):
        role = _typo_of(label, table, parent, in_header)
    return role


def _role_of(label: Label, table: str | None, parent: str, in_header: bool) -> Role | None:
    """The role of a label here: in the table being read first, then one that opens another table."""
    roles = [role for role in label.roles if role.table_key == table] if table else []
    if not roles:
        opening = [role for role in label.roles if _opens(role, label)]
        if len({(role.table_key, role.key) for role in opening}) == 1:
            return opening[0]
        return None
    return min(roles, key=lambda role: _rank(role, label, parent, in_header)) if len(roles) > 1 else roles[0]


def _rank(role: Role, label: Label, parent: str, in_header: bool) -> tuple[bool, int, bool]:
    """Order of what a label can stand for: by ordinal, then header words in a header, then by parent."""
    kinds = ("column", "header", "row", "head") if in_header else ("row", "head", "column", "header")
    return (
        bool(label.ordinal) and role.ordinal != label.ordinal,
        kinds.index(role.kind),
        role.kind == "row" and role.parent != parent,
    )


def _typo_of(label: Label, table: str, parent: str, in_header: bool) -> Role | None:
    """A label with a typo: within the header's columns, or among the siblings under the heading being read."""
    rows, columns = ("row", "head"), ("column", "header")
    if in_header:
        return _closest(label.stem, table, columns, None) or _closest(label.stem, table, rows, None)
    return _closest(label.stem, table, rows, parent) or _closest(label.stem, table, rows, None)


@lru_cache(maxsize=16_384)
def _closest(stem: str, table: str, kinds: tuple[str, ...], parent: str | None) -> Role | None:
    """The role of the one label that some words are a typo of, among those of a table under a heading."""
    siblings, names = _siblings(table, kinds, parent)
    name = fuzzy(stem, names)
    return next((role for other, role in siblings.items() if names[other] == name), None) if name else None


@cache
def _siblings(table: str, kinds: tuple[str, ...], parent: str | None) -> tuple[dict[str, Role], dict[str, str]]:
    """Labels of a table under a heading (all for None): stem → role, and stem → what tells the roles apart."""
    siblings = {
        stem: role
        for stem, roles in vocabulary().items()
        for role in roles
        if role.table_key == table and role.kind in kinds and (parent is None or role.parent in (parent, ""))
    }
    return siblings, {stem: f"{role.kind}:{role.key}:{role.parent}" for stem, role in siblings.items()}


def _opens(role: Role, label: Label) -> bool:
    """Whether a label may open a table by itself: sub-table headings, and words too long to be anything else."""
    return (
        role.kind == "sub_table"
        or len(label.stem) >= MIN_ANCHOR
        or (role.table_key == "disputes" and role.kind == "header")
    )


def find_rows(rows: Iterable[Row], layout: str) -> Found:
    """Every row and header of a form among rows of cells, in document order."""
    return RowFinder(layout in ("tab_row", "pipe_row")).walk(rows)
