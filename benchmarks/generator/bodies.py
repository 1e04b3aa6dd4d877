"""Invented bodies and the way their reports are titled.

Here belong place names, kinds of bodies and title patterns. No place or office named here is meant to exist;
what a body counts is drawn in `figures`, what it writes in `prose`.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FIRST = "青云石松江白龙清河柳竹金沙南北东西大新永安平凤鹤梅兰双五七三古丰长临望沙榆桐枫杏桃"
SECOND = "溪桥岭山川湖泉塘湾坪洲坝岗庄沟营集店堡台原浦港林田井峪崖滩渡"

OFFICES = (
    "教育局", "财政局", "民政局", "水利局", "卫生健康局", "自然资源局", "应急管理局", "住房和城乡建设局", "农业农村局",
    "市场监督管理局", "人力资源和社会保障局", "交通运输局", "文化和旅游局", "审计局", "统计局", "司法局", "林业局",
    "政务服务管理局", "生态环境局", "医疗保障局",
)  # fmt: skip
INSTITUTIONS = ("第二中学", "人民医院", "公共资源交易中心", "自来水公司", "档案馆", "职业技术学校")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body: how often it is drawn, how it calls itself, how much it typically counts.

    `silence` is the share of such bodies without a single application, `applications` the median number of
    applications of the others, `spread` the width of the distribution (log scale).
    """

    name: str
    body_kind: str
    weight: int
    self_name: str
    silence: float
    applications: float
    spread: float


KINDS = (
    Kind("township", "township", 40, "我镇", 0.78, 2, 0.8),
    Kind("subdistrict", "subdistrict", 10, "我街道", 0.62, 3, 0.9),
    Kind("department", "department", 28, "我局", 0.45, 7, 1.1),
    Kind("institution", "public_institution", 4, "我单位", 0.85, 1, 0.6),
    Kind("county", "government", 11, "我县", 0.02, 60, 1.0),
    Kind("city", "government", 5, "我市", 0.0, 600, 0.9),
    Kind("province", "government", 2, "我省", 0.0, 6000, 0.8),
)
_WEIGHTS = [kind.weight for kind in KINDS]


@dataclass(frozen=True, slots=True)
class Body:
    """An invented body: its name, the place above it, and what kind it is."""

    name: str
    county: str
    kind: Kind


def _place(rng: Random) -> str:
    return rng.choice(FIRST) + rng.choice(SECOND)


def draw_body(rng: Random) -> Body:
    """Draw a body: most are townships and county offices, few are cities or provinces."""
    kind = rng.choices(KINDS, _WEIGHTS)[0]
    county = _place(rng) + rng.choice(("县", "县", "区", "市"))
    names = {
        "township": lambda: _place(rng) + rng.choice(("镇", "镇", "乡")) + rng.choice(("人民政府", "")),
        "subdistrict": lambda: _place(rng) + rng.choice(("街道办事处", "街道")),
        "department": lambda: county + rng.choice(OFFICES),
        "institution": lambda: county + rng.choice(INSTITUTIONS),
        "county": lambda: county + rng.choice(("人民政府", "人民政府办公室")),
        "city": lambda: _place(rng) + "市人民政府",
        "province": lambda: _place(rng) + "省人民政府",
    }
    return Body(names[kind.name](), county, kind)


def title_of(rng: Random, body: Body, year: int) -> str:
    """A report title in one of the orders that bodies use."""
    return rng.choice(
        (
            f"{body.name}{year}年政府信息公开工作年度报告",
            f"{body.name}{year}年度政府信息公开工作年度报告",
            f"{body.name}政府信息公开工作{year}年度报告",
            f"{year}年{body.name}政府信息公开工作年度报告",
            f"{body.name}\n{year}年政府信息公开工作年度报告",
        )
    )
