"""The quality page: one file that shows how far a dataset can be trusted.

    python -m pipeline.present.quality_page < the folder of a build, on one line

Belongs here: putting counts and charts together, and the pages of the reports that it sends the reader to. Does not belong
here: counting (quality.py), drawing (charts.py), markup (templates/quality.html), the process that this runs in (pipeline/aside.py).
"""

from pathlib import Path

from markupsafe import Markup

from pipeline.aside import serve
from pipeline.present.database import open_tables
from pipeline.present.kept_pages import keep_pages, mark_pages
from pipeline.present.pages import render, shortened, write_page
from pipeline.present.quality import LEVELS, MAX_YEARS, SMALL, UNKNOWN, Quality, Rows, last_years, read_quality
from pipeline.present.report_page import write_pages
from pipeline.state.folders import QUALITY_PAGE, REPORTS


def make_quality_page(build: Path) -> Path:
    """Writes quality.html of a build, and reports/<report_id>.html for every report that it names.

    `build` is the folder of a build whose Parquet tables are written.
    """
    (build / REPORTS).mkdir(exist_ok=True)
    with open_tables(build) as connection:
        quality = read_quality(connection)
        needy = [str(row["report_id"]) for row in quality.needy]
        kept = keep_pages(build, needy)
        write_pages(connection, [report_id for report_id in needy if report_id not in kept], build / REPORTS)
    mark_pages(build)
    return write_page(build / QUALITY_PAGE, quality_page(quality, draw_charts(quality)))


def quality_page(quality: Quality, charts: dict[str, Markup]) -> str:
    """The page as HTML."""
    coverage, years = last_years(quality.coverage)
    checks, check_years = last_years(quality.checks)
    check_years.reverse()  # on a phone the first columns are what is seen
    outcomes, outcome_years = last_years([row for row in quality.outcomes if row["year"] != UNKNOWN])
    return render(
        "quality.html",
        statuses=quality.statuses,
        totals=quality.totals,
        share_reported=_share(quality.totals["reported"], quality.totals["cells"]),
        levels=_shaded(_levels(coverage, years)),
        forms=_table(coverage, "year", "form", "reports", years),
        layouts=_layouts(quality.layouts),
        checks=_checks(checks, check_years),
        check_years=check_years,
        outcomes=_table(outcomes, "year", "outcome", "share", outcome_years),
        handled=_handled(outcomes),
        years_cut=len({row["year"] for row in quality.coverage} - {UNKNOWN}) > MAX_YEARS,
        max_years=MAX_YEARS,
        small=SMALL,
        left_out=quality.left_out,
        needy=[row | {"name": shortened(row["title"] or row["body_name"] or row["path"], 80)} for row in quality.needy],
        reasons=[row for row in quality.reasons if row["status"] == "quarantined"],
        charts=charts,
    )


def draw_charts(quality: Quality) -> dict[str, Markup]:
    """The drawings, none of what there is nothing of."""
    from pipeline.present.charts import draw

    coverage, years = last_years(quality.coverage)
    outcomes, outcome_years = last_years([row for row in quality.outcomes if row["year"] != UNKNOWN])
    wanted: dict[str, tuple[Rows, list[object]]] = {
        "forms": (coverage, [coverage, years]),
        "layouts": (quality.layouts, [quality.layouts]),
        "outcomes": (outcomes, [outcomes, outcome_years]),
    }
    return draw({name: arguments for name, (rows, arguments) in wanted.items() if rows})


def _share(part: object, whole: object) -> str:
    """A share in words: never 0 % of something, never 100 % where something is missing."""
    some, all_of_it = int(str(part)), int(str(whole))
    if not all_of_it:
        return "–"
    percent = 100 * some / all_of_it
    if 0 < some < all_of_it:
        percent = min(max(percent, 0.01), 99.99)
    return f"{percent:.2f}".rstrip("0").rstrip(".") + " %"


def _table(rows: Rows, across: str, down: str, value: str, columns: list[str]) -> dict[str, object]:
    """A cross table: the numbers behind a chart."""
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        place = (str(row[down]), str(row[across]))
        sums[place] = sums.get(place, 0) + float(str(row[value]))
    names = list(dict.fromkeys(str(row[down]) for row in rows))
    is_share = value == "share"

    def words(number: float | None) -> str:
        if number is None:
            return ""
        return f"{100 * number:.1f} %" if is_share else f"{number:,.0f}"

    return {
        "columns": columns,
        "rows": [(name, [words(sums.get((name, column))) for column in columns]) for name in names],
    }


def _levels(coverage: Rows, years: list[str]) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Levels of government, and for each year how many reports each has."""
    levels = [level for level in LEVELS if any(row["level"] == level for row in coverage)]
    sums: dict[tuple[object, object], int] = {}
    for row in coverage:
        place = row["year"], row["level"]
        sums[place] = sums.get(place, 0) + int(str(row["reports"]))
    return levels, [(year, [sums.get((year, level), 0) for level in levels]) for year in years]


def _shaded(counted: tuple[list[str], list[tuple[str, list[int]]]]) -> dict[str, object]:
    """A cross table of numbers, each with the strength of its colour: 1 for the largest."""
    columns, rows = counted
    largest = max((number for _, numbers in rows for number in numbers), default=0)
    return {
        "columns": columns,
        "rows": [
            (name, [(f"{number:,}" if number else "", _strength(number, largest)) for number in numbers])
            for name, numbers in rows
        ],
    }


def _strength(value: float, largest: float) -> str:
    """Of a colour, from 0 to 1; what is not nothing can be told from nothing."""
    return f"{max(0.05, value / largest):.2f}" if value and largest else "0"


def _layouts(rows: Rows) -> Rows:
    """One row per layout: cells, and how many of them are in each state."""
    layouts: dict[str, dict[str, object]] = {}
    for row in rows:
        layout = layouts.setdefault(str(row["layout"]), {"layout": row["layout"], "cells": row["of_layout"]})
        layout[str(row["state"])] = row["cells"]
    return list(layouts.values())


def _checks(rows: Rows, years: list[str]) -> Rows:
    """One row per check: in how many reports of each year it failed, of how many that it could be assessed on; and how
    strong a colour that share has."""
    largest = max((float(str(row["share"] or 0)) for row in rows), default=0.0)
    checks: dict[str, dict[str, object]] = {}
    for row in rows:
        check = checks.setdefault(
            str(row["check_key"]),
            {name: row[name] for name in ("check_key", "label_en", "label_zh", "severity")}
            | {"years": dict.fromkeys(years, ("", "", "0"))},
        )
        strength = _strength(float(str(row["share"] or 0)), largest)
        check["years"][str(row["year"])] = (f"{row['failed']:,}", f"{row['assessed']:,}", strength)  # type: ignore[index]
    return list(checks.values())


def _handled(outcomes: Rows) -> list[tuple[str, str, str]]:
    """Year, requests handled, reports: what the shares are of."""
    years = {str(row["year"]): (f"{row['handled']:,.0f}", f"{row['reports']:,}") for row in outcomes}
    return [(year, *counts) for year, counts in years.items()]


def main() -> None:
    """Loads what a page needs, then waits for a build."""
    from pipeline.present.charts import load_engine

    load_engine()
    serve(make_quality_page)


if __name__ == "__main__":
    main()
