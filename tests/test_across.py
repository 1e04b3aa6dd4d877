"""Checks across reports: identities between years, copied prose.

Belongs here: pipeline/across as functions from tables to rows. Does not belong here: where the rows are published
(test_publish.py).
"""

from decimal import Decimal
from random import Random

import duckdb
import numpy
import pytest

from pipeline.across.checks import check_across
from pipeline.across.copies import MIN_SHINGLES, SAME, most_similar
from pipeline.across.keys import ACROSS
from pipeline.across.renew import check_all, renew
from pipeline.across.sketch import prose_of, shingle_hashes, similarity, sketches
from pipeline.across.years import terms
from schemas.arrow import arrow_schema
from schemas.forms import read_data

REPORT = "report_id varchar, body_id varchar, report_year integer, is_current boolean, scope varchar"
CELL = "report_id varchar, table_key varchar, row_key varchar, column_key varchar, value decimal(18, 4), value_state varchar"
LONG = "".join(chr(0x4E00 + (37 * number) % 5000) for number in range(600))


def blob(prose: str) -> tuple[int, bytes]:
    (shingles,), (sketch,) = sketches([prose])
    return int(shingles), sketch.astype("<u2").tobytes()


def tables(
    connection: duckdb.DuckDBPyConnection,
    suffix: str,
    reports: list[tuple],
    cells: list[tuple] = (),
    indicators: list[tuple] = (),
    prose: dict[str, str] | None = None,
) -> None:
    """Makes the tables of these reports. A cell is (report, table, row, column, value or a state)."""
    connection.execute(f"create or replace table reports_{suffix} ({REPORT})")
    connection.execute(f"create or replace table cells_{suffix} ({CELL})")
    connection.execute(
        f"create or replace table indicators_{suffix} (report_id varchar, indicator_key varchar, value decimal(18, 4))"
    )
    connection.execute(f"create or replace table sketches_{suffix} (report_id varchar, shingles integer, sketch blob)")
    for report in reports:
        connection.execute(f"insert into reports_{suffix} values (?, ?, ?, ?, ?)", report)
        text = (prose or {}).get(report[0], "")
        connection.execute(f"insert into sketches_{suffix} values (?, ?, ?)", [report[0], *blob(text)])
    for *key, value in cells:
        state = value if isinstance(value, str) else "reported"
        number = None if isinstance(value, str) else value
        connection.execute(f"insert into cells_{suffix} values (?, ?, ?, ?, ?, ?)", [*key, number, state])
    for row in indicators:
        connection.execute(f"insert into indicators_{suffix} values (?, ?, ?)", row)


def run(
    reports: list[tuple], cells: list[tuple] = (), indicators: list[tuple] = (), prose: dict[str, str] | None = None
) -> list[dict]:
    """The rows for these reports."""
    with duckdb.connect() as connection:
        tables(connection, "across", reports, cells, indicators, prose)
        table = check_across(connection)
    assert table.schema.equals(arrow_schema("checks"))
    return table.to_pylist()


def own(report_id: str, year: int, body: str | None = "B", scope: str = "own", is_current: bool = True) -> tuple:
    return (report_id, body, year, is_current, scope)


def outcomes(rows: list[dict], check_key: str) -> list[tuple]:
    return [(row["report_id"], row["outcome"], row["detail"]) for row in rows if row["check_key"] == check_key]


TWO_YEARS = [own("old", 2021), own("new", 2022)]


def continuity(before: object, now: object) -> list[tuple]:
    return [
        ("old", "applications", "carried_forward", "total", before),
        ("new", "applications", "carried_over", "total", now),
    ]


# -- identities between years -----------------------------------------------------------------------------------------

REFUSED = "a cell could not be read"
CARRIED = [
    ("equal", 3, 3, "pass", None),
    ("different", 3, 2, "fail", None),
    ("both zero", 0, 0, "pass", None),
    ("blank and zero", "blank", 0, "pass_blank_as_zero", None),
    ("both blank", "blank", "placeholder", "pass_blank_as_zero", None),
    ("blank and not zero", "blank", 2, "fail", "blank cells read as 0"),
    ("unreadable", "unreadable", 2, "not_assessable", REFUSED),
    ("missing", 2, "missing", "not_assessable", REFUSED),
]


@pytest.mark.parametrize(("before", "now", "outcome", "detail"), [c[1:] for c in CARRIED], ids=[c[0] for c in CARRIED])
def test_carry_over(before, now, outcome, detail):
    rows = run(TWO_YEARS, continuity(before, now))
    assert outcomes(rows, "carry_over_continuity") == [("new", outcome, detail)]
    (row,) = [row for row in rows if row["check_key"] == "carry_over_continuity"]
    assert (row["severity"], row["column_key"], row["other_report_id"]) == ("error", "total", "old")
    if outcome == "fail" and detail is None:
        assert (row["left_value"], row["right_value"], row["difference"]) == (Decimal(2), Decimal(3), Decimal(-1))


NO_PAIR = [
    ("another body", [own("old", 2021, "A"), own("new", 2022)]),
    ("a body that is not known", [own("old", 2021, None), own("new", 2022, None)]),
    ("two years apart", [own("old", 2020), own("new", 2022)]),
    ("an old version", [own("old", 2021, is_current=False), own("new", 2022)]),
    ("a year that is not known", [own("old", None), own("new", 2022)]),
]


@pytest.mark.parametrize("reports", [case[1] for case in NO_PAIR], ids=[case[0] for case in NO_PAIR])
def test_what_is_no_year_before_is_not_compared(reports):
    assert outcomes(run(reports, continuity(3, 2)), "carry_over_continuity") == []


def test_the_whole_region_and_the_body_alone_do_not_compare():
    rows = run([own("old", 2021, scope="whole_region"), own("new", 2022)], continuity(3, 2))
    [(_, outcome, detail)] = outcomes(rows, "carry_over_continuity")
    assert outcome == "not_assessable"
    assert "region" in detail
    rows = run([own("old", 2021, scope="unknown"), own("new", 2022)], continuity(3, 2))
    assert outcomes(rows, "carry_over_continuity") == [("new", "fail", None)]


def test_a_table_that_is_not_there_gives_no_row():
    assert outcomes(run(TWO_YEARS, continuity(3, 2)[:1]), "carry_over_continuity") == []


IN_FORCE = [
    ("follows", 10, 14, 6, 2, "pass"),
    ("does not follow", 10, 15, 6, 2, "fail"),
    ("nothing repealed is said", 10, 16, 6, "blank", "pass_blank_as_zero"),
    ("the stock is blank", 10, "blank", 0, 0, "not_assessable"),
    ("last year's stock is blank", "blank", 4, 6, 2, "not_assessable"),
]


@pytest.mark.parametrize(
    ("before", "now", "issued", "repealed", "outcome"), [c[1:] for c in IN_FORCE], ids=[c[0] for c in IN_FORCE]
)
def test_documents_in_force(before, now, issued, repealed, outcome):
    def cell(report: str, column: str, value: object) -> tuple:
        return (report, "active_disclosure", "normative_documents", column, value)

    columns = ("issued", "repealed", "in_force")
    cells = [cell("old", name, value) for name, value in zip(columns, (1, 1, before), strict=True)]
    cells += [cell("new", name, value) for name, value in zip(columns, (issued, repealed, now), strict=True)]
    rows = run(TWO_YEARS, cells)
    assert [row[1] for row in outcomes(rows, "documents_in_force_continuity")] == [outcome]


@pytest.mark.parametrize(
    ("last", "change", "now", "outcome"),
    [(9, -2, 7, "pass"), (9, -2, 9, "fail"), (9, "blank", 9, "pass_blank_as_zero")],
)
def test_items(last, change, now, outcome):
    cells = [
        (report, "active_disclosure", "licensing", column, value)
        for report, column, value in [
            ("old", "items_last_year", last), ("old", "items_change", change), ("new", "items_last_year", now),
            ("new", "items_change", 0),
        ]
    ]  # fmt: skip
    rows = run([own("old", 2019), own("new", 2020)], cells)
    assert [row[1] for row in outcomes(rows, "items_continuity")] == [outcome]


def disputes(review: object, direct: object, after: object, received: object = 0, carried: object = 0) -> list[tuple]:
    blocks = {"review": review, "litigation_direct": direct, "litigation_after_review": after}
    cells = [("new", "disputes", row, "total", value) for row, value in blocks.items()]
    return [
        *cells, ("new", "applications", "new_received", "total", received),
        ("new", "applications", "carried_over", "total", carried),
    ]  # fmt: skip


NOTHING = "nothing is known of the year before"
AFTER_REVIEW = [
    ("no lawsuit", disputes(0, 3, 0), [], "pass", None),
    ("a review this year", disputes(1, 0, 1), [], "pass", None),
    ("a review last year", disputes(0, 0, 1), [("old", "reviews", 2)], "pass", None),
    ("no review in either year", disputes(0, 0, 1), [("old", "reviews", 0)], "fail", None),
    ("last year is not known", disputes(0, 0, 1), [], "not_assessable", NOTHING),
    ("blank reviews", disputes("blank", 0, 1), [("old", "reviews", 0)], "fail", "blank cells read as 0"),
    ("unreadable", disputes(0, 0, "unreadable"), [("old", "reviews", 0)], "not_assessable", REFUSED),
]


@pytest.mark.parametrize(
    ("cells", "before", "outcome", "detail"), [c[1:] for c in AFTER_REVIEW], ids=[c[0] for c in AFTER_REVIEW]
)
def test_lawsuits_after_review(cells, before, outcome, detail):
    rows = run(TWO_YEARS, cells, before)
    assert outcomes(rows, "disputes_after_review_without_review") == [("new", outcome, detail)]


WITHOUT = [
    ("no dispute", disputes(0, 0, 0), [], "pass", None),
    ("requests this year", disputes(1, 0, 0, received=1), [], "pass", None),
    ("requests carried over", disputes(1, 0, 0, carried=1), [], "pass", None),
    ("requests last year", disputes(1, 0, 0), [("old", "applications_received", 4)], "pass", None),
    ("none in either year", disputes(1, 0, 0), [("old", "applications_received", 0)], "fail", None),
    ("last year is not known", disputes(1, 0, 0), [], "not_assessable", NOTHING),
    ("unreadable requests", disputes(1, 0, 0, received="missing"), [], "not_assessable", REFUSED),
    ("no table of requests", disputes(1, 0, 0)[:3], [("old", "applications_received", 0)], "not_assessable", REFUSED),
]


@pytest.mark.parametrize(
    ("cells", "before", "outcome", "detail"), [c[1:] for c in WITHOUT], ids=[c[0] for c in WITHOUT]
)
def test_disputes_without_applications(cells, before, outcome, detail):
    rows = run(TWO_YEARS, cells, before)
    assert outcomes(rows, "disputes_without_applications") == [("new", outcome, detail)]


# -- copies -----------------------------------------------------------------------------------------------------------


def edited(text: str, edits: int, seed: int = 1) -> str:
    rng, letters = Random(seed), list(text)
    for place in rng.sample(range(len(letters)), edits):
        letters[place] = "字"
    return "".join(letters)


def jaccard(one: str, other: str) -> float:
    sets = [{text[at : at + 5] for at in range(len(text) - 4)} for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_the_sketch_of_a_text_is_the_same_beside_other_texts():
    """By the definition: of each class of the shingles' hashes the smallest, its lowest 16 bits and never 0."""
    texts = ["", LONG, LONG[:4], LONG[:5], LONG[5:] + LONG, "", LONG[:9], "a\ud800bcde"]
    shingles, made = sketches(texts)
    for text, count, found in zip(texts, shingles.tolist(), made.tolist(), strict=True):
        hashes = shingle_hashes(text).tolist()
        assert hashes == sorted(set(hashes))
        assert count == len(hashes) == len({text[place : place + 5] for place in range(len(text) - 4)})
        expected = [0] * 256
        for value in reversed(hashes):
            expected[value >> 56] = max(value & 0xFFFF, 1)
        assert found == expected
    assert [column.tolist() for column in sketches([])] == [[], []]


@pytest.mark.parametrize("edits", [0, 3, 8, 20, 60, 200])
def test_a_sketch_tells_how_similar_two_texts_are(edits):
    texts = [
        "".join(chr(0x4E00 + Random(seed).randrange(9000)) for seed in range(number, number + 2000))
        for number in (0, 7000, 14000, 21000)
    ]
    for text in texts:
        other = edited(text, edits)
        estimate = similarity(*(sketches([words])[1] for words in (text, other)))[0]
        assert estimate == pytest.approx(jaccard(text, other), abs=0.1)  # 3 standard errors at one half


def test_the_same_text_is_wholly_the_same_and_an_empty_one_is_like_nothing():
    one, nothing = sketches([LONG])[1], sketches([""])[1]
    assert similarity(one, one)[0] == 1
    assert similarity(one, nothing)[0] == 0
    assert similarity(nothing, nothing)[0] == 0


def test_prose_has_neither_tables_nor_blanks_nor_years():
    text = "一、概述\n2020年 我镇\t公开\n表 0 0\n二、其他\n无。"
    bodies = [(text.index("2020"), text.index("二、")), (text.index("无"), len(text))]
    tables = [(text.index("表"), text.index("二、"))]
    assert prose_of(text, bodies, tables) == "年我镇公开无。"
    assert prose_of(text, bodies, [(0, len(text))]) == ""


COPIES = [own("a", 2021, "A"), own("b", 2021, "B"), own("c", 2020, "B"), own("d", 2020, "D"), own("e", 2021, None)]


def test_copies_are_found_and_named():
    prose = {"a": edited(LONG, 4), "b": LONG, "c": edited(LONG, 3, seed=2), "d": LONG[::-1], "e": LONG}
    rows = {(row["check_key"], row["report_id"]): row for row in run(COPIES, prose=prose)}
    other = "copied_from_other_body"
    assert {key[1]: row["outcome"] for key, row in rows.items() if key[0] == other} == {
        "a": "fail", "b": "fail", "c": "pass", "d": "pass", "e": "not_assessable",
    }  # fmt: skip
    assert rows[other, "a"]["other_report_id"] == "b"
    assert rows[other, "b"]["other_report_id"] == "a"
    assert rows[other, "a"]["left_value"] >= Decimal("0.9") == rows[other, "a"]["right_value"]
    assert rows[other, "d"]["other_report_id"] is None
    own_copy = rows["copied_from_own_previous_year", "b"]
    assert (own_copy["outcome"], own_copy["other_report_id"], own_copy["severity"]) == ("fail", "c", "warning")
    assert [key[1] for key in rows if key[0] == "copied_from_own_previous_year"] == ["b"]


def test_short_prose_is_no_copy():
    short = LONG[: MIN_SHINGLES - 10]
    rows = run(COPIES[:3], prose={"a": short, "b": short, "c": short})
    copied = [row for row in rows if row["check_key"].startswith("copied")]
    assert {row["outcome"] for row in copied} == {"not_assessable"}
    assert len(copied) == 4
    assert all("fewer than" in row["detail"] for row in copied)


def test_all_zero_tables_are_no_copies():
    """Prose of their own, tables alike: the tables are not looked at (field.md C-Y-6)."""
    zeros = [
        (report, "applications", row, "total", 0)
        for report in ("a", "b")
        for row in ("new_received", "carried_over", "total_handled", "carried_forward")
    ]
    rows = run(COPIES[:2], zeros, prose={"a": LONG, "b": LONG[::-1]})
    assert {row["outcome"] for row in rows if row["check_key"].startswith("copied")} == {"pass"}


def test_bands_find_what_comparing_all_with_all_finds():
    rng = Random(5)
    phrases = ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(20)) for _ in range(60)]
    texts = []
    for number in range(300):
        text = "".join(
            rng.choice(phrases)
            if rng.random() < 0.6
            else "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(20))
            for _ in range(40)
        )
        texts.append(edited(texts[-1], rng.randint(0, 12), number) if number % 4 == 3 else text)
    hashes = [shingle_hashes(text) for text in texts]
    shingles, made = sketches(texts)
    assert shingles.tolist() == [len(found) for found in hashes]
    years = numpy.arange(300) // 100
    best = most_similar(made, shingles, years)
    missed = 0
    for number in range(300):
        same_year = [other for other in range(300) if other != number and years[other] == years[number]]
        similar = similarity(made[[number] * len(same_year)], made[same_year])
        ratio = numpy.minimum(shingles[number], shingles[same_year]) / numpy.maximum(
            shingles[number], shingles[same_year]
        )
        highest = numpy.minimum(similar, ratio).max()
        if highest >= SAME:
            missed += best.similarity[number] != highest
        else:
            assert best.other[number] == -1
    assert (best.other >= 0).sum() > 60
    assert missed == 0


def test_a_thousand_identical_texts_are_compared_with_a_few_others_each():
    shingles, made = sketches([LONG] * 1000)
    best = most_similar(made, shingles, numpy.zeros(1000, dtype=numpy.int64))
    assert (best.similarity == 1).all()
    assert (best.other != numpy.arange(1000)).all()


@pytest.mark.parametrize("seed", range(5))
def test_what_is_renewed_is_what_is_made_anew(seed: int) -> None:
    """Reports come, go and are changed; another version of a report becomes the current one; bodies and years get known."""
    random = Random(seed)
    proses = [LONG, LONG[:-3] + "完毕。", LONG[::-1], LONG[300:] + LONG[:300], "短"]
    states = ["blank", "unreadable", 0, 1, 2, 2, 3]

    def facts(name: str) -> tuple[list[tuple], list[tuple], list[tuple], str]:
        """A report of some body and year, with some cells, some indicators and some prose."""
        scope = random.choice(["own", "own", "own", "region", "unknown"])
        report = (name, random.choice([*"ABCDE", None]), random.choice([2019, 2020, 2021, 2022, None]), True, scope)
        needed = {(term.table_key, term.cell_row, term.cell_column) for term in terms()}
        needed |= {("disputes", row, "total") for row in ("review", "litigation_direct", "litigation_after_review")}
        needed |= {("applications", "new_received", "total")}
        cells = [(name, *key, random.choice(states)) for key in sorted(needed) if random.random() < 0.9]
        indicators = [(name, key, random.choice([0, 2])) for key in ("reviews", "applications_received")]
        return [report], cells, indicators, random.choice(proses)

    def told(connection: duckdb.DuckDBPyConnection, known: dict[str, tuple]) -> None:
        newest: dict[tuple, str] = {}
        for name in sorted(known):
            _, body, year, *_ = known[name][0][0]
            newest[(body, year) if body and year else (name,)] = name
        reports = [(*row[:3], name in newest.values(), row[4]) for name, ([row], *_) in known.items()]
        parts = [[row for facts in known.values() for row in facts[place]] for place in (1, 2)]
        tables(connection, "all", reports, *parts, {name: facts[3] for name, facts in known.items()})

    known = {f"{number:016x}": facts(f"{number:016x}") for number in range(14)}
    with duckdb.connect() as connection:
        told(connection, known)
        for _ in range(3):
            before = check_all(connection)
            connection.execute("create or replace table reports_before as select * from reports_all")
            changed = random.sample(sorted(known), 2)
            for name in changed:
                known.pop(name) if random.random() < 0.4 else known.update({name: facts(name)})
            come = f"{random.randrange(2**40):016x}"
            known[come] = facts(come)
            told(connection, known)
            renewed = renew(connection, before, [*changed, come])
            wanted = check_all(connection)
            assert renewed.schema.equals(arrow_schema("checks"))
            assert renewed.to_pylist() == wanted.to_pylist()
            assert wanted.to_pylist() != before.to_pylist()


def test_nothing_to_compare():
    assert run([]) == []


def test_the_keys_are_those_of_the_contract():
    assert set(ACROSS) <= {check["check_key"] for check in read_data("checks.csv")}
    assert len(ACROSS) == 7
