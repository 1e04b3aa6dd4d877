"""One report, drawn beside the lines of its source.

Belongs here: drawing a report's metadata, sections, tables, refused cells, statements and failed checks. Does not belong here:
finding it (find.py), arguments (assets/command.py), the facts.
"""

import bisect
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.box import SIMPLE
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.present.database import open_dataset
from pipeline.present.find import find_reports
from pipeline.present.query import draw_rows
from pipeline.present.words import show_value
from schemas import forms

Lines = Callable[[int | None, int | None], str]
Cell = tuple[object, ...]

_ORDER = "case table_key when 'active_disclosure' then 1 when 'applications' then 2 when 'disputes' then 3 else 4 end"
_STATE_MARKS = {"blank": "·", "missing": "∅", "unrecoverable": "✗"}
_METADATA = (
    "title", "body_name", "body_name_source", "body_kind", "admin_level", "province", "city", "county", "township",
    "report_year", "report_year_source", "period_start", "period_end", "signed_on", "published_on", "template", "layout",
    "is_current", "report_id",
)  # fmt: skip


def draw_report(name: str, out: Path) -> Iterator[RenderableType]:
    """Everything extracted from one report. `name`: a report_id, a path in RAW (or its end), or a file on disk.

    Raises GongkaiError if the dataset has no such report.
    """
    with open_dataset(out) as connection:
        for report_id in find_reports(connection, name):
            yield from _report(connection, report_id)


def _report(connection: duckdb.DuckDBPyConnection, report_id: str) -> Iterator[RenderableType]:
    text = connection.execute(
        "select string_agg(body, '' order by section_no) from sections where report_id = ?", [report_id]
    ).fetchall()[0][0]
    breaks = [place for place, character in enumerate(text or "") if character == "\n"]

    def lines(start: int | None, end: int | None) -> str:
        if start is None or end is None:
            return ""
        first, last = bisect.bisect_left(breaks, start) + 1, bisect.bisect_left(breaks, max(start, end - 1)) + 1
        return str(first) if first == last else f"{first}–{last}"

    yield _metadata(connection, report_id)
    yield from _sections(connection, report_id, lines)
    tables = connection.execute(
        f"select table_key, sub_table, template, layout, state, cells_expected, cells_reported, char_start, char_end "
        f"from tables where report_id = ? order by {_ORDER}, char_start",
        [report_id],
    ).fetchall()
    cells = connection.execute(
        "select table_key, row_key, column_key, value, value_state, raw_text, row_label, column_label, char_start, char_end, unit "
        "from cells where report_id = ? order by rowid",
        [report_id],
    ).fetchall()
    for key, sub_table, template, layout, state, expected, reported, start, end in tables:
        mine = [cell for cell in cells if cell[0] == key and (sub_table is None or start <= (cell[8] or start) < end)]
        title = Text(f"{key} {sub_table or ''}".strip(), style="bold")
        title.append(
            f"  form {template}, {layout}, {state}, {reported} of {expected} cells, lines {lines(start, end)}",
            "not bold dim",
        )
        yield title
        yield _grid(connection, mine, template, key, sub_table, lines)
    yield from _refused(cells, lines)
    yield from _statements(connection, report_id, lines)
    yield from _failed(connection, report_id)


def _metadata(connection: duckdb.DuckDBPyConnection, report_id: str) -> Table:
    relation = connection.execute(
        "select r.*, string_agg(path || ' (' || status || ')', ', ' order by path) as files from reports r "
        "join files using (file_id) where report_id = ? group by all",
        [report_id],
    )
    row = dict(zip([column[0] for column in relation.description or ()], relation.fetchall()[0], strict=True))
    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name in ("files", *_METADATA):
        if row.get(name) is not None:
            table.add_row(name, Text(show_value(row[name])))
    return table


def _sections(connection: duckdb.DuckDBPyConnection, report_id: str, lines: Lines) -> Iterator[RenderableType]:
    rows = connection.execute(
        "select char_start, char_end, section_key, heading from sections where report_id = ? order by section_no",
        [report_id],
    ).fetchall()
    yield Text("sections", style="bold")
    yield draw_rows(["lines", "section", "heading"], [(lines(start, end), key, head) for start, end, key, head in rows])


def _grid(
    connection: duckdb.DuckDBPyConnection,
    cells: list[Cell],
    template: str,
    key: str,
    sub_table: str | None,
    lines: Lines,
) -> Table:
    """Rows as printed, columns in the order of the form."""
    members = connection.execute(
        "select row_key, column_key, column_label_zh, row_label_zh from dim_cells where template = ? and table_key = ? "
        "and (?::varchar is null or row_group = ?) order by position",
        [template, key, sub_table, sub_table],
    ).fetchall()
    rows = {row_key: label for row_key, _, _, label in members}
    columns = {column: label.removeprefix(forms.ORGANISATIONS) for _, column, label, _ in members}
    shown = [cell for cell in cells if cell[1] in rows or str(cell[1]).startswith("x_")]
    table = Table(box=SIMPLE, pad_edge=False, header_style="")
    table.add_column("lines", style="dim", justify="right")
    table.add_column("row", overflow="fold", max_width=44)
    for label in columns.values():
        table.add_column(label, justify="right", overflow="fold")
    by_row: dict[object, dict[object, Cell]] = {}
    for cell in shown:
        by_row.setdefault(cell[1], {})[cell[2]] = cell
    for row_key, row in by_row.items():
        first = next(iter(row.values()))
        starts = [cell[8] for cell in row.values() if cell[8] is not None]
        ends = [cell[9] for cell in row.values() if cell[9] is not None]
        where = lines(min(starts), max(ends)) if starts else ""  # type: ignore[type-var,arg-type]
        label = " ".join(str(first[6] or rows.get(str(row_key)) or row_key).split())
        table.add_row(
            where, Text(show_value(label)), *(_cell(row[column]) if column in row else "" for column in columns)
        )
    return table


def _cell(cell: Cell) -> Text:
    value, state, raw = cell[3], cell[4], show_value(cell[5])
    if state == "reported":
        assert isinstance(value, Decimal)
        words = show_value(value)
        plain = raw.replace(",", "").strip()
        return Text(words if plain == words else f"{words} ← {raw}")
    if state == "placeholder":
        return Text(raw, style="dim")
    if state == "unreadable":
        return Text(f"? {raw}", style="red")
    return Text(_STATE_MARKS[str(state)], style="red" if state != "blank" else "dim")


def _refused(cells: list[Cell], lines: Lines) -> Iterator[RenderableType]:
    refused = [cell for cell in cells if cell[4] in ("unreadable", "missing", "unrecoverable")]
    if not refused:
        return
    yield Text("refused cells", style="bold")
    rows = [
        (cell[4], f"{cell[0]}/{cell[1]}/{cell[2]}", cell[5], lines(cell[8], cell[9]))  # type: ignore[arg-type]
        for cell in refused[:50]
    ]
    yield draw_rows(["state", "cell", "as printed", "lines"], rows)
    if len(refused) > 50:
        yield Text(f"and {len(refused) - 50} more", style="dim")


def _statements(connection: duckdb.DuckDBPyConnection, report_id: str, lines: Lines) -> Iterator[RenderableType]:
    rows = connection.execute(
        "select statement_no, metric_key, value, value_text || coalesce(' ' || unit, '') as printed, subject, "
        "concat_ws(', ', case when is_zero_phrase then 'in words' end, case when is_approximate then 'about' end, "
        "case when is_cumulative then 'cumulative' end, case when is_plan then 'plan' end, "
        "'part of ' || parent_statement_no, 'of ' || refers_to_year) as notes, char_start, char_end "
        "from statements where report_id = ? order by statement_no",
        [report_id],
    ).fetchall()
    if not rows:
        return
    yield Text("statements of the prose", style="bold")
    shown = [(number, lines(start, end), *facts) for number, *facts, start, end in rows]
    yield draw_rows(["no", "lines", "metric", "value", "printed", "counted", "notes"], shown)


def _failed(connection: duckdb.DuckDBPyConnection, report_id: str) -> Iterator[RenderableType]:
    rows = connection.execute(
        "select severity, label_en as check, concat_ws('/', table_key, row_key, column_key) as at, left_value as left, "
        "right_value as right, detail from checks join dim_checks using (check_key, severity) "
        "where report_id = ? and outcome = 'fail' order by severity, check_key, 3",
        [report_id],
    ).fetchall()
    yield Text("failed checks" if rows else "no check failed", style="bold")
    if rows:
        yield draw_rows(["severity", "check", "at", "left", "right", "detail"], rows)
