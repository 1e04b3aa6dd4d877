"""Facts of reports as Arrow tables: the published schema, every value as it was read.

Belongs here: pipeline/columns.py. Does not belong here: Parquet, DuckDB (other tests), how values are read.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors
from report_text import LAYOUTS, ROOT, blocks, cells_of, filled, numbered, tab_cell

from pipeline.arrays import decimals
from pipeline.columns import report_tables
from pipeline.file_id import content_id
from pipeline.parse import parse_bytes
from schemas.arrow import arrow_schema, coded_schema
from schemas.frames import frame_model
from schemas.tables import DECLARED, RESULT_TABLES


def reports(*texts: str):
    return [report for text in texts for report in parse_bytes(text.encode(), content_id(text.encode())).reports]


def everything():
    """Reports of all kinds: complete, with blanks, with refused cells, with local rows, without tables, printed twice."""
    odd = filled("2019", "", applications__granted__total="详见附件", active_disclosure__licensing__items_change="减3")
    texts = [layout(blocks(form, numbered(form))) for layout in LAYOUTS.values() for form in ("2019", "2021", "2014")]
    texts += [tab_cell(blocks("2019", odd)), "青石镇2020年政府信息公开工作年度报告\n一、概述\n无。\n"]
    texts.append(tab_cell(blocks("2019", odd) + blocks("2019", numbered("2019"))))
    texts.append(
        tab_cell(blocks("2019", numbered("2019"))).replace(
            "\t规范性文件\n", "\t其他主动公开文件\n\t1\n\t2\n\t3\n\n\t规范性文件\n"
        )
    )
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "raw").rglob("*.txt"))]
    return reports(*texts)


@pytest.fixture(scope="module")
def kept():
    return report_tables(everything())


@pytest.fixture(scope="module")
def published(kept):
    return {name: table.cast(arrow_schema(name)) for name, table in kept.items()}


def test_every_report_table_has_the_declared_schema(kept, published):
    assert set(kept) == {table.name for table in RESULT_TABLES}
    for name, table in kept.items():
        assert table.schema.equals(coded_schema(name), check_metadata=True)
        assert table.num_rows > 0
        table.validate(full=True)
        assert published[name].schema.equals(arrow_schema(name), check_metadata=True)


def test_reports_side_by_side_have_the_rows_that_each_has_alone(published):
    """What readings have in common is made into columns once: it must not get to another reading's cells."""
    alone = [report_tables([report]) for report in everything()]
    for name, table in published.items():
        assert pa.concat_tables([tables[name].cast(arrow_schema(name)) for tables in alone]).equals(table), name


def test_a_reading_without_a_label_for_each_cell_is_refused():
    (report,) = reports(tab_cell(blocks("2019", numbered("2019"))))
    reading = report.readings[0]
    odd = replace(reading, row_labels=reading.row_labels[:-1])
    with pytest.raises(ValueError, match="cells has"):
        report_tables([report._replace(readings=[odd])])


def test_every_row_passes_its_pandera_model(published):
    for name, table in published.items():
        frame_model(name).validate(table.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)


def test_keys_are_unique(published):
    for name, table in published.items():
        rows = table.select(list(DECLARED[name].key)).to_pylist()
        keys = [tuple(row.values()) for row in rows]
        doubled = {key for key in keys if keys.count(key) > 1} if len(keys) != len(set(keys)) else set()
        assert not doubled, name


def test_a_model_refuses_what_breaks_its_rules(published):
    frame = published["cells"].slice(0, 50).to_pandas(types_mapper=pd.ArrowDtype)
    for column, value in (
        ("value_state", "guessed"),
        ("unit", "斤"),
        ("char_end", -1),
        ("value", None),
        ("report_id", None),
    ):
        broken = frame.copy()
        broken[column] = broken[column].astype(object)
        broken.loc[0, column] = value
        broken[column] = pd.array(list(broken[column]), dtype=frame[column].dtype)
        with pytest.raises(SchemaErrors):
            frame_model("cells").validate(broken, lazy=True)


def test_cells_are_those_that_were_read():
    (report,) = reports(
        tab_cell(
            blocks(
                "2019",
                filled("2019", applications__granted__total="3", active_disclosure__procurement__amount="30.5万元"),
            )
        )
    )
    rows = report_tables([report])["cells"].to_pylist()
    read = cells_of(report.readings)
    assert len(rows) == len(read) == 198
    for row in rows:
        cell = read[row["table_key"], row["row_key"], row["column_key"]]
        assert row["report_id"] == report.report_id
        assert (row["value_state"], row["value"], row["raw_text"], row["char_start"], row["char_end"]) == cell[:5]
    by_key = {(row["row_key"], row["column_key"]): row["value"] for row in rows}
    assert by_key["granted", "total"] == Decimal("3.0000")
    assert by_key["procurement", "amount"] == Decimal("305000.0000")


def test_tables_count_their_cells(published):
    cells = published["cells"].to_pylist()
    for row in published["tables"].to_pylist():
        assert row["cells_expected"] > 0
        assert 0 <= row["cells_reported"] <= row["cells_expected"]
    for report_id in {row["report_id"] for row in cells}:
        mine = [row for row in published["tables"].to_pylist() if row["report_id"] == report_id]
        states = [row["value_state"] for row in cells if row["report_id"] == report_id]
        assert sum(row["cells_expected"] for row in mine) == len(states)
        assert sum(row["cells_reported"] for row in mine) == states.count("reported")


def test_checks_carry_decimals():
    (report,) = reports(tab_cell(blocks("2019", filled("2019", applications__new_received__total="8"))))
    rows = report_tables([report])["checks"].to_pylist()
    assert len(rows) == len(report.checks)
    (balance,) = [row for row in rows if row["check_key"] == "applications_balance" and row["outcome"] == "fail"]
    assert (balance["left_value"], balance["right_value"], balance["difference"]) == (
        Decimal(8),
        Decimal(0),
        Decimal(8),
    )


def test_metadata_of_a_report():
    text = "青石镇人民政府2020年政府信息公开工作年度报告\n统计期限为2020年1月1日至2020年12月31日。\n一、概述\n无。\n2021年1月5日\n"
    (row,) = report_tables(reports(text))["reports"].to_pylist()
    assert row["body_name"] == "青石镇人民政府"
    assert (row["report_year"], row["period_start"], row["signed_on"]) == (2020, date(2020, 1, 1), date(2021, 1, 5))
    assert (row["template"], row["layout"]) == ("narrative", "prose")


def test_no_reports_give_empty_tables():
    for name, table in report_tables([]).items():
        assert table.num_rows == 0
        assert table.schema.equals(coded_schema(name))


@given(st.lists(st.one_of(st.none(), st.integers(-(10**18) + 1, 10**18 - 1))))
@example([])
@example([None])
@example([0, -1, 10**18 - 1, -(10**18) + 1, None, 1])
def test_ten_thousandths_become_the_same_decimals(values):
    array = decimals(values)
    array.validate(full=True)
    assert array.to_pylist() == [None if value is None else Decimal(value).scaleb(-4) for value in values]
