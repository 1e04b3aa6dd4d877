"""A text cut where the words of facts begin and end.

Belongs here: from spans, which may overlap, touch or be empty, to pieces that tile the text. Does not belong here: HTML.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Mark(NamedTuple):
    """The words of one fact: 0-based, half-open, in code points of the text; empty for a blank cell."""

    key: str
    start: int
    end: int


class Piece(NamedTuple):
    """A stretch of text: the facts whose words it is part of, and those whose words begin with it."""

    words: str
    keys: tuple[str, ...]
    begins: tuple[str, ...]


def cut(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """Pieces that joined are the text. A mark without words gives a piece without words at its place.

    Marks that lie outside the text are left out.
    """
    inside = [mark for mark in marks if 0 <= mark.start <= mark.end <= len(text)]
    empty: dict[int, list[str]] = {}
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for mark in inside:
        if mark.start == mark.end:
            empty.setdefault(mark.start, []).append(mark.key)
        else:
            opening.setdefault(mark.start, []).append(mark.key)
            closing.setdefault(mark.end, []).append(mark.key)
    places = sorted({0, len(text), *empty, *opening, *closing})
    pieces: list[Piece] = []
    current: dict[str, None] = {}
    for position, place in enumerate(places):
        for key in closing.get(place, ()):
            del current[key]
        for key in empty.get(place, ()):
            pieces.append(Piece("", (key,), (key,)))
        begins = tuple(opening.get(place, ()))
        current.update(dict.fromkeys(begins))
        if position + 1 < len(places):
            pieces.append(Piece(text[place : places[position + 1]], tuple(current), begins))
    return pieces
