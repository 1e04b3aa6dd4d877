"""The cells of reports as an Arrow table.

Belongs here: gathering the columns of `cells`, by far the longest table. Does not belong here: other tables (columns.py),
the columns' meaning (schemas/tables.py).

The keys, units and labels of a table's cells are those of its form and layout: of a hundred reports most have the same
ones. So every different set of them is made into columns once, and the cells of each reading are taken from there.
"""

from collections.abc import Iterable
from itertools import chain

import numpy
import pyarrow as pa

from pipeline.arrays import array, repeated
from pipeline.read.document import Document
from pipeline.runs import rows_of_runs
from pipeline.tabulate.readings import TableReading
from schemas.arrow import CODED, coded_schema

Texts = tuple[str | None, ...]
Shape = tuple[Texts, ...]
"""What readings have in common: a text per cell for each of SHAPE_COLUMNS."""
SHAPE_COLUMNS = ("row_key", "column_key", "unit", "row_label", "column_label", "method")
Source = tuple[int | None, int | None, int | None, int | None]
SOURCE_COLUMNS = ("source_page", "source_table", "source_row", "source_column")
NO_SOURCE: Source = (None, None, None, None)


class CellColumns:
    """The rows of `cells` for reports that are added one by one."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._shapes: dict[Shape, int] = {}
        self._shape_of_reading: list[int] = []
        self._templates: list[str] = []
        self._table_keys: list[str] = []
        self._states: list[str] = []
        self._values: list[int | None] = []
        self._raw_texts: list[str | None] = []
        self._starts: list[int | None] = []
        self._ends: list[int | None] = []
        self._sources: list[Source] = []
        self._with_sources = False

    def add(self, readings: Iterable[TableReading], document: Document) -> None:
        """Takes the cells of a report, which may be none."""
        before = len(self._states)
        sources = _sources(document)
        self._with_sources = self._with_sources or bool(sources)
        for reading in readings:
            self._shape_of_reading.append(self._number(_shape(reading), len(reading.states)))
            self._templates.append(reading.template)
            self._table_keys.append(reading.table_key)
            self._states += reading.states
            self._values += reading.values
            self._raw_texts += reading.raw_texts
            self._starts += reading.starts
            self._ends += reading.ends
            if sources:
                self._sources += [sources.get(start, NO_SOURCE) for start in reading.starts]
            else:
                self._sources += [NO_SOURCE] * len(reading.starts)
        self._counts.append(len(self._states) - before)

    def _number(self, shape: Shape, cells: int) -> int:
        """The number of a shape. Raises ValueError if it is not one of so many cells: they would get the texts of others."""
        number = self._shapes.get(shape)
        if number is None:
            number = self._shapes[shape] = len(self._shapes)
        if any(len(texts) != cells for texts in shape):
            raise ValueError(f"a reading of {cells} cells has {[len(texts) for texts in shape]} keys, units and labels")
        return number

    def table(self, report_ids: list[str]) -> pa.Table:
        """The table `cells`; `report_ids` are those of the reports that were added."""
        schema = coded_schema("cells")
        columns = {"report_id": repeated(report_ids, self._counts), **self._of_readings(), **self._of_sources()}
        for name, values in (
            ("value_state", self._states),
            ("value", self._values),
            ("raw_text", self._raw_texts),
            ("char_start", self._starts),
            ("char_end", self._ends),
        ):
            columns[name] = array(values, schema.field(name).type)
        return pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema)

    def _of_readings(self) -> dict[str, pa.Array]:
        """The columns that all cells of a reading, or all readings of a shape, have in common."""
        lengths = numpy.array([len(shape[0]) for shape in self._shapes], dtype=numpy.int64)
        shapes = numpy.array(self._shape_of_reading, dtype=numpy.int64)
        rows = pa.array(rows_of_runs((numpy.cumsum(lengths) - lengths)[shapes], lengths[shapes]))
        readings = pa.array(numpy.repeat(numpy.arange(len(shapes)), lengths[shapes]))
        found = {
            "template": array(self._templates, CODED).take(readings),
            "table_key": array(self._table_keys, CODED).take(readings),
        }
        for place, name in enumerate(SHAPE_COLUMNS):
            texts = list(chain.from_iterable(shape[place] for shape in self._shapes))
            found[name] = array(texts, CODED).take(rows)
        return found

    def _of_sources(self) -> dict[str, pa.Array]:
        if not self._with_sources:
            return {name: pa.nulls(len(self._sources), pa.int32()) for name in SOURCE_COLUMNS}
        columns = zip(SOURCE_COLUMNS, zip(*self._sources, strict=True), strict=True)
        return {name: pa.array(values, pa.int32()) for name, values in columns}


def _shape(reading: TableReading) -> Shape:
    return (
        tuple(reading.row_keys),
        tuple(reading.column_keys),
        tuple(reading.units),
        tuple(reading.row_labels),
        tuple(reading.column_labels),
        tuple(reading.methods),
    )


def _sources(document: Document) -> dict[int | None, Source]:
    """Where a cell begins in the text → (page, table, row, column) in the file, for cells of grids."""
    return {
        cell.start: (cell.page, grid.number, cell.row + 1, cell.column + 1)
        for grid in document.grids
        for row in grid.rows
        for cell in row
    }
