"""What the dataset holds, at a glance.

Belongs here: the tables of `gongkai status`. Does not belong here: one report (show.py).
"""

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from pipeline.present.database import open_dataset
from pipeline.present.query import draw_rows

_QUERIES = (
    (
        "files by status",
        "select status, count(*) as files, min(reason) as example from files group by 1 order by 2 desc",
    ),
    (
        "reports by year and template",
        "select report_year as year, template, count(*) as reports, count(*) filter (is_current) as current "
        "from reports group by all order by 1 nulls last, 2",
    ),
    (
        "cells by state",
        "select table_key, value_state, count(*) as cells from cells group by all order by 1, 3 desc",
    ),
    (
        "failed checks",
        "select severity, check_key, count(*) as failed, count(distinct report_id) as reports, label_en as meaning "
        "from checks join dim_checks using (check_key, severity) where outcome = 'fail' group by severity, check_key, label_en "
        "order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, failed desc, check_key",
    ),
)


def draw_status(out: Path) -> Iterator[tuple[str, Table | None]]:
    """(title, table) of each part; None for a part without rows."""
    with open_dataset(out) as connection:
        for title, query in _QUERIES:
            relation = connection.execute(query)
            names = [column[0] for column in relation.description or ()]
            rows = relation.fetchall()
            yield title, draw_rows(names, rows) if rows else None
