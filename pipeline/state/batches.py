"""Arrival batches: the new files of one scan, and the results of parsing them.

Belongs here: planning a batch from a scan, finding batches on disk, their plan files. Does not belong here: parsing.

A batch is a folder OUT/.batches/<name> with plan.json (what to do) and, once it was parsed, results/. It is the unit
of retry: parsing it again gives the same results.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as parquet

from pipeline import PARSER_VERSION
from pipeline.settings import Settings
from pipeline.state.folders import current_build
from pipeline.state.manifest import Content, SeenFile, known_files, parsed_contents, published_batches
from pipeline.state.scan import Scan, scan

CONTENTS = "contents"


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
    return out / ".batches" / batch


def plan_arrivals(settings: Settings) -> tuple[Scan, Plan | None]:
    """Scans RAW and plans a batch for what is new; None if nothing is and there is a dataset. Call it under the lock.

    Plans that were never parsed are dropped: their files are new still. Results that were not published are kept and
    count as parsed.
    """
    out = settings.out
    for folder in unpublished(out):
        if not (folder / "results").is_dir():
            shutil.rmtree(folder, ignore_errors=True)
    known, parsed = known_files(out), parsed_contents(out, PARSER_VERSION)
    pending = unpublished(out)
    for folder in pending:
        parsed |= {content.file_id for content in read_contents(folder) if content.parser_version == PARSER_VERSION}
    found = scan(settings.raw, known, parsed, settings.max_file_bytes)
    if not found.is_news and not pending and current_build(out) is not None:
        return found, None
    now = datetime.now(UTC)
    plan = Plan(
        f"{now:%Y%m%d-%H%M%S-%f}",
        now.strftime("%Y-%m-%d %H:%M:%S"),
        PARSER_VERSION,
        str(settings.raw.resolve()),
        found.seen,
        found.gone,
        found.to_parse,
    )
    folder = batch_folder(out, plan.batch)
    folder.mkdir(parents=True)
    temporary = folder / "plan.json.new"
    temporary.write_text(json.dumps(plan._asdict()), encoding="ascii")
    temporary.rename(folder / "plan.json")
    return found, plan


def read_plan(out: Path, batch: str) -> Plan | None:
    """The plan of a batch; None if it was dropped because a later scan took over its files."""
    try:
        record = json.loads((batch_folder(out, batch) / "plan.json").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    for name in ("seen", "to_parse"):
        record[name] = [SeenFile(*file) for file in record[name]]
    return Plan(**record)


def unpublished(out: Path) -> list[Path]:
    """Folders of batches that the current build does not have, oldest first."""
    published = published_batches(out)
    folders = (out / ".batches").iterdir() if (out / ".batches").is_dir() else iter(())
    return sorted(folder for folder in folders if folder.name not in published)


def finished(out: Path) -> list[Path]:
    """Unpublished batches with results, oldest first."""
    return [folder for folder in unpublished(out) if (folder / "results").is_dir()]


def read_contents(folder: Path) -> list[Content]:
    """What became of each content of a parsed batch."""
    path = folder / "results" / f"{CONTENTS}.parquet"
    if not path.exists():
        return []
    return [Content(**row) for row in parquet.read_table(path).to_pylist()]


def drop_superseded(out: Path, needed: set[str]) -> None:
    """Removes batches that are published and hold no result that is needed any more."""
    for batch in published_batches(out) - needed:
        shutil.rmtree(batch_folder(out, batch), ignore_errors=True)
