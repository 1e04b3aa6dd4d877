"""Everything that the dataset says of some reports, ready to be drawn.

Belongs here: reading reports, their text, tables, cells, statements, indicators and checks, each with one query for all reports asked
for, and which cells make up which printed table. Does not belong here: drawing (report_page.py), finding a report (find.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

Row = dict[str, object]

REFUSED = ("unreadable", "missing", "unrecoverable")
_ORDER = "case table_key when 'active_disclosure' then 1 when 'applications' then 2 when 'disputes' then 3 else 4 end"
_REPORTS = """
select r.*, f.files, f.parser_version from reports r join (
    select file_id, any_value(parser_version) as parser_version,
        list({'path': path, 'status': status, 'reason': reason} order by status = 'removed', path) as files
    from files where file_id is not null group by file_id) f using (file_id)
where report_id in (select unnest($ids))
"""
_TEXT = """
select report_id, string_agg(body, '' order by section_no) as words from sections
where report_id in (select unnest($ids)) group by 1
"""
_SECTIONS = """
select report_id, section_no, level, section_key, heading, char_start from sections
where report_id in (select unnest($ids)) and heading is not null order by report_id, section_no
"""
_TABLES = f"select * from tables where report_id in (select unnest($ids)) order by report_id, {_ORDER}, char_start"
_CELLS = f"""
select c.*, d.row_group, d.row_label_zh, d.column_label_zh, d.row_label_en, d.column_label_en
from cells c left join dim_cells d using (template, table_key, row_key, column_key)
where report_id in (select unnest($ids))
order by report_id, {_ORDER}, d.position nulls last, c.char_start nulls last, row_key, column_key
"""
_CHECKS = """
select k.*, d.label_zh, d.label_en, d.description_en, d.formula from checks k left join dim_checks d using (check_key)
where report_id in (select unnest($ids)) and outcome = 'fail'
order by report_id, case k.severity when 'error' then 1 when 'warning' then 2 else 3 end, check_key, table_key, row_key,
    column_key
"""
_OUTCOMES = (
    "select report_id, outcome, count(*) as checks from checks where report_id in (select unnest($ids)) group by all"
)
_STATEMENTS = """
select s.*, m.label_zh, m.label_en from statements s left join dim_metrics m using (metric_key)
where report_id in (select unnest($ids)) order by report_id, statement_no
"""
_INDICATORS = """
select i.*, d.label_zh, d.label_en, d.description_en, d.note from indicators i left join dim_indicators d using (indicator_key)
where report_id in (select unnest($ids)) order by report_id, indicator_key
"""


@dataclass
class PrintedTable:
    """One statutory table or sub-table as found: its row of `tables`, and its cells in the order of the form."""

    table: Row
    cells: list[Row] = field(default_factory=list)


@dataclass
class ReportFacts:
    """One report: its row of `reports` with its files, its text, and what was read from it."""

    report: Row
    text: str
    sections: list[Row] = field(default_factory=list)
    tables: list[PrintedTable] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    failed: list[Row] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)


def read_facts(connection: duckdb.DuckDBPyConnection, report_ids: Iterable[str]) -> list[ReportFacts]:
    """The facts of these reports, in this order. Every report_id must be in the dataset."""
    ids = list(report_ids)
    texts = {str(row["report_id"]): str(row["words"] or "") for row in _rows(connection, _TEXT, ids)}
    facts = {
        str(row["report_id"]): ReportFacts(row, texts.get(str(row["report_id"]), ""))
        for row in _rows(connection, _REPORTS, ids)
    }
    for row in _rows(connection, _SECTIONS, ids):
        facts[str(row["report_id"])].sections.append(row)
    for row in _rows(connection, _TABLES, ids):
        facts[str(row["report_id"])].tables.append(PrintedTable(row))
    for row in _rows(connection, _CELLS, ids):
        _table_of(row, facts[str(row["report_id"])].tables).cells.append(row)
    for row in _rows(connection, _CHECKS, ids):
        facts[str(row["report_id"])].failed.append(row)
    for row in _rows(connection, _OUTCOMES, ids):
        facts[str(row["report_id"])].outcomes[str(row["outcome"])] = int(str(row["checks"]))
    if has_table(connection, "statements"):
        for row in _rows(connection, _STATEMENTS, ids):
            facts[str(row["report_id"])].statements.append(row)
    if has_table(connection, "indicators"):
        for row in _rows(connection, _INDICATORS, ids):
            facts[str(row["report_id"])].indicators.append(row)
    return [facts[report_id] for report_id in ids]


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the dataset has a table or view of this name: an older one may lack the newer tables."""
    return bool(connection.execute("select 1 from information_schema.tables where table_name = ?", [name]).fetchall())


def rows_of(table: PrintedTable) -> tuple[list[str], list[tuple[str, dict[str, Row]]]]:
    """A table as it is printed: column keys in the order of the form, and (row key, cells by column key) for each row."""
    columns = list(dict.fromkeys(str(cell["column_key"]) for cell in table.cells))
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    for cell in table.cells:
        rows[str(cell["row_key"])][str(cell["column_key"])] = cell
    return columns, list(rows.items())


def _rows(connection: duckdb.DuckDBPyConnection, query: str, ids: list[str]) -> list[Row]:
    relation = connection.execute(query, {"ids": ids})
    names = [column[0] for column in relation.description or ()]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _table_of(cell: Row, tables: list[PrintedTable]) -> PrintedTable:
    """The table that a cell stands in: by the form, and for a row that the form does not have by its place."""
    mine = [table for table in tables if table.table["table_key"] == cell["table_key"]]
    for table in mine:
        if cell["row_group"] is not None and table.table["sub_table"] == cell["row_group"]:
            return table
    start = cell["char_start"]
    for table in mine:
        if isinstance(start, int) and int(str(table.table["char_start"])) <= start < int(str(table.table["char_end"])):
            return table
    return mine[0]
