"""The two engines beside each other: `python -m benchmarks.engines [--count N] [--seed S] [--json] [--folder DIR]`.

Belongs here: the same generated reports through worker processes, through Dask with as many local workers, and through Dask
with one of them killed in the middle; seconds, their ratio, and whether the tables are the same. Does not belong here: how
fast one report is parsed (speed.py), changes of a corpus (arrivals.py).

A build is the steps of `gongkai build` in a process of its own, without Dagster, from nothing to a published dataset; what
takes the same time whichever engine reads (publishing) is in both figures, and reading is timed apart.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.arrivals import differing_tables
from benchmarks.generate import main as generate
from pipeline import cluster
from pipeline.batch import parse_batch
from pipeline.publish.database import publish_build, write_database
from pipeline.publish.parquet import write_parquet
from pipeline.settings import Settings
from pipeline.state.batches import plan_arrivals
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock

WORKERS = 2
MAX_RATIO = 1.5
RUNS = (("pool", False), ("dask", False), ("dask", True))


def build(settings: Settings, kills: bool) -> dict[str, float]:
    """Builds a dataset in this process; seconds in all and seconds of reading, workers started and ended within."""
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if kills and not killed:
            client = next(iter(cluster._open.values())).result().client
            killed.append(min(client.run(os.getpid).values()))
            os.kill(killed[0], signal.SIGKILL)

    prepare_folders(settings.raw, settings.out)
    begin = time.perf_counter()
    reading = 0.0
    with build_lock(settings.out):
        for plan in plan_arrivals(settings).plans:
            before = time.perf_counter()
            parse_batch(plan, settings, kill_one)
            reading += time.perf_counter() - before
        prepared = write_parquet(settings)
        write_database(prepared.folder)
        publish_build(prepared, settings)
    if kills and not killed:
        raise SystemExit("no worker was killed: more reports are needed")
    return {"seconds": round(time.perf_counter() - begin, 2), "reading_seconds": round(reading, 2)}


def measure(count: int, seed: int, folder: Path) -> dict[str, object]:
    """All runs over the same reports."""
    raw = folder / "raw"
    generate(["--count", str(count), "--seed", str(seed), "--noise", "none", "--out", str(raw)])
    found: dict[str, dict[str, float]] = {}
    different: dict[str, list[str]] = {}
    for engine, kills in RUNS:
        name = f"{engine}, one killed" if kills else engine
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.engines",
                "--run",
                engine,
                str(raw),
                str(folder / name),
                str(int(kills)),
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
        if name != "pool":
            different[name] = differing_tables(folder / name, folder / "pool")
    return {
        "reports": count,
        "workers": WORKERS,
        "runs": found,
        "ratio": round(found["dask"]["seconds"] / found["pool"]["seconds"], 3),
        "ratio_reading": round(found["dask"]["reading_seconds"] / found["pool"]["reading_seconds"], 3),
        "limit": MAX_RATIO,
        "differing_tables": different,
    }


def main() -> int:
    """Prints seconds and ratios; exit status 1 if a table differs or the ratio is above the limit."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    arguments.add_argument("--count", type=int, default=5_000, help="reports (default: 5,000)")
    arguments.add_argument("--seed", type=int, default=8)
    arguments.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    arguments.add_argument("--json", action="store_true", help="one JSON line")
    arguments.add_argument("--run", nargs=4, metavar=("ENGINE", "RAW", "OUT", "KILLS"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.run:
        engine, raw, out, kills = given.run
        print(json.dumps(build(Settings(Path(raw), Path(out), WORKERS, engine=engine), kills == "1")))
        return 0
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        found = measure(given.count, given.seed, Path(scratch))
    if given.json:
        print(json.dumps(found))
    else:
        for name, run in found["runs"].items():  # type: ignore[attr-defined]
            print(f"{name:<18} {run['seconds']:>8.1f} s, {run['reading_seconds']:>7.1f} s of it reading")
        print(
            f"ratio              {found['ratio']:>8} dask / pool (limit {MAX_RATIO}); reading {found['ratio_reading']}"
        )
        print(f"differing tables   {found['differing_tables']}")
    is_same = not any(found["differing_tables"].values())  # type: ignore[attr-defined]
    return int(not is_same or float(str(found["ratio"])) > MAX_RATIO)


if __name__ == "__main__":
    sys.exit(main())
