"""What antiword prints of an old Word file, as DocBook: paragraphs and tables.

Belongs here: turning that into a Document. Does not belong here: running antiword (office.py).
"""

from lxml import etree

from pipeline.read.compose import Composer, Drawn, place_cells
from pipeline.read.document import Document
from pipeline.settings import Limits

Element = etree._Element

_LINES = frozenset({"para", "title", "listitem", "row", "entry"})


def read_docbook(data: bytes, limits: Limits, media_type: str) -> Document | None:
    """The Document, None if there are no words. DocBook of antiword has no merged cells: each entry is one."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    composer = Composer(limits)
    walk = etree.iterwalk(root, events=("start",))
    for _, node in walk:
        if node.tag == "informaltable" or node.tag == "table":
            rows = [[Drawn(_words(entry)) for entry in row.iterfind("entry")] for row in node.iter("row")]
            composer.grid(place_cells(rows, limits))
            walk.skip_subtree()
        elif node.tag in ("para", "title"):
            composer.paragraph(_words(node))
            walk.skip_subtree()
    return None if composer.is_empty else composer.document(media_type, None, {})


def _words(element: Element) -> str:
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag in _LINES:
                pieces.append("\n")
            pieces.append(" ".join((node.text or "").split("\n")) if node.tag != "literallayout" else node.text or "")
        elif node is not element:
            pieces.append(" ".join((node.tail or "").split("\n")))
    return "\n".join(line.strip(" ") for line in "".join(pieces).split("\n") if line.strip())
