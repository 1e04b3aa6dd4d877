"""Both gates before publishing, with the tables checked here or in a process of their own; processes without pandas.

Belongs here: pipeline/publish/gates.py, pipeline/without_pandas.py, answers of pipeline/aside.py. Does not belong here: what
the gates look for (test_publish.py, test_arrivals.py).
"""

import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from helpers_build import parse_only

from pipeline import aside
from pipeline.publish import gates
from pipeline.publish.gates import GATES, find_problems
from pipeline.publish.parquet import write_parquet
from pipeline.settings import Settings


@pytest.fixture
def build(raw: Path, out: Path) -> Path:
    """The folder of a build whose tables are written."""
    parse_only(raw, out)
    return write_parquet(Settings(raw, out)).folder


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> object:
    """Tables are checked in a process of its own, as in `gongkai build`."""
    monkeypatch.setattr(gates, "_MODELS", "not loaded")
    gates.get_ready()
    yield
    aside.stop()


def spoil(build: Path, table: str, query: str) -> None:
    part = build / "parquet" / table / "part-0.parquet"
    duckdb.sql(query.format(f"read_parquet('{part}')")).write_parquet(f"{part}.new")
    Path(f"{part}.new").rename(part)


@pytest.mark.usefixtures("elsewhere")
def test_both_places_say_the_same(build: Path, raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(raw, out)
    assert find_problems(build, settings) == {key: [] for key in GATES}
    spoil(build, "tables", "select * replace ('wrong' as table_key) from {}")
    gates.get_ready()
    found = find_problems(build, settings)
    monkeypatch.undo()
    assert found == find_problems(build, settings)
    assert found["tables", "valid"] != []
    assert found["files", "files_add_up"] == ["not counted: tables are not valid"]


@pytest.mark.usefixtures("elsewhere")
def test_rows_that_are_missing_are_counted_beside(build: Path, raw: Path, out: Path) -> None:
    part = build / "parquet" / "statements" / "part-0.parquet"
    rows = pq.ParquetFile(part).read()
    pq.write_table(rows.slice(0, 1), part)
    found = find_problems(build, Settings(raw, out))
    assert found["statements", "valid"] == []
    missing = found["reports", "rows_add_up"]
    assert missing
    assert all(problem.startswith("statements: ") for problem in missing)  # a line for each year


@pytest.mark.usefixtures("elsewhere")
def test_what_cannot_be_counted_is_said_after_what_is_not_valid(build: Path, raw: Path, out: Path) -> None:
    spoil(build, "reports", "select * exclude (report_year) from {}")
    found = find_problems(build, Settings(raw, out))
    assert found["reports", "valid"] != []
    assert found["reports", "rows_add_up"] == ["not counted: tables are not valid"]


def test_a_process_can_go_without_pandas() -> None:
    program = (
        "from pipeline.without_pandas import go_without_pandas, goes_without_pandas\n"
        "assert not goes_without_pandas()\ngo_without_pandas()\ngo_without_pandas()\nassert goes_without_pandas()\n"
        "import pyarrow as pa, sys\n"
        "assert pa.array(['a', None]).dictionary_encode().to_pylist() == ['a', None]\n"
        "assert 'pandas' not in sys.modules\n"
        "try:\n    import pandas\nexcept ModuleNotFoundError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "this process goes without pandas (pipeline/without_pandas.py)\n"


def test_a_process_that_has_pandas_keeps_it() -> None:
    program = (
        "import pandas\nfrom pipeline.without_pandas import go_without_pandas, goes_without_pandas\n"
        "go_without_pandas()\nprint(goes_without_pandas())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
