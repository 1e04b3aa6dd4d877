"""The dim_ tables: what every key means, in Chinese and English.

Belongs here: putting together the CSV files of data/ into rows. Does not belong here: meanings in code, Arrow, files.
"""

from datetime import date
from functools import cache

from schemas.forms import read_data
from schemas.regions.table import read_regions
from schemas.series import all_series
from schemas.tables import DIM_REGIONS

Row = dict[str, object]


def _labels_en() -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (row["kind"], row["table_key"], row["key"]): (row["label_en"], row["description_en"])
        for row in read_data("cell_labels_en.csv")
    }


def dim_cells() -> list[Row]:
    """One row per cell of every form, in its order."""
    labels = _labels_en()
    positions: dict[tuple[str, str], int] = {}
    rows: list[Row] = []
    for cell in read_data("cells.csv"):
        place = (cell["template"], cell["table_key"])
        positions[place] = positions.get(place, 0) + 1
        row_label, description = labels["row", cell["table_key"], cell["row_key"]]
        column_label, _ = labels["column", cell["table_key"], cell["column_key"]]
        rows.append(
            {
                **cell,
                "row_group": cell["row_group"] or None,
                "row_label_en": row_label,
                "column_label_en": column_label,
                "description_en": description,
                "position": positions[place],
            }
        )
    return rows


def dim_checks(evaluated: frozenset[str]) -> list[Row]:
    """One row per check; `evaluated` names those that this version of the program evaluates."""
    labels = {row["check_key"]: row for row in read_data("check_labels.csv")}
    return [
        {
            "check_key": check["check_key"],
            "severity": check["severity"],
            "formula": check["formula"],
            "per": check["per"],
            "label_zh": labels[check["check_key"]]["label_zh"],
            "label_en": labels[check["check_key"]]["label_en"],
            "description_en": labels[check["check_key"]]["description_en"],
            "evaluated": check["check_key"] in evaluated,
        }
        for check in read_data("checks.csv")
    ]


def dim_metrics() -> list[Row]:
    """One row per metric."""
    labels = {row["metric_key"]: row for row in read_data("metric_labels.csv")}
    return [
        {
            "metric_key": metric["metric_key"],
            "unit": metric["unit"],
            "label_zh": labels[metric["metric_key"]]["label_zh"],
            "label_en": labels[metric["metric_key"]]["label_en"],
            "description_en": labels[metric["metric_key"]]["description_en"],
        }
        for metric in read_data("metrics.csv")
    ]


def dim_indicators() -> list[Row]:
    """One row per series over all forms."""
    labels = {row["indicator_key"]: row for row in read_data("indicator_labels.csv")}
    rows: list[Row] = []
    for line, series in zip(read_data("indicators.csv"), all_series(), strict=True):
        words = labels[series.key]
        rows.append(
            {
                "indicator_key": series.key,
                "unit": series.unit,
                "label_zh": words["label_zh"],
                "label_en": words["label_en"],
                "description_en": words["description_en"],
                **{name: line[name] or None for name in ("form_2014", "form_2019", "form_2021")},
                "metric_key": series.statement_metric,
                "starts_with_form": series.starts,
                "newest_form": series.newest,
                "compare_2014_2019": line["compare_2014_2019"],
                "compare_2019_2021": line["compare_2019_2021"],
                "break_before_2019": {"2014", "2019"} <= set(series.comparability),
                "break_before_2021": {"2019", "2021"} <= set(series.comparability),
                "note": line["note"] or None,
            }
        )
    return rows


@cache
def dim_regions() -> dict[str, list[object]]:
    """Columns of the regions, each under one code and name: as columns, since they are many. Do not change them."""
    snapshots: dict[str, date | None] = {"": None}
    columns: dict[str, list[object]] = {name: [] for name in DIM_REGIONS.column_names}
    code, level, name, parent, first, last, unit, snapshot = columns.values()
    for region in read_regions():
        code.append(region.code)
        level.append(region.level)
        name.append(region.name)
        parent.append(region.parent or None)
        first.append(region.valid_from)
        last.append(region.valid_to)
        unit.append(region.unit)
        if region.snapshot not in snapshots:
            snapshots[region.snapshot] = date.fromisoformat(region.snapshot)
        snapshot.append(snapshots[region.snapshot])
    return columns
