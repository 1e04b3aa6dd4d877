"""One invented report from its number to its text and truth.

Here belong the order of the steps and the choice of form and layout. The same seed and number give the same report,
whatever else is generated in the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.generator import prose, statistics
from benchmarks.generator.assemble import assemble, render_blocks
from benchmarks.generator.bodies import Body, draw_body, title_of
from benchmarks.generator.draft import Block, Draft
from benchmarks.generator.figures import (
    draw_applications,
    draw_disclosure,
    draw_disputes,
    draw_regional,
    draw_statistics,
    size_of,
)
from benchmarks.generator.files import BASE_LAYOUT, FORMATS, noise_for
from benchmarks.generator.forms import SUB_TABLES, build_applications, build_disclosure, build_disputes
from benchmarks.generator.layouts import LAYOUTS, Layout
from benchmarks.generator.model import Figures, GeneratedReport, Section
from benchmarks.generator.noise import ALL_FORMS, BLOCKS, SECTIONS, NoiseChoice, apply_noises
from benchmarks.generator.style import draw_style
from benchmarks.generator.truth import settle, truth_of

FORM_WEIGHTS = {"2019": 28, "2021": 36, "2014": 10, "regional": 7, "narrative": 5, "mixed": 14}
_YEARS = {
    "2019": (2019, 2020),
    "2021": (2021, 2025),
    "2014": (2014, 2018),
    "regional": (2008, 2014),
    "narrative": (2008, 2018),
    "mixed": (2021, 2024),
}
_OLD, _NEW = "2019", "2021"

assert set(FORM_WEIGHTS) == ALL_FORMS


@dataclass(frozen=True, slots=True)
class Options:
    """What a run generates."""

    seed: int
    layouts: tuple[str, ...] = tuple(LAYOUTS)
    forms: tuple[str, ...] = tuple(FORM_WEIGHTS)
    noise: NoiseChoice = field(default_factory=NoiseChoice)
    file_format: str | None = None


def generate_report(index: int, options: Options) -> GeneratedReport:
    """Generate report number `index` of a run."""
    rng = Random(f"{options.seed}/{index}")
    layout = LAYOUTS[rng.choice(options.layouts if options.file_format is None else (BASE_LAYOUT,))]
    form = rng.choices(options.forms, [FORM_WEIGHTS[name] for name in options.forms])[0]
    return finish(index, _draft(rng, form, layout), options)


def finish(index: int, draft: Draft, options: Options) -> GeneratedReport:
    """Damage a draft, print it and settle what its text tells."""
    noise = noise_for(options.file_format, options.noise)
    apply_noises(draft, noise, SECTIONS)
    render_blocks(draft, prose.signature(draft.rng, draft.body, draft.year))
    draft.blocks[1:1] = [Block(line) for line in draft.page_head]
    apply_noises(draft, noise, BLOCKS)
    for block in draft.table_blocks:
        settle(block.tables, block.fragments, draft.layout)
    truth = truth_of(draft.sections)
    content = None
    if options.file_format is not None:
        content = FORMATS[options.file_format](draft, Random(f"{options.seed}/{index}/{options.file_format}"))
    return GeneratedReport(
        index=index,
        path=f"{index // 1000:03d}/{index:06d}.{options.file_format or 'txt'}",
        text=assemble(draft),
        truth=truth,
        form=draft.form,
        template=_template_of(truth.columns[0]),
        layout=options.file_format or draft.layout.name,
        noise=tuple(draft.noise),
        body_name=draft.body.name,
        body_kind=draft.body.kind.body_kind,
        report_year=draft.year,
        content=content,
    )


def _template_of(templates: Sequence[str]) -> str:
    found = set(templates)
    if not found:
        return "narrative"
    return found.pop() if len(found) == 1 else "mixed"


def _draft(rng: Random, form: str, layout: Layout) -> Draft:
    body = draw_body(rng)
    year = rng.randint(*_YEARS[form])
    style = draw_style(rng)
    if form in ("2019", "2021", "mixed"):
        sections = _annual(rng, form, body, year)
    else:
        sections = prose.narrative_sections(rng, body, year)
        if form != "narrative":
            sections.append(_statistics(rng, form, body, year, layout))
    return Draft(rng, form, layout, style, body, year, title_of(rng, body, year), sections)


def _annual(rng: Random, form: str, body: Body, year: int) -> list[Section]:
    sections = prose.annual_sections(rng, body, year, form)
    size = size_of(rng, body.kind)
    sub_templates, template = _templates(rng, form)
    figures = draw_disclosure(rng, body.kind)
    figures.update(draw_applications(rng, template, size))
    figures.update(draw_disputes(rng, size))
    put_tables(rng, sections, sub_templates, template, figures)
    return sections


def put_tables(
    rng: Random, sections: list[Section], sub_templates: dict[str, str], template: str, figures: Figures
) -> None:
    """Put the three tables of the forms of 2019 and 2021 into their sections."""
    disclosure, applications, disputes = sections[2:5]
    money_style = rng.choice(("cell", "cell", "header"))
    disclosure.tables = [build_disclosure(sub_templates[name], name, figures, money_style) for name in sub_templates]
    applications.tables = [build_applications(template, figures)]
    disputes.tables = [build_disputes(template, figures)]


def _templates(rng: Random, form: str) -> tuple[dict[str, str], str]:
    """The form of every sub-table of section two, and that of sections three and four."""
    if form == "mixed":
        way = rng.choice(("old_applications", "old_applications", "old_sub_tables", "old_disclosure", "late"))
        if way == "late":
            return dict.fromkeys(SUB_TABLES, _OLD), _OLD
        if way == "old_disclosure":
            return dict.fromkeys(SUB_TABLES, _OLD), _NEW
        subs = dict.fromkeys(SUB_TABLES[:4], _NEW)
        if way == "old_sub_tables":
            subs.update(dict.fromkeys(rng.sample(SUB_TABLES[:4], rng.randint(1, 2)), _OLD))
            return subs, _NEW
        return subs, _OLD
    return dict.fromkeys(SUB_TABLES if form == _OLD else SUB_TABLES[:4], form), form


def _statistics(rng: Random, form: str, body: Body, year: int, layout: Layout) -> Section:
    size = size_of(rng, body.kind)
    heading = f"附件：{body.name}{year}年政府信息公开情况统计表"
    if form == "2014":
        table = statistics.build_statistics(draw_statistics(rng, body.kind, size))
        before = [f"（{year}年度）", f"填报单位（盖章）：{body.name}"]
        day = f"{year + 1}年1月{rng.randint(2, 28)}日"
        foot = f"单位负责人：×× 审核人：×× 填报人：×× 联系电话：{rng.randint(2000000, 8999999)} 填报日期：{day}"
        return Section("statistics", heading, before, [table], [foot])
    regional = statistics.draw_regional_form(rng)
    figures = draw_regional(rng, body.kind, [row.counts for row in regional.rows], size)
    table = statistics.build_regional(regional, figures, year, layout.name != "glued")
    return Section("statistics", heading, [], [table])
