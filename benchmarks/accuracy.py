"""How many cells of generated reports are read right, refused, or read wrong: `python -m benchmarks.accuracy`.

    python -m benchmarks.accuracy [--count N] [--seed S] [--layout L …] [--form F …] [--noise NAME …|all|none]
        [--format html|docx|pdf] [--json]

Belongs here: comparing the parser's cells with the generator's truth, and printing the sums by form × layout and by
noise. Does not belong here: generating (benchmarks/generator), parsing (pipeline).

right: the truth says reported and so does the parser, with the same value. refused: the truth says reported, the parser
says another state. wrong: a value that the text does not say, or that comes from prose or from an absent table. Where
the text cannot tell, the value the generator meant is fine and so is any refusal.
"""

import argparse
import json
import os
import secrets
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from benchmarks.generator.files import FORMATS
from benchmarks.generator.layouts import LAYOUTS
from benchmarks.generator.model import GeneratedReport
from benchmarks.generator.noise import NoiseChoice
from benchmarks.generator.report import FORM_WEIGHTS, Options, generate_report
from pipeline.parse import parse_bytes, parse_document
from pipeline.read.document import make_document

CHUNK = 100
Key = tuple[str, str, str]


@dataclass
class Score:
    """Sums over some reports. `groups`: (form, layout) or noise → counts by verdict; `cases`: wrong and refused cells."""

    groups: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    cases: list[tuple[str, str, int, str, str]] = field(default_factory=list)
    failures: list[tuple[int, str]] = field(default_factory=list)

    def add(self, group: tuple[str, str], verdict: str) -> None:
        self.groups.setdefault(group, Counter())[verdict] += 1

    def merge(self, other: "Score") -> None:
        for group, counts in other.groups.items():
            self.groups.setdefault(group, Counter()).update(counts)
        self.cases += other.cases
        self.failures += other.failures


def squeeze(label: str | None) -> str:
    """A row label without blanks, punctuation and ordinals, to match rows that have no key of the form."""
    words = unicodedata.normalize("NFKC", label or "")
    words = "".join(character for character in words if character.isalnum())
    return words.removeprefix("其中").lstrip("0123456789")


def parsed_cells(report: GeneratedReport) -> dict[Key, tuple[int | None, str]]:
    """The parser's cells of a generated report; rows without a key of the form by their label."""
    if report.content is not None:
        parsed = parse_bytes(report.content, "0" * 64)
    else:
        parsed = parse_document(make_document(report.text, "text/plain", "utf-8"), "0" * 64)
    cells: dict[Key, tuple[int | None, str]] = {}
    for found in parsed.reports:
        for reading in found.readings:
            for row, column, value, state, label in zip(
                reading.row_keys, reading.column_keys, reading.values, reading.states, reading.row_labels, strict=True
            ):
                by_label = row.startswith("x_") or reading.table_key == "statistics_regional"
                cells[reading.table_key, squeeze(label) if by_label else row, column] = (value, state)
    return cells


def score_report(report: GeneratedReport, score: Score) -> None:
    """Adds one report to the sums."""
    cells = parsed_cells(report)
    truth = zip(*report.truth.columns, strict=True)
    nonzero = any(value for value in report.truth.columns[4])
    seen = set()
    for _, table, row, column, value, state, printed, alternative, _, label in truth:
        by_label = row.startswith("x_") or table == "statistics_regional"
        key = (table, squeeze(label) if by_label else row, column)
        seen.add(key)
        read, read_state = cells.get(key, (None, "absent"))
        verdict = judge(value, state, printed, alternative, read, read_state)
        score.add((report.form, report.layout), verdict)
        for noise in report.noise or ("no noise",):
            score.add(("noise", noise), verdict)
        if nonzero:
            score.add(("reports with figures", report.layout), verdict)
        if verdict in ("wrong", "refused", "glued lie"):
            score.cases.append(
                (verdict, report.layout, report.index, "/".join(key), f"{value} {state} read {read} {read_state}")
            )
    for key, (read, read_state) in cells.items():
        if read_state == "reported" and key not in seen:
            score.add((report.form, report.layout), "wrong")
            score.cases.append(("wrong", report.layout, report.index, "/".join(key), f"no such cell, read {read}"))


def judge(
    value: int | None, state: str, printed: int | None, alternative: int | None, read: int | None, read_state: str
) -> str:
    """right, refused, fine, wrong, or (a consistent lie no reader could see through) glued lie."""
    if state == "reported":
        if read_state == "reported":
            return "right" if read == value else "wrong"
        return "refused"
    if read_state != "reported" or read == printed:
        return "fine"
    return "glued lie" if alternative is not None and read == alternative else "wrong"


def run(indices: range, options: Options) -> Score:
    """Generates, parses and scores some reports."""
    score = Score()
    for index in indices:
        report = generate_report(index, options)
        try:
            score_report(report, score)
        except Exception as error:  # a crash is a result of this program, not its end
            score.failures.append((index, f"{type(error).__name__}: {error}"))
    return score


def _work(task: tuple[range, Options]) -> Score:
    return run(*task)


def run_all(count: int, options: Options, workers: int) -> Score:
    """All reports, in worker processes."""
    tasks = [(range(first, min(first + CHUNK, count)), options) for first in range(0, count, CHUNK)]
    score = Score()
    # Not multiprocessing.Pool: it ends its processes by SIGTERM, and waits for ever where that is ignored, as Dagster has it
    # in a program that was started in the background.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_work, tasks):
            score.merge(part)
    return score


def total(score: Score, kinds: Iterator[str] | None = None) -> Counter[str]:
    """Sums over all forms."""
    counts: Counter[str] = Counter()
    for (form, _), found in score.groups.items():
        if form in FORM_WEIGHTS:
            counts.update(found)
    return counts


def refused_share(counts: Counter[str]) -> float:
    """Refused cells per 100 cells whose truth is reported."""
    known = counts["right"] + counts["refused"] + counts["wrong"]
    return 100 * counts["refused"] / known if known else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed if not given")
    parser.add_argument("--layout", nargs="+", choices=list(LAYOUTS), default=list(LAYOUTS))
    parser.add_argument("--form", nargs="+", choices=list(FORM_WEIGHTS), default=list(FORM_WEIGHTS))
    parser.add_argument("--format", choices=list(FORMATS), help="files of this format instead of text")
    parser.add_argument("--noise", nargs="+", default=["all"])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cases", type=int, default=10, help="how many of the worst cells to show")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else secrets.randbelow(10**9)
    options = Options(seed, tuple(chosen.layout), tuple(chosen.form), NoiseChoice.parse(chosen.noise), chosen.format)
    score = run_all(chosen.count, options, chosen.workers)
    counts = total(score)
    if chosen.json:
        print(json.dumps({"seed": seed, "count": chosen.count, **counts, "failures": len(score.failures)}))
    else:
        _print(score, seed, chosen.count, chosen.cases)
    return 1 if counts["wrong"] or score.failures else 0


def _print(score: Score, seed: int, count: int, cases: int) -> None:
    print(f"seed {seed}, {count} reports")
    print(f"{'':22} {'':14} {'right':>9} {'refused':>8} {'wrong':>6} {'lies':>5} {'refused %':>10}")
    for (first, second), counts in sorted(score.groups.items()):
        print(
            f"{first:22} {second:14} {counts['right']:>9} {counts['refused']:>8} {counts['wrong']:>6} "
            f"{counts['glued lie']:>5} {refused_share(counts):>10.3f}"
        )
    counts = total(score)
    print(
        f"{'all':37} {counts['right']:>9} {counts['refused']:>8} {counts['wrong']:>6} {counts['glued lie']:>5} {refused_share(counts):>10.3f}"
    )
    for index, words in score.failures[:10]:
        print(f"failure: report {index}: {words}")
    order = {"wrong": 0, "glued lie": 1, "refused": 2}
    for verdict, layout, index, key, words in sorted(score.cases, key=lambda case: (order[case[0]], case[2]))[:cases]:
        print(f"{verdict:9} {layout:14} report {index:>6} {key}: {words}")


if __name__ == "__main__":
    sys.exit(main())
