"""Builds that are cut short: killed at any instant, two at once, no room left, files left behind or truncated.

Belongs here: what may happen to a build and to what it left on disk; the published dataset is the old one or the new
one, whole, and the next build heals without help. Does not belong here: changes in RAW (test_state.py).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from helpers_build import (
    COUNTY,
    GONGKAI,
    TOWN,
    assert_as_from_scratch,
    assert_one_line,
    build_plain,
    command,
    command_here,
    copy_samples,
    environment,
    hidden,
    parse_only,
    processes_of_group,
    tables,
)

from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import Plan, batch_folder, plan_arrivals
from pipeline.state.lock import build_lock

PLAIN = (
    "import sys; from pathlib import Path; from helpers_build import build_plain; build_plain(*map(Path, sys.argv[1:]))"
)


def start(raw: Path, out: Path) -> "subprocess.Popen[str]":
    """`gongkai build` in a process group of its own."""
    return subprocess.Popen(
        [GONGKAI, "build", "--raw", raw, "--out", out],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def start_plain(raw: Path, out: Path) -> "subprocess.Popen[str]":
    """The same steps with the same worker processes, without Dagster, which takes seconds to import."""
    return subprocess.Popen(
        [sys.executable, "-c", PLAIN, raw, out],
        env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def kill(process: "subprocess.Popen[str]") -> None:
    """SIGKILL to all processes of a build."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    for _ in range(500):  # a killed child may take a moment to leave the table of processes
        if not processes_of_group(process.pid):
            return
        time.sleep(0.02)
    assert processes_of_group(process.pid) == []


def wait_for(happened: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    for _ in range(60_000):
        if happened():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    raise AssertionError("it did not happen within a minute")


# -- killed -----------------------------------------------------------------------------------------------------------

PHASES = {
    "planning": ".batches/*/plan.json*",
    "parsing": ".batches/*/results.new/contents.parquet",
    "parsed": ".batches/*/results/contents.parquet",
    "writing Parquet": ".builds/2/parquet/reports",
    "writing DuckDB": ".builds/2/gongkai.duckdb.new",
    "swapping": ".builds/2/gongkai.duckdb",
}


def kill_in_phase(start: "Callable[[Path, Path], subprocess.Popen[str]]", raw: Path, out: Path, phase: str) -> None:
    before = tables(out)
    there = set(out.glob(PHASES[phase]))
    copy_samples(raw, COUNTY)
    process = start(raw, out)
    wait_for(lambda: set(out.glob(PHASES[phase])) - there, process)
    kill(process)
    if phase == "swapping" and (out / ".current").readlink().name == "2":
        assert_as_from_scratch(raw, out)
    else:
        assert tables(out) == before
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)
    assert not list(out.glob("*.new"))


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("phase", PHASES)
def test_a_build_killed_in_any_phase_leaves_the_old_dataset_and_the_next_one_heals(
    raw: Path, out: Path, phase: str
) -> None:
    kill_in_phase(start_plain, raw, out, phase)


@pytest.mark.soak
@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("phase", PHASES)
def test_the_command_killed_in_any_phase_heals(raw: Path, out: Path, phase: str) -> None:
    kill_in_phase(start, raw, out, phase)


@pytest.mark.soak
@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("quarter", range(4))
def test_a_hundred_kills_at_random_instants(raw: Path, out: Path, quarter: int) -> None:
    """Each build has news, is killed at some instant of its life, and leaves one of the two datasets, whole."""
    kills = 25
    chance = random.Random(quarter)
    begin = time.monotonic()
    process = start_plain(raw, out)
    wait_for(lambda: process.poll() is not None or list(out.glob(".batches/*")), process)
    process.communicate()
    life = time.monotonic() - begin
    published = 0
    for number in range(kills):
        before = tables(out)
        (raw / COUNTY).parent.mkdir(exist_ok=True)
        (raw / COUNTY).write_bytes((raw / TOWN).read_bytes() + b"%d\n" % number)
        process = start_plain(raw, out)
        time.sleep(chance.uniform(0.2, 1.1) * life)
        kill(process)
        if tables(out) != before:
            published += 1
            assert_as_from_scratch(raw, out)
        if number % 10 == 9 or number == kills - 1:
            build_plain(raw, out)
            assert_as_from_scratch(raw, out)
    assert published < kills


@pytest.mark.usefixtures("built_before")
def test_an_interrupted_build_says_so_and_leaves_no_process(raw: Path, out: Path) -> None:
    before = tables(out)
    copy_samples(raw, COUNTY)
    process = start(raw, out)
    wait_for(lambda: list(out.glob(".batches/*/results.new/contents.parquet")), process)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (1, "gongkai: interrupted; the dataset is as it was\n")
    assert processes_of_group(process.pid) == []
    assert tables(out) == before
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


# -- two at once ------------------------------------------------------------------------------------------------------


def test_of_two_builds_at_once_the_second_waits_and_both_succeed(raw: Path, out: Path) -> None:
    builds = [start(raw, out) for _ in range(2)]
    results = [(*process.communicate(timeout=120), process.returncode) for process in builds]
    assert [status for _, _, status in results] == [0, 0]
    said = sorted(error for _, error, _ in results)
    assert said == ["", "another build is writing to this folder: waiting for it\n"]
    assert sorted("nothing new" in output for output, _, _ in results) == [False, True]
    assert_as_from_scratch(raw, out)


def test_the_lock_is_free_for_its_holder_and_nobody_else(out: Path) -> None:
    out.mkdir()
    with build_lock(out), build_lock(out):
        other = subprocess.run(["flock", "--nonblock", out / ".lock", "true"], check=False)
        assert other.returncode == 1
    with build_lock(out, wait=False):
        pass


# -- no room ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Gives a file system of so many kB and, called again, another size of it."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = False

    def resize(kilobytes: int) -> Path:
        nonlocal mounted
        size = ["-o", f"remount,size={kilobytes}k"] if mounted else ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"]
        done = subprocess.run(["mount", *size, folder], capture_output=True, text=True)
        if done.returncode and not mounted:
            pytest.skip(f"this test mounts a small tmpfs, which is not permitted here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        mounted = True
        return folder

    yield resize
    if mounted:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.soak
def test_a_full_disk_at_any_place_is_one_line_and_heals(raw: Path, small_disk: Callable[[int], Path]) -> None:
    out = small_disk(64_000) / "out"
    build_plain(raw, out)
    copy_samples(raw)
    used = shutil.disk_usage(out).used // 1024
    before, failures, room = tables(out), 0, 8
    while True:
        small_disk(
            max(used + room, shutil.disk_usage(out).used // 1024 + 4)
        )  # it cannot be made smaller than it is full
        result = command("build", "--raw", raw, "--out", out)
        if result.returncode == 0:
            break
        assert_one_line(result, "gongkai: ")
        assert "unexpected" not in result.stderr
        assert tables(out) == before
        failures, room = failures + 1, int(room * 2)
    assert failures >= 5
    assert_as_from_scratch(raw, out)


# -- left behind, lost, damaged ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("built_before")
def test_left_overs_of_builds_cut_short_heal(raw: Path, out: Path) -> None:
    for folder in (
        ".builds/7/parquet/cells",
        ".builds/rubbish",
        ".batches/20991231-000000-000000",
        ".batches/unplanned/results.new",
    ):
        (out / folder).mkdir(parents=True)
    (out / ".builds/7/parquet/cells/part-0.parquet").write_bytes(b"PAR1 half")
    (out / ".builds/7/gongkai.duckdb.new").write_bytes(b"half")
    (out / ".builds/7/gongkai.duckdb.new.wal").write_bytes(b"half")
    (out / ".batches/20991231-000000-000000/plan.json.new").write_text("{")
    for name in ("gongkai.duckdb", "parquet", ".current"):
        (out / f"{name}.new").symlink_to("nowhere")
    copy_samples(raw, COUNTY)
    (raw / COUNTY).write_text("half a repo")
    with build_lock(out):
        plan_arrivals(Settings(raw, out))  # a plan that nobody will carry out: the file is another by then
    copy_samples(raw, COUNTY)
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)
    builds = {name for name in hidden(out) if name.startswith(".builds")}
    assert builds == {".builds/1", ".builds/8"}
    assert len(hidden(out)) == 4
    assert not list(out.glob("*.new"))


def double_the_cells(out: Path, plan: Plan) -> None:
    path = batch_folder(out, plan.batch) / "results" / "cells.parquet"
    with duckdb.connect() as connection:
        rows = connection.sql(f"select * from '{path}' union all select * from '{path}'").to_arrow_table()
    pq.write_table(rows.cast(pq.read_schema(path)), path)


@pytest.mark.usefixtures("built_before")
def test_tables_that_are_not_valid_are_not_published(raw: Path, out: Path) -> None:
    before, current = tables(out), (out / ".current").readlink()
    copy_samples(raw, COUNTY)
    double_the_cells(out, parse_only(raw, out))
    result = command_here("build", "--raw", raw, "--out", out)
    assert_one_line(result, "not published", "cells: key (", "stands 2 times", f"remove {out}/.batches")
    assert tables(out) == before
    assert (out / ".current").readlink() == current
    shutil.rmtree(out / ".batches")
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


def truncated(part: Path) -> None:
    data = part.read_bytes()
    part.unlink()
    part.write_bytes(data[: len(data) // 2])


def spoilt(part: Path) -> None:
    """Bytes in the middle are others; the end, which says what is where, is as it was."""
    data = bytearray(part.read_bytes())
    length = int.from_bytes(data[-8:-4], "little") + 8
    data[4 : len(data) - length] = bytes(len(data) - length - 4)
    part.unlink()
    part.write_bytes(data)


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("name", ["cells", "contents"])
def test_truncated_results_of_a_published_batch_are_made_anew(raw: Path, out: Path, name: str) -> None:
    [batch] = (out / ".batches").iterdir()
    truncated(batch / "results" / f"{name}.parquet")
    [plan] = build_plain(raw, out)
    assert len(plan.to_parse) == 3
    assert_as_from_scratch(raw, out)
    assert not batch.exists()


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("name", ["cells", "contents"])
def test_truncated_results_that_were_not_published_are_made_anew(raw: Path, out: Path, name: str) -> None:
    copy_samples(raw, COUNTY)
    truncated(batch_folder(out, parse_only(raw, out).batch) / "results" / f"{name}.parquet")
    [plan] = build_plain(raw, out)
    assert len(plan.to_parse) == 1
    assert_as_from_scratch(raw, out)


@pytest.mark.soak
@pytest.mark.usefixtures("built_before")
def test_spoilt_results_are_found_and_made_anew_by_the_same_command(raw: Path, out: Path) -> None:
    copy_samples(raw, COUNTY)
    spoilt(batch_folder(out, parse_only(raw, out).batch) / "results" / "cells.parquet")
    before = tables(out)
    with pytest.raises(GongkaiError, match="were damaged and are removed: build again") as failure:
        build_plain(raw, out)
    assert "\n" not in str(failure.value)
    assert tables(out) == before
    spoilt(batch_folder(out, parse_only(raw, out).batch) / "results" / "tables.parquet")
    result = command("build", "--raw", raw, "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    assert_as_from_scratch(raw, out)


@pytest.mark.soak
@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("what", ["parquet/cells/part-0.parquet", "parquet/reports/part-0.parquet", "gongkai.duckdb"])
@pytest.mark.parametrize("damage", [truncated, spoilt])
def test_damage_to_the_published_build_does_not_get_into_the_next(
    raw: Path, out: Path, what: str, damage: Callable[[Path], None]
) -> None:
    damage((out / what).resolve())
    copy_samples(raw, COUNTY)
    assert command("build", "--raw", raw, "--out", out).returncode == 0
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_a_build_of_an_earlier_version_is_built_upon(raw: Path, out: Path) -> None:
    """Without the record of how it was made, or with another dictionary, nothing is taken over."""
    copy_samples(raw, COUNTY)
    (out / ".current" / "made.json").write_text('{"base": ""}')
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)
