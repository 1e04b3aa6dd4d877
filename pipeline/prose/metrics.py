"""Which metric a number in prose is, by the rules of schemas/data/metric_rules.csv; none unless it is sure.

Belongs here: applying the rules to one number in its clause. Does not belong here: what the rules say (a metric is added
by adding rows), finding numbers (quantities.py), zero phrases (zeros.py).

The rules are tried in their order and the first that fits decides; a rule without a key refuses. `words` must be found in
the clause, in which the number and its measure word are written `#`; `forbidden` must not. `topic` is what the sentence
spoke of last (办结 is of applications or of messages, by what came before), `context` must stand earlier in the sentence,
`condition` is one of the functions below.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from schemas.forms import read_data

UNITS: dict[str, frozenset[str | None]] = {
    "cases": frozenset(["件", "宗", "份", "起", "例", "次", "条", "项", "个", "件次"]),
    "items": frozenset(["条", "篇", "则", "份", "件", "条次", "篇次", "次", "期", "项", "个"]),
    "entries": frozenset(["条", "条次", "则"]),
    "documents": frozenset(["件", "份", "个", "篇"]),
    "times": frozenset(["次", "场", "期", "个", "件", "条", "起", "项", "班", "轮", "场次", "批"]),
    "sessions": frozenset(["次", "场", "期", "个", "班", "轮", "场次", "批", "批次"]),
    "people": frozenset(["人", "名", "位", "人次", "个", None]),
    "money": frozenset(["元", "万元", "亿元"]),
    "places": frozenset(["个", "家", "处"]),
    "visits": frozenset(["次", "人次", "个", None]),
    "decisions": frozenset(["件", "宗", "起", "例", "次"]),
    "projects": frozenset(["项", "个", "次", "批", "宗"]),
    "messages": frozenset(["件", "条", "封", "次", "人次", "个", "起", "通", "批次", "宗", "份", "项", "人", "件次"]),
    "reviewed": frozenset(["件", "条", "份", "次", "篇", "篇次"]),
    "accountability": frozenset(["人", "件", "起", "次", "人次", "例", "名"]),
}
"""Groups of measure words: reports write 1宗, 8次 or 3份 for the same thing (field.md §6.2 no. 40)."""
_PUBLISHED = frozenset(["条", "篇", "则", "份", "件", "条次", "篇次"])

TOPICS = re.compile(
    r"(?=[申行复提诉应信收缴依审低不证政撤写消安普计党网保技招防就农公新规建人举投留咨热工来问市转类])(?:(?P<reviews>(?:申请)?(?:行政)?复议(?:的)?(?:申请)?)|(?P<lawsuits>(?:提起)?行政诉讼|行政应诉|诉讼案|应诉)"
    r"|(?P<processing_fee>信息处理费|收费通知|缴费通知)"
    r"|(?P<fees>依申请[^，。；]{0,12}(?:收费|费用|收取))"
    r"|(?P<other>行政审批|审批|低保|不动产|信访|证照|行政许可|行政处罚|行政强制|政务服务|撤诉)"
    r"|(?P<training_other>(?:写作|消防|安全|普法|业务技能|计算机|党务|网络安全|应急|保密|技能|招商|防疫|就业|农业|农技)[^，。；公开]{0,6}培训)"
    r"|(?P<training>公开[^，。；]{0,14}(?:培训|会议))"
    r"|(?P<new_media>新媒体)"
    r"|(?P<normative>规范性文件)"
    r"|(?P<proposals>建议提案|人大代表|政协)"
    r"|(?P<complaints>举报|投诉|申诉)"
    r"|(?P<inquiries>留言|咨询|信箱|来信|信件|热线|工单|诉求|问政|网民|来电|网友|市民|转办件)"
    r"|(?P<applications>依申请|类申请|公开的?申请|申请公开|信息的申请|(?:(?<=[到理收受了的出交件份宗起新共面络函真上])|(?:^|(?<=[，。；、）])))申请(?!人|书|表|执行|复议|行政复议))"
    r"|(?P<another>申请(?!人|书|表|执行|复议|行政复议)))"
)
"""What a sentence speaks of, as far as it tells one 办结, 收取 or 培训 from another (field.md §4 (g))."""
SECTION_TOPICS = frozenset(["applications", "inquiries", "complaints", "fees"])
"""Sections whose every figure is of their topic unless another is named."""

CHANNELS = {
    "disclosed_gazette": re.compile(r"公报"),
    "disclosed_press_conference": re.compile(r"新闻发布会"),
    "disclosed_news_media": re.compile(r"新闻媒体|报刊|报纸|电视|广播|电台|日报|晚报|(?<!新)(?<!自)媒体"),
    "disclosed_reading_points": re.compile(
        r"查阅点|查阅室|查阅场所|查询点|查阅中心|公开专区|两馆一中心|档案馆|图书馆|阅览室"
    ),
    "disclosed_notice_board": re.compile(r"公开栏|公示栏|宣传栏|公告栏|橱窗|公开墙|张榜|告示栏"),
    "disclosed_other_channels": re.compile(
        r"其[他它](?:方式|渠道|形式|途径|媒介)|抖音|头条|短信|客户端|APP|显示屏|电子屏|LED|短视频|快手|触摸屏"
    ),
    "disclosed_weibo": re.compile(r"微博"),
    "disclosed_wechat": re.compile(r"微信"),
    "disclosed_website": re.compile(r"网站|门户|政务网|信息网|公开网|官网"),
}
_NEW_MEDIA = re.compile(r"新媒体")
_VERB_OF_DISCLOSURE = re.compile(
    r"公开|发布|推送|更新|刊登|刊发|张贴|登载|发送|公示|公布|转发|发表|推出|编发|播发|上传"
)
_MANY_CHANNELS = re.compile(r"等(?!其[他它])[^#，]{0,8}(?:渠道|平台|方式|途径|形式|载体|媒介|媒体)")
_OFFICES = re.compile(
    r"各(?:乡|镇|街道|部门|单位|村|科室|委办局|站所|股室|县|区|市(?!级))|[县区市镇省州]直|直属|下属|所属|二级单位|子站|"
    r"^[^#]{0,3}其中[^#]*(?:[局委办乡镇]|街道|中心)[^#]*公开|另据"
)
_ONE_OFFICE = re.compile(r"本机关|(?<![我本党政])办公室|公开办|政务办|办公厅")
# 每季度1次, 各举办1次: so many for each, not in all.
_EACH = re.compile(
    r"每(?!一?位)[^#]*#|各(?:自|有|设|配备|配有|明确|确定|安排|落实|举办|召开|组织|开展|公开|指定)[^#]{0,6}#|均(?:明确|配备|设|安排|落实|指定)[^#]{0,12}#"
)
_REVIEWING_BODY = re.compile(r"复议机关(?!.*(?:维持|决定))|复议机构|作为复议")
_OTHER_WAYS = re.compile(r"其[他它](?:方式|渠道|形式|途径|媒介)")
_ABOUT_DISCLOSURE = re.compile(r"(?:政府信息|政务信息|政务|信息)(?:主动)?公开|公开(?:政府|政务)?信息|依申请公开")


class Place(NamedTuple):
    """A number in its sentence: `near` is its clause with `#` for the number, `lead` all of the sentence before it."""

    near: str
    lead: str
    unit: str | None
    topic: str
    section_key: str
    office: bool
    adjacent: bool
    sentence: str


class Rule(NamedTuple):
    """One row of metric_rules.csv, compiled."""

    metric_key: str | None
    units: frozenset[str | None] | None
    words: re.Pattern[str]
    forbidden: re.Pattern[str] | None
    topics: frozenset[str]
    context: re.Pattern[str] | None
    condition: Callable[[Place, str], bool] | None


def _foi(place: Place, metric_key: str) -> bool:
    """The clause is about disclosure: a bureau of justice has other reviews than these."""
    if _REVIEWING_BODY.search(place.sentence):
        return False
    return place.section_key in ("disputes", "complaints", "applications") or bool(
        _ABOUT_DISCLOSURE.search(place.sentence)
    )


def _staff(place: Place, metric_key: str) -> bool:
    return place.section_key == "capacity" or bool(_ABOUT_DISCLOSURE.search(place.sentence))


def _channels(words: str) -> set[str]:
    """The channels named in some words; 广播等其他方式 is the other ones."""
    if _OTHER_WAYS.search(words):
        return {"disclosed_other_channels"}
    return {key for key, pattern in CHANNELS.items() if pattern.search(words)}


def _channel(place: Place, metric_key: str) -> bool:
    """One channel only, and something is disclosed there."""
    before, _, _after = place.near.partition("#")
    if place.unit not in _PUBLISHED or _channels(before) != {metric_key} or _NEW_MEDIA.search(before):
        return False
    last = max(match.end() for match in CHANNELS[metric_key].finditer(before))
    if _MANY_CHANNELS.search(before, last) or _OFFICES.search(before):
        return False
    if _VERB_OF_DISCLOSURE.search(before):
        return True
    return "解读" not in place.lead and bool(_VERB_OF_DISCLOSURE.search(place.lead))


def _total(place: Place, metric_key: str) -> bool:
    """Not of one channel, and not of one office of a region (shared/README.md, field.md §3.5)."""
    before = place.near.partition("#")[0]
    if place.unit not in _PUBLISHED or _OFFICES.search(before):
        return False
    if _ONE_OFFICE.search(before) and not place.office:
        return False
    return not (_channels(before) or _NEW_MEDIA.search(before)) or bool(_MANY_CHANNELS.search(before))


def _adjacent(place: Place, metric_key: str) -> bool:
    return place.adjacent


_CONDITIONS: dict[str, Callable[[Place, str], bool]] = {
    "foi": _foi,
    "staff": _staff,
    "channel": _channel,
    "total": _total,
    "adjacent": _adjacent,
}
SAME = "same"
"""The condition of the rule for 上年为512条: the metric of the number before it."""


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in order. Raises KeyError for a group of units or a condition that does not exist."""
    return tuple(
        Rule(
            SAME if row["condition"] == SAME else row["metric_key"] or None,
            None if row["units"] == "any" else UNITS[row["units"]],
            re.compile(row["words"]),
            re.compile(row["forbidden"]) if row["forbidden"] else None,
            frozenset(row["topic"].split("|")) if row["topic"] else frozenset(),
            re.compile(row["context"]) if row["context"] else None,
            _CONDITIONS[row["condition"]] if row["condition"] not in ("", SAME) else None,
        )
        for row in read_data("metric_rules.csv")
    )


@cache
def rules_of_unit(unit: str | None) -> tuple[Rule, ...]:
    """The rules that a number with this measure word can fit."""
    return tuple(rule for rule in rules() if rule.units is None or unit in rule.units)


def metric_of(place: Place) -> str | None:
    """The metric key of a number, SAME for the metric of the number before, None if none is sure."""
    if place.unit == "%" or _EACH.search(place.near):
        return None
    for rule in rules_of_unit(place.unit):
        if rule.topics and place.topic not in rule.topics:
            continue
        if rule.words.search(place.near) is None:
            continue
        if rule.forbidden is not None and rule.forbidden.search(place.near):
            continue
        if rule.context is not None and rule.context.search(place.lead + place.near) is None:
            continue
        if rule.condition is not None and not rule.condition(place, rule.metric_key or ""):
            continue
        return rule.metric_key
    return None


def spoken_topics(words: str) -> list[tuple[int, str]]:
    """What some words speak of, in order: (place behind the words, topic)."""
    return [(match.end(), match.lastgroup or "") for match in TOPICS.finditer(words)]


def last_topic(topics: list[tuple[int, str]], place: int, otherwise: str) -> str:
    """What was spoken of last before a place; `otherwise` if nothing was.

    An application for something unknown is one for information where these are spoken of anyway.
    """
    topic = otherwise
    for end, spoken in topics:
        if end > place:
            break
        topic = topic if spoken == "another" and topic == "applications" else spoken
    return topic
