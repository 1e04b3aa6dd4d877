"""Where a run reads and writes, as a Dagster resource.

Belongs here: the resource, filled from the launchpad or the environment. Does not belong here: defaults
(pipeline/settings.py).
"""

from collections.abc import Callable
from pathlib import Path

from dagster import ConfigurableResource
from pydantic import PrivateAttr

from pipeline.settings import Settings, settings


class Folders(ConfigurableResource):
    """RAW and OUT of a build. Empty means: from GONGKAI_RAW and GONGKAI_OUT, else data/raw and data/curated."""

    raw: str = ""
    out: str = ""

    _progress: Callable[[int, int], None] | None = PrivateAttr(default=None)

    def settings(self) -> Settings:
        return settings(Path(self.raw) if self.raw else None, Path(self.out) if self.out else None)
