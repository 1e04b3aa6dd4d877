"""What stands on a web page around a report: navigation, buttons, the site's footer, the box of metadata.

Belongs here: leaving out navigation (field.md §6.2 nos. 25 and 26: a year in 上一条 is not the report's), keeping what the
site says of the page as evidence. Does not belong here: the report's own words, reading years or names from evidence.

Dropped is what no report's text looks like: scripts, forms, hidden pieces, blocks that are mostly links, lines that begin
with 上一条. Everything else stays, wherever it stands.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml has no types of its own

_NO_TEXT_TAGS = (
    "script", "style", "noscript", "template", "svg", "math", "canvas", "object", "embed", "applet", "iframe", "frame",
    "button", "select", "option", "textarea", "input", "nav", "audio", "video", "map", "title", "head",
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LINK_BLOCKS = ("div", "ul", "ol", "dl", "section", "aside", "footer", "header", "table", "tr", "td", "li", "p")
_SENTENCE = re.compile(r"[。；！？]")
_BEGINS_NAVIGATION = re.compile(
    r"[\s【\[（(>《]*(?:上|下)\s*[一1]\s*(?:条|篇|页|个|则)\s*(?:[：:】\]》]|新闻|信息|文章|$)"
    r"|[\s【\[（(]*(?:相关(?:链接|阅读|文章|信息|新闻|附件|推荐)|热点推荐|推荐阅读|友情链接)\s*[：:】\]）)]*$"
    r"|[\s【\[（(]*(?:打印(?:本页)?|关闭(?:窗口|本页)?|返回(?:顶部|首页|列表)?|分享到?|收藏|纠错|我要纠错|字体|字号)[\s：:】\]）)]*"
)
_ONLY_NAVIGATION = re.compile(
    r"(?:[\s|｜/·【\[\]】（）()>»：:]|打印本页|打印|关闭窗口|关闭本页|关闭|返回顶部|返回首页|返回列表|返回|分享到|分享|收藏|我要纠错|纠错|字体|字号"
    r"|加大|缩小|默认|大|中|小|首页|下载|微信|微博|QQ空间|扫一扫在手机打开当前页|扫一扫)+"
)
_PREVIOUS_ALONE = re.compile(r"[\s【\[（(>《]*(?:上|下)\s*[一1]\s*(?:条|篇|页|个|则)\s*[：:】\]》）)]*")
_BREADCRUMB = re.compile(r"(?:您?(?:现在|当前)?(?:所在)?(?:的)?位置(?:是)?\s*[：:]|首页\s*[>›»＞/\-]).{0,200}")
_FOOTER = re.compile(
    r"版权所有|主办(?:单位)?\s*[：:]|承办(?:单位)?\s*[：:]|技术支持\s*[：:]|网站标识码|ICP备|公网安备|Copyright|©",
    re.IGNORECASE,
)
_BOX_NAME = (
    r"索\s*引\s*号|信息索引号?|发布机构|公开机构|发文机关|制发机关|发布单位|信息来源|来\s*源|责任部门|发布日期|发布时间|公开日期|发文日期|成文日期|生成日期|生效日期"
    r"|文\s*号|发文字号|名\s*称|标\s*题|主题词|主题分类|信息分类|体裁分类|组配分类|公开方式|公开范围|公开时限|公开责任部门|信息名称|有\s*效\s*性|关\s*键\s*词"
)
_BOX_CELL = re.compile(rf"\s*(?:{_BOX_NAME})\s*[：:]?\s*")
_BOX_PAIR = re.compile(
    rf"(?:^|(?<=[\s　|【\[（(]))({_BOX_NAME})\s*[：:]\s*(.*?)(?=\s+(?:{_BOX_NAME}|浏览|点击|阅读|作者|字体|字号)[^：:]{{0,4}}[：:]|[|】\]]|$)"
)
_META_NAMES = frozenset(
    [
        "sitename",
        "sitedomain",
        "siteidcode",
        "columnname",
        "columntype",
        "columndescription",
        "articletitle",
        "pubdate",
        "contentsource",
        "keywords",
        "description",
        "author",
        "url",
    ]
)
MIN_LINKS = 3
MAX_HIDDEN = 200
MIN_BOX_NAMES = 2
MAX_PAIR_LINE = 300


def page_evidence(root: Element) -> dict[str, str]:
    """What the page says of itself in its head: the title and the meta tags of government sites (PubDate …)."""
    evidence: dict[str, str] = {}
    for title in root.iter("title"):
        words = " ".join("".join(title.itertext()).split())
        if words:
            evidence["title"] = words
            break
    for meta in root.iter("meta"):
        name = (meta.get("name") or "").strip()
        words = " ".join((meta.get("content") or "").split())
        if name.lower() in _META_NAMES and words:
            evidence.setdefault(name, words)
    for element in root.iter("div", "p", "span", "td", "ul"):
        words = " ".join("".join(element.itertext()).split()) if len(element) < 40 else ""
        if 0 < len(words) <= MAX_PAIR_LINE and _BREADCRUMB.fullmatch(words):
            evidence.setdefault("breadcrumb", words)
            break
    return evidence


def drop_furniture(root: Element) -> None:
    """Takes out of a tree what is no text of a report."""
    etree.strip_elements(root, *_NO_TEXT_TAGS, with_tail=False)
    for element in [node for node in root.iter() if isinstance(node.tag, str) and _is_hidden(node)]:
        _drop(element)
    for element in _link_blocks(root):
        _drop(element)


def _is_hidden(node: Element) -> bool:
    """Hidden, and so small that it is no folded part of the report."""
    if not (_HIDDEN.search(node.get("style") or "") or node.get("hidden") is not None):
        return False
    return sum(map(len, node.itertext())) < MAX_HIDDEN and node.find(".//table") is None


def _link_blocks(root: Element) -> list[Element]:
    """The outermost blocks that are mostly links, and those that only say where the reader is or whose site it is."""
    totals: dict[Element, tuple[int, int, int, bool]] = {}
    found = []
    for _, node in etree.iterwalk(root, events=("end",)):
        own = (node.text or "").strip()
        length, linked, links = len(own), 0, 0
        prose = bool(_SENTENCE.search(own))
        for child in node:
            count, in_links, number, has_prose = totals.pop(child, (0, 0, 0, False))
            tail = (child.tail or "").strip()
            length += count + len(tail)
            linked += in_links
            links += number
            prose = prose or has_prose or bool(_SENTENCE.search(tail))
        if node.tag == "a" and node.get("href") is not None:
            linked, links, prose = length, 1, False
        totals[node] = length, linked, links, prose
        if node.tag in _LINK_BLOCKS and not prose and links >= MIN_LINKS and 2 * linked > length:
            found.append(node)
    return found


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + "\n" + tail
        else:
            parent.text = (parent.text or "") + "\n" + tail
    parent.remove(element)


def without_navigation(lines: list[str]) -> list[str]:
    """The lines without those of navigation and of the site's footer; after a bare 上一条： the next line goes too."""
    kept = []
    follows = False
    for line in lines:
        if not line:
            continue
        if follows:
            follows = False
            if not _SENTENCE.search(line):
                continue
        if _PREVIOUS_ALONE.fullmatch(line):
            follows = True
        elif not (_begins_navigation(line) or _ONLY_NAVIGATION.fullmatch(line) or _is_around(line)):
            kept.append(line)
    return kept


def _begins_navigation(line: str) -> bool:
    match = _BEGINS_NAVIGATION.match(line)
    return match is not None and not _SENTENCE.search(line) and len(line) <= MAX_PAIR_LINE


def _is_around(line: str) -> bool:
    """A breadcrumb, or a line of the site's footer."""
    if _SENTENCE.search(line) or len(line) > MAX_PAIR_LINE:
        return False
    return bool(_BREADCRUMB.fullmatch(line)) or bool(_FOOTER.search(line) and not _BOX_PAIR.search(line))


def is_box(rows: list[list[str]]) -> bool:
    """Whether a table is the site's box of metadata: names that it uses, and no row of more than four pairs."""
    cells = [cell for row in rows for cell in row if cell.strip()]
    names = sum(bool(_BOX_CELL.fullmatch(cell) or _BOX_PAIR.match(cell)) for cell in cells)
    return names >= MIN_BOX_NAMES and 3 * names >= len(cells)


def box_pairs(line: str) -> Iterator[tuple[str, str]]:
    """(name, value) of everything that a line says in the manner of the box: 索引号：000123/2021-00045."""
    if len(line) <= MAX_PAIR_LINE and ("：" in line or ":" in line):
        for match in _BOX_PAIR.finditer(line):
            if match[2].strip():
                yield "".join(match[1].split()), match[2].strip()


def is_title(name: str) -> bool:
    """Whether a name of the box is that of the page itself."""
    return name in ("名称", "标题", "信息名称")
