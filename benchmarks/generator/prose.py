"""Invented prose for the sections of a report.

Here belong sentences, full of figures of the kind bodies write: channels, categories, meetings, messages, fees, law
numbers, dates and telephone numbers. None of them is a cell of a table. Sections are put together here as well,
since their headings differ from form to form; tables are added by `report`.
"""

from __future__ import annotations

from random import Random

from benchmarks.generator.bodies import Body
from benchmarks.generator.model import Section

_DIGITS = "〇一二三四五六七八九"


def _count(rng: Random, top: int = 400) -> int:
    """A number of the kind that prose is full of: often small, at most `top`."""
    large = int(rng.random() * top)
    return min(top, rng.choice((0, 1, 2, 3, 5, int(rng.random() * 30), large, large)))


def _overview(rng: Random, body: Body, year: int) -> list[str]:
    me = body.kind.self_name
    total = _count(rng, 3000)
    site = rng.randint(0, total)
    wechat = rng.randint(0, total - site)
    lines = [
        f"{year}年，{me}认真落实《中华人民共和国政府信息公开条例》（国务院令第711号），围绕中心工作，扎实推进信息公开。",
        f"（一）主动公开情况。全年通过各类渠道公开政府信息{total}条，其中政府网站{site}条，微信公众号{wechat}条，"
        f"公开栏及其他方式{total - site - wechat}条。",
        f"制发规范性文件{_count(rng, 12)}件，废止{_count(rng, 5)}件；公布各类文件{_count(rng, 60)}件，"
        f"发布政策解读{_count(rng, 40)}篇，回应社会关切{_count(rng, 30)}次。",
        f"（二）依申请公开情况。共收到公民、法人或其他组织提出的申请{_count(rng, 40)}件，办结{_count(rng, 40)}件，"
        f"其中予以公开{_count(rng, 20)}件、部分公开{_count(rng, 6)}件，结转下年度{_count(rng, 3)}件。",
        f"全年受理网民留言{_count(rng, 200)}件，答复{_count(rng, 200)}件，办结率{rng.randint(80, 100)}%。",
        f"（三）政府信息管理情况。严格执行“三审三校”，保密审查{_count(rng, 90)}件，清理失效栏目{_count(rng, 9)}个。",
        f"（四）平台建设情况。现有政务新媒体{_count(rng, 45)}个，网站全年访问量{rng.randint(1, 90) / 10}万人次，"
        f"推送图文{_count(rng, 800)}期。",
        f"（五）监督保障情况。召开专题会议{_count(rng, 8)}次，举办培训{_count(rng, 6)}期，参训{_count(rng, 150)}人次，"
        f"配备专职人员{_count(rng, 3)}名、兼职人员{_count(rng, 9)}名。",
        f"公开行政处罚{_count(rng, 300)}条、行政许可{_count(rng, 900)}条，财政预决算信息{_count(rng, 50)}条，"
        f"扶贫信息{_count(rng, 80)}条，采购信息{_count(rng, 60)}项。",
        f"截至12月31日，累计公开{rng.randint(1, 40) / 10}万条，办理建议提案{_count(rng, 20)}件，均按时答复。",
    ]
    keep = rng.sample(range(1, len(lines)), rng.randint(3, 7))
    return [lines[0], *(lines[at] for at in sorted(keep))]


def _preamble(rng: Random, body: Body, year: int) -> list[str]:
    if rng.random() < 0.25:
        return []
    notice = rng.choice(("〔2019〕60号", "〔2021〕30号"))
    return [
        f"本报告依据《中华人民共和国政府信息公开条例》和国办公开办函{notice}要求，由{body.name}编制。所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。如有疑问，请与本机关联系"
        f"（地址：{body.county}人民路{rng.randint(1, 200)}号；邮编：{rng.randint(100000, 859999)}；"
        f"电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 88999999)}）。"
    ]


def _problems(rng: Random, body: Body, year: int) -> list[str]:
    banks = (
        f"一是公开内容不够全面，全年仅更新栏目{_count(rng, 12)}个，部分信息发布滞后{rng.randint(2, 20)}天以上。",
        "二是工作人员多为兼职，业务能力有待提高。",
        f"下一步，计划举办培训{rng.randint(1, 4)}次，明确{rng.randint(1, 3)}名专职人员，"
        f"力争公开信息{rng.randint(2, 9)}00条以上。",
        f"{year + 1}年，{body.kind.self_name}将加强督查，每季度通报{rng.randint(1, 2)}次，做到应公开尽公开。",
        "三是解读形式单一，图解、视频等方式运用较少。",
    )
    return [f"{year}年工作取得一定成效，但仍存在不足：", *rng.sample(banks, rng.randint(2, 4))]


def _other(rng: Random, year: int, form: str) -> list[str]:
    if form == "2021" and rng.random() < 0.6:
        fee = rng.choice((0, 0, 0, rng.randint(100, 9000)))
        return [f"{year}年，发出收费通知{0 if not fee else rng.randint(1, 9)}件，收取信息处理费{fee}元。"]
    proposals = f"全年办理人大建议{_count(rng, 9)}件。"
    return [rng.choice(("无。", "无其他需要报告的事项。", "暂无其他需要报告的事项。", proposals))]


def _lead_in(rng: Random, year: int, subject: str) -> list[str]:
    """A sentence between a heading and its table: mostly none, sometimes with figures of its own."""
    if rng.random() < 0.8:
        return []
    return [
        rng.choice(
            (
                f"{year}年{subject}如下表所示：",
                f"本机关{subject}共涉及{rng.randint(2, 9)}个科室，具体数据见下表。",
                f"具体情况见表{rng.randint(1, 3)}。",
            )
        )
    ]


def annual_sections(rng: Random, body: Body, year: int, form: str) -> list[Section]:
    """The six sections of the forms of 2019 and 2021; sections two to four are still without their tables."""
    disputes = "四、" + rng.choice(
        ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况")
    )
    problems = "五、" + rng.choice(("", "政府信息公开工作")) + "存在的主要问题及改进情况"
    return [
        Section("preamble", "", _preamble(rng, body, year)),
        Section("overview", "一、总体情况", _overview(rng, body, year)),
        Section("active_disclosure", "二、主动公开政府信息情况", _lead_in(rng, year, "主动公开情况")),
        Section("applications", "三、收到和处理政府信息公开申请情况", _lead_in(rng, year, "申请办理情况")),
        Section("disputes", disputes, _lead_in(rng, year, "复议诉讼情况")),
        Section("problems", problems, _problems(rng, body, year)),
        Section("other", "六、其他需要报告的事项", _other(rng, year, form)),
    ]


def _narrative_disclosure(rng: Random, body: Body, year: int) -> list[str]:
    total = _count(rng, 1500)
    parts = [rng.randint(0, max(1, total // 3)) for _ in range(3)]
    return [
        f"{year}年1月1日至{year}年12月31日，{body.kind.self_name}主动公开政府信息{total}条，其中工作动态{parts[0]}条，"
        f"通知公告{parts[1]}条，政策法规{parts[2]}条，其他信息{max(0, total - sum(parts))}条，"
        f"占{rng.randint(10, 900) / 10}%。",
        f"通过政府网站公开{parts[0]}条，政务微博公开{parts[1]}条，公开栏{rng.randint(1, 24)}期，"
        f"新增规范性文件{_count(rng, 10)}件，专栏访问量{rng.randint(100, 90000)}人次。",
    ]


def _narrative_applications(rng: Random, body: Body, year: int) -> list[str]:
    if rng.random() < 0.5:
        return [f"{year}年，{body.kind.self_name}未收到政府信息公开申请，也无不予公开政府信息的情况。"]
    count = rng.randint(1, 40)
    online = rng.randint(0, count)
    return [
        f"全年共收到申请{count}件，其中网上申请{online}件，信函申请{count - online}件，当面申请0件。"
        f"已全部答复，同意公开{online}件，部分公开{count - online}件，按时办结率100%。"
    ]


def narrative_sections(rng: Random, body: Body, year: int) -> list[Section]:
    """The sections of a report of before 2019; no tables."""
    me = body.kind.self_name
    staff = f"设专门机构1个，专职人员{rng.randint(0, 4)}人，培训{_count(rng, 5)}次{_count(rng, 90)}人次。"
    fees = f"{year}年{me}未收取任何费用，减免费用{_count(rng, 9)}元。"
    return [
        Section("preamble", "", [f"现将{body.name}{year}年度政府信息公开工作情况报告如下："]),
        Section("overview", rng.choice(("一、概述", "一、基本情况")), _overview(rng, body, year)[:3]),
        Section("active_disclosure", "二、主动公开政府信息情况", _narrative_disclosure(rng, body, year)),
        Section("applications", "三、依申请公开政府信息情况", _narrative_applications(rng, body, year)),
        Section("fees", "四、政府信息公开的收费及减免情况", [fees]),
        Section(
            "disputes",
            "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
            [f"行政复议{_count(rng, 3)}件，行政诉讼0件，举报投诉{_count(rng, 3)}件。"],
        ),
        Section("problems", "六、存在的主要问题及改进情况", _problems(rng, body, year)),
        Section("capacity", "七、其他需要报告的事项", [staff]),
    ]


def signature(rng: Random, body: Body, year: int) -> list[str]:
    """Body and date at the end, in digits or in Chinese numerals; often nothing."""
    if rng.random() < 0.6:
        return []
    day = rng.randint(2, 28)
    if rng.random() < 0.3:
        return [body.name, "".join(_DIGITS[int(digit)] for digit in str(year + 1)) + "年一月二十日"]
    return [body.name, f"{year + 1}年1月{day}日"]
