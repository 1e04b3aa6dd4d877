"""Settings that all tests share.

Belongs here: hypothesis profiles, the folder of the shared corpus. Does not belong here: helpers with words of reports
(report_text.py), tests.

`make test` draws the same examples every time, and so does `make soak`, so that a red build is about the code;
HYPOTHESIS_PROFILE=explore draws fresh ones.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("test", derandomize=True, deadline=None, max_examples=100, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "soak", derandomize=True, deadline=None, max_examples=1_000, suppress_health_check=SLOW_IS_FINE
)
settings.register_profile("explore", deadline=None, max_examples=1_000, suppress_health_check=SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared with corpus, gold and contract; tests that need it are skipped where it is not."""
    folder = Path(__file__).parent.parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no shared corpus at {folder}")
    return folder
