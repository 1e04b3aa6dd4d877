"""Sentences made to mislead: what looks like a metric and is none, and what is one in unusual words.

Belongs here: adversarial sentences with the keyed figures that must come out of them, exactly those. Does not belong here:
the labelled sentences (labelled_prose.jsonl), numbers by themselves (test_prose_numerals.py).

They were written after the rules, from field.md §4 and §6.2 nos. 33–60, without looking at what the rules made of them.
"""

from decimal import Decimal

import pytest
from prose_text import keyed

# (section, report year, sentence, {metric: value} of all keyed figures)
TRAPS = [
    # petitions, hotlines, mailboxes: never applications (§4 (g))
    ("inquiries", 2021, "全年办理12345热线转办工单356件，按时办结率100%。", {"inquiries_received": 356}),
    ("inquiries", 2022, "受理“12345”政务服务便民热线诉求1,024件，办结1,020件。", {"inquiries_received": 1024, "inquiries_answered": 1020}),
    ("overview", 2020, "收到网民留言12条，均已回复。", {"inquiries_received": 12}),
    ("overview", 2019, "县长信箱全年收到群众来信47封，回复47封。", {"inquiries_received": 47, "inquiries_answered": 47}),
    ("overview", 2018, "接待群众来访咨询二十三人次。", {"inquiries_received": 23}),
    ("overview", 2018, "全年受理信访案件18件，办结17件。", {}),
    ("overview", 2016, "开通12348法律服务热线，解答法律咨询2600余人次。", {"inquiries_answered": 2600}),
    ("applications", 2021, "12345热线电话申请开具证明3件。", {}),
    ("overview", 2017, "政务服务中心窗口全年受理各类审批申请5689件，办结5680件。", {}),
    ("overview", 2019, "共受理低保申请45件，审批通过38件。", {}),
    ("overview", 2019, "受理不动产登记申请2.3万件。", {}),
    ("overview", 2020, "法律援助中心受理援助申请76件。", {}),
    # training, meetings, staff of other things
    ("overview", 2017, "全年共组织写作培训3次，培训68人次。", {}),
    ("capacity", 2019, "举办网络安全培训2期、普法培训4期。", {}),
    ("capacity", 2020, "选派2名干部参加省政府办公厅举办的培训。", {}),
    ("capacity", 2018, "全年召开党委会议12次、政府常务会议9次。", {}),
    ("capacity", 2021, "每季度召开1次政务公开工作会议。", {}),
    ("capacity", 2021, "各科室各明确1名信息员。", {}),
    ("capacity", 2022, "成立由区长任组长、24个部门负责人为成员的政务公开领导小组。", {}),
    ("capacity", 2016, "政府信息公开工作人员共5名，其中专职1名、兼职4名。", {"staff_total": 5, "staff_full_time": 1, "staff_part_time": 4}),
    ("capacity", 2020, "举办政府信息公开业务培训班１期，参训干部１２０人次。", {"training_sessions": 1, "training_participants": 120}),
    ("capacity", 2015, "先后三次召开政府信息公开专题会议。", {}),
    # plans and wishes
    ("overview", 2021, "2022年，我局将举办政务公开培训3期。", {}),
    ("overview", 2020, "下一步，计划新增政务公开专区2个。", {}),
    ("problems", 2019, "2019年主动公开信息仅56条，数量偏少。", {}),
    ("overview", 2018, "力争全年公开信息不少于800条。", {}),
    ("overview", 2022, "明年拟配备专职人员2名。", {}),
    ("active_disclosure", 2013, "规划计划类信息21条，计划总结类信息9条。", {}),
    ("overview", 2019, "我县将政策解读纳入考核，全年发布政策解读31篇。", {"policy_interpretations": 31}),
    # last year's figures, changes, shares
    ("overview", 2020, "全年收到政府信息公开申请36件，同比增加12件，增长50%。", {"applications_received": 36}),
    ("overview", 2021, "公开政府信息1560条，较上年减少140条。", {"disclosed_total": 1560}),
    ("overview", 2021, "主动公开政府信息比上年多出200条。", {}),
    ("overview", 2022, "去年公开政府信息890条。", {"disclosed_total": 890}),
    ("overview", 2019, "政策解读数量同比上升35个百分点。", {}),
    ("applications", 2020, "予以公开的占62.5%，部分公开的占12.5%。", {}),
    ("applications", 2020, "按时答复率达到100％。", {}),
    # numbers that count nothing
    ("preamble", 2020, "根据国办发〔2019〕61号、皖政办秘〔2020〕7号文件要求，编制本报告。", {}),
    ("preamble", 2021, "依据《条例》第二十条第（一）项、第五十条规定。", {}),
    ("preamble", 2019, "联系电话：0551-62723456，邮编230001，地址：长江路221号12楼1208室。", {}),
    ("preamble", 2019, "手机13812345678，邮箱zwgk2019@126.com。", {}),
    ("preamble", 2020, "本报告由六部分组成，电子版可在www.abc123.gov.cn下载。", {}),
    ("overview", 2021, "深入学习党的十九届五中、六中全会精神，增强“四个意识”、坚定“四个自信”、做到“两个维护”。", {}),
    ("overview", 2022, "落实“三审三校”和“先审后发”制度，做好“两微一端”管理。", {}),
    ("overview", 2018, "实行“一窗受理、一次告知、一网通办”，群众办事“最多跑一次”。", {}),
    ("overview", 2016, "编制“十三五”规划，公开第一批、第二批清单。", {}),
    ("overview", 2023, "按照“1+3+N”模式建设，实现24小时不打烊。", {}),
    ("overview", 2020, "3月5日、6月18日分别组织政务公开专题学习。", {}),
    ("overview", 2019, "该项工作是一项重要的政治任务，要一以贯之。", {}),
    ("overview", 2017, "形成一级抓一级、层层抓落实的工作格局。", {}),
    ("overview", 2020, "在第3次全体会议上，第一时间通报了情况。", {}),
    # denials that are none
    ("overview", 2018, "为公民无偿提供政府公开信息查阅服务。", {}),
    ("applications", 2019, "与申请人生产、生活、科研等特殊需要无关的，不予提供。", {}),
    ("applications", 2021, "申请人无正当理由逾期不补正的，视为放弃申请。", {}),
    ("applications", 2020, "没有出现逾期未答复的申请。", {}),
    ("applications", 2020, "未发生因答复不当引起的投诉。", {"complaints": 0}),
    ("response", 2020, "全年未发生重大网络舆情。", {}),
    ("secrecy", 2019, "未发生失泄密事件，无违规上网信息。", {}),
    ("other", 2022, "本机关无其他需要报告的事项。", {}),
    ("overview", 2021, "确保政府信息公开零差错、零投诉。", {}),
    ("disputes", 2020, "力争不发生行政复议和行政诉讼。", {}),
    ("overview", 2019, "如无法定理由，不得拒绝公开。", {}),
    # zeros in unusual words
    ("applications", 2020, "全年共收到依申请公开“0”件。", {"applications_received": 0}),
    ("applications", 2022, "2022年度，我单位未收到政府信息公开申请。", {"applications_received": 0}),
    ("applications", 2013, "截至年底，尚未接到公民、法人或其他组织的政府信息公开申请。", {"applications_received": 0}),
    ("applications", 2021, "本年度无新收政府信息公开申请，无上年结转申请，无结转下年度申请。", {"applications_received": 0, "applications_carried_over": 0, "applications_carried_forward": 0}),
    ("disputes", 2021, "本年度没有发生政府信息公开行政复议、提起行政诉讼情况。", {"reviews": 0, "lawsuits": 0}),
    ("disputes", 2019, "政府信息公开行政复议和行政诉讼均为0。", {"reviews": 0, "lawsuits": 0}),
    ("disputes", 2018, "无行政复议，无行政诉讼。", {"reviews": 0, "lawsuits": 0}),
    ("disputes", 2022, "因政府信息公开引起的行政复议0起、行政诉讼0起。", {"reviews": 0, "lawsuits": 0}),
    ("disputes", 2020, "全年未被申请行政复议，未被提起行政诉讼，未收到举报投诉。", {"reviews": 0, "lawsuits": 0, "complaints": 0}),
    ("fees", 2017, "2017年度没有收取任何政府信息公开费用。", {"application_fees": 0}),
    ("fees", 2015, "依申请公开均免收费用。", {"application_fees": 0}),
    ("other", 2023, "本年度我局未收取政府信息公开信息处理费。", {"processing_fee_collected": 0}),
    ("other", 2022, "依据《政府信息公开信息处理费管理办法》，2022年本机关没有产生信息处理费。", {"processing_fee_collected": 0}),
    ("overview", 2021, "全年没有发生因政府信息公开工作受到责任追究的情况。", {"accountability_cases": 0}),
    ("capacity", 2016, "没有设立政府信息公开专项经费。", {"dedicated_budget": 0}),
    # documents
    ("active_disclosure", 2020, "全年印发文件126件，其中规范性文件2件。", {}),
    ("active_disclosure", 2021, "全年制定出台行政规范性文件３件。", {"normative_documents_issued": 3}),
    ("active_disclosure", 2022, "清理规范性文件45件，废止6件，修改3件，继续有效36件。", {"normative_documents_repealed": 6, "normative_documents_in_force": 36}),
    ("active_disclosure", 2019, "转发上级规范性文件12件。", {}),
    ("active_disclosure", 2019, "公开规范性文件解读8篇。", {}),
    ("active_disclosure", 2018, "起草公文230份，公开公文88份。", {"documents_published": 88}),
    # channels and totals
    ("active_disclosure", 2020, "通过政府网站、微信公众号等渠道主动公开政府信息653条。", {"disclosed_total": 653}),
    ("active_disclosure", 2021, "门户网站发布信息312条，“云上某县”微信公众号推送信息208条，官方微博发布96条。", {"disclosed_website": 312, "disclosed_wechat": 208, "disclosed_weibo": 96}),
    ("active_disclosure", 2016, "各乡镇公开信息845条，各部门公开信息1632条。", {}),
    ("active_disclosure", 2017, "其中县教育局公开信息136条。", {}),
    ("active_disclosure", 2014, "编印政府公报6期，发放3000册。", {}),
    ("active_disclosure", 2018, "更新公示栏12期。", {}),
    ("active_disclosure", 2019, "通过抖音号公开信息58条。", {"disclosed_other_channels": 58}),
    ("active_disclosure", 2022, "微信公众号粉丝数达5.6万，单篇最高阅读量10万+。", {"followers": 56000}),
    ("active_disclosure", 2020, "微信推文平均阅读量320次。", {}),
    ("active_disclosure", 2019, "公开惠民资金发放信息36条、招标公告15条。", {}),
    ("active_disclosure", 2020, "开设专题专栏8个，更新栏目26个。", {}),
    ("active_disclosure", 2015, "主动公开政府信息近千条。", {"disclosed_total": 1000}),
    ("active_disclosure", 2013, "主动公开政府信息一千二百三十四条。", {"disclosed_total": 1234}),
    ("active_disclosure", 2016, "依申请公开信息15条，不予公开信息6条。", {}),
    ("overview", 2020, "自2008年以来累计公开信息1.6万条。", {"disclosed_total": 16000}),
    ("overview", 2019, "在“信用中国”网站公示行政许可信息560条、行政处罚信息33条。", {}),
    ("overview", 2021, "全年作出行政处罚决定16件，罚没款42.5万元。", {"penalty_decisions": 16}),
    ("overview", 2022, "公布行政许可事项清单86项。", {}),
    ("overview", 2018, "完成政府采购项目14个，采购金额1,286.5万元。", {"procurement_projects": 14}),
    ("overview", 2019, "发布政府采购公告35条。", {}),
    # new media
    ("overview", 2020, "关停整合政务新媒体账号7个。", {}),
    ("overview", 2021, "全区共有政务新媒体账号62个，其中微信49个、微博8个、抖音5个。", {"new_media_accounts": 62, "new_media_accounts_wechat": 49, "new_media_accounts_weibo": 8}),
    ("overview", 2022, "对36个政务新媒体开展季度检查，发现问题11个。", {}),
    ("overview", 2019, "建立便民微信群28个，入群群众6000余人。", {}),
    # disputes of others, outcomes
    ("overview", 2019, "作为复议机关，办理行政复议案件128件。", {}),
    ("disputes", 2021, "行政复议6件，维持4件，撤销1件，终止1件。", {"reviews": 6}),
    ("disputes", 2022, "行政诉讼案件3件，均驳回原告诉讼请求。", {"lawsuits": 3}),
    ("disputes", 2018, "行政机关负责人出庭应诉5次。", {}),
    ("overview", 2020, "受理12315消费投诉举报368件。", {}),
    # proposals, secrecy, interpretation, other
    ("overview", 2020, "征集群众意见建议136条，采纳52条。", {}),
    ("overview", 2021, "办理省市县人大代表建议23件、政协提案31件。", {"proposals_handled": (23, 31)}),
    ("secrecy", 2018, "全年共审查拟公开信息420条，退回26条。", {}),
    ("response", 2021, "发布政策解读24篇，其中图解9篇、视频3篇，解读率100%。", {"policy_interpretations": 24}),
    ("response", 2020, "举办“政府开放日”活动3场，邀请群众代表60人。", {}),
    ("response", 2022, "召开新闻发布会6场，主要负责人出席2场。", {"press_conferences": 6}),
    ("fees", 2012, "全年收取复印费共计38元，减免12元。", {"application_fees": 38}),
    ("other", 2022, "全年发出收费通知1件，涉及金额100元，实际收取0元。", {"processing_fee_notices": 1, "processing_fee_billed": 100, "processing_fee_collected": 0}),
    ("active_disclosure", 2021, "本年度行政事业性收费金额36.8万元。", {}),
    # placeholders
    ("applications", 2020, "全年收到申请XX件，办结XX件。", {}),
    ("applications", 2019, "收到申请  件，予以公开__件。", {}),
]  # fmt: skip


def pairs(expected: dict[str, object]) -> list[tuple[str, Decimal]]:
    return sorted(
        (metric, Decimal(str(value)))
        for metric, values in expected.items()
        for value in (values if isinstance(values, tuple) else (values,))
    )


@pytest.mark.parametrize(("section", "year", "text", "expected"), TRAPS, ids=[trap[2][:24] for trap in TRAPS])
def test_keyed_figures_are_exactly_these(section: str, year: int, text: str, expected: dict[str, object]) -> None:
    assert keyed(text, section, year) == pairs(expected)


def test_there_are_enough_traps() -> None:
    assert len({trap[2] for trap in TRAPS}) == len(TRAPS) >= 120
