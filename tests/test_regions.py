"""Regions of reports: townships at random in invented reports, and the cases that are easy to get wrong.

Belongs here: region, codes and body_id of a described report. Does not belong here: titles, years, dates
(test_describe.py), the shipped table (test_region_table.py).
"""

import os
import random
from collections import Counter

import pytest
from region_texts import TIMES_NAMED, TOWN_ENDS, Town, draw, with_county, without_county

from pipeline.describe.report import Description, describe
from pipeline.read.document import make_document
from pipeline.split import split

BODY = "\n一、总体情况\n全年工作有序推进。{overview}\n二、主动公开政府信息情况\n无。\n"
DRAWN = 2_000


def described(text: str) -> Description:
    document = make_document(text, "text/plain", "utf-8")
    return describe(document, split(document))


def report(title: str, preamble: str = "", overview: str = "", above: str = "", below: str = "") -> Description:
    return described(f"{above}\n{title}\n{preamble}{BODY.format(overview=overview)}{below}")


def verdict(town: Town, found: Description) -> str:
    county = town.county.name if town.county.level == "county" else None
    if found.region_code is None:
        return "none"
    if found.township_code not in (town.code, None) or found.province != town.province.name:
        return "wrong"
    if (found.region_code, found.county) == (town.county.code, county):
        exact = found.township_code == town.code or not town.name.endswith(TOWN_ENDS)
        return "right" if exact else "without code"
    higher = town.county.code.startswith(found.region_code.rstrip("0")) and found.county is None
    return "higher" if higher else "wrong"


def outcomes(seed: object) -> tuple[Counter[str], Counter[str], list[str]]:
    """Verdicts with the county printed, verdicts without for names that are unique in the country, what is wrong."""
    chance = random.Random(str(seed))
    printed, unique, wrong = Counter[str](), Counter[str](), []
    for town in draw(DRAWN, seed):
        for tally, text in ((printed, with_county(chance, town)), (unique, without_county(chance, town))):
            found = described(text)
            what = verdict(town, found)
            if tally is printed or TIMES_NAMED[town.name] == 1:
                tally[what] += 1
            if what == "wrong":
                wrong.append(f"{town.name} {town.code} {town.year}: {found.county} {found.township_code}\n{text[:300]}")
    return printed, unique, wrong


def check(seed: object) -> None:
    printed, unique, wrong = outcomes(seed)
    print(f"seed {seed}: county printed {dict(printed)}; not printed, name unique {dict(unique)}; wrong {len(wrong)}")
    assert not wrong
    assert printed["right"] >= 0.95 * printed.total()
    assert unique["right"] >= 0.90 * unique.total()


def test_townships_at_random():
    check("gongkai")


@pytest.mark.soak
@pytest.mark.parametrize("round_", range(8))
def test_other_townships_at_random(round_):
    check(f"{os.environ.get('GONGKAI_SEED', 'soak')}-{round_}")


YEAR_TITLE = "{}{}年政府信息公开工作年度报告"
PLACES = [  # (body, year, words of the page, province, city, county, region code, township code, source)
    ("妥安乡", 2017, {"above": "禄丰市人民政府\n首页 >> 乡镇信息公开 >> 妥安乡"}, "云南省", "楚雄彝族自治州", "禄丰县", "532331", "532302203", "site"),
    ("妥安乡", 2021, {"above": "禄丰市人民政府"}, "云南省", "楚雄彝族自治州", "禄丰市", "532302", "532302203", "site"),
    ("邙岭镇人民政府", 2020, {"overview": "对照《偃师市2020年度政务公开工作台账》，"}, "河南省", "洛阳市", "偃师市", "410381", "410307111", "cited"),
    ("偃师市邙岭镇人民政府", 2020, {}, "河南省", "洛阳市", "偃师市", "410381", "410307111", "body_name"),
    ("偃师区邙岭镇人民政府", 2022, {}, "河南省", "洛阳市", "偃师区", "410307", "410307111", "body_name"),
    ("偃师市教育局", 2020, {}, "河南省", "洛阳市", "偃师市", "410381", None, "body_name"),
    ("三江乡", 2020, {"preamble": "请与三江乡人民政府党政办联系（地址：赣州经开区三江乡新街3号）。"}, "江西省", "赣州市", "南康区", "360703", "360703205", "contact"),
    ("三江乡", 2012, {"preamble": "请与党政办联系（电话：0797－0000000，邮编：341412）。"}, "江西省", "赣州市", "南康市", "360782", "360703205", "area_code"),
    ("赣州经济技术开发区三江乡", 2020, {"preamble": "电话：0797－0000000。"}, "江西省", "赣州市", "南康区", "360703", "360703205", "area_code"),
    ("新华区人民政府", 2020, {"preamble": "请与沧州市新华区人民政府办公室联系。"}, "河北省", "沧州市", "新华区", "130902", None, "contact"),
    ("新华区教育局", 2020, {"preamble": "请与局办公室联系（电话：0311-00000000）。"}, "河北省", "石家庄市", "新华区", "130105", None, "area_code"),
    ("平潭综合实验区", 2021, {"above": "来源：平潭县人民政府"}, "福建省", "福州市", "平潭县", "350128", None, "site"),
    ("赣州经济技术开发区管理委员会", 2020, {}, "江西省", "赣州市", None, "360700", None, "body_name"),
    ("长安镇", 2020, {"preamble": "由东莞市长安镇党政办编制。"}, "广东省", "东莞市", None, "441900", "441900119", "compiled_by"),
    ("县教育局", 2019, {"preamble": "请与靖远县教育局办公室联系。"}, "甘肃省", "白银市", "靖远县", "620421", None, "contact"),
    ("国家税务总局靖远县税务局", 2019, {}, "甘肃省", "白银市", "靖远县", "620421", None, "body_name"),
    ("福建省人民政府", 2019, {}, "福建省", None, None, "350000", None, "body_name"),
    ("上海市民政局", 2019, {}, "上海市", None, None, "310000", None, "body_name"),
    ("上海市黄浦区人民政府", 2019, {}, "上海市", None, "黄浦区", "310101", None, "body_name"),
    ("沙县区教育局", 2022, {}, "福建省", "三明市", "沙县区", "350405", None, "body_name"),
    ("沙县教育局", 2019, {}, "福建省", "三明市", "沙县", "350427", None, "body_name"),
    ("楚雄州人民政府", 2019, {}, "云南省", "楚雄彝族自治州", None, "532300", None, "body_name"),
    ("济源市财政局", 2019, {}, "河南省", None, "济源市", "419001", None, "body_name"),
    ("余杭区塘栖镇人民政府", 2019, {}, "浙江省", "杭州市", "余杭区", "330110", "330113100", "body_name"),
    ("临平区塘栖镇人民政府", 2022, {}, "浙江省", "杭州市", "临平区", "330113", "330113100", "body_name"),
    ("毕节地区行政公署", 2009, {}, "贵州省", "毕节地区", None, "522400", None, "body_name"),
    ("毕节市人民政府", 2009, {}, "贵州省", "毕节地区", "毕节市", "522401", None, "body_name"),
    ("毕节市人民政府", 2015, {}, "贵州省", "毕节市", None, "520500", None, "body_name"),
]  # fmt: skip


@pytest.mark.parametrize("case", PLACES, ids=lambda case: f"{case[0]} {case[1]}")
def test_region(case):
    body, year, words, *expected = case
    found = report(YEAR_TITLE.format(body, year), **words)
    assert found.body_name == body
    got = [found.province, found.city, found.county, found.region_code, found.township_code, found.region_source]
    assert got == expected


def test_a_town_that_begins_like_a_county_is_not_in_it():
    """Fresh names found it: 古县渡镇 of 鄱阳县 was placed in 古县, because its own office compiled the report."""
    found = report(YEAR_TITLE.format("古县渡镇", 2020), preamble="由古县渡镇党政办编制。")
    assert (found.county, found.township) == ("鄱阳县", "古县渡镇")


NOWHERE = [  # (why, body, words): nothing says surely which region
    ("one of 200", "城关镇人民政府", {}),
    ("古县镇 lies in other counties than 古县", "古县镇人民政府", {"preamble": "由古县镇人民政府党政办编制。"}),
    ("新县镇 is not 新县's", "新县镇", {"below": "新县镇人民政府\n2020年1月5日\n"}),
    ("a school of a town that is called like a county", "古县镇中心小学", {}),
    ("one of 4", "新华区人民政府", {}),
    ("one of 2", "城关区教育局", {"overview": "赴靖远县人民政府学习考察。"}),
    ("of 3 and another county is cited", "三江乡", {"overview": "赴靖远县政府学习政务公开经验。"}),
    ("links of other bodies", "三江乡", {"below": "上一条：赣州市南康区三江乡2019年政府信息公开工作年度报告\n下一条：偃师市邙岭镇\n"}),
    ("plain words", "东涌镇", {"overview": "在城区建设中，各县区、相应县级部门和市、和县政府配合。"}),
    ("only the kind of region", "县教育局", {"overview": "在县委、县政府的领导下。"}),
    ("a plain body and another county's guests", "教育局", {"overview": "靖远县教育局来我局交流。靖远县政府也来。"}),
    ("the title says nothing but a province has three", "城关镇", {"preamble": "请与甘肃省城关镇政府联系。"}),
    ("names that contradict each other", "甘肃省偃师市教育局", {}),
    ("a zone called after some place", "海兴开发区管委会", {}),
    ("a zone called after one place in another", "长春经济技术开发区", {"preamble": "请与益阳市资阳区政府办公室联系。"}),
    ("unique name, but the body itself names another county", "妥安乡", {"overview": "按照《靖远县2019年政务公开要点》，"}),
    ("a prefecture's site carries its county-level cities' reports", "市教育局", {"above": "来源：赣州市人民政府"}),
    ("a school named after a place word", "新华中学", {}),
    ("no name", "", {}),
]  # fmt: skip


@pytest.mark.parametrize("case", NOWHERE, ids=lambda case: case[0])
def test_no_region(case):
    _, body, words = case
    found = report(YEAR_TITLE.format(body, 2019), **words)
    assert (found.county, found.township_code, found.body_id) == (None, None, None)


def test_a_bureau_that_cites_another_county_keeps_its_own():
    found = report(
        YEAR_TITLE.format("靖远县财政局", 2019),
        "请与靖远县财政局联系。",
        "赴偃师市政府、禄丰县政府考察，对照《洪泽区政务公开要点》。",
        below="上一条：洪泽区2019年政府信息公开工作年度报告\n",
    )
    assert (found.county, found.region_source, found.admin_level) == ("靖远县", "body_name", "county")


def test_a_township_that_is_not_in_the_snapshot_keeps_its_printed_county():
    found = report(YEAR_TITLE.format("靖远县青石湾乡人民政府", 2012))
    assert (found.county, found.township, found.township_code) == ("靖远县", "青石湾乡", None)
    assert found.body_id is not None


def test_unique_name_elsewhere_does_not_beat_the_printed_county():
    """妥安乡 is unique in the snapshot; a report of 靖远县妥安乡 is of a township that the snapshot lost."""
    found = report(YEAR_TITLE.format("妥安乡", 2012), "由靖远县妥安乡人民政府编制。")
    assert (found.county, found.township_code) == ("靖远县", None)


SAME_BODY = [
    (("禄丰县妥安乡", 2017), ("禄丰市妥安乡人民政府", 2021)),
    (("偃师市教育局", 2020), ("洛阳市偃师区教育局", 2022)),
    (("靖远县人民政府", 2019), ("甘肃省白银市靖远县", 2020)),
    (("靖远县政府办公室", 2019), ("靖远县人民政府办公室", 2020)),
    (("毕节地区行政公署办公室", 2009), ("毕节市行政公署办公室", 2015)),
    (("东城区景山街道", 2019), ("北京市东城区景山街道办事处", 2020)),
]
OTHER_BODY = [
    (("靖远县教育局", 2019), ("靖远县财政局", 2019)),
    (("靖远县人民政府", 2019), ("靖远县人民政府办公室", 2019)),
    (("靖远县城关镇", 2019), ("会宁县城关镇", 2019)),
    (("石家庄市新华区教育局", 2019), ("沧州市新华区教育局", 2019)),
]


@pytest.mark.parametrize(("one", "other"), SAME_BODY, ids=repr)
def test_same_body(one, other):
    first, second = (report(YEAR_TITLE.format(*body)).body_id for body in (one, other))
    assert first is not None
    assert first == second


@pytest.mark.parametrize(("one", "other"), OTHER_BODY, ids=repr)
def test_other_body(one, other):
    first, second = (report(YEAR_TITLE.format(*body)).body_id for body in (one, other))
    assert first is not None
    assert second is not None
    assert first != second


LEVELS = [
    ("毕节市教育局", 2009, "county"), ("毕节市教育局", 2015, "city"), ("赣州市财政局", 2019, "city"), ("偃师市财政局", 2019, "county"),
    ("济源市财政局", 2019, "county"), ("上海市民政局", 2019, "province"), ("靖远县气象局", 2019, "county"), ("青石市民政局", 2019, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "year", "level"), LEVELS)
def test_level_of_a_city_is_that_of_its_code(body, year, level):
    assert report(YEAR_TITLE.format(body, year)).admin_level == level
