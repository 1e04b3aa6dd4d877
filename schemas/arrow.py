"""Arrow schemas, derived from the dictionary.

Belongs here: the translation of DuckDB type names and the metadata that goes into Parquet. Does not belong here: any
column's definition (tables.py).
"""

from functools import cache

import pyarrow as pa

from schemas.tables import DECLARED

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "BLOB": pa.binary(),
}


CODED = pa.dictionary(pa.int32(), pa.string())
"""Texts that repeat: each different one once, and its number for every row."""
LONG_TEXTS = frozenset({"body"})
"""Columns of texts that are long and hardly ever the same: a dictionary of them would be as large as the rows."""


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a published table, descriptions as metadata."""
    declared = DECLARED[table]
    fields = [
        pa.field(
            column.name,
            ARROW_TYPES[column.type],
            nullable=column.nullable,
            metadata={"description": column.description, **({"unit": column.unit} if column.unit else {})},
        )
        for column in declared.columns
    ]
    return pa.schema(fields, metadata={"description": declared.description})


@cache
def coded_schema(table: str) -> pa.Schema:
    """The same with dictionaries for texts that repeat (keys, labels): how rows are kept until they are published."""
    declared = arrow_schema(table)
    return pa.schema(
        [
            field.with_type(CODED) if pa.types.is_string(field.type) and field.name not in LONG_TEXTS else field
            for field in declared
        ],
        metadata=declared.metadata,
    )
