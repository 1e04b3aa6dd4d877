"""Which figures of the prose are parts of which total: 2502 = 1148+40+88+4+884+196+142.

Belongs here: finding the total of every part. Does not belong here: whether the sum holds (check/prose.py).

A list of parts begins with 其中, 包括 or a colon after a total. It ends at a semicolon, unless the figures behind the
semicolon, or in the next sentence, complete the sum exactly.
"""

from typing import NamedTuple

# Figures that stand after a list but are no part of it: 收到30件，其中网络12件，办结28件.
_OWN_FIGURES = frozenset(
    [
        "applications_received", "applications_handled", "applications_carried_forward", "applications_carried_over",
        "inquiries_received", "inquiries_answered", "normative_documents_repealed", "normative_documents_in_force",
        "reviews", "lawsuits", "meetings", "training_sessions", "training_participants", "press_conferences",
    ]
)  # fmt: skip
_LOOK_BACK = 3


class Item(NamedTuple):
    """A figure as far as sums need it. `sentence` numbers sentences through the report."""

    value: int
    unit: str | None
    metric_key: str | None
    sentence: int
    section: int
    joint: str
    countable: bool


def find_parents(items: list[Item]) -> list[int | None]:
    """For every figure the place of the total that it is a part of, else None."""
    parents: list[int | None] = [None] * len(items)
    done = 0
    for place, (_, _, _, _, _, joint, countable) in enumerate(items):
        if joint == "opens" and countable and place >= done:
            done = _link(items, parents, place)
    return parents


def _link(items: list[Item], parents: list[int | None], first: int) -> int:
    """Links one list that begins at `first`; returns where it ends."""
    candidates = _candidates(items, parents, first)
    if not candidates:
        return first + 1
    for total in candidates:
        parts = _exact(items, first, items[total])
        if parts is not None:
            break
    else:
        total = candidates[0]
        parts = _list(items, first, total)
    for place in parts:
        if items[place].value <= items[total].value:
            parents[place] = total
    return parts[-1] + 1


def _candidates(items: list[Item], parents: list[int | None], first: int) -> list[int]:
    """Figures before a list that may be its total, the nearest first."""
    here = items[first]
    found = []
    for place in range(first - 1, -1, -1):
        item = items[place]
        if item.section != here.section or here.sentence - item.sentence > 1:
            break
        if not item.countable or not _same_unit(item.unit, here.unit) or item.value < here.value:
            continue
        if item.sentence != here.sentence and parents[place] is not None:
            continue
        found.append(place)
        if len(found) == _LOOK_BACK:
            break
    return found


def _same_unit(one: str | None, other: str | None) -> bool:
    return one == other or one is None or other is None


def _own(item: Item, total: Item) -> bool:
    return item.metric_key in _OWN_FIGURES and item.metric_key != total.metric_key


def _list(items: list[Item], first: int, total: int) -> list[int]:
    """The figures from 其中 to the end of the list as its marks tell."""
    found = [first]
    _, unit, _, sentence, _, _, _ = items[first]
    separator = _separator(items, first)
    for place in range(first + 1, len(items)):
        _, its_unit, _, its_sentence, _, joint, countable = items[place]
        if its_sentence != sentence or joint == "opens" or joint == "semicolon" != separator:
            break
        if not countable:
            continue
        if not _same_unit(its_unit, unit) or _own(items[place], items[total]):
            break
        found.append(place)
    return found


def _separator(items: list[Item], first: int) -> str:
    """`semicolon` if that is what parts the figures of a list: 148条，占34%；21条，占5%；8条 …"""
    _, unit, _, sentence, _, _, _ = items[first]
    parted = 0
    for _, its_unit, _, its_sentence, _, joint, countable in items[first + 1 : first + 12]:
        if its_sentence == sentence and countable and _same_unit(its_unit, unit):
            if joint != "semicolon":
                return ""
            parted += 1
            if parted == 2:
                return joint
    return ""


def _exact(items: list[Item], first: int, total: Item) -> list[int] | None:
    """The figures from `first` on whose sum is the total, exactly and of at least two; None if there are none such."""
    found: list[int] = []
    rest = total.value
    _, unit, _, sentence, section, _, _ = items[first]
    for place in range(first, len(items)):
        value, its_unit, _, its_sentence, its_section, joint, countable = items[place]
        if its_section != section or its_sentence - sentence > 1:
            break
        if joint == "opens" and place != first:
            break
        if not countable or not _same_unit(its_unit, unit):
            continue
        if place != first and _own(items[place], total):
            break
        found.append(place)
        rest -= value
        if rest == 0 and len(found) > 1:
            return found
        if rest < 0:
            break
    return None
