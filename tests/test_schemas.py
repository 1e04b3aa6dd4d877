"""The dictionary and what is derived from it agree; every key has its meaning; the contract's names are all there.

Belongs here: schemas/ and its data. Does not belong here: rows of reports (test_columns.py).
"""

import json
from decimal import Decimal
from itertools import pairwise

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from pandera.errors import SchemaErrors
from report_text import ROOT

from pipeline.check.report import EVALUATED
from schemas import forms, keys
from schemas.arrow import ARROW_TYPES, arrow_schema
from schemas.ddl import column_comment, comments, create_table
from schemas.dictionary import page
from schemas.frames import frame_model
from schemas.tables import ALL_TABLES, BY_NAME, REPORT_TABLES, SEVERITIES, UNITS

every_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
COUNTS = {  # cells of every form (issue 2, issue 3)
    ("2019", "active_disclosure"): 22, ("2019", "applications"): 161, ("2019", "disputes"): 15,
    ("2021", "active_disclosure"): 10, ("2021", "applications"): 175, ("2021", "disputes"): 15, ("2014", "statistics"): 58,
}  # fmt: skip
REQUIRED = {  # contract/README.md "Tables"
    "files": "file_id path size_bytes media_type encoding status reason first_seen_at parser_version",
    "reports": "report_id file_id body_id scope title body_name body_kind admin_level province city county township region_code "
    "township_code report_year period_start period_end signed_on published_on template layout is_current",
    "sections": "report_id section_no level section_key heading body char_start char_end",
    "tables": "report_id table_key sub_table template layout state cells_expected cells_reported char_start char_end",
    "cells": "report_id template table_key row_key column_key value value_state unit raw_text row_label column_label char_start "
    "char_end method",
    "statements": "report_id statement_no section_key metric_key value unit value_text subject sentence char_start char_end "
    "is_zero_phrase is_approximate is_cumulative parent_statement_no",
    "checks": "report_id check_key table_key row_key column_key severity outcome left_value right_value difference detail",
    "indicators": "report_id indicator_key value unit source comparability",
}  # fmt: skip


@pytest.mark.parametrize("name", ["cells.csv", "checks.csv", "metrics.csv", "indicators.csv"])
def test_contract_data_is_the_contract(name, shared):
    assert (ROOT / "schemas" / "data" / name).read_bytes() == (shared / "contract" / name).read_bytes()


def test_data_dictionary_page_is_that_of_the_dictionary():
    """`python -m schemas.dictionary > docs/data_dictionary.md` writes it."""
    written = (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == page()


@pytest.mark.parametrize("name", REQUIRED)
def test_required_columns_are_declared(name):
    assert set(REQUIRED[name].split()) <= set(BY_NAME[name].column_names)


@every_table
def test_table_and_columns_are_described(table):
    assert table.description.endswith(".")
    assert len(set(table.column_names)) == len(table.columns)
    assert set(table.key) <= set(table.column_names)
    for column in table.columns:
        assert column.description.strip()
        assert column.type in ARROW_TYPES
        assert column.name == column.name.lower()


def test_same_column_means_the_same_everywhere():
    """A name stands for one type (design.md "House style")."""
    types: dict[str, set[str]] = {}
    for table in ALL_TABLES:
        for column in table.columns:
            types.setdefault(column.name, set()).add(column.type)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


@every_table
def test_arrow_pandera_and_ddl_agree_column_by_column(table):
    schema, model = arrow_schema(table.name), frame_model(table.name)
    assert tuple(schema.names) == tuple(model.columns) == table.column_names
    assert schema.metadata[b"description"].decode() == table.description
    with duckdb.connect() as connection:
        connection.execute(create_table(table))
        for statement in comments(table):
            connection.execute(statement)
        made = connection.execute(
            "select column_name, data_type, is_nullable, comment from duckdb_columns() where table_name = ? and not internal order by column_index",
            [table.name],
        ).fetchall()
        ((about,),) = connection.execute(
            "select comment from duckdb_tables() where table_name = ? and not internal", [table.name]
        ).fetchall()
        empty = connection.sql(f'select * from "{table.name}"').to_arrow_table()
    assert about.startswith(table.description)
    for column, field, (name, data_type, nullable, comment), arrow_of_duckdb in zip(
        table.columns, schema, made, empty.schema, strict=True
    ):
        assert (name, data_type, nullable) == (column.name, column.type, column.nullable)
        assert comment == column_comment(column)
        assert (field.name, field.nullable) == (column.name, column.nullable)
        assert field.type == arrow_of_duckdb.type
        assert field.metadata[b"description"].decode() == column.description
        assert model.columns[column.name].nullable == column.nullable
        assert model.columns[column.name].dtype.type == pd.ArrowDtype(field.type)
        assert model.columns[column.name].description == column.description


@every_table
def test_closed_sets_are_enforced(table):
    """A value that is not in the dictionary does not pass the model."""
    model = frame_model(table.name)
    for column in table.columns:
        names = [check.name for check in model.columns[column.name].checks]
        assert ("isin" in names) == bool(column.values), column.name
        if column.values:
            assert len(set(column.values)) == len(column.values)


@every_table
def test_page_has_every_column(table):
    words = page()
    assert f"\n## {table.name}\n" in words
    section = words.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
    for column in table.columns:
        assert f"| `{column.name}` | {column.type} |" in section


# -- forms ------------------------------------------------------------------------------------------------------------


def test_forms_have_all_their_cells():
    counts: dict[tuple[str, str], int] = {}
    for form in forms.all_forms():
        counts[form.template, form.table_key] = counts.get((form.template, form.table_key), 0) + form.cell_count
        assert {len(row.column_keys) for row in form.rows} in ({1}, {2}, {3}, {5}, {7})
        for row in form.rows:
            assert set(row.units) <= set(UNITS)
            assert len(row.column_keys) == len(row.column_labels) == len(row.units)
    assert counts == COUNTS


def test_keys_of_cells_are_unique():
    rows = forms.read_data("cells.csv")
    found = [tuple(row[name] for name in ("template", "table_key", "row_key", "column_key")) for row in rows]
    assert len(found) == len(set(found)) == sum(COUNTS.values())


def test_label_variants_belong_to_keys_of_the_forms():
    rows, columns, heads = set(), set(), set()
    for form in forms.all_forms():
        for row in form.rows:
            rows.add((form.table_key, row.key))
            columns.update((form.table_key, key) for key in row.column_keys)
            heads.update((form.table_key, head) for head in row.parents)
    for variant in forms.label_variants():
        place = (variant.table_key, variant.key)
        assert {"row": place in rows, "column": place in columns, "head": place in heads, "header": True}[
            variant.kind
        ], variant


def test_sub_table_of_every_row_of_active_disclosure():
    assert forms.sub_tables() == tuple(f"第二十条第（{item}）项" for item in "一五六八九")
    assert forms.sub_table_of_row("procurement") == "第二十条第（九）项"
    assert forms.sub_table_of_row("x_1") is None
    with pytest.raises(KeyError):
        forms.form("2014", "applications")


# -- what the keys mean -----------------------------------------------------------------------------------------------

DIMENSIONS = {
    "dim_cells": keys.dim_cells,
    "dim_checks": lambda: keys.dim_checks(EVALUATED),
    "dim_indicators": keys.dim_indicators,
    "dim_metrics": keys.dim_metrics,
}
SOURCES = {
    "dim_cells": "cells.csv",
    "dim_checks": "checks.csv",
    "dim_indicators": "indicators.csv",
    "dim_metrics": "metrics.csv",
}


@pytest.mark.parametrize("name", DIMENSIONS)
def test_dimension_tables_are_valid(name):
    rows = DIMENSIONS[name]()
    schema = arrow_schema(name)
    table = pa.Table.from_pylist(rows, schema=schema)
    assert set(rows[0]) == set(schema.names)
    assert table.num_rows == len(forms.read_data(SOURCES[name]))
    frame_model(name).validate(table.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)
    found = [tuple(row[column] for column in BY_NAME[name].key) for row in rows]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_key_has_its_meaning_in_both_languages(name):
    for row in DIMENSIONS[name]():
        for column, words in row.items():
            if column.endswith("_en"):
                assert words, row
                assert sum(c.isascii() for c in words) > 0.8 * len(words), f"{words} is not English"
            if column.endswith("_zh"):
                assert any("\u4e00" <= c <= "\u9fff" for c in words), row


def test_indicators_and_other_labels_name_keys_that_exist():
    for labels, source, key in (
        ("indicator_labels.csv", "indicators.csv", "indicator_key"),
        ("metric_labels.csv", "metrics.csv", "metric_key"),
        ("check_labels.csv", "checks.csv", "check_key"),
    ):
        assert {row[key] for row in forms.read_data(labels)} == {row[key] for row in forms.read_data(source)}


def test_evaluated_checks_are_checks():
    checks = {row["check_key"]: row for row in forms.read_data("checks.csv")}
    assert set(checks) >= EVALUATED
    assert {row["severity"] for row in checks.values()} <= set(SEVERITIES)
    assert {row["check_key"] for row in keys.dim_checks(EVALUATED) if row["evaluated"]} == EVALUATED


def test_positions_count_from_one_within_a_table():
    rows = keys.dim_cells()
    for template, table_key in COUNTS:
        positions = [row["position"] for row in rows if (row["template"], row["table_key"]) == (template, table_key)]
        assert positions == list(range(1, COUNTS[template, table_key] + 1))


# -- the models refuse ------------------------------------------------------------------------------------------------

CELL = {
    "report_id": "0" * 16, "template": "2019", "table_key": "applications", "row_key": "granted", "column_key": "total", "value": Decimal(3),
    "value_state": "reported", "unit": "件", "raw_text": "3", "row_label": "（一）予以公开", "column_label": "总计", "char_start": 5, "char_end": 6, "method": "grid",
}  # fmt: skip


def valid(row: dict) -> bool:
    table = pa.Table.from_pylist(
        [row], schema=pa.schema([field.with_nullable(True) for field in arrow_schema("cells")])
    )
    try:
        frame_model("cells").validate(table.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)
    except SchemaErrors:
        return False
    return True


@pytest.mark.parametrize(
    "change",
    [
        {"value": None}, {"value_state": "blank"}, {"value_state": "guessed"}, {"unit": "斤"}, {"unit": None}, {"char_end": 4}, {"char_start": -1},
        {"method": "guess"}, {"template": "2020"}, {"row_key": None}, {"table_key": "table_3"},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_model_of_cells_refuses(change):
    assert valid(CELL)
    assert not valid(CELL | change)


def test_model_of_cells_accepts_a_missing_cell():
    assert valid(
        CELL | {"value": None, "value_state": "missing", "raw_text": None, "char_start": None, "char_end": None}
    )


def test_report_tables_are_published_in_the_order_of_the_dictionary():
    places = [ALL_TABLES.index(table) for table in REPORT_TABLES]
    assert all(one < other for one, other in pairwise(places))
