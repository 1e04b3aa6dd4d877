"""Arrival batches: the new files of one scan, and the results of parsing them.

Belongs here: planning batches from a scan, finding them on disk, their plan files. Does not belong here: parsing,
results on disk (results.py).

A batch is a folder OUT/.batches/<name> with plan.json (what to do) and, once it was parsed, results/. It is the unit
of retry: parsing it again gives the same results.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipeline import PARSER_VERSION
from pipeline.conditions import valid_versions
from pipeline.crawl_list import is_result_of_this_parser, read_crawl_list
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.folders import BATCHES, current_build
from pipeline.state.manifest import KnownFile, SeenFile, known_files, parsed_contents, published_batches
from pipeline.state.results import has_results, read_contents
from pipeline.state.scan import Scan, scan

PLAN = "plan.json"


class Plan(NamedTuple):
    """What one batch is to take over and to parse. `raw` is the folder that the paths are relative to."""

    batch: str
    created_at: str
    parser_version: str
    raw: str
    seen: list[SeenFile]
    gone: list[str]
    to_parse: list[SeenFile]


class Arrivals(NamedTuple):
    """What a scan found, the batches to parse, oldest first, and whether there is anything to publish after that."""

    scan: Scan
    plans: list[Plan]
    is_due: bool


def batch_folder(out: Path, batch: str) -> Path:
    """Where a batch lies. Raises GongkaiError for a name that could lead elsewhere."""
    if not batch or batch.startswith(".") or "/" in batch or "\0" in batch:
        raise GongkaiError(f"{batch!r} cannot be the name of a batch: no / in it and no dot at its start")
    return out / BATCHES / batch


def plan_arrivals(settings: Settings, batch: str | None = None, settle_seconds: float = 0.0) -> Arrivals:
    """Scans RAW and plans batches for what is new. Call it under the lock.

    A batch takes at most `settings.batch_files` files. Results that were not published are kept and count as parsed. A
    plan that was never parsed is kept as long as all its files are still as it says, and what is new beside it gets
    another plan. `batch` names the first plan; without it, names are made of the time. Files that changed less than
    `settle_seconds` ago are left for later.
    """
    out = settings.out
    waiting = unpublished(out)
    pending = [plan for folder in waiting if has_results(folder) and (plan := read_plan(out, folder.name)) is not None]
    known, parsed = known_files(out), parsed_contents(out, has_results)
    for earlier in pending:
        _take_over(known, earlier)
        contents = read_contents(batch_folder(out, earlier.batch))
        parsed |= {c.file_id: c.parser_version for c in contents if is_result_of_this_parser(c.parser_version)}
    crawl = read_crawl_list(settings.raw)
    found = scan(settings.raw, known, parsed, settings.max_file_bytes, settle_seconds, crawl, valid_versions(settings))
    rest = _News(settings, found)
    kept = []
    for folder in waiting:
        if has_results(folder):
            continue
        plan = read_plan(out, folder.name)
        if plan is not None and batch in (None, plan.batch) and rest.take(plan):
            kept.append(plan)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    times = _times([*pending, *kept])
    new: list[Plan] = []
    for seen, gone, to_parse in rest.cut(settings.batch_files):
        now = next(times)
        new.append(
            Plan(
                batch if batch is not None and not kept and not new else f"{now:%Y%m%d-%H%M%S-%f}",
                f"{now:%Y-%m-%d %H:%M:%S.%f}",
                PARSER_VERSION,
                rest.raw,
                seen,
                gone,
                to_parse,
            )
        )
    for plan in new:
        _write_plan(out, plan)
    plans = [*kept, *new]
    return Arrivals(found, plans, bool(plans or pending) or current_build(out) is None)


class _News:
    """What a scan found, as far as no plan has it yet."""

    def __init__(self, settings: Settings, found: Scan) -> None:
        self.raw = str(settings.raw.resolve() if isinstance(settings.raw, Path) else settings.raw)
        self._seen = {file.path: file for file in found.seen}
        self._gone = set(found.gone)
        self._to_parse = {file.path: file for file in found.to_parse}

    def take(self, plan: Plan) -> bool:
        """Takes out what a plan is for; False, and nothing is taken, if RAW or the parser has changed since."""
        true = (
            plan.raw == self.raw
            and plan.parser_version == PARSER_VERSION
            and all(self._seen.get(file.path) == file for file in plan.seen)
            and all(self._to_parse.get(file.path) == file for file in plan.to_parse)
            and self._gone.issuperset(plan.gone)
        )
        if true:
            for file in plan.seen:
                del self._seen[file.path]
            for file in plan.to_parse:
                del self._to_parse[file.path]
            self._gone.difference_update(plan.gone)
        return true

    def cut(self, batch_files: int) -> Iterator[tuple[list[SeenFile], list[str], list[SeenFile]]]:
        """(seen, gone, to_parse) of batches, in the order of paths. What is gone goes with the last: a file that moved
        is at its new path before it leaves the old one."""
        paths = sorted(self._seen.keys() | self._to_parse.keys())
        gone = sorted(self._gone)
        for begin in range(0, max(len(paths), 1 if gone else 0), batch_files):
            mine = paths[begin : begin + batch_files]
            yield (
                [self._seen[path] for path in mine if path in self._seen],
                gone if begin + batch_files >= len(paths) else [],
                [self._to_parse[path] for path in mine if path in self._to_parse],
            )


def plan_of(settings: Settings, batch: str) -> Plan | None:
    """The plan of a batch; None if there is nothing to do under that name. Call it under the lock.

    A name that was made by hand, or whose files a later scan took over, becomes the name of what is new by now.
    """
    plan = read_plan(settings.out, batch)
    if plan is None and batch not in published_batches(settings.out):
        plans = plan_arrivals(settings, batch).plans
        plan = plans[0] if plans else None
    return plan


def read_plan(out: Path, batch: str) -> Plan | None:
    """The plan of a batch; None if it was dropped because a later scan took over its files."""
    try:
        record = json.loads((batch_folder(out, batch) / PLAN).read_text(encoding="ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    for name in ("seen", "to_parse"):
        record[name] = [SeenFile(*file) for file in record[name]]
    return Plan(**record)


def unpublished(out: Path) -> list[Path]:
    """Folders of batches that the current build does not have, oldest first."""
    published = published_batches(out)
    folders = (out / BATCHES).iterdir() if (out / BATCHES).is_dir() else iter(())

    def age(folder: Path) -> tuple[str, str]:
        plan = read_plan(out, folder.name)
        return (plan.created_at if plan is not None else "", folder.name)

    return sorted((f for f in folders if f.name not in published and not f.name.startswith(".")), key=age)


def drop_superseded(out: Path, needed: set[str]) -> None:
    """Removes batches that are published and hold no result that is needed any more."""
    for batch in published_batches(out) - needed:
        shutil.rmtree(batch_folder(out, batch), ignore_errors=True)


def _take_over(known: dict[str, KnownFile], plan: Plan) -> None:
    """What is known when a batch that is not published yet will be."""
    for path in plan.gone:
        known.pop(path, None)
    for file in plan.seen:
        known[file.path] = KnownFile(*file[2:])


def _times(plans: list[Plan]) -> Iterator[datetime]:
    """Moments from now on, each later than the one before and than those of earlier plans."""
    now = datetime.now(UTC)
    for earlier in plans:
        now = max(now, datetime.fromisoformat(earlier.created_at).replace(tzinfo=UTC) + timedelta(microseconds=1))
    while True:
        yield now
        now += timedelta(microseconds=1)


def _write_plan(out: Path, plan: Plan) -> None:
    folder = batch_folder(out, plan.batch)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{PLAN}.new"
    temporary.write_text(json.dumps(plan._asdict()), encoding="ascii")
    temporary.rename(folder / PLAN)
