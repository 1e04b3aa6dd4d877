"""Settings: where each comes from, and what is said about a wrong one.

Belongs here: pipeline/settings.py, the resource of Dagster runs, docs/operations.md beside them. Does not belong here:
what a limit does (test_bad_input.py, test_state.py).
"""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from helpers_build import PROJECT, assert_one_line, command_here

from assets.settings import Folders
from pipeline.errors import GongkaiError
from pipeline.settings import Settings, setting_defaults, settings, variable
from pipeline.storage import place

DEFAULTS = setting_defaults()
NAMES = list(DEFAULTS)


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*map(variable, NAMES), "GONGKAI_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_word_the_defaults_hold() -> None:
    assert settings() == Settings()


def test_the_first_that_says_something_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gongkai.toml").write_text('raw = "reports"\nout = "/data/out"\nworkers = 3\nfile_seconds = 2.5\n')
    assert settings() == Settings(raw=Path("reports"), out=Path("/data/out"), workers=3, file_seconds=2.5)
    monkeypatch.setenv("GONGKAI_WORKERS", "5")
    monkeypatch.setenv("GONGKAI_RAW", "elsewhere")
    monkeypatch.setenv("GONGKAI_FILE_SECONDS", " ")  # says nothing
    found = settings(out=Path("here"))
    assert found == Settings(raw=Path("elsewhere"), out=Path("here"), workers=5, file_seconds=2.5)
    assert Folders(workers=7).settings().workers == 7
    assert Folders().settings().workers == 5


def test_paths_of_a_settings_file_are_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "own.toml").write_text('raw = "raw"\n')
    monkeypatch.setenv("GONGKAI_SETTINGS", "server/own.toml")
    assert settings().raw == Path("server/raw")
    assert settings().out == Settings().out


def test_the_resource_gives_all_settings_back() -> None:
    given = Settings(Path("a"), Path("b"), 2, 10, 3.5, 0.2, 1_000, 1.5, 2_000, "dask", "tcp://a:1", Path("c"))
    assert asdict(Folders.of(given).settings()) == asdict(given)
    stored = settings(place("s3://b/raw"), place("s3://b/out"))
    assert Folders.of(stored).settings() == stored


def test_a_url_of_a_dataset_has_a_working_copy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CACHE", "/var/cache/gongkai")
    one, other = settings(out=place("s3://b/one/")), settings(out=place("s3://b/other"))
    assert (one.store, one.out.parent) == ("s3://b/one", Path("/var/cache/gongkai"))
    assert one.out != other.out
    assert Folders(out="s3://b/one").settings() == one


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("worker = 2", "'worker' in gongkai.toml is no setting: the settings are raw, out, workers, "),
        ("[limits]\nworkers = 2", "'limits' in gongkai.toml is no setting"),
        ("workers = 0", "workers in gongkai.toml is 0: it must be a number above 0"),
        ("workers = -1", "workers in gongkai.toml is -1: it must be a number above 0"),
        ('workers = "2"', "workers in gongkai.toml is '2': it must be a number above 0"),
        ("workers = true", "workers in gongkai.toml is True: it must be a number above 0"),
        ("file_seconds = inf", "file_seconds in gongkai.toml is inf: it must be a number above 0"),
        ("file_seconds = nan", "file_seconds in gongkai.toml is nan: it must be a number above 0"),
        ("raw = 1", "raw in gongkai.toml is 1: it must be the path of a folder"),
        ('engine = "ray"', "engine is 'ray': it must be pool or dask"),
        ("engine = 1", "engine in gongkai.toml is 1: it must be text"),
        ('cache = "s3://b/x"', "cache is 's3://b/x': it must be a folder of this machine"),
        ('raw = ""', "raw in gongkai.toml is '': it must be the path of a folder"),
        ("workers 2", "the settings file gongkai.toml is no TOML: "),
        ("工 = ", "the settings file gongkai.toml is no TOML: "),
    ],
)
def test_a_wrong_settings_file_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "gongkai.toml").write_text(text, encoding="utf-8")
    assert_one_line(command_here("status"), words)


def test_a_settings_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_SETTINGS", "none.toml")
    with pytest.raises(GongkaiError, match=r"cannot read the settings file none\.toml: No such file or directory"):
        settings()


@pytest.mark.parametrize("name", [name for name in NAMES if not isinstance(DEFAULTS[name], Path | str)])
@pytest.mark.parametrize("value", ["many", "0", "-1", "inf", "nan", "1e999"])
def test_a_limit_that_is_no_number_above_0_is_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable(name), value)
    with pytest.raises(GongkaiError) as failure:
        settings()
    assert str(failure.value) == f"{variable(name)} is '{value}': it must be a number above 0"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]+?)`? \|", page, re.MULTILINE))
    shown = {name: str(default) for name, default in DEFAULTS.items()}
    shown |= {"workers": "all cores", "scheduler": "none"}
    assert rows == shown
