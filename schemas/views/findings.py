"""Views of what stands out: contradictions, failed checks, late reports, reports of zeros, copies, and the words behind a cell.

Belongs here: their words and types. Does not belong here: the SQL (files beside this one), views of figures (declared.py).
"""

from schemas.tables import CHECKS, SEVERITIES, Column
from schemas.views.parts import COUNT, CURRENT, PLACE, View, number, report

_CHECK = {column.name: column for column in CHECKS.columns}
_TEXT_CHECKS = ("text_applications_received", "text_applications_outcomes", "text_disputes", "text_documents")
_ONCE = "Current versions only."


def _flag(name: str, description: str, nullable: bool = False) -> Column:
    return Column(name, "BOOLEAN", description, nullable)


def _value(name: str, description: str) -> Column:
    return Column(name, COUNT, description, True)


_TEXT_CONTRADICTIONS = View(
    "text_contradictions",
    "Where the prose contradicts the table (文表不符): one row per report, table and contradicted metric, with the sentence that "
    f"says so. {_ONCE} Compared are exact figures of the whole year; if a report says a figure several times, one that agrees is "
    "enough. Not every contradiction is an error: prose may count something wider than the form does, and the form of 2014 "
    "(template) does not say whether its reviews and lawsuits are those filed or those decided.",
    (
        *PLACE,
        *report("scope", "template"),
        Column("metric_key", "VARCHAR", "What is counted (dim_metrics)."),
        Column("metric_zh", "VARCHAR", "Its name in Chinese.", True),
        Column("metric_en", "VARCHAR", "Its name in English.", True),
        _value("prose_value", "What the sentence says; 0 for words such as 未收到."),
        _value("table_value", "What the table says; of lawsuits the two totals added up. A blank beside a number counts as 0."),
        _value("difference", "prose_value less table_value."),
        _flag("none_against_some", "One side says none, the other says some."),
        Column("table_key", "VARCHAR", "The table."),
        Column("check_key", "VARCHAR", "The check that failed (dim_checks).", values=_TEXT_CHECKS),
        Column("severity", "VARCHAR", "Of that check.", values=SEVERITIES),
        Column("statement_no", "INTEGER", "The figure in the table statements.", True),
        Column("sentence", "VARCHAR", "The sentence it stands in.", True),
        Column("char_start", "INTEGER", "Where the figure begins in report_texts.text, counted from 0.", True, "code points"),
        Column("char_end", "INTEGER", "Where it ends (exclusive).", True, "code points"),
    ),
)  # fmt: skip

_ZERO = "true: every cell has a number and all are 0; false: one is not 0; null: there is no such table, or no number but 0 and a cell without one."
_ZERO_REPORTS = View(
    "zero_reports",
    "Which reports print nothing but zeros (零报告), from 2019: one row per report with an applications or a disputes table. "
    f"{_ONCE} A blank is not 0: such reports are null, neither true nor false. Active disclosure and prose are not looked at. For "
    "bodies over years also filter body_id is not null.",
    (
        *PLACE,
        _flag("applications_all_zero", f"Applications table: {_ZERO}", True),
        _flag("disputes_all_zero", f"Disputes table (reviews and lawsuits): {_ZERO}", True),
        _flag("all_zero", "Both tables are all zero; false if one of them surely is not; else null.", True),
        number("cells_not_zero", "Cells of the two tables with a number other than 0."),
        number("cells_without_number", "Cells of the two tables that are blank or refused."),
    ),
)

_PUNCTUALITY = View(
    "punctuality",
    "When reports were published and when they were due (逾期发布): one row per report with a publication date and a national "
    f"deadline (governments and departments; townships have none). {_ONCE} Late reports: where is_late. The date is that of the page, "
    "which may be one of a later upload. Of a report that was corrected later the last version is the current one: where "
    "first_published_on is not after due_on, the body was on time at first.",
    (
        *PLACE,
        Column("published_on", "DATE", "Date of publication printed in the page header."),
        Column("due_on", "DATE", "From report year 2019 January 31 for departments, March 31 for governments; before, March 31."),
        Column("days_after_deadline", "INTEGER", "Days from due_on to published_on; negative if early.", unit="days"),
        _flag("is_late", "Published after due_on."),
        Column("first_published_on", "DATE", "Earliest date of all versions of this body and year; of this one if they are unknown."),
    ),
)  # fmt: skip

_CHECK_FAILURES = View(
    "check_failures",
    "Every failed check with body, year and the rule in words: checks where outcome = 'fail'. Filter is_current and one check_key: "
    "a wrong cell may fail several checks, and applications_balance has a row per applicant column (column_key = 'total' for one "
    "row per report). For the share that failed divide by the rows of checks that are not not_assessable.",
    (
        *PLACE,
        *CURRENT,
        _CHECK["check_key"],
        Column("check_zh", "VARCHAR", "Name of the check in Chinese.", True),
        Column("check_en", "VARCHAR", "Name of the check in English.", True),
        Column("formula", "VARCHAR", "The rule: left side, right side.", True),
        *(
            _CHECK[name]
            for name in ("severity", "table_key", "row_key", "column_key", "left_value", "right_value", "difference")
        ),
        _flag(
            "blank_read_as_zero",
            "A term is blank and was read as 0: if the blank is not 0 the identity may hold, so these are leads, not findings.",
        ),
        _CHECK["detail"],
        _CHECK["other_report_id"],
        Column("other_body", "VARCHAR", "Body of the other report.", True),
        Column("other_year", "INTEGER", "Year of the other report.", True, "year"),
    ),
)  # fmt: skip

_NEAR_COPIES = View(
    "near_copies",
    "Pairs of reports whose prose is at least 90 % the same (雷同): each pair once. The similarity is the share of runs of five "
    "characters that both texts have, without tables, headings and years; it is an estimate (two points at 90 %), so read both texts "
    "before you accuse anybody. Of several near copies of a report only the nearest is named, so a group of copies is a chain of "
    "pairs. Prose with fewer than 200 different runs is not compared.",
    (
        *PLACE,
        Column(
            "copied_from",
            "VARCHAR",
            "own_previous_year: the same body the year before; other_body: another body in the same year; who copied from whom is not "
            "known.",
            values=("own_previous_year", "other_body"),
        ),
        Column("similarity", "DOUBLE", "Estimated similarity.", unit="0 to 1"),
        Column("other_report_id", "VARCHAR", "The other report."),
        Column("other_body_id", "VARCHAR", "Its body_id.", True),
        Column("other_body", "VARCHAR", "Its body.", True),
        Column("other_year", "INTEGER", "Its year.", True, "year"),
        _flag("same_region", "Both have the same region_code, as a government and its office that publish one text."),
    ),
)

_DOCUMENTS_IN_FORCE = View(
    "documents_in_force",
    "Normative documents and regulations from one year to the next (form of 2021, 现行有效件数): last year's stock, what was issued "
    f"and repealed, what follows, what is printed. One row per report and kind of document. {_ONCE} The first year of the form has "
    "no year before it.",
    (
        *PLACE,
        Column("documents", "VARCHAR", "Which documents (row of the form).", values=("regulations", "normative_documents")),
        _value("in_force_before", "In force (现行有效) in the report of the year before."),
        _value("issued", "Issued (制发) this year."),
        _value("repealed", "Repealed (废止) this year."),
        _value("expected", "in_force_before + issued - repealed; null if one of them has no number."),
        _value("in_force", "In force this year, as printed."),
        _value("difference", "in_force less expected; null if either is."),
        Column(
            "outcome",
            "VARCHAR",
            "Of the check documents_in_force_continuity, which reads blank issued or repealed as 0; not_assessable also where the "
            "year before has no such table.",
            values=_CHECK["outcome"].values,
        ),
        Column("why_not", "VARCHAR", "Why there is no difference; null if there is one.", True),
    ),
)  # fmt: skip

_TRACED_CELLS = View(
    "traced_cells",
    "Every cell with the file it stands in and the words it was read from, for looking up what stands behind a number. Filter by "
    "report_id: over all reports it is millions of rows.",
    (
        *report("report_id"),
        Column("path", "VARCHAR", "File, relative to the raw folder; the first of its paths.", True),
        *report("body_name", "report_year"),
        Column("table_key", "VARCHAR", "Table."),
        Column("row_key", "VARCHAR", "Row (dim_cells)."),
        Column("column_key", "VARCHAR", "Column (dim_cells)."),
        Column("row_label", "VARCHAR", "Row label as printed.", True),
        Column("column_label", "VARCHAR", "Column label as printed.", True),
        _value("value", "The number; null unless value_state is reported."),
        Column("value_state", "VARCHAR", "See cells."),
        Column("unit", "VARCHAR", "Unit of value."),
        Column("raw_text", "VARCHAR", "The cell as printed.", True),
        Column("words", "VARCHAR", "The text from char_start to char_end, blanks around it removed; null if there is no place.", True),
        Column("words_before", "VARCHAR", "Up to 40 characters before it, from its section.", True),
        Column("words_after", "VARCHAR", "Up to 40 characters after it, from its section.", True),
        Column("char_start", "INTEGER", "Where the words begin in report_texts.text, counted from 0.", True, "code points"),
        Column("char_end", "INTEGER", "Where the words end (exclusive).", True, "code points"),
        Column("source_page", "INTEGER", "Page of a PDF, from 1.", True),
        Column("source_table", "INTEGER", "Table of an HTML, DOCX or PDF file, from 1.", True),
        Column("source_row", "INTEGER", "Row of that table, from 1.", True),
        Column("source_column", "INTEGER", "Column of that table, from 1.", True),
    ),
)  # fmt: skip

_REPORT_TEXTS = View(
    "report_texts",
    "The whole text of each report. All places (char_start, char_end) are in it, counted from 0: substr(text, char_start + 1, "
    "char_end - char_start). Name the report (report_id = '…'): the texts of all reports take seconds.",
    (*report("report_id"), Column("text", "VARCHAR", "The bodies of its sections, joined in order.")),
)

FINDINGS = (
    _CHECK_FAILURES,
    _TEXT_CONTRADICTIONS,
    _ZERO_REPORTS,
    _PUNCTUALITY,
    _NEAR_COPIES,
    _DOCUMENTS_IN_FORCE,
    _REPORT_TEXTS,
    _TRACED_CELLS,
)
