"""What a file is, by its content, and its text.

Belongs here: telling text from binary formats and decoding it, or saying why not. Does not belong here: what it says.
This version reads text in UTF-8 (and UTF-16 with a byte order mark); other formats and encodings are refused by name.
"""

import codecs

from pipeline.read.document import Document, make_document

_MAGIC = (
    (b"%PDF", "application/pdf", "a PDF file"),
    (b"PK\x03\x04", "application/zip", "a DOCX or other ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", "an old Word (DOC or WPS) file"),
    (b"{\\rtf", "application/rtf", "an RTF file"),
    (b"\x89PNG", "image/png", "a picture"),
    (b"\xff\xd8\xff", "image/jpeg", "a picture"),
    (b"GIF8", "image/gif", "a picture"),
    (b"\x1f\x8b", "application/gzip", "a gzip archive"),
    (b"Rar!", "application/vnd.rar", "a RAR archive"),
    (b"7z\xbc\xaf", "application/x-7z-compressed", "a 7-Zip archive"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<div", b"<head", b"<body")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\v\f\x1b"))
MAX_CONTROL_SHARE = 0.01


class UnreadableError(Exception):
    """A file that cannot be turned into text; the message is the reason, `media_type` what it was found to be."""

    def __init__(self, reason: str, media_type: str | None = None) -> None:
        super().__init__(reason)
        self.media_type = media_type


def decode(data: bytes) -> Document:
    """The text of a file. Raises UnreadableError with a reason that says what is wrong and what to do."""
    if not data.strip(b"\x00 \t\r\n\v\f\xef\xbb\xbf"):
        raise UnreadableError("empty file: it has no text" if not data else "blank file: it has no words")
    for magic, media_type, words in _MAGIC:
        if data.startswith(magic):
            raise UnreadableError(f"{words}: this version reads plain text only, convert it to UTF-8 text", media_type)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _document(data[len(mark) :], encoding)
    if data[:512].lstrip().lower().startswith(_HTML):
        raise UnreadableError("an HTML page: this version reads plain text only, convert it to UTF-8 text", "text/html")
    if b"\x00" in data[:4096] or _control_share(data) > MAX_CONTROL_SHARE:
        raise UnreadableError("binary file of no known kind: it holds no text", "application/octet-stream")
    return _document(data, "utf-8")


def _control_share(data: bytes) -> float:
    head = data[:65_536]
    return (len(head) - len(head.translate(None, _CONTROL))) / len(head)


def _document(data: bytes, encoding: str) -> Document:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"text in no encoding this version reads: not {encoding.upper()} at byte {error.start}, save it as UTF-8",
            "text/plain",
        ) from None
    return make_document(text, "text/plain", encoding)
