"""A table of the dictionary as Dagster shows it.

Belongs here: the translation of a table's columns. Does not belong here: the columns (schemas/tables.py), assets.
"""

from dagster import TableColumn, TableColumnConstraints, TableSchema

from schemas.ddl import column_comment
from schemas.tables import Table


def table_schema(table: Table) -> TableSchema:
    """A table's columns with type, comment and nullability."""
    return TableSchema(
        columns=[
            TableColumn(
                column.name,
                column.type,
                description=column_comment(column),
                constraints=TableColumnConstraints(nullable=column.nullable),
            )
            for column in table.columns
        ]
    )
