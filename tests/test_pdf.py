"""PDF files: cells between rules, tables over pages, turned text, what is printed around the text.

Belongs here: the PDF reader on pages drawn for the purpose. Does not belong here: hostile files (test_hostile.py), whole
generated reports (test_formats.py).
"""

from io import BytesIO

import pytest
from report_text import SHARED, cells_of
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.parse import parse_bytes
from pipeline.read.decode import decode

FONT = "STSong-Light"
REAL = SHARED / "corpus" / "real" / "013_hongze-2023.pdf"


class Drawing:
    """A canvas whose y grows downwards from the top, in points."""

    def __init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4)
        self.canvas.setFont(FONT, 10)

    def text(self, x: float, y: float, words: str) -> None:
        self.canvas.drawString(x, A4[1] - y, words)

    def rules(self, xs: list[float], ys: list[float]) -> None:
        for x in xs:
            self.canvas.line(x, A4[1] - ys[0], x, A4[1] - ys[-1])
        for y in ys:
            self.canvas.line(xs[0], A4[1] - y, xs[-1], A4[1] - y)

    def page(self) -> None:
        self.canvas.showPage()
        self.canvas.setFont(FONT, 10)

    def document(self):
        self.canvas.save()
        return decode(self.buffer.getvalue())


def test_cells_stand_between_rules_and_blank_ones_too():
    drawing = Drawing()
    drawing.rules([50, 100, 150, 200], [100, 120, 140])
    drawing.text(55, 114, "规章")
    drawing.text(155, 114, "7")
    found = drawing.document()
    assert found.text == "规章\t\t7\n\t\t\n"
    assert [len(row) for row in found.grids[0].rows] == [3, 3]
    assert {cell.page for row in found.grids[0].rows for cell in row} == {1}


def test_a_number_that_a_narrow_cell_broke_is_one_and_two_numbers_are_not():
    drawing = Drawing()
    drawing.rules([50, 80, 200, 300], [100, 140])
    drawing.text(54, 114, "1234")
    drawing.text(54, 130, "56")
    drawing.text(85, 114, "1234")
    drawing.text(85, 130, "56")
    assert drawing.document().text == "123456\t1234\u202856\t\n"


@pytest.mark.parametrize("angle", [90, 270])
def test_turned_words_are_read_along_their_direction(angle):
    drawing = Drawing()
    drawing.rules([50, 80, 200], [100, 200])
    drawing.canvas.saveState()
    drawing.canvas.translate(68, A4[1] - (180 if angle == 90 else 110))
    drawing.canvas.rotate(angle)
    drawing.canvas.drawString(0, 0, "行政复议")
    drawing.canvas.restoreState()
    assert drawing.document().text == "行政复议\t\n"


def test_slanted_letters_are_a_watermark():
    drawing = Drawing()
    drawing.text(100, 300, "全年公开128条。")
    drawing.canvas.saveState()
    drawing.canvas.rotate(40)
    drawing.canvas.drawString(300, 200, "内部资料2035")
    drawing.canvas.restoreState()
    assert drawing.document().text == "全年公开128条。\n"


def test_bold_letters_that_are_printed_twice_are_read_once():
    drawing = Drawing()
    drawing.text(100, 100, "128条")
    drawing.text(100.3, 100, "128条")
    assert drawing.document().text == "128条\n"


def test_page_numbers_and_running_titles_go_and_paragraphs_are_joined():
    drawing = Drawing()
    for number in range(1, 4):
        drawing.text(70, 40, "青石镇年度报告")
        drawing.text(90, 100, f"第{number}段" + "公" * 38)
        drawing.text(70, 116, "开" * 42)
        drawing.text(70, 132, "完。")
        drawing.text(290, 800, f"- {number} -")
        drawing.page()
    found = drawing.document().text
    assert found.split("\n") == [f"第{n}段" + "公" * 38 + "开" * 42 + "完。" for n in (1, 2, 3)] + [""]


def test_a_table_over_pages_is_one_and_a_row_cut_by_the_page_is_one():
    drawing = Drawing()
    xs = [50, 200, 240, 280, 320]
    drawing.rules(xs, [740, 760, 780, 800])
    for y, cells in (
        (754, ("第二十条第（一）项",)),
        (774, ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")),
        (794, ("行政规范",)),
    ):
        for x, words in zip(xs, cells, strict=False):
            drawing.canvas.setFont(FONT, 6)
            drawing.text(x + 2, y, words)
    drawing.page()
    drawing.rules(xs, [50, 70, 90])
    for x, words in zip(xs, ("性文件", "1", "2", "3"), strict=False):
        drawing.text(x + 2, 64, words)
    for x, words in zip(xs, ("规章", "4", "5", "6"), strict=False):
        drawing.text(x + 2, 84, words)
    document = drawing.document()
    assert len(document.grids) == 1
    assert [row[0].page for row in document.grids[0].rows] == [1, 1, 1, 2, 2]
    (report,) = parse_bytes(drawing.buffer.getvalue(), "0" * 64).reports
    found = cells_of(report.readings)
    rows = {
        row: [found["active_disclosure", row, c].value for c in ("issued", "repealed", "in_force")]
        for row in ("normative_documents", "regulations")
    }
    assert rows == {"normative_documents": [1, 2, 3], "regulations": [4, 5, 6]}


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/corpus is not there")
def test_cells_of_a_real_report_lead_to_their_page_and_place():
    document = decode(REAL.read_bytes())
    assert [len(grid.rows) for grid in document.grids] == [14, 26, 4]
    assert {cell.page for row in document.grids[1].rows for cell in row} == {3, 4}
    assert "- 3 -" not in document.text
