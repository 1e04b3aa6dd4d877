"""Reports as web pages: merged cells, the site around the article, encodings and what pages declare of them.

Here belongs writing HTML only. Years and names of other reports stand in the navigation on purpose: none of them is the
report's.
"""

from __future__ import annotations

import html
from random import Random

from benchmarks.generator.draft import Draft
from benchmarks.generator.files import FileGrid, grid_of

_ENCODINGS = ("utf-8", "utf-8", "utf-8", "gb18030", "gbk", "utf-16")


def write_html(draft: Draft, rng: Random) -> bytes:
    """A page of a report, as one of the sites would serve it."""
    article = "\n".join(_block(draft, place, rng) for place in range(len(draft.blocks)))
    kind = rng.choice(("page", "page", "page", "layout_table", "fragment", "escaped"))
    text = article
    if kind in ("page", "layout_table"):
        text = _page(draft, article, rng, kind == "layout_table")
    elif kind == "escaped":
        text = (
            'var content = "'
            + article.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/").replace("\n", "\\n")
            + '";'
        )
    encoding = rng.choice(_ENCODINGS)
    declared = rng.choice((encoding, "utf-8", "gb2312")) if kind != "fragment" else encoding
    text = text.replace("@charset@", declared)
    return text.encode(encoding, "xmlcharrefreplace")


def _block(draft: Draft, place: int, rng: Random) -> str:
    block = draft.blocks[place]
    if not block.tables:
        style = ' style="text-align:center"' if place == 0 else ""
        return f"<p{style}>{_words(block.text)}</p>"
    if rng.random() < 0.5:
        return _table(grid_of(block.tables), rng)
    return "<br/>".join(_table(grid_of([table]), rng) for table in block.tables)


def _table(grid: FileGrid, rng: Random) -> str:
    inner = rng.choice(("<p>{}</p>", '<p align="center"><span style="font-size:14px">{}</span></p>', "{}", "\n  {}\n "))
    blank = rng.choice(("", "&nbsp;", "<p>&nbsp;</p>", "<br/>"))
    body = rng.choice(("<tbody>", ""))
    rows = []
    for cells in grid.rows:
        row = ""
        for cell in cells:
            spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            words = inner.format(_words(cell.text)) if cell.text.strip() else blank
            row += f'<td{spans} style="width:40px;">{words}</td>'
        rows.append(f"<tr>{row}</tr>")
    return f'<table border="1" cellspacing="0">{body}{"".join(rows)}{body.replace("<", "</")}</table>'


def _words(text: str) -> str:
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;").replace("\n", "<br/>")


def _page(draft: Draft, article: str, rng: Random, in_table: bool) -> str:
    name, year = draft.body.name, draft.year
    links = "".join(
        f'<li><a href="/{n}.html">{words}</a></li>'
        for n, words in enumerate(("首页", "政务公开", "办事服务", "互动交流"))
    )
    others = "".join(
        f'<li><a href="/{n}.html">{name}{year - n}年政府信息公开工作年度报告</a></li>' for n in range(1, 5)
    )
    box = (
        f"<table class='box'><tr><td>索引号：</td><td>{rng.randint(100000, 999999)}/{year + 1}-{rng.randint(10000, 99999)}</td>"
        f"<td>发布日期：</td><td>{year + 1}-01-{rng.randint(10, 28)}</td></tr>"
        f"<tr><td>发布机构：</td><td>{name}</td><td>名 称：</td><td>{draft.title}</td></tr></table>"
    )
    foot = (
        f'<div>上一条：<a href="a.html">{name}{year + 1}年政府信息公开工作年度报告</a><br>'
        f'下一条：<a href="b.html">{name}{year - 1}年政府信息公开工作年度报告</a></div>'
        "<div><a href='javascript:print()'>打印</a> <a href='javascript:close()'>关闭</a></div>"
        f"<div>主办：{name} ICP备{rng.randint(10000000, 21999999)}号</div>"
    )
    middle = f'<div class="article">{box if rng.random() < 0.6 else ""}{article}</div>'
    if in_table:
        middle = f"<table width='100%'><tr><td valign='top'><ul>{others}</ul></td><td>{middle}</td></tr></table>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='@charset@'><title>{draft.title}</title>"
        f"<meta name='PubDate' content='{year + 1}-01-20 10:00'><style>td{{padding:0}}</style></head><body>"
        f"<script>var year = {year + 5}; document.write('<td>99</td>');</script><ul class='nav'>{links}</ul>"
        f"<div>您现在的位置：<a href='/'>首页</a> &gt; <a href='/zw'>政务公开</a> &gt; 年报</div>{middle}{foot}</body></html>"
    )
