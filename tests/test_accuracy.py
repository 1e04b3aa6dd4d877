"""Generated reports with all damage on, and random edits of real ones: never a number that the source does not say."""

import json
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import accuracy
from benchmarks.generator.layouts import LAYOUTS
from benchmarks.generator.noise import NoiseChoice
from benchmarks.generator.report import FORM_WEIGHTS, Options
from pipeline.parse import parse_document
from pipeline.read.document import make_document

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
# The same in every run, so that a red build is about the change; GONGKAI_SEED=… draws other reports and edits.
FRESH = int(os.environ.get("GONGKAI_SEED", "8"))
ALL_NOISE = NoiseChoice.parse(["all"])


def options(seed: int) -> Options:
    return Options(seed, tuple(LAYOUTS), tuple(FORM_WEIGHTS), ALL_NOISE)


def assert_nothing_wrong(score: accuracy.Score, seed: int) -> Counter[str]:
    assert not score.failures, (seed, score.failures[:3])
    wrong = [case for case in score.cases if case[0] == "wrong"]
    assert not wrong, (seed, wrong[:5])
    return accuracy.total(score)


def test_no_cell_of_noisy_reports_is_wrong():
    counts = assert_nothing_wrong(accuracy.run(range(250), options(20_260_101)), 20_260_101)
    assert counts["right"] > 20_000


@pytest.mark.soak
def test_no_cell_of_noisy_reports_is_wrong_with_a_fresh_seed():
    seed = FRESH
    counts = assert_nothing_wrong(accuracy.run_all(2_000, options(seed), 2), seed)
    assert accuracy.refused_share(counts) < 4


def cells(text: str) -> dict[tuple[str, str, str], tuple[str, int | None, str | None]]:
    found = {}
    for report in parse_document(make_document(text, "", ""), "0" * 64).reports:
        for reading in report.readings:
            # Regional rows are known by their label: an edit may change it, and the key with it.
            if reading.table_key == "statistics_regional":
                continue
            keys = zip(reading.row_keys, reading.column_keys, strict=True)
            said = zip(reading.states, reading.values, reading.raw_texts, strict=True)
            for (row, column), cell in zip(keys, said, strict=True):
                if not row.startswith("x_"):
                    found[reading.table_key, row, column] = cell
    return found


PAGES = ("— 4 —", "-3-", "第 4 页 共 7 页", "4", "12")


def edit(text: str, rng: random.Random) -> tuple[str, str]:
    """(edited text, the characters that the edit wrote)."""
    lines = text.split("\n")
    line = rng.randrange(len(lines))
    kind = rng.choice(("drop", "double", "width", "page", "cut"))
    if kind == "drop":
        return "\n".join(lines[:line] + lines[line + 1 :]), ""
    if kind == "double":
        return "\n".join(lines[: line + 1] + lines[line:]), lines[line]
    if kind == "width":
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        return "\n".join([*lines[:line], lines[line].translate(wide), *lines[line + 1 :]]), ""
    if kind == "page":
        page = rng.choice(PAGES)
        return "\n".join([*lines[:line], page, *lines[line:]]), page
    place = rng.randrange(len(text))
    return text[:place], text[:place].rsplit("\n", 1)[-1]


def gold_values(path: Path) -> dict[tuple[str, str, str], int]:
    """What the labels say, in ten-thousandths: an edit may make readable what was refused as a page in disorder."""
    labels = json.loads((CORPUS.parent / "gold" / path.parent.name / f"{path.stem}.json").read_text("utf-8"))
    return {
        (cell["table_key"], cell["row_key"], cell["column_key"]): round(cell["value"] * 10_000)
        for cell in labels["cells"]
        if cell["value"] is not None
    }


def lies(path: Path, count: int, rng: random.Random) -> list[str]:
    text = path.read_text("utf-8")
    before, gold = cells(text), gold_values(path)
    found = []
    for number in range(count):
        edited, wrote = edit(text, rng)
        for key, (state, value, raw) in cells(edited).items():
            was = before.get(key)
            if state != "reported" or (was is not None and (state, value) == was[:2]) or (raw and raw in wrote):
                continue
            if was is not None and was[0] == "unreadable" and value == gold.get(key):
                continue
            found.append(f"{path.name}, edit {number}: {key} was {was}, is {value} ({raw!r})")
    return found


CORPUS_TEXTS = sorted(CORPUS.glob("seeds/*.txt")) + sorted(CORPUS.glob("real/*.txt")) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CORPUS_TEXTS, reason="../shared/corpus is not there")
def test_an_edit_never_makes_a_number():
    rng = random.Random(7)
    assert not [lie for path in CORPUS_TEXTS for lie in lies(path, 8, rng)]


@pytest.mark.soak
@pytest.mark.skipif(not CORPUS_TEXTS, reason="../shared/corpus is not there")
def test_an_edit_never_makes_a_number_5000_times():
    seed = FRESH
    rng = random.Random(seed)
    count = 5_000 // len(CORPUS_TEXTS) + 1
    assert not [lie for path in CORPUS_TEXTS for lie in lies(path, count, rng)], seed
