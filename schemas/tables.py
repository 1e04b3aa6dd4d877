"""The dictionary: every published table and column, declared once.

Belongs here: names, types, units, nullability, keys and English descriptions. Everything else that knows a
column (Arrow schemas, pandera models, DuckDB comments, docs/data_dictionary.md) is derived from this file and
tests/test_schemas.py fails when one of them drifts. Does not belong here: code that reads or writes data.
"""

from dataclasses import dataclass

VALUE_STATES = ("reported", "blank", "placeholder", "unreadable", "missing", "unrecoverable")
FILE_STATUSES = ("parsed", "partial", "quarantined", "duplicate", "removed")
TEMPLATES = ("2019", "2021", "2014", "regional", "narrative", "mixed")
TABLE_TEMPLATES = ("2019", "2021", "2014", "regional")
TABLE_KEYS = ("active_disclosure", "applications", "disputes", "statistics", "statistics_regional")
TABLE_STATES = ("complete", "incomplete", "unrecoverable", "empty_form")
LAYOUTS = (
    "tab_cell",
    "tab_row",
    "pipe_row",
    "pipe_cell",
    "line_cell",
    "line_deduplicated",
    "space_aligned",
    "one_line",
    "glued",
    "column_major",
    "prose",
)
METHODS = ("grid", "labels", "resolved")
SECTION_KEYS = (
    "overview",
    "active_disclosure",
    "applications",
    "disputes",
    "problems",
    "other",
    "preamble",
    "fees",
    "statistics",
    "secrecy",
    "capacity",
    "response",
    "complaints",
    "inquiries",
    "unclassified",
)
BODY_KINDS = (
    "government",
    "government_office",
    "department",
    "subdistrict",
    "township",
    "development_zone",
    "public_institution",
    "party_body",
    "unknown",
)
ADMIN_LEVELS = ("national", "province", "city", "county", "township", "unknown")
SCOPES = ("own", "whole_region", "unknown")
SEVERITIES = ("error", "warning", "info")
OUTCOMES = ("pass", "pass_blank_as_zero", "fail", "not_assessable")
UNITS = ("件", "项", "条", "次", "个", "人", "人次", "篇", "元")
BODY_NAME_SOURCES = ("title", "compiled_by", "contact", "signature", "breadcrumb")
REPORT_YEAR_SOURCES = ("title", "period", "notice", "overview", "signature")


@dataclass(frozen=True)
class Column:
    """One column. `type` is DuckDB's name; `values` closes the set of allowed values where it is closed."""

    name: str
    type: str
    description: str
    nullable: bool = False
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One published table. `key` names the columns whose combination is unique."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


REPORT_ID = Column(
    "report_id",
    "VARCHAR",
    "First 16 hex digits of file_id, with -2, -3 … for further reports in the same file.",
)
CHAR_START = Column(
    "char_start", "INTEGER", "Where the words begin in the report's text (see sections).", unit="code points"
)
CHAR_END = Column("char_end", "INTEGER", "Where the words end (exclusive) in the report's text.", unit="code points")
OPTIONAL_CHAR_START = Column(
    "char_start",
    "INTEGER",
    "Where the words begin in the report's text; null when there are none.",
    True,
    "code points",
)
OPTIONAL_CHAR_END = Column(
    "char_end", "INTEGER", "Where the words end (exclusive); null when there are none.", True, "code points"
)

FILES = Table(
    "files",
    "One row per raw file ever seen: what became of it and why.",
    ("path", "file_id"),
    (
        Column("file_id", "VARCHAR", "SHA-256 of the file's bytes in hex; null when they cannot be read.", True),
        Column("path", "VARCHAR", "Where the file lies (or lay), relative to the raw folder, with / between folders."),
        Column("size_bytes", "BIGINT", "Size of the file; null when it cannot be read.", True, "bytes"),
        Column("media_type", "VARCHAR", "What the content is (found by looking, not by name).", True),
        Column("encoding", "VARCHAR", "Character encoding the text was decoded with; null when it was not.", True),
        Column(
            "status",
            "VARCHAR",
            "parsed: every cell of every table found was read; partial: some cells are refused; quarantined: nothing "
            "could be read, or no such report; duplicate: same bytes as an earlier path; removed: gone or overwritten.",
            values=FILE_STATUSES,
        ),
        Column("reason", "VARCHAR", "Why the status is not parsed, in words; null when parsed.", True),
        Column("first_seen_at", "TIMESTAMP", "When a build first saw this content at this path.", unit="UTC"),
        Column("parser_version", "VARCHAR", "Version of the parser whose result this is."),
    ),
)

REPORTS = Table(
    "reports",
    "One row per annual report in a file that could be read.",
    ("report_id",),
    (
        REPORT_ID,
        Column("file_id", "VARCHAR", "SHA-256 of the file the report stands in; joins to files."),
        Column(
            "body_id",
            "VARCHAR",
            "The same body over the years; null when the body or its region is unknown (regions are not resolved yet: "
            "always null in this version).",
            True,
        ),
        Column("scope", "VARCHAR", "Whether the figures are the body's own or the whole region's.", values=SCOPES),
        Column("title", "VARCHAR", "Title as printed, inner blanks and line breaks removed; null if none.", True),
        Column("body_name", "VARCHAR", "The body as the report names itself; null when it does not.", True),
        Column(
            "body_name_source", "VARCHAR", "Which words the body name was taken from.", True, values=BODY_NAME_SOURCES
        ),
        Column(
            "body_kind", "VARCHAR", "Kind of body, from its name or from how it speaks of itself.", values=BODY_KINDS
        ),
        Column(
            "admin_level", "VARCHAR", "Level of government; a department takes its government's.", values=ADMIN_LEVELS
        ),
        Column("province", "VARCHAR", "Province (not resolved yet: null in this version).", True),
        Column("city", "VARCHAR", "City or prefecture (not resolved yet: null in this version).", True),
        Column("county", "VARCHAR", "County or district (not resolved yet: null in this version).", True),
        Column("township", "VARCHAR", "Township or subdistrict (not resolved yet: null in this version).", True),
        Column("region_code", "VARCHAR", "6-digit code in force in the report year (not resolved yet: null).", True),
        Column("township_code", "VARCHAR", "9-digit township code (not resolved yet: null in this version).", True),
        Column("report_year", "INTEGER", "The year the report is about; null when its words do not say.", True, "year"),
        Column(
            "report_year_source", "VARCHAR", "Which words the year was taken from.", True, values=REPORT_YEAR_SOURCES
        ),
        Column("period_start", "DATE", "First day of the reporting period as printed.", True),
        Column("period_end", "DATE", "Last day of the reporting period as printed.", True),
        Column("signed_on", "DATE", "Date under the report.", True),
        Column("published_on", "DATE", "Date of publication printed in the page header.", True),
        Column("template", "VARCHAR", "Form its tables follow; mixed: more than one.", values=TEMPLATES),
        Column("layout", "VARCHAR", "How its tables are laid out (docs/layouts.md).", values=LAYOUTS),
        Column("is_current", "BOOLEAN", "The version analysts use for this body and year."),
    ),
)

SECTIONS = Table(
    "sections",
    "The report's text cut into leaf segments: string_agg(body, '' order by section_no) is the whole text.",
    ("report_id", "section_no"),
    (
        REPORT_ID,
        Column("section_no", "INTEGER", "Position of the segment in the report, from 1."),
        Column("level", "INTEGER", "Depth of the heading: 1 for 一、, 2 for （一）; 1 for text before any heading."),
        Column(
            "section_key", "VARCHAR", "What the section is about, by the words of its heading.", values=SECTION_KEYS
        ),
        Column("heading", "VARCHAR", "Heading as printed; null for text before the first heading.", True),
        Column("body", "VARCHAR", "The segment's text, its heading included."),
        CHAR_START,
        CHAR_END,
    ),
)

TABLES = Table(
    "tables",
    "One row per statutory table or sub-table found in a report.",
    ("report_id", "table_key", "sub_table"),
    (
        REPORT_ID,
        Column("table_key", "VARCHAR", "Which table.", values=TABLE_KEYS),
        Column("sub_table", "VARCHAR", "第二十条第（X）项 in active_disclosure, else null.", True),
        Column(
            "template", "VARCHAR", "Form of this (sub-)table, by its printed header and labels.", values=TABLE_TEMPLATES
        ),
        Column("layout", "VARCHAR", "How this table is laid out.", values=LAYOUTS),
        Column("state", "VARCHAR", "complete, incomplete, unrecoverable, or empty_form.", values=TABLE_STATES),
        Column("cells_expected", "INTEGER", "Cells the form has here, locally added rows included.", unit="cells"),
        Column("cells_reported", "INTEGER", "Cells with a number.", unit="cells"),
        CHAR_START,
        CHAR_END,
    ),
)

CELLS = Table(
    "cells",
    "Every cell of every statutory table found, long format.",
    ("report_id", "table_key", "row_key", "column_key"),
    (
        REPORT_ID,
        Column("template", "VARCHAR", "Form the cell belongs to.", values=TABLE_TEMPLATES),
        Column("table_key", "VARCHAR", "Which table.", values=TABLE_KEYS),
        Column("row_key", "VARCHAR", "Row (dim_cells); x_… for a row the form does not have."),
        Column("column_key", "VARCHAR", "Column (dim_cells)."),
        Column("value", "DECIMAL(18,4)", "The number; null unless value_state is reported.", True),
        Column(
            "value_state",
            "VARCHAR",
            "reported: a number is printed, 0 included; blank: the cell is empty; placeholder: / — 无 …; unreadable: no "
            "number, or more than one reading; missing: the table lacks the cell; unrecoverable: lost before it "
            "reached us.",
            values=VALUE_STATES,
        ),
        Column("unit", "VARCHAR", "Unit of value; money always in 元.", values=UNITS),
        Column("raw_text", "VARCHAR", "The cell as printed; null when there is no such cell.", True),
        Column("row_label", "VARCHAR", "Row label as printed; null when it was not found.", True),
        Column("column_label", "VARCHAR", "Column label as printed; null when it was not found.", True),
        OPTIONAL_CHAR_START,
        OPTIONAL_CHAR_END,
        Column(
            "method", "VARCHAR", "How the cell was located: by cell boundaries, labels, or identities.", values=METHODS
        ),
    ),
)

STATEMENTS = Table(
    "statements",
    "Every quantity in the prose outside of the tables, with what it counts (docs/statements.md).",
    ("report_id", "statement_no"),
    (
        REPORT_ID,
        Column("statement_no", "INTEGER", "Position of the statement in the report, from 1."),
        Column("section_key", "VARCHAR", "What the section it stands in is about.", values=SECTION_KEYS),
        Column("metric_key", "VARCHAR", "What it counts (dim_metrics); null when no metric surely fits.", True),
        Column(
            "value",
            "DECIMAL(18,4)",
            "The number, 万 and 亿 multiplied out, money in 元; 0 for a zero phrase; of a range the lower end.",
        ),
        Column("unit", "VARCHAR", "Measure word as printed, % for percentages; null when there is none.", True),
        Column("value_text", "VARCHAR", "The number as printed; for a zero phrase the words that deny (未收到)."),
        Column("subject", "VARCHAR", "The words counted, as far as they stand beside the number.", True),
        Column("sentence", "VARCHAR", "The sentence it stands in."),
        CHAR_START,
        CHAR_END,
        Column("is_zero_phrase", "BOOLEAN", "Said in words that there was none (a printed 0 is a number)."),
        Column("is_approximate", "BOOLEAN", "Printed with 余, 约, 近 and the like, or as a range."),
        Column("is_cumulative", "BOOLEAN", "Said to be counted over more than the year (累计, 以来)."),
        Column("is_plan", "BOOLEAN", "A plan or a wish, no fact; it has no metric."),
        Column("list_is_open", "BOOLEAN", "等 follows: more was counted than is listed."),
        Column(
            "parent_statement_no", "INTEGER", "The total that this is a part of (其中); null when it is of none.", True
        ),
        Column("refers_to_year", "INTEGER", "The year it is about where that is not the report year.", True, "year"),
    ),
)

CHECKS = Table(
    "checks",
    "The form's identities and plausibility rules, evaluated; nothing is repaired.",
    ("report_id", "check_key", "table_key", "row_key", "column_key"),
    (
        REPORT_ID,
        Column("check_key", "VARCHAR", "Which check (dim_checks)."),
        Column("table_key", "VARCHAR", "Table it looks at; null where it has none.", True, values=TABLE_KEYS),
        Column("row_key", "VARCHAR", "Row it looks at; null where it has none.", True),
        Column("column_key", "VARCHAR", "Column it looks at; null where it has none.", True),
        Column("severity", "VARCHAR", "error: the report contradicts itself; warning: suspicious.", values=SEVERITIES),
        Column(
            "outcome",
            "VARCHAR",
            "pass; pass_blank_as_zero: holds if blank addends are 0; fail; not_assessable: a term has no number.",
            values=OUTCOMES,
        ),
        Column("left_value", "DECIMAL(18,4)", "Left side of the identity.", True),
        Column("right_value", "DECIMAL(18,4)", "Right side of the identity.", True),
        Column("difference", "DECIMAL(18,4)", "Left minus right.", True),
        Column("detail", "VARCHAR", "In words, what was found.", True),
    ),
)

DIM_CELLS = Table(
    "dim_cells",
    "What every cell of the national forms means.",
    ("template", "table_key", "row_key", "column_key"),
    (
        Column("template", "VARCHAR", "Form.", values=TABLE_TEMPLATES),
        Column("table_key", "VARCHAR", "Table.", values=TABLE_KEYS),
        Column("row_key", "VARCHAR", "Row."),
        Column("column_key", "VARCHAR", "Column."),
        Column("row_group", "VARCHAR", "Heading the row stands under in the form; null at the top.", True),
        Column("row_label_zh", "VARCHAR", "Row label in the form."),
        Column("column_label_zh", "VARCHAR", "Column label in the form."),
        Column("row_label_en", "VARCHAR", "Row label in English."),
        Column("column_label_en", "VARCHAR", "Column label in English."),
        Column("description_en", "VARCHAR", "What the row counts."),
        Column("unit", "VARCHAR", "Unit of the value.", values=UNITS),
        Column("position", "INTEGER", "Order of the cell within its form and table, from 1."),
    ),
)

DIM_CHECKS = Table(
    "dim_checks",
    "What every check means.",
    ("check_key",),
    (
        Column("check_key", "VARCHAR", "Check."),
        Column("severity", "VARCHAR", "How bad a failure is.", values=SEVERITIES),
        Column("formula", "VARCHAR", "The rule, in keys of dim_cells."),
        Column("per", "VARCHAR", "What one row of checks is about: column, row, cell, report …"),
        Column("label_zh", "VARCHAR", "Name in Chinese."),
        Column("label_en", "VARCHAR", "Name in English."),
        Column("description_en", "VARCHAR", "What it compares and when a failure is legitimate."),
        Column("evaluated", "BOOLEAN", "Whether this version evaluates it."),
    ),
)

DIM_METRICS = Table(
    "dim_metrics",
    "Quantities by name: keys of rows in regional statistics tables and of figures in prose.",
    ("metric_key",),
    (
        Column("metric_key", "VARCHAR", "Metric."),
        Column("unit", "VARCHAR", "Unit."),
        Column("label_zh", "VARCHAR", "Name in Chinese."),
        Column("label_en", "VARCHAR", "Name in English."),
        Column("description_en", "VARCHAR", "What it counts."),
    ),
)

ALL_TABLES = (FILES, REPORTS, SECTIONS, TABLES, CELLS, STATEMENTS, CHECKS, DIM_CELLS, DIM_CHECKS, DIM_METRICS)
# Filled by the parser, report by report; `files` is made from the manifest and the dim_ tables from data/.
REPORT_TABLES = (REPORTS, SECTIONS, TABLES, CELLS, STATEMENTS, CHECKS)
BY_NAME = {table.name: table for table in ALL_TABLES}
