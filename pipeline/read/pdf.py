"""PDF files with a text layer: paragraphs and tables in reading order.

Belongs here: the pages of a file, putting lines and tables in order, paragraphs from lines, tables that go on over pages,
what is printed around the text. Does not belong here: the cells of one table (pdf_cells.py).

A page says where each character stands, nothing else; lines, cells and paragraphs are found by their places. A scan has
no characters: it is set aside, since what a picture shows would have to be guessed.
"""

import logging
import re
from io import BytesIO
from statistics import quantiles
from typing import Any, NamedTuple

from pipeline.read.compose import Composer, Placed
from pipeline.read.document import Document
from pipeline.read.pdf_cells import Character, Line, PageTable, find_tables, lines_of, readable
from pipeline.read.refusal import UnreadableError, over_limit
from pipeline.settings import Limits

MEDIA_TYPE = "application/pdf"
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—―─－·.]*\s*\d{1,4}\s*[-–—―─－·.]*|第\s*\d+\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3}|[ivxIVX]{1,5})\s*"
)
_NO_CHARACTER = re.compile(r"\(cid:\d+\)|\ufffd")
_LATIN = re.compile(r"[0-9A-Za-z]")
MARGIN_SHARE = 0.12
"""How much of a page's height at its top and bottom may hold a page number or a running title."""
MIN_PAGES_REPEATED = 3
MAX_NO_CHARACTERS = 0.1
NEAR = 6.0
"""Points by which the edges of a table's parts on two pages may differ."""


class Page(NamedTuple):
    """What one page holds: lines and tables from its top down, and whether it has a picture."""

    number: int
    height: float
    items: list[Line | PageTable]
    characters: int
    unknown: int
    has_picture: bool


def read_pdf(data: bytes, limits: Limits) -> Document:
    """The Document of a PDF. Raises UnreadableError for scans, locked and broken files, and past a limit."""
    pages = _pages(data, limits)
    characters = sum(page.characters for page in pages)
    unknown = sum(page.unknown for page in pages)
    if not characters:
        words = "a scan without a text layer: its pages are pictures, recognise their text (OCR) first"
        if not any(page.has_picture for page in pages):
            words = "a PDF file without words: nothing is printed on its pages"
        raise UnreadableError(words, MEDIA_TYPE)
    if unknown > MAX_NO_CHARACTERS * characters:
        raise UnreadableError(
            "a PDF file whose fonts do not say which characters they print: recognise its text (OCR) first", MEDIA_TYPE
        )
    composer = Composer(limits)
    _Writer(composer, _without_furniture(pages)).write()
    return composer.document(MEDIA_TYPE, None, {})


def _pages(data: bytes, limits: Limits) -> list[Page]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what is odd in a file is no news for the terminal
    cells = 0
    pages: list[Page] = []
    try:
        with pdfplumber.open(BytesIO(data)) as file:
            for number, page in enumerate(_first_pages(file, limits), 1):
                found = _page(number, page, limits)
                cells += sum(len(item.cells) for item in found.items if isinstance(item, PageTable))
                if cells > limits.max_cells:
                    raise over_limit("more cells", "GONGKAI_MAX_CELLS", limits.max_cells, cells)
                pages.append(found)
                page.close()
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # pdfminer raises whatever a broken file leads it to
        locked = isinstance(error, PDFPasswordIncorrect) or "PDFPasswordIncorrect" in repr(error)
        words = "a PDF file that is locked with a password: save it without" if locked else _broken(error)
        raise UnreadableError(words, MEDIA_TYPE) from None
    if not pages:
        raise UnreadableError("a PDF file without pages: it is broken or cut off", MEDIA_TYPE)
    return pages


def _broken(error: Exception) -> str:
    words = " ".join(str(error).split())[:80] or error.__class__.__name__
    return f"a PDF file that is broken: {words}"


def _first_pages(file: Any, limits: Limits) -> list[Any]:
    """The pages, counted before they are looked at: a page tree may lead round in circles."""
    from pdfminer.pdfpage import PDFPage

    for count, _ in enumerate(PDFPage.create_pages(file.doc), 1):
        if count > limits.max_pages:
            raise over_limit("more pages", "GONGKAI_MAX_PAGES", limits.max_pages)
    return list(file.pages)


def _page(number: int, page: Any, limits: Limits) -> Page:
    characters = readable(page.chars, page.bbox)
    tables = find_tables(page, limits.max_cells)
    if tables is None:
        raise over_limit("more cells", "GONGKAI_MAX_CELLS", limits.max_cells)
    outside: list[Character] = []
    for character in characters:
        table = next((table for table in tables if table.take(character)), None)
        if table is None:
            outside.append(character)
    items: list[Line | PageTable] = [*lines_of(outside), *tables]
    items.sort(key=lambda item: (item.top, item.x0))
    unknown = sum(1 for character in characters if _NO_CHARACTER.fullmatch(character.text))
    return Page(number, float(page.height), items, len(characters), unknown, bool(page.images))


# -- what is printed around the text -----------------------------------------------------------------------------------


def _without_furniture(pages: list[Page]) -> list[Page]:
    """The pages without page numbers and running titles at their edges (field.md §6.2 no. 8)."""
    edges: dict[str, int] = {}
    for page in pages:
        for words in {item.text for item in page.items if isinstance(item, Line) and _is_at_edge(item, page)}:
            edges[words] = edges.get(words, 0) + 1
    repeated = {words for words, count in edges.items() if count >= MIN_PAGES_REPEATED and 2 * count >= len(pages)}
    kept = []
    for page in pages:
        items = [
            item
            for item in page.items
            if not (isinstance(item, Line) and item.text in repeated and _is_at_edge(item, page))
        ]
        for end in (0, -1):
            if items and _is_page_number(items[end], page):
                items.pop(end)
        kept.append(page._replace(items=items))
    return kept


def _is_at_edge(line: Line, page: Page) -> bool:
    return line.bottom < MARGIN_SHARE * page.height or line.top > (1 - MARGIN_SHARE) * page.height


def _is_page_number(item: Line | PageTable, page: Page) -> bool:
    return isinstance(item, Line) and _is_at_edge(item, page) and _PAGE_NUMBER.fullmatch(item.text) is not None


# -- the document ------------------------------------------------------------------------------------------------------


class _Writer:
    """Writes pages into a composer: lines become paragraphs, parts of a table one grid."""

    def __init__(self, composer: Composer, pages: list[Page]) -> None:
        self.composer = composer
        self.pages = pages
        lines = [item for page in pages for item in page.items if isinstance(item, Line)]
        self.right = quantiles([line.x1 for line in lines], n=20)[-1] if len(lines) > 1 else 0.0
        self.left = quantiles([line.x0 for line in lines], n=20)[0] if len(lines) > 1 else 0.0
        self.paragraph = ""
        self.last: Line | None = None
        self.rows: list[list[Placed]] = []
        self.table: PageTable | None = None

    def write(self) -> None:
        for page in self.pages:
            for place, item in enumerate(page.items):
                if isinstance(item, Line):
                    self.end_table()
                    self.line(item)
                else:
                    self.end_paragraph()
                    if self.table is not None and (place or not _goes_on(self.table, item)):
                        self.end_table()
                    self.rows += item.rows(page.number)
                    self.table = item
        self.end_paragraph()
        self.end_table()

    def line(self, line: Line) -> None:
        """A line goes on with the paragraph if the one before was full and this one is not set in."""
        last = self.last
        full = last is not None and last.x1 > self.right - 1.5 * last.size
        if not (full and line.x0 < self.left + 0.9 * line.size):
            self.end_paragraph()
        between = " " if _LATIN.match(self.paragraph[-1:]) and _LATIN.match(line.text) else ""
        self.paragraph += between + line.text
        self.last = line

    def end_paragraph(self) -> None:
        self.composer.paragraph(self.paragraph)
        self.paragraph, self.last = "", None

    def end_table(self) -> None:
        if self.table is not None and any(placed.cell.text.strip() for row in self.rows for placed in row):
            self.composer.grid(self.rows)
        self.rows, self.table = [], None


def _goes_on(table: PageTable, item: PageTable) -> bool:
    """Whether the first table of a page is the rest of the last one of the page before: as wide, at the same place."""
    return abs(table.x0 - item.x0) <= NEAR and abs(table.x1 - item.x1) <= NEAR
