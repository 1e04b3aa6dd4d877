"""Where a run reads and writes, as a Dagster resource.

Belongs here: the resource, filled from the launchpad or the environment. Does not belong here: defaults
(pipeline/settings.py).
"""

from dataclasses import asdict, fields, replace
from pathlib import Path

from dagster import ConfigurableResource
from pydantic import Field

from pipeline.settings import Settings, changed_limits, settings
from pipeline.storage import place

_FOLDERS = ("raw", "out", "cache")


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
    engine: str = ""
    scheduler: str = ""
    cache: str = ""
    store: str = ""
    limits: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def of(cls, given: Settings) -> "Folders":
        """The resource that gives these settings back."""
        values = {setting.name: getattr(given, setting.name) for setting in fields(Settings)}
        folders = {name: str(values[name]) for name in _FOLDERS}
        return cls(**(values | folders | {"limits": asdict(given.limits)}))

    def settings(self) -> Settings:
        """The settings of this run."""
        raw, out = (place(words) if words else None for words in (self.raw, self.out))
        usual = settings(raw, out, self.engine or None)
        given = {setting.name: getattr(self, setting.name) for setting in fields(Settings)}
        given |= {
            "limits": changed_limits(usual.limits, self.limits),
            "cache": Path(self.cache) if self.cache else None,
        }
        return replace(usual, **{name: value for name, value in given.items() if value and name not in ("raw", "out")})
