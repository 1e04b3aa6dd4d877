"""The command `gongkai`, run as a user runs it.

Belongs here: arguments, exit statuses, what is printed on a terminal and elsewhere, `show` beside its source. Does not
belong here: bad raw files and folders (test_bad_input.py).
"""

import os
import pty
import re
import resource
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from helpers_build import (
    COUNTY,
    GONGKAI,
    NARRATIVE,
    NO_REPORT,
    SAMPLES,
    TOWN,
    assert_as_from_scratch,
    assert_one_line,
    build_plain,
    command,
    command_here,
    copy_built,
    copy_samples,
    environment,
    query,
    tables,
)

from schemas.tables import ALL_TABLES

COMMANDS = ("build", "status", "show", "query", "diff")
ESCAPE = "\x1b"


def on_a_terminal(*words: str | Path) -> tuple[int, str]:
    """Runs `gongkai` on a terminal of its own: exit status, and all that it drew."""
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [GONGKAI, *words],
        env=environment(TERM="xterm", COLUMNS="140"),
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    drawn = b""
    try:
        while data := os.read(main, 65_536):
            drawn += data
    except OSError:  # the terminal is gone with the process
        pass
    os.close(main)
    return process.wait(), drawn.decode()


# -- arguments and exit statuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_has_help(name: str) -> None:
    result = command(*name.split(), "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"gongkai {name}".strip() in result.stdout
    for word in COMMANDS if not name else ("--rows" if name == "diff" else "--out", "--help"):
        assert word in result.stdout


@pytest.mark.parametrize(
    "words", [["bake"], ["--colour"], ["build", "now"], ["build", "--fast"], ["show"], ["query"], ["status", "--out"]]
)
def test_wrong_usage_exits_2(words: list[str]) -> None:
    result = command_here(*words)
    assert (result.returncode, result.stdout) == (2, "")
    assert "╭─ Error ─" in result.stderr


def test_without_a_dataset_there_is_one_line(tmp_path: Path) -> None:
    for words in (["status"], ["show", "x"], ["query", "select 1"]):
        assert_one_line(
            command(*words, "--out", tmp_path), f"there is no dataset in {tmp_path}: build it with `gongkai"
        )
    (tmp_path / "file").write_text("x")
    assert_one_line(command("status", "--out", tmp_path / "file"), "there is no dataset in")
    (tmp_path / "locked").mkdir(mode=0)
    assert_one_line(command("status", "--out", tmp_path / "locked", obey=True), "cannot read", "Permission denied")
    (tmp_path / "gongkai.duckdb").write_text("no database " * 1_000)
    assert_one_line(command("status", "--out", tmp_path), f"cannot open {tmp_path}/gongkai.duckdb: ")


def test_folders_and_limits_come_from_the_environment(samples: Path, tmp_path: Path) -> None:
    assert command("query", "select 41 + 1 as n", GONGKAI_OUT=str(samples)).stdout.split() == ["n", "─" * 2, "42"]
    assert_one_line(
        command("build", GONGKAI_RAW=str(tmp_path / "none")), f"the raw folder {tmp_path}/none does not exist"
    )
    for value in ("many", "0", "-1", "inf"):
        assert_one_line(command("status", GONGKAI_WORKERS=value), f"GONGKAI_WORKERS is '{value}': it must be a number")


# -- build ------------------------------------------------------------------------------------------------------------


def test_build_says_what_it_did(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN, COUNTY, NO_REPORT), tmp_path / "out"
    shutil.copyfile(raw / TOWN, raw / "z.txt")
    result = command_here("build", "--raw", raw, "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    *lines, summary = result.stdout.splitlines()
    assert lines == [
        f"{table.name:<12} {query(out, f'select count(*) from {table.name}')[0][0]:>12,} rows" for table in ALL_TABLES
    ]
    assert re.fullmatch(r"4 files: 2 parsed, 1 quarantined, 1 duplicate; 3 read now, 0 unchanged; \d+\.\d s", summary)
    (raw / "more.txt").write_text("more")
    (raw / NO_REPORT).unlink()
    os.utime(raw / TOWN)
    again = command_here("build", "--raw", raw, "--out", out)
    assert "4 files: 2 parsed, 1 quarantined, 1 duplicate; 1 read now, 3 unchanged;" in again.stdout


@pytest.mark.soak
def test_a_progress_bar_on_a_terminal_says_why_files_are_read_again(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN, NARRATIVE, COUNTY), tmp_path / "out"
    copy_built(out, TOWN, NARRATIVE)
    with sqlite3.connect(out / ".current" / "manifest.sqlite") as connection:
        connection.execute("update contents set parser_version = '0'")
    connection.close()
    status, drawn = on_a_terminal("build", "--raw", raw, "--out", out)
    assert status == 0
    assert "reading reports (2 again: read by parser version 0, this is" in drawn
    assert ESCAPE in drawn
    assert re.sub(r"\s+", " ", drawn).find("3 files: 3 parsed; 3 read now, 0 unchanged") > 0


@pytest.mark.soak
def test_a_disk_that_is_full_is_one_line_and_the_dataset_is_as_it_was(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN), tmp_path / "out"
    build_plain(raw, out)
    before = tables(out)
    copy_samples(raw)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        result = command("build", "--raw", raw, "--out", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert_one_line(result, "the new build was not published: ", "File too large")
    assert tables(out) == before
    assert command("build", "--raw", raw, "--out", out).returncode == 0
    assert_as_from_scratch(raw, out)


def test_a_dagster_home_that_is_none_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    raw = copy_samples(tmp_path / "raw", TOWN)
    result = command_here("build", "--raw", raw, "--out", tmp_path / "out")
    assert_one_line(result, "Dagster cannot use DAGSTER_HOME: ")


# -- status and query -------------------------------------------------------------------------------------------------


def test_status_is_readable_without_a_terminal(samples: Path) -> None:
    result = command("status", "--out", samples)
    assert (result.returncode, result.stderr) == (0, "")
    assert ESCAPE not in result.stdout
    for title in ("files by status", "reports by year and template", "cells by state", "failed checks"):
        assert f"\n{title}\n" in f"\n{result.stdout}"
    parsed = query(samples, "select count(*) from files where status = 'parsed'")[0][0]
    assert re.search(rf"^ parsed +{parsed} +$", result.stdout, re.MULTILINE)
    example = query(samples, "select min(reason) from files where status = 'quarantined'")[0][0]
    assert str(example) in result.stdout


def test_query_draws_numbers_to_the_right_and_nothing_for_null(samples: Path) -> None:
    sql = (
        "select * from (values (1, 'one', 1.50::decimal(18,4), true), (1000, 'thousand', null, null)) t(n, word, d, b)"
    )
    result = command("query", sql, "--out", samples)
    assert (result.returncode, result.stderr) == (0, "")
    assert [line.rstrip() for line in result.stdout.splitlines() if line.strip()] == [
        "    n   word         d   b",
        " ────────────────────────────",
        "    1   one        1.5   True",
        " 1000   thousand",
    ]


def test_query_draws_in_colour_on_a_terminal(samples: Path) -> None:
    status, drawn = on_a_terminal("query", "select 1 as n", "--out", samples)
    assert status == 0
    assert ESCAPE in drawn


def test_words_of_others_cannot_steer_a_terminal(samples: Path) -> None:
    _, drawn = on_a_terminal("query", r"select chr(27) || ']0;x' || chr(7) || chr(155) as word", "--out", samples)
    assert "␛]0;x␇\ufffd" in drawn


def test_query_shows_the_first_thousand_rows_and_says_so(samples: Path) -> None:
    result = command("query", "from range(1001)", "--out", samples)
    assert result.stdout.split()[-1] == "999"
    assert result.stderr == "only the first 1,000 rows are shown\n"
    assert command("query", "from range(1000)", "--out", samples).stderr == ""


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", "the query is empty"),
        ("selec 1", "Parser Error"),
        ("select * from cels", "Catalog Error: Table with name cels does not exist! Did you mean"),
        ("insert into files select * from files", "read-only"),
        ("create table t as select 1", "read-only"),
        ("drop table cells", "read-only"),
        ("from read_text('/etc/passwd')", "Permission Error"),
        ("copy cells to '/tmp/cells.csv'", "Permission Error"),
        ("attach '/tmp/other.duckdb'", "Permission Error"),
        ("set enable_external_access = true", "locked"),
        ("install httpfs", "Permission Error"),
        (b"select '\xff'", "the query is not UTF-8"),
    ],
)
def test_a_query_that_is_wrong_or_wants_more_than_reading_is_one_line(
    samples: Path, sql: str | bytes, words: str
) -> None:
    assert_one_line(command_here("query", sql, "--out", samples), words)


def test_a_reader_that_stops_reading_is_no_error(samples: Path) -> None:
    pipe = (
        f"'{GONGKAI}' query 'select range, repeat(range::varchar, 1000) from range(1000)' --out '{samples}' | head -1"
    )
    result = subprocess.run(["bash", "-c", pipe], env=environment(), capture_output=True, text=True)
    assert result.stderr == ""


def test_asking_imports_no_dagster(samples: Path) -> None:
    program = (
        "import sys; from assets.command import main\n"
        "try: main()\n"
        "finally: print('heavy', sorted({name.partition('.')[0] for name in sys.modules} & {'dagster', 'pandas', 'pandera'}))"
    )
    for words in (["status"], ["show", TOWN], ["query", "from files"]):
        result = subprocess.run(
            [GONGKAI.with_name("python"), "-c", program, *words, "--out", samples],
            env=environment(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert result.stdout.splitlines()[-1] == "heavy []"


# -- show -------------------------------------------------------------------------------------------------------------

ROW = re.compile(r"^ *(?P<first>\d+)(–(?P<last>\d+))?   (?P<label>\S.*?)   +(?P<values>.+)$")


@pytest.mark.parametrize("name", [TOWN, COUNTY, "qingshi-county/2019-linchuanhu-town.txt"])
def test_show_names_the_lines_that_its_figures_stand_in(samples: Path, name: str) -> None:
    result = command("show", name, "--out", samples)
    assert (result.returncode, result.stderr) == (0, "")
    assert ESCAPE not in result.stdout
    source = (SAMPLES / name).read_text(encoding="utf-8").split("\n")
    tables_drawn = result.stdout.split("statements of the prose")[0].split(" cells, lines ")[1:]
    assert len(tables_drawn) == 7
    figures = 0
    for drawn in tables_drawn:
        first, last = map(int, drawn.splitlines()[0].split("–"))
        for row in filter(None, map(ROW.match, drawn.splitlines()[1:])):
            begin, end = int(row["first"]), int(row["last"] or row["first"])
            assert first <= begin <= end <= last
            words = "".join("".join(source[begin - 1 : end]).split())
            place = 0
            for value in re.split(r"   +", row["values"].strip()):
                printed = "".join(value.partition(" ← ")[2].split() or value.split()).lstrip("?")
                place = words.index(printed, place) + len(printed)
                figures += 1
    reported = query(samples, f"select count(*) from cells join reports using (report_id) join files using (file_id) "
                     f"where path = '{name}' and value_state in ('reported', 'unreadable')")[0][0]  # fmt: skip
    assert figures >= int(str(reported))


def test_show_draws_the_statements_with_their_lines(samples: Path) -> None:
    result = command("show", TOWN, "--out", samples)
    drawn = result.stdout.split("statements of the prose")[1].split("check")[0]
    source = (SAMPLES / TOWN).read_text(encoding="utf-8").split("\n")
    rows = re.findall(r"^ *\d+ +(\d+)(?:–(\d+))? +(disclosed_\w+) +(\d+)", drawn, re.MULTILINE)
    assert len(rows) >= 3
    for first, last, _, value in rows:
        assert value in "".join(source[int(first) - 1 : int(last or first)])


def test_show_names_the_lines_of_sections(samples: Path) -> None:
    drawn = command_here("show", NARRATIVE, "--out", samples).stdout
    source = (SAMPLES / NARRATIVE).read_text(encoding="utf-8").split("\n")
    headings = query(
        samples,
        "select heading from sections join reports using (report_id) join files using (file_id) "
        f"where path = '{NARRATIVE}' and heading is not null order by section_no",
    )
    assert len(headings) > 4
    found = re.findall(r"^ (\d+)(?:–\d+)? +([a-z_]+) +(\S.*?) *$", drawn, re.MULTILINE)
    assert [heading for _, _, heading in found] == [heading for (heading,) in headings]
    for line, _, heading in found:
        assert source[int(line) - 1].strip().startswith(heading)


def test_show_draws_what_was_refused_and_what_failed(samples: Path) -> None:
    for sql, words in (
        ("select path, raw_text from cells join reports using (report_id) join files using (file_id) "
         "where value_state = 'unreadable'", "refused cells"),
        ("select path, label_en from checks join dim_checks using (check_key) join reports using (report_id) "
         "join files using (file_id) where outcome = 'fail' and checks.severity = 'error'", "failed checks"),
    ):  # fmt: skip
        for path, what in query(samples, sql)[:1]:
            drawn = command_here("show", str(path), "--out", samples).stdout
            assert str(what) in drawn.partition(f"\n{words}\n")[2]


def test_show_finds_a_report_by_all_its_names(samples: Path, tmp_path: Path) -> None:
    expected = command_here("show", TOWN, "--out", samples)
    assert (expected.returncode, expected.stderr) == (0, "")
    report_id = query(samples, f"select file_id[:16] from files where path = '{TOWN}'")[0][0]
    shutil.copyfile(SAMPLES / TOWN, tmp_path / "elsewhere.txt")
    for name in (
        report_id,
        f"./{TOWN}",
        f"data/raw/{TOWN}",
        SAMPLES / TOWN,
        Path(TOWN).name,
        tmp_path / "elsewhere.txt",
    ):
        assert command_here("show", str(name), "--out", samples).stdout == expected.stdout, name


def test_show_says_why_there_is_nothing_to_show(samples: Path) -> None:
    for name, words in (
        (NO_REPORT, f"{NO_REPORT} is quarantined: no such report"),
        ("2020-county-government.tx", "is neither a report_id nor a file in the dataset"),
        ("county-government.txt", "is neither a report_id nor a file in the dataset"),
        ("", "is neither a report_id nor a file in the dataset"),
        ("%", "is neither a report_id nor a file in the dataset"),
        ("x" * 5_000, "is neither a report_id nor a file in the dataset"),
        ("'; drop table files; --", "is neither a report_id nor a file in the dataset"),
    ):
        assert_one_line(command_here("show", "--out", samples, "--", name), words)


def test_show_of_files_that_moved_changed_or_are_ambiguous(tmp_path: Path) -> None:
    raw, out = copy_samples(tmp_path / "raw", TOWN, NARRATIVE, NO_REPORT), tmp_path / "out"
    copy_built(out, TOWN, NARRATIVE, NO_REPORT)
    (raw / "a").mkdir()
    shutil.copyfile(raw / TOWN, raw / "a" / "2013-water-bureau.txt")
    os.renames(raw / TOWN, raw / "moved.txt")
    build_plain(raw, out)
    (raw / "moved.txt").write_text((raw / "moved.txt").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (raw / NO_REPORT).unlink()
    build_plain(raw, out)
    ambiguous = command_here("show", "2013-water-bureau.txt", "--out", out)
    assert_one_line(ambiguous, f"is the end of 2 paths, name one: a/2013-water-bureau.txt, {NARRATIVE}")
    moved = command_here("show", "moved.txt", "--out", out)
    assert "moved.txt (parsed)" in moved.stdout
    before = command_here("show", TOWN, "--out", out)
    assert f"a/2013-water-bureau.txt (parsed), moved.txt (removed), {TOWN} (removed)" in before.stdout
    assert_one_line(
        command_here("show", NO_REPORT, "--out", out), f"{NO_REPORT} is removed: no longer in the raw folder"
    )
