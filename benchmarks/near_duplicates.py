"""How long it takes to find near copies among many reports: `python -m benchmarks.near_duplicates [--count N] [--json]`.

Belongs here: invented prose with planted copies, the time of sketching and of comparing, and how many copies are found.
Does not belong here: sketches and comparison (pipeline/across).

Texts are put together from phrases that everybody uses and sentences of their own; every twentieth is a copy of the text
before it in which some sentences are replaced. What the copies really share is computed from all their shingles.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from random import Random

import numpy

from pipeline.across.copies import SAME, most_similar
from pipeline.across.sketch import CLASSES, shingle_hashes, sketches

SENTENCES = 60
SHARED = 0.4
"""Share of a text that is set phrases."""
EVERY = 20
YEARS = 14
SEED = 3


class Writer:
    """Invented prose: sentences of invented words."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._words = ["".join(chr(self._rng.randint(0x4E00, 0x8000)) for _ in range(2)) for _ in range(4_000)]
        self._phrases = [self.sentence() for _ in range(200)]

    def sentence(self) -> str:
        """A sentence that nobody else has."""
        return "".join(self._rng.choices(self._words, k=10)) + "。"

    def text(self) -> list[str]:
        """The sentences of a report."""
        return [
            self._rng.choice(self._phrases) if self._rng.random() < SHARED else self.sentence()
            for _ in range(SENTENCES)
        ]

    def copy(self, text: list[str]) -> list[str]:
        """The same but for up to eight sentences."""
        replaced = self._rng.sample(range(len(text)), self._rng.randint(0, 8))
        return [self.sentence() if place in replaced else sentence for place, sentence in enumerate(text)]


def measure(count: int) -> dict[str, float]:
    """Seconds of both steps for so many reports, and what was found of the planted copies."""
    writer = Writer(SEED)
    made = numpy.zeros((count, CLASSES), dtype=numpy.uint16)
    shingles = numpy.zeros(count, dtype=numpy.int64)
    years = numpy.zeros(count, dtype=numpy.int64)
    copies: list[tuple[int, float]] = []
    sketching = 0.0
    text: list[str] = []
    before = numpy.empty(0, dtype=numpy.uint64)
    for index in range(count):
        is_copy = index % EVERY == EVERY - 1
        text = writer.copy(text) if is_copy else writer.text()
        prose = "".join(text)
        started = time.perf_counter()
        _, (made[index],) = sketches([prose])
        sketching += time.perf_counter() - started
        hashes = shingle_hashes(prose)
        shingles[index] = len(hashes)
        years[index] = index // EVERY % YEARS
        if is_copy:
            both = len(numpy.intersect1d(hashes, before, assume_unique=True))
            copies.append((index, both / (len(hashes) + len(before) - both)))
        before = hashes
    started = time.perf_counter()
    best = most_similar(made, shingles, years)
    comparing = time.perf_counter() - started
    found = set(numpy.flatnonzero(best.similarity >= SAME).tolist())
    planted = {index for index, _ in copies} | {index - 1 for index, _ in copies}
    clear = [index for index, similar in copies if similar >= SAME + 0.04]
    unlike = [index for index, similar in copies if similar < SAME - 0.06]
    return {
        "reports": count,
        "sketching_seconds": sketching,
        "comparing_seconds": comparing,
        "clear_copies": len(clear),
        "clear_copies_found": len(found.intersection(clear)),
        "clearly_different": len(unlike),
        "clearly_different_taken_for_copies": len(found.intersection(unlike)),
        "others_taken_for_copies": len(found - planted),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit status 1 if a clear copy was missed or something unlike taken for one."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.near_duplicates", description="Time the search for copies."
    )
    parser.add_argument("--count", type=int, default=100_000, help="number of reports (default: 100,000)")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    chosen = parser.parse_args(arguments)
    figures = measure(chosen.count)
    if chosen.json:
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):36} {value:12,.1f}")
    missed = figures["clear_copies"] - figures["clear_copies_found"]
    return int(bool(missed or figures["clearly_different_taken_for_copies"] or figures["others_taken_for_copies"]))


if __name__ == "__main__":
    sys.exit(main())
