"""Which row, heading or column a printed label is, in all the ways it is written (field.md §1.3, §1.4, §6.2).

Belongs here: the words of one label, alone and in its table. Does not belong here: values, the order of cells.
"""

import pytest
from report_text import LAYOUTS, Printed, blocks, edit, numbered, place, read

from pipeline.tabulate.labels import read_label

STATE_SECRET = ("row", "applications", "refused_state_secret")
GRANTED = ("row", "applications", "granted")
PARTLY = ("row", "applications", "partly_granted")
SECURITY = ("row", "applications", "refused_security_and_stability")
REGULATIONS = ("row", "active_disclosure", "regulations")
CHANGE = ("column", "active_disclosure", "items_change")
AMOUNT = ("column", "active_disclosure", "amount")
ITEM_1 = ("sub_table", "active_disclosure", "第二十条第（一）项")

WRITINGS = [
    ("1.属于国家秘密", STATE_SECRET), ("1、属于国家秘密", STATE_SECRET), ("1．属于国家秘密", STATE_SECRET),
    ("１.属于国家秘密", STATE_SECRET), ("1,属于国家秘密", STATE_SECRET), ("1 . 属于国家秘密", STATE_SECRET),
    ("（1）属于国家秘密", STATE_SECRET), ("(1)属于国家秘密", STATE_SECRET), ("⑴属于国家秘密", STATE_SECRET), ("属于国家秘密", STATE_SECRET),
    ("1.属于\n国家秘密", STATE_SECRET), ("1.属于国家\u3000秘密 ", STATE_SECRET), ("1.属于国家秘密\u200b", STATE_SECRET),
    ("（一）予以公开", GRANTED), ("(一) 予以公开", GRANTED), ("（一)予以公开", GRANTED), ("〔一〕予以公开", GRANTED), ("【一】予以公开", GRANTED),
    ("[一]予以公开", GRANTED), ("﹝一﹞予以公开", GRANTED), ("㈠予以公开", GRANTED), ("（一）、予以公开", GRANTED), ("一、予以公开", GRANTED),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", PARTLY), ("(二) 部分公开(区分处理的,只计这一情形,不计其他情形)", PARTLY),
    ("（二）部分公开（区分处理的，只计这一情形，\n不计其他情形）", PARTLY), ("（二）部分公开", PARTLY),
    ("3.危及“三安全一稳定”", SECURITY), ('3.危及"三安全一稳定"', SECURITY), ("3.危及三安全一稳定", SECURITY), ("3、危及‘三安全一稳定’", SECURITY),
    ("2.其它法律行政法规禁止公开", ("row", "applications", "refused_prohibited_by_law")),
    ("2.其他法律、行政法规禁止公开", ("row", "applications", "refused_prohibited_by_law")),
    ("规 章", REGULATIONS), ("规\u3000章", REGULATIONS), ("规\xa0章", REGULATIONS), ("“规章”", REGULATIONS), ("规章&nbsp;", REGULATIONS),
    ("[bookmark: _GoBack]规章", REGULATIONS), ("规章[bookmark: _Toc1]", REGULATIONS), ('HYPERLINK "http://x/"规章', REGULATIONS), ("_Toc123规章", REGULATIONS),
    ("行政规范性文件", ("row", "active_disclosure", "normative_documents")), ("规范性文件", ("row", "active_disclosure", "normative_documents")),
    ("其它对外管理服务事项", ("row", "active_disclosure", "other_external_services")),
    ("本年增/减", CHANGE), ("本年增／减", CHANGE), ("本年增/", CHANGE), ("[bookmark: _GoBack]本年增/减", CHANGE), ("本年增\n/减", CHANGE),
    ("本年增/减（减少填负数，如-8）", CHANGE), ("本年增/减(减用负值表示,如-8)", CHANGE),
    ("本年新\n制作数量", ("column", "active_disclosure", "newly_made")), ("本年新", ("column", "active_disclosure", "newly_made")),
    ("采购总金额", AMOUNT), ("采购总金额(单位:万元,保留4位小数)", AMOUNT), ("本年收费金额（单位：万元）", AMOUNT), ("本年收费金额", AMOUNT),
    ("商业 企业", ("column", "applications", "business")), ("社会\n公益\n组织", ("column", "applications", "public_interest")),
    ("科研机关", ("column", "applications", "research")),
    ("结果维护", ("column", "disputes", "upheld")), ("结果维持", ("column", "disputes", "upheld")), ("结果维特", ("column", "disputes", "upheld")),
    ("结果纠证", ("column", "disputes", "corrected")), ("其它结果", ("column", "disputes", "other_result")), ("尚未审洁", ("column", "disputes", "pending")),
    ("未经复议直接起诉", ("header", "disputes", "litigation_direct")), ("复议后起诉", ("header", "disputes", "litigation_after_review")),
    ("第二十条第（一）项", ITEM_1), ("第二十条第(一)项", ITEM_1), ("第二十条 第(一)项", ITEM_1), ("第二十条(一)项", ITEM_1), ("第二十条第〔一〕项", ITEM_1),
    ("第二十条第一项", ITEM_1), ("第二十条第（1）项", ITEM_1), ("二十条第（一）项", ITEM_1), ("第二十条第（五）项", ("sub_table", "active_disclosure", "第二十条第（五）项")),
    ("2.申请人逾期未缴费，行政机关不再处理其政府信息公开申请", ("row", "applications", "other_fee_overdue")),
    ("1.申请人无正当理由逾期不补正,行政机关不再处理其政府信息公开申请", ("row", "applications", "other_correction_overdue")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRITINGS, ids=[repr(text) for text, _ in WRITINGS])
def test_label_is_known_in_every_writing(text, expected):
    assert expected in {(role.kind, role.table_key, role.key) for role in read_label(text).roles}


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [("1、重复申请", "1."), ("2．重复申请", "2."), ("2.重复申请", "2."), ("（2）重复申请", "(2)"), ("⑵重复申请", "(2)"), ("㈢不予公开", "(三)"), ("（三）不予公开", "(三)"), ("三、本年度办理结果", "三"), ("重复申请", "")],
)  # fmt: skip
def test_ordinal_is_apart_from_the_stem(text, ordinal):
    label = read_label(text)
    assert (label.ordinal, label.stem) == (ordinal, read_label(text.lstrip("0123456789.．、（）⑵㈢三")).stem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "12",
        "3件",
        "无",
        "/",
        "-3",
        "1.",
        "（一）",
        "总体情况",
        "行政",
        "许可",
        "公开",
        "本年",
        "规",
        "x" * 5_000,
        "规章" * 100,
    ],
)
def test_other_words_are_no_label(text):
    assert not read_label(text).roles


@pytest.mark.parametrize(
    "text",
    [
        "我镇主动公开政府信息128条，其中行政许可3件。",
        "2020年共作出行政处罚决定1176件",
        "三、收到和处理政府信息公开申请情况",
    ],
)
def test_prose_and_headings_are_no_label(text):
    assert not read_label(text).roles


# -- in their table ---------------------------------------------------------------------------------------------------

RELABELLED = [  # (form, row or header, place of the label, as it is printed)
    ("2019", "regulations", 0, "规 章"),
    ("2019", "normative_documents", 0, "行政规范性文件"),
    ("2021", "normative_documents", 0, "规范性文件"),
    ("2019", "normative_documents", 0, "规范性文\n件"),
    ("2019", "other_external_services", 0, "其它对外管理服务事项"),
    ("2019", "other_external_services", 0, "其他对外管理服务\n事项"),
    ("2019", "sub_table:第二十条第（五）项", 0, "第二十条 第(五) 项"),
    ("2019", "sub_table:第二十条第（六）项", 0, "二十条第（六）项"),
    ("2019", "header:第二十条第（一）项", 1, "本年新\n制作数量"),
    ("2019", "header:第二十条第（一）项", 2, "本年新制作数量"),
    ("2019", "header:第二十条第（五）项", 2, "[bookmark: _GoBack]本年增/减"),
    ("2019", "header:第二十条第（五）项", 2, "本年增/"),
    ("2019", "header:第二十条第（五）项", 2, "本年增/减（减少填负数，如-8）"),
    ("2019", "header:第二十条第（九）项", 2, "采购总金额（单位：元）"),
    ("2021", "header:第二十条第（一）项", 3, "现行有效件"),
    ("2021", "header:第二十条第（五）项", 1, "本年处理决定数"),
    ("2019", "header:2", 2, "法人或其它组织"),
    ("2019", "header:3", 2, "商业 企业"),
    ("2019", "header:3", 3, "科研机关"),
    ("2019", "header:3", 4, "社会\n公益\n组织"),
    ("2019", "header:3", 6, "其它"),
    ("2019", "new_received", 0, "1、本年新收政府信息公开申请数量"),
    ("2019", "new_received", 0, "一、本 年 新 收 政府信息公开申请数量"),
    ("2019", "carried_over", 0, "二、上年结转政府信息公开申请"),
    ("2019", "granted", 0, "三、本年办理结果"),
    ("2019", "granted", 1, "(一) 予以公开"),
    ("2019", "partly_granted", 1, "（二）部分公开"),
    ("2019", "refused_state_secret", 2, "（1）属于国家秘密"),
    ("2019", "refused_prohibited_by_law", 2, "2.其他法律行政止公开"),
    ("2019", "refused_prohibited_by_law", 2, "2.其他法律\n行政法规禁止公开 "),
    ("2019", "refused_security_and_stability", 2, "3.危及三安全一稳定"),
    ("2019", "refused_process_information", 2, "6、属于四类过程性信息"),
    ("2019", "unavailable_needs_creation", 2, "2.没有现成信息需要另行制做"),
    ("2019", "not_processed_repeated", 2, "2、重复申请"),
    ("2019", "not_processed_repeated", 2, "2.重复\n申请"),
    ("2019", "not_processed_confirm_or_reissue", 2, "5.要求行政机关确认或重新出具己获取信息"),
    ("2019", "other", 1, "（六）其它处理"),
    ("2021", "other_correction_overdue", 2, "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请"),
    ("2021", "other_fee_overdue", 2, "2.申请人逾期未缴费、行政机关不再处理其政府信息公开申请"),
    ("2021", "other_reason", 2, "3、其它"),
    ("2019", "total_handled", 1, "(七) 总 计"),
    ("2019", "total_handled", 1, "（七）合计"),
    ("2019", "carried_forward", 0, "4、结转下年度继续办理"),
    ("2019", "carried_forward", 0, "四、结转下年度继续\n办理"),
]


def relabelled(template: str, row: str, number: int, words: str) -> tuple[Printed, list]:
    printed = numbered(template)
    page = blocks(template, printed)
    table = "applications" if row in ("header:2", "header:3") else None
    labels = list(page[place(page, row, table)].labels)
    labels[number] = words
    return printed, edit(page, row, table, labels=tuple(labels))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("template", "row", "number", "words"), RELABELLED, ids=[repr(case[3]) for case in RELABELLED])
def test_no_value_moves_when_a_label_is_written_otherwise(layout, template, row, number, words):
    if layout == "tab_row" and "\n" in words:
        words = words.replace("\n", " ")  # a cell of this layout has no line break
    printed, page = relabelled(template, row, number, words)
    found = read(LAYOUTS[layout](page))
    assert {key: str(cell.value) for key, cell in found.items()} == {
        key: text.rstrip("元") for key, text in printed.items()
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "names",
    [
        ("结果维护", "结果纠正", "其他结果", "尚未审结", "总计"),
        ("结果维特", "结果纠错", "其它结果", "未审结", "合计"),
        ("结果 维持", "结果 纠正", "其他 结果", "尚未 审结", "总 计"),
        ("结果维持", "结果纠证", "其他结果", "尚未审洁", "总计"),
    ],
)
def test_outcomes_of_disputes_with_typos(layout, names):
    printed = numbered("2019")
    page = blocks("2019", printed)
    page = edit(page, "header:2", "disputes", labels=(*names, "未经复议直接起诉", "复议后起诉"))
    page = edit(page, "header:3", "disputes", labels=("",) * 5 + names + names)
    found = read(LAYOUTS[layout](page))
    assert [str(cell.value) for key, cell in found.items() if key[0] == "disputes"] == [
        text for key, text in printed.items() if key[0] == "disputes"
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_label_is_kept_as_printed(layout):
    _, page = relabelled("2019", "refused_state_secret", 2, "1、属于 国家秘密")
    found = read(LAYOUTS[layout](page))
    assert found["applications", "refused_state_secret", "total"].row_label == "1、属于 国家秘密"
    assert found["applications", "refused_state_secret", "total"].column_label == "总计"
    assert found["active_disclosure", "licensing", "items_change"].column_label == "本年增/减"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("row", "number", "words"),
    [
        ("refused_state_secret", 2, "1.属于什么都不是的新情形"),
        ("not_processed_repeated", 2, "2.另有规定"),
        ("licensing", 0, "行政确认"),
        ("penalties", 0, "行政裁决事项"),
    ],
)
def test_label_of_no_form_takes_no_row_of_it(layout, row, number, words):
    """Its values stay under a key of their own; the form's row is missing; no other row changes."""
    printed, page = relabelled("2019", row, number, words)
    found = read(LAYOUTS[layout](page))
    for key, text in printed.items():
        if key[1] == row:
            assert found[key].state == "missing", key
        else:
            assert str(found[key].value) == text.rstrip("元"), key
    local = {key: cell for key, cell in found.items() if key[1].startswith("x_")}
    assert local, "the row is lost"
    if "unreadable" not in {cell.state for cell in local.values()}:
        assert [str(cell.value) for cell in local.values()] == [text for key, text in printed.items() if key[1] == row]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("row", "number", "words"),
    [
        ("granted", 1, "（一）于以公开"),
        ("refused_state_secret", 2, "1.属于国家机密"),
        ("unavailable_not_held", 2, "1.本机关不掌握相关政府信悉"),
    ],
)
def test_typo_in_the_first_row_of_a_group(layout, row, number, words):
    """field.md §6.2 no. 18 names 于以公开; its ordinal （一） says which of the two siblings it is."""
    printed, page = relabelled("2019", row, number, words)
    found = read(LAYOUTS[layout](page))
    assert str(found["applications", row, "total"].value) == printed["applications", row, "total"]
