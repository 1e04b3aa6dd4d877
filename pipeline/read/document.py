"""A report's text and the grids in it, the common ground of all later steps and the same for every format.

Belongs here: the records themselves. Does not belong here: decoding (encodings.py), the formats (html.py, docx.py,
pdf.py), writing grids into a text (compose.py), anything that interprets words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

_RARE_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LONE_RETURN = re.compile(r"\r(?!\n)")
_NOTHING: Mapping[str, str] = MappingProxyType({})

CELL_BREAK = "\u2028"
"""A line break within a cell of a grid (LINE SEPARATOR): a row of a grid is one line of the text."""


class GridCell(NamedTuple):
    """A cell where it begins: its span in the text, its place in its grid (from 0), what it spans, its page (from 1).

    `page` is None for formats without pages.
    """

    start: int
    end: int
    row: int
    column: int
    rowspan: int
    colspan: int
    page: int | None


class Grid(NamedTuple):
    """A table with printed cell boundaries: for each row the cells that begin there, in order, and its span.

    `number` counts the grids of a document from 1. A position covered by a cell from above or from the left has no
    cell of its own; in the text it is an empty one.
    """

    number: int
    start: int
    end: int
    rows: tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True)
class Document:
    """Text as decoded, every character of it. All spans anywhere count its code points from 0, ends exclusive.

    `flat` is the same text, same length, with every rare line break (form feed, lone CR …) as a line feed; within a
    cell of a grid it is a blank. `encoding` is None for files that are no text. Of a file that is no plain text, `text` has the words of the report: each paragraph
    and each row of a grid is a line, cells apart by TAB. `evidence` has what the page says about the report outside of
    it: meta tags, the box with 索引号 and 发布日期, the breadcrumb; names as printed.
    """

    text: str
    flat: str
    media_type: str
    encoding: str | None
    grids: tuple[Grid, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


def make_document(text: str, media_type: str, encoding: str | None) -> Document:
    """A Document of a decoded text without grids."""
    flat = text
    for character in _RARE_BREAKS:
        if character in flat:
            flat = flat.replace(character, "\n")
    if "\r" in flat:
        flat = _LONE_RETURN.sub("\n", flat)
    return Document(text, flat, media_type, encoding)
