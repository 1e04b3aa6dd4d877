"""Where a build reads and writes, and its limits.

Belongs here: the settings, their defaults and environment variables. Does not belong here: using them.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from pipeline.errors import GongkaiError

DEFAULT_RAW = Path("data/raw")
DEFAULT_OUT = Path("data/curated")


def _workers() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@dataclass(frozen=True)
class Limits:
    """What a file may be at most before it is set aside unread; a report is far below all of these.

    `max_text_bytes`: a text or web page, decoded; `max_expanded_bytes`: all that a DOCX unpacks to; `max_pages`: of a
    PDF; `max_cells`: positions in all tables of a file; `max_nesting`: elements within elements.
    `convert_seconds`: what LibreOffice or antiword may take for one file.
    """

    max_text_bytes: int = 16 * 2**20
    max_expanded_bytes: int = 256 * 2**20
    max_pages: int = 500
    max_cells: int = 200_000
    max_nesting: int = 500
    convert_seconds: float = 20.0


@dataclass(frozen=True)
class Settings:
    """Folders and limits of a build. Sizes are in bytes, times in seconds."""

    raw: Path = DEFAULT_RAW
    out: Path = DEFAULT_OUT
    workers: int = field(default_factory=_workers)
    max_file_bytes: int = 64 * 2**20
    file_seconds: float = 30.0
    worker_memory_bytes: int = 4 * 2**30
    limits: Limits = Limits()


def settings(raw: Path | None = None, out: Path | None = None) -> Settings:
    """Settings from arguments, else the environment (GONGKAI_RAW, GONGKAI_OUT, GONGKAI_WORKERS …), else the defaults.

    Raises GongkaiError for a limit that is no positive number.
    """
    usual = Settings(workers=_workers())
    return Settings(
        raw=raw or Path(os.environ.get("GONGKAI_RAW") or DEFAULT_RAW),
        out=out or Path(os.environ.get("GONGKAI_OUT") or DEFAULT_OUT),
        workers=math.ceil(_positive("GONGKAI_WORKERS", usual.workers)),
        max_file_bytes=math.ceil(_positive("GONGKAI_MAX_FILE_BYTES", usual.max_file_bytes)),
        file_seconds=_positive("GONGKAI_FILE_SECONDS", usual.file_seconds),
        worker_memory_bytes=math.ceil(_positive("GONGKAI_WORKER_MEMORY_BYTES", usual.worker_memory_bytes)),
        limits=_limits(),
    )


def changed_limits(limits: Limits, values: Mapping[str, float]) -> Limits:
    """Limits with some of them changed, by name; all but seconds are whole numbers."""
    return replace(limits, **{n: v if n.endswith("seconds") else math.ceil(v) for n, v in values.items()})  # type: ignore[arg-type]


def _limits() -> Limits:
    """Every limit from the variable of its name: max_cells from GONGKAI_MAX_CELLS."""
    usual = Limits()
    names = [limit.name for limit in fields(Limits)]
    return changed_limits(usual, {n: _positive(f"GONGKAI_{n.upper()}", getattr(usual, n)) for n in names})


def _positive(name: str, default: float) -> float:
    words = os.environ.get(name, "").strip()
    try:
        number = float(words) if words else default
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise GongkaiError(f"{name} is {words!r}: it must be a number above 0")
    return number
