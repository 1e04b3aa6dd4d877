"""Pages that a build takes over from the one before are those that it would have drawn.

Belongs here: pipeline/present/kept_pages.py. Does not belong here: what a page shows (test_pages.py).
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from helpers_build import COUNTY, TOWN, build_plain, copy_samples, parse_only, query

from pipeline.present import kept_pages
from pipeline.present.database import open_tables
from pipeline.present.kept_pages import keep_pages, mark_pages
from pipeline.present.report_page import write_pages
from pipeline.publish.parquet import write_parquet
from pipeline.settings import Settings
from pipeline.state.folders import REPORTS, current_build


def draw(build: Path, report_ids: list[str], folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    with open_tables(build) as connection:
        write_pages(connection, report_ids, folder)
    return {path.stem: path.read_bytes() for path in folder.glob("*.html")}


@pytest.fixture
def drawn(raw: Path, out: Path) -> list[str]:
    """A dataset with the pages of all its reports; their ids, the town's first."""
    build_plain(raw, out)
    rows = query(out, f"select report_id from reports join files using (file_id) order by path <> '{TOWN}'")
    report_ids = [str(report_id) for (report_id,) in rows]
    build = current_build(out)
    assert build is not None
    draw(build, report_ids, build / REPORTS)
    mark_pages(build)
    return report_ids


def kept_and_drawn(raw: Path, out: Path, report_ids: list[str]) -> tuple[set[str], dict[str, bytes]]:
    """The pages that the next build keeps, and all of them as it would draw them; those that it keeps are these."""
    parse_only(raw, out)
    build = write_parquet(Settings(raw, out)).folder
    (build / REPORTS).mkdir()
    kept = keep_pages(build, report_ids)
    pages = draw(build, report_ids, build.with_name("drawn"))
    found = {path.stem: path.read_bytes() for path in (build / REPORTS).glob("*.html")}
    assert found == {report_id: pages[report_id] for report_id in kept}
    return kept, pages


def another_report(raw: Path) -> None:
    copy_samples(raw, COUNTY)


def a_copy_of_the_town(raw: Path) -> None:
    (raw / "copy.txt").write_bytes((raw / TOWN).read_bytes())
    another_report(raw)


def the_town_is_overwritten(raw: Path) -> None:
    (raw / TOWN).write_text((raw / TOWN).read_text(encoding="utf-8") + "\n完\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "town_stays"),
    [(another_report, True), (a_copy_of_the_town, False)],
)
def test_pages_stay_where_nothing_of_their_report_changed(
    raw: Path, out: Path, drawn: list[str], change: Callable[[Path], None], town_stays: bool
) -> None:
    change(raw)
    kept, _ = kept_and_drawn(raw, out, drawn)
    assert kept == set(drawn[0 if town_stays else 1 :])


@pytest.mark.parametrize(
    ("table", "part", "change"),
    [
        ("reports", "part-0.parquet", "select * replace (is_current and report_id <> '{0}' as is_current) from {1}"),
        (
            "checks",
            "part-x-across.parquet",
            "(from {1}) union all select * replace ('fail' as outcome) from {2} where report_id = '{0}'",
        ),
    ],
)
def test_what_other_reports_change_is_drawn_again(
    raw: Path, out: Path, drawn: list[str], table: str, part: str, change: str
) -> None:
    another_report(raw)
    parse_only(raw, out)
    build = write_parquet(Settings(raw, out)).folder
    (build / REPORTS).mkdir()
    folder = build / "parquet" / table
    now, own = (f"read_parquet('{folder / name}')" for name in (part, "part-0.parquet"))
    duckdb.sql(change.format(drawn[0], now, own)).write_parquet(str(folder / "new"))
    (folder / "new").rename(folder / part)
    assert keep_pages(build, drawn) == set(drawn[1:])


def test_a_page_of_a_report_that_is_gone_is_not_kept(raw: Path, out: Path, drawn: list[str]) -> None:
    the_town_is_overwritten(raw)
    parse_only(raw, out)
    build = write_parquet(Settings(raw, out)).folder
    (build / REPORTS).mkdir()
    assert keep_pages(build, drawn) == set(drawn[1:])


@pytest.mark.parametrize("damage", ["another program", "no mark", "no pages", "no tables"])
def test_without_a_build_to_trust_nothing_is_kept(
    raw: Path, out: Path, drawn: list[str], damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_report(raw)
    parse_only(raw, out)
    build = write_parquet(Settings(raw, out)).folder
    (build / REPORTS).mkdir()
    base = current_build(out)
    assert base is not None
    if damage == "another program":
        monkeypatch.setattr(kept_pages, "_program", lambda: "another")
    elif damage == "no mark":
        (base / REPORTS / kept_pages.DRAWN_BY).unlink()
    elif damage == "no pages":
        for page in (base / REPORTS).glob("*.html"):
            page.unlink()
    else:
        (base / "parquet" / "files" / "part-0.parquet").unlink()
    assert keep_pages(build, drawn) == set()
    assert list((build / REPORTS).glob("*.html")) == []


def test_the_first_build_has_nothing_to_keep(raw: Path, out: Path) -> None:
    parse_only(raw, out)
    build = write_parquet(Settings(raw, out)).folder
    assert keep_pages(build, ["0" * 16 + "-1"]) == set()
