"""What is known of one table: all its cells, column by column.

Belongs here: the record that tabulate hands on to checks, show and the Parquet writer. Does not belong here: how it is
read. Lists instead of one object per cell, because a report has some 200 cells and a corpus has millions.
"""

from dataclasses import dataclass, field

_HONEST = frozenset({"reported", "blank", "placeholder"})


@dataclass
class TableReading:
    """A table (in active_disclosure: sub-table) of one report with the full set of its form's cells.

    All lists have one entry per cell, in the order of the form, locally added rows last. Values are integers in
    ten-thousandths, None unless the state is `reported`. Spans are in code points of the document's text.
    """

    template: str
    table_key: str
    sub_table: str | None
    layout: str
    char_start: int = 0
    char_end: int = 0
    row_keys: list[str] = field(default_factory=list)
    column_keys: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    values: list[int | None] = field(default_factory=list)
    raw_texts: list[str | None] = field(default_factory=list)
    starts: list[int | None] = field(default_factory=list)
    ends: list[int | None] = field(default_factory=list)
    row_labels: list[str | None] = field(default_factory=list)
    column_labels: list[str | None] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    # What the second print of this table says where the two disagree: (row_key, column_key, this, other).
    conflicts: list[tuple[str, str, int, int]] = field(default_factory=list)
    printed_twice: bool = False

    @property
    def state(self) -> str:
        """`complete` | `empty_form` | `unrecoverable` | `incomplete` (contract "tables")."""
        if self.refused:
            return "unrecoverable" if "unrecoverable" in self.states else "incomplete"
        return "empty_form" if "blank" in self.states and "reported" not in self.states else "complete"

    @property
    def refused(self) -> int:
        """Cells that are neither a number nor honestly empty."""
        if _HONEST.issuperset(self.states):
            return 0
        count = self.states.count
        return count("unreadable") + count("missing") + count("unrecoverable")
