"""The table of disputes in running text: a header of many words, then fifteen numbers.

Belongs here: telling its header from prose. Does not belong here: cutting the numbers into cells (cells.py).
"""

import re

from rapidfuzz.distance import Levenshtein

from pipeline.tabulate.flat.cells import dispute_cells
from pipeline.tabulate.flat.gaps import cut_gap, has_page_lines
from pipeline.tabulate.flat.reading import make_reading
from pipeline.tabulate.flat.regions import region_end
from pipeline.tabulate.flat.rows import FlatRow
from pipeline.tabulate.read_plan import most_complete
from pipeline.tabulate.readings import TableReading
from schemas import forms

_B = r"\s*"
DISPUTES = re.compile(rf"{_B.join('行政复议')}\s*{_B.join('行政诉讼')}\s*(?={_B.join('结果')}|{_B.join('未经复议')})")
_DISPUTE_HEADER = re.compile(
    r"(?:结\s*果\s*(?:维\s*[持护特]|纠\s*[正错证])|其\s*[他它]\s*结\s*果|尚?\s*未\s*审\s*[结洁]|[总合]\s*计"
    r"|未\s*经\s*复\s*议\s*直\s*接\s*起\s*诉|复\s*议\s*后\s*起\s*诉|行\s*政\s*复\s*议|行\s*政\s*诉\s*讼|[结果维持纠正其他尚未审总计]|\s)+"
)
_DISPUTE_WORDS = "行政复议行政诉讼未经复议直接起诉复议后起诉结果维持结果纠正其他结果尚未审结总计合计"
_WORDS = re.compile(r"[\u4e00-\u9fff\s]+")
_DISPUTE_OUTCOMES = "结果维持结果纠正其他结果尚未审结总计"
_DISPUTE_LABELS = f"行政复议行政诉讼{_DISPUTE_OUTCOMES}未经复议直接起诉复议后起诉{_DISPUTE_OUTCOMES * 2}"
_TOTAL = re.compile(r"[总合]\s*计")
_BLANKS = re.compile(r"\s+")
MAX_HEADER_TYPOS = 3
DISPUTE_BLOCKS = 3


def disputes_table(text: str, template: str) -> TableReading | None:
    """The table of disputes of a text, its most complete print; None if there is none."""
    form = forms.form(template, "disputes")
    prints = []
    for anchor in DISPUTES.finditer(text):
        header_end = _dispute_header_end(text, anchor.start())
        if header_end is None:
            continue
        words = text[anchor.start() : header_end]
        end = region_end(text, header_end, "disputes")
        gap = cut_gap(text, header_end, end, _DISPUTE_WORDS)
        blocks = dispute_cells(gap, form.rows, has_page_lines(text))
        row = FlatRow("", words, anchor.start(), header_end, gap, end)
        reading = make_reading(form, [(None, cells) for cells in blocks], [row], text)
        if any(state != "missing" for state in reading.states) or len(_TOTAL.findall(words)) >= 3:
            prints.append(reading)
    return most_complete(prints) if prints else None


def _dispute_header_end(text: str, start: int) -> int | None:
    """Where the header that begins with 行政复议行政诉讼 ends; None if it is none.

    Either nothing but the words of the header, one 总计 at least, or the whole header with a few typos.
    """
    words = _WORDS.match(text, start)
    ends = [total.end() for total in _TOTAL.finditer(text, start, words.end() if words else start)]
    if len(ends) >= DISPUTE_BLOCKS:
        stem = _BLANKS.sub("", text[start : ends[-1]])
        if Levenshtein.distance(stem, _DISPUTE_LABELS, score_cutoff=MAX_HEADER_TYPOS) <= MAX_HEADER_TYPOS:
            return ends[-1]
    header = _DISPUTE_HEADER.match(text, start)
    return header.end() if header is not None and _TOTAL.search(header[0]) else None
