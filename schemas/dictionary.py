"""docs/data_dictionary.md, derived from the dictionary: `python -m schemas.dictionary > docs/data_dictionary.md`.

Belongs here: the page's text. Does not belong here: any column's definition (tables.py).
"""

from schemas.tables import ALL_TABLES, Column, Table
from schemas.views.declared import ALL_VIEWS, View


def page() -> str:
    """The whole page as Markdown."""
    head = (
        "# Data dictionary\n\n"
        "Every published table and column. Derived from `schemas/tables.py` by `python -m schemas.dictionary`; the same "
        "words are in the DuckDB file (`COMMENT ON`) and in the Parquet metadata. Spans (`char_start`, `char_end`) are "
        "0-based, half-open, in Unicode code points of the report's text.\n"
    )
    views = "\n# Views\n\nIn the DuckDB file only; their SQL is in `schemas/views/`, their words in `declared.py`, `findings.py` and `lookup.py` there.\n"
    return head + "".join(map(_table, ALL_TABLES)) + views + "".join(map(_view, ALL_VIEWS))


def _table(table: Table) -> str:
    head = f"\n## {table.name}\n\n{table.description} Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
    return head + _columns(table.columns)


def _view(view: View) -> str:
    return f"\n## {view.name}\n\n{view.description}\n" + _columns(view.columns)


def _columns(columns: tuple[Column, ...]) -> str:
    lines = ["", "| column | type | null | unit | meaning |", "|---|---|---|---|---|"]
    for column in columns:
        meaning = column.description
        if column.values:
            meaning += " One of " + ", ".join(f"`{value}`" for value in column.values) + "."
        meaning = meaning.replace("|", "\\|")
        lines.append(
            f"| `{column.name}` | {column.type} | {'yes' if column.nullable else ''} | {column.unit} | {meaning} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
