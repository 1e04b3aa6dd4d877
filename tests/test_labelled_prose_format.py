"""The labelled prose sentences are themselves well formed.

Belongs here: checks of ``labelled_prose.jsonl`` against the contract's format (keys, spans, totals and parts, that no
digit is left out). Does not belong here: what the rules make of the sentences, and anything that reads prose by rule;
the labels were written without sight of the rules and must stay so.

How the sentences are labelled, beyond the contract: ``start`` is the place of ``value_text`` in ``text``. Of money the
``value_text`` is the figure and the ``unit`` the printed one (万元), the ``value`` is in 元; of counts 万 is part of the
``value_text``. Words of approximation (约, 余) are not part of it. Another year's figure keeps its metric and has
``refers_to_year``; a plan has no metric. A zero phrase over several nouns is one label a noun, on the same words. Zero
phrases that no metric fits (未发生泄密) are not labelled. A range is labelled once, with its lower bound.
"""

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schemas.vocabulary import SECTION_KEYS

LABELS = Path(__file__).with_name("labelled_prose.jsonl")
METRICS = Path(__file__).parents[1] / "schemas" / "data" / "metrics.csv"

SENTENCE_FIELDS = {"id", "section", "year", "text", "statements", "not_counts", "trap"}
STATEMENT_FIELDS = {
    "metric_key",
    "value",
    "unit",
    "value_text",
    "start",
    "subject",
    "is_zero_phrase",
    "is_approximate",
    "is_cumulative",
    "part_of",
    "refers_to_year",
}
_DIGITS = re.compile(r"[0-9０-９]+")

SENTENCES: list[dict[str, Any]] = [
    json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines() if line.strip()
]
METRIC_KEYS = {row["metric_key"] for row in csv.DictReader(METRICS.open(encoding="utf-8"))}


def _spans_of(text: str, part: str) -> list[tuple[int, int]]:
    """Every place where ``part`` stands in ``text``, as half-open spans in code points."""
    return [(found.start(), found.end()) for found in re.finditer(re.escape(part), text)]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: str(sentence["id"]))
def test_sentence_is_well_formed(sentence: dict[str, Any]) -> None:
    """Fields, section key, spans, parts and values of one labelled sentence."""
    assert set(sentence) == SENTENCE_FIELDS
    assert sentence["section"] in SECTION_KEYS
    assert 2007 <= sentence["year"] <= 2026
    text, statements = sentence["text"], sentence["statements"]
    covered: set[int] = set()
    for number, label in enumerate(statements):
        assert set(label) == STATEMENT_FIELDS
        assert label["metric_key"] is None or label["metric_key"] in METRIC_KEYS
        end = label["start"] + len(label["value_text"])
        assert text[label["start"] : end] == label["value_text"] != ""
        covered.update(range(label["start"], end))
        assert label["subject"] in text
        value = Decimal(label["value"])
        if label["is_zero_phrase"]:
            assert value == 0
            assert label["unit"] is None
            assert not _DIGITS.search(label["value_text"])
        else:
            assert label["unit"] in (None, "%") or label["unit"] in text
            if label["unit"] == "%":
                assert any(sign in text for sign in ("%", "％", "百分之"))
                assert label["metric_key"] is None
        if label["part_of"] is not None:
            total = statements[label["part_of"]]
            assert label["part_of"] != number
            assert total["part_of"] != number
            assert value <= Decimal(total["value"])
    for token in sentence["not_counts"]:
        spans = _spans_of(text, token)
        assert spans, f"{token!r} is not in the text"
        covered.update(place for start, end in spans for place in range(start, end))
    for digits in _DIGITS.finditer(text):
        assert set(range(*digits.span())) <= covered, f"{digits[0]} is neither a statement nor a not_count"


def test_ids_and_texts_are_unique() -> None:
    """A sentence is labelled once, under one id."""
    for field in ("id", "text"):
        doubled = [value for value, times in Counter(s[field] for s in SENTENCES).items() if times > 1]
        assert doubled == []


def test_set_is_large_enough_and_has_sentences_without_quantities() -> None:
    """The size that the set was asked for."""
    assert len(SENTENCES) >= 300
    assert sum(not sentence["statements"] for sentence in SENTENCES) >= 50


@pytest.mark.parametrize("metric_key", sorted(METRIC_KEYS))
def test_metric_is_covered(metric_key: str) -> None:
    """Every metric occurs in at least four differently worded sentences."""
    holding = [s for s in SENTENCES if any(label["metric_key"] == metric_key for label in s["statements"])]
    assert len(holding) >= 4


@pytest.mark.parametrize("trap", [f"§4({letter})" for letter in "abcdefg"] + [str(n) for n in range(33, 43)])
def test_trap_is_covered(trap: str) -> None:
    """Every trap of field.md §4 and §6.2 (33 to 42) that a sentence can show is shown at least twice."""
    holding = [s for s in SENTENCES if trap in (s["trap"] or "").split(",")]
    assert len(holding) >= 2
