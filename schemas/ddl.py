"""DuckDB DDL and comments, derived from the dictionary.

Belongs here: CREATE TABLE and COMMENT ON statements. Does not belong here: running them (pipeline/publish).
"""

from schemas.tables import Column, Table
from schemas.views.declared import View


def quoted(words: str) -> str:
    """A SQL string literal."""
    return "'" + words.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL takes it literally."""
    return '"' + name.replace('"', '""') + '"'


def create_table(table: Table) -> str:
    """CREATE TABLE with types and NOT NULL. Keys are checked when a build is validated, not by an index."""
    columns = ", ".join(
        f'"{column.name}" {column.type}{"" if column.nullable else " NOT NULL"}' for column in table.columns
    )
    return f'CREATE TABLE "{table.name}" ({columns})'


def column_comment(column: Column) -> str:
    """The comment of a column: description, unit, closed set of values."""
    comment = column.description
    if column.unit:
        comment += f" [{column.unit}]"
    if column.values:
        comment += f" One of: {', '.join(column.values)}."
    return comment


def comments(table: Table) -> list[str]:
    """COMMENT ON statements of a table and its columns."""
    key = ", ".join(table.key)
    statements = [f'COMMENT ON TABLE "{table.name}" IS {quoted(f"{table.description} Key: {key}.")}']
    for column in table.columns:
        statements.append(f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS {quoted(column_comment(column))}')
    return statements


def create_view(view: View) -> list[str]:
    """CREATE VIEW with the comments of the view and its columns."""
    statements = [f'CREATE OR REPLACE VIEW "{view.name}" AS {view.sql}']
    statements.append(f'COMMENT ON VIEW "{view.name}" IS {quoted(view.description)}')
    for column in view.columns:
        statements.append(f'COMMENT ON COLUMN "{view.name}"."{column.name}" IS {quoted(column_comment(column))}')
    return statements
