"""From bytes to text, or to a reason that says what is wrong; a bad file never raises.

Belongs here: what a file is, its encoding, the status of one file. Does not belong here: files on disk (other tests).
"""

import hashlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_text import ROOT, blocks, cells_of, filled, numbered, same_as_printed, tab_cell, tab_row

from pipeline.file_id import content_id
from pipeline.parse import parse_bytes
from pipeline.read.decode import UnreadableError, decode
from schemas.tables import FILE_STATUSES, LAYOUTS, TEMPLATES

TEXT = tab_cell(blocks("2019", numbered("2019")))


def parsed(data: bytes):
    return parse_bytes(data, content_id(data))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be"],
)
def test_unicode_text_is_decoded_whole(data, encoding):
    document = decode(data)
    assert (document.text, document.media_type) == (TEXT, "text/plain")
    found = parsed(data)
    assert (found.status, found.reason, found.encoding) == ("parsed", None, encoding)
    same_as_printed(cells_of(found.reports[0].readings), numbered("2019"))


def archive() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


BAD = {
    "empty": (b"", "empty"),
    "blanks": (b" \r\n\t \n", "blank"),
    "only a mark": (b"\xef\xbb\xbf\n", "blank"),
    "binary": (bytes(range(256)) * 20, "binary"),
    "zeros": (b"\x00" * 4096, "blank|binary"),
    "truncated character": (TEXT.encode()[:200] + b"\xe4\xb8", "encoding|UTF-8"),
    "no encoding": (b"\xff\xff\xff\xfe report \xff", "encoding|UTF-8|binary"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "picture"),
    "gzip": (b"\x1f\x8b\x08" + b"\x00" * 50, "gzip"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_bytes_that_hold_no_text_are_quarantined_with_a_reason(data, words):
    found = parsed(data)
    assert found.status == "quarantined"
    assert found.reports == []
    assert any(word in found.reason for word in words.split("|")), found.reason
    assert "\n" not in found.reason
    with pytest.raises(UnreadableError):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", archive(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500],
    ids=["pdf", "zip", "doc"],
)
def test_broken_files_of_other_formats_are_quarantined(data):
    found = parsed(data)
    assert (found.status, found.reports) == ("quarantined", [])
    assert found.reason


NO_REPORTS = {
    "notice": "关于临时停水的通知\n各用水户：\n因更换阀门，定于3月12日停水。\n",
    "words": "hello world\n",
    "two headings": "一、总体情况\n无。\n二、主动公开政府信息情况\n无。\n",
    "another table": "姓名\t职务\t电话\n张三\t所长\t12345\n",
    "a row of no form": "信息内容\t总计\n其他\t3\n",
}


@pytest.mark.parametrize("text", NO_REPORTS.values(), ids=NO_REPORTS)
def test_text_that_is_no_such_report(text):
    found = parsed(text.encode())
    assert found.status == "quarantined"
    assert "no such report" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "青石镇2020年政府信息公开工作年度报告\n无。\n",  # a title
        tab_row(blocks("2019", filled("2019"), ["disputes"], prose=False)),  # a table
        "一、总体情况\n无。\n二、主动公开政府信息情况\n无。\n五、存在的主要问题及改进情况\n无。\n",  # three headings
    ],
    ids=["title", "table", "three headings"],
)
def test_what_makes_a_report(text):
    found = parsed(text.encode())
    assert (found.status, found.reason, len(found.reports)) == ("parsed", None, 1)


def test_report_without_tables_is_narrative():
    report = parsed("青石镇2020年政府信息公开工作年度报告\n一、概述\n无。\n".encode()).reports[0]
    assert (report.template, report.layout, report.readings) == ("narrative", "prose", [])
    assert {check.table_key for check in report.checks} == {None}


def test_refused_cells_make_a_file_partial_and_are_named():
    text = tab_cell(
        blocks(
            "2019",
            filled("2019", applications__granted__total="详见附件", active_disclosure__licensing__decisions="约5"),
        )
    )
    found = parsed(text.encode())
    assert found.status == "partial"
    assert found.reason == "active_disclosure 第二十条第（五）项: 1 unreadable; applications: 1 unreadable"
    assert len(found.reports) == 1


def test_report_id_is_made_of_the_content_alone():
    data = TEXT.encode()
    assert content_id(data) == hashlib.sha256(data).hexdigest()
    report = parsed(data).reports[0]
    assert (report.report_id, report.file_id) == (content_id(data)[:16], content_id(data))


@settings(max_examples=150)
@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe\x00")
@example(b"\x0c\x0c")
def test_no_bytes_raise(data):
    found = parsed(data)
    assert found.status in FILE_STATUSES
    assert (found.reason is None) == (found.status == "parsed")
    assert bool(found.reports) == (found.status in ("parsed", "partial"))


FRAGMENTS = st.sampled_from(
    [line for name in ("2019", "2021") for line in tab_row(blocks(name, numbered(name))).split("\n")]
    + tab_cell(blocks("2019", numbered("2019"))).split("\n")[:120]
    + ["|", "||||", "| 规章 | 1 | 2 | 3 |", "713000074", "0000000", "0 0 0 0 0 0 0", "合计", "\x00", "\u2028", "\r", "<table>", "统计指标\t单位\t统计数", "本期实际", "本年累计"]
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(FRAGMENTS, max_size=60).map("\n".join))
def test_no_heap_of_fragments_raises(text):
    """Rows of forms in any order: whatever comes out has its place in the closed sets of the dictionary."""
    for report in parsed(text.encode()).reports:
        assert report.template in TEMPLATES
        assert report.layout in LAYOUTS
        for cell in cells_of(report.readings).values():
            assert cell.raw_text is None or cell.char_start is not None


def test_samples_that_are_no_reports():
    for path in sorted((ROOT / "data" / "raw" / "not-a-report").iterdir()):
        assert parsed(path.read_bytes()).status == "quarantined", path.name
