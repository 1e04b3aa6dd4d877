"""Reading one sentence of prose in tests.

Belongs here: from a sentence to its statements. Does not belong here: sentences, expectations.
"""

from decimal import Decimal

from pipeline.prose.statements import Statement, read_statements
from pipeline.read.document import make_document
from pipeline.split import Section
from pipeline.tabulate.values import SCALE


def statements_of(
    text: str, section: str = "overview", year: int | None = 2020, office: bool = False
) -> list[Statement]:
    """The statements of a text that is one section."""
    document = make_document(text, "text/plain", "utf-8")
    return read_statements(document, [Section(1, section, None, 0, len(text))], [], year, office)


def value_of(statement: Statement) -> Decimal:
    """The value in the unit of the metric."""
    return Decimal(statement.value) / SCALE


def keyed(text: str, section: str = "overview", year: int | None = 2020) -> list[tuple[str, Decimal]]:
    """(metric, value) of every statement with a key, sorted."""
    return sorted((s.metric_key, value_of(s)) for s in statements_of(text, section, year) if s.metric_key is not None)
