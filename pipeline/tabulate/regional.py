"""A province's own statistics table of before 2019 (corpus/real/020 and 024): a label, its unit, two numbers.

Belongs here: finding such a table in text of any layout and reading its two columns, this year and cumulative. Does not
belong here: the national forms.

The labels are the region's own, so that a row is known by its shape: words, a unit, two numbers. Digits of the two
columns that run together (4251516) are refused: nothing says where the first number ends (contract README, last part).
"""

import re
import unicodedata
from functools import cache

from pipeline.tabulate import values
from pipeline.tabulate.labels import fold, split_ordinal
from pipeline.tabulate.readings import TableReading
from schemas.forms import read_data

TABLE = "statistics_regional"
_GAP = r"[\s|]*"
_HEADER = re.compile(
    rf"指\s*标\s*(?:名\s*称)?{_GAP}(?:计\s*量\s*)?单\s*位{_GAP}(?P<code>代\s*码{_GAP})?(?P<year>(?:20\d\d|本)\s*年\s*度?)(?P<gap>{_GAP})(?P<sum>历\s*年\s*累\s*计|累\s*计)"
)
_BLANK_HEADER = re.compile(rf"[\s|\-:]*{_HEADER.pattern}")
_UNIT = r"万元|人次|条|件|次|个|元|篇|人|项|份|宗|起|篇次"
_HAN = r"[\u4e00-\u9fff（）()“”《》/：:]"
# Two digits only where no digit runs into them: 212、 is 21 and 2、.
_ORDINAL = r"(?:(?:(?<!\d)1\d|[1-9])\s*[.、．]\s*|[（(]\s*\d{1,2}\s*[）)]\s*)"
_ROW = re.compile(
    rf"[\s|\-:]*(?P<label>(?:其\s*中\s*[:：]?\s*)?(?:{_ORDINAL})?{_HAN}(?:\s?[{_HAN[1:-1]}、，])*?)"
    # A unit in the middle of words (文件数) is none: numbers follow it, or blanks stand on both sides.
    rf"(?:{_GAP}(?P<unit>{_UNIT})(?={_GAP}(?:[\d０-９\-—/无]|暂无|不涉及|未涉及|持平))|[\s|]+(?P<alone>{_UNIT})(?=[\s|])){_GAP}"
    rf"(?P<values>(?:[\d.,，０-９\-—/+ \t\n|\u3000\xa0]|暂?无|不涉及|未涉及|持平|无变化)*?)"
    rf"(?!\s*(?:暂?无|不涉及|未涉及|持平))(?=\s*(?:其\s*中|{_ORDINAL}[“《]?[\u4e00-\u9fff]|[\u4e00-\u9fff（(“]|\Z))"
)
_PAGE_LINE = re.compile(r"^[^\S\n]*[-–—]{1,2}[^\S\n]*\d{1,3}[^\S\n]*[-–—]{1,2}[^\S\n]*$", re.MULTILINE)
_CHUNK = re.compile(r"[^\s|]+")
MIN_ROWS = 5
COLUMNS = ("this_year", "cumulative")
_RAW_UNITS = {"万元": "元", "份": "件", "宗": "件", "起": "件", "篇次": "篇"}


@cache
def _metrics() -> dict[str, str]:
    """Stem of a label → the metric that fits exactly (schemas/data/regional_labels.csv)."""
    return {split_ordinal(fold(row["label"]))[1]: row["metric_key"] for row in read_data("regional_labels.csv")}


def regional_tables(text: str) -> list[TableReading]:
    """The first regional statistics table of a text that has rows, or []."""
    for header in _HEADER.finditer(text):
        rows = _rows(text, header.end())
        if len(rows) >= MIN_ROWS:
            return [_reading(text, header, rows)]
    return []


def _rows(text: str, begin: int) -> list[re.Match[str]]:
    """Rows that follow each other without anything between."""
    masked = _PAGE_LINE.sub(lambda match: " " * len(match[0]), text)
    rows = []
    while True:
        again = _BLANK_HEADER.match(masked, begin)
        if again is not None:  # the header is printed again after a page break
            begin = again.end()
        match = _ROW.match(masked, begin)
        if match is None or match.end() <= begin:
            break
        rows.append(match)
        begin = match.end()
    return rows


def _reading(text: str, header: re.Match[str], rows: list[re.Match[str]]) -> TableReading:
    last = rows[-1]
    reading = TableReading(
        "regional", TABLE, None, _layout(text, rows), header.start(), last.start() + len(last[0].rstrip())
    )
    used: set[str] = set()
    number = 0
    has_code = header["code"] is not None
    cells = [_cells(row, place if has_code else None) for place, row in enumerate(rows, 1)]
    if any(len(chunks) > len(COLUMNS) for chunks in cells):
        # More numbers than columns behind a label: they stand apart from their labels, and none can be trusted.
        cells = [[] for _ in rows]
    for row, chunks in zip(rows, cells, strict=True):
        key = _metrics().get(split_ordinal(fold(row["label"]))[1], "")
        if not key or key in used:
            number += 1
            key = f"x_{number}"
        used.add(key)
        _add_row(reading, key, row, chunks)
    reading.column_labels = [header["year"], header["sum"]] * len(rows)
    return reading


def _cells(row: re.Match[str], code: int | None) -> list[tuple[str, int]]:
    """(text, place) of what stands behind a label, without the row's code where the form has codes."""
    chunks = [(match[0], row.start("values") + match.start()) for match in _CHUNK.finditer(row["values"])]
    if code is not None:
        if not chunks or not chunks[0][0].isdigit() or int(chunks[0][0]) != code:
            return []
        chunks = chunks[1:]
    if len(chunks) == 1 and chunks[0][0] == "00":
        return [("0", chunks[0][1]), ("0", chunks[0][1] + 1)]
    return chunks


def _add_row(reading: TableReading, key: str, row: re.Match[str], chunks: list[tuple[str, int]]) -> None:
    unit = row["unit"] or row["alone"]
    reading.row_keys += [key] * len(COLUMNS)
    reading.column_keys += COLUMNS
    reading.units += [_RAW_UNITS.get(unit, unit)] * len(COLUMNS)
    reading.row_labels += [" ".join(row["label"].split())] * len(COLUMNS)
    reading.methods += ["labels"] * len(COLUMNS)
    if len(chunks) != len(COLUMNS):
        raw = " ".join(text for text, _ in chunks) or None
        reading.states += ["unreadable" if chunks else "missing"] * len(COLUMNS)
        reading.values += [None] * len(COLUMNS)
        reading.raw_texts += [raw] * len(COLUMNS)
        reading.starts += [chunks[0][1] if chunks else None] * len(COLUMNS)
        reading.ends += [chunks[-1][1] + len(chunks[-1][0]) if chunks else None] * len(COLUMNS)
        return
    for text, place in chunks:
        folded = unicodedata.normalize("NFKC", text)
        state, value = values.read_money(folded, unit) if unit in ("元", "万元") else values.read_count(folded)
        reading.states.append(state)
        reading.values.append(value)
        reading.raw_texts.append(text)
        reading.starts.append(place)
        reading.ends.append(place + len(text))


def _layout(text: str, rows: list[re.Match[str]]) -> str:
    sample = text[rows[0].start() : rows[-1].end()]
    if "\t" in sample:
        return "tab_cell" if sample.count("\n\t") * 2 > sample.count("\t") else "tab_row"
    if "|" in sample:
        return "pipe_row" if sample.count("\n|\n") * 2 < sample.count("|") else "pipe_cell"
    if any(len(_CHUNK.findall(row["values"])) == 1 for row in rows):
        return "glued"
    return "line_cell" if sample.count("\n") > 3 * len(rows) else "space_aligned" if "\n" in sample else "one_line"
