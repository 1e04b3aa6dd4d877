"""Word documents: merged cells, tracked changes, text boxes, the numbers that Word writes; old Word files.

Belongs here: the DOCX reader, and LibreOffice and antiword where they are installed. Does not belong here: hostile
archives (test_hostile.py), whole generated reports (test_formats.py).
"""

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from report_text import SHARED, cells_of

from benchmarks.generator.noise import NoiseChoice
from benchmarks.generator.report import Options, generate_report
from pipeline.parse import parse_bytes
from pipeline.read import office
from pipeline.read.decode import UnreadableError, decode
from pipeline.read.docx_numbering import written

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FORM = SHARED / "corpus" / "real" / "014_template-2021.docx"


def document(body: str, **parts: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return buffer.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def text_of(body: str, **parts: str) -> str:
    return decode(document(body, **parts)).text


PARAGRAPHS = {
    "inserted": (f"<w:p><w:ins>{run('12')}</w:ins>{run('条')}</w:p>", "12条\n"),
    "deleted": ("<w:p><w:del><w:r><w:delText>99</w:delText></w:r></w:del>" + run("12条") + "</w:p>", "12条\n"),
    "moved": (f"<w:p><w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo></w:p>", "新\n"),
    "end of a paragraph deleted": (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前')}</w:p><w:p>{run('后')}</w:p>",
        "前后\n",
    ),
    "hidden": (f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>{run('明')}</w:p>", "明\n"),
    "content control": (f"<w:sdt><w:sdtContent><w:p>{run('一')}</w:p></w:sdtContent></w:sdt>", "一\n"),
    "line break": ("<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>", "一\n二\n"),
    "link": (f"<w:p><w:hyperlink>{run('一')}</w:hyperlink></w:p>", "一\n"),
    "field": (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{run('一')}</w:p>", "一\n"),
    "text box": (
        f"<w:p>{run('前')}<w:r><w:pict><w:txbxContent><w:p>{run('盒')}</w:p></w:txbxContent></w:pict></w:r></w:p>",
        "前\n盒\n",
    ),
}


@pytest.mark.parametrize(("body", "text"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_what_is_printed_of_a_paragraph(body, text):
    assert text_of(body) == text


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""
STYLES = f"""<w:styles {W}><w:style w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="b"><w:basedOn w:val="h"/></w:style></w:styles>"""


def test_the_numbers_that_word_writes_are_part_of_the_text():
    def numbered(level: int, text: str) -> str:
        return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>{run(text)}</w:p>'

    styled = f'<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr>{run("主动公开政府信息情况")}</w:p>'
    body = (
        numbered(0, "总体情况") + numbered(1, "甲") + numbered(1, "乙") + numbered(2, "丙") + styled + numbered(1, "丁")
    )
    assert text_of(body, numbering=NUMBERING, styles=STYLES).split("\n") == [
        "一、总体情况", "（一）甲", "（二）乙", "1. 丙", "二、主动公开政府信息情况", "（一）丁", "",
    ]  # fmt: skip
    assert [written(n, "chineseCounting") for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]
    assert [written(4, form) for form in ("upperRoman", "lowerLetter", "decimalFullWidth")] == ["IV", "d", "４"]


def test_merged_cells_of_another_writer_are_no_cells():
    made = docx.Document()
    table = made.add_table(rows=3, cols=4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "第二十条第（一）项"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "规章"
    table.cell(1, 2).text = "7"
    buffer = BytesIO()
    made.save(buffer)
    found = decode(buffer.getvalue())
    (grid,) = found.grids
    assert [[(c.column, c.rowspan, c.colspan, found.text[c.start : c.end]) for c in row] for row in grid.rows] == [
        [(0, 1, 4, "第二十条第（一）项")],
        [(0, 2, 1, "规章"), (1, 1, 1, ""), (2, 1, 1, "7"), (3, 1, 1, "")],
        [(1, 1, 1, ""), (2, 1, 1, ""), (3, 1, 1, "")],
    ]


@pytest.mark.skipif(not FORM.is_file(), reason="../shared/corpus is not there")
def test_the_empty_form_of_2021_is_all_blank():
    (report,) = parse_bytes(FORM.read_bytes(), "0" * 64).reports
    found = cells_of(report.readings)
    assert len(found) == 200
    assert {cell.state for cell in found.values()} == {"blank"}
    assert {reading.template for reading in report.readings} == {"2021"}
    assert {reading.state for reading in report.readings} == {"empty_form"}


# -- old Word files ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def old_word(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict]:
    """A generated report as a DOC file, and its cells as DOCX; needs LibreOffice to be made."""
    writer = shutil.which("soffice")
    if writer is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-writer)")
    folder = tmp_path_factory.mktemp("doc")
    options = Options(3, forms=("2021",), noise=NoiseChoice.parse(["none"]), file_format="docx")
    data = generate_report(3, options).content
    assert data is not None
    (folder / "report.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [writer, profile, "--headless", "--convert-to", "doc", "--outdir", folder, folder / "report.docx"],
        check=True,
        capture_output=True,
        timeout=100,
    )
    cells = {key: (cell.state, cell.value) for key, cell in read(data).items()}
    return (folder / "report.doc").read_bytes(), cells


def read(data: bytes):
    return cells_of(parse_bytes(data, "0" * 64).reports[0].readings)


@pytest.mark.soak
def test_an_old_word_file_has_the_cells_of_the_new_one(old_word):
    data, cells = old_word
    assert {key: (cell.state, cell.value) for key, cell in read(data).items()} == cells
    assert decode(data).media_type == "application/msword"


@pytest.mark.soak
def test_files_of_a_chunk_are_converted_together_and_leave_nothing(old_word, tmp_path: Path):
    data, _ = old_word
    made = office.convert_all({4: data, 7: data, 9: data[:3_000]}, office.Limits(), tmp_path)
    assert set(made) == {4, 7, 9}
    assert made[4].docx is not None
    assert made[7].docx is not None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_a_conversion_that_takes_too_long_is_ended(old_word, tmp_path: Path):
    made = office.convert_all({0: old_word[0]}, office.Limits(convert_seconds=0.05), tmp_path)
    assert made[0] == office.Converted(None, "it took longer than the limit GONGKAI_CONVERT_SECONDS (0.05)")


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("antiword") is None, reason="antiword is not installed (apt-get install antiword)")
def test_antiword_reads_what_libreoffice_could_not(old_word, monkeypatch: pytest.MonkeyPatch):
    data, cells = old_word
    monkeypatch.setattr(office, "_libreoffice", lambda: None)
    found = read(data)
    reported = {key: cell.value for key, cell in found.items() if cell.state == "reported"}
    assert reported
    assert all(cells[key] == ("reported", value) for key, value in reported.items())


def test_without_both_programs_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(office, "programs", lambda: (None, None))
    word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\0" * 500
    for data, program in ((word, "antiword"), (b"{\\rtf1 x}", "libreoffice-writer")):
        with pytest.raises(UnreadableError, match=f"apt-get install .*{program}") as refusal:
            decode(data)
        assert refusal.value.depends
        assert parse_bytes(data, "0" * 64).depends
