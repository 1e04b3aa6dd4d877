"""The command that writes invented reports with known truth.

    python -m benchmarks.generate --count N --seed S --out DIR [--layout L …] [--form F …] [--noise NAME …|all|none]
        [--format html|docx|pdf] [--panel]

Here belongs the command line only; what a report is made of is in `benchmarks.generator`.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

from benchmarks.generator.files import FORMATS
from benchmarks.generator.layouts import LAYOUTS
from benchmarks.generator.noise import NOISES, NoiseChoice
from benchmarks.generator.panel import generate_panel
from benchmarks.generator.report import FORM_WEIGHTS, Options, generate_report
from benchmarks.generator.writing import RunWriter

_DESCRIPTION = "Write invented reports with known truth."


def build_parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=_DESCRIPTION)
    parser.add_argument("--count", type=int, required=True, help="number of reports")
    parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same reports")
    parser.add_argument("--out", type=Path, required=True, help="an empty or new folder")
    for name, known in (("layout", LAYOUTS), ("form", FORM_WEIGHTS)):
        parser.add_argument(
            f"--{name}", nargs="+", action="extend", choices=list(known), metavar="NAME", help=f"of {', '.join(known)}"
        )
    parser.add_argument(
        "--noise", nargs="+", action="extend", metavar="NAME", help=f"all (default), none, or of {', '.join(NOISES)}"
    )
    parser.add_argument("--format", choices=list(FORMATS), help="files of this format instead of text in some layout")
    parser.add_argument(
        "--panel",
        action="store_true",
        help="bodies that report every year from 2012 to 2025 (form and layout are theirs)",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit status."""
    parser = build_parser()
    chosen = parser.parse_args(arguments)
    try:
        noise = NoiseChoice.parse(chosen.noise or ())
    except ValueError as error:
        parser.error(str(error))
    if chosen.count < 0:
        parser.error("--count must not be negative")
    if chosen.out.exists() and any(chosen.out.iterdir()):
        print(f"{chosen.out} is not empty: reports of another run would be taken for this one's", file=sys.stderr)
        return 1
    if chosen.panel and (chosen.layout or chosen.form or chosen.format):
        parser.error("--panel chooses forms and layouts itself, and writes text")
    options = Options(
        chosen.seed, tuple(chosen.layout or LAYOUTS), tuple(chosen.form or FORM_WEIGHTS), noise, chosen.format
    )
    # A report makes a thousand small objects and no cycles among them: collecting less often saves a fifth.
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
    started = time.perf_counter()
    with RunWriter(chosen.out) as writer:
        reports = (generate_report(index, options) for index in range(chosen.count))
        count = writer.write(generate_panel(chosen.count, options) if chosen.panel else reports)
    seconds = time.perf_counter() - started
    rate = count / max(seconds, 1e-9)
    print(f"{count} reports in {seconds:.1f} s ({rate:.0f}/s) in {chosen.out}, seed {chosen.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
