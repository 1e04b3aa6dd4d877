"""Arrival batches: the new files of one scan, and the results of parsing them.

Belongs here: planning a batch from a scan, finding batches on disk, their plan files. Does not belong here: parsing.

A batch is a folder OUT/.batches/<name> with plan.json (what to do) and, once it was parsed, results/. It is the unit
of retry: parsing it again gives the same results.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as parquet

from pipeline import PARSER_VERSION
from pipeline.conditions import valid_versions
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.folders import BATCHES, RESULTS, current_build
from pipeline.state.manifest import Content, KnownFile, SeenFile, known_files, parsed_contents, published_batches
from pipeline.state.scan import Scan, scan

PLAN = "plan.json"
CONTENTS = "contents"
RESULTS_NAME = b"gongkai.results"
"""Metadata of contents.parquet: a name that these results have and no others."""


class Plan(NamedTuple):
    """What one batch is to take over and to parse. `raw` is the folder that the paths are relative to."""

    batch: str
    created_at: str
    parser_version: str
    raw: str
    seen: list[SeenFile]
    gone: list[str]
    to_parse: list[SeenFile]


def batch_folder(out: Path, batch: str) -> Path:
    """Where a batch lies. Raises GongkaiError for a name that could lead elsewhere."""
    if not batch or batch.startswith(".") or "/" in batch or "\0" in batch:
        raise GongkaiError(f"{batch!r} cannot be the name of a batch: no / in it and no dot at its start")
    return out / BATCHES / batch


def plan_arrivals(settings: Settings, batch: str | None = None) -> tuple[Scan, Plan | None]:
    """Scans RAW and plans a batch for what is new; None if nothing is and there is a dataset. Call it under the lock.

    Results that were not published are kept and count as parsed. A plan that was never parsed is kept if it is for the
    same files, else dropped. `batch` names the plan; without it, its name is made of the time.
    """
    out = settings.out
    waiting = unpublished(out)
    pending = [plan for folder in waiting if has_results(folder) and (plan := read_plan(out, folder.name)) is not None]
    versions = valid_versions(settings)
    known, parsed = known_files(out), parsed_contents(out, versions)
    for earlier in pending:
        _take_over(known, earlier)
        contents = read_contents(batch_folder(out, earlier.batch))
        parsed |= {content.file_id for content in contents if content.parser_version in versions}
    found = scan(settings.raw, known, parsed, settings.max_file_bytes)
    plan = None
    if found.is_news or pending or current_build(out) is None:
        plan = _new_plan(settings, found, batch, pending)
    kept = None
    for folder in waiting:
        if has_results(folder):
            continue
        same = kept is None and plan is not None and _is_same(read_plan(out, folder.name), plan, batch)
        kept = read_plan(out, folder.name) if same else kept
        if not same:
            shutil.rmtree(folder, ignore_errors=True)
    if plan is not None and kept is None:
        _write_plan(out, plan)
    return found, kept or plan


def plan_of(settings: Settings, batch: str) -> Plan | None:
    """The plan of a batch; None if there is nothing to do under that name. Call it under the lock.

    A name that was made by hand, or whose files a later scan took over, becomes the name of what is new by now.
    """
    plan = read_plan(settings.out, batch)
    if plan is None and batch not in published_batches(settings.out):
        plan = plan_arrivals(settings, batch)[1]
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


def has_results(folder: Path) -> bool:
    """Whether a batch was parsed."""
    return (folder / RESULTS).is_dir()


def read_contents(folder: Path) -> list[Content]:
    """What became of each content of a parsed batch."""
    try:
        return [Content(**row) for row in _contents_file(folder).read().to_pylist()]
    except (OSError, TypeError, pa.ArrowException) as error:
        raise damaged(folder, error) from None


def results_name(folder: Path) -> str:
    """A name that the results of a parsed batch have, and have no more when it was parsed again."""
    metadata: dict[bytes, bytes] = _contents_file(folder).schema_arrow.metadata or {}
    return metadata.get(RESULTS_NAME, b"").decode("ascii")


def drop_superseded(out: Path, needed: set[str]) -> None:
    """Removes batches that are published and hold no result that is needed any more."""
    for batch in published_batches(out) - needed:
        shutil.rmtree(batch_folder(out, batch), ignore_errors=True)


def damaged(folder: Path, error: Exception) -> GongkaiError:
    """What to say when results on disk are not what was written there."""
    words = str(error).strip().partition("\n")[0]
    return GongkaiError(f"results in {folder} are damaged ({words}): remove that folder and build again")


def _contents_file(folder: Path) -> parquet.ParquetFile:
    try:
        return parquet.ParquetFile(folder / RESULTS / f"{CONTENTS}.parquet")
    except (OSError, pa.ArrowException) as error:
        raise damaged(folder, error) from None


def _take_over(known: dict[str, KnownFile], plan: Plan) -> None:
    """What is known when a batch that is not published yet will be."""
    for path in plan.gone:
        known.pop(path, None)
    for file in plan.seen:
        known[file.path] = KnownFile(*file[2:])


def _new_plan(settings: Settings, found: Scan, batch: str | None, pending: list[Plan]) -> Plan:
    now = datetime.now(UTC)
    for earlier in pending:
        now = max(now, datetime.fromisoformat(earlier.created_at).replace(tzinfo=UTC) + timedelta(microseconds=1))
    return Plan(
        batch or f"{now:%Y%m%d-%H%M%S-%f}",
        f"{now:%Y-%m-%d %H:%M:%S.%f}",
        PARSER_VERSION,
        str(settings.raw.resolve()),
        found.seen,
        found.gone,
        found.to_parse,
    )


def _is_same(earlier: Plan | None, plan: Plan, batch: str | None) -> bool:
    """Whether an earlier plan is for the same files as this one, and may have the name that is asked for."""
    return earlier is not None and earlier[2:] == plan[2:] and batch in (None, earlier.batch)


def _write_plan(out: Path, plan: Plan) -> None:
    folder = batch_folder(out, plan.batch)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{PLAN}.new"
    temporary.write_text(json.dumps(plan._asdict()), encoding="ascii")
    temporary.rename(folder / PLAN)
