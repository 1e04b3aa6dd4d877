"""Noises around the report: headings, page furniture, encoding, foreign tables.

Here belong what a website or a file conversion puts before, after and between the sections. Nothing here touches
a statutory cell, except that a table of the body's website statistics must not be taken for one.
"""

from __future__ import annotations

from benchmarks.generator.draft import Block, Draft
from benchmarks.generator.forms import header_row
from benchmarks.generator.model import Row, Section, Slot, Table

_ORDINALS = "一二三四五六七八九"
_HEADING_FORMS = ("{n}、 {t}", "{n}、{t}", "{o}、 {t}", "{o} 、{t}", "{o}.{t}", "第{o}部分 {t}", "{t}", "（{o}）{t}")


def heading_numbering(draft: Draft) -> bool:
    """Section headings numbered in another way, one of them or all."""
    form = draft.rng.choice(_HEADING_FORMS)
    only = draft.rng.randrange(1, 6) if draft.rng.random() < 0.3 else None
    number = 0
    for section in draft.sections:
        if section.heading[1:2] != "、":
            continue
        number += 1
        if only in (None, number) and number <= len(_ORDINALS):
            section.heading = form.format(n=number, o=_ORDINALS[number - 1], t=section.heading[2:])
    return number > 0


def navigation(draft: Draft) -> bool:
    """Breadcrumbs, a box of index numbers, links to other years, the foot of a page."""
    rng, year = draft.rng, draft.year
    name = draft.body.name
    day = f"{year + 1}-01-{rng.randint(10, 28)}"
    top = rng.sample(
        (
            f"当前位置： 首页 >> 政府信息公开 >> {name}",
            f"索引号 {rng.randint(100000, 999999)}/{year + 1}-{rng.randint(10000, 99999)} 发文日期 {day} 文号",
            f"发布时间: {day} 09:{rng.randint(10, 59)}   来源：{name}   点击:[{rng.randint(1, 999)}]",
            "微信 微博 QQ空间 全真版 文字版",
            f"标题: {name}{year}年政府信息公开工作年度报告",
        ),
        rng.randint(1, 3),
    )
    foot = rng.sample(
        (
            f"上一条：{name}{year + 1}年政府信息公开工作年度报告",
            f"下一条：{name}{year - 1}年政府信息公开工作年度报告",
            "打印 关闭",
            f"主办：{name} ICP备{rng.randint(10000000, 21999999)}号 网站标识码{rng.randint(1000000000, 3999999999)}",
            "附件下载",
        ),
        rng.randint(1, 3),
    )
    draft.blocks[:0] = [Block(text) for text in top]
    draft.blocks.extend(Block(text) for text in foot)
    return True


def web_annual_table(draft: Draft) -> bool:
    """The yearly statistics of the body's website: a table of counts that is none of the forms."""
    rng = draft.rng
    labels = ("信息发布总数", "专栏专题数量", "解读信息发布总数", "收到留言数量", "办结留言数量", "独立用户访问总量")
    rows = [header_row([Slot("政府网站工作年度报表", columns=2)])]
    for label in labels:
        count = Slot(str(rng.randint(0, 5000)), is_value=True)
        rows.append(Row([Slot(f"{label}（单位：{rng.choice('条个次')}）"), count]))
    table = Table("", "web_annual", None, rows, 1, 1)
    draft.sections.append(Section("statistics", "附：政府网站工作年度报表", [], [table]))
    return True


def crlf_and_bom(draft: Draft) -> bool:
    """Line ends and a byte order mark of another system."""
    draft.text_steps.append("crlf_and_bom")
    return True
