"""The places in a report where it says whose it is: who compiled it, whom to ask, who published and who signed it.

Belongs here: finding these words in the head and the end of a page (field.md §3.3), one kind of evidence each. Does not
belong here: what regions they name (pipeline/region), titles.

What a page links to (上一条, 下一条, related pages) is of other reports and never evidence (field.md §6.2 no. 25).
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pipeline.region.mentions import chains_in_text
from pipeline.region.resolve import Evidence

HEAD, END, TEXT = 4_000, 700, 8_000
_WORDS = r"[^，。,；;：:？?！!（(《》“”、|]"
_COMPILED = re.compile(
    rf"由(?:中共)?({_WORDS}{{2,36}}?)(?:结合|根据|依据|按照|依照|按|负责|统一|组织|牵头|汇总|综合|编制|编写|编撰|起草)"
)
_CONTACT = re.compile(rf"[与和向同]({_WORDS}{{2,36}}?)(?:联系|咨询|反映|询问|垂询)([（(,，][^。]{{0,110}})?")
_ADDRESS = re.compile(r"地址[:：]?([^。；;]{2,40})")
_PUBLISHER = re.compile(r"(?:发布机构|发布单位|发文机关|发文单位|公开机构|公开主体|责任单位)[:：]([^\s|:：]{2,30})")
_SITE_LABEL = re.compile(r"(?:信息来源|稿件来源|来源|供稿)[:：]([^\s|:：]{2,30})")
_SITE = re.compile(r"网(?:站|$|[(（])")
SITE_NAME = 24
_SENTENCE = re.compile(r"[，。；：:!?]|\d{4}")
_PATH = re.compile(r">+|＞+|»|›|/|[:：]")
_BREADCRUMB = re.compile(r">>|＞|»|›|[^>]>[^>]|当前位置|所在位置")
_NAVIGATION = re.compile(
    r"上一[条篇页]|下一[条篇页]|相关(?:链接|阅读|文章|信息)|友情链接|打印|关闭|扫一扫|版权|主办|承办|维护|备案|ICP|技术支持"
)
_AREA_CODE = re.compile(r"0[1-9]\d{1,2}(?=[)）]?[－—–―-]{0,2}\d{7,8}(?!\d))")
# Where a report speaks of its superiors: 《偃师市2020年度政务公开工作台账》, 禄丰县人民政府办公室 (field.md §3.3).
_SUPERIOR = re.compile(
    r"(?:人民)?政府|县委|市委|区委|委(?=[、和])|(?:20\d\d年)?(?:度)?(?:政务公开|政府信息公开|信息公开)|办公室|大数据|行政审批|门户网站"
)
_VISIT = re.compile(r"(?:学习|借鉴|考察|参观|交流|赴|前往|去|对标|原籍|支援|帮扶|对口).{0,6}$")


class Words:
    """The words of one report, each kind found when it is asked for."""

    def __init__(self, flat: str, lines: list[str], title_line: int) -> None:
        """`lines` are those before the first section without blanks, the title is in that of number `title_line`."""
        self._flat = flat
        self._all = lines
        self._above = [line for line in lines[:title_line] if line]

    @cached_property
    def _lines(self) -> list[str]:
        return [line for line in self._all if line and not _NAVIGATION.search(line)]

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._lines)

    @cached_property
    def head(self) -> str:
        """The text before the first section, lines joined, without blanks and navigation."""
        return "".join(self._lines)[:HEAD]

    @cached_property
    def end(self) -> list[str]:
        """The last lines under the report, blanks and navigation left out, the last first."""
        found = []
        for line in reversed(self._flat[-END:].split("\n")[-14:]):
            words = "".join(line.split())
            if 0 < len(words) <= 30 and not _NAVIGATION.search(words):
                found.append(words)
        return found

    def compiled_by(self) -> list[str]:
        """由三江乡党政办结合有关统计数据编制."""
        return [match[1] for match in _COMPILED.finditer(self.head)]

    def contact(self) -> list[str]:
        """请与三江乡人民政府党政办联系."""
        return [match[1] for match in _CONTACT.finditer(self.head)]

    def publisher(self) -> list[str]:
        """发布机构：青石县民政局."""
        return [match[1] for match in _PUBLISHER.finditer(self._text)]

    def signature(self) -> list[str]:
        """The lines under the report that can be a signature: short, no sentence."""
        return [line for line in self.end[:4] if not _SENTENCE.search(line)]

    def breadcrumb(self) -> list[str]:
        """The elements of the path that a page prints above its title, the last first."""
        for line in self._above:
            if _BREADCRUMB.search(line):
                parts = _PATH.split(line)
                return [part for part in reversed(parts) if part]
        return []

    def evidence(self) -> Iterator[Evidence]:
        """All words that can name a region, best first."""
        for words in self.compiled_by():
            yield Evidence("compiled_by", words)
        for match in _CONTACT.finditer(self.head):
            yield Evidence("contact", match[1] + (match[2] or ""))
        for match in _ADDRESS.finditer(self.head):
            yield Evidence("contact", match[1])
        for words in self.signature():
            yield Evidence("signature", words)
        for words in self.publisher():
            yield Evidence("publisher", words)
        for line in self._above:
            if len(line) <= 80:
                yield Evidence("site", line)
        for match in _SITE_LABEL.finditer(self._text):
            yield Evidence("site", match[1])
        for match in _SITE.finditer(self.head):
            yield Evidence("site", self.head[max(0, match.start() - SITE_NAME) : match.start()])
        codes = {code for text in (self.head, *self.end) for code in _area_codes(text)}
        if len(codes) == 1:
            yield Evidence("area_code", codes.pop())
        yield from self._cited()

    def _cited(self) -> Iterator[Evidence]:
        """Names of regions in the report's text where it speaks of its superiors, in one piece: if they are of several
        regions, they settle nothing."""
        text = "".join(self._flat[:TEXT].split())
        found = []
        for _, start, end in chains_in_text(text):
            if _SUPERIOR.match(text, end) and not _VISIT.search(text, max(0, start - 8), start):
                found.append(text[start:end])
        if found:
            yield Evidence("cited", "，".join(dict.fromkeys(found)))


def _area_codes(text: str) -> list[str]:
    """The area codes of the telephone numbers in a text: 0797－6570369."""
    return [m[0] for m in _AREA_CODE.finditer(text) if not text[m.start() - 1 : m.start()].isdigit()]
