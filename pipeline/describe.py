"""Which body a report is of, which year it is about, when it was signed: metadata, from the report's own words.

Belongs here: title, body name and kind, level, year, period, dates. Does not belong here: regions and their codes,
guesses: what the words do not say stays null (field.md §3).
"""

import re
import unicodedata
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from pipeline.read.document import Document
from pipeline.split import Section

_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_YEAR = r"(?:20[0-3]\d|二[〇○零0Oo][〇○零0一二三][〇○零0一二三四五六七八九])"
_TITLE = re.compile(
    r"(?:标题[:：])?(?P<title>.{0,60}?(?:政府|政务)?信息公开.{0,24}?(?:年报|报告|总结)|.{0,60}?政务公开.{0,16}?年度报告)"
    r"(?:\(.{0,20}\)|（.{0,20}）)?"
)
_TITLE_YEAR = re.compile(rf"({_YEAR})年?(?:年度|度)?")
_TITLE_TAIL = re.compile(r"(?:的)?(?:政府|政务)?信息公开.*|(?:的)?政务公开.*")
_NO_TITLE = re.compile(
    r"^(?:特|现|为此|根据|按照|本|我)|编制|>>|＞|上一[条篇]|下一[条篇]|首页|当前位置|关于做好|通知|解读|目录|指南|办法|规定$|[，。；]"
)
_NO_BODY = re.compile(r"[，。；：:、>＞]|\d{4}|发布|索引|来源|日期|信息公开")
_NOTICE_YEAR = re.compile(
    rf"({_YEAR})年度?(?:政府|政务)?信息公开工?作?(?:工作)?年度报告(?:编[写制]|有关|的通知|工作的通知)"
)
_OWN_YEAR = re.compile(rf"(?:我[乡镇县市区局委厅校院办]|本[乡镇局委厅校院办])\s*({_YEAR})年度?(?:政府|政务)信息公开")
_DAY = r"(20[0-3]\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_PERIOD = re.compile(
    rf"{_DAY}\s*(?:起|开始)?\s*[,，]?\s*(?:至|到|—+|-+|–|－+|~)\s*(?:(20[0-3]\d)\s*年\s*)?(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日"
)
_PERIOD_WORDS = re.compile(r"统计|期限|时限|时段|起止|时间范围|涵盖|数据[^。，,；]{0,12}$")
_PUBLISHED = re.compile(
    r"(?:发布日期|发布时间|公开日期|发文日期|日期|时间)\s*[:：]\s*(20[0-3]\d)\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})"
)
_SIGNED = re.compile(rf"[ \t\u3000\xa0]*{_DAY}[ \t\u3000\xa0]*")
_SIGNED_CHINESE = re.compile(
    r"\s*(二[〇○零0OoＯ][〇○零0OoＯ一二三][〇○零0OoＯ一二三四五六七八九])年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日\s*"
)
_CHINESE_DIGITS = {**dict.fromkeys("〇○零0OoＯ", "0"), **{c: str(n) for n, c in enumerate("一二三四五六七八九", 1)}}
_NAVIGATION = re.compile(r"上一[条篇]|下一[条篇]|打印|关闭|主办|版权|ICP|附件|扫一扫")

# Order decides: 人民政府办公室 before 人民政府, 街道 before 区 (field.md §3.1, §3.6).
_KINDS = (
    (
        "party_body",
        re.compile(r"^中共|委员会(?:办公室|宣传部|组织部|统战部|政法委员会)$|^县委|^市委|^区委|^省委|纪委监委$"),
    ),
    ("government_office", re.compile(r"(?:人民政府|政府)(?:办公室|办公厅|办)$|^政府办")),
    ("subdistrict", re.compile(r"街道(?:办事处|办|党工委)?$")),
    (
        "development_zone",
        re.compile(
            r"(?:开发区|高新区|园区|实验区|示范区|新区|保税区|试验区|度假区|风景区)(?:管理委员会|管委会)?$|管委会$|管理委员会$"
        ),
    ),
    ("township", re.compile(r"[乡镇](?:人民政府|政府)?$|(?:苏木|民族乡)(?:人民政府)?$")),
    ("government", re.compile(r"人民政府$|政府$|[省市县区旗盟州]$|行政公署$")),
    (
        "public_institution",
        re.compile(
            r"(?:大学|学院|中学|小学|幼儿园|学校|医院|卫生院|公司|集团|供水|图书馆|博物馆|交易中心|服务中心)$|[一二三四五六七八九十]中$"
        ),
    ),
    (
        "department",
        re.compile(
            r"[局厅署]$|委员会$|委$|办公室$|办$|[局院](?:分局)?$|支队$|大队$|总队$|中心$|所$|[部处]$|信访局|联合会$|队$"
        ),
    ),
)
# 我乡, 本局 …: how a body speaks of itself (field.md §3.3).
_SELF = re.compile(r"我([县市区省])(?!直)|[我本](街道|[乡镇局委厅校院])(?![村员])")
_SELF_KINDS = {
    **dict.fromkeys("乡镇", "township"),
    "街道": "subdistrict",
    **dict.fromkeys("局委厅", "department"),
    **dict.fromkeys("校院", "public_institution"),
}
_LEVEL_OF_KIND = {"township": "township", "subdistrict": "township"}
_PROVINCE = re.compile(r"^(?:.{2,3}省|.{2,8}自治区|(?:北京|上海|天津|重庆)市|新疆生产建设兵团)(?P<rest>.*)$")
# 自治州 and 盟 are prefectures; 市 may be a prefecture or a county, which the name alone does not tell.
_COUNTY = re.compile(
    r"[^市县区旗州盟]{1,8}(?:自治县|县|自治旗|旗|[^开发高新园实验示范]区)(?=人民政府|[^市县区旗]*[局委办厅院校会中心队所处]|$)"
)
_PREFECTURE = re.compile(r"(?:自治州|[^自]州|盟|地区)(?=人民政府|[^市县区旗]*[局委办厅院会]|行政公署|$)")
_NATIONAL = re.compile(
    r"^(?:国务院|国家|中华人民共和国)(?!税务总局.*[省市县区旗州盟])(?!.*(?:局|队|站)[^局队站]*[省市县区旗州盟])"
)
HEAD_LINES = 60


class Description(NamedTuple):
    """A report's metadata; null where its words do not say."""

    title: str | None
    body_name: str | None
    body_name_source: str | None
    body_kind: str
    admin_level: str
    scope: str
    report_year: int | None
    report_year_source: str | None
    period_start: date | None
    period_end: date | None
    signed_on: date | None
    published_on: date | None


def describe(document: Document, sections: list[Section]) -> Description:
    """Metadata of a report. Evidence in the order of field.md §3.3; the first that says something is kept."""
    flat = document.flat
    first = next((section for section in sections if section.heading is not None), None)
    head = flat[: first.char_start] if first is not None else flat[:3_000]
    lines = [_BLANKS.sub("", line) for line in head.split("\n", HEAD_LINES)[:HEAD_LINES]]
    title, body, title_year = _title([line for line in lines if line])
    period = _period(flat[:6_000])
    year, year_source = _year(title_year, period, head, flat)
    kind = body_kind(body) if body else "unknown"
    if body is None:
        kind = _own_kind(flat)
    return Description(
        title,
        body,
        "title" if body else None,
        kind,
        admin_level(body, kind),
        "unknown",
        year,
        year_source,
        *period,
        _signed_on(flat),
        _published_on(head),
    )


def _title(lines: list[str]) -> tuple[str | None, str | None, int | None]:
    """(title, body, year) from the first line that is a title of such a report, joined with the lines above it if the
    body stands there (field.md §3.2, multi-line titles)."""
    for number, line in enumerate(lines):
        if "公开" not in line or len(line) > 90 or _NO_TITLE.search(line):
            continue
        match = _TITLE.fullmatch(line)
        if match is None:
            continue
        title = match["title"]
        body, year = split_title(title)
        above = lines[number - 1] if number else ""
        if body is None and 2 <= len(above) <= 30 and not _NO_BODY.search(above) and body_kind(above) != "unknown":
            return above + title, above, year
        if body is None and year is None and not above:
            return title, None, None
        return title, body, year
    return None, None, None


@lru_cache(maxsize=4_096)
def split_title(title: str) -> tuple[str | None, int | None]:
    """(body, year) of a title without blanks. 靖远县人民政府信息公开工作2019年度报告 is of 靖远县人民政府."""
    year = _TITLE_YEAR.search(title)
    words = _TITLE_YEAR.sub("", title)
    body = _TITLE_TAIL.sub("", words).strip("的年度-—_《》<> ")
    body = body.removeprefix("关于").removesuffix("关于")
    if body.endswith("人民") and "人民政府信息公开" in words:
        body += "政府"
    if len(body) < 2 or body in ("政府", "我县", "我市", "我区", "我局", "本机关"):
        return None, _year_number(year[1]) if year else None
    return body, _year_number(year[1]) if year else None


def body_kind(name: str) -> str:
    """Kind of body by the end of its name; `unknown` if the name does not tell."""
    for kind, pattern in _KINDS:
        if pattern.search(name):
            return kind
    return "unknown"


def admin_level(name: str | None, kind: str) -> str:
    """Level of government by kind and name; a department takes its government's; `unknown` for 市, which is either."""
    if kind in _LEVEL_OF_KIND:
        return _LEVEL_OF_KIND[kind]
    if name is None:
        return "unknown"
    if _NATIONAL.search(name):
        return "national"
    province = _PROVINCE.match(name)
    rest = province["rest"] if province else name
    if kind in ("government", "government_office", "department", "public_institution", "party_body"):
        if _COUNTY.search(rest):
            return "county"
        if _PREFECTURE.search(rest):
            return "city"
        if province and not re.search(r"[市县区旗州盟]", rest):
            return "province"
    return "unknown"


def _own_kind(flat: str) -> str:
    """Kind of a body that names itself only as 我乡, 本局 …: the word it uses by far most (field.md §3.3)."""
    found = _SELF.findall(flat)
    counts = Counter(_SELF_KINDS.get(own, "government") for _, own in found)
    if counts["department"] or counts["public_institution"]:
        counts["government"] = 0  # 我县 beside 我局: the superior
    (kind, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return kind if most >= 2 and most >= 3 * next_most else "unknown"


def _year(
    title_year: int | None, period: tuple[date | None, date | None], head: str, flat: str
) -> tuple[int | None, str | None]:
    if title_year is not None:
        return title_year, "title"
    notice = _NOTICE_YEAR.search(head) or _OWN_YEAR.search(head)
    if notice is not None:
        return _year_number(notice[1]), "notice"
    if period[1] is not None and period[0] is not None and period[0].year == period[1].year:
        return period[1].year, "period"
    return None, None


def _period(flat: str) -> tuple[date | None, date | None]:
    """The reporting period of the preamble: a sentence that says it is one, or a whole year from 1 January."""
    for match in _PERIOD.finditer(flat):
        before = flat[max(0, match.start() - 30) : match.start()]
        start = _date(match[1], match[2], match[3])
        end = _date(match[4] or match[1], match[5], match[6])
        if start is None or end is None or end < start:
            continue
        if _PERIOD_WORDS.search(before):
            return start, end
    return None, None


def _signed_on(flat: str) -> date | None:
    """The date on a line of its own under the report; what follows it may only be navigation."""
    for line in reversed(flat.rstrip().rsplit("\n", 25)[-25:]):
        words = line.strip()
        if not words or len(words) <= 1 or _NAVIGATION.search(words):
            continue
        match = _SIGNED.fullmatch(words)
        if match is not None:
            return _date(match[1], match[2], match[3])
        chinese = _SIGNED_CHINESE.fullmatch(words)
        if chinese is not None:
            year = _year_number(chinese[1])
            return _date(str(year), str(_chinese_number(chinese[2])), str(_chinese_number(chinese[3])))
        return None
    return None


def _published_on(head: str) -> date | None:
    match = _PUBLISHED.search(head)
    return _date(match[1], match[2], match[3]) if match else None


def _year_number(words: str) -> int:
    digits = "".join(_CHINESE_DIGITS.get(c, c) for c in unicodedata.normalize("NFKC", words))
    return int(digits)


def _chinese_number(words: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int(_CHINESE_DIGITS[words])
    return (int(_CHINESE_DIGITS[tens]) if tens else 1) * 10 + (int(_CHINESE_DIGITS[ones]) if ones else 0)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
