"""A report's title, and the body and year in it.

Belongs here: finding the title's lines in the head of a page (field.md §3.2). Does not belong here: other evidence.
"""

import re

from pipeline.describe.names import body_kind, split_title

_TITLE = re.compile(
    r"#{0,6}(?:标题[:：])?(?P<title>.{0,60}?(?:政府|政务)?信息公开.{0,24}?(?:年报|报告|总结)|.{0,60}?政务公开.{0,16}?年度报告)"
    r"(?:\(.{0,20}\)|（.{0,20}）)?"
)
# The look ahead says where any of these can begin: few characters of a title can.
_NO_TITLE = re.compile(
    r"(?=[特现为根按本我编>＞上下首当关通解目指办规，。；])"
    r"(?:^(?:特|现|为此|根据|按照|本|我)|编制|>>|＞|上一[条篇]|下一[条篇]|首页|当前位置|关于做好|通知|解读|目录|指南|办法|规定$|[，。；])"
)
_NO_BODY = re.compile(r"[，。；：:、>＞]|\d{4}|发布|索引|来源|日期|信息公开")


def find_title(lines: list[str]) -> tuple[str | None, str | None, int | None, int]:
    """(title, body, year, number of its line) from the first line that is a title of such a report, joined with the lines above it if the
    body stands there (field.md §3.2, multi-line titles)."""
    for number, line in enumerate(lines):
        if "公开" not in line or len(line) > 90 or _NO_TITLE.search(line):
            continue
        match = _TITLE.fullmatch(line)
        if match is None:
            continue
        title = match["title"]
        body, year = split_title(title)
        above = lines[number - 1] if number else ""
        if body is None and 2 <= len(above) <= 30 and not _NO_BODY.search(above) and body_kind(above) != "unknown":
            return above + title, above, year, number - 1
        if body is None and year is None and not above:
            return title, None, None, number
        return title, body, year, number
    return None, None, None, 0
