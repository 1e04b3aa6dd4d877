"""`dagster dev` as a newcomer starts it: the asset graph is served, and materialising everything gives the dataset.

Belongs here: the real web server, daemon and runs, asked through GraphQL with the questions that the page asks. Does
not belong here: assets in this process (test_dagster.py).
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers_build import (
    COUNTY,
    GONGKAI,
    NARRATIVE,
    NO_REPORT,
    PROJECT,
    SAMPLES,
    TOWN,
    Rows,
    assert_as_from_scratch,
    copy_samples,
    environment,
    processes_of_group,
    query,
)
from test_dagster import CHECKS, GRAPH

from pipeline.file_id import content_id

LOCATION = {"repositoryLocationName": "gongkai", "repositoryName": "__repository__"}
ASSETS = "{ assetNodes { assetKey { path } description groupName dependencyKeys { path } } }"
ADD_PARTITION = """
mutation ($key: String!, $where: RepositorySelector!) {
  addDynamicPartition(partitionsDefName: "arrival_batch", partitionKey: $key, repositorySelector: $where) { __typename }
}"""
LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } } }
}"""
RUNS = "{ runsOrError { ... on Runs { results { runId status jobName tags { key value } } } } }"
PARTITIONS = """
{ assetNodeOrError(assetKey: {path: ["raw_files"]}) { ... on AssetNode { partitionKeys } } }"""
DONE = {"SUCCESS", "FAILURE", "CANCELED"}


class Page:
    """The web server of a running `dagster dev`."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: object) -> Any:
        """The data of an answer; None while the server does not answer yet."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self._address, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error
        except OSError:
            return None
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def runs(self) -> list[Any]:
        return list(self.ask(RUNS)["runsOrError"]["results"])


def wait_for(happened: Callable[[], object], seconds: float = 120) -> object:
    """What it returns, as soon as that is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(f"it did not happen within {seconds:.0f} s")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return copy_samples(tmp_path / "raw", TOWN, NARRATIVE, NO_REPORT, COUNTY)


@pytest.fixture
def page(raw: Path, tmp_path: Path) -> Iterator[Page]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "dagster-dev.log").open("wb") as log:
        process = subprocess.Popen(
            [GONGKAI.with_name("dagster"), "dev", "--host", "127.0.0.1", "--port", str(port)],
            cwd=PROJECT,
            env=environment(DAGSTER_HOME=str(home), GONGKAI_RAW=str(raw), GONGKAI_OUT=str(tmp_path / "out")),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Page(port)
    finally:
        end_all(process)


def end_all(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C as on a terminal, to the whole group; what does not end of itself is killed."""
    os.killpg(process.pid, signal.SIGINT)
    for _ in range(100):
        if process.poll() is not None and not processes_of_group(process.pid):
            break
        time.sleep(0.1)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(50):
        if not processes_of_group(process.pid):
            return
        time.sleep(0.1)
    raise AssertionError("processes of dagster dev are left")


DROPPED = "2020/dropped.txt"
BROKEN = "2020/broken.txt"
SECONDS = 90


def published(out: Path, sql: str) -> Rows:
    """Rows of a query on the published dataset; none while there is no dataset."""
    return query(out, sql) if (out / "gongkai.duckdb").exists() else []


@pytest.mark.soak
def test_a_report_that_is_dropped_into_raw_is_published_and_a_broken_one_set_aside(
    page: Page, raw: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wait_for(lambda: (page.ask(ASSETS) or {}).get("assetNodes"))
    wait_for(lambda: published(out, "select 1 from files"))
    copy_slowly(SAMPLES / TOWN, raw / DROPPED, b"dropped\n")
    begin = time.monotonic()
    cells = f"select count(*) from cells where report_id = left('{content_id((raw / DROPPED).read_bytes())}', 16)"
    wait_for(lambda: published(out, cells) > [(0,)], SECONDS)
    print(f"{time.monotonic() - begin:.0f} s from a report in RAW to its cells in the DuckDB file")
    (raw / BROKEN).write_bytes(b"%PDF-1.4 broken" + bytes(range(256)))
    status = f"select status from files where path = '{BROKEN}'"
    wait_for(lambda: published(out, status) == [("quarantined",)], SECONDS)
    wait_for(lambda: {run["status"] for run in page.runs()} <= DONE)
    assert {run["status"] for run in page.runs()} == {"SUCCESS"}
    assert {run["jobName"] for run in page.runs()} == {"parse", "__ASSET_JOB"}
    assert_as_from_scratch(raw, out)
    assert published(out, "select count(*) from files where status = 'removed'") == [(0,)]  # no half of a file was read


def copy_slowly(source: Path, target: Path, end: bytes) -> None:
    """A copy that takes longer than the sensor's interval: half of the file lies there all that time."""
    target.parent.mkdir(exist_ok=True)
    data = source.read_bytes() + end
    with target.open("wb", buffering=0) as handle:
        for piece in range(8):
            handle.write(data[len(data) * piece // 8 : len(data) * (piece + 1) // 8])
            time.sleep(2.5)


@pytest.mark.soak
def test_the_page_shows_the_graph_and_materialises_everything(page: Page, raw: Path, tmp_path: Path) -> None:
    nodes = wait_for(lambda: (page.ask(ASSETS) or {}).get("assetNodes"))
    assert isinstance(nodes, list)
    found = {
        "/".join(node["assetKey"]["path"]): sorted("/".join(key["path"]) for key in node["dependencyKeys"])
        for node in nodes
    }
    assert found == GRAPH
    assert all(len(node["description"]) > 20 for node in nodes)
    assert {node["groupName"] for node in nodes} == {"raw", "batch", "published"}

    # "Materialize all" on a fresh instance, before the sensor has looked: the page offers to make a partition.
    added = page.ask(ADD_PARTITION, key="by-hand", where=LOCATION)
    assert added["addDynamicPartition"]["__typename"] == "AddDynamicPartitionSuccess"
    launched = page.ask(LAUNCH, params=materialize_all("by-hand"))["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched

    # The sensor may ask for a run of its own. Whichever is first, all succeed.
    wait_for(lambda: page.runs() and {run["status"] for run in page.runs()} <= DONE)
    assert {run["status"] for run in page.runs()} == {"SUCCESS"}
    assert "by-hand" in page.ask(PARTITIONS)["assetNodeOrError"]["partitionKeys"]
    assert_as_from_scratch(raw, tmp_path / "out")


def materialize_all(partition: str) -> dict[str, object]:
    """What the page sends when everything is selected and one partition."""
    return {
        "mode": "default",
        "runConfigData": "{}",
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": partition}]},
        "selector": {
            **LOCATION,
            "jobName": "__ASSET_JOB",
            "assetSelection": [{"path": name.split("/")} for name in GRAPH],
            "assetCheckSelection": [
                {"assetKey": {"path": asset.split("/")}, "name": name} for asset, name in sorted(CHECKS)
            ],
        },
    }
