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
    place = 0
    while place < len(items):
        if items[place].joint == "opens" and items[place].countable:
            place = max(place + 1, _link(items, parents, place))
        else:
            place += 1
    return parents


def _link(items: list[Item], parents: list[int | None], first: int) -> int:
    """Links one list that begins at `first`; returns where it ends."""
    candidates = _candidates(items, parents, first)
    if not candidates:
        return first + 1
    certain = _list(items, first, candidates[0])
    for total in candidates:
        length = _exact(items, first, items[total])
        if length is not None:
            certain, candidates = length, [total]
            break
    total = candidates[0]
    for place in certain:
        if items[place].value <= items[total].value:
            parents[place] = total
    return certain[-1] + 1 if certain else first + 1


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
    separator = _separator(items, first)
    for place in range(first + 1, len(items)):
        item = items[place]
        if item.sentence != items[first].sentence or item.joint == "opens" or item.joint == "semicolon" != separator:
            break
        if not item.countable:
            continue
        if not _same_unit(item.unit, items[first].unit) or _own(item, items[total]):
            break
        found.append(place)
    return found


def _separator(items: list[Item], first: int) -> str:
    """`semicolon` if that is what parts the figures of a list: 148条，占34%；21条，占5%；8条 …"""
    joints = [
        item.joint
        for item in items[first + 1 : first + 12]
        if item.sentence == items[first].sentence and item.countable and _same_unit(item.unit, items[first].unit)
    ]
    return "semicolon" if len(joints) >= 2 and all(joint == "semicolon" for joint in joints[:2]) else ""


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
