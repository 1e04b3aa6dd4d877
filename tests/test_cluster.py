"""The engine dask: the same tables as worker processes make, also when workers are killed, and clear words when it cannot.

Belongs here: pipeline/cluster.py and cluster_task.py with a real cluster. Does not belong here: object stores
(test_storage.py), what is parsed.
"""

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from helpers_build import (
    assert_as_from_scratch,
    assert_one_line,
    assert_same_rows,
    build_plain,
    command_here,
    copy_samples,
    query,
    tables,
)
from helpers_pool import Deadly

from benchmarks.generate import main as generate
from pipeline import cluster
from pipeline.chunk import Reading
from pipeline.cluster_task import TOKEN, Block, read_block, same_everywhere
from pipeline.errors import GongkaiError
from pipeline.settings import Limits, Settings
from pipeline.written import writing

SECONDS, MEMORY = 30.0, 4 * 2**30


def test_two_local_workers_make_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.chunk.CHUNK_FILES", 3)  # several blocks
    raw, told = copy_samples(tmp_path / "raw"), []
    build_plain(raw, tmp_path / "out", lambda *done: told.append(done), engine="dask", workers=2)
    assert_as_from_scratch(raw, tmp_path / "out")
    assert len(told) > 2
    assert told[-1][0] == told[-1][1] == len(list(raw.rglob("*.txt")))
    assert not list((tmp_path / "out").rglob("parts*"))


def block(tmp_path: Path, **changed: object) -> bytes:
    (tmp_path / TOKEN).write_text("here")
    jobs = [(str(tmp_path), "gone.txt", "0" * 64, None)]
    reading = Reading(Limits(), tmp_path, "x")
    task = Block("000000", [jobs], str(tmp_path), "here", reading, SECONDS, MEMORY, same_everywhere())
    return pickle.dumps(task._replace(**changed))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"same": ("0", True, True)}, r"version of the parser, LibreOffice, antiword\) are .* on a worker and \('0'"),
        ({"token": "elsewhere"}, "the folder of the dataset must be shared, or a URL"),
        ({"parts": "/nowhere"}, "a worker does not see /nowhere"),
        ({"chunks": [[("/nowhere", "a.txt", "0", None)]]}, "a worker does not see the raw folder /nowhere"),
    ],
)
def test_a_worker_that_would_read_something_else_says_so(tmp_path: Path, changed: dict, words: str) -> None:
    with pytest.raises(GongkaiError, match=words):
        read_block(block(tmp_path, **changed))


def test_without_dask_it_is_one_line_that_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    raw = copy_samples(tmp_path / "raw", "not-a-report/notice.txt")
    result = command_here("build", "--raw", raw, "--out", tmp_path / "out", "--engine", "dask")
    assert_one_line(result, "pip install 'gongkai[dask]'")


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    settings = Settings(tmp_path, tmp_path, scheduler="tcp://127.0.0.1:9", engine="dask")
    with cluster.cluster_for(settings) as opening:
        error = opening.exception()
    assert isinstance(error, GongkaiError)
    assert str(error).startswith("no Dask scheduler with workers at tcp://127.0.0.1:9: ")
    assert "\n" not in str(error)


def test_a_scheduler_is_for_dask(tmp_path: Path) -> None:
    assert command_here("build", "--scheduler", "tcp://127.0.0.1:9").returncode == 2


def test_dask_is_imported_only_when_it_is_asked_for() -> None:
    script = "import sys, assets.command, pipeline.batch; print({'distributed', 'dask', 'fsspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.soak
def test_a_worker_killed_in_the_middle_costs_nothing_but_time(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    assert generate(["--count", "600", "--seed", "8", "--out", str(raw)]) == 0
    killed: list[int] = []

    def kill_one(*_: int) -> None:
        if not killed:
            client = next(iter(cluster._open.values())).result().client
            killed.append(min(client.run(os.getpid).values()))
            os.kill(killed[0], signal.SIGKILL)

    build_plain(raw, tmp_path / "pool", workers=2)
    build_plain(raw, tmp_path / "dask", kill_one, engine="dask", workers=2)
    assert killed
    assert_same_rows(tables(tmp_path / "dask"), tables(tmp_path / "pool"))
    assert query(tmp_path / "dask", "select 1 from files where reason like '%died%'") == []


@pytest.mark.soak
def test_a_file_that_kills_every_worker_is_given_up_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    raw = copy_samples(tmp_path / "raw")
    paths = sorted(raw.rglob("*.txt"))
    jobs = [(str(raw), str(path.relative_to(raw)), f"{number:064x}", None) for number, path in enumerate(paths)]
    jobs[4] = (*jobs[4][:2], Deadly(jobs[4][2]), None)
    settings = Settings(raw, tmp_path, workers=2, engine="dask")
    (tmp_path / "scratch").mkdir()
    with writing(tmp_path / "results") as results:
        reading = Reading(Limits(), tmp_path / "scratch", "x")
        cluster.read_on_cluster([jobs[:3], jobs[3:6], jobs[6:]], reading, settings, results, lambda files: None)
    contents = pq.read_table(tmp_path / "results" / "contents.parquet").to_pylist()
    assert [row["file_id"] for row in contents] == [job[2] for job in jobs]
    assert [row["file_id"] for row in contents if row["reason"] == cluster.KILLED] == [str(jobs[4][2])]
