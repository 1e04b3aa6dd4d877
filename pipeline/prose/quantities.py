"""Every number of a sentence: a quantity with its unit, or one of the closed classes that count nothing.

Belongs here: finding numbers and telling what kind each is. Does not belong here: what is counted (metrics.py), sentences
(sentences.py).

A number is a quantity if a measure word or 元 or % follows, or if it closes a clause that announces one (总数1402。). All
others must be in a class; what is in neither is `unknown` and benchmarks/coverage.py lists it. Nothing here depends on
which digit a digit is, so the answer holds for all sentences with the same skeleton (statements.py).
"""

import re
from typing import NamedTuple

from pipeline.prose.numerals import CHINESE, DIGIT_CHARACTERS, read_number

D = r"[0-9０-９]"
_C = f"[{CHINESE}]"
_CHINESE_YEAR = rf"(?<!{_C})[一二][〇○零0０九][{DIGIT_CHARACTERS}0-9０-９]{{2}}(?![{CHINESE}])"
_B = r"[ \u3000\xa0]*"
CLASSES = (
    "year", "date", "document_number", "article", "phone_or_postcode", "ordinal", "address", "code", "page_furniture",
)  # fmt: skip
# Measure words of what reports count, the longer before the shorter (field.md §4 (d)).
_COUNTS = (
    r"人次|人天|件次|篇次|场次|条次|期次|户次|批次|班次|台次|项次|车次|卷次|[件条宗次篇个项起例份期场批封册名户家处则幅部本辆所位座"
    r"栏版块张页套台卷盒门节课轮遍支只口档站对组种类款站人]"
)
_OTHER = (
    r"个百分点|百分点|个?工作日|个?小时|分钟|秒|个?月(?![日\d])|周|天|日内|年|微克|毫克|平方米|平方公里|公里|千米|米|海里|亩|公顷|吨|公斤|"
    r"级|届|层|岁|分|亿元|万元|元|字|[GMKT]B?|兆"
)
_MONEY = r"亿元|万元|元"
_APPROXIMATE_AFTER = r"余|多|几|来"
_CHINESE_COUNTS = r"人次|批次|场次|[件条宗次篇个项起例份期场批封册名户家处则幅本人]"
# Names of parts, not quantities: 三个方面, 六个部分, 两个维护 (field.md §4; gold `not_counts`).
_NO_COUNT = re.compile(
    r"[个大项种类条](?:方面|部分|环节|问题|渠道|层面|途径|意识|自信|维护|确立|坚持|阶段|原则|步骤|统一|到位|不|全面|文明|建设|章节|"
    r"板块|类别|大类|结合|转变|关系|最|一[^件份起]|重要|主要|百年|中心|平台)|部分|项(?:制度|机制|工作|措施|原则|要求|职责|责任|任务|重点|"
    r"重要|基本|日常|长期|常态)|次性|条龙|条主?线|件事|人一|户一|家之|人之|次元|期工程|批次?$|次次|名片|条例|家人|本"
)
# 一 before a noun is mostly no count: 一项重要工作, 一个窗口; 一名, 一件 … are.
_ONE_COUNTS = re.compile(r"[件宗份例名位篇封]")
_W = r"[A-Za-z0-9_.\-]"
_CASE = re.compile(r"(?:案件?|复议|诉讼|投诉|举报|申诉|申请|事项)[共有]?$")
_A_PAPER = re.compile(r"(?:政府信息|信息公开|公开|书面|依)?申请")
_ANY = re.compile(rf"[0-9０-９{CHINESE}㈠-㈩①-⑳⑴-⒇]")
_BOUNDARY = r"[，,。；;！!？?、：:）)\n\]】]|$"

# Where a classed number can begin: one look tells that most characters cannot.
_FIRST = rf"(?=[0-9０-９A-Za-z{CHINESE}第邮电传手联热号〔﹝【\[（(<“\"‘附表图专令文共点东西南北中㈠-㈩①-⑳⑴-⒇·—–\-－ \u3000\xa0])"
_CLASSED = re.compile(
    rf"{_FIRST}(?:(?P<code>(?:https?|ftp)://[^\s，。；、）)]+|www\.[A-Za-z0-9_./\-]+|{_W}+@{_W}+|"
    rf"[A-Za-z][A-Za-z.]*[_\-]?{D}{_W}*(?<!{D})|[A-Za-z]+[_\-]?{D}+(?:[.]{D}+)?(?!{D}|{_B}(?:余|多)?(?:{_COUNTS}|[,.，．]{D}))|"
    rf"{D}+_{_W}*|(?<=/){D}+(?=/)|<[A-Za-z/!][^<>]{{0,400}}>|{D}+[A-Za-z]{_W}*|{D}+{_B}[+＋×xX*]{_B}(?:{D}+|[A-ZN])|"
    rf"[“\"‘]{D}{{4,6}}[”\"’](?!{_B}(?:余|多)?(?:{_COUNTS})(?!热线)))"
    rf"|(?P<phone_or_postcode>(?:邮{_B}编|邮政编码){_B}[：:为]?{_B}{D}{{6}}|(?:电{_B}话|传{_B}真|手机|QQ|联系方式|热线|号码)[^，。；\d０-９件次个]{{0,8}}"
    rf"[（(]?{D}{{3,5}}[）)]?[\-－—–\s]*{D}{{3,8}}(?:[\-－—–/、转]{D}{{1,8}})*(?!{D})(?!{_B}(?:余|多)?(?:{_COUNTS}))|{D}{{3,4}}{_B}[\-－—–]{_B}{D}{{7,8}}(?!{D})|"
    rf"(?<!{D})1{D}{{10}}(?!{D})|(?<![{D[1:-1]},.，．]){D}{{3,6}}(?={_B}[”\"]?(?:[和、及与][“\"]?{D}{{3,6}}[”\"]?)*(?:等)?(?:[两三四](?:条|个|部))?(?:政务服务|市民|便民|政府|市长|县长|服务|公共|政务)*(?:便民)?(?:热线|平台|举报电话|系统|电话|工单|投诉|消费)))"
    rf"|(?P<date>{D}{{4}}{_B}年{_B}{D}{{1,2}}{_B}月(?:{_B}{D}{{1,2}}{_B}[日号])?|{D}{{4}}[\-/.．]{D}{{1,2}}[\-/.．]{D}{{1,2}}(?:{_B}T?{D}{{1,2}}[:：]{D}{{2}}(?:[:：]{D}{{2}})?)?|"
    rf"(?<!{D}){D}{{1,2}}{_B}月{_B}{D}{{1,2}}{_B}[日号]?|(?<!{D}){D}{{1,2}}{_B}月(?:份|底|初|末|中旬|上旬|下旬)?|(?<!{D}){D}{{1,2}}{_B}日(?!内|常)|{D}{{5,6}}日|"
    rf"(?<!{D}){D}{{1,2}}{_B}时(?!间|候|段|效)(?:{D}{{1,2}}分)?|{D}{{1,2}}[:：]{D}{{2}}(?:[:：]{D}{{2}})?(?!{D})|(?:{_CHINESE_YEAR}年|(?<!{_C})){_C}{{1,2}}月(?:{_C}{{1,3}}日|份|底|初|末|中旬|上旬|下旬)?|(?<!{_C})[一二三十]{{1,3}}日(?!{_C}|常|益))"
    rf"|(?P<document_number>[〔﹝\[（(【{{]?{_B}{D}{{4}}{_B}[〕﹞\]）)】}}]{_B}第?{_B}{D}+{_B}号|〔{D}+{_B}号|﹝{D}+{_B}号|[〔﹝【]{D}{{4}}[〕﹞】]|第{_B}{D}+{_B}号|(?:令|文){_B}第?{D}+号|第{_C}+号)"
    rf"|(?P<article>第{_B}(?:{D}+|{_C}+){_B}[条款项章编](?!龙)(?:{_B}第?{_B}[（(]?(?:{D}+|{_C}+)[）)]?{_B}[项款])*)"
    rf"|(?P<page_furniture>^{_B}[\-－—–·]+{_B}{D}{{1,3}}{_B}[\-－—–·]+{_B}$|^{_B}{D}+(?:[.,]{D}+)*{_B}$|第{_B}{D}{{1,3}}{_B}页|共{_B}{D}{{1,3}}{_B}页|{D}{{1,3}}{_B}/{_B}{D}{{1,3}}(?={_B}$)|点击[：:量]{_B}\[{D}*\])"
    rf"|(?P<year>{D}{{4}}{_B}[\-－—–至~～]+{_B}{D}{{4}}{_B}年?(?!{_COUNTS}|{_MONEY})|(?<!{D}){D}{{4}}{_B}(?:年度?|财年|版)|{_CHINESE_YEAR}年?度?|(?<!{D}){D}{{4}}(?={_B}[、—-]{_B}{D}{{4}}{_B}年))"
    rf"|(?P<ordinal>第{_B}(?:{D}+|{_C}+)(?:届|次|批|期|季度|个工作日|名|层|位|轮|类|页)?|(?:十[一二三四五六七八九]|二十[一二]?)(?:届|大)|{D}{{1,2}}届|[㈠-㈩①-⑳⑴-⒇]|"
    rf"^{_B}[（(〔]?{_B}{D}{{1,2}}{_B}[）)〕、．.](?!{D})|(?<=[。；;：:！\s）)”]){_B}[（(]{_B}{D}{{1,2}}{_B}[）)]|(?<=[。；;：:！\s）)”\]]){_B}{D}{{1,2}}{_B}[、．.）)](?!{D})|(?<=[\u4e00-\u9fff])[（(]{D}{{1,2}}[）)]|(?:附件|附?表|附?图|专栏){_B}(?:{D}+|{_C}+)(?!{D}|{_B}[余多]?(?:{_COUNTS}|%))|"
    rf"(?<=[\u4e00-\u9fff ]){D}{{1,2}}[.．、](?=[\u4e00-\u9fff“《]{{2}})|(?<![\w{CHINESE}]){_C}{{1,3}}[、是来](?!{_C}))"
    rf"|(?P<address>(?<=[路街道巷院村弄里区园座段])(?:东|西|南|北|中)?{_B}{D}+(?:[\-－—–]{D}+)?{_B}号|{D}+(?:[\-－—–]{D}+)?{_B}(?:号楼|号院|楼|层|室|栋|幢|单元|房间|弄|巷)|{D}+(?:[\-－—–]{D}+)?{_B}号(?!文|令|召)|(?<=[层楼栋座])[A-Za-z]?{D}{{3,4}}(?=[）)，,；;房])))"
)
_NUMBER = re.compile(
    rf"(?P<percent>百分之{_C}+(?:点{_C}+)?|{D}+(?:[.．]{D}+)?{_B}[%％‰])"
    rf"|(?P<arabic>(?<![\d.])(?:{D}{{1,3}}(?:[,，]{D}{{3}})+(?!{D})|{D}{{1,3}}(?:[ \xa0]{D}{{3}})+(?={_B}(?:{_COUNTS}))|{D}+)(?:[.．]{D}+)?)"
    rf"(?P<range>{_B}[\-－—–至到~～]{_B}{D}+)?(?P<factor>{_B}(?:[余多]?[十百千]?[万亿](?!元)|[百千](?={_COUNTS}|余|多)))?"
    rf"|(?P<chinese>{_C}+(?:[余多][万亿]|点{_C}+(?=[万亿元]))?)"
)
_TAIL = re.compile(
    rf"{_B}[”\"』」’]?{_B}(?P<about>(?:{_APPROXIMATE_AFTER})?){_B}(?P<unit>{_OTHER}|{_COUNTS})?{_B}"
    rf"(?P<least>以上|左右|以内|以下|上下|多|余|许)?"
)
_CHINESE_TAIL = re.compile(
    rf"(?P<about>(?:余|多|几)?)(?P<unit>亿元|万元|元(?!旦|素|化|月|宵)|{_CHINESE_COUNTS})?(?P<least>以上|左右|以内|多|余|许)?"
)
_ANNOUNCED = re.compile(
    r"(?:数|数量|总数|信息|共|计|达|为|数目|总量|量|分别|件次)[是为达共有约：:“\"]{0,3}$|[（(]$|、$"
)
_ALONE = re.compile(_BOUNDARY)
_CHINESE_END = re.compile(r"[\u4e00-\u9fff]$")
_ENDS = re.compile(rf"{_B}(?:{_BOUNDARY}|$|信息|其中)")
_ABOUT_BEFORE = re.compile(r"(?:约|近|超过?|逾|大约|将近|不少于|不低于|至少|上|接近|突破|累超)[为有达]?[“\" ]?$")
_QUOTED = re.compile(r"[“\"‘][^”\"’]{0,4}$")
_EACH = re.compile(r"(?:每|各|任何|某|这|那|同|另|哪|逐|首|末|上|下|唯|单|统|第|再上|均明确|进|把|万无)[一二两三]?$")


class Quantity(NamedTuple):
    """One number of a sentence. Spans are places in the sentence; `start`–`end` are the number's own words.

    `kind` is `quantity`, one of CLASSES, or `unknown`. `unit` is the measure word as printed, `%` for percentages.
    `after` is where the words after number and unit begin.
    """

    kind: str
    start: int
    end: int
    after: int
    unit: str | None = None
    approximate: bool = False
    factor: int = 1


def find_quantities(sentence: str) -> list[Quantity]:
    """Every number of a sentence in order. Chinese numerals that count nothing (统一, 三个方面) are left out."""
    if _ANY.search(sentence) is None:
        return []
    classed = [(match.start(), match.end(), match.lastgroup or "") for match in _CLASSED.finditer(sentence)]
    found = [Quantity(kind, start, end, end) for start, end, kind in classed]
    taken = [(start, end) for start, end, _ in classed]
    place = 0
    while True:
        match = _NUMBER.search(sentence, place)
        if match is None:
            break
        place = max(match.end(), place + 1)
        begin, end = match.span()
        over = next((stop for start, stop in taken if start < end and begin < stop), None)
        if over is not None:
            place = max(over, begin + 1)
            continue
        quantity = _quantity(sentence, match)
        if quantity is not None:
            found.append(quantity)
            place = max(place, quantity.end)
    return sorted(found, key=lambda quantity: quantity.start)


def _quantity(sentence: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["percent"]:
        words = match["percent"]
        first = start
        last = end if words.startswith("百分之") else start + len(words.rstrip("%％‰ \u3000\xa0"))
        return Quantity("quantity", first, last, end, "%", _about(sentence, start))
    if match["chinese"]:
        return _chinese(sentence, start, match["chinese"])
    if read_number(match["arabic"]) is None:
        return Quantity("unknown", start, end, end)
    tail = _TAIL.match(sentence, end)
    assert tail is not None
    unit = tail["unit"]
    ranged = bool(match["range"]) or "余" in match[0] or "多" in match[0]
    about = ranged or bool(tail["about"]) or bool(tail["least"]) or _about(sentence, start)
    if unit is None:
        if (match["factor"] or _ANNOUNCED.search(sentence, 0, start)) and _ENDS.match(sentence, tail.end()):
            return Quantity("quantity", start, end, tail.end(), None, about)
        if _ENDS.match(sentence, end) and _CHINESE_END.search(sentence[:start].rstrip()):
            return Quantity("quantity", start, end, end, None, about)
        return Quantity("unknown", start, end, end)
    return Quantity("quantity", start, end, tail.end(), unit, about, _money_factor(unit))


def _chinese(sentence: str, start: int, words: str) -> Quantity | None:
    """A Chinese numeral, if it is followed by a measure word and is no figure of speech."""
    end = start + len(words)
    if words[-1] in "万亿" and sentence.startswith("元", end):
        words, end = words[:-1], end - 1
    tail = _CHINESE_TAIL.match(sentence, end)
    assert tail is not None
    unit = tail["unit"]
    if (
        not words
        or unit is None
        or read_number(words) is None
        or (words[0] in "一二两三" and _EACH.search(sentence, 0, start))
    ):
        return None
    about = bool(tail["about"]) or bool(tail["least"]) or "余" in words or "多" in words or _about(sentence, start)
    bare = words in ("百", "千", "万") and not about
    if bare or _NO_COUNT.match(sentence, tail.start("unit")) or _QUOTED.search(sentence, 0, start):
        return None
    alone = _ALONE.match(sentence[tail.end() : tail.end() + 1]) is not None
    if words == "一" and not _one_counts(sentence, start, tail.end(), unit, alone):
        return None
    return Quantity("quantity", start, end, tail.end(), unit, about, _money_factor(unit))


def _one_counts(sentence: str, start: int, after: int, unit: str, alone: bool) -> bool:
    """一 is a number in 申请一件 and 一名工作人员; 一项重要工作, 一起公布, 没有一份材料 say none."""
    if unit == "起":
        return _CASE.search(sentence, 0, start) is not None
    if unit == "份" and not alone:
        return _A_PAPER.match(sentence, after) is not None
    return alone or _ONE_COUNTS.match(unit) is not None


def _about(sentence: str, start: int) -> bool:
    return _ABOUT_BEFORE.search(sentence, max(0, start - 6), start) is not None


def _money_factor(unit: str) -> int:
    return {"万元": 10_000, "亿元": 100_000_000}.get(unit, 1)
