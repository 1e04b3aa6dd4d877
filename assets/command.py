"""The command `gongkai`.

Belongs here: arguments, exit codes, what is printed. Does not belong here: doing it. Exit status: 0 done, 1 failed
with one line on stderr, 2 wrong usage.
"""

import atexit
import os
import sys
import time
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from pipeline.errors import GongkaiError
from pipeline.present.words import one_line
from pipeline.settings import DEFAULT_OUT, DEFAULT_RAW, settings
from pipeline.storage import Url, place
from pipeline.without_pandas import go_without_pandas

if TYPE_CHECKING:
    from assets.build import Built
    from pipeline.settings import Settings
    from pipeline.state.batches import Plan

app = typer.Typer(
    help="Annual reports on open government information as a dataset: raw reports in, Parquet and one DuckDB file out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
PIPE_WIDTH = 2_000


class Form(StrEnum):
    """How rows are written: drawn for people, or as CSV for programs."""

    table = "table"
    csv = "csv"


class Engine(StrEnum):
    """Who reads the files: processes of this machine, or the workers of a Dask cluster."""

    pool = "pool"
    dask = "dask"


Out = Annotated[
    str | None, typer.Option(metavar="DIR", help="Folder of the dataset, or its URL.", show_default=str(DEFAULT_OUT))
]
Raw = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Folder of the raw reports, or its URL.", show_default=str(DEFAULT_RAW)),
]


def _place(words: str | None) -> "Path | Url | None":
    if words == "":
        raise typer.BadParameter("a folder needs a name")
    return None if words is None else place(words)


def _dataset(out: str | None) -> Path:
    """The folder of the dataset to read; of one at a URL, a copy on this machine."""
    found = settings(None, _place(out))
    if not found.store:
        return found.out
    from pipeline.state.remote import readable_copy

    return readable_copy(found.out, found.store)


def _console() -> Console:
    # Written to a file or a pipe, a table is as wide as it needs to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


@app.command()
def build(
    raw: Raw = None,
    out: Out = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if any file is quarantined.")] = False,
    engine: Annotated[Engine | None, typer.Option(help="Who reads the files.", show_default=Engine.pool.value)] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A running Dask scheduler. Without it, dask has workers of its own."),
    ] = None,
) -> None:
    """Bring the dataset up to date with the raw reports: only what is new or changed is parsed."""
    from assets.build import build as run

    begin = time.monotonic()
    where = settings(_place(raw), _place(out), engine.value if engine else None, scheduler)
    if scheduler and where.engine != Engine.dask:
        raise typer.BadParameter("--scheduler is for --engine dask")
    if where.engine == Engine.pool:
        go_without_pandas()  # the tables are checked in a process of their own
    bar = _Bar(where)
    try:
        built = run(where, bar.begin, bar.update, bar.waiting)
    except KeyboardInterrupt:
        raise GongkaiError("interrupted; the dataset is as it was") from None
    finally:
        bar.end()
    _summary(built, where.out, time.monotonic() - begin)
    if built.scan.total == 0:
        print(f"warning: there is no file in {where.raw}", file=sys.stderr)
    for words in built.scan.warnings:
        print(f"warning: {words}", file=sys.stderr)
    if strict and _count(where.out, "files where status = 'quarantined'"):
        raise GongkaiError("some files are quarantined (--strict): `gongkai status` says why")


@app.command()
def status(out: Out = None) -> None:
    """Show what the dataset holds: files by status, reports by year and template, failed checks."""
    from pipeline.present.status import draw_status

    console = _console()
    for title, table in draw_status(_dataset(out)):
        console.print(Text(title, style="bold"))
        console.print(table if table is not None else Text("none", style="dim"))


@app.command()
def show(
    report: Annotated[str, typer.Argument(metavar="FILE_OR_REPORT", help="A path in the raw folder, or a report_id.")],
    html: Annotated[bool, typer.Option("--html", help="Write OUT/reports/<report_id>.html instead.")] = False,
    out: Out = None,
) -> None:
    """Show everything extracted from one report, with the lines it was read from."""
    if html:
        from pipeline.present.report_page import write_report_pages

        for path in write_report_pages(report, _dataset(out)):
            print(path)
        return
    from pipeline.present.show import draw_report

    console = _console()
    for part in draw_report(report, _dataset(out)):
        console.print(part)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A query, in DuckDB's SQL.")],
    out: Out = None,
) -> None:
    """Run SQL on the DuckDB file, read-only."""
    from pipeline.present.query import draw_rows, run_query

    names, rows, more = run_query(sql, _dataset(out))
    _console().print(draw_rows(names, rows))
    if more:
        print(f"only the first {len(rows):,} rows are shown", file=sys.stderr)


@app.command()
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A dataset's folder or URL, a folder in .builds, or a DuckDB file.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, to compare with.")],
    rows: Annotated[bool, typer.Option("--rows", help="Every row that came, went or changed.")] = False,
    form: Annotated[Form, typer.Option("--format", help="How rows are written.")] = Form.table,
) -> None:
    """Show what changed between two builds: rows added, gone, changed, by table, key and report."""
    from pipeline.present.diff import COLUMNS, Comparison
    from pipeline.present.query import MAX_ROWS, draw_rows
    from pipeline.present.words import write_csv

    console = _console()
    with Comparison(
        *(_dataset(side) if isinstance(place(side), Url) else Path(side) for side in (old, new))
    ) as comparison:
        if form is Form.csv:
            write_csv(sys.stdout, COLUMNS, comparison.rows())
        elif rows:
            some = list(islice(comparison.rows(), MAX_ROWS + 1))
            console.print(draw_rows(COLUMNS, [tuple(row) for row in some[:MAX_ROWS]]))
            if len(some) > MAX_ROWS:
                print(f"only the first {MAX_ROWS:,} rows are shown: --format csv writes all", file=sys.stderr)
        else:
            for title, table in comparison.summary():
                console.print(Text(title, style="bold"))
                console.print(table if table is not None else Text("none", style="dim"))


class Format(StrEnum):
    """What `export` can write."""

    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


@app.command()
def export(
    table: Annotated[str | None, typer.Option(help='A table, as `gongkai query "show tables"` lists them.')] = None,
    view: Annotated[str | None, typer.Option(help="A view.")] = None,
    sql: Annotated[str | None, typer.Option(help="A query, in DuckDB's SQL.")] = None,
    file_format: Annotated[Format, typer.Option("--format", help="Kind of file.")] = Format.csv,
    output: Annotated[
        Path | None, typer.Option(help="File to write; without it, CSV goes to standard output.", readable=False)
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="A byte order mark before CSV, so that Excel sees UTF-8.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    out: Out = None,
) -> None:
    """Write a table, a view or the result of a query as CSV, Excel or Parquet. Text can never start a formula."""
    if sum(given is not None for given in (table, view, sql)) != 1:
        raise typer.BadParameter("name exactly one of --table, --view and --sql")
    if bom and file_format is not Format.csv:
        raise typer.BadParameter("--bom is for --format csv")
    from pipeline.present.export import Wanted
    from pipeline.present.export import export as write

    wanted = Wanted(table, view, sql)
    done = write(wanted, file_format.value, _dataset(out), output, bom=bom, force=force)
    if done.path is not None:
        print(f"{done.path}: {done.rows:,} rows, {done.columns} columns")


def _summary(built: "Built", out: Path, seconds: float) -> None:
    from pipeline.present.query import run_query
    from schemas.tables import ALL_TABLES

    counts = " union all ".join(f"select '{table.name}', count(*) from \"{table.name}\"" for table in ALL_TABLES)
    _, rows, _ = run_query(counts, out)
    found = {str(name): int(str(count)) for name, count in rows}
    for table in ALL_TABLES:
        print(f"{table.name:<12} {found[table.name]:>12,} rows")
    _, statuses, _ = run_query("select status, count(*) from files where status <> 'removed' group by 1", out)
    by_status = {str(name): int(str(count)) for name, count in statuses}
    words = ", ".join(
        f"{by_status[name]} {name}" for name in ("parsed", "partial", "quarantined", "duplicate") if name in by_status
    )
    read = sum(len(plan.to_parse) for plan in built.plans)
    print(
        f"{built.scan.total} files: {words or 'none'}; {read} read now, {built.scan.unchanged} unchanged; {seconds:.1f} s"
    )
    if not built.is_news:
        print("nothing new")


def _count(out: Path, what: str) -> int:
    from pipeline.present.query import run_query

    _, rows, _ = run_query(f"select count(*) from {what}", out)
    return int(str(rows[0][0]))


class _Bar:
    """The progress bar of a build, on a terminal only."""

    def __init__(self, where: "Settings") -> None:
        self._where = where
        self._progress: object = None
        self._task: object = None

    def begin(self, plans: "list[Plan]") -> None:
        if not sys.stderr.isatty():
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        from pipeline.state.why import why_read

        self.end()
        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = progress.add_task(why_read(self._where, plans), total=sum(len(plan.to_parse) for plan in plans))
        progress.start()
        self._progress = progress

    def update(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total)  # type: ignore[attr-defined]

    def waiting(self) -> None:
        print("another build is writing to this folder: waiting for it", file=sys.stderr)

    def end(self) -> None:
        if self._progress is not None:
            self._progress.stop()  # type: ignore[attr-defined]


def run() -> None:
    """The entry point: main, and a quick end. Python would take a million objects apart, for a second after a build."""
    status: object = 0
    try:
        main()
    except SystemExit as end:
        status = end.code or 0
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads it
        status = 1
    os._exit(status if isinstance(status, int) else 1)


def main() -> None:
    """The command: every failure is one line on stderr, with a traceback only where GONGKAI_DEBUG asks for it."""
    try:
        app(standalone_mode=True)
    except BrokenPipeError:
        # The reader has seen enough; there is nobody to tell, and nothing more to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("GONGKAI_DEBUG"):
            raise
        words = str(error) if isinstance(error, GongkaiError) else _unexpected(error)
        print(f"gongkai: {one_line(words)}", file=sys.stderr)
        sys.exit(1)


def _unexpected(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"unexpected {type(error).__name__}: {error} (GONGKAI_DEBUG=1 shows where)"
