"""Raw files and folders that are not what they should be: a row with a reason for a file, one line for a folder.

Belongs here: the section "Bad input" of issue 2, through the command, as a user meets it. Does not belong here: reports
with bad tables (test_grid_damage.py), workers that die (test_pool.py).
"""

import os
import shutil
import socket
from pathlib import Path

import pytest
from helpers_build import (
    COUNTY,
    NARRATIVE,
    SAMPLES,
    TOWN,
    assert_as_from_scratch,
    assert_one_line,
    build_here,
    build_plain,
    command,
    command_here,
    copy_samples,
    files,
    query,
    write_all,
)

from pipeline import PARSER_VERSION
from pipeline.settings import Limits
from pipeline.state.scan import storable

NO_REPORT = (
    "no such report: it has no title of an annual report, no statutory table and fewer than three known headings"
)
CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty file: it has no text"),
    "blank.txt": ("\ufeff \r\n\t　\n".encode(), "no such report"),
    "nothing-but-spaces.txt": (b" \r\n\t\n", "blank file: it has no words"),
    "binary.txt": (bytes(range(256)) * 40, "binary file of no known kind: it holds no text"),
    "zeros.txt": (b"report\0" * 40, "binary file of no known kind: it holds no text"),
    "report.pdf": (b"%PDF-1.7\n1 0 obj\n", "a PDF file that is broken"),
    "a-pdf-called.txt": (b"%PDF-1.4\n", "a PDF file that is broken"),
    "report.docx": (b"PK\x03\x04\x14\0\x06\0", "a DOCX or other ZIP file that is broken"),
    "report.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an old Office file that is no Word document"),
    "page.html": ("\n<!DOCTYPE html><html>今天天气很好。</html>".encode(), NO_REPORT),
    "no-report.txt": ("今天天气很好。\n".encode(), NO_REPORT),
    "latin.txt": (
        b"Rapport annuel: \xe9\xe8\xe0 d\xe9cembre, \xff\xfe\xfd\n",
        "text in no encoding this version reads",
    ),
    "half-a-character.txt": ("政府信息公开工作年度报告".encode()[:-1], "text in no encoding this version reads"),
    "odd-utf16.txt": (b"\xff\xfe\x00\xd8\x00", "text in no encoding this version reads"),
    "large.txt": ("年度报告\n".encode() * 8_000, "larger than the limit GONGKAI_MAX_FILE_BYTES (104,000 of 100,000)"),
}
ODD_NAMES: list[bytes] = [
    b"with a space.txt",
    b"new\nline.txt",
    "表情😀.txt".encode(),
    b"not-utf-8-\xff\xfe.txt",
    b"looks-like-\\xff.txt",
    b"looks-like-\xff.txt",
    b"\\backslash\\.txt",
    b"-dash",
    b"quote'\"`$(true);.txt",
    b"%41 #1 ?x=y&z*[a].txt",
    b"\x1b[31mred\x07.txt",
    b"a" * 251 + b".txt",
    b"deep/" * 60 + b"report.txt",
]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


def test_every_bad_file_is_a_row_with_a_reason(raw: Path, out: Path) -> None:
    write_all(raw, {name: data for name, (data, _) in CONTENTS.items()})
    copy_samples(raw, TOWN)
    expected = {name: reason for name, (_, reason) in CONTENTS.items()}
    expected |= make_odd_files(raw)
    result = command("build", "--raw", raw, "--out", out, obey=True, GONGKAI_MAX_FILE_BYTES="100000")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"1 parsed, {len(expected)} quarantined" in result.stdout
    found = files(out)
    assert found.pop(TOWN) == ("parsed", None)
    assert {path: status for path, (status, _) in found.items()} == dict.fromkeys(expected, "quarantined")
    for path, (_, reason) in found.items():
        assert str(reason).startswith(expected[path]), path
    assert query(out, "select path from files where file_id is null and size_bytes is not null") == [("large.txt",)]
    again = command("build", "--raw", raw, "--out", out, obey=True, GONGKAI_MAX_FILE_BYTES="100000")
    assert again.stdout.endswith("nothing new\n")
    strict = command("build", "--raw", raw, "--out", out, "--strict", obey=True, GONGKAI_MAX_FILE_BYTES="100000")
    assert_one_line(strict, "some files are quarantined")
    assert "nothing new" in strict.stdout


def make_odd_files(raw: Path) -> dict[str, str]:
    """Files that are no plain files, or not ours to read, and the reasons they get."""
    (raw / "locked.txt").write_text("secret")
    (raw / "locked.txt").chmod(0)
    (raw / "locked folder").mkdir()
    (raw / "locked folder" / "report.txt").write_text("secret")
    (raw / "locked folder").chmod(0)
    (raw.parent / "outside.txt").write_text("outside")
    (raw / "out.txt").symlink_to("../outside.txt")
    (raw / "out-of-root").symlink_to("/")
    (raw / "nowhere.txt").symlink_to("missing.txt")
    (raw / "circle.txt").symlink_to("circle.txt")
    (raw / "folder-link").symlink_to("unnamed")
    os.mkfifo(raw / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(raw)
        listener.bind("socket")
        os.chdir(here)
    outside = "a link out of the raw folder is not followed"
    return {
        "locked.txt": "file cannot be read: Permission denied",
        "locked folder": "folder cannot be read: Permission denied",
        "out.txt": outside,
        "out-of-root": outside,
        "nowhere.txt": "a link that leads nowhere: No such file or directory",
        "circle.txt": "a link that leads nowhere: Too many levels of symbolic links",
        "folder-link": "not a regular file: a link to a folder",
        "pipe": "not a regular file: a named pipe",
        "socket": "not a regular file: a socket",
    }


def test_files_with_odd_names_are_read_like_others(raw: Path, out: Path) -> None:
    report = (SAMPLES / TOWN).read_bytes()
    for number, name in enumerate(ODD_NAMES):
        path = Path(os.fsdecode(os.fsencode(raw) + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report + b"%d\n" % number)
    result = command_here("build", "--raw", raw, "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    stored = [storable(os.fsdecode(name)) for name in ODD_NAMES]
    assert stored[3] == "not-utf-8-\\xff\\xfe.txt"
    assert stored[4:7] == ["looks-like-\\\\xff.txt", "looks-like-\\xff.txt", "\\backslash\\.txt"]
    assert files(out) == dict.fromkeys(stored, ("parsed", None))
    for name in (ODD_NAMES[1], ODD_NAMES[3], ODD_NAMES[5], ODD_NAMES[10]):
        shown = command_here("show", os.fsencode(raw) + b"/" + name, "--out", out)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "\x1b" not in shown.stdout
    assert_one_line(
        command_here("show", b"\xff\x1b[31m\nx", "--out", out), "\\xff␛[31m␊x is neither a report_id nor a file"
    )
    assert not build_here(raw, out).is_news


def test_hidden_files_are_no_raw_files(raw: Path, out: Path) -> None:
    write_all(raw, {".DS_Store": b"x", ".git/config": b"x", "a/.hidden.txt": b"x"})
    build_plain(raw, out)
    assert files(out) == {}


def test_a_link_inside_the_raw_folder_is_a_copy(raw: Path, out: Path) -> None:
    copy_samples(raw, TOWN)
    (raw / "a.txt").symlink_to(TOWN)
    build_plain(raw, out)
    assert files(out) == {"a.txt": ("parsed", None), TOWN: ("duplicate", "same bytes as a.txt")}


def test_limits_are_settings(raw: Path, out: Path) -> None:
    copy_samples(raw, TOWN, NARRATIVE)
    write_all(raw, {"slow.txt": (SAMPLES / COUNTY).read_bytes() * 600, "large.txt": b"x" * 8_000_001})
    build_plain(raw, out, max_file_bytes=8_000_000, file_seconds=0.5)
    assert {path: files(out)[path] for path in ("slow.txt", "large.txt")} == {
        "slow.txt": ("quarantined", "reading it took longer than the limit GONGKAI_FILE_SECONDS (0.5)"),
        "large.txt": ("quarantined", "larger than the limit GONGKAI_MAX_FILE_BYTES (8,000,001 of 8,000,000)"),
    }
    # On a machine with much to do, half a second may have been too little for the others too: they are read again.
    build_plain(raw, out, max_file_bytes=5_000)
    larger = "larger than the limit GONGKAI_MAX_FILE_BYTES ({:,} of 5,000)"
    assert files(out) == {
        NARRATIVE: ("parsed", None),
        TOWN: ("quarantined", larger.format(7_694)),
        "slow.txt": ("quarantined", larger.format((raw / "slow.txt").stat().st_size)),
        "large.txt": ("quarantined", larger.format(8_000_001)),
    }


def test_a_file_past_a_limit_is_read_when_the_limit_was_changed(raw: Path, out: Path) -> None:
    copy_samples(raw, TOWN, NARRATIVE)
    small = {"limits": Limits(max_text_bytes=6_000)}
    build_plain(raw, out, **small)
    reason = "a longer text than the limit GONGKAI_MAX_TEXT_BYTES (7,694 of 6,000)"
    assert files(out) == {TOWN: ("quarantined", reason), NARRATIVE: ("parsed", None)}
    assert query(out, "select distinct parser_version from files") == [(PARSER_VERSION,)]
    assert not build_here(raw, out, **small).is_news
    assert [file.path for plan in build_plain(raw, out) for file in plan.to_parse] == [TOWN]
    assert files(out) == {TOWN: ("parsed", None), NARRATIVE: ("parsed", None)}
    assert not build_here(raw, out).is_news


def test_what_cannot_be_read_may_become_readable_and_the_other_way_round(raw: Path, out: Path) -> None:
    copy_samples(raw, TOWN)
    (raw / "report.txt").symlink_to("later.txt")
    build_plain(raw, out)
    assert files(out)["report.txt"] == ("quarantined", "a link that leads nowhere: No such file or directory")
    shutil.copyfile(SAMPLES / NARRATIVE, raw / "later.txt")
    (raw / TOWN).unlink()
    (raw / TOWN).symlink_to("/")
    build_plain(raw, out)
    assert files(out)["report.txt"] == ("duplicate", "same bytes as later.txt")
    assert query(out, "select path, reason from files where status = 'removed' order by all") == [
        ("report.txt", "overwritten by other content"),
        (TOWN, "can no longer be read"),
    ]
    (raw / "report.txt").unlink()
    os.mkfifo(raw / "report.txt")
    build_plain(raw, out)
    assert files(out)["report.txt"] == ("quarantined", "not a regular file: a named pipe")
    (raw / "report.txt").unlink()
    (raw / "report.txt").symlink_to("/etc")
    build_plain(raw, out)
    assert str(files(out)["report.txt"][1]).startswith("a link out of the raw folder")


def test_an_empty_raw_folder_is_an_empty_dataset_with_a_warning(raw: Path, out: Path) -> None:
    raw.mkdir()
    for _ in range(2):
        result = command_here("build", "--raw", raw, "--out", out)
        assert (result.returncode, result.stderr) == (0, f"warning: there is no file in {raw}\n")
    assert query(out, "select count(*) from files") == [(0,)]
    assert query(out, "select count(*) > 0 from dim_cells") == [(True,)]
    assert command_here("status", "--out", out).returncode == 0
    copy_samples(raw, TOWN)
    build_plain(raw, out)
    (raw / TOWN).unlink()
    build_plain(raw, out)
    assert files(out) == {}
    assert_as_from_scratch(raw, out)


def test_folders_that_are_not_what_they_should_be(tmp_path: Path, raw: Path, out: Path) -> None:
    copy_samples(raw, TOWN)
    file, locked = tmp_path / "file", tmp_path / "locked"
    file.write_text("x")
    locked.mkdir(mode=0)
    in_the_way = tmp_path / "in-the-way"
    write_all(in_the_way, {"gongkai.duckdb": b"x"})
    cases: list[tuple[Path, Path, str]] = [
        (tmp_path / "missing", out, f"the raw folder {tmp_path}/missing does not exist: name it with --raw"),
        (file, out, f"{file} is a file: --raw must be a folder"),
        (locked, out, f"cannot read the raw folder {locked}: Permission denied"),
        (raw, file, f"{file} is a file: --out must be a folder"),
        (raw, file / "below", f"{file}/below lies below a file: --out must be a folder"),
        (raw, locked, f"cannot write to {locked}: Permission denied"),
        (raw, locked / "below", f"cannot write to {locked}/below: Permission denied"),
        (raw, raw / "out", f"{raw}/out lies in the raw folder {raw}: choose another --out"),
        (raw, raw, f"{raw} lies in the raw folder {raw}: choose another --out"),
        (raw, in_the_way, f"{in_the_way}/gongkai.duckdb is in the way: it was not made by gongkai, move it away"),
        (raw, tmp_path / "what?", f"{tmp_path}/what?: DuckDB cannot write below a folder with ?, * or \\ in its name"),
    ]
    for raw_folder, out_folder, words in cases:
        if locked in (raw_folder, out_folder, out_folder.parent):
            result = command("build", "--raw", raw_folder, "--out", out_folder, obey=True)
        else:
            result = command_here("build", "--raw", raw_folder, "--out", out_folder)
        assert_one_line(result, words)
    assert not out.exists()
    assert not (raw / "out").exists()
    assert not (raw / ".lock").exists()


def test_an_out_folder_with_an_odd_name_is_fine(tmp_path: Path, raw: Path) -> None:
    copy_samples(raw, TOWN)
    out = tmp_path / "o ut [1] %41 #x 'q' 表"
    for name in (TOWN, NARRATIVE):
        copy_samples(raw, name)
        build_plain(raw, out)
    assert_as_from_scratch(raw, out)
