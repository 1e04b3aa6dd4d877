"""Old Word files (DOC, WPS), RTF and XML of Word 2003: converted by LibreOffice, read by antiword where that fails.

Belongs here: running the two programs safely, choosing between their results. Does not belong here: reading what comes
out (docx.py).

LibreOffice takes a second to start and a fifth of one for each file, so it gets all such files of a chunk at once. It
runs in a profile of its own that forbids macros and links, under a time limit, and dies with the worker that started it. It was seen to lose a table (design.md "Packages"): when its result has none and antiword's has, antiword's
is taken. Neither program is needed for anything else; without both, such files are set aside with the reason.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.read.document import Document, make_document
from pipeline.read.refusal import UnreadableError
from pipeline.settings import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_WORD_2003 = re.compile(rb"<\?mso-application\s+progid=\"Word\.Document\"|<w:wordDocument\b")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")
_HEAD = 2_000
MIN_PIPES = 20
_RESTART = 81
"""LibreOffice ends with it when it made a new profile and wants to be started again."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
</oor:items>
"""
INSTALL = "install LibreOffice (apt-get install libreoffice-writer) or antiword (apt-get install antiword)"
INSTALL_WRITER = "install LibreOffice (apt-get install libreoffice-writer)"


class OfficeFormat(NamedTuple):
    """A format that LibreOffice reads for us."""

    media_type: str
    words: str
    suffix: str


class Converted(NamedTuple):
    """What LibreOffice made of a file: a DOCX, or None and why."""

    docx: bytes | None
    problem: str


_DOC = OfficeFormat("application/msword", "an old Word (DOC or WPS) file", "doc")
_RTF_FORMAT = OfficeFormat("application/rtf", "an RTF file", "rtf")
_XML_FORMAT = OfficeFormat("application/xml", "an XML file of Word 2003", "xml")


def office_format(data: bytes) -> OfficeFormat | None:
    """Which of these formats the bytes are in, by what they begin with; None for all others."""
    if data.startswith(_OLE):
        return _DOC
    head = data[:_HEAD]
    if head.lstrip().startswith(_RTF):
        return _RTF_FORMAT
    return _XML_FORMAT if b"ord" in head and _WORD_2003.search(head) else None


def programs() -> tuple[str | None, str | None]:
    """Where LibreOffice and antiword are on this machine; None for one that is not."""
    return _libreoffice(), shutil.which("antiword")


def read_office(data: bytes, limits: Limits, office: OfficeFormat, converted: Converted | None) -> Document:
    """The Document of an old Word file. Raises UnreadableError with what to install, or why it cannot be read."""
    if office is _DOC:
        _check_ole(data)
    writer, antiword = programs()
    if writer is None and (antiword is None or office is not _DOC):
        words = INSTALL if office is _DOC else INSTALL_WRITER
        raise UnreadableError(f"{office.words}: {words} to read it", office.media_type, depends=True)
    if converted is None:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as scratch:
            converted = convert_all({0: data}, limits, Path(scratch)).get(0, Converted(None, "not converted"))
    document = _of_docx(converted, limits, office) if converted.docx is not None else None
    if office is _DOC and antiword is not None and (document is None or not document.grids):
        other = _of_antiword(data, limits, antiword)
        if other is not None and (document is None or other.text.count("|") >= MIN_PIPES):
            return other
    if document is None:
        raise UnreadableError(f"{office.words} that cannot be converted: {converted.problem}", office.media_type)
    return document


def _check_ole(data: bytes) -> None:
    if _LOCKED_STREAM in data:
        raise UnreadableError("a Word file that is locked with a password: save it without", _DOC.media_type)
    if _WORD_STREAM not in data:
        raise UnreadableError(
            "an old Office file that is no Word document: save the report as DOCX or PDF", "application/x-ole-storage"
        )


def _of_docx(converted: Converted, limits: Limits, office: OfficeFormat) -> Document:
    from pipeline.read.docx import read_docx

    assert converted.docx is not None
    found = read_docx(converted.docx, limits)
    return Document(found.text, found.flat, office.media_type, None, found.grids)


# -- the programs -----------------------------------------------------------------------------------------------------


def convert_all(files: Mapping[int, bytes], limits: Limits, scratch: Path) -> dict[int, Converted]:
    """What LibreOffice makes of some files, by their numbers; {} without LibreOffice. `scratch`: a folder to work in."""
    writer = _libreoffice()
    if writer is None:
        return {}
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name)
        given, made, profile = folder / "in", folder / "out", folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        given.mkdir()
        for number, data in files.items():
            office = office_format(data)
            (given / f"{number}.{office.suffix if office else 'doc'}").write_bytes(data)
        command = [
            writer, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck",
            "--nodefault", "--convert-to", "docx", "--outdir", str(made), *map(str, sorted(given.iterdir())),
        ]  # fmt: skip
        seconds = limits.convert_seconds * (1 if len(files) == 1 else 2)
        problem = _run(command, seconds, folder)
        if problem == str(_RESTART):
            problem = _run(command, seconds, folder)
        results = {}
        for number in files:
            path = made / f"{number}.docx"
            if path.is_file() and path.stat().st_size <= limits.max_expanded_bytes:
                results[number] = Converted(path.read_bytes(), "")
            else:
                results[number] = Converted(None, problem or "LibreOffice made nothing of it")
        return results


def _of_antiword(data: bytes, limits: Limits, antiword: str) -> Document | None:
    """The text that antiword prints, tables as rows of pipes (docs/layouts.md `pipe_row`); None if it prints none.

    Its DocBook output would have cells, but is no well-formed XML where cells are merged (0.37, tried).
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        (folder / "report.doc").write_bytes(data)
        output = folder / "report.txt"
        command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(folder / "report.doc")]
        if _run(command, limits.convert_seconds, folder, output) or output.stat().st_size > limits.max_text_bytes:
            return None
        text = output.read_bytes().decode("utf-8", "replace")
    return make_document(text, _DOC.media_type, None) if text.strip() else None


def _run(command: list[str], seconds: float, folder: Path, output: Path | None = None) -> str:
    """Runs a program with its children in a group of their own that ends with it; "" or what went wrong."""
    guard = shutil.which("setpriv")  # the program dies when this worker does
    command = [guard, "--pdeathsig", "KILL", "--", *command] if guard else command
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    with (output or folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            status = process.wait(seconds)
            return "" if status == 0 else str(status)
        except subprocess.TimeoutExpired:
            return f"it took longer than the limit GONGKAI_CONVERT_SECONDS ({seconds:g})"
        finally:
            _end_group(process.pid)
            process.wait()


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@cache
def _libreoffice() -> str | None:
    """The program itself, not the script that starts it: that would live on without its parent's knowledge."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found is not None:
            program = Path(os.path.realpath(found)).with_name("soffice.bin")
            return str(program) if program.is_file() else found
    return None
