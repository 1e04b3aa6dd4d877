"""What the quality page counts, and how a text is cut at the words of facts.

Belongs here: the counts against plain queries on the samples and on invented rows, the cutting of text. Does not belong here:
what a reader sees (test_pages.py).
"""

import math
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers_build import command_here, query
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aside import PAGE
from pipeline.errors import GongkaiError
from pipeline.present.database import open_tables
from pipeline.present.highlight import Mark, cut
from pipeline.present.quality import MAX_YEARS, UNKNOWN, Quality, last_years, read_quality
from pipeline.present.quality_page import _share


@pytest.fixture(scope="module")
def quality(samples: Path) -> Quality:
    with open_tables(samples / ".current") as connection:
        return read_quality(connection)


def test_totals_are_those_of_the_tables(samples: Path, quality: Quality) -> None:
    ((reports, cells, errors),) = query(
        samples,
        "select (select count(*) from reports), (select count(*) from cells), "
        "(select count(*) from checks where outcome = 'fail' and severity = 'error')",
    )
    assert (quality.totals["reports"], quality.totals["cells"], quality.totals["errors"]) == (reports, cells, errors)
    assert sum(int(str(row["reports"])) for row in quality.coverage) == quality.totals["current"]
    assert sum(int(str(row["cells"])) for row in quality.layouts) == cells


def test_failed_checks_are_counted_by_report_and_year(samples: Path, quality: Quality) -> None:
    wanted = query(
        samples,
        "select check_key, report_year::varchar, count(distinct report_id) from checks join reports using (report_id) "
        "where outcome = 'fail' group by all order by all",
    )
    found = [(row["check_key"], row["year"], row["failed"]) for row in quality.checks if row["failed"]]
    assert sorted(found) == sorted(wanted)
    assert all(int(str(row["failed"])) <= int(str(row["assessed"])) for row in quality.checks)


def test_shares_of_a_year_are_of_one_whole(samples: Path, quality: Quality) -> None:
    years = {str(row["year"]) for row in quality.outcomes}
    assert years == {"2019", "2020"}
    for year in years:
        shares = [float(str(row["share"])) for row in quality.outcomes if row["year"] == year]
        assert math.isclose(sum(shares), 1)
    ((handled,),) = query(
        samples,
        "select sum(value)::double from cells join reports using (report_id) where table_key = 'applications' "
        "and column_key = 'total' and row_key = 'total_handled' and value >= 10",
    )
    assert sum({str(row["year"]): float(str(row["handled"])) for row in quality.outcomes}.values()) == handled


def test_reports_in_need_come_with_the_worst_first(samples: Path, quality: Quality) -> None:
    needs = [int(str(row["errors"])) + int(str(row["in_part"])) for row in quality.needy]
    assert needs == sorted(needs, reverse=True)
    wanted = query(samples, "select report_id from checks where outcome = 'fail' and severity = 'error' group by 1")
    assert {report_id for (report_id,) in wanted} <= {row["report_id"] for row in quality.needy}


def test_charts_show_the_last_years() -> None:
    rows = [{"year": str(1990 + number)} for number in range(40)] + [{"year": UNKNOWN}]
    kept, years = last_years(rows)
    assert years == [*(str(year) for year in range(2030 - MAX_YEARS, 2030)), UNKNOWN]
    assert [row["year"] for row in kept] == years


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "–"), (0, 5, "0 %"), (5, 5, "100 %"), (1, 3, "33.33 %"), (999_999, 1_000_000, "99.99 %"),
     (1, 1_000_000, "0.01 %")],
)  # fmt: skip
def test_shares_never_round_to_all_or_nothing(part: int, whole: int, words: str) -> None:
    assert _share(part, whole) == words


def test_a_page_that_cannot_be_made_is_one_clear_failure(tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match=r"the quality page cannot be made: .*No files found"):
        PAGE.finish(tmp_path)


def test_a_process_that_is_asked_ends_with_the_one_that_asked(tmp_path: Path) -> None:
    asker = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.aside import PAGE\n"
        "print(PAGE.begin(Path(sys.argv[1])))\nsys.stdout.flush()\nos._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asker, tmp_path], capture_output=True, text=True, check=True, timeout=60
    )
    assert ends(int(done.stdout), 60)


def ends(pid: int, seconds: float) -> bool:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if (
            not Path(f"/proc/{pid}/stat").exists()
            or Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] == "Z"
        ):
            return True
        time.sleep(0.1)
    return False


def test_a_page_needs_a_dataset_and_a_report(samples: Path, tmp_path: Path) -> None:
    assert command_here("show", "--html", "x", "--out", tmp_path).returncode == 1
    assert command_here("show", "--html", "no-such-report", "--out", samples).returncode == 1


# -- cutting a text ---------------------------------------------------------------------------------------------------


@st.composite
def marked(draw_: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw_(st.text(alphabet="甲乙0<&\r\n", max_size=12))
    spans = draw_(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=6))
    return text, [Mark(f"c{number}", min(span), max(span)) for number, span in enumerate(spans)]


@given(marked())
def test_pieces_tile_the_text_and_every_mark_has_its_words(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    pieces = cut(text, marks)
    assert "".join(piece.words for piece in pieces) == text
    for mark in marks:
        mine = [piece for piece in pieces if mark.key in piece.keys]
        assert "".join(piece.words for piece in mine) == text[mark.start : mark.end]
        assert [mark.key in piece.begins for piece in mine] == [True] + [False] * (len(mine) - 1)


def test_marks_outside_the_text_are_left_out() -> None:
    assert [piece.keys for piece in cut("甲乙", [Mark("c1", 1, 3), Mark("c2", -1, 1)])] == [()]
