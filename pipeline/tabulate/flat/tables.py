"""Statutory tables in running text, whole.

Belongs here: finding the region of each table, choosing its form, building its reading. Does not belong here: rows,
cells, digits (the other modules of this folder).
"""

import re
from collections import Counter

from pipeline.tabulate.flat.cells import (
    FlatCell,
    application_cells,
    dispute_cells,
    missing,
    short_row_cells,
)
from pipeline.tabulate.flat.gaps import Gap, cut_gap
from pipeline.tabulate.flat.patterns import SUB_TABLE
from pipeline.tabulate.flat.rows import FlatRow, find_rows, split_prints
from pipeline.tabulate.read_plan import most_complete
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.values import money_unit
from schemas import forms
from schemas.forms import Form

_B = r"\s*"
_APPLICATIONS = re.compile(_B.join("本年新收政府信息公开申请"))
_DISPUTES = re.compile(rf"{_B.join('行政复议')}\s*{_B.join('行政诉讼')}\s*(?={_B.join('结果')}|{_B.join('未经复议')})")
_DISPUTE_HEADER = re.compile(
    r"(?:结\s*果\s*(?:维\s*[持护特]|纠\s*[正错证])|其\s*[他它]\s*结\s*果|尚?\s*未\s*审\s*[结洁]|[总合]\s*计"
    r"|未\s*经\s*复\s*议\s*直\s*接\s*起\s*诉|复\s*议\s*后\s*起\s*诉|行\s*政\s*复\s*议|行\s*政\s*诉\s*讼|[结果维持纠正其他尚未审总计]|\s)+"
)
_TOTAL = re.compile(r"[总合]\s*计")
# A heading that ends the tables: 五、存在的主要问题 …, 六、其他需要报告 …
_AFTER = re.compile(r"存\s*在\s*的?\s*(?:主\s*要\s*)?问\s*题|需\s*要\s*报\s*告")
_NEXT_PART = {
    "active_disclosure": re.compile(rf"{_B.join('收到和处理政府')}|{_B.join('本年新收')}|{_B.join('申请人情况')}"),
    "applications": re.compile(
        rf"[一二三四五六七八]{_B}[、.]{_B}(?:因\s*)?{_B.join('政府信息公开')}|{_B.join('行政复议')}"
    ),
}
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
MIN_LABELS = 8
MAX_HEADER = 160


def flat_tables(text: str, wanted: set[str]) -> list[TableReading]:
    """Tables of the wanted keys that stand in running text, each with the full set of its form's cells."""
    readings: list[TableReading] = []
    if "active_disclosure" in wanted and SUB_TABLE.search(text):
        readings += _active_disclosure(text)
    template = Counter(reading.template for reading in readings).most_common(1)
    prior = template[0][0] if template else None
    if "applications" in wanted and _APPLICATIONS.search(text):
        applications = _applications(text, prior)
        if applications is not None:
            readings.append(applications)
            prior = applications.template
    if "disputes" in wanted:
        disputes = _disputes(text, prior or "2019")
        if disputes is not None:
            readings.append(disputes)
    if readings and _is_deduplicated(text, readings):
        for reading in readings:
            _mark_unrecoverable(reading)
    return readings


# -- regions ----------------------------------------------------------------------------------------------------------


def _region_end(text: str, begin: int, table_key: str) -> int:
    end = len(text)
    for pattern in (_NEXT_PART.get(table_key), _AFTER):
        match = pattern.search(text, begin) if pattern else None
        if match is not None:
            end = min(end, match.start())
    return end


def _line_start(text: str, place: int) -> int:
    """A few characters before a label, where its ordinal stands."""
    return max(0, place - 12)


# -- applications -----------------------------------------------------------------------------------------------------


def _applications(text: str, prior: str | None) -> TableReading | None:
    rows: list[FlatRow] = []
    done = 0
    for anchor in _APPLICATIONS.finditer(text):
        if anchor.start() < done:
            continue
        done = _region_end(text, anchor.end(), "applications")
        rows += find_rows("applications", text, _line_start(text, anchor.start()), done)
    keys = {row.key for row in rows}
    both = {row.key for template in ("2019", "2021") for row in forms.form(template, "applications").rows}
    if len(keys & both) < MIN_LABELS:
        return None
    if keys & {"other_correction_overdue", "other_fee_overdue", "other_reason"}:
        template = "2021"
    elif any(row.key == "other" and row.gap.chunks for row in rows):
        template = "2019"
    else:
        template = prior or "2019"
    form = forms.form(template, "applications")
    order = {row.key: place for place, row in enumerate(form.rows)}
    prints = [_application_print(form, part, text) for part in split_prints(rows, order)]
    return most_complete([reading for reading in prints if reading is not None] or prints)


def _application_print(form: Form, rows: list[FlatRow], text: str) -> TableReading:
    by_key: dict[str, FlatRow] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    gaps = {row.key: by_key[row.key].gap for row in form.rows if row.key in by_key}
    cells = application_cells(gaps, form.rows)
    return _reading(form, [(by_key.get(row.key), cells[row.key]) for row in form.rows], rows, text)


# -- active disclosure ------------------------------------------------------------------------------------------------


def _active_disclosure(text: str) -> list[TableReading]:
    markers = list(SUB_TABLE.finditer(text))
    found: dict[str, list[tuple[str | None, str | None, list[FlatRow]]]] = {}
    for number, marker in enumerate(markers):
        end = _region_end(text, marker.end(), "active_disclosure")
        if number + 1 < len(markers):
            end = min(end, markers[number + 1].start())
        numeral = _CHINESE.get(marker[1], marker[1])
        sub_table = f"第二十条第（{numeral}）项"
        rows = [
            row
            for row in find_rows("active_disclosure", text, marker.end(), end)
            if forms.sub_table_of_row(row.key) == sub_table
        ]
        if not rows or rows[0].start - marker.end() > MAX_HEADER:
            continue
        header = text[marker.end() : rows[0].start]
        found.setdefault(sub_table, []).append((_header_template(header), money_unit(header), rows))
    votes = Counter(template for prints in found.values() for template, _, _ in prints if template)
    readings = []
    for sub_table in forms.sub_tables():
        prints = []
        for template, unit, rows in found.get(sub_table, []):
            template = template or (votes.most_common(1)[0][0] if votes else None)
            if sub_table == "第二十条第（九）项":
                template = "2019"
            if template is not None:
                prints.append(_short_print(forms.form(template, "active_disclosure", sub_table), rows, unit, text))
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
    widths = {row.key: len(row.column_keys) for row in form.rows}
    vanish = any(
        sum(len(chunk.text) for chunk in row.gap.chunks) < widths[row.key] for row in rows if row.key in widths
    )
    for form_row in form.rows:
        found = by_key.get(form_row.key)
        cells = short_row_cells(found.gap, form_row, unit, vanish) if found else missing(widths[form_row.key])
        parts.append((found, cells))
    return _reading(form, parts, rows, text)


# -- disputes ---------------------------------------------------------------------------------------------------------


def _disputes(text: str, template: str) -> TableReading | None:
    form = forms.form(template, "disputes")
    prints = []
    for anchor in _DISPUTES.finditer(text):
        header = _DISPUTE_HEADER.match(text, anchor.start())
        if header is None or not _TOTAL.search(header[0]):
            continue
        end = _region_end(text, header.end(), "disputes")
        gap = cut_gap(text, header.end(), end, "")
        blocks = dispute_cells(gap, form.rows)
        row = FlatRow("", header[0], anchor.start(), header.end(), gap, end)
        reading = _reading(form, [(None, cells) for cells in blocks], [row], text)
        if any(state != "missing" for state in reading.states) or len(_TOTAL.findall(header[0])) >= 3:
            prints.append(reading)
    return most_complete(prints) if prints else None


# -- readings ---------------------------------------------------------------------------------------------------------


def _reading(
    form: Form, parts: list[tuple[FlatRow | None, list[FlatCell]]], rows: list[FlatRow], text: str
) -> TableReading:
    keys = forms.cell_keys(form)
    cells = [cell for _, row in parts for cell in row]
    labels = [" ".join(found.words.split()) if found else None for found, row in parts for _ in row]
    ends = [row.end for row in rows] + [cell.end for cell in cells if cell.end is not None]
    return TableReading(
        form.template,
        form.table_key,
        form.sub_table,
        _layout(cells, rows),
        min(row.start for row in rows),
        max(ends),
        list(keys.rows),
        list(keys.columns),
        list(keys.units),
        [cell.state for cell in cells],
        [cell.value for cell in cells],
        [cell.raw_text for cell in cells],
        [cell.start for cell in cells],
        [cell.end for cell in cells],
        labels,
        [None] * len(cells),
        [cell.method for cell in cells],
    )


def _layout(cells: list[FlatCell], rows: list[FlatRow]) -> str:
    """How the table looks: by how its numbers are kept apart."""
    if any(cell.method == "resolved" for cell in cells):
        return "glued"
    gaps: list[Gap] = [row.gap for row in rows if len(row.gap.chunks) > 1]
    if not gaps:
        return "one_line" if len(rows) > 1 and rows[0].start - rows[-1].end > -40 else "line_cell"
    if sum(not gap.one_line for gap in gaps) * 2 > len(gaps):
        return "line_cell"
    spread = [gap.chunks[1].start - gap.chunks[0].end for gap in gaps]
    return "space_aligned" if max(spread) > 1 else "one_line"


def _is_deduplicated(text: str, readings: list[TableReading]) -> bool:
    """Whether a crawler dropped every repeated line (field.md §6.1 L6): a table of numbers without one line twice."""
    begin, end = min(r.char_start for r in readings), max(r.char_end for r in readings)
    lines = [line.strip() for line in text[begin:end].split("\n")]
    lines = [line for line in lines if line]
    return len(lines) >= 20 and len(set(lines)) == len(lines) and any(r.layout == "line_cell" for r in readings)


def _mark_unrecoverable(reading: TableReading) -> None:
    count = len(reading.states)
    reading.states = ["unrecoverable"] * count
    reading.values = [None] * count
    reading.layout = "line_deduplicated"
