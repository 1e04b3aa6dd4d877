"""What a file is, by its content, and the reader that turns it into a Document.

Belongs here: telling formats apart by their first bytes (a `.doc` may be a web page, a `.txt` too). Does not belong
here: the formats (each has its module, imported when the first such file comes), encodings (encodings.py).
"""

import re
from collections.abc import Callable
from itertools import islice

from pipeline.read.document import Document, make_document
from pipeline.read.encodings import decode_text
from pipeline.read.office import Converted, office_format, read_office
from pipeline.read.refusal import UnreadableError, over_limit
from pipeline.settings import Limits

__all__ = ["UnreadableError", "decode"]

_REFUSED = (
    (b"\x89PNG", "image/png", "a picture"),
    (b"\xff\xd8\xff", "image/jpeg", "a picture"),
    (b"GIF8", "image/gif", "a picture"),
    (b"BM", "image/bmp", "a picture"),
    (b"II*\x00", "image/tiff", "a picture"),
    (b"MM\x00*", "image/tiff", "a picture"),
    (b"\x1f\x8b", "application/gzip", "a gzip archive"),
    (b"Rar!", "application/vnd.rar", "a RAR archive"),
    (b"7z\xbc\xaf", "application/x-7z-compressed", "a 7-Zip archive"),
)
_MAGIC = tuple(magic for magic, _, _ in _REFUSED)
_PDF, _ZIP = b"%PDF", b"PK\x03\x04"
_PAGE = re.compile(r"<!doctype html|<(?:html|body)\b[^<>]{0,2000}>", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;/(?:table|td|tr|p|div)&gt;", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|t[dhr]|table|tbody|span|font|strong|meta|li|ul|a|br|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\v\f\x1b"))
MAX_CONTROL_SHARE = 0.01
PDF_HEAD = 1_024
HEAD = 8_192
"""Of so many bytes the share of control characters is taken: what is binary shows it at once."""
MIN_TAGS = 3
MAX_TAGS_COUNTED = 20_000
_DEFAULT = Limits()


def decode(data: bytes, limits: Limits = _DEFAULT, converted: Converted | None = None) -> Document:
    """The report's text and grids. Raises UnreadableError with a reason that says what is wrong and what to do.

    `converted`: an old Word file that was converted before (office.py); without it, it is converted now.
    """
    if not data.strip(b"\x00 \t\r\n\v\f\xef\xbb\xbf"):
        raise UnreadableError("empty file: it has no text" if not data else "blank file: it has no words")
    office = office_format(data)
    if office is not None:
        return read_office(data, limits, office, converted)
    reader = _reader(data)
    if reader is not None:
        return reader(data, limits)
    if len(data) > limits.max_text_bytes:
        raise over_limit("a longer text", "GONGKAI_MAX_TEXT_BYTES", limits.max_text_bytes, len(data))
    if b"\x00" not in data[:4_096] and _control_share(data) > MAX_CONTROL_SHARE:
        raise UnreadableError("binary file of no known kind: it holds no text", "application/octet-stream")
    text, encoding = decode_text(data)
    if ("<" in text or "&lt;" in text) and _is_html(text):
        from pipeline.read.html import read_html

        return read_html(text, encoding, limits)
    if len(text) > limits.max_cells and (cells := max(text.count("\t"), text.count("|"))) > limits.max_cells:
        raise over_limit("more cells", "GONGKAI_MAX_CELLS", limits.max_cells, cells)
    return make_document(text, "text/plain", encoding)


def _reader(data: bytes) -> Callable[[bytes, Limits], Document] | None:
    """The reader of a binary format; None for text. Raises UnreadableError for formats that hold no text."""
    for magic, media_type, words in _REFUSED if data.startswith(_MAGIC) else ():
        if data.startswith(magic) and (magic != b"BM" or b"\x00" in data[:64]):
            raise UnreadableError(f"{words}: it holds no text that can be read", media_type)
    if _PDF in data[:PDF_HEAD] and (data.startswith(_PDF) or b"\nendobj" in data or b"\rendobj" in data):
        from pipeline.read.pdf import read_pdf

        return read_pdf
    if data.startswith(_ZIP):
        from pipeline.read.docx import read_docx

        return read_docx
    return None


def _is_html(text: str) -> bool:
    """Whether a text is a page or a piece of one. Tags that stand here and there among lines of a text make none."""
    if _PAGE.search(text) or _ESCAPED.search(text):
        return True
    tags = sum(1 for _ in islice(_TAG.finditer(text), MAX_TAGS_COUNTED))
    return tags >= MIN_TAGS and (tags == MAX_TAGS_COUNTED or tags >= text.count("\n"))


def _control_share(data: bytes) -> float:
    head = data[:HEAD]
    return (len(head) - len(head.translate(None, _CONTROL))) / len(head)
