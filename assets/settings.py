"""Where a run reads and writes, as a Dagster resource.

Belongs here: the resource, filled from the launchpad or the environment. Does not belong here: defaults
(pipeline/settings.py).
"""

from dataclasses import asdict, replace
from pathlib import Path

from dagster import ConfigurableResource

from pipeline.settings import Settings, changed_limits, settings


class Folders(ConfigurableResource):
    """RAW and OUT of a build, and its limits. Empty or 0 means: from the environment (GONGKAI_RAW …), else the default."""

    raw: str = ""
    out: str = ""
    workers: int = 0
    max_file_bytes: int = 0
    file_seconds: float = 0.0
    worker_memory_bytes: int = 0
    limits: dict[str, float] = {}  # noqa: RUF012  (a field of the resource: name of a limit → its value)

    @classmethod
    def of(cls, given: Settings) -> "Folders":
        """The resource that gives these settings back."""
        return cls(
            raw=str(given.raw),
            out=str(given.out),
            workers=given.workers,
            max_file_bytes=given.max_file_bytes,
            file_seconds=given.file_seconds,
            worker_memory_bytes=given.worker_memory_bytes,
            limits={name: float(value) for name, value in asdict(given.limits).items()},
        )

    def settings(self) -> Settings:
        """The settings of this run."""
        usual = settings(Path(self.raw) if self.raw else None, Path(self.out) if self.out else None)
        return replace(
            usual,
            workers=self.workers or usual.workers,
            max_file_bytes=self.max_file_bytes or usual.max_file_bytes,
            file_seconds=self.file_seconds or usual.file_seconds,
            worker_memory_bytes=self.worker_memory_bytes or usual.worker_memory_bytes,
            limits=changed_limits(usual.limits, self.limits),
        )
