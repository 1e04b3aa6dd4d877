"""The parts of which an invented report is made, while it is being made.

Here belong the record types that all generator modules share and the few conversions between a figure and its
printed form. Nothing here draws a random number, knows a form or renders a layout.

Figures are whole numbers of ten-thousandths (`SCALE`), so that counts and money fit the dataset's DECIMAL(18,4)
without floating point. `Cell`, `Slot` and `Row` are mutable on purpose: a noise changes what is printed and what
can be known of it, one step at a time; everything that is only looked up is frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SCALE = 10_000
YUAN_PER_WAN = 10_000

Key = tuple[str, str, str]
"""(table_key, row_key, column_key): how drawn figures are addressed."""

Figures = dict[Key, int]
"""Drawn figures; a key that is not there is 0."""

REPORTED = "reported"
BLANK = "blank"
PLACEHOLDER = "placeholder"
UNREADABLE = "unreadable"
MISSING = "missing"
UNRECOVERABLE = "unrecoverable"

SECOND_COPY = "second_copy"
ONLY_CONSISTENT_READING = "only_consistent_reading"


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One cell of a form: a line of cells.csv, or a row that a body added to the form."""

    template: str
    table_key: str
    row_key: str
    column_key: str
    row_group: str
    row_label: str
    column_label: str
    unit: str
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        """Hold the key of the figure ready: it is looked up some two hundred times a report."""
        object.__setattr__(self, "key", (self.table_key, self.row_key, self.column_key))


@dataclass(slots=True)
class Cell:
    """What is printed in one cell, and what a reader of the text can know of it.

    `value` is what the text says (only if `state` is reported); `printed` is what the generator meant where the
    text cannot tell; `alternative` is another value that the text offers for the cell, `alternative_source` says
    whether a second copy of the table prints it or the form's identities leave no other reading of glued digits.
    `plain` holds while the cell shows nothing but its bare figure, so that two noises do not work on the same cell.
    """

    spec: CellSpec
    value: int | None
    text: str
    state: str = REPORTED
    printed: int | None = None
    alternative: int | None = None
    alternative_source: str | None = None
    plain: bool = True

    def show(self, value: int, text: str | None = None) -> None:
        """Print another figure in this cell."""
        self.value = value
        self.text = number_text(value) if text is None else text

    def obscure(self, state: str, printed: int | None, text: str | None = None) -> None:
        """Give up the value: `printed` is kept for the scorer where the generator meant a figure."""
        self.state = state
        self.value = None
        self.printed = printed
        self.plain = False
        if text is not None:
            self.text = text

    def offer(self, value: int, source: str) -> None:
        """Note another value that the text offers for this cell."""
        self.alternative = value
        self.alternative_source = source

    def doubt(self, state: str = UNREADABLE) -> None:
        """The text no longer tells this cell: keep the figure it shows, if it shows one."""
        if self.state == REPORTED:
            self.printed = self.value
        self.value = None
        self.state = state


@dataclass(slots=True)
class Slot:
    """One place in a row of a printed table: a label, a value, or the rest of a merged cell."""

    text: str
    columns: int = 1
    cell: Cell | None = None
    is_value: bool = False
    continues: Slot | None = None


@dataclass(slots=True)
class Row:
    """A row of a printed table. `damage` is the state that a lost or inserted line leaves its cells in."""

    slots: list[Slot]
    is_header: bool = False
    damage: str | None = None
    is_shifted: bool = False
    has_false_end: bool = False
    cells: list[Cell] = field(default_factory=list)

    @property
    def labels(self) -> list[Slot]:
        """The label slots that are printed in this row."""
        return [slot for slot in self.slots if not slot.is_value and slot.continues is None]

    @property
    def values(self) -> list[Slot]:
        """The value slots of this row, those without a cell of the form included."""
        return [slot for slot in self.slots if slot.is_value]


@dataclass(slots=True)
class Table:
    """A printed table, or one sub-table of section two."""

    template: str
    table_key: str
    sub_table: str | None
    rows: list[Row]
    label_columns: int
    value_columns: int
    is_settled: bool = False

    @property
    def cells(self) -> list[Cell]:
        """All cells in the order of printing."""
        return [cell for row in self.rows for cell in row.cells]

    @property
    def width(self) -> int:
        """Number of grid columns."""
        return self.label_columns + self.value_columns


@dataclass(slots=True)
class Fragment:
    """A piece of rendered table that line noises may drop, double or follow with something else."""

    text: str
    row: Row | None
    kind: str


@dataclass(slots=True)
class Section:
    """One section of a report: heading, prose, the tables printed in it, prose after them."""

    key: str
    heading: str
    before: list[str]
    tables: list[Table] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


class TruthRow(NamedTuple):
    """One cell as truth.parquet has it, without the columns that are the same for the whole report."""

    template: str
    table_key: str
    row_key: str
    column_key: str
    value: int | None
    value_state: str
    printed_value: int | None
    printed_alternative: int | None
    alternative_source: str | None
    row_label: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The cells of a report column by column, which is how they are written: one list for each field of `TruthRow`."""

    columns: tuple[list[Any], ...]

    def __len__(self) -> int:
        """The number of cells."""
        return len(self.columns[0])

    def __iter__(self) -> Iterator[TruthRow]:
        """The cells one by one."""
        return map(TruthRow._make, zip(*self.columns, strict=True))


@dataclass(frozen=True, slots=True)
class GeneratedReport:
    """A finished report: its text, the truth about its cells and how it was made.

    `content` holds the bytes of a report that is a file of another format; `text` is what such a file says.
    """

    index: int
    path: str
    text: str
    truth: Truth
    form: str
    template: str
    layout: str
    noise: tuple[str, ...]
    body_name: str
    body_kind: str
    report_year: int
    content: bytes | None = None


def number_text(value: int) -> str:
    """A scaled figure as a bare number, without needless decimals."""
    sign, size = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(size, SCALE)
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}." + f"{rest:04d}".rstrip("0")


def wan_text(value: int) -> str:
    """An amount held in yuan, written in units of ten thousand yuan."""
    whole, rest = divmod(value, SCALE * YUAN_PER_WAN)
    return str(whole) if rest == 0 else f"{whole}." + f"{rest:08d}".rstrip("0")
