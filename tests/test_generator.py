"""What the generator of invented reports promises: the same reports for a seed, and a truth that its texts bear out.

Here belong tests of `benchmarks.generator` alone. How well the parser reads what it writes is measured in
`benchmarks/accuracy.py`.
"""

import itertools
import random
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.generate import main
from benchmarks.generator.forms import load_specs, statutory_keys
from benchmarks.generator.layouts import BOUNDED, LAYOUTS, TOKENS
from benchmarks.generator.model import SCALE, GeneratedReport, TruthRow, number_text, wan_text
from benchmarks.generator.noise import NOISES, NoiseChoice
from benchmarks.generator.readings import solve_applications, solve_disputes, summing_rows
from benchmarks.generator.report import FORM_WEIGHTS, Options, generate_report

CLEAN = NoiseChoice(())
BOUNDED_LAYOUTS = tuple(name for name, layout in LAYOUTS.items() if layout.keeps == BOUNDED)
TOKEN_LAYOUTS = tuple(name for name, layout in LAYOUTS.items() if layout.keeps == TOKENS)


def reports(count: int, seed: int = 1, **options: object) -> list[GeneratedReport]:
    return [generate_report(index, Options(seed, **options)) for index in range(count)]  # type: ignore[arg-type]


def tables_of(report: GeneratedReport) -> dict[tuple[str, str, str], list[TruthRow]]:
    """The truth of a report by template, table and (in section two) sub-table, added rows left out."""
    groups = {
        (template, table, specs[0].row_key): specs[0].row_group if table == "active_disclosure" else ""
        for (template, table), rows in load_specs().items()
        for specs in rows
    }
    found = defaultdict(list)
    for row in report.truth:
        if not row.row_key.startswith("x_") and row.template != "regional":
            found[row.template, row.table_key, groups[row.template, row.table_key, row.row_key]].append(row)
    return found


def test_same_seed_same_reports() -> None:
    first, second, other = reports(40), reports(40), reports(40, seed=2)
    assert [r.text for r in first] == [r.text for r in second]
    assert [list(r.truth) for r in first] == [list(r.truth) for r in second]
    assert [r.text for r in first] != [r.text for r in other]


def test_a_report_does_not_depend_on_those_before_it() -> None:
    assert generate_report(17, Options(3)).text == reports(18, seed=3)[17].text


def test_truth_has_every_cell_of_each_printed_table_once() -> None:
    seen = set()
    for report in reports(250, seed=4):
        keys = [row[:4] for row in report.truth]
        assert len(keys) == len(set(keys)), report.path
        for (template, table_key, sub_table), rows in tables_of(report).items():
            expected = statutory_keys(template, table_key, sub_table or None)
            assert {(row.row_key, row.column_key) for row in rows} == expected, (report.path, table_key, sub_table)
            seen.add((template, table_key))
    assert seen == set(load_specs())


def test_a_value_is_there_exactly_where_the_state_says_so() -> None:
    states = set()
    for row in itertools.chain.from_iterable(report.truth for report in reports(250, seed=5)):
        states.add(row.value_state)
        assert (row.value is not None) == (row.value_state == "reported")
        if row.value_state in ("blank", "placeholder"):
            assert row.printed_value is None
        assert (row.printed_alternative is None) == (row.alternative_source is None)
    assert states == {"reported", "blank", "placeholder", "unreadable", "missing", "unrecoverable"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORM_WEIGHTS)
def test_every_layout_prints_every_form(layout: str, form: str) -> None:
    for report in reports(3, seed=6, layouts=(layout,), forms=(form,)):
        assert (report.layout, report.form) == (layout, form)
        assert len(report.text) > 200
        assert form != "narrative" or len(report.truth) == 0


def test_mixed_reports_follow_two_forms_or_an_old_one_in_a_late_year() -> None:
    found = reports(60, seed=7, forms=("mixed",), noise=CLEAN)
    assert {report.template for report in found} == {"mixed", "2019"}
    for report in found:
        assert len({row.template for row in report.truth}) == (2 if report.template == "mixed" else 1)
        assert report.report_year >= 2021


def test_without_noise_nothing_is_damaged() -> None:
    for report in reports(150, seed=8, noise=CLEAN):
        assert report.noise == ()
        states = {row.value_state for row in report.truth}
        if report.layout in BOUNDED_LAYOUTS + TOKEN_LAYOUTS:
            assert states <= {"reported"}, report.path
        assert not any(row.row_key.startswith("x_") and row.template != "regional" for row in report.truth)
        assert "\ufeff" not in report.text
        assert "\r" not in report.text
        assert "\f" not in report.text


def _holds(text: str, at: int, row: TruthRow) -> int:
    """The place after a reported value, searched from a place in the text; -1 if it is not there."""
    value = row.value or 0
    forms = {number_text(value), wan_text(value)} if row.column_key in ("amount", "value") else {number_text(value)}
    places = [
        found.end()
        for form in forms
        if (found := re.compile(rf"(?<![\d.]){re.escape(form)}(?![\d.])").search(text, at))
    ]
    return min(places, default=-1)


@pytest.mark.parametrize("layout", BOUNDED_LAYOUTS + TOKEN_LAYOUTS)
def test_reported_values_follow_their_row_label(layout: str) -> None:
    checked = 0
    for report in reports(25, seed=9, layouts=(layout,), noise=CLEAN):
        at = 0
        for (table_key, _), rows in itertools.groupby(report.truth, lambda row: (row.table_key, row.row_key)):
            cells = list(rows)
            if table_key != "disputes":
                label = re.compile(r"\s*".join(map(re.escape, cells[0].row_label))).search(report.text, at)
                assert label or layout == "space_aligned", (report.path, cells[0].row_label)
                at = label.end() if label else at
            elif cells[0].row_key == "review":
                at = report.text.index("四、", at)
            for cell in cells:
                at = _holds(report.text, at, cell)
                assert at > 0, (report.path, cell)
                checked += 1
    assert checked > 1500


@pytest.mark.parametrize("name", NOISES)
def test_every_noise_can_be_switched_on_alone(name: str) -> None:
    noise = NOISES[name]
    options = Options(10, tuple(sorted(noise.layouts)), tuple(sorted(noise.forms)), NoiseChoice.parse([name]))
    found = [generate_report(index, options) for index in range(25)]
    assert {applied for report in found for applied in report.noise} == {name}


def test_identical_noise_free_figures_add_up() -> None:
    for report in reports(60, seed=11, forms=("2019", "2021"), layouts=("tab_cell",), noise=CLEAN):
        cells = {
            (row.row_key, row.column_key): row.value or 0 for row in report.truth if row.table_key == "applications"
        }
        columns = {column for _, column in cells}
        outcomes = [row for row, column in cells if column == "total" and row.startswith(OUTCOMES)]
        for column in columns:
            handled = cells["total_handled", column]
            assert sum(cells[row, column] for row in outcomes) == handled
            received = cells["new_received", column] + cells["carried_over", column]
            assert received == handled + cells["carried_forward", column]
        for row in {row for row, _ in cells}:
            assert sum(cells[row, column] for column in columns - {"total"}) == cells[row, "total"]


OUTCOMES = ("granted", "partly_", "refused_", "unavailable_", "not_processed_", "other")


def _brute(digits: str, count: int) -> list[tuple[int, ...]]:
    found = []
    for cuts in itertools.combinations(range(1, len(digits)), count - 1):
        pieces = [digits[a:b] for a, b in itertools.pairwise((0, *cuts, len(digits)))]
        if all(piece == "0" or piece[0] != "0" for piece in pieces):
            found.append(tuple(map(int, pieces)))
    return found


def test_row_readings_are_exhaustive() -> None:
    rng = random.Random(12)
    for _ in range(60):
        parts = [rng.choice((0, 0, 0, rng.randint(1, 9), rng.randint(1, 150))) for _ in range(6)]
        digits = "".join(map(str, [*parts, sum(parts) + rng.choice((0, 0, 0, 1))]))
        expected = {numbers for numbers in _brute(digits, 7) if sum(numbers[:6]) == numbers[6]}
        assert set(summing_rows(digits)) == expected, digits


def test_dispute_readings_are_exhaustive() -> None:
    rng = random.Random(13)
    for _ in range(15):
        blocks = [[rng.choice((0, 0, 0, 0, rng.randint(1, 12))) for _ in range(4)] for _ in range(3)]
        digits = "".join(f"{number}" for block in blocks for number in (*block, sum(block)))
        expected = [n for n in _brute(digits, 15) if all(sum(n[at : at + 4]) == n[at + 4] for at in (0, 5, 10))]
        agreed = tuple(v[0] if len(set(v)) == 1 else None for v in zip(*expected, strict=True))
        assert solve_disputes(digits) == agreed, digits


def test_joint_reading_needs_the_whole_table() -> None:
    outcomes = ("granted", "other")
    runs = {"new_received": "713000074", "carried_over": "1000001", "total_handled": "723000075"}
    runs |= {"carried_forward": "0000000", "granted": "713000074", "other": "1000001"}
    solved = solve_applications(runs, outcomes)
    assert solved is not None
    assert solved["new_received"] == (71, 3, 0, 0, 0, 0, 74)
    assert solve_applications(runs | {"carried_over": "2000002"}, outcomes) is None
    assert solve_applications(runs | {"other": "100001"}, outcomes) is None


def test_glued_values_are_reported_only_where_the_text_settles_them() -> None:
    found = reports(120, seed=14, layouts=("glued",), forms=("2019", "2021"))
    by_table = defaultdict(list)
    for row in itertools.chain.from_iterable(report.truth for report in found):
        by_table[row.table_key].append(row.value_state == "reported")
    assert sum(by_table["applications"]) > 0.85 * len(by_table["applications"])
    assert sum(by_table["active_disclosure"]) < 0.8 * len(by_table["active_disclosure"])


def test_lost_values_are_never_called_reported() -> None:
    for report in reports(20, seed=15, layouts=("deduped",)):
        assert {row.value_state for row in report.truth} <= {"unrecoverable"}


def test_an_amount_without_unit_has_no_value() -> None:
    options = {"forms": ("2019",), "layouts": ("tab_cell",), "noise": NoiseChoice.parse(["money_without_unit"])}
    found = [report for report in reports(60, seed=16, **options) if report.noise]
    assert found
    for report in found:
        (amount,) = [row for row in report.truth if row.row_key == "procurement" and row.column_key == "amount"]
        assert (amount.value_state, amount.value, amount.printed_value) == ("unreadable", None, None)


def test_command_writes_reports_and_truth(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert main(["--count", "30", "--seed", "17", "--out", str(out), "--layout", "tab_cell", "glued"]) == 0
    truth = pq.read_table(out / "truth.parquet").to_pylist()
    listed = pq.read_table(out / "reports.parquet").to_pylist()
    assert len(listed) == 30
    assert {row["layout"] for row in truth} == {"tab_cell", "glued"}
    options = Options(17, ("tab_cell", "glued"))
    for number, entry in enumerate(listed):
        report = generate_report(number, options)
        assert (out / entry["path"]).read_bytes().decode("utf-8") == report.text
    expected = [row for number in range(30) for row in generate_report(number, options).truth]
    assert len(truth) == len(expected)
    for got, row in zip(truth, expected, strict=True):
        assert got["value"] == (None if row.value is None else Decimal(row.value) / SCALE)
        assert got["printed_value"] == (None if row.printed_value is None else Decimal(row.printed_value) / SCALE)
        assert (got["row_key"], got["value_state"]) == (row.row_key, row.value_state)


def test_command_refuses_a_full_folder_and_unknown_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.txt").write_text("x")
    assert main(["--count", "1", "--seed", "1", "--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["--count", "1", "--seed", "1", "--out", str(tmp_path / "new"), "--noise", "rain"])
    assert stopped.value.code == 2


def test_generator_and_parser_share_data_but_no_code() -> None:
    folder = Path(__file__).parents[1] / "benchmarks" / "generator"
    for path in [*folder.glob("*.py"), folder.parent / "generate.py"]:
        imports = re.findall(r"^\s*(?:from|import)\s+([a-z_]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not {"pipeline", "schemas", "assets"} & set(imports), path
