"""What it costs to keep a dataset current: `python -m benchmarks.arrivals [--count N] [--seed S] [--folder DIR]`.

Belongs here: a generated corpus, the sequence of changes of a year in small, seconds and files parsed for each, and the
comparison of every result with a build from scratch. Does not belong here: how fast one report is parsed (speed.py).

Every build is the command `gongkai build` in a process of its own, as a timer starts it. Compared are all tables, row
by row, in the DuckDB file and in Parquet; of `files` not `first_seen_at` and not the rows of removed files (contract).
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.generate import main as generate
from schemas.tables import ALL_TABLES

READ = re.compile(r"; ([\d,]+) read now, ")
NOTHING = "nothing new"
LIMITS = {"no news": 3.0, "+1": 10.0}
"""Seconds that some of the builds may take, on a machine with nothing else to do."""


class Step(NamedTuple):
    """One change of RAW and what the build after it took."""

    name: str
    seconds: float
    cpu_seconds: float
    files_parsed: int
    scratch_seconds: float | None
    different: list[str]


def build(raw: Path, out: Path) -> tuple[float, float, int]:
    """(seconds, seconds of processor time, files parsed) of `gongkai build`. Raises CalledProcessError if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DAGSTER"))}
    begin, before = time.perf_counter(), _cpu_seconds()
    done = subprocess.run(
        [Path(sys.executable).with_name("gongkai"), "build", "--raw", raw, "--out", out],
        env=kept,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds = time.perf_counter() - begin
    found = READ.search(done.stdout)
    if found is None:
        raise ValueError(f"no count of files in what the build printed: {done.stdout!r}")
    return seconds, _cpu_seconds() - before, int(found[1].replace(",", ""))


def _cpu_seconds() -> float:
    """Processor time of all processes that this one started and that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def differing_tables(mine: Path, theirs: Path) -> list[str]:
    """Tables that do not hold the same rows in two datasets, in the DuckDB file or in Parquet."""
    found = []
    with duckdb.connect() as connection:
        for name, out in (("mine", mine), ("theirs", theirs)):
            connection.execute(f"attach '{(out / 'gongkai.duckdb').resolve()}' as {name} (read_only)")
        for table in ALL_TABLES:
            rows = "select *"
            if table.name == "files":
                rows = "select * exclude (first_seen_at)"
            where = "where status <> 'removed'" if table.name == "files" else ""
            sources = [
                (f'mine."{table.name}"', f'theirs."{table.name}"'),
                *[(f"read_parquet('{mine}/parquet/{table.name}/*.parquet')", f'theirs."{table.name}"')],
            ]
            for left, right in sources:
                one, other = f"{rows} from {left} {where}", f"{rows} from {right} {where}"
                query = f"select (select count(*) from ({one})) - (select count(*) from ({other}))"
                same_count = connection.execute(query).fetchone() == (0,)
                same_rows = not connection.execute(f"({one}) except all ({other}) limit 1").fetchall()
                if not (same_count and same_rows):
                    found.append(table.name if left.startswith("mine") else f"{table.name} (Parquet)")
    return found


def changes(raw: Path, spare: list[Path]) -> list[tuple[str, Callable[[], None]]]:
    """Names and deeds: what happens to RAW, one after the other. `spare`: reports that have not arrived yet."""
    arriving = iter(spare)

    def arrive(count: int) -> None:
        for _ in range(count):
            path = next(arriving)
            target = raw / "new" / path.name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)

    def there() -> list[Path]:
        return sorted(path for path in (raw / "000").iterdir() if path.suffix == ".txt")

    def change() -> None:
        there()[3].write_bytes(next(arriving).read_bytes())

    def move() -> None:
        there()[5].rename(raw / "moved.txt")

    return [
        ("no news", lambda: None),
        ("+1", lambda: arrive(1)),
        ("+100", lambda: arrive(100)),
        ("1 changed", change),
        ("1 removed", lambda: there()[4].unlink()),
        ("1 moved", move),
    ]


def measure(count: int, seed: int, folder: Path, compare: str) -> list[Step]:
    """Builds a generated corpus, then changes it step by step. `compare`: `all` steps, the `last`, or `none`."""
    generated, raw, out = folder / "generated", folder / "raw", folder / "out"
    generate(["--count", str(count + 102), "--seed", str(seed), "--noise", "none", "--out", str(generated)])
    reports = sorted(generated.glob("*/*.txt"))
    for path in reports[:count]:
        target = raw / path.relative_to(generated)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    steps = [Step("from scratch", *build(raw, out), None, [])]
    _print(steps[0])
    deeds = changes(raw, reports[count:])
    for number, (name, deed) in enumerate(deeds):
        deed()
        took = build(raw, out)
        scratch, different = None, []
        if compare == "all" or (compare == "last" and number == len(deeds) - 1):
            scratch = build(raw, folder / "scratch")[0]
            different = differing_tables(out, folder / "scratch")
            shutil.rmtree(folder / "scratch")
        steps.append(Step(name, *took, scratch, different))
        _print(steps[-1])
    return steps


def _print(step: Step) -> None:
    scratch = f"{step.scratch_seconds:>9.1f} s from scratch" if step.scratch_seconds is not None else ""
    same = (
        ""
        if step.scratch_seconds is None
        else ", the same"
        if not step.different
        else f", NOT THE SAME: {step.different}"
    )
    print(
        f"{step.name:<14} {step.seconds:>8.1f} s {step.cpu_seconds:>8.1f} s processor {step.files_parsed:>8,} parsed{scratch}{same}",
        flush=True,
    )


def main() -> int:
    """Prints a line per build; exit status 1 if a result differs from a build from scratch or a limit is passed."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    arguments.add_argument("--count", type=int, default=20_000, help="reports to begin with (default: 20,000)")
    arguments.add_argument("--seed", type=int, default=6)
    arguments.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    arguments.add_argument(
        "--compare", choices=("all", "last", "none"), default="all", help="which results to hold against a new build"
    )
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        steps = measure(given.count, given.seed, Path(scratch), given.compare)
    slow = [step for step in steps if step.seconds > LIMITS.get(step.name, float("inf"))]
    for step in slow:
        print(f"{step.name} took {step.seconds:.1f} s, more than {LIMITS[step.name]:.0f} s", file=sys.stderr)
    return int(bool(slow or any(step.different for step in steps)))


if __name__ == "__main__":
    sys.exit(main())
