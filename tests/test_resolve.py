"""Digits that run together: read where the whole table settles them, never made into a consistent lie."""

import contextlib
import random
import time

import pytest

from pipeline.read.document import make_document
from pipeline.tabulate.flat.resolve import Budget, TooManyReadingsError, block_readings, row_readings
from pipeline.tabulate.tables import tabulate
from schemas import forms

FORM = forms.form("2021", "applications")
COLUMNS = FORM.rows[0].column_keys
BALANCE = ("new_received", "carried_over", "total_handled", "carried_forward")
OUTCOMES = [row.key for row in FORM.rows if row.key not in BALANCE]


def table(seed: int) -> dict[str, list[int]]:
    """A table all of whose sums hold, as rows of seven numbers."""
    rng = random.Random(seed)
    rows = {
        key: [rng.choice((0, 0, 0, 1, 2, 7, 13, 40)) if rng.random() < 0.3 else 0 for _ in range(6)] for key in OUTCOMES
    }
    rows["total_handled"] = [sum(rows[key][column] for key in OUTCOMES) for column in range(6)]
    rows["carried_forward"] = [rng.choice((0, 0, 3)) for _ in range(6)]
    rows["carried_over"] = [0] * 6
    rows["new_received"] = [a + b for a, b in zip(rows["total_handled"], rows["carried_forward"], strict=True)]
    return {key: [*parts, sum(parts)] for key, parts in rows.items()}


def glued(rows: dict[str, list[int]]) -> str:
    """The table as text in which nothing keeps the cells apart."""
    words = "三、收到和处理政府信息公开申请情况申请人情况自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他"
    heads = {
        "granted": "三、本年度办理结果",
        "refused_state_secret": "（三）不予公开",
        "unavailable_not_held": "（四）无法提供",
    }
    heads |= {"not_processed_petition_or_complaint": "（五）不予处理", "other_correction_overdue": "（六）其他处理"}
    for row in FORM.rows:
        words += heads.get(row.key, "") + row.label + "".join(map(str, rows[row.key]))
    return words + "四、政府信息公开行政复议、行政诉讼情况"


def read(text: str) -> dict[tuple[str, str], tuple[str, int | None]]:
    (reading,) = [found for found in tabulate(make_document(text, "", "")) if found.table_key == "applications"]
    values = [value // 10_000 if value is not None else None for value in reading.values]
    return dict(
        zip(
            zip(reading.row_keys, reading.column_keys, strict=True),
            zip(reading.states, values, strict=True),
            strict=True,
        )
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_sound_table_is_read_or_refused_never_wrong(seed):
    rows = table(seed)
    found = read(glued(rows))
    for key, numbers in rows.items():
        for column, number in zip(COLUMNS, numbers, strict=True):
            assert found[key, column] in (("reported", number), ("unreadable", None)), (key, column)
    reported = sum(state == "reported" for state, _ in found.values())
    assert reported >= 0.9 * len(found)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("damage", ["total", "balance", "outcome", "blank", "lost row"])
def test_a_wrong_or_damaged_table_is_not_made_consistent(seed, damage):
    """The source's own error, or a blank that vanished: no cell may say what the source does not."""
    rows = {key: list(numbers) for key, numbers in table(seed).items()}
    rng = random.Random(seed)
    key = rng.choice([k for k, numbers in rows.items() if any(numbers)] or ["granted"])
    printed = {k: list(map(str, numbers)) for k, numbers in rows.items()}
    if damage == "total":
        printed[key][-1] = str(rows[key][-1] + rng.choice((1, 10)))
    elif damage == "balance":
        printed["new_received"][0] = str(rows["new_received"][0] + 1)
    elif damage == "outcome":
        printed["total_handled"][0] = str(rows["total_handled"][0] + 2)
    elif damage == "blank":
        printed[key][rng.randrange(7)] = ""
    text = glued(printed)
    if damage == "lost row":
        label = next(row.label for row in FORM.rows if row.key == "refused_internal_affairs")
        text = text.replace(label + "".join(printed["refused_internal_affairs"]), "")
    found = read(text)
    for key, numbers in printed.items():
        for column, number in zip(COLUMNS, numbers, strict=True):
            state, value = found[key, column]
            assert state != "reported" or str(value) == number, (key, column, number, value)


@pytest.mark.parametrize("digits", ["1" * 60, "12" * 30, "10" * 30, "123456789" * 6, "0" * 60, "9" * 25, "1" * 200])
def test_work_is_bounded(digits):
    """An adversarial string may not take more than 50 ms (issue 3)."""
    begin = time.process_time()
    for search in (lambda: row_readings([digits], 7, Budget()), lambda: block_readings([digits], 3, 5, Budget())):
        with contextlib.suppress(TooManyReadingsError):
            search()
    assert time.process_time() - begin < 0.2  # two searches, with room for a busy machine


def test_the_readme_example():
    assert row_readings(["713000074"], 7, Budget()) == [(71, 3, 0, 0, 0, 0, 74)]
