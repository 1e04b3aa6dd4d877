"""Where a build reads and writes, and its limits: the one place for settings.

Belongs here: the settings, their defaults, and where each comes from. Does not belong here: using them.

The first that says something counts: arguments (`--raw`, or the resource of a Dagster run), the environment
(GONGKAI_RAW …), the settings file, the defaults. The settings file is gongkai.toml in the current folder, or the file
that GONGKAI_SETTINGS names; its keys are the names of the fields of Settings.
"""

import hashlib
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from pipeline.errors import GongkaiError
from pipeline.storage import Url, place

DEFAULT_RAW = Path("data/raw")
DEFAULT_OUT = Path("data/curated")
SETTINGS_FILE = Path("gongkai.toml")
SETTINGS_VARIABLE = "GONGKAI_SETTINGS"
ENGINES = ("pool", "dask")
DERIVED = ("store", "limits")
"""Fields of Settings that are no setting themselves."""


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
    """Folders and limits of a build. Sizes are in bytes, times in seconds.

    `batch_files`: the most files of one arrival batch. `settle_seconds`: the sensor leaves files alone that were written
    less long ago, since they may still grow; `gongkai build` reads what is there. `max_lost_share`: which share of a
    year's reports may be lost by reading unchanged files again before a build is not published. `engine`: who reads the
    files, one of ENGINES; `scheduler`: the address of a Dask scheduler, '' for workers of the build's own. RAW may be a URL. If OUT is
    one, `store` is that URL and `out` the working copy of it below `cache` (state/remote.py).
    """

    raw: Path | Url = DEFAULT_RAW
    out: Path = DEFAULT_OUT
    workers: int = field(default_factory=_workers)
    batch_files: int = 8_000
    settle_seconds: float = 10.0
    max_lost_share: float = 0.1
    max_file_bytes: int = 64 * 2**20
    file_seconds: float = 30.0
    worker_memory_bytes: int = 4 * 2**30
    engine: str = "pool"
    scheduler: str = ""
    cache: Path = Path("~/.cache/gongkai")
    store: str = ""
    limits: Limits = Limits()


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"GONGKAI_{name.upper()}"


def settings(
    raw: Path | Url | None = None,
    out: Path | Url | None = None,
    engine: str | None = None,
    scheduler: str | None = None,
) -> Settings:
    """Settings from arguments, else the environment, else the settings file, else the defaults.

    Raises GongkaiError for a limit that is no number above 0, for an engine that there is not, and for a settings file
    that is not there, is no TOML or has a key that is no setting.
    """
    path, given = _settings_file()
    found: dict[str, object] = {}
    for name, default in setting_defaults().items():
        words = os.environ.get(variable(name), "").strip()
        if words:
            found[name] = _from_words(name, default, words)
        elif name in given:
            found[name] = _from_file(path, name, default, given[name])
    limits = {limit.name: found.pop(limit.name) for limit in fields(Limits) if limit.name in found}
    arguments = {"raw": raw, "out": out, "engine": engine, "scheduler": scheduler}
    found |= {name: value for name, value in arguments.items() if value is not None}
    if found.get("engine", ENGINES[0]) not in ENGINES:
        raise GongkaiError(f"engine is {found['engine']!r}: it must be {' or '.join(ENGINES)}")
    return _with_store(Settings(**found, limits=Limits(**limits)))  # type: ignore[arg-type]


def _with_store(given: Settings) -> Settings:
    """Settings whose OUT is a folder: the working copy, if a URL was given."""
    if not isinstance(given.out, Url):
        return given
    digest = hashlib.sha256(given.out.text.encode()).hexdigest()[:16]
    return replace(given, out=given.cache.expanduser() / digest, store=given.out.text)


def setting_defaults() -> dict[str, object]:
    """Every setting by its name, those of a single file's limits included, with its default."""
    usual = Settings()
    own = {setting.name: getattr(usual, setting.name) for setting in fields(Settings) if setting.name not in DERIVED}
    return own | {limit.name: getattr(usual.limits, limit.name) for limit in fields(Limits)}


def changed_limits(limits: Limits, values: Mapping[str, float]) -> Limits:
    """Limits with some of them changed, by name; all but seconds are whole numbers."""
    return replace(limits, **{n: v if n.endswith("seconds") else math.ceil(v) for n, v in values.items()})  # type: ignore[arg-type]


def _settings_file() -> tuple[Path, Mapping[str, object]]:
    """The settings file and what it says; nothing if there is none and none is named."""
    named = os.environ.get(SETTINGS_VARIABLE, "").strip()
    path = Path(named) if named else SETTINGS_FILE
    if not named and not path.exists():
        return path, {}
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GongkaiError(f"cannot read the settings file {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GongkaiError(f"the settings file {path} is no TOML: {error}") from None
    known = list(setting_defaults())
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise GongkaiError(f"{unknown[0]!r} in {path} is no setting: the settings are {', '.join(known)}")
    return path, given


def _from_words(name: str, default: object, words: str) -> object:
    if isinstance(default, Path):
        return _folder(name, words)
    return words if isinstance(default, str) else _number(default, words, name)


def _from_file(path: Path, name: str, default: object, value: object) -> object:
    if isinstance(default, Path):
        if not isinstance(value, str) or not value:
            raise GongkaiError(f"{name} in {path} is {value!r}: it must be the path of a folder")
        given = _folder(name, value)
        if isinstance(given, Url) or given.parts[:1] == ("~",):
            return given
        return path.parent / given  # relative to the file that says it, not to where someone stands
    if isinstance(default, str):
        if not isinstance(value, str):
            raise GongkaiError(f"{name} in {path} is {value!r}: it must be text")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GongkaiError(f"{name} in {path} is {value!r}: it must be a number above 0")
    return _number(default, value, name, f" in {path}")


def _folder(name: str, words: str) -> Path | Url:
    given = place(words)
    if name == "cache" and isinstance(given, Url):
        raise GongkaiError(f"cache is {words!r}: it must be a folder of this machine")
    return given


def _number(default: object, value: str | int | float, name: str, place: str = "") -> float:
    """A setting of the type of its default; part of a byte or worker counts as a whole one."""
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = 0.0
    if not 0 < number < math.inf:
        raise GongkaiError(f"{name if place else variable(name)}{place} is {value!r}: it must be a number above 0")
    return math.ceil(number) if isinstance(default, int) else number
