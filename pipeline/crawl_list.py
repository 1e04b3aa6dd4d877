"""RAW/manifest.csv: what the crawler knew of the files that it fetched.

Belongs here: reading the list, one line per file, and saying what is wrong with it. Does not belong here: using a line
(pipeline/describe, pipeline/check), the record of what has been done (pipeline/state/manifest.py), which is another thing.

A line is an input of parsing its file, like the file's bytes: its digest is part of the version that a result is recorded
under, so a changed line makes the next build read that file again, and nothing else.
"""

import csv
import hashlib
import io
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import CONDITIONS_MARK, PARSER_VERSION
from pipeline.errors import GongkaiError
from pipeline.storage import Url, open_store, store_errors

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

NAME = "manifest.csv"
LINE_MARK = "+"
COLUMNS = ("path", "body_name", "region_code", "report_year", "source_url", "fetched_at")
MAX_BYTES = 256 * 2**20
MAX_FIELD = 2_000
MAX_SHOWN = 3
_REGION = re.compile(r"\d{6}")
_YEAR = re.compile(r"20[0-3]\d")


class CrawlLine(NamedTuple):
    """What the list says of one file; None where it says nothing."""

    body_name: str | None = None
    region_code: str | None = None
    report_year: int | None = None
    source_url: str | None = None
    fetched_at: str | None = None


class CrawlList(NamedTuple):
    """The lines by path, and in words what was wrong with the list."""

    lines: dict[str, CrawlLine]
    warnings: list[str]

    def version(self, path: str, version: str = PARSER_VERSION) -> str:
        """What a result for the file at a path is recorded under: a version and the line's digest."""
        return result_version(self.lines.get(path), version)


EMPTY = CrawlList({}, [])


def result_version(line: CrawlLine | None, version: str = PARSER_VERSION) -> str:
    """The version of a result: 3, or 3+3f2a90bc with a line of the list."""
    if line is None:
        return version
    return f"{version}{LINE_MARK}{hashlib.sha256(repr(tuple(line)).encode()).hexdigest()[:8]}"


def is_result_of_this_parser(version: str) -> bool:
    """Whether a recorded version is of this parser, whatever the line and the conditions were."""
    return version.partition(LINE_MARK)[0].partition(CONDITIONS_MARK)[0] == PARSER_VERSION


def read_crawl_list(raw: Path | Url) -> CrawlList:
    """The list in a raw folder; empty if there is none.

    Raises GongkaiError if it cannot be read as a whole: not UTF-8, no CSV, a column missing. What is wrong with a single
    line is a warning, and that line, or that field, is not used.
    """
    path = raw / NAME
    try:
        data = _stored_bytes(raw / NAME) if isinstance(raw, Url) else _bytes(raw)
        if data is None:
            return EMPTY
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GongkaiError(f"{path} is not UTF-8 (byte {error.start:,}): save it as UTF-8") from None
    except OSError as error:
        raise GongkaiError(f"{path} cannot be read: {error.strerror}") from None
    if "\0" in text:
        raise GongkaiError(f"{path} is no CSV file: it has NUL bytes")
    try:
        return _parsed(path, csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise GongkaiError(f"{path} is no CSV file: {error}") from None


def _bytes(raw: Path) -> bytes | None:
    """The list in a folder; None if there is none."""
    path = raw / NAME
    if not path.is_file():
        return None
    if path.is_symlink() and not path.resolve().is_relative_to(raw.resolve()):
        raise GongkaiError(f"{path} is a link out of the raw folder: put the file itself there")
    _check_size(path, path.stat().st_size)
    return path.read_bytes()


def _stored_bytes(url: Url) -> bytes | None:
    """The list in a store; None if there is none."""
    store, path = open_store(url)
    with store_errors(url):
        try:
            _check_size(url, int(store.info(path)["size"] or 0))
            data: bytes = store.cat_file(path)
        except FileNotFoundError:
            return None
        return data


def _check_size(path: Path | Url, size: int) -> None:
    if size > MAX_BYTES:
        raise GongkaiError(f"{path} is larger than {MAX_BYTES:,} bytes")


def unknown_paths(crawl: CrawlList, paths: set[str]) -> list[str]:
    """A warning if the list has lines for files that are not in the raw folder."""
    unknown = sorted(set(crawl.lines) - paths)
    return [f"{NAME}: {len(unknown)} paths are not in the raw folder ({_some(unknown)})"] if unknown else []


def _parsed(path: Path | Url, rows: "CsvReader") -> CrawlList:
    header = [name.strip() for name in next(rows, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise GongkaiError(f"{path} has no column {', '.join(missing)}: its columns are {', '.join(COLUMNS)}")
    if len(set(header)) < len(header):
        raise GongkaiError(f"{path} has a column twice")
    places = [header.index(name) for name in COLUMNS]
    lines: dict[str, CrawlLine] = {}
    twice: set[str] = set()
    short: list[str] = []
    bad: dict[str, list[str]] = {}
    for row in rows:
        if not any(field.strip() for field in row):
            continue
        if len(row) != len(header):
            short.append(str(rows.line_num))
            continue
        name, *fields = (row[place].strip()[:MAX_FIELD] for place in places)
        if not name:
            short.append(str(rows.line_num))
            continue
        line = _line(fields, name, bad)
        if name in lines and lines[name] != line:
            twice.add(name)
        lines[name] = line
    for name in twice:
        del lines[name]
    warnings = [f"{NAME}: {column} of {_some(names)} is not used: {_EXPECTED[column]}" for column, names in bad.items()]
    if twice:
        warnings.append(f"{NAME}: lines that contradict each other are not used: {_some(sorted(twice))}")
    if short:
        warnings.append(f"{NAME}: lines without path or with other columns than the header: {_some(short)}")
    return CrawlList(lines, warnings)


_EXPECTED = {"region_code": "it takes six digits", "report_year": "it takes a year like 2020"}


def _line(fields: list[str], path: str, bad: dict[str, list[str]]) -> CrawlLine:
    body, region, year, url, fetched = (field or None for field in fields)
    if region is not None and not _REGION.fullmatch(region):
        bad.setdefault("region_code", []).append(path)
        region = None
    if year is not None and (not _YEAR.fullmatch(year) or int(year) > date.max.year):
        bad.setdefault("report_year", []).append(path)
        year = None
    return CrawlLine(body, region, int(year) if year else None, url, fetched)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MAX_SHOWN:,} more" if len(names) > MAX_SHOWN else ""
    return ", ".join(names[:MAX_SHOWN]) + more
