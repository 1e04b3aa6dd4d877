"""Layouts that drop the grid: one cell a line, everything on one line, everything run together.

Here belongs the rendering of tables whose blank cells vanish without a trace. Dropping repeated lines (layout
`deduped`) happens to the finished text, in `assemble`; what can still be known is settled in `truth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.generator.layouts_bounded import text_of
from benchmarks.generator.model import Fragment, Table
from benchmarks.generator.style import Style


def _visible(tables: Sequence[Table]) -> list[Fragment]:
    """Every printed cell as a fragment of its own; blank cells and the rest of merged cells leave nothing."""
    out: list[Fragment] = []
    for table in tables:
        for row in table.rows:
            for slot in row.slots:
                if slot.continues is None:
                    text = text_of(slot)
                    if text and not text.isspace():
                        out.append(Fragment(text, row, "value" if slot.is_value else "label"))
    return out


def render_line_cell(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """One cell a line; row ends cannot be seen."""
    return _visible(tables)


def render_one_line(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """All cells of all rows on one line, single blanks between them."""
    return _visible(tables)


def render_glued(tables: Sequence[Table], style: Style, rng: Random) -> list[Fragment]:
    """All cells run together; now and then a blank survives between two of them."""
    out = _visible(tables)
    previous = None
    for fragment in out:
        if fragment.kind == "label":
            if rng.random() < style.label_blanks:
                fragment.text += " "
        elif fragment.row is not None:
            is_dispute = len(fragment.row.slots) == 15
            is_inside = previous is not None and previous.row is fragment.row and previous.kind == "value"
            chance = 1.0 if is_dispute and style.spaced_disputes else style.stray_blanks
            if is_inside and rng.random() < chance:
                fragment.text = " " + fragment.text
        previous = fragment
    return out
