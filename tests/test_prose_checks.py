"""The checks that compare prose with tables, and totals of the prose with their parts.

Belongs here: one small report for each outcome. Does not belong here: the checks of tables (test_checks.py).
"""

import pytest
from report_text import blocks, filled, tab_cell

from pipeline.check.prose import PAIRS, PROSE_CHECKS
from pipeline.file_id import content_id
from pipeline.parse import parse_bytes
from schemas import forms

HEAD = "青石镇2020年政府信息公开工作年度报告\n一、总体情况\n"


def outcomes(prose: str, **cells: str) -> dict[tuple[str, str | None], str]:
    """(check, metric or statement) → outcome, for a report of 2019's form with some prose and some cells, else 0."""
    text = HEAD + prose + "\n" + tab_cell(blocks("2019", filled("2019", "0", **cells)))
    data = text.encode()
    (report,) = parse_bytes(data, content_id(data)).reports
    return {(c.check_key, c.row_key): c.outcome for c in report.checks if c.check_key in PROSE_CHECKS}


RECEIVED = ("text_applications_received", "applications_received")
ZERO = ("text_zero_contradiction", "applications_received")
NEW = "applications__new_received__total"


@pytest.mark.parametrize(
    ("prose", "cell", "outcome", "zero"),
    [
        ("全年收到政府信息公开申请7件。", "7", "pass", "pass"),
        ("全年收到政府信息公开申请8件。", "7", "fail", "pass"),
        ("全年未收到政府信息公开申请。", "0", "pass", "pass"),
        ("全年未收到政府信息公开申请。", "7", "fail", "fail"),
        ("全年收到政府信息公开申请3件。", "0", "fail", "fail"),
        ("全年收到政府信息公开申请70余件。", "72", "not_assessable", None),
        ("2008年以来累计收到政府信息公开申请136件。", "7", "not_assessable", None),
        ("2019年收到政府信息公开申请5件。", "7", "not_assessable", None),
        ("1月至10月，收到政府信息公开申请5件。", "7", "not_assessable", None),
        ("全年收到政府信息公开申请7件。其中5月收到政府信息公开申请2件。", "7", "pass", "pass"),
        ("全年收到政府信息公开申请7件。", "", "not_assessable", None),
        ("全年收到政府信息公开申请7件。", "详见附件", "not_assessable", None),
        ("收到网民留言7件。", "0", None, None),
        ("下一步，计划受理政府信息公开申请9件。", "7", None, None),
    ],
)
def test_applications_received(prose, cell, outcome, zero):
    found = outcomes(prose, **{NEW: cell})
    assert found.get(RECEIVED) == outcome
    assert found.get(ZERO) == zero


def test_the_sentence_is_named():
    text = HEAD + "全年收到政府信息公开申请8件。\n" + tab_cell(blocks("2019", filled("2019", "0")))
    (report,) = parse_bytes(text.encode(), content_id(text.encode())).reports
    (check,) = [c for c in report.checks if c.check_key == RECEIVED[0]]
    assert (check.left_value, check.right_value, check.difference) == (80_000, 0, 80_000)
    assert "收到政府信息公开申请8件" in (check.detail or "")


@pytest.mark.parametrize(
    ("prose", "cells", "metric", "outcome"),
    [
        ("被申请行政复议3件。", {"disputes__review__total": "3"}, "reviews", "pass"),
        ("政府信息公开行政诉讼5件。", {"disputes__litigation_direct__total": "4", "disputes__litigation_after_review__total": "1"}, "lawsuits", "pass"),
        ("政府信息公开行政诉讼5件。", {"disputes__litigation_direct__total": "4"}, "lawsuits", "fail"),
        ("未发生因政府信息公开引起的行政复议。", {"disputes__review__total": "2"}, "reviews", "fail"),
    ],
)  # fmt: skip
def test_disputes(prose, cells, metric, outcome):
    prose = prose if "信息公开" in prose else "因政府信息公开" + prose
    assert outcomes(prose, **cells)["text_disputes", metric] == outcome


@pytest.mark.parametrize(
    ("prose", "cells", "key", "outcome"),
    [
        ("全年制发规范性文件5件。", {"active_disclosure__normative_documents__newly_made": "5"}, "normative_documents_issued", "pass"),
        ("全年制发规范性文件5件。", {}, "normative_documents_issued", "fail"),
        ("全年公布文件5件。", {}, "normative_documents_issued", None),
        ("全年作出行政许可决定12件。", {"active_disclosure__licensing__decisions": "12"}, "licensing_decisions", "pass"),
    ],
)  # fmt: skip
def test_documents(prose, cells, key, outcome):
    assert outcomes(prose, **cells).get(("text_documents", key)) == outcome


@pytest.mark.parametrize(
    ("prose", "outcome"),
    [
        ("全年公开政府信息10条，其中网站公开6条、微信公开4条。", "pass"),
        ("全年公开政府信息10条，其中网站公开6条、微信公开3条。", "fail"),
        ("全年公开政府信息10条，其中网站公开6条、微信公开3条等。", "not_assessable"),
        ("全年公开政府信息10余条，其中网站公开6条、微信公开4条。", "not_assessable"),
        ("全年公开政府信息10条，其中网站公开6条。", None),
        ("全年公开政府信息10条。其中，网站公开6条；微信公开4条。", "pass"),
    ],
)
def test_breakdown(prose, outcome):
    assert outcomes(prose).get(("prose_breakdown_sum", "1")) == outcome


def test_pairs_name_metrics_cells_and_checks_that_exist():
    metrics = {row["metric_key"] for row in forms.read_data("metrics.csv")}
    cells = {(c["template"], c["table_key"], c["row_key"], c["column_key"]) for c in forms.read_data("cells.csv")}
    for pair in PAIRS:
        assert pair.metric_key in metrics
        assert pair.check_key in PROSE_CHECKS
        for template in pair.templates:
            assert {(template, pair.table_key, *place) for place in pair.cells} <= cells, pair
