"""All noises by name: when they act, how often, and where they make sense.

Here belong the registry and the choice of noises for a report. What a noise does is written in the `noise_…` module
that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.generator import noise_cells, noise_document, noise_figures, noise_labels, noise_lines
from benchmarks.generator.draft import Draft
from benchmarks.generator.layouts import BOUNDED, COLUMNS, GLUED, LAYOUTS, LOST, TOKENS

SECTIONS = "sections"
BLOCKS = "blocks"
STAGES = (SECTIONS, BLOCKS)


@dataclass(frozen=True, slots=True)
class Noise:
    """A kind of damage. `stage` says whether it works on sections or on rendered blocks."""

    name: str
    stage: str
    chance: float
    apply: Callable[[Draft], bool]
    layouts: frozenset[str]
    forms: frozenset[str]


ALL_FORMS = frozenset(("2019", "2021", "2014", "regional", "narrative", "mixed"))
_ANNUAL = frozenset(("2019", "2021", "mixed"))
_TABLES = ALL_FORMS - {"narrative"}


def _keeping(*kinds: str) -> frozenset[str]:
    return frozenset(layout.name for layout in LAYOUTS.values() if layout.keeps in kinds)


_EVERY = frozenset(LAYOUTS)
_LOOSE = _keeping(BOUNDED, TOKENS, COLUMNS, LOST)
_ORDERED = _keeping(BOUNDED, TOKENS, GLUED)


def _noise(
    apply: Callable[[Draft], bool],
    stage: str,
    chance: float,
    layouts: Iterable[str] = _EVERY,
    forms: frozenset[str] = _TABLES,
) -> Noise:
    return Noise(apply.__name__, stage, chance, apply, frozenset(layouts), forms)


NOISES: dict[str, Noise] = {
    noise.name: noise
    for noise in (
        # The order is the order of application: figures and rows, then cells, then labels, then lines.
        _noise(noise_figures.arithmetic_errors, SECTIONS, 0.08),
        _noise(noise_figures.added_rows, SECTIONS, 0.05),
        _noise(noise_figures.stated_subtotals, SECTIONS, 0.03, forms=_ANNUAL),
        _noise(noise_figures.subtotal_column, SECTIONS, 0.02, _LOOSE, _ANNUAL),
        _noise(noise_figures.table_absent, SECTIONS, 0.04, forms=_TABLES - {"mixed"}),
        _noise(noise_figures.empty_table, SECTIONS, 0.02, _ORDERED),
        _noise(noise_cells.money_without_unit, SECTIONS, 0.08, forms=_ANNUAL),
        _noise(noise_cells.money_units, SECTIONS, 0.08),
        _noise(noise_cells.signed_changes, SECTIONS, 0.12, forms=_ANNUAL),
        _noise(noise_cells.blank_cells, SECTIONS, 0.09),
        _noise(noise_cells.placeholders, SECTIONS, 0.06),
        _noise(noise_cells.text_in_cells, SECTIONS, 0.02, _LOOSE),
        _noise(noise_cells.letter_zero, SECTIONS, 0.02, _LOOSE),
        _noise(noise_cells.split_numbers, SECTIONS, 0.05, ("tab_cell",)),
        _noise(noise_cells.thousands_separators, SECTIONS, 0.1, _LOOSE),
        _noise(noise_cells.decimal_counts, SECTIONS, 0.03, _LOOSE),
        _noise(noise_cells.units_in_cells, SECTIONS, 0.05, _LOOSE),
        _noise(noise_cells.fullwidth_digits, SECTIONS, 0.05),
        _noise(noise_cells.invisible_characters, SECTIONS, 0.06, _LOOSE),
        _noise(noise_labels.word_artefacts, SECTIONS, 0.05, forms=ALL_FORMS),
        _noise(noise_labels.header_guidance, SECTIONS, 0.06),
        _noise(noise_labels.duplicate_header, SECTIONS, 0.03, forms=_ANNUAL),
        _noise(noise_labels.label_variants, SECTIONS, 0.12),
        _noise(noise_labels.row_numbering, SECTIONS, 0.06),
        _noise(noise_labels.label_typos, SECTIONS, 0.08),
        _noise(noise_labels.blanks_in_labels, SECTIONS, 0.08),
        _noise(noise_labels.split_labels, SECTIONS, 0.12, ("tab_cell", "pipe_cell", "line_cell", "deduped")),
        _noise(noise_labels.stray_nbsp_lines, SECTIONS, 0.15, ("tab_cell",)),
        _noise(noise_labels.rowspan_shift, SECTIONS, 0.2, ("tab_row", "pipe_row", "markdown"), _ANNUAL),
        _noise(noise_labels.broken_rows, SECTIONS, 0.12, ("tab_cell", "tab_row"), _ANNUAL),
        _noise(noise_document.web_annual_table, SECTIONS, 0.03, forms=ALL_FORMS),
        _noise(noise_document.heading_numbering, SECTIONS, 0.1, forms=ALL_FORMS),
        _noise(noise_labels.halfwidth_punctuation, SECTIONS, 0.06, forms=ALL_FORMS),
        _noise(noise_lines.repeated_header, BLOCKS, 0.06, _ORDERED | {"deduped"}),
        _noise(noise_lines.cut_table, BLOCKS, 0.04, _ORDERED | {"deduped"}),
        _noise(noise_lines.footnotes, BLOCKS, 0.08),
        _noise(noise_lines.page_numbers, BLOCKS, 0.08),
        _noise(noise_lines.lost_lines, BLOCKS, 0.04),
        _noise(noise_lines.truncated, BLOCKS, 0.02, _ORDERED),
        _noise(noise_lines.duplicated_table, BLOCKS, 0.03, _keeping(BOUNDED, TOKENS)),
        _noise(noise_lines.duplicated_report, BLOCKS, 0.03, _ORDERED),
        _noise(noise_document.navigation, BLOCKS, 0.12, forms=ALL_FORMS),
        _noise(noise_document.crlf_and_bom, BLOCKS, 0.04, forms=ALL_FORMS),
    )
}


@dataclass(frozen=True, slots=True)
class NoiseChoice:
    """Which noises a run uses: all of them by chance, none, or some named ones wherever they apply."""

    names: tuple[str, ...] = tuple(NOISES)
    is_certain: bool = False

    @staticmethod
    def parse(names: Iterable[str]) -> NoiseChoice:
        """From the command line: `all`, `none` or names."""
        wanted = tuple(names)
        if wanted in ((), ("all",)):
            return NoiseChoice()
        if wanted == ("none",):
            return NoiseChoice(())
        unknown = sorted(set(wanted) - set(NOISES))
        if unknown:
            raise ValueError(f"unknown noise: {', '.join(unknown)} (known: all, none, {', '.join(NOISES)})")
        return NoiseChoice(tuple(name for name in NOISES if name in wanted), True)


def apply_noises(draft: Draft, choice: NoiseChoice, stage: str) -> None:
    """Apply the chosen noises of a stage; those that changed something are noted in the draft."""
    for name in choice.names:
        noise = NOISES[name]
        if noise.stage != stage or draft.layout.name not in noise.layouts or draft.form not in noise.forms:
            continue
        if (choice.is_certain or draft.rng.random() < noise.chance) and noise.apply(draft):
            draft.noise.append(name)
