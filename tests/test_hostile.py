"""A folder of files that were made to do harm, or that are broken, with good ones beside them.

Belongs here: section "Hostile files" of issue 5, through the command. Does not belong here: names and links in RAW
(test_bad_input.py), one reader at a time (test_html.py, test_docx.py, test_pdf.py).
"""

import os
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from helpers_build import GONGKAI, NARRATIVE, TOWN, copy_samples, files, write_all
from helpers_once import made_once
from report_text import ROOT

DOCX_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TITLE = "青石镇人民政府2020年政府信息公开工作年度报告"


def archive(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def docx(body: str, declaration: str = "") -> bytes:
    text = f"<?xml version='1.0'?>{declaration}<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive(**{"word/document.xml": text.encode()})


def nested_docx(levels: int) -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels)


def zip_bomb() -> bytes:
    return archive(**{"word/document.xml": b"<w:t>" + b" " * (300 * 2**20)})


def lying_zip() -> bytes:
    """The directory says that the document is small."""
    data = archive(**{"word/document.xml": b"\0" * (300 * 2**20)})
    size = (300 * 2**20).to_bytes(4, "little")
    assert size in data
    return data.replace(size, (1_000).to_bytes(4, "little"))


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "年" * 10}">' for n in range(10))
    return docx("<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>", f"<!DOCTYPE w [{entities}]>")


def external_entity() -> bytes:
    return docx("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')


def utf16_entity() -> bytes:
    """A declaration that a search for its ASCII bytes does not find."""
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY x "y">]><w:document {W}><w:body><w:p/></w:body></w:document>'
    return archive(**{"word/document.xml": text.encode("utf-16")})


def pdf(*objects: bytes, trailer: bytes = b"<</Root 1 0 R>>") -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF" % len(data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def circular_pages() -> bytes:
    return pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
    return pdf(CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *[page] * count)


def stream(data: bytes, facts: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n" % (len(data), facts) + data + b"\nendstream"


def form_loop() -> bytes:
    """A page that draws a form that draws itself."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    form = stream(b"/F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    return pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(b"/F Do"), form)


def scan() -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    picture = stream(b"\0" * 3, b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceRGB/BitsPerComponent 8")
    return pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(b"q 100 0 0 100 0 0 cm /I Do Q"), picture)


def many_rules() -> bytes:
    """A page of 500 × 500 rules: a quarter of a million cells."""
    lines = b"".join(b"%d 0 m %d 5000 l S 0 %d m 5000 %d l S\n" % (n, n, n, n) for n in range(0, 5000, 10))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 5000 5000]/Contents 4 0 R>>"
    return pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream(lines))


def html(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body><p>{TITLE}</p>{body}</body></html>".encode()


LIMIT = "than the limit GONGKAI_MAX_"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip-bomb.docx": (lambda: zip_bomb(), "unpacks to more than the limit GONGKAI_MAX_EXPANDED_BYTES"),
    "lying-zip.docx": (lambda: lying_zip(), "a DOCX or other ZIP file that is broken|unpacks to more"),
    "entity-bomb.docx": (lambda: entity_bomb(), "a DOCX file whose XML declares entities"),
    "external-entity.docx": (lambda: external_entity(), "a DOCX file whose XML declares entities"),
    "entity-in-utf16.docx": (lambda: utf16_entity(), "a DOCX file whose XML declares entities"),
    "nested-tables.docx": (lambda: nested_docx(10_000), "elements nested deeper than the limit GONGKAI_MAX_NESTING"),
    "nested-tables.html": (lambda: html("<table><tr><td>" * 10_000), "elements nested deeper than the limit GONGKAI_MAX_NESTING"),
    "nested-blocks.html": (lambda: html("<div>" * 100_000), "elements nested deeper than the limit GONGKAI_MAX_NESTING"),
    "million-columns.html": (lambda: html(f"<table><tr>{'<td>1</td>' * 1_000_000}</tr></table>"), f"more cells {LIMIT}CELLS"),
    "wide-spans.html": (lambda: html(f"<table>{'<tr><td colspan=1000>1</td></tr>' * 300}</table>"), f"more cells {LIMIT}CELLS"),
    "tall-spans.html": (lambda: html(f"<table>{'<tr><td rowspan=65534>1</td></tr>' * 800}</table>"), f"more cells {LIMIT}CELLS"),
    "million-columns.txt": (lambda: (TITLE + "\n" + "0\t" * 1_000_000 + "\n").encode(), f"more cells {LIMIT}CELLS"),
    "large-text.txt": (lambda: f"{TITLE}\n".encode() * 300_000, f"a longer text {LIMIT}TEXT_BYTES"),
    "circular-pages.pdf": (lambda: circular_pages(), "a PDF file"),
    "many-pages.pdf": (lambda: many_pages(600), f"more pages {LIMIT}PAGES"),
    "form-loop.pdf": (lambda: form_loop(), "a PDF file"),
    "scan.pdf": (lambda: scan(), "a scan without a text layer"),
    "many-rules.pdf": (lambda: many_rules(), f"more cells {LIMIT}CELLS"),
    "cut-off.pdf": (lambda: many_pages(3)[:60], "a PDF file"),
    "only-a-head.pdf": (lambda: b"%PDF-1.7\n1 0 obj\n", "a PDF file"),
    "cut-off.docx": (lambda: docx("<w:p/>")[:120], "a DOCX or other ZIP file that is broken"),
    "half-xml.docx": (lambda: archive(**{"word/document.xml": b"<w:document"}), "a DOCX file whose XML is broken"),
    "no-document.zip": (lambda: archive(**{"a.txt": b"x"}), "a ZIP archive that is no DOCX file"),
    "up-the-tree.zip": (lambda: archive(**{"../../etc/report.txt": b"x"}), "a ZIP archive that is no DOCX file"),
    "workbook.docx": (lambda: archive(**{"xl/workbook.xml": b"<x/>"}), "an Excel workbook"),
    "no-words.docx": (lambda: docx("<w:p/>"), "a DOCX file without words"),
    "no-word.doc": (lambda: OLE + b"\0" * 600, "an old Office file that is no Word document"),
    "locked.doc": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "a Word file that is locked"),
    "script-only.html": (lambda: b"<html><body><script>document.write('2020')</script></body></html>", "a web page without words"),
    "zeros.bin": (lambda: b"\0" * 1_000_000 + b"x", "binary file of no known kind"),
    "random.doc": (lambda: bytes((n * n * 7 + 13) % 251 for n in range(50_000)), "binary file of no known kind|text in no encoding"),
}  # fmt: skip


def processes_below(pid: int) -> dict[int, int]:
    """Every process below one → its largest resident size so far, in bytes."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "status").read_text()
            except OSError:
                continue
            parent = re.search(r"^PPid:\s*(\d+)", words, re.MULTILINE)
            size = re.search(r"^VmHWM:\s*(\d+) kB", words, re.MULTILINE)
            parents[int(folder.name)] = int(parent[1]) if parent else 0
            sizes[int(folder.name)] = int(size[1]) * 1024 if size else 0
    found = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return {process: sizes.get(process, 0) for process in found if process in sizes}
        found |= more


def is_alive(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return words.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture(scope="module")
def built() -> tuple[dict[str, tuple[str, str | None]], int, int]:
    """What became of each file; the largest size of any process; how many processes were left."""
    folder = made_once("hostile", build_and_watch)
    largest, left = map(int, (folder / "watched.txt").read_text().split())
    return files(folder / "out"), largest, left


def build_and_watch(folder: Path) -> None:
    raw, out = folder / "raw", folder / "out"
    write_all(raw, {name: make() for name, (make, _) in HOSTILE.items()})
    copy_samples(raw, TOWN, NARRATIVE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GONGKAI_FILE_SECONDS": "60"}
    command = [GONGKAI, "build", "--raw", str(raw), "--out", str(out)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    largest, seen = 0, set()
    while process.poll() is None:
        sizes = processes_below(process.pid)
        seen |= set(sizes)
        largest = max([largest, *sizes.values()])
        time.sleep(0.05)
    assert process.returncode == 0, process.stderr.read()
    end = time.monotonic() + 10  # on a machine with much to do, a process takes a moment to end
    while (left := [pid for pid in seen if is_alive(pid)]) and time.monotonic() < end:
        time.sleep(0.1)
    (folder / "watched.txt").write_text(f"{largest} {len(left)}")


def test_every_hostile_file_is_quarantined_with_its_reason(built) -> None:
    found, _, _ = built
    assert len(HOSTILE) >= 25
    wrong = {}
    for name, (_, reasons) in HOSTILE.items():
        status, reason = found[name]
        words = reason if status == "quarantined" else status
        if not any(str(words).startswith(start) for start in reasons.split("|")):
            wrong[name] = (status, reason)
    assert not wrong


def test_the_good_files_beside_them_are_read(built) -> None:
    found, _, _ = built
    assert found[TOWN] == ("parsed", None)
    assert found[NARRATIVE] == ("parsed", None)


def test_memory_stays_small_and_no_process_is_left(built) -> None:
    _, largest, left = built
    assert largest < 2 * 2**30
    assert left == 0
