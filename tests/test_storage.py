"""RAW and OUT at URLs: the same tables through an S3 server, and nothing half-done there, whatever happens.

Belongs here: pipeline/storage.py, state/scan_store.py, state/remote.py against a real server on this machine. Does not
belong here: the cluster (test_cluster.py), what is parsed.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest
from helpers_build import (
    COUNTY,
    NARRATIVE,
    NO_REPORT,
    SAMPLES,
    TOWN,
    assert_one_line,
    assert_same_rows,
    build_plain,
    command_here,
    copy_samples,
    files,
    query,
    tables,
)

from pipeline.errors import GongkaiError
from pipeline.settings import Settings, settings
from pipeline.state import remote
from pipeline.state.folders import current_build, prepare_folders
from pipeline.state.lock import build_lock
from pipeline.state.remote import pull, push, readable_copy
from pipeline.storage import Url, open_store, place
from schemas.tables import ALL_TABLES

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]
# Now, since worker processes have the environment of the server that they are forked from, which any test may start.
os.environ |= {
    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


SOME = (COUNTY, TOWN, NARRATIVE, NO_REPORT)


class Place(NamedTuple):
    """A bucket with raw reports, and where a dataset goes."""

    raw: Url
    out: Url

    def put(self, name: str, data: bytes) -> None:
        store, top = open_store(self.raw)
        store.pipe_file(f"{top}/{name}", data)

    def names(self) -> set[str]:
        """All objects of the dataset."""
        store, top = open_store(self.out)
        store.invalidate_cache()
        return {path[len(top) + 1 :] for path in store.find(top)}


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer(ip_address="127.0.0.1", port=PORT, verbose=False)
    running.start()
    yield
    running.stop()


@pytest.fixture
def bucket(server: None, request: pytest.FixtureRequest) -> Place:
    name = f"b{abs(hash(request.node.name)):x}"
    store, _ = open_store(Url("s3://x"))
    store.mkdir(name)
    found = Place(Url(f"s3://{name}/raw"), Url(f"s3://{name}/data/set"))
    for path in SOME:
        found.put(path, (SAMPLES / path).read_bytes())
    return found


def settings_of(bucket: Place, cache: Path) -> Settings:
    os.environ["GONGKAI_CACHE"] = str(cache)
    try:
        return settings(bucket.raw, bucket.out)
    finally:
        del os.environ["GONGKAI_CACHE"]


def build_stored(bucket: Place, cache: Path, **changed: object) -> int:
    """What `gongkai build` does, without Dagster; how many files it parsed."""
    where = settings_of(bucket, cache)
    prepare_folders(where.raw, where.out)
    with build_lock(where.out):
        pull(where.out, where.store)
        plans = build_plain(where.raw, where.out, store=where.store, **changed)  # type: ignore[arg-type]
        if plans:
            push(where.out, where.store)
    return sum(len(plan.to_parse) for plan in plans)


def published(bucket: Place, cache: Path) -> Path:
    """The dataset as a reader on another machine gets it."""
    where = settings_of(bucket, cache)
    return readable_copy(where.out, where.store)


def test_from_s3_to_s3_gives_the_same_tables(bucket: Place, tmp_path: Path) -> None:
    raw = copy_samples(tmp_path / "raw", *SOME)
    build_plain(raw, tmp_path / "out")
    bucket.put(".hidden/x.txt", b"x")
    build_stored(bucket, tmp_path / "a")
    assert_same_rows(tables(published(bucket, tmp_path / "b")), tables(tmp_path / "out"))
    store, top = open_store(bucket.out)
    for table in ALL_TABLES:
        mine = sorted((tmp_path / "out" / "parquet" / table.name).iterdir())
        theirs = sorted(store.find(f"{top}/parquet/{table.name}"))
        assert [path.name for path in mine] == [path.rsplit("/", 1)[1] for path in theirs]
        if table.name != "files":  # it has the time of the build
            for path, other in zip(mine, theirs, strict=True):
                with store.open(other) as handle:
                    assert pq.read_table(handle).equals(pq.read_table(path, partitioning=None)), path
    assert {"gongkai.duckdb", ".current", ".names"} <= bucket.names()

    # No news; news; and all of it on another machine too.
    assert build_stored(bucket, tmp_path / "a") == 0
    before = published(bucket, tmp_path / "b")
    store.rm(f"{open_store(bucket.raw)[1]}/{TOWN}")
    bucket.put("new.txt", (SAMPLES / COUNTY).read_bytes() + "\n补充一行".encode())
    assert build_stored(bucket, tmp_path / "c") == 1
    assert build_stored(bucket, tmp_path / "a") == 0
    (raw / TOWN).unlink()
    (raw / "new.txt").write_bytes((SAMPLES / COUNTY).read_bytes() + "\n补充一行".encode())
    build_plain(raw, tmp_path / "out")
    assert_same_rows(tables(published(bucket, tmp_path / "b")), tables(tmp_path / "out"))
    assert before.name == published(bucket, tmp_path / "b").name


def test_a_crash_while_storing_leaves_the_old_dataset_and_is_healed(
    bucket: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_stored(bucket, tmp_path / "a")
    old = tables(published(bucket, tmp_path / "b"))
    bucket.put("new.txt", (SAMPLES / COUNTY).read_bytes() + "\n补充一行".encode())

    def crash(*_: object) -> None:
        raise OSError("the cable was cut")

    with monkeypatch.context() as patched:
        patched.setattr(remote, "_write_pointer", crash)
        with pytest.raises(GongkaiError, match="the cable was cut"):
            build_stored(bucket, tmp_path / "a")
    assert_same_rows(tables(published(bucket, tmp_path / "b")), old)
    with monkeypatch.context() as patched:
        patched.setattr(remote, "_copy_names", crash)
        with pytest.raises(GongkaiError, match="the cable was cut"):
            build_stored(bucket, tmp_path / "a")  # stored now, but not under the names that readers know
    assert len(tables(published(bucket, tmp_path / "b"))["reports"]) == len(old["reports"]) + 1
    assert build_stored(bucket, tmp_path / "a") == 0
    store, top = open_store(bucket.out)
    assert (
        store.cat_file(f"{top}/gongkai.duckdb") == (published(bucket, tmp_path / "b") / "gongkai.duckdb").read_bytes()
    )


def test_of_two_machines_that_build_at_once_one_publishes(bucket: Place, tmp_path: Path) -> None:
    build_stored(bucket, tmp_path / "a")
    build_stored(bucket, tmp_path / "b")
    late = settings_of(bucket, tmp_path / "b")
    store, top = open_store(bucket.out)
    pointer, tag = remote._read_pointer(store, top)
    assert pointer is not None
    assert tag
    bucket.put("new.txt", (SAMPLES / COUNTY).read_bytes() + "\n补充一行".encode())
    assert build_stored(bucket, tmp_path / "a") == 1
    assert build_plain(late.raw, late.out) != []  # type: ignore[arg-type]
    with pytest.raises(GongkaiError, match=r"another build was published at s3://.* meanwhile"):
        push(late.out, late.store)
    # Also where the other one publishes between the last look and the put.
    for stale in (tag, ""):
        with pytest.raises(GongkaiError, match=r"another build was published at s3://.* meanwhile"):
            remote._write_pointer(store, top, pointer, stale, late.store)
    assert build_stored(bucket, tmp_path / "b") == 0
    assert "new.txt" in files(published(bucket, tmp_path / "b"))


@pytest.mark.soak
def test_a_cluster_reads_from_one_url_and_hands_in_at_another(bucket: Place, tmp_path: Path) -> None:
    from distributed import LocalCluster

    build_plain(copy_samples(tmp_path / "raw", *SOME), tmp_path / "out")
    there = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**there, memory_limit=0, local_directory=str(tmp_path)) as running:
        build_stored(bucket, tmp_path / "a", engine="dask", scheduler=running.scheduler_address)
        assert running.scheduler.workers  # it is not ours to end
    assert_same_rows(tables(published(bucket, tmp_path / "b")), tables(tmp_path / "out"))
    assert not [name for name in bucket.names() if name.startswith(".parts")]


@pytest.mark.soak
def test_only_the_build_before_is_kept(bucket: Place, tmp_path: Path) -> None:
    for number in range(4):
        bucket.put("new.txt", (SAMPLES / COUNTY).read_bytes() + f"\n补充{number}行".encode())
        build_stored(bucket, tmp_path / "a")
    names = [name.split("/") for name in bucket.names() if name.startswith(".builds/")]
    assert {name[1].split("-")[0] for name in names} == {"1", "3", "4"}
    # What keys mean has not changed since the first build: the same files, which are stored once.
    assert all(name[3].startswith("dim_") for name in names if name[1].startswith("1-"))
    assert current_build(settings_of(bucket, tmp_path / "a").out) is not None


def test_the_command_reads_and_writes_urls(bucket: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CACHE", str(tmp_path / "a"))
    monkeypatch.setenv("GONGKAI_WORKERS", "1")
    at = ("--out", str(bucket.out))
    assert_one_line(command_here("status", *at), f"there is no dataset in {bucket.out}: build it with")
    built = command_here("build", "--raw", str(bucket.raw), *at)
    assert built.returncode == 0, built.stderr
    monkeypatch.setenv("GONGKAI_CACHE", str(tmp_path / "b"))
    for words in (
        ["status"],
        ["query", "select count(*) from cells"],
        ["show", COUNTY],
        ["export", "--table", "files", "--output", str(tmp_path / "files.csv")],
    ):
        done = command_here(*words, *at)
        assert done.returncode == 0, done.stderr
        assert done.stdout
    assert command_here("diff", str(bucket.out), str(bucket.out)).returncode == 0
    again = command_here("build", "--raw", str(bucket.raw), *at)
    assert "nothing new" in again.stdout
    count = query(published(bucket, tmp_path / "b"), "select count(*) from files")
    assert count == [(len(SOME),)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["build", "--raw", "s3://no-such-bucket/x"], ["s3://no-such-bucket/x"]),
        (["status", "--out", "s3://no-such-bucket/x"], ["s3://no-such-bucket/x"]),
        (["status", "--out", "nothing://x/y"], ["nothing://x/y"]),
    ],
)
def test_a_store_that_is_not_there_is_one_line(
    server: None, words: list[str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_CACHE", str(tmp_path / "a"))
    if words[0] == "build":
        words = [*words, "--out", str(tmp_path / "out")]
    assert_one_line(command_here(*words), *expected)


def test_what_is_a_url() -> None:
    assert place("s3://b/x/") == Url("s3://b/x")
    assert place("file:///tmp") == Url("file:///tmp")
    assert place("data/raw") == Path("data/raw")
    assert place("C:/x") == Path("C:/x")
    assert str(Url("s3://b") / "x") == "s3://b/x"
