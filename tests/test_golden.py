"""Real reports labelled by hand (../shared/gold), and our own samples with their truth (tests/samples_truth.json).

Belongs here: every cell, metadata field and failed check of whole reports; a failure names report and cell. Does not
belong here: made-up texts.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from report_text import REFUSED, ROOT, SHARED, cells_of

from pipeline.file_id import content_id
from pipeline.parse import parse_bytes

CORPUS, GOLD = SHARED / "corpus", SHARED / "gold"
RAW, TRUTH = ROOT / "data" / "raw", ROOT / "tests" / "samples_truth.json"
NO_CORPUS = pytest.param(None, marks=pytest.mark.skip(reason=f"no shared corpus at {SHARED}"))
SEEDS = sorted((GOLD / "seeds").glob("*.json")) or [NO_CORPUS]
REAL = [path for path in sorted((GOLD / "real").glob("*.json")) if (CORPUS / "real" / f"{path.stem}.txt").exists()] or [
    NO_CORPUS
]
SAMPLES = json.loads(TRUTH.read_text(encoding="utf-8"))

every_seed = pytest.mark.parametrize("gold", SEEDS, ids=lambda path: path.stem if path else "none")
every_real = pytest.mark.parametrize("gold", REAL, ids=lambda path: path.stem if path else "none")
every_sample = pytest.mark.parametrize("name", SAMPLES)


def parsed(path: Path):
    data = path.read_bytes()
    return parse_bytes(data, content_id(data))


def report_of(path: Path):
    found = parsed(path)
    assert found.reports, f"{path.name}: {found.reason}"
    return found.reports[0]


def corpus_file(gold: Path) -> Path:
    return CORPUS / gold.parent.name / f"{gold.stem}.txt"


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def failed_errors(report):
    return {
        (c.check_key, c.row_key, c.column_key) for c in report.checks if c.outcome == "fail" and c.severity == "error"
    }


def differences(name: str, wanted: dict, found: dict) -> list[str]:
    """What differs, cell by cell; a cell that one side does not have is a difference too."""
    words = []
    for key in wanted.keys() | found.keys():
        want, got = wanted.get(key, ("no such cell", None)), found.get(key, ("no such cell", None))
        if want != got:
            words.append(f"{name}: {'/'.join(key)} is {want[1]} ({want[0]}), read {got[1]} ({got[0]})")
    return sorted(words)


@every_seed
def test_every_cell_of_a_seed(gold):
    labels = json.loads(gold.read_text(encoding="utf-8"))
    wanted = {
        (c["table_key"], c["row_key"], c["column_key"]): (c["value_state"], number(c["value"])) for c in labels["cells"]
    }
    assert len(wanted) in (0, 198)
    found = {key: (cell.state, cell.value) for key, cell in cells_of(report_of(corpus_file(gold)).readings).items()}
    assert differences(gold.stem, wanted, found) == []


@every_seed
def test_metadata_of_a_seed(gold):
    wanted = json.loads(gold.read_text(encoding="utf-8"))["report"]
    report = report_of(corpus_file(gold))
    found = {**report.description._asdict(), "template": report.template, "layout": report.layout}
    later = {"region_code", "province", "city", "county", "township", "body_id", "township_code"}
    for field, value in wanted.items():
        if field not in later:
            said = found[field] if value is None or isinstance(value, int) else str(found[field])
            assert said in (value if isinstance(value, list) else [value]), f"{gold.stem}: {field}"


@every_seed
def test_contradictions_of_a_seed(gold):
    """Exactly those that the report really has: none missed, none invented."""
    labels = json.loads(gold.read_text(encoding="utf-8"))
    wanted = {(c["check_key"], c.get("row_key"), c.get("column_key")) for c in labels.get("failed_checks", [])}
    assert failed_errors(report_of(corpus_file(gold))) == wanted, gold.stem


def wrong_cells(gold: Path) -> list[str]:
    """Silent errors as tools/score.py counts them: a number that the gold does not have, an empty cell where it has one."""
    labels = json.loads(gold.read_text(encoding="utf-8"))
    cells = cells_of(report_of(corpus_file(gold)).readings)
    wanted = {
        (c["table_key"], c["row_key"], c["column_key"]): (c["value_state"], number(c["value"]))
        for c in labels["cells"]
        if c["table_key"] != "statistics_regional"
    }
    wrong = []
    for key, cell in cells.items():
        if key[0] == "statistics_regional" or cell.state in REFUSED:
            continue
        state, value = wanted.get(key, ("no such cell", None))
        close = value is not None and cell.value is not None and abs(value - cell.value) <= Decimal("0.01")
        if (cell.state == "reported" and not close) or (cell.state != "reported" and state == "reported"):
            wrong.append(f"{gold.stem}: {'/'.join(key)} is {value} ({state}), read {cell.value} ({cell.state})")
    return wrong


@every_real
def test_no_cell_of_a_real_report_is_wrong(gold):
    assert wrong_cells(gold) == []


# How many cells of each real report are not read yet. The list may only shrink.
NOT_READ = {"002_hongze-2023_pdf-flow": 171}  # numbers in column-major order


@every_real
def test_contradictions_of_a_real_report(gold):
    """Error-level checks that fail are exactly those that the labels name; text_* and carry_* need other tables."""
    labels = json.loads(gold.read_text(encoding="utf-8"))
    if "failed_checks" not in labels:
        pytest.skip(f"{gold.stem} has no labels of checks")
    wanted = {(c["check_key"], c.get("row_key"), c.get("column_key")) for c in labels["failed_checks"]}
    assert failed_errors(report_of(corpus_file(gold))) == wanted


@every_real
def test_no_real_report_is_read_less_well_than_before(gold):
    labels = json.loads(gold.read_text(encoding="utf-8"))
    cells = cells_of(report_of(corpus_file(gold)).readings)
    sure = [
        c
        for c in labels["cells"]
        if c["table_key"] != "statistics_regional" and c["value_state"] == "reported" and c["certainty"] != "inferred"
    ]
    lost = [
        c
        for c in sure
        if (c["table_key"], c["row_key"], c["column_key"]) not in cells
        or cells[c["table_key"], c["row_key"], c["column_key"]].value is None
    ]
    assert len(lost) <= NOT_READ.get(gold.stem, 0), f"{gold.stem}: {len(lost)} of {len(sure)} cells are refused"


@every_real
def test_regional_tables_of_a_real_report(gold):
    """Rows of a province's own table are known by their printed label."""
    labels = [
        c for c in json.loads(gold.read_text(encoding="utf-8"))["cells"] if c["table_key"] == "statistics_regional"
    ]
    wanted: dict[tuple[str, str], set[Decimal | None]] = {}
    for cell in labels:
        wanted.setdefault((squeezed(cell["row_label"]), cell["column_key"]), set()).add(number(cell["value"]))
    for key, cell in cells_of(report_of(corpus_file(gold)).readings).items():
        if key[0] == "statistics_regional" and cell.state == "reported":
            assert cell.value in wanted.get((squeezed(cell.row_label), key[2]), set()), (
                f"{gold.stem}: {cell.row_label} {key[2]} {cell.value}"
            )


def squeezed(label: str | None) -> str:
    words = "".join(c for c in label or "" if c.isalnum())
    return words.removeprefix("其中").lstrip("0123456789")


@every_sample
def test_every_cell_of_a_sample(name):
    truth = SAMPLES[name]
    wanted = {
        tuple(key.split("/")): (cell["value_state"], number(cell["value"])) for key, cell in truth["cells"].items()
    }
    found = {key: (cell.state, cell.value) for key, cell in cells_of(report_of(RAW / name).readings).items()}
    assert differences(name, wanted, found) == []


@every_sample
def test_metadata_of_a_sample(name):
    report = report_of(RAW / name)
    found = {**report.description._asdict(), "template": report.template, "layout": report.layout}
    for field, value in SAMPLES[name]["report"].items():
        said = found[field] if value is None or isinstance(value, int) else str(found[field])
        assert said == value, f"{name}: {field}"


@every_sample
def test_contradictions_of_a_sample(name):
    assert failed_errors(report_of(RAW / name)) == {tuple(check) for check in SAMPLES[name]["failed_checks"]}


def test_every_sample_has_a_truth():
    files = {path.relative_to(RAW).as_posix() for path in RAW.rglob("*.txt") if path.parent.name != "not-a-report"}
    assert files == set(SAMPLES)
    assert len(files) >= 10


EVERY_TEXT = sorted(RAW.rglob("*.txt")) + [
    path for folder in ("seeds", "real") for path in sorted((CORPUS / folder).glob("*.txt"))
]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in EVERY_TEXT],
)
def test_every_span_holds_its_words(path):
    for report in parsed(path).reports:
        text = report.document.text
        for key, cell in cells_of(report.readings).items():
            if cell.raw_text is None:
                assert (cell.char_start, cell.char_end) == (None, None), f"{path.name}: {key}"
            else:
                words = text[cell.char_start : cell.char_end]
                assert cell.raw_text in words, f"{path.name}: {key} is {cell.raw_text!r}, its span {words!r}"
        for reading in report.readings:
            assert 0 <= reading.char_start <= reading.char_end <= len(text)
        assert "".join(text[s.char_start : s.char_end] for s in report.sections) == text
