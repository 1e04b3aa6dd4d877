"""Damage that takes a whole page of running text: repeated lines dropped, numbers apart from their labels.

Belongs here: telling such a page and refusing it as a whole. Does not belong here: rows that can be refused alone.
"""

import re

from pipeline.tabulate.readings import TableReading

DISORDERED = "column_major"
_LABEL_AND_NUMBER = re.compile(r"[\u4e00-\u9fff）)]\s*\d+$")
MIN_LINES = 20
MAX_LONE = 2
MIN_EMPTY = 20


def is_deduplicated(text: str, readings: list[TableReading]) -> bool:
    """Whether a crawler dropped every repeated line (field.md §6.1 L6): cells on lines of their own, none twice."""
    begin, end = min(r.char_start for r in readings), max(r.char_end for r in readings)
    lines = [line.strip() for line in text[begin:end].split("\n")]
    lines = [line for line in lines if line]
    alone = sum(" " not in line and not _LABEL_AND_NUMBER.search(line) for line in lines)
    return len(lines) >= MIN_LINES and len(set(lines)) == len(lines) and alone >= 0.9 * len(lines)


def refuse_lone_numbers(readings: list[TableReading]) -> None:
    """Takes back the one or two numbers of a page whose other cells are all empty: they may be page numbers.

    Where cell boundaries are not printed, an empty form with page numbers looks like that (field.md §6.2 no. 8).
    """
    numbers = sum(reading.states.count("reported") for reading in readings)
    cells = sum(len(reading.states) for reading in readings)
    if 0 < numbers <= MAX_LONE and cells >= MIN_EMPTY:
        for reading in readings:
            reading.values = [None] * len(reading.values)
            reading.states = ["unreadable" if state == "reported" else state for state in reading.states]


def is_disordered(reading: TableReading) -> bool:
    """Whether a table's numbers were found apart from their labels."""
    return reading.layout == DISORDERED


def refuse_rows(reading: TableReading) -> None:
    """Takes back every cell."""
    reading.layout = DISORDERED
    reading.states = ["unreadable"] * len(reading.states)
    reading.values = [None] * len(reading.states)


def mark_unrecoverable(reading: TableReading) -> None:
    """Says of every cell that its value was lost before it reached us."""
    count = len(reading.states)
    reading.states = ["unrecoverable"] * count
    reading.values = [None] * count
    reading.layout = "line_deduplicated"
