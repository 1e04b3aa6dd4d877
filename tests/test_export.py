"""`gongkai export`: what is in the file, what a spreadsheet makes of it, what is refused.

Belongs here: CSV, Excel and Parquet files of the samples and of queries made for the test. Does not belong here: other
commands (test_command.py).
"""

import csv
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_build import assert_one_line, command, command_here, query

from pipeline.present.export import harmless
from pipeline.present.workbook import MAX_ROWS

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"]
TRICKY = """select '=1+1' as "=head", -5 as number, -1.50::decimal(18,4) as money, null::varchar as nothing, '' as empty,
    'a"b,c' as quoted, [1, 2] as many, date '2021-01-28' as day, timestamp '2021-01-28 10:11:12' as moment, true as yes,
    date '0800-01-01' as old, 12345678901234567::bigint as long, 'ab' || chr(1) as control"""


def exported(samples: Path, path: Path, *words: str) -> None:
    """Runs `gongkai export` into a file, which must work."""
    done = command_here("export", *words, "--output", path, "--out", samples)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path}: ")


@pytest.mark.parametrize("words", FORMULAS)
def test_text_that_starts_a_formula_gets_an_apostrophe(words: str) -> None:
    assert harmless(pa.array([words, None, "plain", f"a{words}"])).to_pylist() == [
        f"'{words}",
        None,
        "plain",
        f"a{words}",
    ]


def test_csv_of_a_table_has_its_rows(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    exported(samples, path, "--table", "cells")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    wanted = query(samples, "select report_id, row_key, value, value_state from cells order by rowid")
    found = [
        (r["report_id"], r["row_key"], Decimal(r["value"]) if r["value"] else None, r["value_state"]) for r in rows
    ]
    assert found == wanted


def test_csv_goes_to_standard_output_and_keeps_numbers(samples: Path) -> None:
    done = command("export", "--sql", TRICKY, "--out", samples)
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert next(iter(row)) == "'=head"
    assert row["'=head"] == "'=1+1"
    assert (row["number"], row["money"]) == ("-5", "-1.5000")
    assert (row["quoted"], row["many"]) == ('a"b,c', "[1, 2]")


def test_byte_order_mark_only_on_request(samples: Path, tmp_path: Path) -> None:
    for name, words in (("with.csv", ["--bom"]), ("without.csv", [])):
        exported(samples, tmp_path / name, "--table", "reports", *words)
    mark = b"\xef\xbb\xbf"
    assert (tmp_path / "with.csv").read_bytes() == mark + (tmp_path / "without.csv").read_bytes()


def test_excel_shows_every_value_as_it_is(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "tricky.xlsx"
    exported(samples, path, "--sql", TRICKY, "--format", "xlsx")
    header, row = openpyxl.load_workbook(path).active.iter_rows()
    assert [cell.data_type for cell in (header[0], row[0])] == ["s", "s"], "a formula"
    values = {str(name.value): cell.value for name, cell in zip(header, row, strict=True)}
    assert (values["=head"], values["number"], values["money"], values["nothing"]) == ("=1+1", -5, -1.5, None)
    assert (str(values["day"])[:10], str(values["moment"]), values["yes"]) == (
        "2021-01-28",
        "2021-01-28 10:11:12",
        True,
    )
    assert values["old"] == "0800-01-01"
    assert values["long"] == "12345678901234567"


def test_excel_of_a_table_has_its_rows(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "cells.xlsx"
    exported(samples, path, "--table", "cells", "--format", "xlsx")
    rows = list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(min_row=2, values_only=True))
    wanted = query(samples, "select row_key, value::double, raw_text from cells order by rowid")
    assert [(row[3], row[5], row[8] or "") for row in rows] == [(key, value, raw or "") for key, value, raw in wanted]


def test_parquet_keeps_types(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    exported(samples, path, "--table", "cells", "--format", "parquet")
    table = pq.read_table(path)
    assert table.schema.field("value").type == pa.decimal128(18, 4)
    assert table.num_rows == query(samples, "select count(*) from cells")[0][0]


REFUSED = [
    (["--table", "nothing"], "there is no table nothing"),
    (["--view", "cells"], "there is no view cells"),
    (["--sql", " "], "empty"),
    (["--sql", "select 1 as a, 2 as a"], "two columns are named a"),
    (["--sql", "selec"], "syntax error"),
    (["--sql", "from '/etc/passwd'"], ""),
    (["--sql", f"from range({MAX_ROWS})", "--format", "xlsx"], "an Excel sheet holds 1,048,576 rows"),
    (["--sql", "select repeat('x', 32768) as t", "--format", "xlsx"], "row 1, column t: a text longer"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=[" ".join(words)[:40] for words, _ in REFUSED])
def test_what_cannot_be_exported_is_one_line_and_no_file(
    samples: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    done = command_here("export", *words, "--output", tmp_path / "x", "--out", samples)
    assert_one_line(done, told)
    assert list(tmp_path.iterdir()) == []


def test_files_are_replaced_only_on_request(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("mine", encoding="utf-8")
    words = ["export", "--table", "reports", "--output", path, "--out", samples]
    assert_one_line(command_here(*words), "exists", "--force")
    assert path.read_text(encoding="utf-8") == "mine"
    assert command_here(*words, "--force").returncode == 0
    assert path.read_text(encoding="utf-8").startswith('"report_id"')


def test_the_dataset_itself_is_never_overwritten(samples: Path) -> None:
    words = ["export", "--table", "reports", "--force", "--out", samples, "--output"]
    assert_one_line(command_here(*words, samples / "gongkai.duckdb"), "belongs to the dataset")
    assert_one_line(command_here(*words, samples / "parquet" / "x.csv"), "belongs to the dataset")


@pytest.mark.parametrize(
    "words",
    [[], ["--table", "cells", "--sql", "select 1"], ["--table", "cells", "--format", "doc"],
     ["--table", "cells", "--format", "xlsx", "--output", "x", "--bom"]],
)  # fmt: skip
def test_wrong_usage_is_told(samples: Path, words: list[str]) -> None:
    assert command_here("export", *words, "--out", samples).returncode == 2


def test_excel_needs_a_file(samples: Path) -> None:
    assert_one_line(command_here("export", "--table", "cells", "--format", "xlsx", "--out", samples), "--output")


def test_help_names_every_choice() -> None:
    done = command("export", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("--table", "--view", "--sql", "--format", "csv|xlsx|parquet", "--output", "--bom", "--force"):
        assert word in done.stdout
