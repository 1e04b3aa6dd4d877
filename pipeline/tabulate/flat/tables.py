"""Statutory tables in running text, whole.

Belongs here: finding the region of each table, choosing its form, building its reading. Does not belong here: rows,
cells, digits (the other modules of this folder).
"""

import re
from collections import Counter
from itertools import pairwise

from pipeline.tabulate.flat.cells import (
    FlatCell,
    application_cells,
    bounded,
    is_bounded,
    is_forced,
    is_out_of_order,
    missing,
    short_row_cells,
    sums_hold,
    zero_cells,
)
from pipeline.tabulate.flat.damage import (
    is_deduplicated,
    is_disordered,
    mark_unrecoverable,
    refuse_lone_numbers,
    refuse_rows,
)
from pipeline.tabulate.flat.disputes import DISPUTES, disputes_table
from pipeline.tabulate.flat.gaps import has_artefacts, mask_artefacts, without_page_mark
from pipeline.tabulate.flat.patterns import HEADER_BLOCKS, SUB_TABLE
from pipeline.tabulate.flat.reading import APART, make_reading
from pipeline.tabulate.flat.regions import header_start, region_end
from pipeline.tabulate.flat.rows import FlatRow, find_rows, split_prints
from pipeline.tabulate.read_plan import most_complete
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import money_unit
from schemas import forms
from schemas.forms import Form

_B = r"\s*"
MIN_STATISTICS_LABELS = 20
MANY_NUMBERS = 3
MANY_WITHOUT_UNIT = 5
# The second row too: the label of the first may have a typo.
_NEW, _CARRIED_OVER = _B.join("本年新收政府信息公开申请"), _B.join("上年结转政府信息公开申请")
_APPLICATIONS = re.compile(f"{_NEW}|{_CARRIED_OVER}")
_STATISTICS = re.compile(_B.join("主动公开政府信息数"))
_STATISTICS_TOO = re.compile(_B.join("申请办结数"))
# A pattern that begins with one character is found far faster than one of two: these only tell whether there is any.
_ANY_APPLICATIONS = (re.compile(_NEW), re.compile(_CARRIED_OVER))
_ANCHORS = (SUB_TABLE, *_ANY_APPLICATIONS, _STATISTICS_TOO, DISPUTES)
_CHINESE = {str(number): numeral for number, numeral in enumerate("一二三四五六七八九", start=1)}
# Words of the header of a sub-table that only one generation has (field.md §0.2).
_HEADER_WORDS = {
    "2019": (
        "本年新制作",
        "本年新公开",
        "对外公开总数",
        "上一年项目数",
        "上年项目数",
        "本年增",
        "采购项目数",
        "采购总金额",
    ),
    "2021": ("本年制发", "本年废止", "现行有效", "本年处理决定", "本年收费金额"),
}
_BLANKS = re.compile(r"\s+")
# A number between the header and the first label belongs to no row: the numbers are apart from their labels
# (column by column, corpus/real/002), and no row can be told.
_NUMBER_LINE = re.compile(r"^[^\S\n]*\d[\d,.]*[^\S\n]*$", re.MULTILINE)
_REMARK = re.compile(r"注|备注|说明|其中|页|[，。；：:]")
# A row of one or two numbers behind strange words may be any sentence.
MIN_LOCAL_WIDTH = 3
MIN_LABELS = 8
MAX_HEADER = 160


def flat_tables(text: str, wanted: set[str]) -> list[TableReading]:
    """Tables of the wanted keys that stand in running text, each with the full set of its form's cells."""
    if not has_artefacts(text) and not any(anchor.search(text) for anchor in _ANCHORS):
        return []
    masked = mask_artefacts(text)
    readings = _tables(masked, wanted)
    if masked is not text:
        for reading in readings:
            reading.raw_texts = [
                text[start:end].strip() if start is not None else None
                for start, end in zip(reading.starts, reading.ends, strict=True)
            ]
    return readings


def _tables(text: str, wanted: set[str]) -> list[TableReading]:
    readings: list[TableReading] = []
    if "active_disclosure" in wanted and SUB_TABLE.search(text):
        readings += _active_disclosure(text)
    template = Counter(reading.template for reading in readings).most_common(1)
    prior = template[0][0] if template else None
    if "applications" in wanted and any(anchor.search(text) for anchor in _ANY_APPLICATIONS):
        applications = _applications(text, prior)
        if applications is not None:
            readings.append(applications)
            prior = applications.template
    if "disputes" in wanted:
        disputes = disputes_table(text, prior or "2019")
        if disputes is not None:
            readings.append(disputes)
    if "statistics" in wanted and _STATISTICS_TOO.search(text) and _STATISTICS.search(text):
        statistics = _statistics(text)
        if statistics is not None:
            readings.append(statistics)
    if any(is_disordered(reading) for reading in readings):
        # Numbers stand apart from their labels somewhere on this page: nowhere can a row of several be trusted.
        for reading in readings:
            if reading.table_key != "disputes":  # one row: its numbers have no other order
                refuse_rows(reading)
    refuse_lone_numbers(readings)
    if readings and is_deduplicated(text, readings):
        for reading in readings:
            mark_unrecoverable(reading)
    return readings


# -- applications -----------------------------------------------------------------------------------------------------


def _applications(text: str, prior: str | None) -> TableReading | None:
    rows: list[FlatRow] = []
    done = 0
    with_subtotal = False
    for anchor in _APPLICATIONS.finditer(text):
        if anchor.start() < done:
            continue
        begin = header_start(text, done, anchor.start())
        done = region_end(text, anchor.end(), "applications")
        found = find_rows("applications", text, begin, done)
        header = HEADER_BLOCKS["applications"].match(text, begin)
        with_subtotal |= header is not None and "小计" in _BLANKS.sub("", header[0])
        if header is not None and found and _NUMBER_LINE.search(text, header.end(), found[0].start):
            found = [row._replace(gap=APART) for row in found]
        rows += found
    keys = {row.key for row in rows}
    both = {row.key for template in ("2019", "2021") for row in forms.form(template, "applications").rows}
    if len(keys & both) < MIN_LABELS:
        return None
    if keys & {"other_correction_overdue", "other_fee_overdue", "other_reason"}:
        template = "2021"
    elif any(row.key == "other" and row.gap.chunks for row in rows) or {"other", "total_handled"} <= keys:
        template = "2019"  # the row after （六） is there: nothing was lost between
    else:
        template = prior or "2019"
    form = forms.form(template, "applications")
    order = {row.key: place for place, row in enumerate(form.rows)}
    return most_complete([_application_print(form, part, text, with_subtotal) for part in split_prints(rows, order)])


def _application_print(form: Form, rows: list[FlatRow], text: str, with_subtotal: bool) -> TableReading:
    by_key: dict[str, FlatRow] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    gaps = {row.key: by_key[row.key].gap for row in form.rows if row.key in by_key}
    if is_out_of_order(gaps, form.rows):
        rows = [row._replace(gap=APART) for row in rows]
        gaps = dict.fromkeys(gaps, APART)
    cells = application_cells(gaps, form.rows, with_subtotal)
    parts = [(by_key.get(row.key), cells[row.key]) for row in form.rows]
    if all(cell.state in ("reported", "placeholder") for row in cells.values() for cell in row):
        # Only where every row of the form has its own numbers, numbers behind other words are rows of their own.
        parts += _local_rows(form, rows)
    return make_reading(form, parts, rows, text)


def _local_rows(form: Form, rows: list[FlatRow]) -> list[tuple[FlatRow | None, list[FlatCell]]]:
    """Subtotals beside headings and rows that the form does not have, where seven numbers stand on their line.

    A seven of digits run together is no such row, unless all are 0: no identity of the form settles it.
    """
    width = len(form.rows[0].column_keys)
    parts: list[tuple[FlatRow | None, list[FlatCell]]] = []
    number = 0
    for before, row in zip([rows[0], *rows], rows, strict=False):
        if before.key == "x_" and not before.gap.chunks:
            continue
        if is_bounded(row.gap, width):
            cells = bounded(row.gap.chunks, form.rows[0], None)
        elif is_forced(row.gap, width):
            cells = zero_cells(row.gap, width)
        else:
            continue
        if not (row.gap.one_line or sums_hold(cells)):
            continue
        key = row.key.removeprefix("x_head:")
        if row.key == "other" and form.template == "2021":
            key = "（六）其他处理"
        name = next((name for head, name in forms.SUBTOTAL_ROWS.items() if key.endswith(head)), None)
        if name is None and row.key == "x_" and _is_label(row.words):
            number += 1
            name = f"x_{number}"
        if name is not None and all(name != part[0].key for part in parts if part[0]):
            parts.append((row._replace(key=name), cells))
    return parts


def _is_label(words: str) -> bool:
    """Whether stray words may be the label of a row: short, and no remark."""
    return 2 <= len(words) <= 24 and not _REMARK.search(words)


# -- active disclosure ------------------------------------------------------------------------------------------------


def _active_disclosure(text: str) -> list[TableReading]:
    markers = list(SUB_TABLE.finditer(text))
    found: dict[str, list[tuple[str | None, str | None, list[FlatRow]]]] = {}
    for number, marker in enumerate(markers):
        end = region_end(text, marker.end(), "active_disclosure")
        if number + 1 < len(markers):
            end = min(end, markers[number + 1].start())
        numeral = _CHINESE.get(marker[1], marker[1])
        sub_table = f"第二十条第（{numeral}）项"
        rows = [
            row
            for row in find_rows("active_disclosure", text, marker.end(), end)
            if row.key == "x_" or forms.sub_table_of_row(row.key) == sub_table
        ]
        if not rows or rows[0].start - marker.end() > MAX_HEADER:
            continue
        header = text[marker.end() : rows[0].start]
        if _NUMBER_LINE.search(header):
            rows = [row._replace(gap=APART) for row in rows]
        found.setdefault(sub_table, []).append((_header_template(header), money_unit(header), rows))
    readings = []
    for sub_table in forms.sub_tables():
        prints = []
        for template, unit, rows in found.get(sub_table, []):
            if sub_table == "第二十条第（九）项":
                template = "2019"
            if template is not None:
                money = unit or forms.FORM_MONEY_UNITS.get((template, "active_disclosure"))
                prints.append(_short_print(forms.form(template, "active_disclosure", sub_table), rows, money, text))
        if prints:
            same = [reading for reading in prints if reading.template == prints[0].template]
            readings.append(most_complete(same))
    return readings


def _header_template(header: str) -> str | None:
    """The only generation some of whose header words are there."""
    words = _BLANKS.sub("", header)
    found = [template for template, tokens in _HEADER_WORDS.items() if any(token in words for token in tokens)]
    if len(found) == 1:
        return found[0]
    return "2019" if not found and "处理决定数" in words else None


def _short_print(form: Form, rows: list[FlatRow], unit: str | None, text: str) -> TableReading:
    by_key: dict[str, FlatRow] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    parts: list[tuple[FlatRow | None, list[FlatCell]]] = []
    width = len(form.rows[0].column_keys)
    for form_row in form.rows:
        found = by_key.get(form_row.key)
        parts.append((found, short_row_cells(found.gap, form_row, unit) if found else missing(width)))
    if width >= MIN_LOCAL_WIDTH and all(cell.state == "reported" for _, cells in parts for cell in cells):
        local = [
            row
            for before, row in pairwise(rows)
            if row.key == "x_" and is_bounded(row.gap, width) and _is_label(row.words) and before.gap.chunks
        ]
        parts += [
            (row._replace(key=f"x_{number}"), bounded(row.gap.chunks, form.rows[0], unit))
            for number, row in enumerate(local, 1)
        ]
    return make_reading(form, parts, rows, text)


# -- statistics -------------------------------------------------------------------------------------------------------


def _statistics(text: str) -> TableReading | None:
    """The statistics table of 2014: a label, its unit, one number (field.md §1.2)."""
    form = forms.form("2014", "statistics")
    rows: list[FlatRow] = []
    for anchor in _STATISTICS.finditer(text):
        if not rows or anchor.start() > rows[-1].end:
            rows += find_rows("statistics", text, max(0, anchor.start() - 8), len(text))
    order = {row.key: place for place, row in enumerate(form.rows)}
    if len({row.key for row in rows} & set(order)) < MIN_STATISTICS_LABELS:
        return None
    return most_complete([_statistics_print(form, part, text) for part in split_prints(rows, order)])


def _statistics_print(form: Form, rows: list[FlatRow], text: str) -> TableReading:
    rows = [row._replace(gap=without_page_mark(row.gap, 1)) for row in rows]
    by_key: dict[str, FlatRow] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    unit = forms.FORM_MONEY_UNITS["2014", "statistics"]
    with_units = sum(bool(row.gap.unit) for row in rows) > 0
    form_keys = {row.key for row in form.rows}
    without_unit = sum(not row.gap.unit for row in rows if row.key in form_keys)
    if any(len(row.gap.chunks) >= MANY_NUMBERS for row in rows) or (with_units and without_unit >= MANY_WITHOUT_UNIT):
        rows = [row._replace(gap=APART) for row in rows]
        by_key = {key: row._replace(gap=APART) for key, row in by_key.items()}
    parts: list[tuple[FlatRow | None, list[FlatCell]]] = []
    for form_row in form.rows:
        found = by_key.get(form_row.key)
        if found is None or (with_units and not found.gap.unit):
            # Where units are printed, a number without one stands apart from its label.
            parts.append((found, missing(1)))
        else:
            money = found.gap.unit if found.gap.unit in ("元", "万元") else unit
            parts.append((found, short_row_cells(found.gap, form_row, money)))
    return make_reading(form, parts, rows, text)
