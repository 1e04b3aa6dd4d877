"""The tables of what is worked out from cells, prose and text: checks, indicators, sketches.

Belongs here: their columns. Does not belong here: the tables of what is read (tables.py), how anything is worked out
(pipeline/check, pipeline/across, pipeline/harmonise.py).
"""

from schemas.vocabulary import (
    COMPARABILITIES,
    OUTCOMES,
    REPORT_ID,
    SEVERITIES,
    SOURCES,
    TABLE_KEYS,
    UNITS,
    Column,
    Table,
)

CHECKS = Table(
    "checks",
    "The form's identities and plausibility rules, evaluated; nothing is repaired. Rows are not mistakes counted once: an identity "
    "has a row per column or row, and one wrong cell may fail several; a sentence against the table fails a text_… check and, "
    "where one side is none, text_zero_contradiction too. One row per contradicted sentence: view text_contradictions. With body "
    "and year: view check_failures.",
    ("report_id", "check_key", "table_key", "row_key", "column_key"),
    (
        REPORT_ID,
        Column("check_key", "VARCHAR", "Which check (dim_checks)."),
        Column("table_key", "VARCHAR", "Table it looks at; null where it has none.", True, values=TABLE_KEYS),
        Column(
            "row_key",
            "VARCHAR",
            "Row it looks at: row_key of dim_cells; for text_… checks metric_key of dim_metrics; for prose_breakdown_sum the "
            "statement_no of the total; for table_completeness the sub_table; for manifest_conflict the column of reports; null "
            "where it has none.",
            True,
        ),
        Column("column_key", "VARCHAR", "Column it looks at; null where it has none.", True),
        Column("severity", "VARCHAR", "error: the report contradicts itself; warning: suspicious.", values=SEVERITIES),
        Column(
            "outcome",
            "VARCHAR",
            "pass; pass_blank_as_zero: holds if blank addends are 0; fail; not_assessable: a term has no number. For a share of "
            "failures divide by rows that are not not_assessable. No row at all: the report, or for checks across years the one "
            "before, has no such table.",
            values=OUTCOMES,
        ),
        Column(
            "left_value",
            "DECIMAL(18,4)",
            "Left side of the identity in dim_checks.formula, added up; of text_… checks the prose. For checks that are none, what "
            "dim_checks says: days after the deadline (before it: negative), similarity.",
            True,
        ),
        Column(
            "right_value", "DECIMAL(18,4)", "Right side of the identity, added up; of text_… checks the table.", True
        ),
        Column("difference", "DECIMAL(18,4)", "Left minus right.", True),
        Column(
            "detail",
            "VARCHAR",
            "In words, what was found; 'blank cells read as 0': it fails only under this reading.",
            True,
        ),
        Column(
            "other_report_id",
            "VARCHAR",
            "The other report of a check across reports: the year before, or the one whose prose is the same; else null.",
            True,
        ),
    ),
)

INDICATORS = Table(
    "indicators",
    "Series that run over all forms: one value per report and indicator, from a table, a sentence, or a sum of cells. No row "
    "where the report prints no such number or where its form does not compare. Parts stand beside totals (refused and its eight "
    "reasons): never sum over indicator_key. One column per series: view panel.",
    ("report_id", "indicator_key"),
    (
        REPORT_ID,
        Column("indicator_key", "VARCHAR", "Which series (dim_indicators)."),
        Column("value", "DECIMAL(18,4)", "The number; money in 元."),
        Column("unit", "VARCHAR", "Unit of value.", values=UNITS),
        Column(
            "source",
            "VARCHAR",
            "table: one cell of a table; derived: a sum of cells, each with a number; statement: a sentence. The first that there "
            "is. For a rate take both terms from tables (source <> 'statement'), or use outcome_shares.",
            values=SOURCES,
        ),
        Column(
            "comparability",
            "VARCHAR",
            "With the newest form that has the indicator: exact: same definition; close: the definition drifted, use a "
            "break dummy; partial: only sums compare, and roughly.",
            values=COMPARABILITIES,
        ),
    ),
)

SKETCHES = Table(
    "sketches",
    "A sketch of each report's prose, from which near copies are found; kept with the results of a batch, not published.",
    ("report_id",),
    (
        REPORT_ID,
        Column("shingles", "INTEGER", "Different runs of five characters in the prose.", unit="shingles"),
        Column("sketch", "BLOB", "256 numbers of 16 bits (pipeline/across/sketch.py)."),
    ),
)
