"""What the rules make of the labelled sentences: precision and recall, for each metric and in all.

Belongs here: labelled_prose.jsonl against pipeline/prose. Does not belong here: whether the labels are well formed
(test_labelled_prose_format.py), sentences made to mislead (test_prose_traps.py).

A figure is right if metric, value and place are those of the label; a zero phrase may begin a word earlier (也未发生).
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from prose_text import statements_of, value_of

LABELS = Path(__file__).with_name("labelled_prose.jsonl")
SENTENCES = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
LEAST_PRECISION, LEAST_RECALL = 0.99, 0.95
SLACK = 2

Key = tuple[str | None, str, int]


def compare(sentence: dict) -> tuple[dict[Key, object], dict[Key, dict]]:
    """(found, labelled), each by metric, value and place; zero phrases at the place of their label."""
    wanted = {(s["metric_key"], f"{float(s['value']):.4f}", s["start"]): s for s in sentence["statements"]}
    found: dict[Key, object] = {}
    for statement in statements_of(sentence["text"], sentence["section"], sentence["year"]):
        key = (statement.metric_key, f"{float(value_of(statement)):.4f}", statement.char_start)
        if key not in wanted and statement.value == 0:
            near = [w for w in wanted if w[:2] == key[:2] and abs(w[2] - key[2]) <= SLACK and w not in found]
            key = near[0] if near else key
        found[key] = statement
    return found, wanted


@pytest.fixture(scope="module")
def tally() -> dict[str, Counter]:
    counts: dict[str, Counter] = defaultdict(Counter)
    for sentence in SENTENCES:
        found, wanted = compare(sentence)
        for key in found.keys() | wanted.keys():
            what = "right" if key in found and key in wanted else "wrong" if key in found else "missed"
            counts[key[0] or "(no metric)"][what] += 1
    return counts


def rates(count: Counter) -> tuple[float, float]:
    """(precision, recall)"""
    said, labelled = count["right"] + count["wrong"], count["right"] + count["missed"]
    return (count["right"] / said if said else 1.0, count["right"] / labelled if labelled else 1.0)


def test_precision_and_recall(tally: dict[str, Counter], capsys: pytest.CaptureFixture[str]) -> None:
    keyed = Counter()
    for metric, count in tally.items():
        if metric != "(no metric)":
            keyed += count
    lines = [f"\n{'metric':32} labelled  precision  recall"]
    for metric, count in [*sorted(tally.items()), ("all with a metric", keyed)]:
        precision, recall = rates(count)
        lines.append(f"{metric:32} {count['right'] + count['missed']:8}  {precision:9.3f}  {recall:6.3f}")
    with capsys.disabled():
        print("\n".join(lines))
    precision, recall = rates(keyed)
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL
    precision, recall = rates(tally["(no metric)"])
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL


FLAGS = ("is_zero_phrase", "is_approximate", "is_cumulative", "refers_to_year")


@pytest.mark.parametrize("flag", FLAGS)
def test_flags(flag: str) -> None:
    wrong = []
    for sentence in SENTENCES:
        found, wanted = compare(sentence)
        wrong += [
            f"{sentence['id']}: {sentence['text']}"
            for key in found.keys() & wanted.keys()
            if getattr(found[key], flag) != wanted[key][flag]
        ]
    assert wrong == []


# Parts without 其中, and parts in a numbered list: not linked. The list may only shrink.
NOT_LINKED = {"lp079", "lp302", "lp310"}


def test_totals_and_parts() -> None:
    wrong = set()
    for sentence in SENTENCES:
        found, wanted = compare(sentence)
        places = {
            s.statement_no: s.char_start for s in statements_of(sentence["text"], sentence["section"], sentence["year"])
        }
        for key in found.keys() & wanted.keys():
            label = wanted[key]["part_of"]
            total = None if label is None else sentence["statements"][label]["start"]
            parent = found[key].parent_statement_no
            if (None if parent is None else places[parent]) != total:
                wrong.add(sentence["id"])
    assert wrong <= NOT_LINKED


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s["id"])
def test_what_counts_nothing_is_no_statement(sentence: dict) -> None:
    text = sentence["text"]
    spans = [
        range(s.char_start, s.char_end)
        for s in statements_of(text, sentence["section"], sentence["year"])
        if not s.is_zero_phrase
    ]
    labelled = {place for s in sentence["statements"] for place in range(s["start"], s["start"] + len(s["value_text"]))}
    for words in sentence["not_counts"]:
        start = text.find(words)
        inside = {place for span in spans for place in span if start <= place < start + len(words)}
        assert inside <= labelled, words
