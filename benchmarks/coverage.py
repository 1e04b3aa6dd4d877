"""Which digits of the prose are neither a statement nor of a kind that counts nothing: `python -m benchmarks.coverage`.

Belongs here: going through reports and listing every group of digits outside of the tables that the parser has no answer
for (issue 4: nothing may be left on the corpus). Does not belong here: any rule; the classes are those of
pipeline/prose/quantities.py.

Usage: `python -m benchmarks.coverage [--all] [FOLDER …]`; without folders the shared corpus, else the project's samples.
With `--all` every group is listed with its class. Exit status 1 if something is left over.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.file_id import content_id
from pipeline.parse import Report, parse_bytes
from pipeline.prose.quantities import CLASSES, find_quantities
from pipeline.prose.sentences import pieces, sentences

REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = REPOSITORY.parent / "shared" / "corpus"
SAMPLES = REPOSITORY / "data" / "raw"
_DIGITS = re.compile(r"[0-9０-９]+")


class Group(NamedTuple):
    """A group of digits: what the parser takes it for (`statement`, a class, or `left over`) and its surroundings."""

    kind: str
    words: str
    around: str
    char_start: int


def digit_groups(report: Report) -> Iterator[Group]:
    """Every group of digits of a report outside of its tables, in order."""
    flat = report.document.flat
    stated = [(statement.char_start, statement.char_end) for statement in report.statements]
    spans = [
        (piece.start + sentence.start, piece.start + sentence.end)
        for piece in pieces(report.sections, report.readings)
        for sentence in sentences(flat[piece.start : piece.end], _DIGITS)
    ]
    for begin, end in spans:
        words = flat[begin:end].replace("\n", " ")
        found = find_quantities(words)
        for match in _DIGITS.finditer(words):
            start = begin + match.start()
            kind = _kind(start, stated)
            if kind is None:
                kind = next((q.kind for q in found if q.start <= match.start() < max(q.end, q.after)), "left over")
                kind = kind if kind in CLASSES else "left over"
            around = " ".join(words[max(0, match.start() - 18) : match.end() + 12].split())
            yield Group(kind, match[0], around, start)


def _kind(start: int, stated: list[tuple[int, int]]) -> str | None:
    return "statement" if any(begin <= start < end for begin, end in stated) else None


def reports_below(folder: Path) -> Iterator[tuple[str, Report]]:
    """Every report in the files below a folder, with the name of its file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            for report in parse_bytes(data, content_id(data)).reports:
                yield path.relative_to(folder).as_posix(), report


def main() -> None:
    """Prints what is left over, then how many groups there are of each kind."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    arguments.add_argument("--all", action="store_true", help="list every group of digits with its class")
    arguments.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    given = arguments.parse_args()
    folders = given.folders or ([CORPUS] if CORPUS.is_dir() else [SAMPLES])
    counts: Counter[str] = Counter()
    reports = 0
    for folder in folders:
        for name, report in reports_below(folder):
            reports += 1
            for group in digit_groups(report):
                counts[group.kind] += 1
                if given.all or group.kind == "left over":
                    print(f"{name}:{group.char_start}: {group.kind}: {group.words} in {group.around}")
    words = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.most_common())
    print(f"{reports} reports: {words or 'no digits'}", file=sys.stderr)
    sys.exit(1 if counts["left over"] else 0)


if __name__ == "__main__":
    main()
