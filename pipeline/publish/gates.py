"""The two gates before anything is published: every table is as declared, and every file and row is accounted for.

Belongs here: both gates of one build, by name. Does not belong here: what they look at (validate.py, account.py).
"""

import sys
from pathlib import Path

import duckdb

from pipeline import aside
from pipeline.publish.account import account_for_files, account_for_rows
from pipeline.settings import Settings
from pipeline.without_pandas import goes_without_pandas
from schemas.tables import ALL_TABLES

VALID, FILES_ADD_UP, ROWS_ADD_UP = "valid", "files_add_up", "rows_add_up"
GATES = {
    (table.name, VALID): "Schema, pandera model, unique keys and references, as schemas/tables.py declares them."
    for table in ALL_TABLES
} | {
    ("files", FILES_ADD_UP): "files = parsed + partial + quarantined + duplicate + removed, and each has its reports.",
    ("reports", ROWS_ADD_UP): "Rows per year, in all tables of reports, neither vanish nor appear unexplained.",
}
"""(table, name of the check) → what it asks."""
_MODELS = "pipeline.publish.validate"

Problems = dict[tuple[str, str], list[str]]


def get_ready() -> None:
    """Starts what find_problems would wait for, in the background."""
    if _MODELS not in sys.modules:
        aside.VALIDATION.start()


def find_problems(build: Path, settings: Settings) -> Problems:
    """What each of GATES has against the tables of a build, in words; [] where there is nothing.

    If a process is waiting for that (aside.VALIDATION), or this one goes without pandas, another looks at the tables while files
    and rows are counted here. What the count says, or fails of, only counts for tables that are as declared.
    """
    if _MODELS in sys.modules or not (aside.VALIDATION.is_started or goes_without_pandas()):
        from pipeline.publish.validate import validate_tables  # pandas and pandera take a second to load

        problems = _named(validate_tables(build))
        return problems | (_not_counted() if any(problems.values()) else _counted(build, settings))
    aside.VALIDATION.begin(build)
    failure: Exception | None = None
    counted: Problems = {}
    try:
        counted = _counted(build, settings)
    except duckdb.InterruptException:  # its word for Ctrl-C
        raise
    except Exception as error:  # a table that is not as declared may fail anyhow: let that be said first
        failure = error
    found = aside.VALIDATION.finish(build)
    assert isinstance(found, dict)
    problems = _named(found)
    if any(problems.values()):
        return problems | _not_counted()
    if failure is not None:
        raise failure
    return problems | counted


def _named(found: dict[str, list[str]]) -> Problems:
    return {(table, VALID): problems for table, problems in found.items()}


def _counted(build: Path, settings: Settings) -> Problems:
    return {
        ("files", FILES_ADD_UP): account_for_files(build),
        ("reports", ROWS_ADD_UP): account_for_rows(build, settings),
    }


def _not_counted() -> Problems:
    return {key: ["not counted: tables are not valid"] for key in GATES if key[1] != VALID}
