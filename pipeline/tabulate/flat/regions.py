"""Where a table begins and ends in running text.

Belongs here: the words after a table, the header before its first row. Does not belong here: rows and cells.
"""

import re

from pipeline.tabulate.flat.patterns import HEADER_BLOCKS

_B = r"\s*"
MAX_BEFORE = 1_500
# A heading that ends the tables: 五、存在的主要问题 …, 六、其他需要报告 …
_AFTER = re.compile(r"存\s*在\s*的?\s*(?:主\s*要\s*)?问\s*题|需\s*要\s*报\s*告")
_NEXT_PART = {
    "active_disclosure": re.compile(rf"{_B.join('收到和处理政府')}|{_B.join('本年新收')}|{_B.join('申请人情况')}"),
    "applications": re.compile(
        rf"[一二三四五六七八]{_B}[、.]{_B}(?:因\s*)?{_B.join('政府信息公开')}|{_B.join('行政复议')}"
    ),
}


def region_end(text: str, begin: int, table_key: str) -> int:
    """Where the region of a table that begins at a place ends: at the next part of the report."""
    end = len(text)
    for pattern in (_NEXT_PART.get(table_key), _AFTER):
        match = pattern.search(text, begin) if pattern else None
        if match is not None:
            end = min(end, match.start())
    return end


def header_start(text: str, begin: int, anchor: int) -> int:
    """Where the header before the first row begins; if there is none, a little before the row, for its ordinal."""
    headers = list(HEADER_BLOCKS["applications"].finditer(text, max(begin, anchor - MAX_BEFORE), anchor))
    return headers[-1].start() if headers else max(begin, anchor - 12)
