"""The charts of the quality page, drawn when the page is written.

Belongs here: from counted rows to drawings in SVG. Does not belong here: counting (quality.py), the page (quality_page.py).

A drawing needs no script and no network, prints sharp, and takes its colours from the page (CSS variables), so that it
follows light and dark. Charts are written in Vega-Lite, whose engine takes a second to load: only the process that makes the
page imports this module.
"""

import html
import re
from collections.abc import Callable

import vl_convert
from markupsafe import Markup

from pipeline.present.quality import Rows

Encoding = dict[str, object]
"""Of Vega-Lite: what stands on which axis and in which colour."""
WIDTH = 400
STEP = 22
GROWS = 1.25
"""So much wider than drawn a chart may be shown; narrower as the screen asks."""
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
    drawing = {
        "x": _year_axis(years),
        "y": _sum("reports", "reports", {"tickMinStep": 1, "tickCount": 5}),
        "color": _colour("form", FORMS, {str(row["form"]) for row in rows}, (0, 1, 2, 3, 5, 4)),
        "order": {"field": "rank", "type": "quantitative"},
    }
    return _drawn(ranked, drawing, 230, "Reports by year and form")


def refused_by_layout(rows: Rows) -> str:
    """The share of cells that were refused, for each layout of tables."""
    refused = [row for row in rows if row["state"] in REFUSALS]
    layouts = sorted({str(row["layout"]) for row in rows})
    whole: Rows = [{"layout": layout, "state": REFUSALS[0], "share": 0, "cells": 0} for layout in layouts]
    drawing = {
        "x": _sum("share", "share of the layout's cells", {"format": ".2~p", "tickCount": 5}),
        "y": {"field": "layout", "type": "nominal", "sort": layouts, "title": None},
        "color": _colour("state", REFUSALS, set(REFUSALS), (5, 1, 0)),
    }
    return _drawn([*refused, *whole], drawing, STEP * len(layouts) + 70, "Refused cells by layout")


def outcome_shares(rows: Rows, years: list[str]) -> str:
    """How handled requests ended, as shares of all that were handled in a year."""
    ranked: Rows = [row | {"rank": OUTCOMES.index(str(row["outcome"]))} for row in rows]
    drawing = {
        "x": _year_axis(years),
        "y": _sum("share", "of handled requests", {"format": "%"}) | {"scale": {"domain": [0, 1]}},
        "color": _colour("outcome", OUTCOMES, set(OUTCOMES), (2, 0, 5, 3, 1, 4)),
        "order": {"field": "rank", "type": "quantitative"},
    }
    return _drawn(ranked, drawing, 260, "How handled requests ended, by year")


def _year_axis(years: list[str]) -> Encoding:
    axis = {"labelAngle": 0, "labelOverlap": "parity", "ticks": False, "domain": False}
    return {"field": "year", "type": "ordinal", "title": None, "scale": {"domain": years}, "axis": axis}


def _sum(field: str, title: str, axis: Encoding) -> Encoding:
    return {"aggregate": "sum", "field": field, "type": "quantitative", "title": title, "axis": axis}


def _colour(
    name: str, order: tuple[str, ...], there: set[str], which: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
) -> Encoding:
    """The same name has the same colour whatever else is there."""
    domain = [(word, _COLOURS[which[place]]) for place, word in enumerate(order) if word in there]
    scale = {"domain": [word for word, _ in domain], "range": [colour for _, colour in domain]}
    return {"field": name, "type": "nominal", "scale": scale}


def _drawn(rows: Rows, encoding: Encoding, height: float, name: str) -> str:
    """Bars as SVG, with a name for those who cannot see them, and for every bar its values, shown under the pointer."""
    chart = {
        "data": {"values": rows},
        "mark": "bar",
        "encoding": encoding,
        "width": WIDTH,
        "height": height,
        "config": _CONFIG,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    svg = vl_convert.vegalite_to_svg(chart)
    svg = _VALUE_MARK.sub(r'<path aria-label="\1"\2><title>\1</title></path>', svg)
    size = f"max-width:{WIDTH * GROWS:.0f}px"
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(name)}" style="{size}" ', 1)


CHARTS: dict[str, Callable[..., str]] = {
    "forms": coverage_by_form,
    "layouts": refused_by_layout,
    "outcomes": outcome_shares,
}


def load_engine() -> None:
    """Loads what the first chart would wait for."""
    outcome_shares([{"year": "2020", "outcome": "granted", "share": 1.0}], ["2020"])


def draw(charts: dict[str, list[object]]) -> dict[str, Markup]:
    """The charts of CHARTS, each with its arguments."""
    return {name: Markup(CHARTS[name](*arguments)) for name, arguments in charts.items()}
