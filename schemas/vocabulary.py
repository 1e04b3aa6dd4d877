"""What the dictionary is written in: the records Column and Table, closed sets of values, columns that many tables share.

Belongs here: names that tables.py, dimensions.py and the views use. Does not belong here: any table.
"""

from dataclasses import dataclass

VALUE_STATES = ("reported", "blank", "placeholder", "unreadable", "missing", "unrecoverable")
FILE_STATUSES = ("parsed", "partial", "quarantined", "duplicate", "removed")
TEMPLATES = ("2019", "2021", "2014", "regional", "narrative", "mixed")
TABLE_TEMPLATES = ("2019", "2021", "2014", "regional")
TABLE_KEYS = ("active_disclosure", "applications", "disputes", "statistics", "statistics_regional")
TABLE_STATES = ("complete", "incomplete", "unrecoverable", "empty_form")
LAYOUTS = (
    "grid",
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
SOURCES = ("table", "derived", "statement")
"""Where an indicator comes from, the better one first: a sum of printed cells of the form beats a sentence (pipeline/harmonise.py)."""
COMPARABILITIES = ("exact", "close", "partial")
PAIR_CLASSES = (*COMPARABILITIES, "none")
GENERATIONS = ("2014", "2019", "2021")
UNITS = ("件", "项", "条", "次", "个", "人", "人次", "篇", "元")
BODY_NAME_SOURCES = ("title", "compiled_by", "publisher", "contact", "signature", "breadcrumb", "manifest")
REPORT_YEAR_SOURCES = ("title", "period", "notice", "overview", "signature", "manifest")
REGION_SOURCES = (
    "body_name",
    "compiled_by",
    "publisher",
    "contact",
    "signature",
    "site",
    "area_code",
    "cited",
    "unique_name",
    "manifest",
)
REGION_LEVELS = ("province", "city", "county", "township")


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
_BEGIN = (
    "Where the words begin in the report's text, counted from 0. In SQL, which counts from 1: substr(text, char_start + 1, "
    "char_end - char_start), where text is that of the view report_texts"
)
_END = "Where the words end in the report's text: the first place behind them, counted from 0"
CHAR_START = Column("char_start", "INTEGER", f"{_BEGIN}.", unit="code points")
CHAR_END = Column("char_end", "INTEGER", f"{_END}.", unit="code points")
OPTIONAL_CHAR_START = Column(
    "char_start",
    "INTEGER",
    f"{_BEGIN}; blanks around the words may be within (trim them). Null when there are none. With the words: view traced_cells.",
    True,
    "code points",
)
OPTIONAL_CHAR_END = Column("char_end", "INTEGER", f"{_END}; null when there are none.", True, "code points")
