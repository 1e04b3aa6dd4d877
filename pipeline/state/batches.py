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

import pyarrow as pa
import pyarrow.parquet as parquet

from pipeline import PARSER_VERSION
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.folders import BATCHES, RESULTS, current_build
from pipeline.state.manifest import (
    Content,
    KnownFile,
    SeenFile,
    known_files,
    parsed_contents,
    published_batches,
)
from pipeline.state.scan import Scan, scan

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

    Plans that were never parsed are dropped, since their files are new still; one that says the same is kept instead.
    Results that were not published are kept and count as parsed. `batch` is the name, else one is made of the time.
    """
    out = settings.out
    waiting = [plan for plan in map(_plan, unpublished(out)) if plan is not None]
    pending = [plan for plan in waiting if has_results(batch_folder(out, plan.batch))]
    known, parsed = known_files(out), parsed_contents(out, PARSER_VERSION)
    for earlier in pending:
        _take_over(known, earlier)
        contents = read_contents(batch_folder(out, earlier.batch))
        parsed |= {content.file_id for content in contents if content.parser_version == PARSER_VERSION}
    found = scan(settings.raw, known, parsed, settings.max_file_bytes)
    work = [PARSER_VERSION, str(settings.raw.resolve()), found.seen, found.gone, found.to_parse]
    for folder in unpublished(out):
        same = (plan := _plan(folder)) is not None and list(plan[2:]) == work and batch in (None, plan.batch)
        if same and not has_results(folder):
            return found, plan
        if not has_results(folder):
            shutil.rmtree(folder, ignore_errors=True)
    if not found.is_news and not pending and current_build(out) is not None:
        return found, None
    now = max([f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}", *(f"{plan.created_at}+" for plan in pending)])
    name = batch or f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    return found, _write_plan(out, Plan(name, now, *work))
