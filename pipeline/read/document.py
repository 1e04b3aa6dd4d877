"""A report's decoded text, the common ground of all later steps.

Belongs here: the record itself. Does not belong here: decoding (decode.py) or anything that interprets words.
"""

import re
from dataclasses import dataclass

_RARE_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LONE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Document:
    """Text as decoded, every character of it. All spans anywhere count its code points from 0, ends exclusive.

    `flat` is the same text, same length, with every rare line break (form feed, lone CR …) as a line feed.
    """

    text: str
    flat: str
    media_type: str
    encoding: str


def make_document(text: str, media_type: str, encoding: str) -> Document:
    """A Document of a decoded text."""
    flat = text
    for character in _RARE_BREAKS:
        if character in flat:
            flat = flat.replace(character, "\n")
    if "\r" in flat:
        flat = _LONE_RETURN.sub("\n", flat)
    return Document(text, flat, media_type, encoding)
