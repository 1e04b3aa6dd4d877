"""RAW/manifest.csv: fills what reports do not say, never overrides, and reaches the dataset with the next build.

Belongs here: reading the list, its lines in the published tables, lists that are broken. Does not belong here: metadata
that needs no list (test_describe.py, test_regions.py).
"""

from pathlib import Path

import pytest
from helpers_build import (
    COUNTY,
    TOWN,
    assert_as_from_scratch,
    assert_one_line,
    build_plain,
    command_here,
    copy_samples,
    query,
)

from pipeline.check.crawl_list import check_crawl_line
from pipeline.crawl_list import CrawlLine, read_crawl_list, result_version, unknown_paths
from pipeline.describe.report import Description, describe
from pipeline.read.document import make_document
from pipeline.split import split

YEAR_TITLE = "{}2020年政府信息公开工作年度报告\n一、总体情况\n无。\n"
HEADER = "path,body_name,region_code,report_year,source_url,fetched_at\n"
COPY = "a-copy.txt"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return copy_samples(tmp_path / "raw", TOWN, COUNTY)


def described(text: str, line: CrawlLine) -> Description:
    document = make_document(text, "text/plain", "utf-8")
    return describe(document, split(document), line)


def write(raw: Path, *lines: str, header: str = HEADER) -> None:
    (raw / "manifest.csv").write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")


REPORT = (
    "select body_name, body_name_source, region_code, county, region_source, report_year, source_url from reports join files \
using (file_id) where path = '{}'"
)
CONFLICTS = (
    "select row_key, outcome from checks join reports using (report_id) join files using (file_id) where path = '{}' and \
check_key = 'manifest_conflict' order by all"
)


def test_fills_what_the_report_does_not_say(raw: Path, out: Path) -> None:
    before = "select body_name, region_code, report_year from reports join files using (file_id) where path = '{}'"
    build_plain(raw, out)
    assert query(out, before.format(TOWN)) == [(None, None, 2020)]
    write(raw, f"{TOWN},青石湾镇人民政府,620421,2020,http://example.test/1,2021-02-03")
    (plan,) = build_plain(raw, out)
    assert [file.path for file in plan.to_parse] == [TOWN]
    assert query(out, REPORT.format(TOWN)) == [
        ("青石湾镇人民政府", "manifest", "620421", "靖远县", "manifest", 2020, "http://example.test/1")
    ]
    assert query(out, CONFLICTS.format(TOWN)) == [("report_year", "pass")]
    assert query(
        out, f"select body_id is not null, fetched_at from reports join files using (file_id) where path = '{TOWN}'"
    ) == [(True, "2021-02-03")]
    assert query(out, "select count(*) from files where path = 'manifest.csv'") == [(0,)]
    assert_as_from_scratch(raw, out)


OVERRIDES = [  # (title's body, line, what the report is then said to be, checks)
    ("靖远县财政局", CrawlLine("会宁县财政局", "620422", 2019), ("靖远县财政局", "620421", 2020), ["fail"] * 3),
    ("靖远县政府", CrawlLine("靖远县人民政府", "620421", 2020), ("靖远县政府", "620421", 2020), ["pass"] * 3),
    ("靖远县财政局", CrawlLine(None, "620400", None), ("靖远县财政局", "620421", 2020), ["pass"]),
    ("三江乡", CrawlLine("三江乡人民政府", "360703", None), ("三江乡", "360703", 2020), ["pass"]),
    ("妥安乡", CrawlLine(None, "620421", None), ("妥安乡", "620421", 2020), []),
    ("青石县财政局", CrawlLine(None, "999999", None), ("青石县财政局", None, 2020), []),
]


@pytest.mark.parametrize("case", OVERRIDES, ids=lambda case: f"{case[0]} {case[1].region_code}")
def test_fills_and_never_overrides(case: tuple[str, CrawlLine, tuple[object, ...], list[str]]) -> None:
    body, line, expected, outcomes = case
    said = described(YEAR_TITLE.format(body), line)
    assert (said.body_name, said.region_code, said.report_year) == expected
    assert [check.outcome for check in check_crawl_line(said, line)] == outcomes


STEPS = [  # (lines, name and county of the report without a name)
    ([f"{TOWN},青石湾镇,620421,,,"], (None, None)),  # of a copy: not used
    ([f"{COPY},青石湾镇,620421,,,"], ("青石湾镇", "靖远县")),
    ([f"{COPY},青石湾镇,410381,,,"], ("青石湾镇", "偃师市")),
    ([f"{COPY},青石湾镇,410381,,,", f"{COUNTY},,,,http://example.test/2,"], ("青石湾镇", "偃师市")),
    ([f"{COUNTY},,,,http://example.test/2,"], (None, None)),
    ([], (None, None)),
]
NAMED = "select body_name, county from reports where body_name_source is distinct from 'title'"


def take_steps(raw: Path, out: Path, steps: list[tuple[list[str], tuple[object, object]]]) -> None:
    (raw / COPY).write_bytes((raw / TOWN).read_bytes())  # the original from now on: its path is the smaller
    for lines, named in steps:
        write(raw, *lines)
        build_plain(raw, out)
        assert query(out, NAMED) == [named]
    assert build_plain(raw, out) == []
    assert_as_from_scratch(raw, out)


def test_a_changed_line_reaches_the_dataset(raw: Path, out: Path) -> None:
    take_steps(raw, out, [STEPS[1], STEPS[2], STEPS[5]])


@pytest.mark.soak
def test_every_change_of_the_list_reaches_the_dataset(raw: Path, out: Path) -> None:
    for last in range(1, len(STEPS) + 1):
        take_steps(raw, out, STEPS[last - 1 : last])
    write(raw, f"{COPY},青石湾镇,620421,,,")
    build_plain(raw, out)
    (raw / COPY).rename(raw / "z.txt")  # the line is of the old path
    build_plain(raw, out)
    assert query(out, "select count(*) from reports where body_name = '青石湾镇'") == [(0,)]
    (raw / "manifest.csv").unlink()
    build_plain(raw, out)
    assert_as_from_scratch(raw, out)


def test_a_township_among_many_is_found_by_the_list() -> None:
    said = described(YEAR_TITLE.format("三江乡"), CrawlLine(region_code="360703"))
    assert (said.township_code, said.region_source) == ("360703205", "manifest")


BROKEN = [  # (bytes, words of the error)
    (b"path,body_name\na.txt,x\n", "no column region_code"),
    (b"", "no column path"),
    ("path,body_name,region_code,report_year,source_url,fetched_at\n青".encode("gb18030"), "not UTF-8"),
    (HEADER.replace("\n", ",path\n").encode(), "a column twice"),
    (HEADER.encode() + b'a.txt,"x,,,,\n', "no CSV"),
    (HEADER.encode() + b"a.txt,\x00,,,,\n", "NUL"),
]


@pytest.mark.parametrize(("data", "words"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_list_that_cannot_be_read_is_one_clear_line(raw: Path, out: Path, data: bytes, words: str) -> None:
    (raw / "manifest.csv").write_bytes(data)
    assert_one_line(command_here("build", "--raw", raw, "--out", out), "manifest.csv", words)


def test_a_folder_of_that_name_is_no_list(raw: Path) -> None:
    (raw / "manifest.csv").mkdir()
    assert read_crawl_list(raw).lines == {}


def test_bad_lines_are_named_and_not_used(raw: Path, out: Path) -> None:
    write(
        raw,
        f"{COUNTY},甲县人民政府,620421,,,",
        f"{COUNTY},乙县人民政府,620421,,,",
        f"{TOWN},青石湾镇,62042,20 20,,",
        "gone.txt,,,,,",
        ",no path,,,,",
        "short,line",
        "",
    )
    crawl = read_crawl_list(raw)
    assert crawl.lines == {TOWN: CrawlLine("青石湾镇"), "gone.txt": CrawlLine()}
    words = "\n".join([*crawl.warnings, *unknown_paths(crawl, {TOWN, COUNTY})])
    for expected in (f"contradict each other are not used: {COUNTY}", f"region_code of {TOWN}", f"report_year of {TOWN}",
                     "other columns than the header: 6, 7", "1 paths are not in the raw folder (gone.txt)"):  # fmt: skip
        assert expected in words
    result = command_here("build", "--raw", raw, "--out", out)
    assert result.returncode == 0
    assert result.stderr.count("warning: manifest.csv") == 5


def test_byte_order_mark_quotes_and_other_order(raw: Path) -> None:
    header = "﻿fetched_at,extra,source_url,report_year,region_code,body_name,path\n"
    write(raw, f'2021,"a, b",u,2020,620421,"青石,镇",{TOWN}', header=header)
    assert read_crawl_list(raw).lines == {TOWN: CrawlLine("青石,镇", "620421", 2020, "u", "2021")}


def test_the_same_line_twice_is_one(raw: Path) -> None:
    write(raw, *[f"{TOWN},青石湾镇,620421,2020,,"] * 2)
    assert read_crawl_list(raw).warnings == []


def test_the_version_of_a_result_tells_its_line() -> None:
    lines = [None, CrawlLine(), CrawlLine("a"), CrawlLine(None, "a"), CrawlLine("a", "b")]
    assert len({result_version(line) for line in lines}) == len(lines)
