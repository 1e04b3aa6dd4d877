"""The tables of before 2019: the national statistics table of 2014 and provincial ones.

Here belong the headings of the 2014 table that carry no value and the invented provincial forms. The 58 labels of
the 2014 table come from cells.csv. A provincial form has no key list of its own: its rows are keyed by the metric
that fits exactly, else by x_1, x_2 … in order, and always known by their label.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.generator.forms import cells_of, header_row, load_specs, value_row
from benchmarks.generator.model import Cell, CellSpec, Figures, Row, Slot, Table, number_text, wan_text

_NO_UNIT = "——"
_PRINTED_UNIT = {"元": "万元"}


def build_statistics(figures: Figures) -> Table:
    """The statistics table of 2014: label, unit and one value; headings have a dash for a unit."""
    grid = [header_row([Slot("统计指标"), Slot("单位"), Slot("统计数")])]
    printed: set[str] = {row[0].row_label for row in load_specs()["2014", "statistics"]}
    for (spec,) in load_specs()["2014", "statistics"]:
        for heading in spec.row_group.split("/") if spec.row_group else ():
            if heading not in printed:
                printed.add(heading)
                grid.append(header_row([Slot(heading), Slot(_NO_UNIT), Slot("")]))
        (cell,) = cells_of((spec,), figures)
        if spec.unit == "元" and cell.value:
            cell.text = wan_text(cell.value)
            cell.plain = False
        labels = [Slot(spec.row_label), Slot(_PRINTED_UNIT.get(spec.unit, spec.unit))]
        grid.append(value_row(labels, [cell]))
    return Table("2014", "statistics", None, grid, 2, 1)


@dataclass(frozen=True, slots=True)
class RegionalRow:
    """A row of a provincial form: what it counts (for `figures`), its label, unit and metric (if one fits)."""

    counts: str
    label: str
    unit: str = "条"
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class RegionalForm:
    """An invented provincial statistics form."""

    headings: tuple[str, str, str, str]
    rows: tuple[RegionalRow, ...]
    has_codes: bool = False


_CHANNELS = (
    ("当面", "当面申请数", "applications_in_person"),
    ("传真", "传真申请数", "applications_by_fax"),
    ("邮件", "电子邮件申请数", None),
    ("网上", "网上申请数", "applications_online"),
    ("信函", "信函申请数", "applications_by_letter"),
    ("其他形式", "其它形式申请数", None),
)
_REPLIES = (
    ("同意", "同意公开答复数", "applications_granted"),
    ("部分", "同意部分公开答复数", "applications_partly_granted"),
    ("否决", "否决公开答复数", "applications_refused"),
)


def _numbered(entries: tuple[tuple[str, str, str | None], ...], mark: str, unit: str) -> tuple[RegionalRow, ...]:
    return tuple(
        RegionalRow(counts, f"{'其中：' if number == 1 else ''}{number}{mark}{label}", unit, metric)
        for number, (counts, label, metric) in enumerate(entries, 1)
    )


REGIONAL_FORMS = (
    RegionalForm(
        ("指标名称", "计量单位", "{year}年度", "历年累计"),
        (
            RegionalRow("主动公开", "主动公开信息数", metric="disclosed_total"),
            RegionalRow("网站", "其中：1.网站公开", metric="disclosed_website"),
            RegionalRow("公报", "2.政府公报公开", metric="disclosed_gazette"),
            RegionalRow("受理", "受理依申请公开信息总数", metric="applications_received"),
            *_numbered(_CHANNELS, ".", "条"),
            RegionalRow("答复", "对申请的答复数"),
            *_numbered(_REPLIES, ".", "条"),
            RegionalRow("复议", "行政复议数", metric="reviews"),
            RegionalRow("诉讼", "行政诉讼数", metric="lawsuits"),
            RegionalRow("申诉", "行政申诉数"),
        ),
    ),
    RegionalForm(
        ("指标名称", "计量单位", "{year}年度", "历年累计"),
        (
            RegionalRow("主动公开", "主动公开文件数"),
            RegionalRow("网站", "其中：1、政府网站公开数", metric="disclosed_website"),
            RegionalRow("公报", "2、政府公报公开数", metric="disclosed_gazette"),
            RegionalRow("受理", "受理依申请公开信息总数", metric="applications_received"),
            RegionalRow("当面", "其中：1、当面申请数", metric="applications_in_person"),
            RegionalRow("网上", "2、网上申请数", metric="applications_online"),
            RegionalRow("信函", "3、信函、传真申请数"),
            RegionalRow("答复", "对申请的答复总数"),
            RegionalRow("同意", "其中：1、同意公开答复数", metric="applications_granted"),
            RegionalRow("部分", "2、同意部分公开答复数", metric="applications_partly_granted"),
            RegionalRow("否决", "3、不予公开答复数", metric="applications_refused"),
            RegionalRow("其他答复", "4、其他类型答复数"),
            RegionalRow("减免", "政府信息公开收费减免金额", "元"),
            RegionalRow("举报", "接受行政诉讼、举报数", "件"),
            RegionalRow("复议", "行政复议数", "件", "reviews"),
            RegionalRow("诉讼", "行政诉讼数", "件", "lawsuits"),
        ),
    ),
    RegionalForm(
        ("指标", "计量单位", "本年度", "历年累计"),
        (
            RegionalRow("主动公开", "主动公开信息数", metric="disclosed_total"),
            RegionalRow("全文电子化", "其中：全文电子化的主动公开信息数"),
            RegionalRow("公开栏", "公开栏公开信息数", metric="disclosed_notice_board"),
            RegionalRow("访问", "网站专栏页面访问量", "次", "site_visits"),
            RegionalRow("接待", "现场接待人数", "人次"),
            RegionalRow("电话", "咨询电话接听数", "次"),
            RegionalRow("受理", "申请总数", "条", "applications_received"),
            *_numbered(_CHANNELS, ".", "条"),
            RegionalRow("答复", "对申请的答复总数", "条"),
            *_numbered(_REPLIES, ".", "条"),
            RegionalRow("不存在", "（1）“信息不存在”数"),
            RegionalRow("不明确", "（2）“申请内容不明确”数"),
            RegionalRow("复议", "行政复议数", "件", "reviews"),
            RegionalRow("诉讼", "行政诉讼数", "件", "lawsuits"),
        ),
        has_codes=True,
    ),
)


def draw_regional_form(rng: Random) -> RegionalForm:
    """One of the invented provincial forms."""
    return rng.choice(REGIONAL_FORMS)


def build_regional(form: RegionalForm, figures: Figures, year: int, with_codes: bool) -> Table:
    """A provincial table: label, unit, perhaps a running code (a number that is no value), two values."""
    headings = [heading.format(year=year) for heading in form.headings]
    codes = form.has_codes and with_codes
    if codes:
        headings.insert(2, "代码")
    grid: list[Row] = [header_row([Slot(heading) for heading in headings])]
    unkeyed = 0
    for number, entry in enumerate(form.rows, 1):
        unkeyed += entry.metric is None
        key = entry.metric or f"x_{unkeyed}"
        cells = []
        for column, heading in zip(("this_year", "cumulative"), headings[-2:], strict=True):
            spec = CellSpec("regional", "statistics_regional", key, column, "", entry.label, heading, entry.unit)
            value = figures.get(("statistics_regional", entry.counts, column), 0)
            cells.append(Cell(spec, value, number_text(value)))
        labels = [Slot(entry.label), Slot(entry.unit), *([Slot(f"{number:02d}")] if codes else [])]
        grid.append(value_row(labels, cells))
    return Table("regional", "statistics_regional", None, grid, 2 + codes, 2)
