"""DOCX: the document part of the ZIP archive as paragraphs and grids.

Belongs here: unpacking within limits, what of a Word document is printed (tracked changes as accepted, text boxes, merged
cells). Does not belong here: numbers that Word writes in front of headings (docx_numbering.py), old Word files
(office.py).

Only the parts that are needed are unpacked, and never to disk. XML that declares entities is refused: no Word file does.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, TypeAlias

from lxml import etree

from pipeline.read.compose import Composer, Drawn, Placed
from pipeline.read.document import Document
from pipeline.read.docx_numbering import Numbering
from pipeline.read.refusal import UnreadableError, over_limit
from pipeline.settings import Limits

Element: TypeAlias = Any  # lxml has no types of its own

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DELETED = frozenset({f"{W}del", f"{W}moveFrom", f"{_ALTERNATIVES}Fallback", f"{W}instrText", f"{W}delText"})
_DOCUMENT = "word/document.xml"
_OTHERS = (
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook: save the report as DOCX or PDF"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "a presentation: save the report as DOCX or PDF"),
    ("OFD.xml", "application/ofd", "an OFD file: save the report as PDF"),
    ("content.xml", "application/vnd.oasis.opendocument", "an OpenDocument file: save the report as DOCX or PDF"),
)  # fmt: skip
MAX_PARTS = 10_000
MAX_DEPTH = 256
"""What the XML parser takes; documents are some fifty deep."""


def read_docx(data: bytes, limits: Limits) -> Document:
    """The Document of a DOCX file. Raises UnreadableError for other or broken archives and past a limit."""
    parts = _parts(data, limits)
    body = parts[_DOCUMENT].find(f"{W}body")
    if body is None:
        raise UnreadableError("a DOCX file without a body: it holds no text", MEDIA_TYPE)
    composer = Composer(limits)
    reader = _Reader(composer, Numbering(parts.get("word/numbering.xml"), parts.get("word/styles.xml")))
    reader.blocks(body)
    if composer.is_empty:
        raise UnreadableError("a DOCX file without words: its text may be a picture", MEDIA_TYPE)
    return composer.document(MEDIA_TYPE, "utf-8", {})


def _parts(data: bytes, limits: Limits) -> dict[str, Element]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if _DOCUMENT not in names:
                raise _no_document(names)
            if len(names) > MAX_PARTS:
                raise UnreadableError(f"a DOCX file of {len(names):,} parts: no report has so many", MEDIA_TYPE)
            expanded = sum(part.file_size for part in archive.infolist())
            if expanded > limits.max_expanded_bytes:
                raise over_limit("unpacks to more", "GONGKAI_MAX_EXPANDED_BYTES", limits.max_expanded_bytes, expanded)
            wanted = [name for name in (_DOCUMENT, "word/numbering.xml", "word/styles.xml") if name in names]
            return {name: _xml(_unpacked(archive, name, limits), limits) for name in wanted}
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        zlib.error,
    ) as error:
        raise UnreadableError(
            f"a DOCX or other ZIP file that is broken or locked: {error}", "application/zip"
        ) from None


def _no_document(names: list[str]) -> UnreadableError:
    for part, media_type, words in _OTHERS:
        if part in names:
            return UnreadableError(words, media_type)
    return UnreadableError(
        "a ZIP archive that is no DOCX file: unpack it, its files are read one by one", "application/zip"
    )


def _unpacked(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """A part's bytes, however large its entry says that it is."""
    with archive.open(name) as part:
        data = part.read(limits.max_expanded_bytes + 1)
    if len(data) > limits.max_expanded_bytes:
        raise over_limit("unpacks to more", "GONGKAI_MAX_EXPANDED_BYTES", limits.max_expanded_bytes)
    return data


def _xml(data: bytes, limits: Limits) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableError("a DOCX file whose XML declares entities: no Word program writes that", MEDIA_TYPE)
    try:
        root = etree.fromstring(data.replace(_STRICT, _TRANSITIONAL), parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise over_limit(
                "elements nested deeper", "GONGKAI_MAX_NESTING", min(limits.max_nesting, MAX_DEPTH)
            ) from None
        raise UnreadableError(f"a DOCX file whose XML is broken: {error}", MEDIA_TYPE) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("a DOCX file whose XML declares entities: no Word program writes that", MEDIA_TYPE)
    return root


class _Reader:
    """Writes a document's blocks into a composer."""

    def __init__(self, composer: Composer, numbering: Numbering) -> None:
        self.composer = composer
        self.numbering = numbering

    def blocks(self, container: Element) -> None:
        carried = ""
        for block in _blocks(container):
            if block.tag == f"{W}tbl":
                self.table(block)
                continue
            words = carried + self.paragraph(block)
            carried = words if _runs_on(block) else ""
            if not carried:
                self.composer.paragraph(words)
        self.composer.paragraph(carried)

    def paragraph(self, paragraph: Element) -> str:
        """A paragraph's words with the number that Word writes before them; text boxes in it on lines of their own."""
        words: list[str] = []
        boxes: list[str] = []
        self._collect(paragraph, words, boxes)
        own = "".join(words)
        number = self.numbering.number(paragraph)
        return "\n".join([number + own if own.strip() or not boxes else own, *boxes])

    def _collect(self, element: Element, words: list[str], boxes: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in _DELETED or not isinstance(tag, str):
                continue
            if tag == f"{W}t":
                words.append(child.text or "")
            elif tag in (f"{W}br", f"{W}cr"):
                words.append("\n")
            elif tag == f"{W}tab":
                words.append(" ")
            elif tag == f"{W}noBreakHyphen":
                words.append("-")
            elif tag == f"{W}txbxContent":
                boxes.append(self.words(child))
            elif tag in (f"{W}pPr", f"{W}rPr"):
                continue
            elif tag != f"{W}r" or not _is_hidden(child):
                self._collect(child, words, boxes)

    def words(self, container: Element) -> str:
        """All words of a cell or a text box, a line for each paragraph; of tables in it, one for each cell."""
        lines = []
        for block in _blocks(container):
            if block.tag == f"{W}tbl":
                lines += [self.words(cell) for row in _children(block, f"{W}tr") for cell in _children(row, f"{W}tc")]
            else:
                lines.append(self.paragraph(block))
        return "\n".join(line for line in lines if line.strip())

    def table(self, table: Element) -> None:
        self.composer.table(self.rows(table), lambda cell: any(b.tag == f"{W}tbl" for b in _blocks(cell)), self.blocks)

    def rows(self, table: Element) -> list[list[Placed]]:
        """The cells of each row where they begin; a cell that goes on from above is part of the one that it goes on."""
        rows: list[list[Placed]] = []
        above: dict[int, tuple[int, int]] = {}  # column → row and place in it of the cell that may go on there
        for row in _children(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            column = _number(properties, "gridBefore", 0)
            cells: list[Placed] = []
            begun: dict[int, tuple[int, int]] = {}
            for cell in _children(row, f"{W}tc"):
                facts = cell.find(f"{W}tcPr")
                span = max(_number(facts, "gridSpan", 1), 1)
                merge = facts.find(f"{W}vMerge") if facts is not None else None
                goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
                if goes_on and column in above:
                    begun[column] = above[column]
                    at, place = above[column]
                    first = rows[at][place]
                    rows[at][place] = first._replace(cell=first.cell._replace(rowspan=len(rows) - at + 1))
                elif _goes_on_left(facts) and cells:
                    last = cells[-1]
                    cells[-1] = last._replace(cell=last.cell._replace(colspan=last.cell.colspan + span))
                else:
                    if merge is not None:
                        begun[column] = len(rows), len(cells)
                    cells.append(Placed(column, Drawn(self.words(cell), 1, span, source=cell)))
                column += span
            rows.append(cells)
            above = begun
        return rows


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables of a container, also those in content controls and accepted insertions."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DELETED:
            yield from _blocks(child)


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells, also those in content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from _children(child, tag)


def _is_hidden(run: Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val", "true") not in ("0", "false", "off")


def _runs_on(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted: what follows belongs to it."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _goes_on_left(facts: Element | None) -> bool:
    merge = facts.find(f"{W}hMerge") if facts is not None else None
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _number(properties: Element | None, name: str, otherwise: int) -> int:
    found = properties.find(f"{W}{name}") if properties is not None else None
    words = found.get(f"{W}val", "") if found is not None else ""
    return min(int(words), 1_000) if words.isdecimal() else otherwise
