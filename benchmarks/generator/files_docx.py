"""Reports as Word documents: the XML written by hand, so that merged cells, tracked changes and numbering are as meant.

Here belongs writing DOCX only.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from random import Random
from xml.sax.saxutils import escape

from benchmarks.generator.draft import Draft
from benchmarks.generator.files import FileGrid, GridCell, grid_of

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/numbering.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
_NUMBERING = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:numbering {_W}><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_ORDINALS = "一二三四五六七八九"


def write_docx(draft: Draft, rng: Random) -> bytes:
    """The bytes of a Word document."""
    numbers = rng.random() < 0.5 and _is_numbered(draft)
    tracks = rng.random() < 0.3
    body = ""
    for block in draft.blocks:
        if block.tables:
            grids = [block.tables] if rng.random() < 0.5 else [[table] for table in block.tables]
            body += "<w:p/>".join(_table(grid_of(tables), rng, tracks) for tables in grids)
        elif numbers and block.is_heading and block.text[1:2] == "、":
            properties = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            body += f"<w:p>{properties}{_run(block.text[2:])}</w:p>"
        else:
            body += f"<w:p>{_run(block.text)}</w:p>"
    document = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {_W}><w:body>{body}<w:sectPr/></w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="word/document.xml"),
        "word/_rels/document.xml.rels": _RELATIONS.format(kind="numbering", target="numbering.xml"),
        "word/document.xml": document,
        "word/numbering.xml": _NUMBERING,
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 1, 20, 0, 0, 0)), text.encode("utf-8"))
    return buffer.getvalue()


def _is_numbered(draft: Draft) -> bool:
    """Whether the headings count 一、 二、 三、 without a gap, so that Word's own numbering gives the same."""
    headings = [block.text[0] for block in draft.blocks if block.is_heading and block.text[1:2] == "、"]
    return "".join(headings) == _ORDINALS[: len(headings)]


def _table(grid: FileGrid, rng: Random, tracks: bool) -> str:
    open_below: list[tuple[int, GridCell]] = []  # (last row, cell) of merged cells
    rows = ""
    for number, cells in enumerate(grid.rows):
        drawn = [(cell.column, cell, False) for cell in cells]
        drawn += [(cell.column, cell, True) for last, cell in open_below if number <= last]
        rows += (
            "<w:tr>"
            + "".join(_cell(cell, goes_on, rng, tracks) for _, cell, goes_on in sorted(drawn, key=lambda d: d[0]))
            + "</w:tr>"
        )
        open_below = [(last, cell) for last, cell in open_below if last > number]
        open_below += [(cell.row + cell.rowspan - 1, cell) for cell in cells if cell.rowspan > 1]
    columns = '<w:gridCol w:w="900"/>' * grid.width
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'


def _cell(cell: GridCell, goes_on: bool, rng: Random, tracks: bool) -> str:
    facts = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    if cell.rowspan > 1:
        facts += "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>'
    words = "" if goes_on else cell.text
    if tracks and cell.is_value and words.isdigit() and rng.random() < 0.2:
        old = f'<w:del w:id="1" w:author="a"><w:r><w:delText>{rng.randint(100, 999)}</w:delText></w:r></w:del>'
        return (
            f'<w:tc><w:tcPr>{facts}</w:tcPr><w:p>{old}<w:ins w:id="2" w:author="a">{_run(words)}</w:ins></w:p></w:tc>'
        )
    return f"<w:tc><w:tcPr>{facts}</w:tcPr><w:p>{_run(words)}</w:p></w:tc>"


def _run(text: str) -> str:
    if not text:
        return ""
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{words}</w:r>"
