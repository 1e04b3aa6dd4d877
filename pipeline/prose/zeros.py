"""Zero phrases: 未收到…申请, 没有…行政复议、行政诉讼, 零问责, 行政复议、行政诉讼均为零.

Belongs here: which metrics a phrase says were none. Does not belong here: printed zeros (0件 is a number).

A phrase is a word of denial and the nouns of its clause; every noun that is a metric is a zero of its own (field.md §4
(f)). 无 in 无偿, 无关, 无正当理由 is no denial, and what is denied must be the thing itself: 未发生重大舆情, 未出现不按期答复
say nothing of any metric.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# The longer before the shorter: 不予公开 and 复议申请 are no applications received.
_NOUNS = re.compile(
    r"(?P<applications_extended>(?:延期|延长)(?:期限)?(?:答复|办理|办结)?(?:期限)?的?(?:申请|情形|情况)?)"
    r"|(?P<applications_carried_over>(?:上年|上一年|上年度|上一年度)度?结转的?(?:政府信息公开)?(?:申请)?)"
    r"|(?P<applications_carried_forward>结转(?:到|至)?(?:下|次)一?年度?(?:继续)?(?:办理|处理)?的?(?:政府信息公开)?(?:申请)?)"
    r"|(?P<applications_online>(?:网络|网上|互联网|在线)(?:提交的?)?申请)|(?P<applications_by_letter>信函(?:提交的?)?申请)"
    r"|(?P<applications_by_fax>传真(?:提交的?)?申请)|(?P<applications_in_person>当面(?:提交的?)?申请)"
    r"|(?P<applications_refused>不予公开|不同意公开)|(?P<applications_not_processed>不予处理)"
    r"|(?P<applications_unavailable>无法提供)|(?P<applications_partly_granted>部分公开)"
    r"|(?P<applications_granted>(?<!不)予以公开|(?<!不)同意公开)"
    r"|(?P<training_sessions>公开[^，。、；]{0,8}培训)|(?P<meetings>公开[^，。、；]{0,8}会议)|(?P<policy_interpretations>政策解读)"
    r"|(?P<reviews_corrected>(?:行政复议)?(?:被)?(?:依法)?(?:纠错|纠正))|(?P<lawsuits_lost>败诉)"
    r"|(?P<reviews>(?:申请)?行政复议(?:的)?(?:申请|案件|案)?|(?<=[、和及与或])复议|复议案件?)"
    r"|(?P<lawsuits>(?:提起)?行政诉讼(?:案件|案)?|行政应诉|(?<=[、和及与或])(?:提起)?诉讼)"
    r"|(?P<complaints>举报[、和及与]?投诉|投诉[、和及与]?举报|投诉|举报|申诉案?)"
    r"|(?P<processing_fee_notices>(?:信息处理费)?(?:收费|缴费)通知)|(?P<processing_fee_billed>(?:信息处理费)?(?:应收|应缴)金额)"
    r"|(?P<processing_fee_collected>(?:信息处理费)?(?:实收|实际收取)金额|信息处理费(?![^，。]{0,2}(?:应收|应缴|实收)))"
    r"|(?P<application_fees>费用|收费|检索费|复制费|邮寄费|工本费|(?<=收取)任何费)|(?P<dedicated_budget>专项经费)"
    r"|(?P<normative>规范性文件)|(?P<press_conferences>新闻发布会)|(?P<online_interviews>(?:在线|网上)访谈)"
    r"|(?P<procurement_projects>政府(?:集中)?采购)|(?P<licensing_decisions>行政许可)"
    r"|(?P<penalty_decisions>行政处罚)|(?P<coercion_decisions>行政强制)"
    r"|(?P<accountability_cases>(?:被)?责任追究|追究责任|问责|追责)"
    r"|(?P<staff_full_time>(?:专职|全职)(?:工作)?人员)|(?P<staff_part_time>兼职(?:工作)?人员)"
    r"|(?P<dedicated_units>专门(?:工作)?机构)|(?P<reading_points>查阅点|查阅场所|公开专区)"
    r"|(?P<applications_handled>(?:信息|申请)(?:答复|处理|答复处理|办理)情况)"
    r"|(?P<applications_received>依申请公开(?:的)?(?:政府信息)?(?:申请(?!行政复议|复议|提起|人|书|表))?(?:事项|件)?(?:数量|数)?|"
    r"公开(?:的)?申请(?!行政复议|复议|提起|人|书|表)(?:数量|数)?|新收(?:的)?申请|(?<![\u4e00-\u9fff]申)申请(?!行政复议|复议|提起|人|书|表|公开|政府|信息|获取)(?:数量|数)?)"
    r"|(?P<inquiries_received>(?:网民|群众|网友)?(?:留言|来信))"
)
_DENIAL = re.compile(
    r"(?=[尚暂从未没无零不免])(?:(?:尚|暂|从)?(?:未|没有|没)(?:曾|有|因此)?"
    r"(?:发生|收到|接收到|接到|产生|出现|收取|举办|召开|举行|开展|组织|参加|制发|制定|印发|出台|设立|设置|实施|作出|采取|发出|安排|涉及|接收|受理|引发|形成|发现|"
    r"被申请|被提起|被|存在|配备|进行|办理|审理|收)?"
    r"|(?:暂|尚)?无(?!正当|关|偿|法|需|障碍|误|论|从|力|不良|限|私|纸|线|锡|缝|节假|人机|形|数|条件|故|理|愧|害|效|序|声|尽|处|疑|可|须|意|烟|业|锁|缘|党)(?:发生|收到|收取|产生)?"
    r"|零(?=投诉|举报|问责|追责|复议|诉讼|申请|败诉)|(?:暂)?不(?:收费|收取)|免收|免费(?=提供)|不存在|未曾)"
)
_CHAIN_BEFORE = re.compile(
    r"(?=[数总案情件均都皆为是保零无没未])(?:数量?|总数|案件|情况|件数)?(?:均|都|皆)?(?:为|是|保持)?(?P<zero>零|无|没有发生|未发生|没有出现)(?=[，,。；;、]|案件|发生|$)"
)
_CLAUSE_END = re.compile(r"[，,。；;：:！!？?（(]|(?<=案)[)）]|$")
_GOES_ON = re.compile(
    r"[，,](?=(?:和|及|或|也)?(?:被)?(?:提起)?(?:行政复议|行政诉讼|举报|投诉|申诉)[^，,。；;\d无未没零]{0,10}(?:[，,。；;]|$))"
)
_HOPED = re.compile(
    r"(?:确保|力争|争取|防止|杜绝|避免|要求|努力|是否|严禁|坚决)[^，,。；;]*$|(?:如|若|凡|对)[^，,。；;]{0,6}$"
)
_CONDITIONAL = re.compile(r"^的[，,、。]|^的(?:单位|部门|，)")
_OTHER_THING = re.compile(
    r"逾期|超期|超时|不按|按期|积压|漏|差错|失误|泄密|重大|负面|隐瞒|违规|不满|矛盾|(?:需要|应当)(?=召开|举办|举行)"
)
_DIGIT = re.compile(r"[0-9０-９]")
_COSTS = re.compile(r"[^、，。]{0,8}的?费用")
_FEES = re.compile(r"依申请|申请|信息公开|主动公开|政府信息")
_ABOUT_DISCLOSURE = re.compile(r"(?:政府信息|政务信息|政务|信息)(?:主动)?公开|公开(?:政府|政务)?信息|依申请公开|因此")

# What must stand between the denial and the noun, or in the denial itself, for the metrics that need a verb.
_VERBS = {
    "training_sessions": re.compile(r"举办|组织|开展|召开|举行"),
    "meetings": re.compile(r"召开|组织|举行"),
    "policy_interpretations": re.compile(r"发布|开展|制作|编写|进行"),
    "press_conferences": re.compile(r"举办|召开|举行|组织|参加|开展"),
    "online_interviews": re.compile(r"举办|召开|举行|组织|参加|开展"),
    "dedicated_units": re.compile(r"设|成立|建|无|没有"),
    "reading_points": re.compile(r"设|建|无"),
    "inquiries_received": re.compile(r"收到|接到|接收|受理"),
    "dedicated_budget": re.compile(r"安排|设立|落实|列|投入|无|没有|拨"),
    "application_fees": re.compile(r"收|涉及|产生|发生|无"),
    "processing_fee_collected": re.compile(r"收|产生|发生|无|涉及"),
    "processing_fee_notices": re.compile(r"发|无|没有"),
    "licensing_decisions": re.compile(r"实施|作出|办理|发生|无|没有|开展"),
    "penalty_decisions": re.compile(r"实施|作出|办理|发生|无|没有|开展"),
    "coercion_decisions": re.compile(r"实施|作出|采取|办理|发生|无|没有|开展"),
    "procurement_projects": re.compile(r"实施|开展|发生|无|没有|进行"),
    "staff_full_time": re.compile(r"没有|无|配|设"),
    "staff_part_time": re.compile(r"没有|无|配|设"),
}
_OF_DOCUMENTS = (
    (re.compile(r"制发|制定|印发|出台"), "normative_documents_issued"),
    (re.compile(r"废止"), "normative_documents_repealed"),
)
_NEXT_TO = frozenset(
    ["applications_refused", "applications_partly_granted", "applications_unavailable", "applications_granted"]
)
_RECEIVED = re.compile(r"收到|接到|受理|发生|提出|出现|新收|产生|提交|收")
_NOT_RECEIVED = re.compile(r"^对|办结|答复|不|拒|延|关于")
_DISPUTES = frozenset(
    ["reviews", "lawsuits", "complaints", "reviews_corrected", "lawsuits_lost", "accountability_cases"]
)


class Zero(NamedTuple):
    """One zero: its metric, the words of denial and what is denied, as places in the sentence."""

    metric_key: str
    start: int
    end: int
    subject: str


def chain(words: str, section_key: str, sentence: str) -> list[str]:
    """The metrics whose nouns stand in some words, in order: 行政复议、行政诉讼 are two."""
    found = []
    for match in _NOUNS.finditer(words):
        key = match.lastgroup or ""
        if key != "normative" and key not in found and _sure(key, section_key, sentence):
            found.append(key)
    return found


def find_zeros(sentence: str, section_key: str) -> list[Zero]:
    """Every zero of a sentence that is a metric, in order."""
    zeros: list[Zero] = []
    place = 0
    while True:
        denial = _DENIAL.search(sentence, place)
        if denial is None:
            break
        place = max(denial.end(), place + 1)
        for zero in _zeros(sentence, section_key, denial):
            if not any(other.metric_key == zero.metric_key and other.start == zero.start for other in zeros):
                zeros.append(zero)
    taken = {zero.metric_key for zero in zeros}
    for match in _CHAIN_BEFORE.finditer(sentence):
        begin = max((sentence.rfind(mark, 0, match.start()) for mark in "，,。；;："), default=-1) + 1
        words = sentence[begin : match.start()]
        if _DENIAL.search(words) or any(c.isdigit() for c in words) or _HOPED.search(words):
            continue
        nouns = [noun for noun in _NOUNS.finditer(words) if noun.lastgroup != "normative"]
        # The chain must end where the denial begins: 举报投诉为零, not 举报的问题中为零.
        if nouns and match.start() - begin - nouns[-1].end() <= 4:
            for key in chain(words, section_key, sentence):
                if key not in taken:
                    taken.add(key)
                    zeros.append(Zero(key, match.start("zero"), match.end("zero"), words[-20:]))
    return sorted(zeros, key=lambda zero: zero.start)


def _zeros(sentence: str, section_key: str, denial: re.Match[str]) -> Iterator[Zero]:
    start, end = denial.span()
    if _HOPED.search(sentence, 0, start):
        return
    stop = _CLAUSE_END.search(sentence, end)
    assert stop is not None
    last = stop.start()
    more = _GOES_ON.match(sentence, last)
    while more is not None:
        following = _CLAUSE_END.search(sentence, last + 1)
        assert following is not None
        last = following.start()
        more = _GOES_ON.match(sentence, last)
    words = denial[0]
    if (words.endswith(("收费", "收取")) and words.startswith(("暂不", "不"))) or words.startswith("免"):
        if _FEES.search(sentence) and "处理费" not in sentence:
            yield Zero("application_fees", start, end, "收费")
        return
    scope = sentence[end:last]
    number = _DIGIT.search(scope)
    if number is not None:
        scope = scope[: number.start()]
    for noun in _NOUNS.finditer(scope):
        key = noun.lastgroup or ""
        between = words + scope[: noun.start()]
        if _OTHER_THING.search(scope[: noun.start()]) or _CONDITIONAL.match(scope[noun.end() :]):
            continue
        if key == "normative":
            around = between + scope[noun.end() : noun.end() + 4]
            for verb, metric in _OF_DOCUMENTS:
                if verb.search(around):
                    yield Zero(metric, start, end, noun[0])
            continue
        if key in _VERBS and not _VERBS[key].search(between):
            continue
        if key in _NEXT_TO and noun.start() > 1:
            continue
        if key == "applications_received" and not _received(words, scope[: noun.start()]):
            continue
        if key == "application_fees" and (not _FEES.search(sentence) or "处理费" in scope):
            continue
        if key in ("reviews", "lawsuits") and _COSTS.match(scope, noun.end()):
            continue
        if key in ("reviews_corrected", "lawsuits_lost"):
            key = _lost(key, sentence[:start] + scope[: noun.end()])
        if (key == "complaints" and words.startswith("零")) or _sure(key, section_key, sentence):
            yield Zero(key, start, end, noun[0])


def _received(denial: str, between: str) -> bool:
    """未收到…申请 is none received; 没有逾期答复的申请 is not."""
    if denial.endswith(("收取", "涉及", "安排", "举办", "召开")) or _NOT_RECEIVED.search(between):
        return False
    return bool(_RECEIVED.search(denial + between)) or len(between) <= 12


def _lost(key: str, before: str) -> str:
    """纠错 is of the review or of the lawsuit, whichever was named last."""
    if key == "lawsuits_lost":
        return key
    return "lawsuits_lost" if before.rfind("诉讼") > before.rfind("复议") else "reviews_corrected"


def _sure(key: str, section_key: str, sentence: str) -> bool:
    if key not in _DISPUTES:
        return True
    return section_key in ("disputes", "complaints", "applications") or (
        _ABOUT_DISCLOSURE.search(sentence) is not None or key == "accountability_cases"
    )
