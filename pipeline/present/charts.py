"""The charts of the quality page, drawn by Altair when the page is written.

Belongs here: from counted rows to drawings in SVG. Does not belong here: counting (quality.py), the page (quality_page.py).

A drawing needs no script and no network, prints sharp, and takes its colours from the page (CSS variables), so that it
follows light and dark. Altair and the converter take long to load: only the process that makes the page imports this module.
"""

import html
import re
from collections.abc import Callable, Iterable

import altair as alt
import vl_convert
from markupsafe import Markup

from pipeline.present.quality import Rows

WIDTH = 400
STEP = 22
YEAR_STEP = 46
LABELS = 200
GROWS = 1.25
"""So much wider than drawn a chart may be shown; narrower than drawn as the screen asks."""
FORMS = ("narrative", "2014", "regional", "2019", "2021", "mixed")  # in the order of time
REFUSALS = ("unreadable", "missing", "unrecoverable")
OUTCOMES = (
    "granted",
    "partly granted",
    "denied",
    "could not be provided",
    "not processed",
    "otherwise ended",
)
LEVELS = ("national", "province", "city", "county", "township", "unknown")
_COLOURS = [f"var(--c{number})" for number in range(1, 7)]
_CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": "var(--ink)",
        "labelFontSize": 11,
        "orient": "top",
        "title": None,
        "columns": 3,
        "columnPadding": 16,
        "symbolType": "square",
        "labelLimit": 200,
    },
}
_VALUE_MARK = re.compile(r'<path aria-label="([^"]*)"([^>]*)/>')


def coverage_by_form(rows: Rows, years: list[str]) -> str:
    """Reports by year, in the colours of their forms."""
    ranked: Rows = [row | {"rank": FORMS.index(str(row["form"]))} for row in rows]
    chart = (
        alt.Chart(_data(ranked))
        .mark_bar()
        .encode(
            x=_year_axis(years),
            y=alt.Y("sum(reports):Q", title="reports", axis=alt.Axis(tickMinStep=1, tickCount=5)),
            color=_colour("form", FORMS, {str(row["form"]) for row in rows}, (0, 1, 2, 3, 5, 4)),
            order=alt.Order("rank:Q"),
        )
    )
    return _drawn(chart.properties(width=WIDTH, height=230), "Reports by year and form")


def coverage_by_level(rows: Rows, years: list[str]) -> str:
    """How many reports there are of each level of government and year: a number in every field."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        place = (str(row["year"]), str(row["level"]))
        sums[place] = sums.get(place, 0) + int(str(row["reports"]))
    counted: Rows = [{"year": year, "level": level, "reports": reports} for (year, level), reports in sums.items()]
    levels = [level for level in LEVELS if any(row["level"] == level for row in counted)]
    base = alt.Chart(_data(counted)).encode(x=_year_axis(years), y=alt.Y("level:N", sort=levels, title=None))
    return _drawn(
        _field(base, "reports").properties(width=WIDTH, height=STEP * 1.4 * len(levels) + 30),
        "Reports by year and level of government",
    )


def refused_by_layout(rows: Rows) -> str:
    """The share of cells that were refused, for each layout of tables."""
    refused = [row for row in rows if row["state"] in REFUSALS]
    layouts = sorted({str(row["layout"]) for row in rows})
    whole: Rows = [{"layout": layout, "state": REFUSALS[0], "share": 0, "cells": 0} for layout in layouts]
    chart = (
        alt.Chart(_data([*refused, *whole]))
        .mark_bar()
        .encode(
            x=alt.X("sum(share):Q", title="share of the layout's cells", axis=alt.Axis(format=".2~p", tickCount=5)),
            y=alt.Y("layout:N", sort=layouts, title=None),
            color=_colour("state", REFUSALS, set(REFUSALS), (5, 1, 0)),
        )
    )
    return _drawn(chart.properties(width=WIDTH, height=STEP * len(layouts) + 70), "Refused cells by layout")


def failed_by_check(rows: Rows, years: list[str]) -> str:
    """In how many reports of a year each check failed; the stronger the colour, the larger the share of those assessed."""
    shown: Rows = [row | {"check": row["label_en"]} for row in rows]
    checks = list(dict.fromkeys(str(row["check"]) for row in shown))
    base = alt.Chart(_data(shown)).encode(
        x=_year_axis(years), y=alt.Y("check:N", sort=checks, title=None, axis=alt.Axis(labelLimit=190))
    )
    return _drawn(
        _field(base, "failed", "share").properties(
            width=LABELS + YEAR_STEP * len(years), height=STEP * len(checks) + 30
        ),
        "Reports in which a check failed, by check and year",
        keep_width=True,
    )


def outcome_shares(rows: Rows, years: list[str]) -> str:
    """How handled requests ended, as shares of all that were handled in a year."""
    ranked: Rows = [row | {"rank": OUTCOMES.index(str(row["outcome"]))} for row in rows]
    chart = (
        alt.Chart(_data(ranked))
        .mark_bar()
        .encode(
            x=_year_axis(years),
            y=alt.Y(
                "sum(share):Q", title="of handled requests", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
            color=_colour("outcome", OUTCOMES, set(OUTCOMES), (2, 0, 5, 3, 1, 4)),
            order=alt.Order("rank:Q"),
        )
    )
    return _drawn(chart.properties(width=WIDTH, height=260), "How handled requests ended, by year")


def _data(rows: Iterable[dict[str, object]]) -> alt.Data:
    return alt.Data(  # type: ignore[no-untyped-call]
        values=[dict(row) for row in rows]
    )


def _year_axis(years: list[str]) -> alt.X:
    return alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(domain=years),
        axis=alt.Axis(labelAngle=0, labelOverlap="parity", ticks=False, domain=False),
    )


def _colour(
    name: str, order: tuple[str, ...], there: set[str], which: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
) -> alt.Color:
    """The same name has the same colour whatever else is there."""
    domain = [(word, _COLOURS[which[place]]) for place, word in enumerate(order) if word in there]
    return alt.Color(
        f"{name}:N", scale=alt.Scale(domain=[word for word, _ in domain], range=[colour for _, colour in domain])
    )


def _field(base: alt.Chart, count: str, strength: str | None = None) -> alt.LayerChart:
    """Numbers on a field; colour by opacity, weak enough that the number stays readable on it."""
    opacity = alt.Opacity(f"{strength or count}:Q", scale=alt.Scale(range=[0.04, 0.6], domainMin=0), legend=None)
    squares = base.mark_rect(color="var(--accent)").encode(opacity=opacity)
    numbers = base.mark_text(color="var(--ink)", fontSize=11).encode(text=alt.Text(f"{count}:Q", format=",d"))
    return alt.layer(squares, numbers)  # type: ignore[return-value]


def _drawn(chart: alt.Chart | alt.LayerChart, name: str, *, keep_width: bool = False) -> str:
    """SVG with a name for those who cannot see it, and for every mark its values, shown under the pointer.

    With `keep_width` it is never shown narrower than drawn: it scrolls.
    """
    drawing = chart.to_dict(validate=False) | {"config": _CONFIG, "autosize": {"type": "fit", "contains": "padding"}}
    svg = vl_convert.vegalite_to_svg(drawing)
    svg = _VALUE_MARK.sub(r'<path aria-label="\1"\2><title>\1</title></path>', svg)
    width = int(drawing["width"])
    size = f"max-width:{width * GROWS:.0f}px;" + (f"min-width:{width}px" if keep_width else "")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(name)}" style="{size}" ', 1)


CHARTS: dict[str, Callable[..., str]] = {
    "forms": coverage_by_form,
    "levels": coverage_by_level,
    "layouts": refused_by_layout,
    "checks": failed_by_check,
    "outcomes": outcome_shares,
}


def load_engine() -> None:
    """Loads what the first chart would wait for."""
    outcome_shares([{"year": "2020", "outcome": "granted", "share": 1.0}], ["2020"])


def draw(charts: dict[str, list[object]]) -> dict[str, Markup]:
    """The charts of CHARTS, each with its arguments."""
    return {name: Markup(CHARTS[name](*arguments)) for name, arguments in charts.items()}
