"""docs/data_dictionary.md, derived from the dictionary: `python -m schemas.dictionary > docs/data_dictionary.md`.

Belongs here: the page's text. Does not belong here: any column's definition (tables.py).
"""

from schemas.tables import ALL_TABLES, Table


def page() -> str:
    """The whole page as Markdown."""
    head = (
        "# Data dictionary\n\n"
        "Every published table and column. Derived from `schemas/tables.py` by `python -m schemas.dictionary`; the same "
        "words are in the DuckDB file (`COMMENT ON`) and in the Parquet metadata. Spans (`char_start`, `char_end`) are "
        "0-based, half-open, in Unicode code points of the report's text.\n"
    )
    return head + "".join(_table(table) for table in ALL_TABLES)


def _table(table: Table) -> str:
    lines = [f"\n## {table.name}\n", f"{table.description} Key: {', '.join(f'`{name}`' for name in table.key)}.\n"]
    lines += ["| column | type | null | unit | meaning |", "|---|---|---|---|---|"]
    for column in table.columns:
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
