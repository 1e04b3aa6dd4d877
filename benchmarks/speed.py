"""How fast reports are parsed, beside the yardstick: `python -m benchmarks.speed [--json] [--seconds S] [--folder F]
[--formats]`.

Belongs here: timing the whole parse (`parse_bytes`: decode, sections, tables, cells, metadata, checks) and the fixed
pass of yardstick.py in one run. Does not belong here: the pass itself, reading or writing files inside the timed part.

The two take turns in short slices, so that whatever else the machine does slows both. After the first round the plan of
every page is known (docs/architecture.md), as it is for most reports of a large corpus. How fast reports are whose
pages were never seen before is measured apart: the same reports, each with one more line of its own before its tables.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers import format_rates
from benchmarks.yardstick import reports_per_second, yardstick_pass
from pipeline.file_id import content_id
from pipeline.garbage import collect_rarely
from pipeline.parse import parse_bytes

REPOSITORY = Path(__file__).resolve().parents[1]
SEEDS = REPOSITORY.parent / "shared" / "corpus" / "seeds"
SAMPLES = REPOSITORY / "data" / "raw"
SLICE_SECONDS = 0.1
NEW_PAGES = 40
"""How many times every report is changed so that its page is new."""


class Rate:
    """Reports per second of one pass, summed over slices of time."""

    def __init__(self, reports: list[bytes], one_pass: Callable[[bytes], object]) -> None:
        self.reports = reports
        self.one_pass = one_pass
        self.done = 0.0
        self.seconds = 0.0

    def run_slice(self) -> None:
        begin = time.perf_counter()
        rate = reports_per_second(self.reports, self.one_pass, SLICE_SECONDS)
        seconds = time.perf_counter() - begin
        self.done += rate * seconds
        self.seconds += seconds

    @property
    def per_second(self) -> float:
        return self.done / self.seconds


def read_reports(folder: Path) -> list[bytes]:
    """The bytes of every file below a folder that is a report and that the yardstick can decode."""
    contents = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return [data for data in contents if _is_utf8(data) and parse_bytes(data, content_id(data)).reports]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def measure(reports: list[bytes], seconds: float) -> dict[str, float]:
    """Both rates over about `seconds` in all, and their ratio: our time divided by the yardstick's."""
    collect_rarely()  # as in a worker
    file_ids = {data: content_id(data) for data in reports}
    parse = Rate(reports, lambda data: parse_bytes(data, file_ids[data]))
    yardstick = Rate(reports, yardstick_pass)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        yardstick.run_slice()
        parse.run_slice()
    return {
        "reports_per_second": round(parse.per_second, 1),
        "yardstick_per_second": round(yardstick.per_second, 1),
        "ratio": round(yardstick.per_second / parse.per_second, 3),
    }


def new_pages_per_second(reports: list[bytes]) -> float:
    """Reports per second for reports with tables none of whose pages was parsed before."""
    changed = [_with_line(data, number) for number in range(NEW_PAGES) for data in reports if b"\t" in data]
    if not changed:
        return 0.0
    begin = time.perf_counter()
    for data in changed:
        parse_bytes(data, content_id(data))
    return round(len(changed) / (time.perf_counter() - begin), 1)


def _with_line(data: bytes, number: int) -> bytes:
    """The report with one row of a cell before its first row of cells."""
    place = data.rfind(b"\n", 0, data.find(b"\t")) + 1
    return data[:place] + f"编号甲{number}\t\n".encode() + data[place:]


def main() -> None:
    """Prints the rates, as words or as one JSON line."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    arguments.add_argument("--json", action="store_true", help="one JSON line")
    arguments.add_argument("--seconds", type=float, default=6.0, help="how long to measure, in all (default: 6)")
    arguments.add_argument("--folder", type=Path, help="reports to parse (default: the seeds in ../shared)")
    arguments.add_argument("--formats", action="store_true", help="also files of each format (benchmarks/peers.py)")
    given = arguments.parse_args()
    folder = given.folder or (SEEDS if SEEDS.is_dir() else SAMPLES)
    if given.folder is None and folder == SAMPLES:
        print(f"note: {SEEDS} is not there, the project's own samples are measured", file=sys.stderr)
    reports = read_reports(folder)
    if not reports:
        sys.exit(f"there is no report in {folder}")
    rates = measure(reports, given.seconds)
    new_pages = new_pages_per_second(reports)
    formats = format_rates() if given.formats else {}
    if given.json:
        rates = {**rates, **({"formats": formats} if formats else {})}  # type: ignore[dict-item]
        facts = {"new_pages_per_second": new_pages, "reports": len(reports), "folder": str(folder)}
        print(json.dumps({**rates, **facts}))
        return
    print(f"{len(reports)} reports of {folder}, one core")
    print(f"whole parse  {rates['reports_per_second']:>8,.0f} reports/s")
    print(f"yardstick    {rates['yardstick_per_second']:>8,.0f} reports/s")
    print(f"ratio        {rates['ratio']:>8.3f} our time / the yardstick's")
    print(f"new pages    {new_pages:>8,.0f} reports/s, when no page was seen before")
    for name, found in formats.items():
        ours, theirs = found["reports_per_second"], found["usual_library_per_second"]
        print(f"{name:12} {ours:>8,.1f} reports/s, the usual library {theirs:,.1f} (tables without keys)")


if __name__ == "__main__":
    main()
