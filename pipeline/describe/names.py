"""What a body's name says of it: its kind and its level, and the name that a title holds.

Belongs here: names. Does not belong here: where a name stands in a report (title.py, words.py), regions.
"""

import re
import unicodedata
from functools import lru_cache

YEAR = r"(?:20[0-3]\d|２０[０-３][０-９]|二[〇○零0OoＯ][〇○零0OoＯ一二三][〇○零0OoＯ一二三四五六七八九])"
_TITLE_YEAR = re.compile(rf"({YEAR})年?(?:年度|度)?")
_TITLE_TAIL = re.compile(r"(?:的)?(?:政府|政务)?信息公开.*|(?:的)?政务公开.*")
CHINESE_DIGITS = {**dict.fromkeys("〇○零0OoＯ", "0"), **{c: str(n) for n, c in enumerate("一二三四五六七八九", 1)}}

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
_BELOW_PROVINCE = re.compile(r"[市县区旗州盟]")


@lru_cache(maxsize=4_096)
def split_title(title: str) -> tuple[str | None, int | None]:
    """(body, year) of a title without blanks. 靖远县人民政府信息公开工作2019年度报告 is of 靖远县人民政府."""
    year = _TITLE_YEAR.search(title)
    words = _TITLE_YEAR.sub("", title)
    body = _TITLE_TAIL.sub("", words).lstrip("的-—_《》<> ").rstrip("的年度-—_《》<> ")
    body = body.removeprefix("关于").removesuffix("关于")
    if body.endswith("人民") and "人民政府信息公开" in words:
        body += "政府"
    if len(body) < 2 or body in ("政府", "我县", "我市", "我区", "我局", "本机关"):
        return None, year_number(year[1]) if year else None
    return body, year_number(year[1]) if year else None


@lru_cache(maxsize=8_192)
def body_kind(name: str) -> str:
    """Kind of body by the end of its name; `unknown` if the name does not tell."""
    for kind, pattern in _KINDS:
        if pattern.search(name):
            return kind
    return "unknown"


@lru_cache(maxsize=8_192)
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
        if province and not _BELOW_PROVINCE.search(rest):
            return "province"
    return "unknown"


def year_number(words: str) -> int:
    """A year in digits of any width, or in Chinese ones (二〇二〇, 二0一七)."""
    digits = "".join(CHINESE_DIGITS.get(c, c) for c in unicodedata.normalize("NFKC", words))
    return int(digits)
