"""Where a run reads and writes, as a Dagster resource.

Belongs here: the resource, filled from the launchpad or the environment. Does not belong here: defaults
(pipeline/settings.py).
"""

from dataclasses import asdict, fields, replace
from pathlib import Path

from dagster import ConfigurableResource
from pydantic import Field

from pipeline.settings import Settings, changed_limits, settings


class Folders(ConfigurableResource):
    """RAW and OUT of a build, and its limits. Empty or 0 means: as everywhere else (pipeline/settings.py)."""

    raw: str = ""
    out: str = ""
    workers: int = 0
    batch_files: int = 0
    settle_seconds: float = 0.0
    max_lost_share: float = 0.0
    max_file_bytes: int = 0
    file_seconds: float = 0.0
    worker_memory_bytes: int = 0
    limits: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def of(cls, given: Settings) -> "Folders":
        """The resource that gives these settings back."""
        values = {setting.name: getattr(given, setting.name) for setting in fields(Settings)}
        return cls(**(values | {"raw": str(given.raw), "out": str(given.out), "limits": asdict(given.limits)}))

    def settings(self) -> Settings:
        """The settings of this run."""
        usual = settings(Path(self.raw) if self.raw else None, Path(self.out) if self.out else None)
        given = {setting.name: getattr(self, setting.name) for setting in fields(Settings)}
        given |= {"limits": changed_limits(usual.limits, self.limits)}
        return replace(usual, **{name: value for name, value in given.items() if value and name not in ("raw", "out")})
