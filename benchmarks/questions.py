"""The queries of docs/questions.md, timed: `python -m benchmarks.questions OUT [--json] [--write]`.

Belongs here: running every query of the page on a dataset, how long each takes, and putting the results into the page. Does
not belong here: the queries (docs/questions.md), the dataset (benchmarks/generate.py --panel).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

import duckdb
from rich.console import Console

from pipeline.present.query import draw_rows, run_query

PAGE = Path(__file__).resolve().parents[1] / "docs" / "questions.md"
LIMIT_SECONDS = 1.0
ROUNDS = 3
WIDTH = 200
_QUESTION = re.compile(r"^## (\d+)\. (.+?)\n.*?^```sql\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL)


class Question(NamedTuple):
    """A question of the page: its number, its heading, its query."""

    number: int
    heading: str
    sql: str


def questions(page: str) -> list[Question]:
    """All questions of the page, in order."""
    return [Question(int(found[1]), found[2], found[3]) for found in _QUESTION.finditer(page)]


def drawn(sql: str, out: Path) -> str:
    """The result of a query as `gongkai query` prints it."""
    names, rows, _ = run_query(sql, out)
    console = Console(width=WIDTH, color_system=None, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(draw_rows(names, rows))
    lines = [line.rstrip() for line in console.export_text().split("\n")]
    return "\n".join(lines).strip("\n")


def with_results(page: str, out: Path) -> str:
    """The page with the results of this dataset below every query."""

    def put(found: re.Match[str]) -> str:
        head = found[0][: found.end(3) - found.start() + len("```\n")]
        return f"{head}\n```text\n{drawn(found[3], out)}\n```\n"

    return _QUESTION.sub(put, page)


def seconds(out: Path, asked: list[Question]) -> dict[int, float]:
    """Seconds of each query: the best of some rounds, on a connection that is open already."""
    found: dict[int, float] = {}
    with duckdb.connect(str(out / "gongkai.duckdb"), read_only=True) as connection:
        for question in asked:
            for _ in range(ROUNDS):
                started = time.perf_counter()
                connection.execute(question.sql).fetchall()
                found[question.number] = min(found.get(question.number, 1e9), time.perf_counter() - started)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit status 1 if a query took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description="Time the queries of the page.")
    parser.add_argument("out", type=Path, help="a built dataset, e.g. of 20,000 reports of benchmarks.generate --panel")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--write", action="store_true", help="put the results into docs/questions.md instead")
    chosen = parser.parse_args(arguments)
    page = PAGE.read_text(encoding="utf-8")
    if chosen.write:
        PAGE.write_text(with_results(page, chosen.out), encoding="utf-8")
        return 0
    asked = questions(page)
    took = seconds(chosen.out, asked)
    if chosen.json:
        print(json.dumps({str(number): round(value, 4) for number, value in took.items()}))
    else:
        for question in asked:
            print(f"{question.number:3d}. {took[question.number]:6.3f} s  {question.heading}")
    return int(max(took.values()) > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
