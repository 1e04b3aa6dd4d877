"""Invented reports of real townships, for the region tests.

Belongs here: wordings of titles, preambles, headers, and the truth of each. Does not belong here: assertions.
"""

import random
from collections import Counter
from typing import NamedTuple

from pipeline.region.index import in_year, index
from schemas.regions.table import Region, read_names

REGIONS, TOWNS = read_names()
BY_CODE = {region.code: region for region in REGIONS}
TIMES_NAMED = Counter(name for _, name, _ in TOWNS)
TOWN_ENDS = ("乡", "镇", "街道", "苏木")


class Town(NamedTuple):
    """A township of the table and what it is in a year."""

    code: str
    name: str
    year: int
    county: Region
    city: Region | None
    province: Region


def _names_another(code: str, name: str, parent: str) -> bool:
    """北京市双河农场 lies in 黑龙江, 上海市白茅岭监狱 in 安徽: their names say whose they are, not where."""
    named = index().names.get(name[:3], ())
    return bool(named) and all(region.code[:2] != code[:2] for region in named)


def draw(count: int, seed: object) -> list[Town]:
    """Townships at random, each with a random year in which its county was there."""
    chance = random.Random(str(seed))
    found: list[Town] = []
    for code, name, parent in chance.sample([town for town in TOWNS if not _names_another(*town)], count):
        year = chance.randint(2008, 2025)
        county = in_year(parent, year)
        while county is None and year < 2023:
            year += 1
            county = in_year(parent, year)
        if county is None or county.level == "province":
            county = BY_CODE[parent[:2] + "0000"]
        above = BY_CODE.get(county.parent)
        city = next((r for r in REGIONS if r.code == county.parent and _holds(r, year)), None) if above else None
        city = city if city is not None and city.level == "city" else None
        found.append(Town(code, name, year, county, city, BY_CODE[code[:2] + "0000"]))
    return found


def _holds(region: Region, year: int) -> bool:
    return (region.valid_from or 0) <= year and (region.valid_to is None or year <= region.valid_to)


def formal(name: str) -> str:
    """The body's full name."""
    if name.endswith(("街道", "地区")):
        return f"{name}办事处"
    return f"{name}人民政府" if name.endswith(("乡", "镇", "苏木")) else name


def own(name: str) -> str:
    """How the body calls itself."""
    return {"乡": "我乡", "镇": "我镇", "道": "我街道"}.get(name[-1], "本单位")


def title(chance: random.Random, body: str, year: int) -> str:
    """One of the usual orders of body and year."""
    return chance.choice(
        [
            f"{body}{year}年政府信息公开工作年度报告",
            f"{body}{year}年度政府信息公开工作年度报告",
            f"{year}年{body}政府信息公开工作年度报告",
            f"{body}政府信息公开工作{year}年度报告",
            f"{body}{year}年政府信息公开年报",
            f"{body}\n{year}年度政府信息公开工作年度报告",
            f"{body}关于{year}年度政府信息公开工作的年度报告",
        ]
    )


def text(chance: random.Random, town: Town, head: str, preamble: str = "", overview: str = "") -> str:
    """A report around a head and a preamble."""
    me = own(town.name)
    return (
        f"{head}\n\n根据《中华人民共和国政府信息公开条例》要求，编制本报告。{preamble}\n"
        f"一、总体情况\n{town.year}年，{me}认真做好政府信息公开工作，{me}全年主动公开信息86条。{overview}\n"
        "二、主动公开政府信息情况\n无。\n三、收到和处理政府信息公开申请情况\n无。\n四、因政府信息公开工作被申请行政复议、提起行政诉讼情况\n"
        f"无。\n五、存在的主要问题及改进情况\n{me}将进一步加强学习。\n六、其他需要报告的事项\n无。\n"
    )


def with_county(chance: random.Random, town: Town) -> str:
    """A report that prints the county, in one of many places."""
    body = chance.choice([town.name, formal(town.name)])
    county = town.county.name
    long = chance.choice([county, (town.city.name if town.city else "") + county])
    if chance.random() < 0.2:
        long = town.province.name + (town.city.name if town.city else "") + county
    plain = title(chance, body, town.year)
    ways = [
        lambda: text(chance, town, title(chance, long + body, town.year)),
        lambda: text(chance, town, plain, f"本报告由{long}{body}党政办公室根据有关统计数据编制。"),
        lambda: text(chance, town, plain, f"如对本报告有疑问，请与{long}{formal(town.name)}党政办联系（地址：本镇新街1号）。"),
        lambda: text(chance, town, plain, f"如有疑问，请与本单位办公室联系（地址：{long}{town.name}解放路12号，邮编：000000）。"),
        lambda: text(chance, town, f"{county}人民政府\n首页 >> 乡镇信息公开 >> {town.name}\n\n{plain}"),
        lambda: text(chance, town, f"当前位置：首页 > {county}人民政府 > 政府信息公开 > {town.name}\n{plain}"),
        lambda: text(chance, town, f"{plain}\n发布日期：{town.year + 1}-01-20 来源：{county}人民政府办公室 点击：[]"),
        lambda: text(chance, town, plain, f"本报告的电子版可在{long}政府门户网站下载。"),
        lambda: text(chance, town, plain, "", f"按照《{county}{town.year}年政务公开工作要点》，细化任务分工。"),
        lambda: text(chance, town, plain, "", f"在{county}委、县政府的领导下，各项工作有序推进。"),
        lambda: text(chance, town, plain) + f"\n{long}{formal(town.name)}\n{town.year + 1}年1月15日\n",
    ]  # fmt: skip
    return chance.choice(ways)()


def without_county(chance: random.Random, town: Town) -> str:
    """A report that names no region above the township."""
    body = chance.choice([town.name, formal(town.name)])
    plain = title(chance, body, town.year)
    ways = [
        lambda: text(chance, town, plain),
        lambda: text(chance, town, plain, f"本报告由{body}党政办根据有关统计数据编制。"),
        lambda: text(chance, town, plain, "如有疑问，请与党政办联系。", "按照县委、县政府的要求，细化任务分工。"),
        lambda: text(chance, town, plain) + f"\n{formal(town.name)}\n{town.year + 1}年1月15日\n",
    ]
    return chance.choice(ways)()
