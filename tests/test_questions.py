"""docs/questions.md: every query gives the result that the page prints, on the corpus that the page names.

Belongs here: the fifteen questions against a generated dataset. Does not belong here: how long they take on 20,000 reports
(benchmarks/questions.py), the other pages (test_docs.py).
"""

import re
from pathlib import Path

import pytest
from helpers_build import build_plain
from helpers_once import made_once

from benchmarks.generate import main as generate
from benchmarks.questions import PAGE, drawn, questions

WORDS = PAGE.read_text(encoding="utf-8")
PRINTED = dict(re.findall(r"^## (\d+)\. .*?^```text\n(.*?)^```$", WORDS, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def dataset() -> Path:
    """The dataset of the two commands at the top of the page."""

    def make(folder: Path) -> None:
        command = re.search(r"benchmarks\.generate (.+?) --out", WORDS)
        assert command is not None
        assert generate([*command[1].split(), "--out", str(folder / "raw")]) == 0
        build_plain(folder / "raw" / "000", folder / "out")

    return made_once("questions", make) / "out"


def test_there_are_fifteen() -> None:
    assert [question.number for question in questions(WORDS)] == list(range(1, 16))
    assert list(PRINTED) == [str(number) for number in range(1, 16)]


@pytest.mark.parametrize("question", questions(WORDS), ids=lambda question: str(question.number))
def test_the_result_is_the_real_one(dataset: Path, question) -> None:
    assert drawn(question.sql, dataset) == PRINTED[str(question.number)].rstrip("\n")
    assert len(PRINTED[str(question.number)].splitlines()) > 2, "a result without rows shows nothing"
