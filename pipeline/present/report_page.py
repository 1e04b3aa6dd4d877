"""The page of one report: its text beside what was read from it, tied together word by word.

Belongs here: which facts are on the page, how they are worded, where each has its words. Does not belong here: reading
them (facts.py), cutting the text (highlight.py), markup (templates/report.html).
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
from markupsafe import Markup

from pipeline.errors import GongkaiError
from pipeline.present.database import open_dataset
from pipeline.present.facts import REFUSED, PrintedTable, ReportFacts, Row, read_facts, rows_of
from pipeline.present.find import find_reports
from pipeline.present.highlight import Mark, cut
from pipeline.present.pages import escaped, render, shortened, write_page
from pipeline.present.words import show_value
from pipeline.state.folders import REPORTS, reports_folder
from schemas import forms
from schemas.series import CellKey, all_series

_METADATA = (
    "body_name", "body_kind", "admin_level", "scope", "province", "city", "county", "township", "region_code",
    "township_code", "body_id", "report_year", "period_start", "period_end", "signed_on", "published_on", "template",
    "layout", "is_current", "source_url", "fetched_at",
)  # fmt: skip
# Whose words stand in the text as they are, so that the first place where they stand can be shown.
_VERBATIM = ("title", "body_name")
_STATES = {
    "blank": "the cell is there and empty",
    "placeholder": "a sign or word stands there instead of a number",
    "unreadable": "no number, or more than one reading",
    "missing": "the table is there, this cell is not",
    "unrecoverable": "repeated lines were lost before the text reached us, so the words left cannot be assigned to a cell",
}
_COMPARED = {
    "exact": "the same definition in the newest form that has it",
    "close": "the definition drifted since: use a dummy at the break",
    "partial": "only sums compare with newer forms, and roughly",
}
_SIGNS = {"blank": "·", "missing": "∅", "unrecoverable": "✗"}


def write_report_pages(name: str, out: Path) -> list[Path]:
    """Writes OUT/reports/<report_id>.html for the one file or report that is meant (as in `gongkai show`).

    The pages lie with the current build, so they are gone when another one takes its place: a page never shows anything
    but what the dataset beside it says. Raises GongkaiError if there is no such report, or no room for its page.
    """
    with open_dataset(out) as connection:
        report_ids = find_reports(connection, name)
        try:
            folder = reports_folder(out)
        except OSError as error:
            raise GongkaiError(f"cannot write {out / REPORTS}: {error.strerror}") from None
        write_pages(connection, report_ids, folder)
    return [folder / f"{report_id}.html" for report_id in report_ids]


def write_pages(connection: duckdb.DuckDBPyConnection, report_ids: list[str], folder: Path) -> None:
    """Writes the pages of these reports into a folder."""
    if not report_ids:
        return
    for facts in read_facts(connection, report_ids):
        write_page(folder / f"{facts.report['report_id']}.html", report_page(facts))


def report_page(facts: ReportFacts) -> str:
    """The page as HTML."""
    report = facts.report
    marks: list[Mark] = []
    tables = [_table(number, table, marks) for number, table in enumerate(facts.tables, 1)]
    statements = [_statement(row, marks) for row in facts.statements]
    metadata = _metadata(facts, marks)
    return render(
        "report.html",
        title=show_value(report["title"]) or "a report without title",
        name=shortened(report["title"] or report["body_name"] or "a report without title"),
        report_id=str(report["report_id"]),
        file_id=str(report["file_id"]),
        parser_version=str(report["parser_version"]),
        files=report["files"],
        metadata=metadata,
        sections=[row | {"anchor": f"h{row['section_no']}"} for row in facts.sections],
        tables=tables,
        states=[(state, _SIGNS.get(state, ""), words) for state, words in _STATES.items()],
        statements=statements,
        indicators=[_indicator(row, facts) for row in sorted(facts.indicators, key=_series_order)],
        compared=_COMPARED,
        failed=[_check(row, facts.tables) for row in facts.failed],
        outcomes=facts.outcomes,
        refused=sum(cell["value_state"] in REFUSED for table in facts.tables for cell in table.cells),
        source=_source(facts, marks),
    )


def _table(number: int, printed: PrintedTable, marks: list[Mark]) -> dict[str, object]:
    """A printed table; every cell learns the key under which the page knows it."""
    columns, rows = rows_of(printed)
    labels = {str(cell["column_key"]): _column_label(cell) for cell in reversed(printed.cells)}
    return printed.table | {
        "anchor": f"t{number}",
        "columns": [labels[key] for key in columns],
        "rows": [
            {
                "label": _row_label(key, next(iter(cells.values()))),
                "english": show_value(next(iter(cells.values()))["row_label_en"]),
                "cells": [
                    _cell(f"c{number}-{position}-{place}", cells[column], marks) if column in cells else None
                    for place, column in enumerate(columns, 1)
                ],
            }
            for position, (key, cells) in enumerate(rows, 1)
        ],
    }


def _column_label(cell: Row) -> str:
    label = cell["column_label_zh"] or cell["column_label"] or cell["column_key"]
    return str(label).removeprefix(forms.ORGANISATIONS)


def _row_label(key: str, cell: Row) -> str:
    """As printed; as the form words it where the label was not found."""
    return " ".join(show_value(cell["row_label"] or cell["row_label_zh"] or key).split())


def _cell(key: str, cell: Row, marks: list[Mark]) -> dict[str, object]:
    state, raw = str(cell["value_state"]), show_value(cell["raw_text"])
    words = show_value(cell["value"])
    cell["key"] = key
    if state != "reported":
        words = _SIGNS.get(state) or " ".join(raw.split()) or "?"
    has_words = _mark(key, cell, marks)
    told = f"{state}: {_STATES[state]}" if state in _STATES else ""
    if state == "reported" and raw.replace(",", "").strip() != words:
        told = f"printed as {' '.join(raw.split())}"
    return cell | {"words": shortened(words, 60), "state": state, "told": told, "has_words": has_words}


def _statement(row: Row, marks: list[Mark]) -> dict[str, object]:
    key = f"s{row['statement_no']}"
    return row | {"key": key, "has_words": _mark(key, row, marks)}


def _indicator(row: Row, facts: ReportFacts) -> dict[str, object]:
    """A series of this report, with the cells or the sentence that its value was taken from: as keys of this page.

    The same rule as in pipeline/harmonise.py finds them: the cells of one form that add up to the value, or the figure of
    the prose that says it. Where neither is found the value stands without a link.
    """
    keys: list[str] = []
    if row["source"] == "statement":
        said = (s for s in facts.statements if s["metric_key"] == _metric_of(row) and s["value"] == row["value"])
        keys = [f"s{s['statement_no']}" for s in said][:1]
    else:
        cells = {_place(cell): cell for table in facts.tables for cell in table.cells}
        for places in _cells_of(row):
            found = [cells[place] for place in places if place in cells]
            values = [cell["value"] for cell in found if isinstance(cell["value"], Decimal)]
            if len(values) == len(places) and sum(values) == row["value"]:
                keys = [str(cell["key"]) for cell in found]
                break
    told = {
        "table": "one cell",
        "derived": f"sum of {len(keys)} cells" if keys else "sum of cells",
        "statement": "a sentence",
    }
    return row | {"keys": " ".join(keys), "target": keys[0] if keys else "", "from": told[str(row["source"])]}


def _series_order(row: Row) -> int:
    return [series.key for series in all_series()].index(str(row["indicator_key"]))


def _metric_of(row: Row) -> str | None:
    return next((series.statement_metric for series in all_series() if series.key == row["indicator_key"]), None)


def _cells_of(row: Row) -> Iterator[list[CellKey]]:
    """The cells of each form that the indicator is taken from, the newest form first; last a row of a province's own table."""
    for series in all_series():
        if series.key == row["indicator_key"]:
            yield from (list(series.cells[form]) for form in sorted(series.cells, reverse=True))
            if series.statement_metric:
                yield [("statistics_regional", series.statement_metric, "this_year")]


def _place(cell: Row) -> CellKey:
    return str(cell["table_key"]), str(cell["row_key"]), str(cell["column_key"])


def _mark(key: str, row: Row, marks: list[Mark]) -> bool:
    start, end = row["char_start"], row["char_end"]
    if not isinstance(start, int) or not isinstance(end, int):
        return False
    marks.append(Mark(key, start, end))
    return True


def _metadata(facts: ReportFacts, marks: list[Mark]) -> list[dict[str, object]]:
    """What is known of the report, each with the words or the kind of place that it comes from."""
    rows: list[dict[str, object]] = []
    for name in ("title", *_METADATA):
        value = facts.report.get(name)
        if value is None or value == "unknown":
            continue
        source = facts.report.get(f"{name}_source") or (
            facts.report.get("region_source") if name in ("province", "region_code") else None
        )
        words = show_value(value)
        place = facts.text.find(words) if name in _VERBATIM and words else -1
        if place >= 0:
            marks.append(Mark(f"m-{name}", place, place + len(words)))
        rows.append({"name": name, "value": words, "source": source, "key": f"m-{name}", "has_words": place >= 0})
    return rows


def _check(row: Row, tables: list[PrintedTable]) -> dict[str, object]:
    """A failed check, with the cells of the table, row and column that it names; of the table alone, its place."""
    where = [(name, row[name]) for name in ("table_key", "row_key", "column_key") if row[name] is not None]
    numbers = [number for number, table in enumerate(tables, 1) if table.table["table_key"] == row["table_key"]]
    keys: list[str] = []
    if len(where) > 1:
        cells = [cell for table in tables for cell in table.cells]
        keys = [str(cell["key"]) for cell in cells if all(cell[name] == value for name, value in where)]
    target = keys[0] if keys else f"t{numbers[0]}" if numbers else ""
    return row | {"at": " / ".join(show_value(value) for _, value in where), "keys": " ".join(keys), "target": target}


def _source(facts: ReportFacts, marks: list[Mark]) -> Markup:
    """The text with every fact's words as a link to the fact. Its text content is the report's text, code point for code
    point but for control characters, which have pictures."""
    headings = [
        Mark(f"h{row['section_no']}", row["char_start"], row["char_start"])
        for row in facts.sections
        if isinstance(row["char_start"], int)
    ]
    return Markup("".join(_pieces(facts.text, [*headings, *marks])))


def _pieces(text: str, marks: list[Mark]) -> Iterator[str]:
    """HTML of each piece. Keys are made on this page of letters, digits and hyphens; the words are escaped."""
    for piece in cut(text, marks):
        words = escaped(piece.words)
        if not piece.keys:
            yield words
            continue
        first = piece.begins[0] if piece.begins else ""
        if not piece.words:
            if first.startswith("h"):
                yield f'<span id="{first}"></span>'
            else:
                yield f'<a class="gap" id="w-{first}" href="#{first}" data-i="{first}"></a>'
            continue
        # A piece that continues words which began before is the same link again: one tab stop for a fact is enough.
        place = f' id="w-{first}"' if first else ' tabindex="-1"'
        kind = (first or piece.keys[0])[0]
        html = f'<a{place} href="#{first or piece.keys[0]}" data-i="{" ".join(piece.keys)}" class="{kind}">{words}</a>'
        for key in piece.begins[1:]:
            html = f'<span id="w-{key}">{html}</span>'
        yield html
