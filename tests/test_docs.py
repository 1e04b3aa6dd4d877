"""The documentation is true: commands exist, printed outputs are the real ones, links resolve, examples are read as told.

Belongs here: README.md, CHANGELOG.md and docs/ against the program. Does not belong here: testing the program itself.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from helpers_build import environment

from pipeline.read.document import make_document
from pipeline.tabulate import values
from pipeline.tabulate.tables import tabulate
from schemas.dictionary import page
from schemas.forms import form
from schemas.tables import ALL_TABLES, LAYOUTS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
REPOSITORY_PATH = re.compile(r"`((?:pipeline|assets|schemas|docs|tests|benchmarks|data/raw)/[\w/.-]*)`")


class Example(NamedTuple):
    """A command (or a query) of a page and the output that the page prints below it."""

    page: str
    language: str
    command: str
    output: str


def examples(path: Path) -> list[Example]:
    """Every ```sh or ```sql block that is followed at once by a ```text block."""
    text = path.read_text(encoding="utf-8")
    blocks = list(FENCE.finditer(text))
    return [
        Example(path.name, block[1], block[2], following[2])
        for block, following in pairwise(blocks)
        if block[1] in ("sh", "sql") and following[1] == "text" and not text[block.end() : following.start()].strip()
    ]


# What stands in README.md and in README.zh-CN.md alike is run once; docs/questions.md has a dataset of its own
# (test_questions.py).
_RUN = [path for path in PAGES if path.name != "questions.md"]
EXAMPLES = list({example[1:]: example for path in reversed(_RUN) for example in examples(path)}.values())


def tidy(output: str) -> list[str]:
    """Lines without the blanks at their ends and without empty lines at either end of the whole."""
    lines = "\n".join(line.rstrip() for line in output.split("\n"))
    return lines.strip("\n").split("\n")


@pytest.fixture(scope="module")
def command() -> str:
    """The installed command `gongkai` of the environment that runs the tests."""
    found = shutil.which("gongkai", path=str(Path(sys.executable).parent)) or shutil.which("gongkai")
    assert found is not None, "gongkai is not installed: make setup"
    return found


@pytest.fixture(scope="module")
def dataset(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the pages' commands are run, with a copy of the dataset of data/raw."""
    out = shutil.copytree(samples, tmp_path_factory.mktemp("docs") / "curated", symlinks=True)
    return environment(GONGKAI_OUT=str(out), LC_ALL="C.UTF-8")


# -- commands and their output ----------------------------------------------------------------------------------------


def test_readme_shows_three_queries_and_a_source() -> None:
    assert sum("gongkai query" in example.command for example in EXAMPLES if example.page == "README.md") >= 3


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.page}-{n}" for n, e in enumerate(EXAMPLES)])
def test_output_is_the_real_one(example: Example, command: str, dataset: dict[str, str]) -> None:
    if example.language == "sql":
        arguments = [command, "query", example.command]
    else:
        arguments = ["bash", "-c", example.command.replace(".venv/bin/gongkai", f"'{command}'")]
    done = subprocess.run(arguments, cwd=ROOT, env=dataset, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert tidy(done.stdout) == tidy(example.output)


def test_both_readmes_show_the_same_commands_and_outputs() -> None:
    """README.zh-CN.md tells in Chinese what README.md tells: whatever is run and shown in one stands in the other."""
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    mine, theirs = ([(block[1], block[2]) for block in FENCE.finditer(text)] for text in (README, chinese))
    assert mine == theirs


def test_chinese_readme_names_every_table() -> None:
    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert {table.name for table in ALL_TABLES} <= set(re.findall(r"`(\w+)`", text))


def test_readme_begins_with_its_two_commands() -> None:
    first, second = [match[2].strip() for match in FENCE.finditer(README)][:2]
    assert (first, second) == ("make build", "make test")


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE))
    wanted = {
        name
        for path in PAGES
        for name in re.findall(r"(?:`|^)make ([a-z]+)(?:`|$)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"build", "test"} <= wanted <= targets
    described = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    assert described == set(re.search(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)[1].split())  # type: ignore[index]


def test_readme_names_every_table() -> None:
    assert {table.name for table in ALL_TABLES} <= set(re.findall(r"`(\w+)`", README))


def test_changelog_has_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\n## {version}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# -- links, paths, the dictionary, the pins ---------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(text))
    return set(slugs)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_resolve(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in LINK.findall(FENCE.sub("", text)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_named_files_exist(path: Path) -> None:
    missing = [name for name in REPOSITORY_PATH.findall(path.read_text(encoding="utf-8")) if not (ROOT / name).exists()]
    assert not missing


def test_data_dictionary_is_up_to_date() -> None:
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == page(), "run make dictionary"


def test_constraints_pin_everything_and_agree_with_the_project() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    pins = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    for requirement in wanted:
        name, exact, version = requirement.partition("==")
        pinned = pins[re.split(r"[<>=\[ ]", name)[0].lower()]
        assert not exact or pinned == version, requirement


# -- examples of docs/layouts.md and docs/reading.md ------------------------------------------------------------------


def layout_sections() -> dict[str, str]:
    parts = re.split(r"^## ", (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].strip("`"): part for part in parts}


def test_every_layout_is_described() -> None:
    assert list(layout_sections()) == list(LAYOUTS)


GIVEN = {name: part for name, part in layout_sections().items() if "\nGives: " in part}


@pytest.mark.parametrize("layout", GIVEN)
def test_layout_examples_are_read_as_told(layout: str) -> None:
    part = GIVEN[layout]
    fence = FENCE.search(part)
    assert fence is not None
    text = fence[2].replace("⇥", "\t")
    (reading,) = tabulate(make_document(text, "text/plain", "utf-8"))
    found = [
        state if value is None else f"{Decimal(value) / values.SCALE:f}"
        for state, value in zip(reading.states, reading.values, strict=True)
    ]
    told = re.search(r"^Gives: (.+)$", part, re.MULTILINE)
    assert told is not None
    assert reading.layout == layout
    assert found == " ".join(re.findall(r"`([^`]+)`", told[1])).split()


READERS = {
    "A count": values.read_count,
    "A change (本年增/减)": values.read_change,
    "Money, without a unit in the header": lambda text: values.read_money(text, None),
    "Money, with 万元 in the header": lambda text: values.read_money(text, "万元"),
}


@pytest.mark.parametrize("heading", READERS)
def test_cells_are_read_as_told(heading: str) -> None:
    text = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    part = re.split(r"^#{2,3} ", text.split(f"### {heading}\n")[1], flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `([^`]*)` \| (\w+) \| *([-\d.]*) *\|$", part, re.MULTILINE)
    assert len(rows) == part.count("| `"), "a row of the table is not understood"
    for printed, state, value in rows:
        reading = READERS[heading](printed.replace("⏎", "\n"))
        expected = Decimal(value) * values.SCALE if value else None
        assert (reading.state, reading.value) == (state, expected), printed


def test_example_of_lining_up_is_read_as_told() -> None:
    """The second row of the example is read beside the first, and refused without it."""
    text = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    example = next(block[2] for block in FENCE.finditer(text) if "（二）部分公开" in block[2])
    full, partial = example.replace("⇥", "\t").splitlines()

    def states(*lines: str) -> list[str]:
        rows = [row.label + "\t0" * 7 for row in form("2019", "applications").rows if row.key not in shown]
        (reading,) = tabulate(make_document("\n".join([rows[0], *lines, *rows[1:]]) + "\n", "text/plain", "utf-8"))
        keys = zip(reading.row_keys, reading.states, strict=True)
        return [state for row_key, state in keys if row_key == "partly_granted"]

    shown = {"granted", "partly_granted"}
    assert states(full, partial) == ["reported", "blank", "blank", "blank", "blank", "blank", "reported"]
    assert states(partial) == ["unreadable"] * 7
