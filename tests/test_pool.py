"""Worker processes that die, hang, fail or eat memory: only the item that did it is given up, the rest comes in order.

Belongs here: pipeline/pool.py with work functions that do such things for real. Does not belong here: parsing.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_build import environment, processes_of_group
from helpers_pool import MEMORY, Deadly, run_chunks

from pipeline.errors import GongkaiError

SECONDS = 1.0


def run(*chunks: list[str], workers: int = 2, seconds: float = SECONDS) -> list[str]:
    """All results in the order they come; each chunk's, or each item's, as it was handed in."""
    results = list(run_chunks(chunks, workers, seconds, MEMORY))
    assert [item for chunk, _ in results for item in chunk] == [item for chunk in chunks for item in chunk]
    return [words for _, result in results for words in result]


REASONS = {
    "exit": "the worker process reading it died (exit status 3)",
    "kill": "the worker process reading it died (SIGKILL)",
    "hang": "reading it took longer than the limit GONGKAI_FILE_SECONDS (1)",
    "no memory": "reading it took more memory than the limit GONGKAI_WORKER_MEMORY_BYTES (4,294,967,296)",
    "too much": "reading it took more memory than the limit GONGKAI_WORKER_MEMORY_BYTES (4,294,967,296)",
    "fault": r"the program failed on it, please report this: KeyError: 'a line\nand another'",
}


def test_no_work_is_no_result() -> None:
    assert run() == []


def test_results_come_in_the_order_of_the_work() -> None:
    chunks = [[f"{chunk}-{item}" for item in range(chunk % 4 + 1)] for chunk in range(40)]
    assert run(*chunks) == [item.upper() for chunk in chunks for item in chunk]


@pytest.mark.parametrize("item", REASONS)
def test_only_the_item_that_did_it_is_given_up(item: str) -> None:
    assert run(["a", item, "b"], ["c"]) == ["A", f"{item}: {REASONS[item]}", "B", "C"]


@pytest.mark.parametrize("workers", [1, 2])
def test_many_deaths_cost_no_other_result(workers: int) -> None:
    chunks = [["a", "exit", "b", "kill"], ["kill"], ["c"] * 9, ["exit", "exit"], ["fault", "d"], [], ["e"]]
    expected = [f"{item}: {REASONS[item]}" if item in REASONS else item.upper() for chunk in chunks for item in chunk]
    assert run(*chunks, workers=workers) == expected


def test_work_that_is_abandoned_ends_at_once() -> None:
    results: Iterator[tuple[list[str], list[str]]] = run_chunks([["a"], ["hang"]], 1, 60.0, MEMORY)
    assert next(results) == (["a"], ["A"])
    begin = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begin < 5


def test_a_limit_below_what_a_worker_has_already_is_no_trouble() -> None:
    for megabytes in (1, 300, 400):
        results = run_chunks([["a"], ["too much"], ["b"]], 1, SECONDS, megabytes * 2**20)
        words = [words for _, result in results for words in result]
        assert (words[0], words[2]) == ("A", "B")
        assert "GONGKAI_WORKER_MEMORY_BYTES" in words[1]


def test_workers_that_cannot_live_are_an_error_of_one_line() -> None:
    with pytest.raises(GongkaiError, match="is there enough memory") as failure:
        list(run_chunks([["a"], [Deadly("b")]], 1, SECONDS, MEMORY))
    assert "\n" not in str(failure.value)


def test_workers_end_when_the_process_that_started_them_is_killed() -> None:
    program = (
        "from helpers_pool import run_chunks\n"
        "for _, result in run_chunks([['a'], ['hang'], ['hang']], 2, 60.0, 2**32):\n"
        "    print(*result, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(PYTHONPATH=str(Path(__file__).parent)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "A\n"
    assert len(processes_of_group(process.pid)) >= 3
    process.kill()
    process.communicate()
    for _ in range(100):
        if not processes_of_group(process.pid):
            break
        time.sleep(0.1)
    assert processes_of_group(process.pid) == []
