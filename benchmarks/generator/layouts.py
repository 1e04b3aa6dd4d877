"""The layouts by name, and what each of them keeps of a table.

Here belong the registry of layouts, the classes that decide what a reader can know (are cell boundaries kept? do
blank cells vanish?) and the choices that vary from report to report within a layout (`Style`). The rendering
itself is in `layouts_bounded`, `layouts_flat` and `layouts_pdf`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.generator import layouts_bounded, layouts_flat, layouts_pdf
from benchmarks.generator.model import Fragment, Table
from benchmarks.generator.style import Style

BOUNDED = "bounded"
TOKENS = "tokens"
GLUED = "glued"
COLUMNS = "columns"
LOST = "lost"

Render = Callable[[Sequence[Table], Style, Random], list[Fragment]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way in which tables arrive as text.

    `keeps`: `bounded` marks every cell, blank ones too; `tokens` separates values but blank cells vanish; `glued`
    runs digits together; `columns` prints blocks of numbers column by column; `lost` drops values altogether.
    """

    name: str
    keeps: str
    render: Render
    fragment_joiner: str = "\n"
    paragraph_joiner: str = "\n"
    is_paged: bool = False
    is_line_based: bool = True


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("tab_cell", BOUNDED, layouts_bounded.render_tab_cell),
        Layout("tab_row", BOUNDED, layouts_bounded.render_tab_row, paragraph_joiner="\n\n"),
        Layout("pipe_row", BOUNDED, layouts_bounded.render_pipe_row),
        Layout("pipe_cell", BOUNDED, layouts_bounded.render_pipe_cell),
        Layout("markdown", BOUNDED, layouts_bounded.render_markdown, paragraph_joiner="\n\n"),
        Layout("line_cell", TOKENS, layouts_flat.render_line_cell, "\n\n", "\n\n"),
        Layout("deduped", LOST, layouts_flat.render_line_cell, "\n\n", "\n\n"),
        Layout("space_aligned", TOKENS, layouts_pdf.render_space_aligned, is_paged=True),
        Layout("reading_order", TOKENS, layouts_pdf.render_reading_order, is_paged=True),
        Layout("one_line", TOKENS, layouts_flat.render_one_line, " ", " ", is_line_based=False),
        Layout("glued", GLUED, layouts_flat.render_glued, "", " ", is_line_based=False),
        Layout("column_major", COLUMNS, layouts_pdf.render_column_major, is_paged=True),
    )
}
