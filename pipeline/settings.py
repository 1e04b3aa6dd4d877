"""Where a build reads and writes, and its limits.

Belongs here: the settings, their defaults and environment variables. Does not belong here: using them.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_RAW = Path("data/raw")
DEFAULT_OUT = Path("data/curated")


def _workers() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@dataclass(frozen=True)
class Settings:
    """Folders and limits of a build. Sizes are in bytes, times in seconds."""

    raw: Path = DEFAULT_RAW
    out: Path = DEFAULT_OUT
    workers: int = field(default_factory=_workers)
    max_file_bytes: int = 64 * 2**20
    file_seconds: float = 30.0
    worker_memory_bytes: int = 4 * 2**30


def settings(raw: Path | None = None, out: Path | None = None) -> Settings:
    """Settings from arguments, else the environment (GONGKAI_RAW, GONGKAI_OUT, GONGKAI_WORKERS), else the defaults."""
    environment = os.environ
    return Settings(
        raw=raw or Path(environment.get("GONGKAI_RAW", DEFAULT_RAW)),
        out=out or Path(environment.get("GONGKAI_OUT", DEFAULT_OUT)),
        workers=int(environment.get("GONGKAI_WORKERS", 0)) or _workers(),
    )
