"""What one sentence says in numbers, its own words only: quantities, zeros, what they count, how sure they are.

Belongs here: putting numbers, metrics and flags of one sentence together. Does not belong here: values and years (which
depend on the digits, statements.py), totals and parts (parts.py).

Sentences come as skeletons, every digit written 0, because most sentences of most reports differ in their figures only;
the answer is kept for each skeleton.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.prose.metrics import SAME, Place, last_topic, metric_of, spoken_topics
from pipeline.prose.quantities import Quantity, find_quantities
from pipeline.prose.zeros import chain, find_zeros

_BOUNDARY = re.compile(r"[，,；;。：:！!？?\n]")
_PAUSE = re.compile(r"、")
# 将 is of the future before these; 我县将政策解读纳入… tells what was done.
_WILL = (
    r"将(?=继续|进一步|认真|切实|严格|加大|加强|不断|以|按照|在|持续|着力|重点|充分|积极|采取|坚持|深入|全面|针对|于|从|围绕|结合|"
    r"举办|开展|组织|召开|新增|增加|完成|建设|建立|配备|投入|安排|公开|扩大)"
)
_PLAN = re.compile(
    r"下一步|下步|下阶段|今后|明年|来年|(?<!规划)(?<!工作)计划(?=[^类信、，。]{0,8}(?:举办|开展|组织|新增|召开|完成|公开|安排|培训|建设|建立|设立|配备|增加|投入))|"
    rf"打算|力争|争取|预计|(?:我[局乡镇县市区校委院办]|本[局乡镇委机关]+|我们|我街道)(?:还)?{_WILL}|\d{{4}}年[，,]?[^，。；]{{0,6}}{_WILL}|"
    r"拟(?!公开|制|定|发布|稿|办)|目标是|要达到|应达到|不少于[^，。；]{0,8}的(?:要求|目标)"
)
_CUMULATIVE = re.compile(r"累计|以来(?!的)|建站至今|开通至今|自开通|自成立")
_STOCK = re.compile(r"现行|现有|在运行")
_ETC = re.compile(r"[”\"]?[\s]*等(?!额)")
_AMONG = re.compile(r"其中")
_OPENS = re.compile(r"^[^，,。；;]{0,12}(?:[：:]|中[，,：:])|^[^。；;]{0,8}(?:包括|包含|分为)")
_RESPECTIVELY = re.compile(r"分别|各为")
_EVERY = re.compile(r"(?:均|都|皆|各)(?:为|是|有)?[“\"]?$")
_AND = re.compile(r"^[\s]*[、和与及，,][\s]*$")
_SUBJECT_TAIL = re.compile(r"(?:共计|总计|合计|累计|达到|总共|[共计达约近为是有了数超逾“\"（(\s：:])+$")
_SUBJECT_VERB = re.compile(r"(?<=[\u4e00-\u9fff])(?:主动)?(?:公开|发布|推送|公布|转发)$")
_SUBJECT_DIGITS = re.compile(r"^.*[0０](?:年度?|月|日|%)?")
_SUBJECT_HEAD = re.compile(
    r"^.*(?:全年|本年度?|年度|年|其中|主动公开|公开(?!栏|专区|查阅|申请|工作|办|事项)|(?<!新闻)发布(?!会)|公布|收到|受理|接到|举办|召开|开展|组织|办理|通过|在|对|向|作出|实施)"
)
_YEAR = re.compile(
    r"(?P<printed>[0-9０-９]{4}年度?|[一二][〇○零九][一二三四五六七八九零〇○]{2}年度?)|(?P<last>上年度?|上一年度?|去年)|(?P<next>明年|来年|下一年度?)"
)
_CHANGE = re.compile(r"增|减|升|降|多|少|结转")
_YEARS = re.compile(r"[0-9０-９]{4}年度?(?:[、和与及][0-9０-９]{4}年度?)+")
_YEAR_BEFORE = re.compile(r"(?:^|[，,；;。：:、（(与比较\s]|截至|截止|其中|在|由|于)$")
_NOT_YEAR_AFTER = re.compile(
    r"(?:同期)?(?:结转|以来|以前|之前|前|度?工作要点|印发|制定|出台|发布的|的申请|末?[^，。]{0,4}年度报告)"
)
_MONTHS = re.compile(r"(\d{1,2})月(?:\d{1,2}日)?(?:起)?[至到\-－—–~]+(?:\d{4}年)?(\d{1,2})月")
_PERIOD = re.compile(r"[0０]{1,2}月(?:[0０]{1,2}日)?(?:起)?[至到\-－—–~]+(?:[0０]{4}年)?([0０]{1,2})月")


class Fact(NamedTuple):
    """One quantity or zero of a sentence. Places are in the sentence.

    `year` is where a year that the figure refers to stands, `year_shift` −1 or 1 for 上年 and 明年. `joint` is how it is
    joined to the fact before: `opens` begins a list of parts (其中), `semicolon` ends one. `etc` is a list left open (等).
    """

    start: int
    end: int
    unit: str | None
    factor: int
    metric_key: str | None
    subject: str
    is_zero_phrase: bool
    is_approximate: bool
    is_cumulative: bool
    is_plan: bool
    year: tuple[int, int] | None
    year_shift: int
    joint: str
    etc: bool


@lru_cache(maxsize=32_768)
def read_sentence(skeleton: str, section_key: str, topic: str, office: bool) -> tuple[tuple[Fact, ...], str]:
    """(facts, what the sentence itself spoke of last, "" for nothing).

    `topic`: what was spoken of before; `office`: the report is an office's own.
    """
    quantities = list(find_quantities(skeleton))
    counted = [quantity for quantity in quantities if quantity.kind == "quantity"]
    plan_from = _plan_from(skeleton, section_key)
    facts: list[Fact] = []
    topics = spoken_topics(skeleton)
    places = _places(skeleton, counted, section_key, topics, topic, office)
    keys = _keys(skeleton, counted, places, section_key)
    previous_end = 0
    years = _years_of_groups(skeleton, counted)
    for quantity, place, found in zip(counted, places, keys, strict=True):
        planned = quantity.start >= plan_from
        joint = _joint(skeleton[previous_end : quantity.start], not previous_end)
        cumulative = _cumulative(place, skeleton, previous_end, quantity)
        year, shift = years.get(quantity.start) or _year(skeleton, quantity.start)
        etc = _ETC.match(skeleton, quantity.after) is not None
        subject = _subject(place)
        for key in found or [None]:
            facts.append(
                Fact(
                    quantity.start, quantity.end, quantity.unit, quantity.factor, None if planned else key, subject,
                    False, quantity.approximate, cumulative, planned, year, shift, joint, etc,
                )
            )  # fmt: skip
        previous_end = quantity.after
    for zero in find_zeros(skeleton, section_key):
        if zero.start >= plan_from or any(number.start <= zero.start < number.end for number in counted):
            continue
        year, shift = _year(skeleton, zero.start)
        facts.append(
            Fact(
                zero.start, zero.end, None, 1, zero.metric_key, zero.subject, True, False, False, False, year, shift,
                "zero", False,
            )
        )  # fmt: skip
    facts.sort(key=lambda fact: fact.start)
    return tuple(facts), last_topic(topics, len(skeleton), "")


def _plan_from(sentence: str, section_key: str) -> int:
    """Where plans begin: everything in section five, and what follows 下一步 (field.md §4 (a))."""
    if section_key == "problems":
        return 0
    match = _PLAN.search(sentence)
    if match is None:
        return len(sentence) + 1
    # The whole clause is a plan, its words before 计划 included.
    begins = [mark.end() for mark in _BOUNDARY.finditer(sentence, 0, match.start())]
    return begins[-1] if begins else 0


def _places(
    sentence: str,
    counted: list[Quantity],
    section_key: str,
    topics: list[tuple[int, str]],
    topic: str,
    office: bool,
) -> list[Place]:
    places = []
    previous = 0
    for number, quantity in enumerate(counted):
        begin = previous
        for mark in _BOUNDARY.finditer(sentence, previous, quantity.start):
            begin = mark.end()
        after_end = counted[number + 1].start if number + 1 < len(counted) else len(sentence)
        stop = _BOUNDARY.search(sentence, quantity.after, after_end)
        if stop is None and after_end < len(sentence):
            stop = _PAUSE.search(sentence, quantity.after, after_end)  # 1名、兼职人员4名
        if stop is not None:
            after_end = stop.start()
        before = sentence[begin : quantity.start].replace("#", " ").lstrip("、和及与 \u3000")
        if number and before.endswith("、"):
            before = ""  # 5件予以公开、2件部分公开: the words before 、 are the other figure's
        after = sentence[quantity.after : after_end]
        near = "".join((before + "#" + after).split())
        adjacent = bool(number) and quantity.start - counted[number - 1].after <= 1
        spoken = last_topic(topics, quantity.start, topic)
        places.append(Place(near, sentence[:begin], quantity.unit, spoken, section_key, office, adjacent, sentence))
        previous = quantity.after
    return places


def _keys(sentence: str, counted: list[Quantity], places: list[Place], section_key: str) -> list[list[str | None]]:
    """The metrics of every number: mostly one or none; several where one 0 is said of all (均为0件)."""
    keys: list[list[str | None]] = []
    number = 0
    while number < len(counted):
        place = places[number]
        before = place.near.partition("#")[0]
        group = 1
        while number + group < len(counted) and _AND.match(
            sentence[counted[number + group - 1].after : counted[number + group].start]
        ):
            group += 1
        if group > 1 and _RESPECTIVELY.search(before):
            key = metric_of(place)
            same = [None if key == SAME else key]
        else:
            same = []
        nouns = chain(before, section_key, sentence) if group > 1 or _EVERY.search(before) else []
        if len(nouns) >= 2 and group == len(nouns):
            keys += [[noun] for noun in nouns]
            number += group
            continue
        if len(nouns) >= 2 and group == 1 and _EVERY.search(before):
            keys.append(list(nouns))
            number += 1
            continue
        if same:
            keys += [list(same) for _ in range(group)]
            number += group
            continue
        key = metric_of(place)
        if key == SAME:
            key = keys[-1][0] if keys and keys[-1] and counted[number - 1].unit == place.unit else None
        keys.append([key])
        number += 1
    return keys


def _joint(between: str, first: bool) -> str:
    if _AMONG.search(between) or (not first and _OPENS.search(between)):
        return "opens"
    if "；" in between or ";" in between:
        return "semicolon"
    if between.strip() in ("、", "和", "及"):
        return "and"
    return "、" if between.startswith("、") else ""


def _cumulative(place: Place, sentence: str, previous: int, quantity: Quantity) -> bool:
    before = sentence[previous : quantity.start]
    return _CUMULATIVE.search(before) is not None and not (_STOCK.search(before) and "累计" not in before)


def _year(sentence: str, start: int) -> tuple[tuple[int, int] | None, int]:
    """The last year that stands before a figure as a time: 2019年，…; 上年为512条 (field.md §4, refers_to_year)."""
    found: tuple[tuple[int, int] | None, int] = (None, 0)
    for match in _YEAR.finditer(sentence, 0, start):
        if not match["next"] and not _YEAR_BEFORE.search(sentence[max(0, match.start() - 3) : match.start()]):
            continue
        if _NOT_YEAR_AFTER.match(sentence, match.end()):
            continue
        if sentence.rfind("《", 0, match.start()) > sentence.rfind("》", 0, match.start()):
            continue
        if match["printed"]:
            found = (match.span("printed"), 0)
        elif _compared(sentence, match, start):
            found = (None, -1 if match["last"] else 1)
    return found


def _years_of_groups(sentence: str, counted: list[Quantity]) -> dict[int, tuple[tuple[int, int] | None, int]]:
    """2019年、2020年分别公开120条、150条: each figure has its own year."""
    found: dict[int, tuple[tuple[int, int] | None, int]] = {}
    for match in _YEARS.finditer(sentence):
        years = [year.span() for year in _YEAR.finditer(sentence, *match.span())]
        stop = _BOUNDARY.search(sentence, match.end())
        end = stop.start() if stop else len(sentence)
        figures = [quantity.start for quantity in counted if match.end() <= quantity.start < end]
        if len(figures) == len(years) and "分别" in sentence[match.end() : end]:
            found.update({start: (span, 0) for start, span in zip(figures, years, strict=True)})
    return found


def _compared(sentence: str, match: re.Match[str], start: int) -> bool:
    """上年为512条 is last year's figure, 比上年增加87条 is this year's change."""
    between = sentence[match.end() : start]
    return not _BOUNDARY.search(between) and not _CHANGE.search(between)


def _subject(place: Place) -> str:
    """The words counted: the end of the clause before the number, else what follows it."""
    before, _, after = place.near.partition("#")
    words = _SUBJECT_TAIL.sub("", before)
    words = _SUBJECT_VERB.sub("", words) or words
    shorter = _SUBJECT_HEAD.sub("", words) or words
    # Digits are those of the skeleton, not the printed ones: 3月和9月各举办 has no words to show before 各.
    shorter = _SUBJECT_DIGITS.sub("", shorter).strip('、“”"（）()的 ')
    return (shorter or _SUBJECT_DIGITS.sub("", after).lstrip('的、”"）)'))[-24:]


def partial_period(sentence: str) -> bool:
    """Whether a sentence's figures are of a part of the year (field.md §6.2 no. 41); by the printed digits."""
    if "月" not in sentence:
        return False
    return any((int(first), int(last)) != (1, 12) for first, last in _MONTHS.findall(sentence))
