"""The looks that differ between two reports of the same layout.

Here belong only the drawn choices (`Style`); what they mean is written where they are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Style:
    """Choices that hold for a whole report.

    `merged` says what stands in the further cells of a merged one (`empty`, `repeat`, `missing`), `pads` whether
    cells merged sideways keep their empty places, `splits_applications` whether the applications table falls in
    two as in one of the seeds, `pipes` how single cells are fenced, `stray_blanks` and `label_blanks` how often
    blanks survive between glued digits and after glued labels, `spaced_disputes` whether the glued row of fifteen
    is spaced out, `wrap` the line width of PDF prose, `middle_values` whether values stand beside the middle line
    of a long label, `inverts` how often a single value precedes its label in column order, `spaces_numbers` whether
    PDF prose has blanks around its figures.
    """

    merged: str
    pads: bool
    splits_applications: bool
    pipes: str
    stray_blanks: float
    label_blanks: float
    spaced_disputes: bool
    wrap: int
    middle_values: bool
    inverts: float
    heading_mark: str
    paragraph_glue: str
    spaces_numbers: bool


def draw_style(rng: Random) -> Style:
    """Draw the looks of one report."""
    return Style(
        merged=rng.choice(("empty", "empty", "repeat", "missing")),
        pads=rng.random() < 0.6,
        splits_applications=rng.random() < 0.5,
        pipes=rng.choice(("after_each", "between", "suffix")),
        stray_blanks=rng.choice((0.0, 0.0, 0.01, 0.15)),
        label_blanks=rng.choice((0.0, 0.03, 0.9)),
        spaced_disputes=rng.random() < 0.2,
        wrap=rng.choice((27, 28, 30, 32)),
        middle_values=rng.random() < 0.5,
        inverts=rng.choice((0.0, 0.5)),
        heading_mark=rng.choice(("", "", "## ")),
        paragraph_glue=rng.choice(("", " ")),
        spaces_numbers=rng.random() < 0.5,
    )
