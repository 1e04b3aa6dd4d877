"""A province's own statistics table of before 2019 (corpus/real/020 and 024): a label, its unit, two numbers.

Belongs here: finding such a table in text of any layout and reading its two columns, this year and cumulative. Does not
belong here: the national forms.

The labels are the region's own, so that a row is known by its shape: words, a unit, two numbers. Digits of the two
columns that run together (4251516) are refused: nothing says where the first number ends (contract README, last part).
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.tabulate import values
from pipeline.tabulate.grid_rows import Cell, Row, grid_rows
from pipeline.tabulate.labels import fold, split_ordinal
from pipeline.tabulate.read_plan import most_complete
from pipeline.tabulate.readings import TableReading
from pipeline.tabulate.tokens import Tokens, looks_like_value
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
    rf"[\s|\-:]*(?:[（(]?续\s*表[）)]?\s*)?(?P<label>(?:其\s*中\s*[:：]?\s*)?(?:{_ORDINAL})?{_HAN}(?:\s?[{_HAN[1:-1]}、，])*?)"
    # A unit in the middle of words (文件数) is none: numbers follow it, or blanks stand on both sides.
    rf"(?:{_GAP}(?P<unit>{_UNIT})(?={_GAP}(?:[\d０-９\-—/无]|暂无|不涉及|未涉及|持平))|[\s|]+(?P<alone>{_UNIT})(?=[\s|])){_GAP}"
    rf"(?P<values>(?:[\d.,，０-９\-—/+ \t\n|\u3000\xa0]|暂?无|不涉及|未涉及|持平|无变化)*?)"
    rf"(?!\s*(?:暂?无|不涉及|未涉及|持平))(?=\s*(?:其\s*中|{_ORDINAL}[“《]?[\u4e00-\u9fff]|[\u4e00-\u9fff（(“]|\Z))"
)
# Page numbers and 续上页, inside a line too: a row has two cells, which are no dash, number and dash.
_PAGE_MARK = re.compile(
    r"(?<!\S)[-–—]{1,2}[^\S\n]*\d{1,3}[^\S\n]*[-–—]{1,2}(?!\S)|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?"
    r"|[（(]?(?:续\s*(?:上\s*)?[表页]|接\s*上\s*[表页])[）)]?"
)
# 文件数 and 条例 hold no unit.
_UNIT_INSIDE = re.compile(r"(?:万元|人次|条(?!例)|件(?!数)|次(?!数)|篇)[\u4e00-\u9fff]{4}")
_CHUNK = re.compile(r"[^\s|]+")
_ANY_HEADER = re.compile(r"指\s*标\s*(?:名\s*称)?[\s|]*计")
MIN_ROWS = 5
MIN_STEM = 4
MIN_WORDS = 2
_HAN_TEXT = re.compile(r"[\u4e00-\u9fff]")
_UNITS = frozenset(_UNIT.split("|"))
GRID_LAYOUTS = frozenset({"grid", "tab_cell", "tab_row", "pipe_row", "pipe_cell"})
COLUMNS = ("this_year", "cumulative")
_RAW_UNITS = {"万元": "元", "份": "件", "宗": "件", "起": "件", "篇次": "篇"}


@cache
def _metrics() -> dict[str, str]:
    """Stem of a label → the metric that fits exactly (schemas/data/regional_labels.csv)."""
    return {split_ordinal(fold(row["label"]))[1]: row["metric_key"] for row in read_data("regional_labels.csv")}


@dataclass(frozen=True)
class RegionalRow:
    """A row as printed: label, unit and the cells behind it as (text, place), blank cells where their borders show."""

    label: str
    start: int
    unit: str
    cells: list[tuple[str, int]]


def regional_tables(flat: str, tokens: Tokens | None) -> list[TableReading]:
    """The first regional statistics table of a text that has rows, or []."""
    if "累" not in flat or not _ANY_HEADER.search(flat):
        return []
    readings = _find(flat, tokens)
    for reading in readings:
        places = zip(reading.starts, reading.ends, strict=True)
        reading.raw_texts = [flat[s:e].strip() if s is not None else None for s, e in places]
    return readings


def _find(flat: str, tokens: Tokens | None) -> list[TableReading]:
    text = values.INVISIBLE_ONE.sub(" ", flat)
    for header in _HEADER.finditer(text):
        with_code = header["code"] is not None
        if tokens is not None and tokens.places[0] <= header.start() <= tokens.places[-1]:
            layout, rows = tokens.layout, _grid_rows(tokens, header.end(), with_code)
        else:
            rows, layout = _text_rows(text, header.end())
        if len(rows) >= MIN_ROWS:
            first, again = _split_prints(rows)
            reading = _reading(header, first, layout, with_code)
            if len(again) >= MIN_ROWS:
                return [most_complete([reading, _reading(header, again, layout, with_code)])]
            return [reading]
    return []


def _split_prints(rows: list[RegionalRow]) -> tuple[list[RegionalRow], list[RegionalRow]]:
    """The rows, and those of a second print: it begins where the first label stands again."""
    labels = [fold(row.label) for row in rows]
    again = next((place for place, label in enumerate(labels) if place and label == labels[0]), len(rows))
    return rows[:again], rows[again : 2 * again]


def _grid_rows(tokens: Tokens, begin: int, with_code: bool) -> list[RegionalRow]:
    """Rows of a page with printed cell boundaries: a label, a unit, and the cells up to the end of the row."""
    rows: list[RegionalRow] = []
    lead = 1 if tokens.layout == "tab_cell" else 0
    above: Row | None = None
    for row in grid_rows(tokens):
        cells = row.cells
        if tokens.layout == "pipe_cell" and above is not None and len(above.cells) == 1:
            # Words without a pipe behind them belong to the cell that goes on below: a label over two lines.
            cells = [Cell(above.cells[0].text + cells[0].text, above.cells[0].first, cells[0].last), *cells[1:]]
        above = row
        units = [place for place, cell in enumerate(cells) if place and cell.text.strip() in _UNITS]
        for number, place in enumerate(units):
            label = cells[place - 1]
            if tokens.places[label.first] < begin or not _HAN_TEXT.search(label.text):
                continue
            last = units[number + 1] - 1 if number + 1 < len(units) else len(cells)
            values_end = next((at for at in range(place + 1, last) if _is_words(cells[at].text)), last)
            found = [(cell.text, tokens.places[cell.first] + lead) for cell in cells[place + 1 : values_end]]
            while len(found) > len(COLUMNS) + with_code and not found[-1][0].strip():
                found.pop()
            unit = cells[place].text.strip()
            rows.append(RegionalRow(" ".join(label.text.split()), tokens.places[label.first] + lead, unit, found))
    return rows


def _is_words(text: str) -> bool:
    """Whether a cell is no value: a header that is printed again, a footnote."""
    return len(_HAN_TEXT.findall(text)) >= MIN_WORDS and not looks_like_value(text)


def _text_rows(text: str, begin: int) -> tuple[list[RegionalRow], str]:
    """Rows of running text that follow each other without anything between, and the layout."""
    masked = _PAGE_MARK.sub(lambda match: " " * len(match[0]), text)
    matches = []
    while True:
        again = _BLANK_HEADER.match(masked, begin)
        if again is not None:  # the header is printed again after a page break
            begin = again.end()
        match = _ROW.match(masked, begin)
        if match is None or match.end() <= begin:
            break
        matches.append(match)
        begin = match.end()
    rows = []
    for match in matches:
        chunks = [(chunk[0], match.start("values") + chunk.start()) for chunk in _CHUNK.finditer(match["values"])]
        label = " ".join(match["label"].split())
        rows.append(RegionalRow(label, match.start("label"), match["unit"] or match["alone"], chunks))
    return _trusted(text, rows)


def _trusted(text: str, rows: list[RegionalRow]) -> tuple[list[RegionalRow], str]:
    """The rows of running text with the cells that can be trusted, and the layout.

    Digits that run together are told apart only where they are zeros. Where some row shows that blank cells vanish,
    numbers on lines of their own may be a page number's neighbours, and are refused.
    """
    glued = any(len(row.cells) == 1 and len(row.cells[0][0]) > 1 and row.cells[0][0].isdigit() for row in rows)
    spread = [len({text.count("\n", 0, place) for _, place in row.cells}) > 1 for row in rows]
    layout = "glued" if glued else "line_cell" if any(spread) else "space_aligned" if "\n" in text else "one_line"
    vanish = len({len(row.cells) for row in rows}) > 1
    trusted: list[RegionalRow] = []
    for number, (row, on_lines) in enumerate(zip(rows, spread, strict=True)):
        cells = row.cells
        # Words of the row above may have run into this label: whose numbers these are is not sure.
        ran_in = number and len(rows[number - 1].cells) < len(COLUMNS)
        strange = (ran_in and split_ordinal(fold(row.label))[1] not in _metrics()) or _has_strange_beginning(row.label)
        if [text for text, _ in cells] == ["00"] and not strange:
            cells = [("0", cells[0][1]), ("0", cells[0][1] + 1)]
        elif strange or (glued and any(text != "0" for text, _ in cells)) or (vanish and on_lines):
            cells = [(" ".join(text for text, _ in cells), cells[0][1])] if cells else []
        trusted.append(RegionalRow(row.label, row.start, row.unit, cells))
    return trusted, layout


def _has_strange_beginning(label: str) -> bool:
    """Whether words that are not its own may stand before a label: those of the row above, up to its unit."""
    stem = split_ordinal(fold(label))[1]
    if stem in _metrics():
        return False
    return bool(_UNIT_INSIDE.search(stem)) or any(
        stem.endswith(known) for known in _metrics() if len(known) >= MIN_STEM
    )


def _reading(header: re.Match[str], rows: list[RegionalRow], layout: str, with_code: bool) -> TableReading:
    end = max(
        [row.start + len(row.label) for row in rows] + [place + len(text) for row in rows for text, place in row.cells]
    )
    reading = TableReading("regional", TABLE, None, layout, header.start(), end)
    cells = [_without_code(row.cells, place) if with_code else row.cells for place, row in enumerate(rows, 1)]
    if any(len(found) > len(COLUMNS) for found in cells):
        # More numbers than columns behind a label: they stand apart from their labels, and none can be trusted.
        cells = [[] for _ in rows]
    used: set[str] = set()
    number = 0
    for row, found in zip(rows, cells, strict=True):
        key = _metrics().get(split_ordinal(fold(row.label))[1], "")
        if not key or key in used:
            number += 1
            key = f"x_{number}"
        used.add(key)
        _add_row(reading, key, row, found)
    reading.column_labels = [header["year"], header["sum"]] * len(rows)
    return reading


def _without_code(cells: list[tuple[str, int]], code: int) -> list[tuple[str, int]]:
    """The cells behind the row's code; nothing if another number stands there."""
    words = cells[0][0].strip() if cells else ""
    return cells[1:] if words.isdigit() and int(words) == code else []


def _add_row(reading: TableReading, key: str, row: RegionalRow, cells: list[tuple[str, int]]) -> None:
    count = len(COLUMNS)
    reading.row_keys += [key] * count
    reading.column_keys += COLUMNS
    reading.units += [_RAW_UNITS.get(row.unit, row.unit)] * count
    reading.row_labels += [row.label] * count
    reading.methods += ["grid" if reading.layout in GRID_LAYOUTS else "labels"] * count
    if len(cells) != count:
        raw = " ".join(text.strip() for text, _ in cells).strip() or None
        reading.states += ["unreadable" if raw else "missing"] * count
        reading.values += [None] * count
        reading.raw_texts += [raw] * count
        reading.starts += [cells[0][1] if raw else None] * count
        reading.ends += [cells[-1][1] + len(cells[-1][0]) if raw else None] * count
        return
    for text, place in cells:
        is_money = row.unit in ("元", "万元")
        state, value = values.read_money(text, row.unit) if is_money else values.read_count(text)
        reading.states.append(state)
        reading.values.append(value)
        reading.raw_texts.append(text.strip())
        reading.starts.append(place)
        reading.ends.append(place + len(text))
