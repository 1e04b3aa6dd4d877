"""The fixed yardstick of parsing speed: the least that any reader of these texts does. Never changed.

One pass over a file's bytes: decode UTF-8, `unicodedata.normalize("NFKC")`, `splitlines`, strip, one dictionary look-up
per line. Speed is stated as the ratio of a parse's time to this pass's time in the same run, because machines differ.
"""

import time
import unicodedata
from collections.abc import Callable

LABELS = {
    "规章": 1,
    "规范性文件": 2,
    "行政许可": 3,
    "行政处罚": 4,
    "行政强制": 5,
    "一、本年新收政府信息公开申请数量": 6,
    "二、上年结转政府信息公开申请数量": 7,
    "(七)总计": 8,
    "四、结转下年度继续办理": 9,
    "结果维持": 10,
}


def yardstick_pass(data: bytes) -> int:
    """The pass over one report; returns how many lines are known labels."""
    known = 0
    for line in unicodedata.normalize("NFKC", data.decode("utf-8")).splitlines():
        if LABELS.get(line.strip()) is not None:
            known += 1
    return known


def reports_per_second(reports: list[bytes], one_pass: Callable[[bytes], object], seconds: float) -> float:
    """How many reports a second `one_pass` gets through when it goes round `reports` for about `seconds`."""
    done, begin = 0, time.perf_counter()
    while True:
        for data in reports:
            one_pass(data)
        done += len(reports)
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds:
            return done / elapsed
