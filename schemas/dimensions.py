"""The dim_ tables: what every key means, in Chinese and English.

Belongs here: their columns. Does not belong here: their rows (keys.py), all other tables (tables.py).
"""

from schemas.vocabulary import (
    GENERATIONS,
    PAIR_CLASSES,
    REGION_LEVELS,
    SEVERITIES,
    TABLE_KEYS,
    TABLE_TEMPLATES,
    UNITS,
    Column,
    Table,
)

DIM_INDICATORS = Table(
    "dim_indicators",
    "What every series means, where each form prints it, and where it breaks.",
    ("indicator_key",),
    (
        Column("indicator_key", "VARCHAR", "Series."),
        Column("unit", "VARCHAR", "Unit.", values=UNITS),
        Column("label_zh", "VARCHAR", "Name in Chinese."),
        Column("label_en", "VARCHAR", "Name in English."),
        Column("description_en", "VARCHAR", "What it counts."),
        Column("form_2014", "VARCHAR", "Cells of the 2014 form, in keys of dim_cells; null if it has none.", True),
        Column("form_2019", "VARCHAR", "Cells of the 2019 form; null if it has none.", True),
        Column("form_2021", "VARCHAR", "Cells of the 2021 form; null if it has none.", True),
        Column("metric_key", "VARCHAR", "Metric of dim_metrics under which prose says it; null if none.", True),
        Column("starts_with_form", "VARCHAR", "Oldest form that the series is filled from.", values=GENERATIONS),
        Column("newest_form", "VARCHAR", "Newest form that has the indicator.", values=GENERATIONS),
        Column("compare_2014_2019", "VARCHAR", "How 2018 and before compare with 2019.", values=PAIR_CLASSES),
        Column("compare_2019_2021", "VARCHAR", "How 2019 and 2020 compare with 2021 on.", values=PAIR_CLASSES),
        Column("break_before_2019", "BOOLEAN", "The series goes on from 2018 to 2019, over a change of form."),
        Column("break_before_2021", "BOOLEAN", "The series goes on from 2020 to 2021, over a change of form."),
        Column("note", "VARCHAR", "What to know before comparing; null if nothing.", True),
    ),
)

DIM_CELLS = Table(
    "dim_cells",
    "What every cell of the national forms means. One key may have a row in several forms: join on template as well, or rows "
    "double. To search all keys by a word: view all_keys.",
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
    "What every check means: its rule, what a row of it is about, and when a failure is legitimate.",
    ("check_key",),
    (
        Column("check_key", "VARCHAR", "Check."),
        Column("severity", "VARCHAR", "How bad a failure is.", values=SEVERITIES),
        Column("formula", "VARCHAR", "The rule, in keys of dim_cells; of text_… checks also of dim_metrics."),
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

DIM_REGIONS = Table(
    "dim_regions",
    "Provinces, cities, counties under every name and code since 2007, and townships of one snapshot. reports.region_code with "
    "report_year between valid_from and coalesce(valid_to, 9999) finds one row; unit_code follows a region over its codes.",
    ("region_code", "name_zh"),
    (
        Column("region_code", "VARCHAR", "6-digit code, of townships 9 digits (statistics bureau)."),
        Column("region_level", "VARCHAR", "Level.", values=REGION_LEVELS),
        Column("name_zh", "VARCHAR", "Name."),
        Column("parent_code", "VARCHAR", "Code of the region above; null for provinces.", True),
        Column("valid_from", "INTEGER", "First year at whose end it was in force, 2007 at the earliest.", True, "year"),
        Column("valid_to", "INTEGER", "Last year at whose end it was in force; null if it still is.", True, "year"),
        Column("unit_code", "VARCHAR", "The same for a unit under all its names and codes: its last code."),
        Column("snapshot_date", "DATE", "Day of the township snapshot; null for other levels.", True),
    ),
)
