"""Which encoding a text is in, and its decoding.

Belongs here: telling UTF-8, UTF-16, GB18030 and Big5 apart by the bytes themselves. Does not belong here: which files
are text (decode.py), what a page says of its own encoding beyond settling a tie.

Order (design.md "Encodings"): a byte order mark, strict UTF-8, for texts with zero bytes UTF-16, then GB18030
against Big5: whichever decodes whole and has the characters that every report is full of. What a page declares is
often a lie of its template, so that it decides only where the bytes do not. charset-normalizer comes last.
"""

import codecs
import re
from collections import Counter

from pipeline.read.refusal import UnreadableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Characters of headings, forms and prose of such reports; those of one script only tell the two encodings apart.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社"
    "义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决"
    "西被干做必战先回则任取据处府信息申请报告乡镇县市局委办街道予以受理规章范性许可罚费纳缴编制诉讼复议维持纠审结尚未案卷"
)
_COMMON_TRADITIONAL = frozenset(
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民"
    "得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社"
    "義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問意建月公無系軍很情者最立代想已通並提"
    "直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九區強放決"
    "西被幹做必戰先回則任取據處府信息申請報告鄉鎮縣市局委辦街道予以受理規章範性許可罰費納繳編制訴訟複議維持糾審結尚未案卷"
)
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_STRANGE = re.compile("[\ue000-\uf8ff\ufffd\x80-\x9f]")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*\\?["']?\s*([A-Za-z0-9_:\-]{2,20})""", re.IGNORECASE)
_FAMILIES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5",
    "x-gbk": "gb18030",
}
HEAD = 4_096
SAMPLE = 200_000
MIN_COMMON = 0.35
"""Share of common characters among the Chinese ones: above 0.6 in every report, below 0.1 in the wrong encoding."""
MIN_LEAD = 0.15


def decode_text(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a file that is no known binary format. Raises UnreadableError if no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding), encoding
    if b"\x00" in data[:HEAD]:
        wide = _without_mark(data)
        if wide is None:
            raise UnreadableError("binary file of no known kind: it holds no text", "application/octet-stream")
        return wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    found = _chinese(data) or _normalizer(data)
    if found is None:
        raise UnreadableError(
            f"text in no encoding this version reads: not UTF-8 at byte {place}, neither GB18030 nor Big5, "
            "save it as UTF-8",
            "text/plain",
        )
    return found


def declared_encoding(data: bytes) -> str | None:
    """What the head of a web page says of its encoding, as GB18030 or Big5, else None."""
    match = _DECLARED.search(data[:HEAD])
    return _FAMILIES.get(match[1].decode("ascii").lower()) if match else None


def common_share(text: str) -> float:
    """Share of everyday characters among the Chinese ones of a text, simplified or traditional; 0.0 without any."""
    counts = Counter(text[:SAMPLE])
    han = sum(count for character, count in counts.items() if _HAN.match(character))
    if not han:
        return 0.0
    shares = [sum(counts[character] for character in common) for common in (_COMMON, _COMMON_TRADITIONAL)]
    strange = sum(count for character, count in counts.items() if _STRANGE.match(character))
    return max(shares) / (han + strange)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"text in no encoding this version reads: not {encoding.upper()} at byte {error.start}, save it as UTF-8",
            "text/plain",
        ) from None


def _without_mark(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark, in the order of bytes in which it reads as Chinese; None if it does in neither."""
    best, found = MIN_COMMON, None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = common_share(text)
        if share >= best:
            best, found = share, (text, encoding)
    return found


def _chinese(data: bytes) -> tuple[str, str] | None:
    """GB18030 or Big5 if the characters tell, or if the page says so and nothing speaks against it."""
    found: list[tuple[float, str, str]] = []
    for encoding in ("gb18030", "big5hkscs"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((common_share(text), text, "big5" if encoding == "big5hkscs" else encoding))
    found.sort(key=lambda candidate: -candidate[0])
    if not found:
        return None
    best, other = found[0][0], found[1][0] if len(found) > 1 else 0.0
    if best >= MIN_COMMON and best - other >= MIN_LEAD:
        return found[0][1:]
    declared = declared_encoding(data)
    return next(((text, encoding) for _, text, encoding in found if encoding == declared), None)


def _normalizer(data: bytes) -> tuple[str, str] | None:
    """What charset-normalizer finds among the encodings of Chinese, if it reads as a report's Chinese."""
    from charset_normalizer import from_bytes  # rarely needed, and slow to import

    best = from_bytes(data[:SAMPLE], cp_isolation=["gb18030", "big5hkscs", "hz", "utf_16_le", "utf_16_be"]).best()
    if best is None:
        return None
    try:
        text = data.decode(best.encoding)
    except UnicodeDecodeError:
        return None
    return (text, best.encoding.replace("_", "-")) if common_share(text) >= MIN_COMMON else None
