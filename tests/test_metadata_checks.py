"""Checks of what a report says about itself: holding, broken, not assessable (field.md C-D-1, C-D-3, C-S-1).

Belongs here: year_consistency, required_sections, late_publication on small reports. Does not belong here: how dates are
read (test_describe.py), manifest_conflict (test_crawl_list.py).
"""

import pytest

from pipeline.check.metadata import check_metadata
from pipeline.check.outcome import Check
from pipeline.describe.report import describe
from pipeline.read.document import make_document
from pipeline.split import split

SECTIONS = [
    "一、总体情况\n全年平稳。\n",
    "二、主动公开政府信息情况\n见表。\n",
    "三、收到和处理政府信息公开申请情况\n见表。\n",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况\n见表。\n",
    "五、存在的主要问题及改进情况\n公开还不够及时。\n",
    "六、其他需要报告的事项\n无。\n",
]
BODY = "".join(SECTIONS)
PERIOD = "所列数据的统计期限自{}年1月1日起至{}年12月31日止。\n"


def checks(text: str, has_form: bool = True) -> dict[str, Check]:
    document = make_document(text, "text/plain", "utf-8")
    sections = split(document)
    found = check_metadata(describe(document, sections), sections, document.flat, has_form)
    return {check.check_key: check for check in found}


def page(body: str, year: object, published: str = "", preamble: str = "", text: str = BODY) -> str:
    return f"{body}{year}年政府信息公开工作年度报告\n{published}\n{preamble}\n{text}"


YEARS = [
    (page("靖远县财政局", 2020, preamble=PERIOD.format(2020, 2020)), "pass"),
    (page("靖远县财政局", 2020, preamble=PERIOD.format(2019, 2019)), "fail"),
    (page("靖远县财政局", 2020, preamble=PERIOD.format(2019, 2020)), "fail"),
    (page("靖远县财政局", 2020, "发布日期：2021-01-20", PERIOD.format(2020, 2020)), "pass"),
    (page("靖远县财政局", 2020, "发布日期：2020-12-20", PERIOD.format(2020, 2020)), "fail"),
    (page("靖远县财政局", 2020, "发布日期：2019-01-20"), "fail"),
    (page("靖远县财政局", 2020, "发布日期：2021-01-20"), "pass"),
    (page("靖远县财政局", 2020), "not_assessable"),
    (PERIOD.format(2020, 2020) + BODY, "not_assessable"),
]


@pytest.mark.parametrize(("text", "outcome"), YEARS)
def test_year_consistency(text, outcome):
    assert checks(text)["year_consistency"].outcome == outcome


SECTION_CASES = [
    (BODY, 2020, True, "pass", None),
    ("".join(SECTIONS[:4] + SECTIONS[5:]), 2020, True, "fail", "no section problems"),
    ("".join(SECTIONS[1:]), 2020, True, "fail", "no section overview"),
    (BODY.replace("公开还不够及时。", "无。"), 2020, True, "fail", "the section on problems is empty"),
    (BODY.replace("公开还不够及时。\n", ""), 2020, True, "fail", "the section on problems is empty"),
    (BODY.replace("公开还不够及时。", "暂无"), 2022, True, "fail", "the section on problems is empty"),
    (SECTIONS[0], 2013, False, "not_assessable", "no form prescribes the sections of this report"),
    (SECTIONS[0], 2020, False, "fail", None),
    (BODY, 2013, False, "not_assessable", None),
]


@pytest.mark.parametrize(("text", "year", "has_form", "outcome", "detail"), SECTION_CASES)
def test_required_sections(text, year, has_form, outcome, detail):
    check = checks(page("靖远县财政局", year, text=text), has_form)["required_sections"]
    assert check.outcome == outcome
    assert detail is None or check.detail == detail


DEADLINES = [  # (body, year, published on, what comes out): field.md C-D-3
    ("靖远县财政局", 2020, "2021-01-31", "pass"),
    ("靖远县财政局", 2020, "2021-02-01", "fail"),
    ("靖远县人民政府", 2020, "2021-02-01", "pass"),
    ("靖远县人民政府", 2020, "2021-03-31", "pass"),
    ("靖远县人民政府", 2020, "2021-04-01", "fail"),
    ("靖远县人民政府办公室", 2020, "2021-02-01", "fail"),
    ("靖远县财政局", 2019, "2020-02-01", "fail"),
    ("靖远县财政局", 2018, "2019-02-01", "pass"),
    ("靖远县财政局", 2018, "2019-04-01", "fail"),
    ("靖远县北湾镇人民政府", 2020, "2021-06-01", "not_assessable"),
    ("靖远县第二中学", 2020, "2021-06-01", "not_assessable"),
    ("靖远县财政局", 2020, "2020-06-01", "not_assessable"),
    ("靖远县财政局", 2020, "", "not_assessable"),
]


@pytest.mark.parametrize(("body", "year", "published", "outcome"), DEADLINES)
def test_late_publication(body, year, published, outcome):
    header = f"发布日期：{published}" if published else ""
    assert checks(page(body, year, header))["late_publication"].outcome == outcome
