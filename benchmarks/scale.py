"""What a dataset costs as it grows: `python -m benchmarks.scale [--sizes N …] [--folder DIR] [--json FILE]`.

Belongs here: builds of generated reports of several sizes, each with seconds per phase, the peak memory of every process,
bytes in and out; then what comes after: no news, one report more, the questions of docs/questions.md, the search for
near copies. Does not belong here: one report (speed.py), sequences of changes held against builds from scratch
(arrivals.py).

Every build is the command `gongkai build` in processes of its own. When a phase ended is read from the files that it left.
Memory is what the kernel says of each process (VmHWM in /proc, so this runs on Linux), asked for ten times a second. The
reports are bodies that report year after year (`benchmarks.generate --panel`), 20,000 of each seed, made once and kept in
DIR; making them is not counted.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate import main as generate
from benchmarks.near_duplicates import measure as measure_copies
from benchmarks.questions import PAGE, questions
from benchmarks.questions import seconds as question_seconds
from pipeline.publish.parquet import VALID
from pipeline.state.batches import PLAN
from pipeline.state.folders import BATCHES, CURRENT, DATABASE, PACKAGE, PARQUET, QUALITY_PAGE, RESULTS
from pipeline.state.results import CONTENTS

SIZES = (1_000, 10_000, 100_000)
PER_SEED = 20_000
FIRST_SEED = 101
READ = re.compile(r"; ([\d,]+) read now, ")
LIMITS = {"seconds": 180.0, "megabytes": 1_536.0, "no_news": 4.0, "one_more": 12.0, "question": 1.0}
"""For 100,000 reports on two cores with nothing else to do (docs/performance.md)."""
GROWTH_SECONDS, GROWTH_MEGABYTES = 11.0, 1.3
"""How much ten times the reports may take, from 10,000 on."""
PHASES = ("scan", "parse", "tables", "validate", "quality page", "data package", "database", "rest")


class Run(NamedTuple):
    """One build: wall-clock and processor seconds, files parsed, and the peak of the process that took most memory."""

    seconds: float
    cpu_seconds: float
    files_parsed: int
    megabytes: float
    began: float


class Peaks:
    """The peak memory of every process of a session, kept up to date in the background."""

    def __init__(self, session: int) -> None:
        self.kilobytes: dict[int, int] = {}
        self._session = session
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            for entry in Path("/proc").iterdir():
                if not entry.name.isdigit():
                    continue
                try:
                    if os.getsid(int(entry.name)) != self._session:
                        continue
                    found = re.search(r"VmHWM:\s+(\d+) kB", (entry / "status").read_text())
                except OSError:
                    continue
                if found:
                    pid = int(entry.name)
                    self.kilobytes[pid] = max(self.kilobytes.get(pid, 0), int(found[1]))


def build(raw: Path, out: Path) -> Run:
    """`gongkai build`, watched. Raises CalledProcessError if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DAGSTER"))}
    command: list[str | Path] = [Path(sys.executable).with_name("gongkai"), "build", "--raw", raw, "--out", out]
    before, began, begin = _cpu_seconds(), time.time(), time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(command, env=kept, stdout=printed, start_new_session=True)
        peaks = Peaks(process.pid)
        status = process.wait()
        seconds = time.perf_counter() - begin
        peaks.stop()
        printed.seek(0)
        found = READ.search(printed.read())
    if status or found is None:
        raise subprocess.CalledProcessError(status, [str(part) for part in command])
    megabytes = max(peaks.kilobytes.values(), default=0) / 1024
    return Run(seconds, _cpu_seconds() - before, int(found[1].replace(",", "")), megabytes, began)


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def phases(out: Path, run: Run) -> dict[str, float]:
    """Seconds of each phase of a build that parsed something, from the times of the files that it left."""
    current = out / os.readlink(out / CURRENT)
    batches = [folder for folder in (out / BATCHES).iterdir() if (folder / PLAN).stat().st_mtime >= run.began]
    ends = [
        max(((folder / PLAN).stat().st_mtime for folder in batches), default=run.began),
        max(((folder / RESULTS / f"{CONTENTS}.parquet").stat().st_mtime for folder in batches), default=run.began),
        max(path.stat().st_mtime for path in (current / PARQUET).glob("*/*.parquet")),
        *((current / name).stat().st_mtime for name in (VALID, QUALITY_PAGE, PACKAGE, DATABASE)),
        run.began + run.seconds,
    ]
    # The quality page and the data package may be written in either order, or at once.
    found, reached = {}, run.began
    for name, end in sorted(zip(PHASES, ends, strict=True), key=lambda phase: phase[1]):
        found[name] = round(end - reached, 2)
        reached = end
    return {name: found[name] for name in PHASES}


def seed_folder(folder: Path, seed: int) -> Path:
    """The generated reports of a seed, made if they are not there."""
    target = folder / "generated" / str(seed)
    if not target.is_dir():
        temporary = target.with_name(f"{seed}.new")
        shutil.rmtree(temporary, ignore_errors=True)
        arguments = ["--count", str(PER_SEED), "--seed", str(seed), "--panel", "--out", str(temporary)]
        if generate(arguments) != 0:
            raise ValueError(f"reports of seed {seed} could not be made")
        temporary.rename(target)
    return target


def raw_folder(folder: Path, count: int) -> Path:
    """A new folder RAW with so many reports: further names of the files that were generated."""
    raw = folder / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    left, seed = count, FIRST_SEED
    while left > 0:
        reports = sorted(seed_folder(folder, seed).glob("*/*.txt"))[:left]
        for path in reports:
            target = raw / str(seed) / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
        left, seed = left - len(reports), seed + 1
    return raw


def measure(folder: Path, count: int) -> dict[str, object]:
    """All figures of one size."""
    raw, out = raw_folder(folder, count), folder / f"out-{count}"
    shutil.rmtree(out, ignore_errors=True)
    first = build(raw, out)
    took = phases(out, first)
    nothing = build(raw, out)
    with tempfile.TemporaryDirectory(dir=folder) as one:
        spare = Path(one) / "one"
        generate(["--count", "1", "--seed", "7", "--noise", "none", "--out", str(spare)])
        (report,) = spare.glob("*/*.txt")
        shutil.copyfile(report, raw / "one-more.txt")
    more = build(raw, out)
    asked = question_seconds(out, questions(PAGE.read_text(encoding="utf-8")))
    copies = measure_copies(count)
    shutil.rmtree(raw)
    return {
        "reports": count,
        "seconds": round(first.seconds, 1),
        "cpu_seconds": round(first.cpu_seconds, 1),
        "phases": took,
        "megabytes": round(first.megabytes),
        "bytes_in": sum(path.stat().st_size for path in _files(folder / "generated", count)),
        "bytes_results": _size(out / BATCHES),
        "bytes_parquet": _size((out / PARQUET).resolve()),
        "bytes_duckdb": (out / DATABASE).stat().st_size,
        "no_news": round(nothing.seconds, 2),
        "one_more": round(more.seconds, 2),
        "one_more_cpu": round(more.cpu_seconds, 2),
        "one_more_parsed": more.files_parsed,
        "one_more_megabytes": round(more.megabytes),
        "question": round(max(asked.values()), 3),
        "questions": {str(number): round(seconds, 3) for number, seconds in asked.items()},
        "near_copies": {name: round(value, 2) for name, value in copies.items()},
    }


def _files(generated: Path, count: int) -> list[Path]:
    seeds = sorted(generated.iterdir(), key=lambda path: path.name)
    return [path for seed in seeds for path in sorted(seed.glob("*/*.txt"))][:count]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def passed_limits(found: list[dict[str, object]]) -> list[str]:
    """Which limits were passed, in words: those of 100,000 reports, and growth from 10,000 on."""
    words = []
    for size in found:
        if size["reports"] == SIZES[-1]:
            words += [
                f"{name} of {size['reports']:,} reports: {size[name]}, limit {limit:g}"
                for name, limit in LIMITS.items()
                if float(str(size[name])) > limit
            ]
    for before, after in pairwise(found):
        if (before["reports"], after["reports"]) == SIZES[1:]:
            for name, limit in (("seconds", GROWTH_SECONDS), ("megabytes", GROWTH_MEGABYTES)):
                growth = float(str(after[name])) / float(str(before[name]))
                if growth > limit:
                    words.append(f"{name} grew {growth:.2f}-fold, limit {limit:g}")
    return words


def table(found: list[dict[str, object]]) -> str:
    """The figures as lines, a column per size; growth over the size before in brackets."""
    rows: list[tuple[str, list[str]]] = [("reports", [f"{size['reports']:,}" for size in found])]

    def add(name: str, values: list[float], digits: int, grows: bool = False) -> None:
        words = []
        for number, value in enumerate(values):
            growth = f" (×{value / values[number - 1]:.2f})" if grows and number and values[number - 1] else ""
            words.append(f"{value:,.{digits}f}{growth}")
        rows.append((name, words))

    def column(name: str, part: str | None = None) -> list[float]:
        values = [size[name] for size in found]
        return [float(str(value[part] if part is not None else value)) for value in values]  # type: ignore[index]

    add("from nothing, s", column("seconds"), 1, True)
    add("  processor, s", column("cpu_seconds"), 1, True)
    for phase in PHASES:
        add(f"  {phase}, s", column("phases", phase), 1)
    add("largest process, MB", column("megabytes"), 0, True)
    for name in ("bytes_in", "bytes_results", "bytes_parquet", "bytes_duckdb"):
        add(f"{name.replace('bytes_', '')}, MB", [value / 1e6 for value in column(name)], 1)
    add("no news, s", column("no_news"), 2)
    add("one more, s", column("one_more"), 2)
    add("  processor, s", column("one_more_cpu"), 2)
    add("  largest process, MB", column("one_more_megabytes"), 0)
    add("slowest question, s", column("question"), 3)
    add("near copies, s", column("near_copies", "comparing_seconds"), 2)
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}" + "".join(f"{word:>22}" for word in words) for name, words in rows)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit status 1 if a limit was passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="What a dataset costs as it grows.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="reports of each build")
    parser.add_argument("--folder", type=Path, help="where reports are kept and builds made (default: a temporary one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="figures as JSON into a file")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in range(FIRST_SEED, FIRST_SEED + -(-max(chosen.sizes) // PER_SEED)):
            seed_folder(folder, seed)
        found = []
        for count in sorted(chosen.sizes):
            found.append(measure(folder, count))
            print(f"{count:,} reports: {found[-1]['seconds']} s", file=sys.stderr, flush=True)
    print(table(found))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    words = passed_limits(found)
    for line in words:
        print(line, file=sys.stderr)
    return int(bool(words))


if __name__ == "__main__":
    sys.exit(main())
