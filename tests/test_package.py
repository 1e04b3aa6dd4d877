"""What a dataset says of itself when it is handed on: datapackage.json, README.md, and the notebook that loads it.

Belongs here: the data package against the Frictionless library and the files, the notebook executed. Does not belong here:
the pages (test_pages.py), the documentation of the project (test_docs.py).
"""

import json
from pathlib import Path

import duckdb
import nbformat
import pyarrow.parquet as pq
import pytest
from frictionless import Package
from helpers_build import PROJECT, query
from nbclient import NotebookClient

from schemas.tables import ALL_TABLES

NOTEBOOK = PROJECT / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def descriptor(samples: Path) -> dict[str, object]:
    return json.loads((samples / "datapackage.json").read_text(encoding="utf-8"))


def test_data_package_is_valid(descriptor: dict[str, object]) -> None:
    report = Package.validate_descriptor(descriptor)
    assert report.valid, report.flatten()


def test_a_wrong_data_package_would_be_found(descriptor: dict[str, object]) -> None:
    wrong = json.loads(json.dumps(descriptor))
    wrong["resources"][0]["schema"]["fields"][0]["type"] = "word"
    assert not Package.validate_descriptor(wrong).valid


def test_data_package_describes_the_files_that_are_there(samples: Path, descriptor: dict[str, object]) -> None:
    package = Package.from_descriptor(descriptor, basepath=str(samples))
    tables = {table.name: table for table in ALL_TABLES}
    assert [resource.name for resource in package.resources] == [*tables, "database", "quality"]
    for resource in descriptor["resources"]:  # type: ignore[attr-defined]
        paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
        assert paths
        assert all((samples / path).is_file() for path in paths)
        if resource["name"] in tables:
            files = [pq.ParquetFile(samples / path) for path in paths]
            assert sum(file.metadata.num_rows for file in files) == resource["rows"]
            assert sum((samples / path).stat().st_size for path in paths) == resource["bytes"]
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert names == files[0].schema_arrow.names


def test_keys_and_references_of_the_data_package_hold(samples: Path, descriptor: dict[str, object]) -> None:
    for resource in descriptor["resources"]:  # type: ignore[attr-defined]
        schema = resource.get("schema", {})
        for keys in [schema.get("primaryKey"), *schema.get("uniqueKeys", [])]:
            if keys:
                names = ", ".join(keys)
                doubled = f"select 1 from {resource['name']} group by {names} having count(*) > 1"
                assert query(samples, doubled) == [], (resource["name"], keys)
        for reference in schema.get("foreignKeys", []):
            (column,), other = reference["fields"], reference["reference"]
            orphans = (
                f"select {column} from {resource['name']} where {column} is not null and {column} not in "
                f"(select {other['fields'][0]} from {other['resource']})"
            )
            assert query(samples, orphans) == [], (resource["name"], column)


def test_readme_of_the_outputs_tells_what_is_there(samples: Path) -> None:
    text = (samples / "README.md").read_text(encoding="utf-8")
    for table in ALL_TABLES:
        rows = query(samples, f'select count(*) from "{table.name}"')[0][0]
        assert f"| `{table.name}` | {rows:,} |" in text
    assert duckdb.__version__ in text
    assert "$" not in text
    for name in ("gongkai.duckdb", "datapackage.json", "quality.html", "reports"):
        assert f"`{name}" in text
        assert (samples / name).exists()


def test_notebook_runs_and_gives_what_it_shows(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Executed as it stands, on the samples: no error, three charts, and the printed results are those in the file."""
    monkeypatch.setenv("GONGKAI_OUT", str(samples))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    shown = nbformat.read(NOTEBOOK, as_version=4)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    charts = 0
    for cell, before in zip(notebook.cells, shown.cells, strict=True):
        if cell.cell_type != "code":
            continue
        assert [o.data["text/plain"] for o in cell.outputs] == [o.data["text/plain"] for o in before.outputs]
        charts += sum("image/png" in output.data for output in cell.outputs)
    assert charts == 3
