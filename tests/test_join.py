"""Many small batches become one, and nobody sees it in the dataset.

Belongs here: pipeline/publish/join.py. Does not belong here: batches as they come (test_arrivals.py), Parquet parts (test_merge.py).
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_build import (
    COUNTY,
    NARRATIVE,
    NO_REPORT,
    TOWN,
    assert_as_from_scratch,
    build_here,
    build_plain,
    copy_samples,
    parse_only,
    tables,
)

from pipeline.publish import join
from pipeline.publish.join import PREFIX, join_small_batches
from pipeline.publish.parquet import write_parquet
from pipeline.publish.parts import read_made
from pipeline.settings import Settings
from pipeline.state.folders import BATCHES, MANIFEST, current_build
from pipeline.state.manifest import Manifest


def batches(out: Path) -> set[str]:
    return {folder.name for folder in (out / BATCHES).iterdir()}


@pytest.fixture(autouse=True)
def soon_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "MANY", 3)


@pytest.fixture
def two_batches(raw: Path, out: Path) -> Path:
    """A dataset of two batches, one of them with two files; returns OUT."""
    shutil.rmtree(raw)
    copy_samples(raw, TOWN)
    build_plain(raw, out)
    copy_samples(raw, NARRATIVE, NO_REPORT)
    build_plain(raw, out)
    assert len(batches(out)) == 2
    return out


def test_the_third_small_batch_joins_all(raw: Path, two_batches: Path) -> None:
    copy_samples(raw, COUNTY)
    [plan] = build_plain(raw, two_batches)
    assert [file.path for file in plan.to_parse] == [COUNTY]  # nothing else was read again
    [joined] = batches(two_batches)
    assert joined.startswith(PREFIX)
    build = current_build(two_batches)
    assert build is not None
    made = read_made(build)
    assert made is not None
    assert len(made.changed or ()) == 1  # nor was it published anew
    assert_as_from_scratch(raw, two_batches)
    assert build_plain(raw, two_batches) == []  # and nothing is left to do
    (raw / TOWN).rename(raw / "elsewhere.txt")
    (raw / COUNTY).unlink()
    build_plain(raw, two_batches)
    assert_as_from_scratch(raw, two_batches)


def test_what_was_read_again_is_there_once(raw: Path, two_batches: Path) -> None:
    columns = "path,body_name,region_code,report_year,source_url,fetched_at"
    (raw / "manifest.csv").write_text(f"{columns}\n{NARRATIVE},,,,https://example.org/,\n", encoding="utf-8")
    [plan] = build_plain(
        raw, two_batches
    )  # what the crawler says of it is new: a third batch, of a content of the second
    assert [file.path for file in plan.to_parse] == [NARRATIVE]
    assert [name.startswith(PREFIX) for name in batches(two_batches)] == [True]
    assert_as_from_scratch(raw, two_batches)


def test_large_batches_stay(raw: Path, two_batches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "SMALL", 2)  # the batch of two is large
    copy_samples(raw, COUNTY)
    build_plain(raw, two_batches)
    assert len(batches(two_batches)) == 3
    (raw / "more.txt").write_bytes((raw / COUNTY).read_bytes() + "\n完".encode())
    build_plain(raw, two_batches)
    assert sum(name.startswith(PREFIX) for name in batches(two_batches)) == 1
    assert len(batches(two_batches)) == 2
    assert_as_from_scratch(raw, two_batches)


def test_a_build_that_ends_half_way_leaves_nothing(raw: Path, two_batches: Path) -> None:
    copy_samples(raw, COUNTY)
    parse_only(raw, two_batches)
    before = tables(two_batches)
    write_parquet(Settings(raw, two_batches))  # and here it is killed
    assert sum(name.startswith(PREFIX) for name in batches(two_batches)) == 1
    assert len(batches(two_batches)) == 4  # the published build finds its batches
    assert tables(two_batches) == before
    (raw / "more.txt").write_bytes((raw / COUNTY).read_bytes() + "\n完".encode())
    build_plain(raw, two_batches)
    assert len(batches(two_batches)) == 1
    assert_as_from_scratch(raw, two_batches)


def test_damaged_results_are_read_anew(raw: Path, two_batches: Path) -> None:
    damaged = sorted(batches(two_batches))[0]
    path = two_batches / BATCHES / damaged / "results" / "cells.parquet"
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(196)  # the footer is whole
    path.write_bytes(data)
    copy_samples(raw, COUNTY)
    assert len(build_here(raw, two_batches).plans) == 2
    assert_as_from_scratch(raw, two_batches)


def test_contents_and_rows_are_those_of_the_manifest(raw: Path, two_batches: Path) -> None:
    copy_samples(raw, COUNTY)
    build_plain(raw, two_batches)
    [joined] = batches(two_batches)
    results = two_batches / BATCHES / joined / "results"
    build = current_build(two_batches)
    assert build is not None
    with closing(sqlite3.connect(build / MANIFEST)) as manifest:
        held = {row[0] for row in manifest.execute("select file_id from contents")}
    contents = pq.read_table(results / "contents.parquet", partitioning=None)["file_id"].to_pylist()
    assert sorted(contents) == sorted(held)
    assert len(held) == 4
    reports = pq.read_table(results / "reports.parquet", partitioning=None)["report_id"].cast(pa.string()).to_pylist()
    assert len(reports) == len(set(reports)) == 3


def test_nothing_is_joined_before_there_are_many(
    raw: Path, two_batches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join, "MANY", 4)
    copy_samples(raw, COUNTY)
    build_plain(raw, two_batches)
    assert not any(name.startswith(PREFIX) for name in batches(two_batches))
    manifest = Manifest.begin(two_batches, tmp_path)
    held = manifest.contents_by_batch()
    assert not join_small_batches(two_batches, manifest)
    assert manifest.contents_by_batch() == held
    manifest.close()
