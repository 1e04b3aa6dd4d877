"""Web pages: merged cells, what stands around an article, pages that are not what they should be.

Belongs here: the HTML reader alone and together with the tables. Does not belong here: encodings (test_encodings.py),
hostile pages (test_hostile.py), whole generated reports (test_formats.py).
"""

import pytest
from report_text import cells_of

from pipeline.parse import parse_bytes
from pipeline.read.decode import decode

HEAD = "<tr><td>信息内容</td><td>本年新制作数量</td><td>本年新公开数量</td><td>对外公开总数量</td></tr>"
SUB = "<tr><td colspan=4>第二十条第（一）项</td></tr>"


def page(*rows: str, before: str = "", after: str = "") -> bytes:
    return f"<html><body>{before}<p>二、主动公开政府信息情况</p><table>{SUB}{HEAD}{''.join(rows)}</table>{after}</body></html>".encode()


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def values(data: bytes) -> list[tuple[str, int | None]]:
    (report,) = parse_bytes(data, "0" * 64).reports
    found = cells_of(report.readings)
    return [(cell.state, cell.value) for cell in found.values()]


def read(data: bytes):
    return cells_of(parse_bytes(data, "0" * 64).reports[0].readings)


NUMBER = {
    "plain": ("3", "reported", 3),
    "in a paragraph": ("<p align='center'><span>3</span></p>", "reported", 3),
    "entity": ("&#51;", "reported", 3),
    "with blanks of every kind": ("&nbsp; 3\n&#8203;", "reported", 3),
    "blank": ("", "blank", None),
    "no-break blank": ("&nbsp;", "blank", None),
    "escaped twice": ("&amp;nbsp;", "blank", None),
    "empty paragraph": ("<p><br></p>", "blank", None),
    "comment": ("<!-- 7 -->", "blank", None),
    "script": ("<script>document.write(7)</script>", "blank", None),
    "hidden": ("<span style='display:none'>7</span>3", "reported", 3),
    "two lines": ("1<br>2", "unreadable", None),
    "two paragraphs": ("<p>1</p><p>2</p>", "unreadable", None),
    "split by markup": ("<b>1</b><i>2</i>", "reported", 12),
    "line break in the source": ("1\n2", "unreadable", None),
    "words": ("见附件", "unreadable", None),
    "dash": ("—", "placeholder", None),
}


@pytest.mark.parametrize(("cell", "state", "value"), NUMBER.values(), ids=NUMBER)
def test_a_cell_says_what_is_printed_in_it(cell, state, value):
    found = read(page(row("规章", cell, "0", "524"), row("规范性文件", "60", "", "368")))
    printed = found["active_disclosure", "regulations", "newly_made"]
    assert (printed.state, printed.value) == (state, value)
    assert found["active_disclosure", "regulations", "total_disclosed"].value == 524
    assert found["active_disclosure", "normative_documents", "newly_disclosed"].state == "blank"


def test_merged_cells_are_no_cells():
    document = decode(page("<tr><td rowspan=2>规章</td><td colspan=2>1</td><td>2</td></tr>" + row("3", "4", "5")))
    (grid,) = document.grids
    assert document.text.split("\n")[-3:] == ["规章\t1\t\t2", "\t3\t4\t5", ""]
    assert [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.rows[2]] == [
        (2, 0, 2, 1),
        (2, 1, 1, 2),
        (2, 3, 1, 1),
    ]
    assert [cell.column for cell in grid.rows[3]] == [1, 2, 3]
    assert [document.text[cell.start : cell.end] for cell in grid.rows[3]] == ["3", "4", "5"]


@pytest.mark.parametrize("merged", ["<td colspan=2>1</td><td>2</td>", "<td>1</td><td>2</td>", "<td colspan=3>1</td>"])
def test_a_row_with_too_few_cells_is_refused(merged):
    found = read(page(f"<tr><td>规章</td>{merged}</tr>", row("规范性文件", "60", "60", "368")))
    states = {cell.state for key, cell in found.items() if key[1] == "regulations"}
    assert states == {"unreadable"}


def test_a_table_in_a_cell_of_the_page_is_a_table():
    inner = page(row("规章", "1", "2", "3"), row("规范性文件", "4", "5", "6")).decode()
    outer = f"<table><tr><td><a href=a>x</a></td><td>{inner}</td></tr><tr><td>页脚</td><td>一二</td></tr></table>"
    assert [value for _, value in values(outer.encode())] == [1, 2, 3, 4, 5, 6]


def test_pages_in_a_script_are_unescaped():
    text = page(row("规章", "1", "2", "3"), row("规范性文件", "4", "5", "6")).decode().replace("<p>", '<p class="a">')
    escaped = text.replace('"', '\\"').replace("/", "\\/")
    assert [value for _, value in values(f'var html = "{escaped}";'.encode())] == [1, 2, 3, 4, 5, 6]
    marked = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert [value for _, value in values(f"<div>{marked}</div>".encode())] == [1, 2, 3, 4, 5, 6]


TITLE = "青石镇人民政府2020年政府信息公开工作年度报告"
AROUND = """<title>{title} - 青石县人民政府网站</title><meta name="PubDate" content="2021-01-20 09:00">
<div class=top><a href=1>首页</a> | <a href=2>政务公开</a> | <a href=3>2035年专题</a></div>
<div>您现在的位置：<a href=1>首页</a> &gt; <a href=2>乡镇</a> &gt; <a href=3>青石镇</a></div>
<table><tr><td>索 引 号：</td><td>000123/2021-00045</td><td>发布日期：</td><td>2021-01-20</td></tr>
<tr><td>发布机构：</td><td>青石镇人民政府</td><td>名　称：</td><td>{title}</td></tr></table><h1>{title}</h1>
<p>一、总体情况</p><p>2020年公开128条。</p>"""
AFTER = """<p>六、其他需要报告的事项</p><p>无。</p><p>青石镇人民政府</p>
<div>上一条：<a href=a>青石镇2021年政府信息公开工作年度报告</a></div><div>下一篇：<br><a href=b>青石镇2019年度报告</a></div>
<p><a href=c>打印</a> <a href=d>关闭</a></p><div>版权所有：青石县人民政府 ICP备20350000号</div>"""


def test_what_stands_around_the_article_is_left_out_and_kept_as_evidence():
    data = page(
        row("规章", "0", "0", "0"), row("规范性文件", "0", "0", "0"), before=AROUND.format(title=TITLE), after=AFTER
    )
    document = decode(data)
    for words in ("2021年政府", "2019", "2035", "打印", "首页", "版权"):
        assert words not in document.text, words
    assert {name: document.evidence[name] for name in ("索引号", "发布日期", "发布机构", "PubDate")} == {
        "索引号": "000123/2021-00045",
        "发布日期": "2021-01-20",
        "发布机构": "青石镇人民政府",
        "PubDate": "2021-01-20 09:00",
    }
    assert "青石镇" in document.evidence["breadcrumb"]
    assert document.evidence["title"].startswith(TITLE)
    (report,) = parse_bytes(data, "0" * 64).reports
    assert (report.description.report_year, report.description.body_name) == (2020, "青石镇人民政府")
    assert str(report.description.published_on) == "2021-01-20"


def test_sentences_with_links_in_them_stay():
    words = "2020年，<a href=1>门户网站</a>、<a href=2>微信</a>和<a href=3>公报</a>公开信息128条。"
    assert "门户网站、微信和公报公开信息128条" in decode(f"<div>{words}</div><p>无。</p>".encode()).text


def test_text_with_a_tag_here_and_there_is_text():
    text = "青石镇2020年政府信息公开工作年度报告\n\t规章\n\t0\n见<br>附件<br>、<p>\n一\n二\n三\n"
    document = decode(text.encode())
    assert (document.media_type, document.text) == ("text/plain", text)


def test_the_sections_are_the_text():
    data = page(row("规章", "1", "2", "3"), before=AROUND.format(title=TITLE), after=AFTER)
    (report,) = parse_bytes(data, "0" * 64).reports
    text = report.document.text
    assert "".join(text[s.char_start : s.char_end] for s in report.sections) == text
    for cell in cells_of(report.readings).values():
        if cell.raw_text is not None:
            assert cell.raw_text == text[cell.char_start : cell.char_end].strip()
