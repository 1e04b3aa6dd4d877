"""A report on its way from figures to text.

Here belong `Draft` and `Block`, which the noises work on, and the look-ups that several noises need. Noises
themselves are in the `noise_…` modules, the order of the steps in `report`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.generator.bodies import Body
from benchmarks.generator.layouts import Layout
from benchmarks.generator.model import Cell, Fragment, Row, Section, Slot, Table
from benchmarks.generator.style import Style


@dataclass(slots=True)
class Block:
    """A paragraph, or some tables rendered together. A copy is printed but has no truth of its own."""

    text: str = ""
    tables: list[Table] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    is_heading: bool = False
    is_copy: bool = False


@dataclass(slots=True)
class Draft:
    """Everything known of a report while noises are at work on it."""

    rng: Random
    form: str
    layout: Layout
    style: Style
    body: Body
    year: int
    title: str
    sections: list[Section]
    blocks: list[Block] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    text_steps: list[str] = field(default_factory=list)
    page_head: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        """All tables in the order of printing."""
        return [table for section in self.sections for table in section.tables]

    @property
    def table_blocks(self) -> list[Block]:
        """The rendered blocks that hold statutory cells and are no second copies."""
        return [
            block
            for block in self.blocks
            if not block.is_copy and any(row.cells for table in block.tables for row in table.rows)
        ]

    def keeps(self, *kinds: str) -> bool:
        """Whether the layout is of one of these classes."""
        return self.layout.keeps in kinds


def plain_cells(draft: Draft) -> list[Cell]:
    """The cells that still show nothing but their bare figure."""
    return [cell for table in draft.tables for row in table.rows for cell in row.cells if cell.plain]


def some(rng: Random, cells: list[Cell], most: int) -> list[Cell]:
    """A few of the cells; those with a figure above zero are preferred half the time."""
    busy = [cell for cell in cells if cell.value]
    pool = busy if busy and rng.random() < 0.5 else cells
    return rng.sample(pool, min(len(pool), rng.randint(1, most))) if pool else []


def label_slots(draft: Draft) -> Iterator[tuple[Table, Row, Slot]]:
    """All printed labels with the row and the table they stand in."""
    for table in draft.tables:
        for row in table.rows:
            for slot in row.labels:
                if slot.text:
                    yield table, row, slot


def cells_by_key(table: Table) -> dict[tuple[str, str], Cell]:
    """The cells of a table by (row_key, column_key)."""
    return {(cell.spec.row_key, cell.spec.column_key): cell for row in table.rows for cell in row.cells}
