"""Noises in labels and headers.

Here belong typing errors, wordings of the body's own, broken and spaced labels, digits in headers, lost merged
cells. None of them makes a value unknowable, except a shifted row in which a blank cell cannot be placed any more.
"""

from __future__ import annotations

import re

from benchmarks.generator.draft import Draft, label_slots
from benchmarks.generator.layouts import GLUED
from benchmarks.generator.model import UNREADABLE, Slot

_LOOKALIKES = dict(
    zip(
        "予密构织洁结案卷询复确益掌另缴逾补版持纠未审研范规章政罚购采额禁第访报转续继度程"
        "务部家律稳保微站稿费训议网件现制效行属供团社",
        "于蜜沟职结洁按券寻覆却溢撑令交愈朴板特究末申妍犯归张正伐够彩颔噤笫仿抱传读级渡成"
        "物步加率隐报徽占搞废驯义冈仵限治郊形蜀共困杜",
        strict=True,
    )
)
_VARIANTS = (
    ("其他法律行政法规禁止公开", "其他法律、行政法规禁止公开"),
    ("其他法律行政法规禁止公开", "其他法律行政止公开"),
    ("总计", "合计"),
    ("总计", "总 计"),
    ("3.其他", "3.其它"),
    ("其他处理", "其它处理"),
    ("其他结果", "其它结果"),
    ("结果维持", "结果维护"),
    ("结果纠正", "结果纠错"),
    ("尚未审结", "未审结"),
    ("行政规范性文件", "规范性文件"),
    ("“三安全一稳定”", "三安全一稳定"),
    ("“三安全一稳定”", "\"三安全一稳定\""),
    ("、行政机关不再", "，行政机关不再"),
    ("未按收费通知要求缴纳费用", "未缴费"),
    ("（区分处理的，只计这一情形，不计其他情形）", ""),
    ("第二十条第", "第二十条"),
    ("第二十条第（", "第二十条 第（"),
    ("本年增/减", "本年增减"),
    ("本年增/减", "本年增/"),
    ("本年新公开数量", "本年新制作数量"),
    ("现行有效件数", "现行有效件"),
    ("科研机构", "科研机关"),
    ("商业企业", "商业 企业"),
    ("（不同渠道和方式公开相同信息计1条）", ""),
    ("其他方式公开", "其它方式公开"),
    ("网络申请数", "网上申请数"),
    ("主要负责同志", "主要负责人"),
    ("回应解读情况", "解读回应情况"),
    ("2.政府网站公开", "2.门户网站公开"),
)  # fmt: skip
_GUIDANCE = {
    "本年增/减": ("（减少填负数，如-8）", "(减用负值表示,如-8)", "（与上一年相比，增3填3，减3填-3）"),
    "处理决定数量": ("（截至12月31日）", "（单位：件，按第20条统计）"),
    "本年处理决定数量": ("（含依法未公开的，截至12月31日）",),
    "现行有效件数": ("（截至12月31日）",),
    "对外公开总数量": ("（2008年以来）",),
    "统计数": ("（1—12月）",),
    "商业企业": ("（2类）",),
}
_HALFWIDTH = str.maketrans("（），：；", "(),:;")
_ORDINAL = re.compile(r"^(其中：)?(\d)\.")


def _choose(draft: Draft, slots: list[Slot], most: int) -> list[Slot]:
    return draft.rng.sample(slots, min(len(slots), draft.rng.randint(1, most)))


def _is_unmistakable(typo: str, labels: set[str]) -> bool:
    """Whether no other label is within one character of the typing error."""
    return all(len(other) != len(typo) or sum(a != b for a, b in zip(other, typo, strict=True)) > 1 for other in labels)


def label_typos(draft: Draft) -> bool:
    """One wrong or lost character in a label, always nearer to its own label than to any other."""
    slots = [slot for _, _, slot in label_slots(draft) if len(slot.text) >= 4]
    labels = {slot.text for slot in slots}
    changed = False
    for slot in _choose(draft, slots, 3):
        text = slot.text
        places = [at for at, letter in enumerate(text) if letter in _LOOKALIKES]
        if len(text) >= 9 and draft.rng.random() < 0.2:
            at = draft.rng.randrange(3, len(text))
            typo = text[:at] + text[at + 1 :]
        elif places:
            at = draft.rng.choice(places)
            typo = text[:at] + _LOOKALIKES[text[at]] + text[at + 1 :]
        else:
            continue
        if not any(letter.isdigit() for letter in set(text) - set(typo)) and _is_unmistakable(typo, labels - {text}):
            slot.text = typo
            changed = True
    return changed


def label_variants(draft: Draft) -> bool:
    """Labels in other wordings that are in use, the same one throughout the report."""
    slots = [slot for _, _, slot in label_slots(draft)]
    known = [(old, new) for old, new in _VARIANTS if any(old in slot.text for slot in slots)]
    if not known:
        return False
    for old, new in draft.rng.sample(known, min(len(known), draft.rng.randint(1, 4))):
        for slot in slots:
            slot.text = slot.text.replace(old, new)
    return True


def split_labels(draft: Draft) -> bool:
    """A line break inside a label or a header cell."""
    slots = [slot for _, _, slot in label_slots(draft) if len(slot.text) >= 4]
    for slot in _choose(draft, slots, 6):
        at = draft.rng.randrange(2, len(slot.text) - 1)
        slot.text = f"{slot.text[:at]}\n{slot.text[at:]}"
    return bool(slots)


def stray_nbsp_lines(draft: Draft) -> bool:
    """An empty inner paragraph at the end of label cells: a line with only a no-break space."""
    slots = [slot for _, row, slot in label_slots(draft) if row.is_header or len(row.labels) > 1]
    for slot in _choose(draft, slots, 8):
        slot.text += draft.rng.choice(("\n\u00a0", "\n\u00a0", "\u00a0"))
    return bool(slots)


def blanks_in_labels(draft: Draft) -> bool:
    """Blanks inside labels: 规    章, 总 计, 反复 申请."""
    slots = [slot for _, _, slot in label_slots(draft) if len(slot.text) >= 2 and "\n" not in slot.text]
    for slot in _choose(draft, slots, 6):
        first = 3 if slot.text[0].isdigit() else 1
        if first < len(slot.text):
            at = draft.rng.randrange(first, len(slot.text))
            slot.text = slot.text[:at] + draft.rng.choice((" ", " ", "    ", "\u3000")) + slot.text[at:]
    return bool(slots)


def header_guidance(draft: Draft) -> bool:
    """Explanations with digits inside header cells."""
    changed = False
    for _, row, slot in label_slots(draft):
        if row.is_header and slot.text in _GUIDANCE:
            slot.text += draft.rng.choice(_GUIDANCE[slot.text])
            changed = True
    return changed


def duplicate_header(draft: Draft) -> bool:
    """The second column heading repeats the first: a copying error that changes no figure."""
    for table in draft.tables:
        if table.sub_table == "第二十条第（一）项":
            names = table.rows[1].slots
            names[2].text = names[1].text
            return True
    return False


def word_artefacts(draft: Draft) -> bool:
    """Bookmarks and field codes of a word processor before labels, headings or figures."""
    slots = [slot for _, _, slot in label_slots(draft)]
    rng = draft.rng
    if slots and rng.random() < 0.6:
        slot = rng.choice(slots)
        slot.text = "[bookmark: _GoBack]" + slot.text
    else:
        section = rng.choice(draft.sections)
        section.heading = rng.choice(("[bookmark: _GoBack]", "[bookmark: _Toc87341152]")) + section.heading
    if rng.random() < 0.3:
        draft.sections[0].before.append(
            'HYPERLINK "http://www.example.gov.cn/2021/0105.html" \\* MERGEFORMAT 详见网站。'
        )
    cells = [c for t in draft.tables for c in t.cells if c.plain]
    if cells and rng.random() < 0.3 and not draft.keeps(GLUED) and draft.layout.is_line_based:
        cell = rng.choice(cells)
        cell.obscure(UNREADABLE, cell.value, "[bookmark: _GoBack]" + cell.text)
    return True


def halfwidth_punctuation(draft: Draft) -> bool:
    """Half-width brackets, commas and colons everywhere."""
    for _, _, slot in label_slots(draft):
        slot.text = slot.text.translate(_HALFWIDTH)
    for section in draft.sections:
        section.heading = section.heading.translate(_HALFWIDTH)
        section.before = [text.translate(_HALFWIDTH) for text in section.before]
        section.after = [text.translate(_HALFWIDTH) for text in section.after]
    return True


def row_numbering(draft: Draft) -> bool:
    """Other ordinals before row labels: 1、 or (1) for 1., or none where boundaries remain."""
    marks = ["{}、", "{}．"]
    if not draft.keeps(GLUED):
        marks += ["（{}）", "{} .", ""]
    mark = draft.rng.choice(marks)
    changed = False
    for _, row, slot in label_slots(draft):
        if not row.is_header and (found := _ORDINAL.match(slot.text)):
            slot.text = (found[1] or "") + mark.format(found[2]) + slot.text[found.end() :]
            changed = True
    return changed


def rowspan_shift(draft: Draft) -> bool:
    """The last rows of section three lose their merged cells and move to the left."""
    for table in draft.tables:
        if table.table_key != "applications":
            continue
        first = draft.rng.randrange(len(table.rows) - 8, len(table.rows) - 2)
        for row in table.rows[first:]:
            row.is_shifted = len(row.labels) == 1
            if row.is_shifted and any(not cell.text.strip() for cell in row.cells):
                row.damage = UNREADABLE
        return True
    return False


def broken_rows(draft: Draft) -> bool:
    """The row of fifteen values, and its header, fall apart at inner row ends."""
    for table in draft.tables:
        if table.table_key == "disputes":
            for row in table.rows:
                row.has_false_end = not row.is_header or draft.rng.random() < 0.5
                if draft.layout.name == "tab_row" and any(not cell.text.strip() for cell in row.cells):
                    # A blank cell cannot be told from the empty cell that a broken line begins with.
                    row.damage = UNREADABLE
            return True
    return False
