"""The lines between the layers: who may import whom, what each file says of itself, how long it may be.

Belongs here: rules about the source tree. Does not belong here: what the code does.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from report_text import ROOT

PACKAGES = ("pipeline", "schemas", "assets", "benchmarks")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 400

INSTALLED = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "benchmarks"]

every_module = pytest.mark.parametrize("path", INSTALLED, ids=lambda path: path.relative_to(ROOT).as_posix())


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
            names.add(str(node.module))
    return names


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def in_package(*names: str) -> list[Path]:
    return [path for path in MODULES if path.relative_to(ROOT).parts[0] in names]


def test_the_tree_is_there():
    assert len(in_package("pipeline")) > 20
    assert len(in_package("schemas")) > 5


@pytest.mark.parametrize("path", in_package("pipeline", "schemas"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_verbs_and_nouns_know_no_orchestrator(path):
    assert not {name for name in packages(path) if name.startswith(("dagster", "dg"))}
    assert not packages(path) & {"assets", "benchmarks", "tests"}


@pytest.mark.parametrize("path", in_package("schemas"), ids=lambda path: path.name)
def test_nouns_know_no_verbs(path):
    assert "pipeline" not in packages(path)


@pytest.mark.parametrize("path", in_package("assets"), ids=lambda path: path.name)
def test_assets_know_no_benchmarks(path):
    assert not packages(path) & {"benchmarks", "tests"}


def test_the_generator_shares_no_code_with_the_parser():
    """Generator and parser share the form's data only: one error in both would go unseen (issue 3)."""
    generator = [path for path in in_package("benchmarks") if "generator" in path.parts or path.name == "generate.py"]
    assert generator
    for path in generator:
        assert "pipeline" not in packages(path), path.name


def test_reading_cells_needs_no_heavy_library():
    """A worker process starts fast: pandas, pandera and duckdb are for publishing."""
    for path in in_package("pipeline"):
        if path.relative_to(ROOT).parts[1] in (
            "read",
            "tabulate",
            "check",
            "split.py",
            "describe",
            "region",
            "parse.py",
            "harmonise.py",
        ):
            assert not packages(path) & {"pandas", "pandera", "duckdb", "pyarrow", "numpy", "rich", "typer"}, path.name


def loaded_after(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_importing_the_command_and_the_pipeline_does_not_load_dagster():
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in in_package("pipeline")
    ]
    loaded = loaded_after("import assets.command, " + ", ".join(names))
    assert not {name for name in loaded if name.startswith("dagster")}
    assert {"pipeline", "assets", "schemas"} <= loaded


def test_parsing_loads_no_heavy_library():
    loaded = loaded_after("import pipeline.parse")
    assert not loaded & {"pandas", "pandera", "duckdb", "dagster", "pyarrow"}


@every_module
def test_module_says_what_belongs_in_it(path):
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert words is not None
    assert "Belongs here" in words
    assert "not belong here" in " ".join(words.split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_is_short_enough_to_read(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES, f"{path.name} has {lines} lines"


@every_module
def test_every_public_function_and_class_says_what_it_does(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


@every_module
def test_no_error_is_swallowed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except in line {node.lineno}"
            only_pass = all(isinstance(step, ast.Pass) for step in node.body)
            broad = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            assert not (only_pass and broad), f"line {node.lineno}"
