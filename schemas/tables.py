"""The dictionary: every published table and column, declared once.

Belongs here: names, types, units, nullability, keys and English descriptions. Everything else that knows a
column (Arrow schemas, pandera models, DuckDB comments, docs/data_dictionary.md) is derived from this file and
tests/test_schemas.py fails when one of them drifts. Does not belong here: code that reads or writes data, the words that
the dictionary is written in (vocabulary.py), the columns of the dim_ tables (dimensions.py) and of what is worked out from
cells and prose (derived.py).
"""

from schemas.derived import CHECKS, INDICATORS, SKETCHES
from schemas.dimensions import DIM_CELLS, DIM_CHECKS, DIM_INDICATORS, DIM_METRICS, DIM_REGIONS
from schemas.vocabulary import (
    ADMIN_LEVELS,
    BODY_KINDS,
    BODY_NAME_SOURCES,
    CHAR_END,
    CHAR_START,
    COMPARABILITIES,
    FILE_STATUSES,
    GENERATIONS,
    LAYOUTS,
    METHODS,
    OPTIONAL_CHAR_END,
    OPTIONAL_CHAR_START,
    OUTCOMES,
    PAIR_CLASSES,
    REGION_LEVELS,
    REGION_SOURCES,
    REPORT_ID,
    REPORT_YEAR_SOURCES,
    SCOPES,
    SECTION_KEYS,
    SEVERITIES,
    SOURCES,
    TABLE_KEYS,
    TABLE_STATES,
    TABLE_TEMPLATES,
    TEMPLATES,
    UNITS,
    VALUE_STATES,
    Column,
    Table,
)  # fmt: skip

__all__ = (
    "ADMIN_LEVELS", "ALL_TABLES", "BODY_KINDS", "BODY_NAME_SOURCES", "BY_NAME", "CELLS", "CHAR_END", "CHAR_START",
    "CHECKS", "COMPARABILITIES", "DECLARED", "DIM_CELLS", "DIM_CHECKS", "DIM_INDICATORS", "DIM_METRICS",
    "DIM_REGIONS", "FILES", "FILE_STATUSES", "GENERATIONS", "INDICATORS", "LAYOUTS", "METHODS", "OPTIONAL_CHAR_END",
    "OPTIONAL_CHAR_START", "OUTCOMES", "PAIR_CLASSES", "REGION_LEVELS", "REGION_SOURCES", "REPORTS", "REPORT_ID",
    "REPORT_TABLES", "REPORT_YEAR_SOURCES", "RESULT_TABLES", "SCOPES", "SECTIONS", "SECTION_KEYS", "SEVERITIES",
    "SKETCHES", "SOURCES", "STATEMENTS", "TABLES", "TABLE_KEYS", "TABLE_STATES", "TABLE_TEMPLATES", "TEMPLATES",
    "UNITS", "VALUE_STATES", "Column", "Table",
)  # fmt: skip

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
        Column(
            "parser_version",
            "VARCHAR",
            "Version of the parser whose result this is; +… names the line of RAW/manifest.csv used.",
        ),
    ),
)

REPORTS = Table(
    "reports",
    "One row per annual report in a file that could be read. Of several versions for one body and year all are here: count and "
    "sum where is_current and body_id is not null, and say how many reports have no body or year.",
    ("report_id",),
    (
        REPORT_ID,
        Column("file_id", "VARCHAR", "SHA-256 of the file the report stands in; joins to files."),
        Column(
            "body_id",
            "VARCHAR",
            "The same body over the years, made from its region, kind and normalised name; null when the body or its region is "
            "unknown, and null links to nothing. A body that was renamed or merged is another body.",
            True,
        ),
        Column(
            "scope",
            "VARCHAR",
            "own: the body's figures alone; whole_region: the text says that it puts together those of others (departments, "
            "townships); unknown: it says neither, as most governments. So never add a government to its departments and "
            "townships, nor one admin_level to another: a case may be in both. Add bodies of one level and kind.",
            values=SCOPES,
        ),
        Column("title", "VARCHAR", "Title as printed, inner blanks and line breaks removed; null if none.", True),
        Column("body_name", "VARCHAR", "The body as the report names itself; null when it does not.", True),
        Column(
            "body_name_source", "VARCHAR", "Which words the body name was taken from.", True, values=BODY_NAME_SOURCES
        ),
        Column(
            "body_kind", "VARCHAR", "Kind of body, from its name or from how it speaks of itself.", values=BODY_KINDS
        ),
        Column(
            "admin_level",
            "VARCHAR",
            "Level of government; a department takes its government's. Look at one level at a time (see scope).",
            values=ADMIN_LEVELS,
        ),
        Column("province", "VARCHAR", "Province; null when nothing in the report says so surely.", True),
        Column(
            "city",
            "VARCHAR",
            "City or prefecture; null when unsure, for districts of the four municipalities and for counties that no city "
            "governs.",
            True,
        ),
        Column("county", "VARCHAR", "County or district under its name of the report year.", True),
        Column("township", "VARCHAR", "Township or subdistrict, if the body is one whose county is known.", True),
        Column(
            "region_code",
            "VARCHAR",
            "6-digit code of county, city or province in force in the report year; a township or department has that of its "
            "county or city. So region_code alone is many bodies: for one government per region add body_kind = 'government' and "
            "admin_level.",
            True,
        ),
        Column(
            "township_code",
            "VARCHAR",
            "9-digit code in the township snapshot of dim_regions; null when the snapshot has no such name there.",
            True,
        ),
        Column(
            "region_source",
            "VARCHAR",
            "Which words settled the region; unique_name: only one township of the country has that name.",
            True,
            values=REGION_SOURCES,
        ),
        Column("report_year", "INTEGER", "The year the report is about; null when its words do not say.", True, "year"),
        Column(
            "report_year_source", "VARCHAR", "Which words the year was taken from.", True, values=REPORT_YEAR_SOURCES
        ),
        Column("period_start", "DATE", "First day of the reporting period as printed.", True),
        Column("period_end", "DATE", "Last day of the reporting period as printed.", True),
        Column("signed_on", "DATE", "Date under the report.", True),
        Column("published_on", "DATE", "Date of publication printed in the page header.", True),
        Column(
            "template",
            "VARCHAR",
            "Form its tables follow; mixed: more than one; narrative: no table. It is told from the tables, not from the year: "
            "a few reports of 2019 still use the form of 2014.",
            values=TEMPLATES,
        ),
        Column(
            "layout",
            "VARCHAR",
            "How its tables are laid out: grid: cells of a web page, Word or PDF table; tab_…, pipe_…, line_cell, space_aligned: "
            "text with these marks between cells; line_deduplicated: repeated lines, most zeros among them, were dropped "
            "upstream; one_line, glued: rows run together; column_major: columns one after another; prose: no table.",
            values=LAYOUTS,
        ),
        Column(
            "is_current",
            "BOOLEAN",
            "The version to use for this body and year: the later published, else the more complete one. Also true for every "
            "report whose body or year is not known, since nothing can tell that it is another's version: filter body_id is not "
            "null as well where each body may count once.",
        ),
        Column("source_url", "VARCHAR", "Where the file came from, as RAW/manifest.csv says.", True),
        Column("fetched_at", "VARCHAR", "When the file was fetched, as RAW/manifest.csv says.", True),
    ),
)

SECTIONS = Table(
    "sections",
    "The report's text cut into leaf segments: string_agg(body, '' order by section_no) is the whole text (view "
    "report_texts).",
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
    "One row per statutory table or sub-table found in a report; a table that a report does not have has no row.",
    ("report_id", "table_key", "sub_table"),
    (
        REPORT_ID,
        Column("table_key", "VARCHAR", "Which table.", values=TABLE_KEYS),
        Column("sub_table", "VARCHAR", "第二十条第（X）项 in active_disclosure, else null.", True),
        Column(
            "template", "VARCHAR", "Form of this (sub-)table, by its printed header and labels.", values=TABLE_TEMPLATES
        ),
        Column("layout", "VARCHAR", "How this table is laid out.", values=LAYOUTS),
        Column(
            "state",
            "VARCHAR",
            "complete: no cell is refused (blank cells are allowed); incomplete: some cells are unreadable or missing; "
            "unrecoverable: its values were lost before the text reached us; empty_form: no cell has a number.",
            values=TABLE_STATES,
        ),
        Column("cells_expected", "INTEGER", "Cells the form has here, locally added rows included.", unit="cells"),
        Column("cells_reported", "INTEGER", "Cells with a number.", unit="cells"),
        CHAR_START,
        CHAR_END,
    ),
)

CELLS = Table(
    "cells",
    "Every cell of every statutory table found, long format. Never sum value over all rows: totals stand beside their parts (in "
    "applications column total and row total_handled, in disputes column total) and units differ (active_disclosure has 件, 项 and "
    "元). Name table_key, row_key and column_key, or use applications_wide, disputes_wide, panel. Join reports for body and year, "
    "and filter is_current.",
    ("report_id", "table_key", "row_key", "column_key"),
    (
        REPORT_ID,
        Column("template", "VARCHAR", "Form the cell belongs to.", values=TABLE_TEMPLATES),
        Column("table_key", "VARCHAR", "Which table.", values=TABLE_KEYS),
        Column(
            "row_key",
            "VARCHAR",
            "Row (dim_cells); in statistics_regional the metric (dim_metrics); x_… for a row the form does not have: see row_label.",
        ),
        Column("column_key", "VARCHAR", "Column (dim_cells)."),
        Column("value", "DECIMAL(18,4)", "The number; null unless value_state is reported.", True),
        Column(
            "value_state",
            "VARCHAR",
            "reported: a number is printed, 0 included; blank: the cell is empty, which may mean 0, the report does not say; "
            "placeholder: / — 无 …; unreadable: no number, or more than one reading; missing: the table lacks the cell; "
            "unrecoverable: repeated lines were removed upstream, so the words that are left (raw_text) cannot be assigned to "
            "this cell.",
            values=VALUE_STATES,
        ),
        Column(
            "unit",
            "VARCHAR",
            "Unit of value; money always in 元. Values of different units never add up.",
            values=UNITS,
        ),
        Column(
            "raw_text",
            "VARCHAR",
            "The cell as printed, blanks around it removed; null when there is no such cell. Where value_state is not reported, "
            "these are the words that were refused.",
            True,
        ),
        Column("row_label", "VARCHAR", "Row label as printed; null when it was not found.", True),
        Column("column_label", "VARCHAR", "Column label as printed; null when it was not found.", True),
        OPTIONAL_CHAR_START,
        OPTIONAL_CHAR_END,
        Column(
            "method",
            "VARCHAR",
            "How the cell was located: grid: cell boundaries; labels: its row label and a fixed number of values; resolved: digits "
            "that ran together, where the form's sums leave one reading.",
            values=METHODS,
        ),
        Column("source_page", "INTEGER", "Page of a PDF that the cell is on, from 1; null for other files.", True),
        Column("source_table", "INTEGER", "Which table of an HTML, DOCX or PDF file, from 1; null for text.", True),
        Column("source_row", "INTEGER", "Row of that table, from 1; null for text.", True),
        Column("source_column", "INTEGER", "Column of that table, from 1; merged columns count; null for text.", True),
    ),
)

STATEMENTS = Table(
    "statements",
    "Every quantity in the prose outside of the tables, with what it counts. A report may say one figure several times, and a "
    "total beside its parts (parent_statement_no): never sum value. For this year's figure filter refers_to_year is null, not "
    "is_cumulative, not is_approximate; one value per report is in indicators.",
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

ALL_TABLES = (
    FILES,
    REPORTS,
    SECTIONS,
    TABLES,
    CELLS,
    STATEMENTS,
    CHECKS,
    INDICATORS,
    DIM_CELLS,
    DIM_CHECKS,
    DIM_INDICATORS,
    DIM_METRICS,
    DIM_REGIONS,
)
# Filled by the parser, report by report; `files` is made from the manifest and the dim_ tables from data/.
REPORT_TABLES = (REPORTS, SECTIONS, TABLES, CELLS, STATEMENTS, CHECKS, INDICATORS)
# What a batch keeps of its reports: the published tables, and what checks across reports need beside them.
RESULT_TABLES = (*REPORT_TABLES, SKETCHES)
BY_NAME = {table.name: table for table in ALL_TABLES}
DECLARED = {table.name: table for table in (*ALL_TABLES, SKETCHES)}
