"""The one way in: a document's text → its tables.

Belongs here: calling the steps in order, and keeping the plans of skeletons seen before. Does not belong here: any of
the steps.
"""

from pipeline.read.document import Document
from pipeline.tabulate.find_rows import find_rows
from pipeline.tabulate.flat.tables import flat_tables
from pipeline.tabulate.grid_rows import grid_rows
from pipeline.tabulate.grid_tokens import outside_grids, tokens_of_grids
from pipeline.tabulate.plan import PagePlan, make_plan
from pipeline.tabulate.read_plan import read_page
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.regional import regional_tables
from pipeline.tabulate.tokens import Tokens, tokenize, without_prose

# A plan is some 20 kB: this bounds the memory, whatever is read.
MAX_PLANS = 2_000
MAX_SKELETON = 5_000

_ORDER = ("active_disclosure", "applications", "disputes", "statistics", "statistics_regional")
_SINCE_2019 = frozenset({"active_disclosure", "applications", "disputes"})
_plans: dict[tuple[str, ...], PagePlan] = {}
_known: dict[tuple[str, ...], PagePlan] = {}
"""Plans by the skeletons without prose, and by the whole skeletons that were met."""


def tabulate(document: Document) -> list[TableReading]:
    """All statutory tables of a document, each with the full set of its form's cells; [] if it has none."""
    text = document.flat
    readings: list[TableReading] = []
    if document.grids:
        of_grids = tokens_of_grids(document)
        readings = read_page(_plan(of_grids), of_grids, document.text)
        if not {reading.table_key for reading in readings} & _SINCE_2019:
            readings += regional_tables(text, of_grids)
        text = outside_grids(document)
    found = {reading.table_key for reading in readings}
    if found >= _SINCE_2019:
        return readings  # a report with the forms of 2019 on has no statistics table of before
    tokens = tokenize(text)
    if tokens is not None:
        readings += [reading for reading in read_page(_plan(tokens), tokens, text) if reading.table_key not in found]
        found = {reading.table_key for reading in readings}
    wanted = set(_ORDER) - found
    if found >= _SINCE_2019:
        return readings
    regional = regional_tables(text, tokens) if not (_SINCE_2019 | {"statistics_regional"}) & found else []
    if regional or "statistics_regional" in found:
        wanted.discard("statistics")
    readings += regional + flat_tables(text, wanted)
    readings.sort(key=lambda reading: _ORDER.index(reading.table_key))
    return readings


def _plan(tokens: Tokens) -> PagePlan:
    plan = _known.get(tokens.skeleton)
    if plan is not None:
        return plan
    if len(tokens.skeleton) > MAX_SKELETON:
        return _new_plan(tokens)
    bare = without_prose(tokens)
    plan = _plans.get(bare)
    if plan is None:
        if len(_plans) >= MAX_PLANS:
            _plans.clear()
        plan = _plans[bare] = _new_plan(tokens)
    if len(_known) >= MAX_PLANS:
        _known.clear()
    _known[tokens.skeleton] = plan
    return plan


def _new_plan(tokens: Tokens) -> PagePlan:
    return make_plan(find_rows(grid_rows(tokens), tokens.layout), tokens.layout)
