"""Which encoding a text is in: told by the bytes, whatever the page says of itself.

Belongs here: samples of invented reports in every encoding that they come in. Does not belong here: other formats.
"""

import itertools

import pytest

from pipeline.read.decode import UnreadableError, decode
from pipeline.read.encodings import common_share, decode_text

BODIES = ("青石镇人民政府", "澜江市住房和城乡建设局", "霜桥县卫生健康委员会", "柳浦湾街道办事处", "栖云区教育局")
SIMPLIFIED = (
    "{body}2020年政府信息公开工作年度报告\n一、总体情况\n2020年，我单位主动公开政府信息128条。\n",
    "{body}关于2019年度政府信息公开工作的报告。全年收到申请3件，办结2件，结转下年度1件。",
    "六、其他需要报告的事项\r\n无。\r\n{body}\r\n2021年1月20日\r\n",
    "\t信息内容\n\t本年新制作数量\n\t规章\n\t0\n{body}制定规范性文件12件，全部公开。\n",
)
TRADITIONAL = (
    "{body}2020年政府資訊公開工作年度報告\n一、總體情況\n2020年，本機關主動公開政府資訊128條。\n",
    "{body}關於2019年度政府信息公開工作的報告。全年收到申請3件，辦結2件，結轉下年度1件。",
    "五、存在的主要問題及改進情況。公開的內容還不夠全面，{body}將進一步加強。",
)
TRADITIONAL_BODIES = (
    "青石鎮人民政府",
    "瀾江市住房和城鄉建設局",
    "霜橋縣衛生健康委員會",
    "柳浦灣街道辦事處",
    "棲雲區教育局",
)
TEXTS = [text.format(body=body) for text, body in itertools.product(SIMPLIFIED, BODIES)]
TRADITIONAL_TEXTS = [text.format(body=body) for text, body in itertools.product(TRADITIONAL, TRADITIONAL_BODIES)]

SAMPLES = (
    [(text, text.encode("utf-8"), "utf-8") for text in TEXTS + TRADITIONAL_TEXTS]
    + [(text, text.encode("gb18030"), "gb18030") for text in TEXTS + TRADITIONAL_TEXTS]
    + [(text, text.encode("big5"), "big5") for text in TRADITIONAL_TEXTS]
    + [(text, text.encode("utf-8-sig"), "utf-8") for text in TEXTS[::4]]
    + [(text, b"\xff\xfe" + text.encode("utf-16-le"), "utf-16-le") for text in TEXTS[::4]]
    + [(text, b"\xfe\xff" + text.encode("utf-16-be"), "utf-16-be") for text in TEXTS[::4]]
    + [(text, text.encode("utf-16-le"), "utf-16-le") for text in TEXTS[::2]]
    + [(text, text.encode("utf-16-be"), "utf-16-be") for text in TEXTS[1::2]]
)


def test_there_are_samples_enough():
    assert len(SAMPLES) >= 100


@pytest.mark.parametrize(("text", "data", "encoding"), SAMPLES)
def test_a_text_is_decoded_by_its_bytes(text, data, encoding):
    assert decode_text(data) == (text, encoding)
    document = decode(data)
    assert (document.text, document.encoding, document.media_type) == (text, encoding, "text/plain")


PAGE = '<html><head><meta charset="{declared}"></head><body><p>{words}</p><p>二、主动公开政府信息情况</p></body></html>'


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", "utf-16", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_that_lies_about_its_encoding_is_read_all_the_same(encoding, declared):
    words = TEXTS[0].replace("\n", "")
    document = decode(PAGE.format(declared=declared, words=words).encode(encoding))
    assert document.text.split("\n")[0] == words
    assert document.media_type == "text/html"
    assert document.encoding == {"utf-16": "utf-16-le"}.get(encoding, encoding)


@pytest.mark.parametrize(
    "data",
    [
        TEXTS[0].encode("utf-8")[:-2],
        TEXTS[0].encode("gb18030")[:-4] + b"\xff\xff",
        "Звіт про роботу за рік".encode("cp1251"),
        "これは日本語の文章です。カタカナとひらがな。".encode("shift_jis"),
        "Rapport annuel: é à ü ç œ".encode("cp1252"),
    ],
    ids=["cut off", "broken GB18030", "Cyrillic", "Japanese", "French"],
)
def test_what_is_no_chinese_text_is_refused_and_not_guessed(data):
    with pytest.raises(UnreadableError, match="no encoding this version reads"):
        decode_text(data)


def test_the_wrong_encoding_has_few_common_characters():
    for text in TEXTS[:8]:
        wrong = text.encode("gb18030").decode("big5hkscs", "replace")
        assert common_share(text) > 0.6
        assert common_share(wrong) < 0.3
