"""What a build keeps: whatever happened to the raw files, and whatever was cut short, it ends as a build from nothing.

Belongs here: sequences of changes in RAW, left-overs, killed builds, two builds at once. Does not belong here: the
published files (test_publish.py), raw files that cannot be read (test_bad_input.py).
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from helpers_build import (
    COUNTY,
    GONGKAI,
    NARRATIVE,
    NO_REPORT,
    TOWN,
    assert_as_from_scratch,
    assert_one_line,
    assert_same_rows,
    build_here,
    build_plain,
    command_here,
    copy_built,
    copy_samples,
    environment,
    files,
    hidden,
    processes_of_group,
    query,
    removed,
    tables,
)

from pipeline.batch import parse_batch
from pipeline.errors import GongkaiError
from pipeline.settings import Settings
from pipeline.state.batches import Plan, batch_folder, plan_arrivals, read_plan
from pipeline.state.folders import prepare_folders
from pipeline.state.lock import build_lock

NO_TITLE = "no such report: it has no title of an annual report, no statutory table and fewer than three known headings"
PARSED = ("parsed", None)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return copy_samples(tmp_path / "raw", TOWN, NARRATIVE, NO_REPORT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def built_before(out: Path) -> None:
    copy_built(out, TOWN, NARRATIVE, NO_REPORT)


def parse_only(raw: Path, out: Path) -> Plan:
    """A build that ends after parsing: its results are there and not published."""
    settings = Settings(raw, out, workers=1)
    prepare_folders(raw, out)
    with build_lock(out):
        _, plan = plan_arrivals(settings)
        assert plan is not None
        parse_batch(plan, settings)
    return plan


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("2013", "2012"), encoding="utf-8")


def copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def test_every_change_ends_as_a_build_from_nothing(raw: Path, out: Path) -> None:
    moved, copied = "z/moved.txt", "a/copied.txt"
    steps: list[tuple[Callable[[], object], int, dict[str, tuple[str, str | None] | None]]] = [
        (lambda: None, 3, {TOWN: PARSED, NARRATIVE: PARSED, NO_REPORT: ("quarantined", NO_TITLE)}),
        (lambda: copy_samples(raw, COUNTY), 1, {COUNTY: PARSED}),
        (lambda: change(raw / NARRATIVE), 1, {}),
        (lambda: copy(raw / TOWN, raw / copied), 0, {copied: PARSED, TOWN: ("duplicate", f"same bytes as {copied}")}),
        (lambda: os.renames(raw / COUNTY, raw / moved), 0, {COUNTY: None, moved: PARSED}),
        (lambda: (raw / copied).unlink(), 0, {copied: None, TOWN: PARSED}),
        (lambda: copy_and_remove(raw / moved, raw / COUNTY), 0, {moved: None, COUNTY: PARSED}),
        (lambda: os.utime(raw / TOWN), 0, {}),
        (lambda: swap(raw / TOWN, raw / NARRATIVE), 0, {}),
        (lambda: shutil.rmtree(raw / "unnamed"), 0, {TOWN: None}),
    ]
    expected: dict[str, tuple[str, str | None]] = {}
    for number, (action, parsed, news) in enumerate(steps):
        action()
        expected = {path: what for path, what in (expected | news).items() if what is not None}
        plan = build_plain(raw, out)
        assert plan is not None, number
        assert len(plan.to_parse) == parsed, number
        assert files(out) == expected, number
        if number % 2:
            assert_as_from_scratch(raw, out)
    assert removed(out) == [
        (copied, "no longer in the raw folder"),
        (NARRATIVE, "overwritten by other content"),
        (NARRATIVE, "overwritten by other content"),
        (TOWN, "no longer in the raw folder"),
        (TOWN, "overwritten by other content"),
        (moved, "no longer in the raw folder"),
    ]


def copy_and_remove(path: Path, target: Path) -> None:
    copy(path, target)
    path.unlink()


def swap(one: Path, other: Path) -> None:
    between = one.with_name("between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def test_content_that_comes_back_is_not_parsed_again(raw: Path, out: Path) -> None:
    town = (raw / TOWN).read_bytes()
    for data in (town, b"something else", town):
        (raw / TOWN).write_bytes(data)
        plan = build_plain(raw, out)
    assert plan is not None
    assert plan.to_parse == []
    assert_as_from_scratch(raw, out)


def test_building_again_parses_nothing_and_imports_no_dagster(raw: Path, out: Path) -> None:
    build_plain(raw, out)
    before, kept = tables(out), hidden(out)
    program = (
        "import sys; from assets.command import main\n"
        "try: main()\n"
        "finally: print('heavy', sorted({name.partition('.')[0] for name in sys.modules} & {'dagster', 'pandas', 'pandera'}))"
    )
    result = subprocess.run(
        [GONGKAI.with_name("python"), "-c", program, "build", "--raw", raw, "--out", out],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout.splitlines()[-2:] == ["nothing new", "heavy []"]
    assert "; 0 read now, 3 unchanged;" in result.stdout
    assert tables(out) == before
    assert hidden(out) == kept


@pytest.mark.usefixtures("built_before")
def test_first_seen_is_when_the_content_came_to_the_path(raw: Path, out: Path) -> None:
    times = dict(query(out, "select path, first_seen_at from files"))
    time.sleep(1.1)
    copy_samples(raw, COUNTY)
    os.utime(raw / TOWN)
    build_plain(raw, out)
    later = dict(query(out, "select path, first_seen_at from files"))
    assert {path: later[path] for path in times} == times
    assert later[COUNTY] > max(times.values())


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
    (raw / COUNTY).parent.mkdir()
    shutil.copyfile(raw / TOWN, raw / COUNTY)
    with build_lock(out):
        plan_arrivals(Settings(raw, out))  # a plan that nobody will carry out: other news comes first
    copy_samples(raw, COUNTY)
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)
    builds = {name for name in hidden(out) if name.startswith(".builds")}
    assert builds == {".builds/1", ".builds/8"}
    assert len(hidden(out)) == 4
    assert not list(out.glob("*.new"))


@pytest.mark.usefixtures("built_before")
def test_the_build_before_is_kept_even_if_a_build_failed_in_between(raw: Path, out: Path) -> None:
    (out / ".builds" / "2").mkdir()
    for number in range(2):
        (raw / "more.txt").write_text(str(number))
        current = (out / ".current").readlink().name
        build_plain(raw, out)
        assert {path.name for path in (out / ".builds").iterdir()} == {current, (out / ".current").readlink().name}


@pytest.mark.usefixtures("built_before")
def test_results_that_were_not_published_are_used_and_their_news_too(raw: Path, out: Path) -> None:
    copy_samples(raw, COUNTY)
    (raw / "soon-gone.txt").write_text("nothing")
    parse_only(raw, out)
    (raw / "soon-gone.txt").unlink()
    (raw / NO_REPORT).unlink()
    plan = build_plain(raw, out)
    assert plan is not None
    assert (plan.to_parse, plan.seen) == ([], [])
    assert sorted(plan.gone) == [NO_REPORT, "soon-gone.txt"]
    assert COUNTY in files(out)
    assert_as_from_scratch(raw, out)


def test_results_without_any_news_are_published(raw: Path, out: Path) -> None:
    parse_only(raw, out)
    plan = build_plain(raw, out)
    assert plan is not None
    assert plan.to_parse == []
    assert_as_from_scratch(raw, out)
    assert build_plain(raw, out) is None


@pytest.mark.usefixtures("built_before")
def test_a_lost_link_to_the_current_build_heals_without_parsing(raw: Path, out: Path) -> None:
    os.renames(raw / TOWN, raw / "moved.txt")
    build_plain(raw, out)
    (out / ".current").unlink()
    plan = build_plain(raw, out)
    assert plan is not None
    assert plan.to_parse == []
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_without_its_results_everything_is_read_again(raw: Path, out: Path) -> None:
    shutil.rmtree(out / ".batches")
    plan = build_plain(raw, out)
    assert plan is not None
    assert len(plan.to_parse) == 3
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_results_of_an_older_parser_are_replaced(raw: Path, out: Path) -> None:
    with sqlite3.connect(out / ".current" / "manifest.sqlite") as connection:
        connection.execute("update contents set parser_version = '0'")
    connection.close()
    before = hidden(out)
    plan = build_plain(raw, out)
    assert plan is not None
    assert len(plan.to_parse) == 3
    assert len({name for name in hidden(out) - before if name.startswith(".batches")}) == 1
    assert len({name for name in hidden(out) if name.startswith(".batches")}) == 1
    assert_as_from_scratch(raw, out)


def test_a_file_that_changes_while_the_build_runs_is_read_by_the_next(raw: Path, out: Path) -> None:
    settings = Settings(raw, out, workers=1)
    prepare_folders(raw, out)
    with build_lock(out):
        _, plan = plan_arrivals(settings)
        assert plan is not None
        change(raw / NARRATIVE)
        (raw / TOWN).unlink()
        parse_batch(plan, settings)
    plan = build_plain(raw, out)
    assert plan is not None
    assert [file.path for file in plan.to_parse] == [NARRATIVE]
    assert_as_from_scratch(raw, out)


def test_the_same_news_gives_the_same_plan(raw: Path, out: Path) -> None:
    prepare_folders(raw, out)
    settings = Settings(raw, out)
    with build_lock(out):
        plans = [plan_arrivals(settings)[1] for _ in range(2)]
        (raw / "more.txt").write_text("more")
        _, other = plan_arrivals(settings)
    assert plans[0] is not None
    assert other is not None
    assert plans[0] == plans[1]
    assert other.batch != plans[0].batch
    assert read_plan(out, plans[0].batch) is None
    assert read_plan(out, other.batch) == other


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "nul\0"])
def test_a_batch_cannot_lie_outside_its_folder(out: Path, name: str) -> None:
    with pytest.raises(GongkaiError):
        batch_folder(out, name)


# -- killed, and two at once ------------------------------------------------------------------------------------------


def start(raw: Path, out: Path) -> "subprocess.Popen[str]":
    """A build in a process group of its own."""
    return subprocess.Popen(
        [GONGKAI, "build", "--raw", raw, "--out", out],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def kill(process: "subprocess.Popen[str]") -> None:
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


MOMENTS = {
    "parsing": ".batches/*/results.new/contents.parquet",
    "writing Parquet": ".builds/2/parquet/reports",
    "writing DuckDB": ".builds/2/gongkai.duckdb.new",
}


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_build_leaves_the_old_dataset_and_the_next_one_heals(raw: Path, out: Path, moment: str) -> None:
    before = tables(out)
    there = set(out.glob(MOMENTS[moment]))
    copy_samples(raw, COUNTY)
    process = start(raw, out)
    wait_for(lambda: set(out.glob(MOMENTS[moment])) - there, process)
    kill(process)
    assert tables(out) == before
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
@pytest.mark.soak
@pytest.mark.parametrize("number", range(25))
def test_a_build_killed_at_any_time_heals(raw: Path, out: Path, number: int) -> None:
    before = tables(out)
    copy_samples(raw)
    (raw / NO_REPORT).unlink()
    process = start(raw, out)
    wait_for(lambda: len(list(out.glob(".batches/*"))) > 1, process)
    time.sleep(random.uniform(0, 6))
    kill(process)
    whole = process.returncode == 0 or len(list(out.glob(".builds/*/gongkai.duckdb"))) > 1
    assert whole or tables(out) == before
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_changes_ends_as_a_build_from_nothing(raw: Path, out: Path, seed: int) -> None:
    chance = random.Random(seed)
    copy_samples(raw)
    names = ["a/1.txt", "a/2.txt", "b/1.txt", "c.txt", TOWN, COUNTY, NARRATIVE, NO_REPORT]
    for _ in range(10):
        for _ in range(chance.randint(1, 5)):
            there = sorted(path for path in raw.rglob("*") if path.is_file() and not path.is_symlink())
            path, target = chance.choice(there), raw / chance.choice(names)
            target.parent.mkdir(parents=True, exist_ok=True)
            deed = chance.choice(["copy", "move", "remove", "change", "link", "parse only"])
            if deed == "copy" and path != target:
                target.unlink(missing_ok=True)
                shutil.copyfile(path, target)
            elif deed == "move":
                path.replace(target)
            elif deed == "remove" and len(there) > 3:
                path.unlink()
            elif deed == "change":
                path.write_bytes(path.read_bytes() + f"\n{chance.random()}".encode())
            elif deed == "link" and not target.exists() and not target.is_symlink():
                target.symlink_to(path)
            elif deed == "parse only" and build_is_due(raw, out):
                parse_only(raw, out)
        build_plain(raw, out)
        assert_as_from_scratch(raw, out)


def build_is_due(raw: Path, out: Path) -> bool:
    prepare_folders(raw, out)
    with build_lock(out):
        return plan_arrivals(Settings(raw, out))[1] is not None


def test_of_two_builds_at_once_the_second_waits_and_both_succeed(raw: Path, out: Path) -> None:
    builds = [start(raw, out) for _ in range(2)]
    results = [(*process.communicate(timeout=120), process.returncode) for process in builds]
    assert [status for _, _, status in results] == [0, 0]
    said = sorted(error for _, error, _ in results)
    assert said == ["", "another build is writing to this folder: waiting for it\n"]
    assert sorted("nothing new" in output for output, _, _ in results) == [False, True]
    assert_as_from_scratch(raw, out)


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


def test_the_lock_is_free_for_its_holder_and_nobody_else(out: Path) -> None:
    out.mkdir()
    with build_lock(out), build_lock(out):
        other = subprocess.run(["flock", "--nonblock", out / ".lock", "true"], check=False)
        assert other.returncode == 1
    with build_lock(out, wait=False):
        pass


# -- results that are damaged -----------------------------------------------------------------------------------------


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


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("name", ["cells", "contents"])
def test_results_that_cannot_be_read_are_named(raw: Path, out: Path, name: str) -> None:
    before = tables(out)
    [batch] = (out / ".batches").iterdir()
    (batch / "results" / f"{name}.parquet").write_bytes(b"PAR1 no more PAR1")
    copy_samples(raw, COUNTY)
    with pytest.raises(GongkaiError, match="damaged") as failure:
        build_plain(raw, out)
    assert "\n" not in str(failure.value)
    assert tables(out) == before
    shutil.rmtree(out / ".batches")
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_an_earlier_dataset_can_be_read_before_during_and_after_a_build(raw: Path, out: Path) -> None:
    seen: list[object] = []
    with duckdb.connect(str(out / "gongkai.duckdb"), read_only=True) as reader:

        def look(*_: object) -> None:
            seen.append(reader.execute("select count(*) from files").fetchall()[0][0])

        for number in range(2):
            (raw / f"more-{number}.txt").write_text(str(number))
            build_plain(raw, out, look)
            look()
    assert seen == [3] * 4
    assert query(out, "select count(*) from files") == [(5,)]


def test_two_folders_built_from_the_same_files_are_the_same(raw: Path, out: Path, tmp_path: Path) -> None:
    build_plain(raw, out)
    build_here(raw, tmp_path / "other", workers=2)
    assert_same_rows(tables(out), tables(tmp_path / "other"))
