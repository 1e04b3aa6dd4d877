"""Merging the results of batches into parts: which rows, in which order, in how many steps.

Belongs here: pipeline/publish/merge.py on small tables of its own making. Does not belong here: which rows are current
(test_publish.py, test_arrivals.py).
"""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from pipeline.publish import merge
from pipeline.publish.merge import Source, UnreadableError, write_parts
from pipeline.publish.parts import part_name, prefixes
from pipeline.writer import parquet_writer
from schemas.arrow import arrow_schema

TABLE = "indicators"
SCHEMA = arrow_schema(TABLE)
IDS = [f"{number:x}{number:015x}" for number in range(16)]
"""A report for every first digit."""


def rows_of(report_id: str, count: int) -> list[dict[str, object]]:
    """Rows of a report in an order that no sorting would give; every third has no cell."""
    keys = [f"key_{(7 * number) % count}" for number in range(count)]
    wanted: dict[str, object] = {}
    for field in SCHEMA:
        if not field.nullable:
            wanted[field.name] = Decimal("1.5000") if pa.types.is_decimal(field.type) else "件"
    return [
        wanted | {"report_id": report_id, "indicator_key": key} | ({} if number % 3 else {"note": None})
        for number, key in enumerate(keys)
    ]


def source(
    path: Path, report_ids: list[str], count: int = 5, takes: bool = True, named: list[str] | None = None
) -> Source:
    """A file of results with the rows of some reports, a row group for each."""
    with parquet_writer(path, SCHEMA) as writer:
        for report_id in report_ids:
            writer.write_table(
                pa.Table.from_pylist(
                    [{k: v for k, v in row.items() if k in SCHEMA.names} for row in rows_of(report_id, count)],
                    schema=SCHEMA,
                )
            )
    contents = [report_id[:16] for report_id in (report_ids if named is None else named)]
    return Source(path, pa.array(contents, pa.string()), takes)


def keys_of(part: Path) -> list[tuple[object, object]]:
    rows = parquet.read_table(part)
    return list(zip(rows.column("report_id").to_pylist(), rows.column("indicator_key").to_pylist(), strict=True))


def expected(report_ids: list[str], count: int = 5) -> list[tuple[object, object]]:
    return [(name, row["indicator_key"]) for name in report_ids for row in rows_of(name, count)]


@pytest.mark.parametrize("group_bytes", [2**30, 1], ids=["held in memory", "dealt out to files"])
@pytest.mark.parametrize("digits", [0, 1, 2])
def test_reports_are_sorted_and_their_rows_are_not(tmp_path: Path, monkeypatch, group_bytes: int, digits: int):
    monkeypatch.setattr(merge, "GROUP_BYTES", group_bytes)
    monkeypatch.setattr(merge, "_PIECE_BYTES", group_bytes)
    sources = [source(tmp_path / "a.parquet", IDS[::-2]), source(tmp_path / "b.parquet", IDS[::2])]
    write_parts(TABLE, sources, tmp_path / TABLE, prefixes(digits), tmp_path)
    found = []
    for prefix in prefixes(digits):
        part = keys_of(tmp_path / TABLE / part_name(prefix))
        assert all(str(report_id).startswith(prefix) for report_id, _ in part)
        found += part
    assert found == expected(IDS)
    assert not list(tmp_path.glob("*.arrow"))


def test_only_the_wanted_contents_are_taken_from_each_source(tmp_path: Path):
    """From results those that are named, from an old part all others; a file's second report goes with its first."""
    second = f"{IDS[3]}-2"
    old = source(tmp_path / "old.parquet", [IDS[3], second, IDS[4]], takes=False, named=[IDS[4]])
    new = source(tmp_path / "new.parquet", [IDS[5], IDS[4]], named=[IDS[4]])
    write_parts(TABLE, [new, old], tmp_path / TABLE, [""], tmp_path)
    assert keys_of(tmp_path / TABLE / part_name("")) == expected([IDS[3], second, IDS[4]])


def test_parts_that_are_not_asked_for_are_not_written(tmp_path: Path):
    write_parts(TABLE, [source(tmp_path / "a.parquet", IDS)], tmp_path / TABLE, ["2", "b"], tmp_path)
    assert {path.name: keys_of(path) for path in (tmp_path / TABLE).iterdir()} == {
        part_name("2"): expected([IDS[2]]),
        part_name("b"): expected([IDS[11]]),
    }


def test_a_part_without_rows_is_a_file_too(tmp_path: Path):
    write_parts(TABLE, [source(tmp_path / "a.parquet", [IDS[1]])], tmp_path / TABLE, ["0", "1"], tmp_path)
    empty = parquet.read_table(tmp_path / TABLE / part_name("0"))
    assert (empty.num_rows, empty.schema.equals(SCHEMA)) == (0, True)


def test_a_part_is_read_again_as_it_is_declared(tmp_path: Path):
    """Plain texts, no dictionaries, with the descriptions; and no part carries the texts of another."""
    write_parts(TABLE, [source(tmp_path / "a.parquet", IDS, 400)], tmp_path / TABLE, prefixes(1), tmp_path)
    part = tmp_path / TABLE / part_name("7")
    assert parquet.read_table(part).schema.equals(SCHEMA, check_metadata=True)
    assert keys_of(part) == expected([IDS[7]], 400)
    statistics = parquet.read_metadata(part).row_group(0).column(0).statistics
    assert (statistics.min, statistics.max) == (IDS[7], IDS[7])


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, damage: str):
    found = source(tmp_path / "a.parquet", IDS)
    if damage == "cut":
        found.path.write_bytes(found.path.read_bytes()[:-20])
    else:
        found.path.unlink()
    with pytest.raises(UnreadableError, match=r"a\.parquet"):
        write_parts(TABLE, [found], tmp_path / TABLE, [""], tmp_path)


def test_rows_without_a_value_that_must_be_there_are_not_written(tmp_path: Path):
    """Parquet itself has no place for them."""
    loose = pa.schema([field.with_nullable(True) for field in SCHEMA])
    rows = pa.Table.from_pylist([{"report_id": IDS[0], "indicator_key": None}], schema=loose)
    parquet.write_table(rows, tmp_path / "a.parquet")
    with pytest.raises((UnreadableError, pa.ArrowInvalid, ValueError)):
        write_parts(TABLE, [Source(tmp_path / "a.parquet", pa.array([IDS[0]]), True)], tmp_path / TABLE, [""], tmp_path)


def test_a_report_stands_in_one_row_group(tmp_path: Path, monkeypatch):
    """What loads row groups in any order keeps the rows of each report together and in order."""
    monkeypatch.setattr(merge, "ROW_GROUP", 12)
    write_parts(TABLE, [source(tmp_path / "a.parquet", IDS)], tmp_path / TABLE, [""], tmp_path)
    file = parquet.ParquetFile(tmp_path / TABLE / part_name(""))
    groups = [file.read_row_group(number).column("report_id").to_pylist() for number in range(file.num_row_groups)]
    assert [sorted(set(group)) for group in groups] == [IDS[place : place + 2] for place in range(0, 16, 2)]
    assert keys_of(tmp_path / TABLE / part_name("")) == expected(IDS)
