"""How fast files of each format are parsed, beside what one would reach for: pandas, python-docx, plain pdfplumber.

Belongs here: timing `parse_bytes` on generated files of a format, and the usual library's pass over the same bytes, which
gives tables without any key. Does not belong here: plain text and the yardstick (speed.py).
"""

import time
from collections.abc import Callable
from io import BytesIO

from benchmarks.generator.noise import NoiseChoice
from benchmarks.generator.report import Options, generate_report
from pipeline.parse import parse_bytes

SEED = 11
COUNTS = {"html": 24, "docx": 12, "pdf": 6}
"""How many reports of a format are timed."""


def format_rates(rounds: int = 3) -> dict[str, dict[str, float]]:
    """Reports per second by format: ours, the usual library's. The best of some rounds that take turns."""
    found = {}
    for name, count in COUNTS.items():
        options = Options(SEED, forms=("2019", "2021"), noise=NoiseChoice.parse(["none"]), file_format=name)
        contents = [report.content or b"" for report in (generate_report(index, options) for index in range(count))]
        contents = [data for data in contents if PEERS[name](data)]  # pages in a script hold nothing for pandas
        ours, theirs = 0.0, 0.0
        for _ in range(rounds):
            ours = max(ours, _rate(contents, lambda data: parse_bytes(data, "0" * 64)))
            theirs = max(theirs, _rate(contents, PEERS[name]))
        found[name] = {"reports_per_second": round(ours, 1), "usual_library_per_second": round(theirs, 1)}
    return found


def _rate(contents: list[bytes], one: Callable[[bytes], object]) -> float:
    begin = time.perf_counter()
    for data in contents:
        one(data)
    return len(contents) / (time.perf_counter() - begin)


def _pandas(data: bytes) -> object:
    import pandas

    return pandas.read_html(BytesIO(data), flavor="lxml")


def _python_docx(data: bytes) -> object:
    import docx

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(BytesIO(data)).tables]


def _pdfplumber(data: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as file:
        return [page.extract_tables() for page in file.pages]


def _pandas_or_nothing(data: bytes) -> object:
    try:
        return _pandas(data)
    except ValueError:  # a page in a script has no table that pandas would see
        return None


PEERS: dict[str, Callable[[bytes], object]] = {"html": _pandas_or_nothing, "docx": _python_docx, "pdf": _pdfplumber}
