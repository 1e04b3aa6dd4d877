"""What a million reports cost: `python -m benchmarks.costs [--rates FILE] [--save FILE] [--price-core-hour P] …`.

Belongs here: the arithmetic from measured rates to hours, gigabytes and money, for one machine and for a cluster, and the
table of docs/scale.md. Does not belong here: prices of anybody (they are options), how a rate is made faster.

Rates are measured in the run: parsing on one core by format, on generated reports; publishing and the size of the dataset
on a build of generated texts. Everything else is an assumption, an option, and printed with the table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict

from benchmarks.generate import main as generate
from pipeline.file_id import content_id
from pipeline.garbage import collect_rarely
from pipeline.parse import parse_bytes

SEED = 8
COUNTS = {"txt": 400, "html": 100, "pdf": 20}
"""How many reports of a format are timed."""
MILLION = 1_000_000
HOUR = 3_600.0


class Rates(TypedDict):
    """What was measured: reports per second and core and bytes per report by format; of a build of texts, reports per
    second of publishing and bytes of the outputs per report."""

    measured_on: str
    reports_per_second: dict[str, float]
    bytes_in: dict[str, float]
    published_per_second: float
    bytes_out: dict[str, float]


@dataclass(frozen=True)
class Assumed:
    """What was not measured. Bytes per second are those of one machine's network."""

    cores: int
    workers: int
    efficiency: float
    network_bytes: float
    price_core_hour: float
    price_gb_month: float


class Cost(TypedDict):
    """Hours and money for a million reports of one format on some machines; months of storage cost by the month."""

    scan_hours: float
    read_hours: float
    publish_hours: float
    hours: float
    core_hours: float
    compute_price: float
    gb_in: float
    gb_out: float
    storage_price_month: float


def measure(build_count: int) -> Rates:
    """Measures all rates; about half a minute on a machine with nothing else to do."""
    collect_rarely()
    rates, sizes = {}, {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, count in COUNTS.items():
            folder = Path(scratch, name)
            kind = [] if name == "txt" else ["--format", name]
            generate(["--count", str(count), "--seed", str(SEED), "--noise", "none", "--out", str(folder), *kind])
            contents = [path.read_bytes() for path in folder.rglob(f"*.{name}")]
            sizes[name] = sum(map(len, contents)) / len(contents)
            rates[name] = max(_rate(contents), _rate(contents))
        raw, out = Path(scratch, "raw"), Path(scratch, "out")
        generate(["--count", str(build_count), "--seed", str(SEED), "--noise", "none", "--out", str(raw)])
        run = [sys.executable, "-m", "benchmarks.engines", "--run", "pool", str(raw), str(out), "0"]
        took = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        parts = {"dataset": out / ".builds", "results": out / ".batches"}
        bytes_out = {name: _size(folder) / build_count for name, folder in parts.items()}
    published = build_count / (took["seconds"] - took["reading_seconds"])
    return {
        "measured_on": f"{date.today()}, {os.cpu_count()} cores",
        "reports_per_second": rates,
        "bytes_in": sizes,
        "published_per_second": published,
        "bytes_out": bytes_out,
    }


def _rate(contents: list[bytes]) -> float:
    begin = time.perf_counter()
    for data in contents:
        parse_bytes(data, content_id(data))
    return len(contents) / (time.perf_counter() - begin)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def cost(rates: Rates, name: str, machines: int, given: Assumed) -> Cost:
    """A million reports of a format on so many workers; with more than one, RAW comes over the network.

    The machine that runs the build lists and hashes RAW and publishes; beside a cluster it is one more machine.
    """
    bytes_in = rates["bytes_in"][name] * MILLION
    remote = machines > 1
    scan = bytes_in / given.network_bytes / HOUR if remote else 0.0
    cores = given.cores * machines
    parse = MILLION / (rates["reports_per_second"][name] * cores * given.efficiency) / HOUR
    fetch = bytes_in / (given.network_bytes * machines) / HOUR if remote else 0.0
    read = max(parse, fetch)
    publish = MILLION / rates["published_per_second"] / HOUR
    out = sum(rates["bytes_out"].values()) * MILLION
    core_hours = (scan + read + publish) * given.cores + (read * cores if remote else 0.0)
    return {
        "scan_hours": scan,
        "read_hours": read,
        "publish_hours": publish,
        "hours": scan + read + publish,
        "core_hours": core_hours,
        "compute_price": core_hours * given.price_core_hour,
        "gb_in": bytes_in / 1e9,
        "gb_out": out / 1e9,
        "storage_price_month": (bytes_in + out) / 1e9 * given.price_gb_month,
    }


def table(rates: Rates, given: Assumed) -> str:
    """The table of docs/scale.md, and what it rests on."""
    speeds = ", ".join(f"{name} {rate:,.1f}" for name, rate in rates["reports_per_second"].items())
    sizes = ", ".join(f"{name} {size / 1e3:,.1f} kB" for name, size in rates["bytes_in"].items())
    outputs = ", ".join(f"{name} {size / 1e3:,.1f} kB" for name, size in rates["bytes_out"].items())
    lines = [
        f"Measured {rates['measured_on']}: reports per second and core: {speeds}; a report in: {sizes}; out: {outputs};",
        f"published {rates['published_per_second']:,.0f} reports per second on one machine.",
        f"Assumed: {given.cores} cores a machine, of which {given.efficiency:.0%} is of use when all work; "
        f"{given.network_bytes / 1e6:,.0f} MB/s a machine to a store;",
        f"{given.price_core_hour:g} per core-hour, {given.price_gb_month:g} per GB-month.",
        "",
        "| 1,000,000 | on | scan h | read h | publish h | in all h | core-hours | price | GB in | GB out | storage a month |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name in rates["reports_per_second"]:
        for machines in (1, given.workers):
            found = cost(rates, name, machines, given)
            where = "1 machine" if machines == 1 else f"{machines} workers"
            hours = " | ".join(f"{found[part]:,.2f}" for part in ("scan_hours", "read_hours", "publish_hours", "hours"))  # type: ignore[literal-required]
            rest = f"{found['core_hours']:,.1f} | {found['compute_price']:,.2f} | {found['gb_in']:,.1f}"
            lines.append(
                f"| {name} | {where} | {hours} | {rest} | {found['gb_out']:,.1f} | {found['storage_price_month']:,.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Prints the table; `--save` keeps the rates, `--rates` takes them from a file instead of measuring."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    arguments.add_argument("--rates", type=Path, help="rates that were saved before, instead of measuring")
    arguments.add_argument("--save", type=Path, help="where to keep the rates, as JSON")
    arguments.add_argument(
        "--build", type=int, default=2_000, help="reports of the build that is timed (default: 2,000)"
    )
    arguments.add_argument("--cores", type=int, default=2, help="cores of a machine (default: 2)")
    arguments.add_argument("--workers", type=int, default=10, help="machines of the cluster (default: 10)")
    arguments.add_argument("--efficiency", type=float, default=0.8, help="of all cores at work (default: 0.8)")
    arguments.add_argument("--network", type=float, default=100.0, help="MB/s of a machine to the store (default: 100)")
    arguments.add_argument("--price-core-hour", type=float, default=0.05, help="an assumption (default: 0.05)")
    arguments.add_argument("--price-gb-month", type=float, default=0.025, help="an assumption (default: 0.025)")
    arguments.add_argument("--json", action="store_true", help="the costs as one JSON line")
    given = arguments.parse_args()
    rates: Rates = json.loads(given.rates.read_text()) if given.rates else measure(given.build)
    if given.save:
        given.save.write_text(json.dumps(rates))
    assumed = Assumed(
        given.cores,
        given.workers,
        given.efficiency,
        given.network * 1e6,
        given.price_core_hour,
        given.price_gb_month,
    )
    if given.json:
        costs = {n: {m: cost(rates, n, m, assumed) for m in (1, assumed.workers)} for n in rates["reports_per_second"]}
        print(json.dumps({"rates": rates, "costs": costs}))
    else:
        print(table(rates, assumed))


if __name__ == "__main__":
    main()
