"""One report, four formats: the same cells from text, HTML, DOCX and PDF.

Belongs here: generated reports as files of every format, held against their truth and against each other. Does not belong
here: single readers (test_html.py, test_docx.py, test_pdf.py).

What a format cannot show is listed by name in `benchmarks/generator/files.py` (CANNOT_SHOW), and left out of the reports.
"""

import os

import pytest
from report_text import cells_of

from benchmarks import accuracy
from benchmarks.generator.files import CANNOT_SHOW
from benchmarks.generator.noise import NOISES, SECTIONS, NoiseChoice
from benchmarks.generator.report import FORM_WEIGHTS, Options, generate_report
from pipeline.parse import parse_bytes

FRESH = int(os.environ.get("GONGKAI_SEED", "8"))
FORMATS = ("html", "docx", "pdf")
ALL = NoiseChoice.parse(["all"])
# A row that a blank line or a shift broke is broken in text only.
TEXT_ONLY = ("broken_rows", "rowspan_shift", "stray_nbsp_lines")
HIDDEN = {name for names in CANNOT_SHOW.values() for name in names}
SHOWN_BY_ALL = NoiseChoice(
    tuple(
        name
        for name, noise in NOISES.items()
        if noise.stage == SECTIONS and name not in HIDDEN and name not in TEXT_ONLY
    )
)
MAX_REFUSED_PERCENT = 0.5
REFUSED = ("unreadable", "missing", "unrecoverable")


def read(report):
    data = report.content if report.content is not None else report.text.encode()
    parsed = parse_bytes(data, "0" * 64)
    found = {}
    for one in parsed.reports:
        for key, cell in cells_of(one.readings).items():
            found[key] = (cell.state, cell.value)
    return found


def differences(count: int, seed: int) -> list[tuple[int, str, object, object, object]]:
    found = []
    for index in range(count):
        options = {"forms": tuple(FORM_WEIGHTS), "noise": SHOWN_BY_ALL}
        text = read(generate_report(index, Options(seed, layouts=("tab_cell",), **options)))
        for name in FORMATS:
            other = read(generate_report(index, Options(seed, file_format=name, **options)))
            for key in text.keys() | other.keys():
                if text.get(key) != other.get(key):
                    found.append((index, name, key, text.get(key), other.get(key)))
    return found


def scored(file_format: str, count: int, seed: int) -> accuracy.Score:
    score = accuracy.run_all(count, Options(seed, noise=ALL, file_format=file_format), 2)
    assert not score.failures, (seed, score.failures[:3])
    assert [case for case in score.cases if case[0] == "wrong"] == [], seed
    return score


def test_the_same_reports_have_the_same_cells_in_every_format():
    assert differences(3, 31) == []


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_cell_of_generated_files_is_wrong(file_format):
    counts = accuracy.total(scored(file_format, 6, 41))
    assert counts["right"] > 600
    assert accuracy.refused_share(counts) <= MAX_REFUSED_PERCENT


@pytest.mark.soak
def test_the_same_200_reports_have_the_same_cells_in_every_format():
    """The one exception: a table whose header a page break of a PDF cuts in two is refused, never read otherwise."""
    found = differences(200, FRESH)
    refused = [case for case in found if case[1] == "pdf" and case[4] is not None and case[4][0] in REFUSED]
    assert [case for case in found if case not in refused] == []
    assert len({case[0] for case in refused}) <= 4


@pytest.mark.soak
@pytest.mark.parametrize("file_format", FORMATS)
def test_no_cell_of_500_generated_files_is_wrong(file_format):
    counts = accuracy.total(scored(file_format, 500, FRESH))
    assert accuracy.refused_share(counts) <= MAX_REFUSED_PERCENT
