"""Web pages, and pieces of them: paragraphs and tables in reading order.

Belongs here: from a decoded page to a Document: the tree, its blocks of text, which tables are grids and which only lay
out the page. Does not belong here: encodings (encodings.py), navigation and the site's box (html_furniture.py).

Nothing of a page is looked up by the name of a site or of a style: what is not furniture stays. Scripts are not run,
nothing is loaded, entities beyond HTML's own are not known to the parser.
"""

import html as entities
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from pipeline.read.compose import MAX_COLSPAN, MAX_ROWSPAN, Composer, Drawn, place_cells
from pipeline.read.document import Document
from pipeline.read.html_furniture import box_pairs, drop_furniture, is_box, is_title, page_evidence, without_navigation
from pipeline.read.refusal import UnreadableError, over_limit
from pipeline.settings import Limits

Element: TypeAlias = Any  # lxml has no types of its own

MEDIA_TYPE = "text/html"
_ESCAPED_QUOTE = re.compile(r"=\s*\\[\"']")
_PLAIN_QUOTE = re.compile(r"=\s*[\"']")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\n", "t": " ", "b": " ", "f": " "}
_ESCAPED_TAGS = re.compile(r"&lt;/(?:p|td|tr|table|div)&gt;", re.IGNORECASE)
_TAGS = re.compile(r"</(?:p|td|tr|table|div)>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BLANKS_IN_LINE = re.compile(r"[ \t\r\f]+")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SPAN = re.compile(r"\s*(\d{1,6})")


def read_html(text: str, encoding: str, limits: Limits) -> Document:
    """The Document of a page or a piece of one. Raises UnreadableError if it has no words or passes a limit."""
    root = _tree(_unescaped(text), limits)
    evidence = page_evidence(root)
    drop_furniture(root)
    composer = Composer(limits)
    page = _Page(composer, limits, evidence)
    page.blocks(root)
    if composer.is_empty:
        raise UnreadableError("a web page without words: its text is a picture, or is loaded by a script", MEDIA_TYPE)
    return composer.document(MEDIA_TYPE, encoding, evidence)


def _unescaped(text: str) -> str:
    r"""A page that is the value of a script's variable (<td class=\"a\">…<\/td>) or that was escaped as a whole."""
    if len(_ESCAPED_QUOTE.findall(text)) > len(_PLAIN_QUOTE.findall(text)) or "<\\/td>" in text or "<\\/p>" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPES.get(match[2], match[2]), text)
    if len(_ESCAPED_TAGS.findall(text)) > len(_TAGS.findall(text)):
        text = entities.unescape(text)
    return text


def _tree(text: str, limits: Limits) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        # The bytes are UTF-8 whatever the page declares; characters that XML cannot hold are no words.
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"a web page that cannot be read: {error.__class__.__name__}", MEDIA_TYPE) from None
    if root is None:
        raise UnreadableError("a web page without words", MEDIA_TYPE)
    cells = int(root.xpath("count(//td)+count(//th)"))
    if cells > limits.max_cells:
        raise over_limit("more cells", "GONGKAI_MAX_CELLS", limits.max_cells, cells)
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.max_nesting:
            raise over_limit("elements nested deeper", "GONGKAI_MAX_NESTING", limits.max_nesting)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise over_limit("elements nested deeper", "GONGKAI_MAX_NESTING", limits.max_nesting)
    return root


class _Page:
    """Writes a tree's blocks into a composer."""

    def __init__(self, composer: Composer, limits: Limits, evidence: dict[str, str]) -> None:
        self.composer = composer
        self.limits = limits
        self.evidence = evidence

    def blocks(self, element: Element) -> None:
        for part in _flow(element):
            if isinstance(part, str):
                self.text(part)
            else:
                self.table(part)

    def text(self, words: str) -> None:
        lines = without_navigation([line.strip(" ") for line in words.split("\n")])
        for line in lines:
            for name, value in box_pairs(line):
                self.evidence.setdefault(name, value)
            self.composer.paragraph(line)

    def box_row(self, words: str) -> None:
        """A row of the site's box. The name of the page is evidence only: as a line it would be a second title."""
        for line in words.split("\n"):
            names = [
                name for name, value in box_pairs(line) if is_title(name) and self.evidence.setdefault(name, value)
            ]
            if not names:
                self.text(line)

    def table(self, table: Element) -> None:
        caption = table.find("caption")
        if caption is not None:
            self.text(cell_text(caption))
        rows = place_cells([[_drawn(cell) for cell in row] for row in _rows(table)], self.limits)
        if is_box([[placed.cell.text for placed in row] for row in rows]):
            for row in rows:
                self.box_row(_box_line([placed.cell.text for placed in row]))
            return
        self.composer.table(rows, lambda cell: cell.find(".//table") is not None, self.blocks)


def _box_line(cells: list[str]) -> str:
    """A row of the site's box (索引号 | 000/2020-1 | 发布日期 | 2020-01-20) as lines of name and value."""
    words = [cell.strip() for cell in cells if cell.strip()]
    lines = []
    while words:
        name = words.pop(0)
        if words and ("：" not in name.rstrip("：") and ":" not in name.rstrip(":")):
            name = f"{name.rstrip('：: ')}：{words.pop(0)}"
        lines.append(name)
    return "\n".join(lines)


def _rows(table: Element) -> list[list[Element]]:
    """The cells of each row of a table, without those of tables inside it."""
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("tbody", "thead", "tfoot"):
            rows += [row for row in child if row.tag == "tr"]
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]


def _drawn(cell: Element) -> Drawn:
    return Drawn(cell_text(cell), _span(cell, "rowspan", MAX_ROWSPAN), _span(cell, "colspan", MAX_COLSPAN), source=cell)


def _span(cell: Element, name: str, most: int) -> int:
    match = _SPAN.match(cell.get(name) or "1")
    return min(max(int(match[1]), 1), most) if match else 1


def cell_text(element: Element) -> str:
    """All words of an element, a line for each of its blocks."""
    lines = []
    for part in _flow(element):
        words = part if isinstance(part, str) else cell_text(part)
        lines += [line.strip(" ") for line in words.split("\n")]
    return "\n".join(line for line in lines if line)


def _flow(element: Element) -> Iterator[str | Element]:
    """An element's text, cut where a block begins or ends, and the tables in it, in order."""
    words: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    preformatted = 0
    for event, node in walk:
        tag = node.tag
        if not isinstance(tag, str):  # what the parser kept of entities and the like
            continue
        if event == "start":
            if tag == "table" and node is not element:
                yield from _text(words)
                yield node
                walk.skip_subtree()
                continue
            preformatted += tag == "pre"
            if tag in _BLOCKS or tag == "br":
                words.append("\n")
            if node.text:
                words.append(_spaced(node.text, preformatted))
        else:
            preformatted -= tag == "pre"
            if tag in _BLOCKS:
                words.append("\n")
            if node.tail and node is not element:
                words.append(_spaced(node.tail, preformatted))
    yield from _text(words)


def _spaced(text: str, preformatted: int) -> str:
    return text if preformatted else _BLANKS.sub(" ", text)


def _text(words: list[str]) -> Iterator[str]:
    text = "".join(words)
    words.clear()
    if text.strip():
        yield text
