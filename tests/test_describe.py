"""Title, body, kind, level, year, period and dates, as far as the words say so; null where they do not (field.md §3).

Belongs here: the text around a report's sections. Does not belong here: regions, tables.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.describe.report import Description, describe
from pipeline.read.document import make_document
from pipeline.split import split
from schemas.tables import ADMIN_LEVELS, BODY_KINDS, REPORT_YEAR_SOURCES

BODY = "\n一、总体情况\n全年工作有序推进。\n二、主动公开政府信息情况\n无。\n"
TITLE = "青石县民政局2020年政府信息公开工作年度报告"


def described(text: str) -> Description:
    document = make_document(text, "text/plain", "utf-8")
    return describe(document, split(document))


TITLES = [  # (title, body, kind, level, year)
    ("邙岭镇人民政府2020年政府信息公开工作年度报告", "邙岭镇人民政府", "township", "township", 2020),
    ("三江乡2020年政府信息公开工作年度报告", "三江乡", "township", "township", 2020),
    ("青石镇2020年政府信息公开年报", "青石镇", "township", "township", 2020),
    ("靖远县人民政府信息公开工作2019年度报告", "靖远县人民政府", "government", "county", 2019),
    ("2020年青石县政府信息公开工作年度报告", "青石县", "government", "county", 2020),
    ("甘肃省白银市靖远县人民政府2020年政府信息公开工作年度报告", "甘肃省白银市靖远县人民政府", "government", "county", 2020),
    ("甘肃省人民政府2020年政府信息公开工作年度报告", "甘肃省人民政府", "government", "province", 2020),
    ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", "government_office", "province", 2019),
    ("青石县政府办公室2020年政府信息公开工作年度报告", "青石县政府办公室", "government_office", "county", 2020),
    ("上海市民政局2020年政府信息公开工作年度报告", "上海市民政局", "department", "province", 2020),
    ("青石市民政局2020年政府信息公开工作年度报告", "青石市民政局", "department", "unknown", 2020),  # 市 is either
    ("青石县气象局2020年政府信息公开工作年度报告", "青石县气象局", "department", "county", 2020),
    ("东城区和平街道办事处2020年政府信息公开工作年度报告", "东城区和平街道办事处", "subdistrict", "township", 2020),
    ("青石县第二中学2020年政府信息公开工作年度报告", "青石县第二中学", "public_institution", "county", 2020),
    ("青石经济开发区管理委员会2020年政府信息公开工作年度报告", "青石经济开发区管理委员会", "development_zone", "unknown", 2020),
    ("中共青石县委办公室2020年政务公开年度报告", "中共青石县委办公室", "party_body", "county", 2020),
    ("青石县民政局2020年政务信息公开年度报告", "青石县民政局", "department", "county", 2020),
    ("青石县民政局2020年政府信息公开工作报告", "青石县民政局", "department", "county", 2020),
    ("青石县民政局二〇一七年政府信息公开年度报告", "青石县民政局", "department", "county", 2017),
    ("青石县民政局二0一七年政府信息公开年度报告", "青石县民政局", "department", "county", 2017),
    ("青石县民政局２０２０年政府信息公开年度报告", "青石县民政局", "department", "county", 2020),
    ("青石县民政局2022年度 政府信息公开 工作年度报告", "青石县民政局", "department", "county", 2022),
    ("标题：青石县民政局2020年政府信息公开工作年度报告", "青石县民政局", "department", "county", 2020),
    ("青石县民政局2020年政府信息公开工作年度报告（节选）", "青石县民政局", "department", "county", 2020),
    ("2008年年古乡政府信息公开工作年度报告", "年古乡", "township", "township", 2008),
    ("青石县民政局\n2020年政府信息公开工作年度报告", "青石县民政局", "department", "county", 2020),
    ("青石县民政局\n\n二〇二〇年度政府信息公开工作年度报告\n", "青石县民政局", "department", "county", 2020),
    ("2020年度政府信息公开年度工作报告", None, "unknown", "unknown", 2020),
    ("政府信息公开工作年度报告", None, "unknown", "unknown", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "body", "kind", "level", "year"),
    [pytest.param(*case, id=repr(case[0])) for case in TITLES],
)
def test_title(title, body, kind, level, year):
    found = described(title + "\n" + BODY)
    assert (found.body_name, found.body_kind, found.admin_level, found.report_year) == (body, kind, level, year)
    squeezed = "".join(title.split()).removeprefix("标题：").removesuffix("（节选）")
    assert found.title in (squeezed, squeezed + "（节选）")
    assert found.report_year_source == ("title" if year else None)
    assert found.body_name_source == ("title" if body else None)


def test_title_with_about():
    assert described("青石县民政局关于2020年政府信息公开工作的年度报告\n" + BODY).body_name == "青石县民政局"


def test_vertical_agency_of_a_county_is_not_national():
    found = described("国家税务总局青石县税务局2020年政府信息公开工作年度报告\n" + BODY)
    assert found.admin_level in ("county", "unknown")


def test_sentence_is_no_title():
    assert described("特编制本乡2020年度政府信息公开年度报告\n" + BODY).title is None


@pytest.mark.parametrize(
    "line",
    [
        "首页 >> 镇街公开 >> 青石镇",
        "上一篇：青石镇2018年政府信息公开工作年度报告",
        "下一条：青石镇2022年政府信息公开工作年度报告",
        "关于做好政府信息公开工作年度报告编写工作的通知",
        "当前位置：首页 > 政府信息公开年报",
        "我镇认真做好政府信息公开工作，现将2020年度情况报告如下。",
    ],
)
def test_line_that_is_no_title(line):
    """field.md §6.2 no. 25: navigation carries other years and bodies."""
    found = described(line + "\n" + BODY)
    assert (found.title, found.body_name, found.report_year) == (None, None, None)


def test_title_is_found_behind_navigation():
    found = described(f"青石县人民政府\n首页 >> 乡镇 >> 苇塘沟乡\n\n{TITLE}\n\n日期:2021年01月18日\n{BODY}")
    assert (found.title, found.report_year, found.published_on) == (TITLE, 2020, date(2021, 1, 18))


YEARS = [  # (preamble, year, source, period)
    ("根据《县人民政府办公室关于做好2019年度政府信息公开工作年度报告编写工作的通知》要求。", 2019, "notice", None),
    ("本报告的统计期限为2020年1月1日至2020年12月31日。", 2020, "period", (date(2020, 1, 1), date(2020, 12, 31))),
    ("本年度报告数据统计期限自2020年1月1日起至12月31日止。", 2020, "period", (date(2020, 1, 1), date(2020, 12, 31))),
    ("统计时限：2016年1月1日----2016年12月31日。", 2016, "period", (date(2016, 1, 1), date(2016, 12, 31))),
    ("数据统计期限从2021年1月1日到2021年12月31日。", 2021, "period", (date(2021, 1, 1), date(2021, 12, 31))),
    ("2020年1月1日至10月31日主动公开信息12条。", None, None, None),
    ("统计期限为2020年13月1日至2020年12月31日。", None, None, None),
    ("统计期限为2020年12月31日至2020年1月1日。", None, None, None),
    ("全年工作有序推进。", None, None, None),
    ("自202011日起至20201231日止。", 2020, "period", (date(2020, 1, 1), date(2020, 12, 31))),
    ("统计期限为2020131日至20201231日。", 2020, "period", (date(2020, 1, 31), date(2020, 12, 31))),
    ("统计期限为2020111日至20201231日。", None, None, None),  # 1 November or 11 January
    ("2017年1月1日——12月31日，我局认真开展工作。", 2017, "period", (date(2017, 1, 1), date(2017, 12, 31))),
    ("统计期限：2020.1.1-2020.12.31", 2020, "period", (date(2020, 1, 1), date(2020, 12, 31))),
    (
        "数据统计期限自２０２０年１月１日起至２０２０年１２月３１日止。",
        2020,
        "period",
        (date(2020, 1, 1), date(2020, 12, 31)),
    ),
    ("涵盖2022年1月1日至2022年12月31日期间。", 2022, "period", (date(2022, 1, 1), date(2022, 12, 31))),
    (
        "统计期限自\n2023 年 1 月 1 日\n起至 2023 年 12 月 31 日止。",
        2023,
        "period",
        (date(2023, 1, 1), date(2023, 12, 31)),
    ),
    ("2019年，我区政府信息公开工作取得了进展。2020年，我们将继续改进。", 2019, "overview", None),
    ("2019年，我区政府信息公开工作取得了进展。", None, None, None),
    ("2019年，我区工作取得了进展。2021年，我们将继续改进。", None, None, None),
    ("2019年，我区工作取得了进展。2018年，我区工作取得了进展。2020年，我们将改进。", None, None, None),
    ("2020年，我们将继续改进。", None, None, None),
]


@pytest.mark.parametrize(("preamble", "year", "source", "period"), YEARS, ids=[case[0] for case in YEARS])
def test_year_without_a_title(preamble, year, source, period):
    found = described(preamble + "\n" + BODY)
    assert (found.report_year, found.report_year_source) == (year, source)
    assert (found.period_start, found.period_end) == (period or (None, None))


def test_title_year_goes_before_the_others():
    found = described(f"{TITLE}\n统计期限为2019年1月1日至2019年12月31日。\n{BODY}")
    assert (found.report_year, found.report_year_source, found.period_end) == (2020, "title", date(2019, 12, 31))


@pytest.mark.parametrize(
    ("words", "kind", "level"),
    [
        ("我乡高度重视，我乡党委多次研究，我乡实际。", "township", "township"),
        ("我镇认真落实。我镇干部。", "township", "township"),
        ("我街道认真落实。本街道干部。", "subdistrict", "township"),
        ("我局认真落实。我局干部。我县工作。我县。我县。", "department", "unknown"),
        ("我校认真落实。我校教师。", "public_institution", "unknown"),
        ("我县认真落实。我县干部。", "government", "unknown"),
        ("我单位认真落实。本机关干部。", "unknown", "unknown"),
        ("我乡认真落实。我局干部。", "unknown", "unknown"),
    ],
)
def test_kind_of_a_body_that_names_itself_only_as_we(words, kind, level):
    """field.md §3.3: the name stays null, the kind is known."""
    found = described(words + BODY)
    assert (found.body_name, found.body_kind, found.admin_level) == (None, kind, level)


ENDS = [
    ("2021年1月25日", date(2021, 1, 25)),
    ("\u3000\u3000\u3000\u30002021 年 1 月 25 日\u3000", date(2021, 1, 25)),
    ("青石县民政局\n2021年1月25日\n", date(2021, 1, 25)),
    ("2021年1月25日\n\n上一条：某镇2018年…\n下一条：无\n打印 关闭\n主办：青石县 ICP备12345号", date(2021, 1, 25)),
    ("二〇二一年一月二十五日", date(2021, 1, 25)),
    ("二○二一年十二月三十一日", date(2021, 12, 31)),
    ("二〇二一年十月十日", date(2021, 10, 10)),
    ("2021年1月25日\n正文还没有完。", None),
    ("2021年2月30日", None),
    ("二〇二一年十三月一日", None),
    ("2020年1月1日至2020年12月31日", None),
    ("", None),
]


@pytest.mark.parametrize(("end", "signed"), ENDS, ids=[repr(end) for end, _ in ENDS])
def test_date_under_the_report(end, signed):
    assert described(TITLE + "\n" + BODY + end).signed_on == signed


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("发布日期：2021-01-25", date(2021, 1, 25)),
        ("发布时间:2021/1/25 来源：县政府办", date(2021, 1, 25)),
        ("日期:2017年01月18日   作者:苇塘沟乡", date(2017, 1, 18)),
        ("公开日期：2021.1.25", date(2021, 1, 25)),
        ("发布日期: 2021-13-45", None),
        ("索引号 000123/2021-00045", None),
    ],
)
def test_date_of_publication(head, published):
    assert described(f"{head}\n{TITLE}\n{BODY}").published_on == published


def test_publication_date_is_looked_for_before_the_report_only():
    assert described(f"{TITLE}\n{BODY}发布日期：2021-01-25\n").published_on is None


LINES = st.sampled_from(
    [TITLE, "一、总体情况", "二〇二一年十三月四十日", "2021年99月1日", "9999年1月1日", "统计期限为2020年1月1日至", "20年", "我乡", "公开", "年度报告", "\t", "\x00", "\u2028"]
    + [case[0] for case in TITLES + YEARS + ENDS]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.one_of(LINES, st.text(max_size=10)), max_size=12).map("\n".join))
def test_any_text_has_a_description_in_the_closed_sets(text):
    found = described(text)
    assert found.body_kind in BODY_KINDS
    assert found.admin_level in ADMIN_LEVELS
    assert found.report_year_source in (None, *REPORT_YEAR_SOURCES)
    assert (found.report_year is None) == (found.report_year_source is None)
    assert found.report_year is None or 2000 <= found.report_year < 2040
    assert found.body_name is None or found.body_name in "".join(make_document(text, "", "").text.split())


NAMERS = [  # (page around a report without a name, body, source, kind)
    ("本报告由青石镇党政办结合有关统计数据编制。\n{}我镇。我镇。", "青石镇", "compiled_by", "township"),
    ("由青石县财政局办公室根据有关数据编制。\n{}我局。我局。", "青石县财政局", "compiled_by", "department"),
    ("如有疑问，请与青石县财政局办公室联系（电话：000）。\n{}我局。我局。", "青石县财政局", "contact", "department"),
    ("发布机构：青石县财政局\n{}我局。我局。", "青石县财政局", "publisher", "department"),
    ("{}我镇。我镇。\n青石镇人民政府\n2021年1月5日", "青石镇人民政府", "signature", "township"),
    (
        "首页 >> 镇街公开 >> 青石镇\n2020年度政府信息公开年度工作报告\n{}我镇。我镇。",
        "青石镇",
        "breadcrumb",
        "township",
    ),
    ("由青石镇党政办编制，请与云溪乡人民政府联系。\n{}", "青石镇", "compiled_by", "township"),
    # The office compiles for the government; the superior publishes for the township; nobody is named.
    ("由青石县人民政府办公室根据有关数据编制。\n{}我县。我县。", None, None, "government"),
    ("发布机构：青石县人民政府\n{}我镇。我镇。", None, None, "township"),
    ("来源：青石县财政局\n{}我局。我局。", None, None, "department"),
    ("由县人民政府办公室编制。\n{}我镇。我镇。", None, None, "township"),
    ("由各乡镇、县财政局综合编制。\n{}", None, None, "unknown"),
    ("由本机关办公室编制，请与局办公室联系。\n{}我局。我局。", None, None, "department"),
    ("请与党政办联系。\n{}我镇。我镇。\n中共青石镇委员会\n2021年1月5日", None, None, "township"),
    ("{}我镇。我镇。\n上一条：青石镇2019年政府信息公开工作年度报告\n下一条：云溪乡", None, None, "township"),
    ("{}我乡。我乡。“风韵青石”微信公众号发布信息。", None, None, "township"),
]


@pytest.mark.parametrize(("page", "body", "source", "kind"), NAMERS, ids=[case[0][:24] for case in NAMERS])
def test_name_where_the_title_has_none(page, body, source, kind):
    """field.md §3.3: the order of the evidence, and that a stripped name stays null."""
    found = described(page.format(BODY))
    assert (found.body_name, found.body_name_source, found.body_kind) == (body, source, kind)


SCOPES = [  # field.md §3.5
    ("青石县财政局", "我局主动公开信息12条。", "own"),
    ("青石镇人民政府", "本机关收到申请0件。", "own"),
    ("青石县财政局", "主动公开信息12条。", "unknown"),
    ("青石县人民政府", "全县主动公开信息3100条，各乡镇公开410条。", "whole_region"),
    ("青石县人民政府", "本报告根据各乡镇人民政府、县政府各部门年度报告汇总编制。", "whole_region"),
    ("青石县人民政府", "本报告综合各乡镇、各部门的政府信息公开年度报告编制而成。", "whole_region"),
    ("青石县人民政府", "数据只统计县政府本级。", "own"),
    ("青石县人民政府", "全县各级行政机关收到申请12件。代表县政府受理2件。", "unknown"),
    ("青石县人民政府", "公开信息12条。", "unknown"),
    ("青石县人民政府办公室", "我办公开信息12条。", "own"),
    ("青石县人民政府办公室", "全县各级行政机关主动公开3100条。", "whole_region"),
    ("青石县人民政府办公室", "全县各级行政机关主动公开3100条，我办公开12条。", "unknown"),
]


@pytest.mark.parametrize(("body", "words", "expected"), SCOPES)
def test_scope(body, words, expected):
    assert described(f"{body}2020年政府信息公开工作年度报告\n{words}{BODY}").scope == expected


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("发文日期：2020-12-31 发布日期：2021-01-25", date(2021, 1, 25)),
        ("发布日期：２０２１年１月２５日", date(2021, 1, 25)),
    ],
)
def test_date_of_publication_goes_before_other_dates(head, published):
    assert described(f"{head}\n{TITLE}\n{BODY}").published_on == published
