"""Settings and fixtures that all tests share.

Belongs here: hypothesis profiles, the folder of the shared corpus, the folders RAW and OUT that tests of builds begin with.
Does not belong here: helpers with words of reports (report_text.py), building (helpers_build.py), tests.

`make test` draws the same examples every time, and so does `make soak`, so that a red build is about the code;
HYPOTHESIS_PROFILE=explore draws fresh ones.
"""

import gc
import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers_once import begin_run
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from assets.settings import Folders

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("test", derandomize=True, deadline=None, max_examples=100, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "soak", derandomize=True, deadline=None, max_examples=1_000, suppress_health_check=SLOW_IS_FINE
)
settings.register_profile("explore", deadline=None, max_examples=1_000, suppress_health_check=SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests stay in memory to the end: the garbage collector need not look at them again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared with corpus, gold and contract; tests that need it are skipped where it is not."""
    folder = Path(__file__).parent.parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no shared corpus at {folder}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is made once in a run lies in the folder of the run."""
    begin_run(tmp_path_factory)


# -- datasets. What takes time to import is imported when a test needs it. --------------------------------------------


@pytest.fixture(scope="session")
def samples() -> Path:
    """The dataset of data/raw, built once in a test run by the command; nobody may change it."""
    from helpers_build import built_samples

    return built_samples()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder with three small files: a report with tables, one without, and no report."""
    from helpers_build import NARRATIVE, NO_REPORT, TOWN, copy_samples

    return copy_samples(tmp_path / "raw", TOWN, NARRATIVE, NO_REPORT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for a dataset, which is not there yet."""
    return tmp_path / "out"


@pytest.fixture
def built_before(out: Path) -> None:
    """The dataset of the three files of `raw` lies in `out`."""
    from helpers_build import NARRATIVE, NO_REPORT, TOWN, copy_built

    copy_built(out, TOWN, NARRATIVE, NO_REPORT)


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> "DagsterInstance":
    """A Dagster instance that is gone after the test."""
    from dagster import DagsterInstance

    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return DagsterInstance.ephemeral()


@pytest.fixture
def folders(raw: Path, out: Path) -> "Folders":
    """`raw` and `out` as Dagster's assets get them."""
    from assets.settings import Folders
    from pipeline.settings import Settings

    return Folders.of(Settings(raw, out, workers=1, settle_seconds=0.001))
