"""Values and words of others, safe to print.

Belongs here: turning a value into text that cannot steer a terminal, break a line or run in a spreadsheet. Does not
belong here: tables.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

# Control characters as the pictures that Unicode has for them; line breaks and tabs stay.
_PICTURES = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
_PICTURES |= {0x7F: "\u2421"} | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
_ONE_LINE = _PICTURES | {ord("\n"): "\u240a", ord("\t"): " "}


def show_value(value: object) -> str:
    """A value as text: nothing for null, decimals without needless zeros, control characters as pictures."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        words = f"{value:f}"
        return words.rstrip("0").rstrip(".") if "." in words else words
    return str(value).translate(_PICTURES)


def one_line(words: str) -> str:
    r"""Words on one line, control characters as pictures, bytes that are no UTF-8 as \xNN."""
    text = words.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.strip().translate(_ONE_LINE)


def write_csv(file: TextIO, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows as CSV. Words that a spreadsheet would take for a formula get an apostrophe before them."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_no_formula(show_value(value)) for value in row])


def _no_formula(words: str) -> str:
    if not words.startswith(("=", "+", "-", "@", "\t", "\r")):
        return words
    try:
        float(words)
    except ValueError:
        return f"'{words}"
    return words
