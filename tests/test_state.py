"""What a build keeps: whatever happened to the raw files, and whatever was cut short, it ends as a build from nothing.

Belongs here: sequences of changes in RAW, left-overs, killed builds, two builds at once. Does not belong here: the
published files (test_publish.py), raw files that cannot be read (test_bad_input.py).
"""

import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from helpers_build import (
    COUNTY,
    GONGKAI,
    NARRATIVE,
    NO_REPORT,
    TOWN,
    assert_as_from_scratch,
    assert_same_rows,
    build_here,
    build_plain,
    copy_samples,
    environment,
    files,
    hidden,
    parse_only,
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


def read(plans: list[Plan]) -> list[str]:
    """Paths of the files that were read for some batches."""
    return [file.path for plan in plans for file in plan.to_parse]


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("2013", "2012"), encoding="utf-8")


def copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


@pytest.mark.soak
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
        plans = build_plain(raw, out)
        assert plans, number
        assert len(read(plans)) == parsed, number
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


@pytest.mark.usefixtures("built_before")
def test_content_that_comes_back_is_not_parsed_again(raw: Path, out: Path) -> None:
    for data in (b"something else", (raw / TOWN).read_bytes()):
        (raw / TOWN).write_bytes(data)
        plans = build_plain(raw, out)
    assert [read(plans), len(plans)] == [[], 1]
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
    [plan] = build_plain(raw, out)
    assert (plan.to_parse, plan.seen) == ([], [])
    assert sorted(plan.gone) == [NO_REPORT, "soon-gone.txt"]
    assert COUNTY in files(out)
    assert_as_from_scratch(raw, out)


def test_results_without_any_news_are_published(raw: Path, out: Path) -> None:
    parse_only(raw, out)
    assert build_plain(raw, out) == []
    assert_as_from_scratch(raw, out)
    before = hidden(out)
    assert build_plain(raw, out) == []
    assert hidden(out) == before


@pytest.mark.usefixtures("built_before")
def test_a_lost_link_to_the_current_build_heals_without_parsing(raw: Path, out: Path) -> None:
    os.renames(raw / TOWN, raw / "moved.txt")
    build_plain(raw, out)
    (out / ".current").unlink()
    assert read(build_plain(raw, out)) == []
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_without_its_results_everything_is_read_again(raw: Path, out: Path) -> None:
    shutil.rmtree(out / ".batches")
    assert len(read(build_plain(raw, out))) == 3
    assert_as_from_scratch(raw, out)


@pytest.mark.usefixtures("built_before")
def test_results_of_an_older_parser_are_replaced(raw: Path, out: Path) -> None:
    with sqlite3.connect(out / ".current" / "manifest.sqlite") as connection:
        connection.execute("update contents set parser_version = '0'")
    connection.close()
    before = hidden(out)
    assert len(read(build_plain(raw, out))) == 3
    assert len({name for name in hidden(out) - before if name.startswith(".batches")}) == 1
    assert len({name for name in hidden(out) if name.startswith(".batches")}) == 1
    assert_as_from_scratch(raw, out)


def test_a_file_that_changes_while_the_build_runs_is_read_by_the_next(raw: Path, out: Path) -> None:
    settings = Settings(raw, out, workers=1)
    prepare_folders(raw, out)
    with build_lock(out):
        [plan] = plan_arrivals(settings).plans
        change(raw / NARRATIVE)
        (raw / TOWN).unlink()
        parse_batch(plan, settings)
    assert read(build_plain(raw, out)) == [NARRATIVE]
    assert_as_from_scratch(raw, out)


def test_the_same_news_gives_the_same_plan_and_more_news_another(raw: Path, out: Path) -> None:
    prepare_folders(raw, out)
    settings = Settings(raw, out)
    with build_lock(out):
        [plan] = plan_arrivals(settings).plans
        assert plan_arrivals(settings).plans == [plan]
        (raw / "more.txt").write_text("more")
        kept, other = plan_arrivals(settings).plans
        assert kept == plan
        assert [file.path for file in other.seen] == ["more.txt"]
        assert read_plan(out, other.batch) == other
        (raw / "more.txt").write_text("more and more")
        kept, another = plan_arrivals(settings).plans
        assert (kept, another.batch == other.batch) == (plan, False)
        assert read_plan(out, other.batch) is None


@pytest.mark.parametrize("batch_files", [1, 3])
def test_news_is_cut_into_batches_and_the_dataset_is_the_same(raw: Path, out: Path, batch_files: int) -> None:
    shutil.copyfile(raw / TOWN, raw / "z-copy.txt")
    plans = build_plain(raw, out, batch_files=batch_files)
    assert [len(plan.seen) for plan in plans] == [batch_files] * (4 // batch_files) + [1] * (4 % batch_files > 0)
    assert sorted(read(plans)) == sorted([TOWN, NARRATIVE, NO_REPORT])
    assert_as_from_scratch(raw, out)
    copy_samples(raw, COUNTY)
    os.renames(raw / TOWN, raw / "0-moved.txt")
    (raw / NARRATIVE).unlink()
    plans = build_plain(raw, out, batch_files=batch_files)
    assert [plan.gone for plan in plans] == [[]] * (len(plans) - 1) + [sorted([TOWN, NARRATIVE])]
    assert read(plans) == [COUNTY]
    assert_as_from_scratch(raw, out)


def test_files_that_were_written_just_now_are_left_for_later(raw: Path, out: Path) -> None:
    settings = Settings(raw, out, workers=1)
    prepare_folders(raw, out)
    with build_lock(out):
        arrived = plan_arrivals(settings, settle_seconds=60)
        assert (arrived.plans, arrived.scan.growing, arrived.scan.total) == ([], 3, 3)
        assert len(plan_arrivals(settings, settle_seconds=0.001).plans) == 1
    build_plain(raw, out)
    (raw / TOWN).write_text("half a repo")
    copy_samples(raw, COUNTY)
    (raw / NARRATIVE).unlink()
    with build_lock(out):
        arrived = plan_arrivals(settings, settle_seconds=60)  # growing files are as they were, gone ones are gone
    assert [(plan.seen, plan.gone, plan.to_parse) for plan in arrived.plans] == [([], [NARRATIVE], [])]
    assert arrived.scan.growing == 2
    old = time.time() - 3600
    os.utime(raw / COUNTY, (old, old))  # as cp -p and rsync leave it: the file is old, its change is not
    with build_lock(out):
        assert plan_arrivals(settings, settle_seconds=60).scan.growing == 2
        os.utime(raw / COUNTY, (time.time() + 86_400,) * 2)
        assert plan_arrivals(settings, settle_seconds=60).scan.growing == 2
        assert plan_arrivals(settings, settle_seconds=0.001).scan.growing == 0


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "nul\0"])
def test_a_batch_cannot_lie_outside_its_folder(out: Path, name: str) -> None:
    with pytest.raises(GongkaiError):
        batch_folder(out, name)


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
            elif deed == "parse only" and is_something_to_parse(raw, out):
                parse_only(raw, out)
        build_plain(raw, out)
        assert_as_from_scratch(raw, out)


def is_something_to_parse(raw: Path, out: Path) -> bool:
    prepare_folders(raw, out)
    with build_lock(out):
        return bool(plan_arrivals(Settings(raw, out)).plans)


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


@pytest.mark.usefixtures("built_before")
def test_two_folders_built_from_the_same_files_are_the_same(raw: Path, out: Path, tmp_path: Path) -> None:
    build_here(raw, tmp_path / "other", workers=2)
    assert_same_rows(tables(out), tables(tmp_path / "other"))
