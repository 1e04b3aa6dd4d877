"""The prose of real reports: the labels of ../shared/gold, digits left over, spans, and never from a table.

Belongs here: whole files. Does not belong here: single sentences.
"""

import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from prose_text import value_of
from report_text import ROOT, SHARED

from benchmarks.coverage import digit_groups
from pipeline.file_id import content_id
from pipeline.parse import parse_bytes

CORPUS, GOLD = SHARED / "corpus", SHARED / "gold"
NO_CORPUS = pytest.param(None, marks=pytest.mark.skip(reason=f"no shared corpus at {SHARED}"))
LABELLED = [
    path
    for path in sorted(GOLD.rglob("*.json"))
    if (CORPUS / path.parent.name / f"{path.stem}.txt").exists()
    and json.loads(path.read_text(encoding="utf-8")).get("statements")
] or [NO_CORPUS]
TEXTS = sorted((ROOT / "data" / "raw").rglob("*.txt")) + sorted(CORPUS.rglob("*.txt"))


def reports(path: Path):
    data = path.read_bytes()
    return parse_bytes(data, content_id(data)).reports


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("gold", LABELLED, ids=lambda path: path.stem if path else "none")
def test_labelled_quantities(gold):
    """Every labelled quantity is there, in its sentence; no metric is given that the labels do not have."""
    labels = json.loads(gold.read_text(encoding="utf-8"))
    (report,) = reports(CORPUS / gold.parent.name / f"{gold.stem}.txt")
    missing = []
    for label in labels["statements"]:
        value = Decimal(str(label["value"]))
        near = [
            s for s in report.statements
            if value_of(s) == value and squeezed(label["sentence_contains"])[:12] in squeezed(s.sentence)
        ]  # fmt: skip
        if not any(label["metric_key"] in (None, s.metric_key) for s in near):
            missing.append(label)
    assert missing == []
    wanted = {(label["metric_key"], Decimal(str(label["value"]))) for label in labels["statements"]}
    keys = {key for key, _ in wanted}
    false = [
        (s.metric_key, value_of(s)) for s in report.statements
        if s.metric_key and (s.metric_key in keys or labels.get("statements_complete")) and (s.metric_key, value_of(s)) not in wanted
    ]  # fmt: skip
    assert false == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_digit_is_left_over(path):
    for report in reports(path):
        assert [group for group in digit_groups(report) if group.kind == "left over"] == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_statements_are_of_the_prose(path):
    """Spans hold the words, numbers and parents are in order, and nothing is read from a table."""
    for report in reports(path):
        text = report.document.text
        for place, statement in enumerate(report.statements):
            assert statement.statement_no == place + 1
            assert text[statement.char_start : statement.char_end] == statement.value_text
            assert statement.value_text in statement.sentence
            assert not (statement.is_plan and statement.metric_key)
            for reading in report.readings:
                assert statement.char_end <= reading.char_start or statement.char_start >= reading.char_end
            if statement.parent_statement_no is not None:
                assert 1 <= statement.parent_statement_no < statement.statement_no


PARTS = {
    "003_94af791356542937": {"2502": ["1148", "40", "88", "4", "884", "196", "142"], "25": ["13", "5", "3", "1", "3"], "45": ["39", "2", "2", "1", "1"]},
    "004_e4c4c008a52a3770": {"232": ["92", "74", "34", "32"]},
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_totals_of_real_reports(name):
    """The worked examples of field.md §2, C-N-1."""
    path = CORPUS / "seeds" / f"{name}.txt"
    if not path.exists():
        pytest.skip(f"no shared corpus at {SHARED}")
    (report,) = reports(path)
    for total, parts in PARTS[name].items():
        totals = {s.parent_statement_no for s in report.statements}
        whole = next(s for s in report.statements if str(value_of(s)) == total and s.statement_no in totals)
        assert [str(value_of(s)) for s in report.statements if s.parent_statement_no == whole.statement_no] == parts
        (check,) = [
            c for c in report.checks if (c.check_key, c.row_key) == ("prose_breakdown_sum", str(whole.statement_no))
        ]
        assert check.outcome == "pass"
