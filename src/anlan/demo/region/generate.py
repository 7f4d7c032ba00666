"""Enterprises, units, stock and sites of the generated region: a pure function of the seed."""

from dataclasses import dataclass

import numpy as np

from anlan.demo.region.parks import PARKS, Park
from anlan.demo.region.stock import STOCKS, Stock
from anlan.domains.monitoring.enterprises.credit_code import check_digit
from anlan.domains.monitoring.hazards.contracts import HoldingSpec, SiteSpec
from anlan.domains.monitoring.hazards.states import SiteKind

VERSION = "2"
SEED = 640000
_KM_PER_DEGREE = 111.2
_SURNAMES = "赵钱孙李周吴郑王冯陈马杨张刘黄丁金白"
_GIVEN = "建国伟明志强丽芳秀英国庆海涛晓东文斌"
_FIRST = ("安", "泰", "恒", "瑞", "宏", "昌", "盛", "金", "华", "源", "鑫", "诚", "永", "正", "天", "和")
_SECOND = ("禾", "达", "远", "通", "辉", "腾", "隆", "丰", "润", "宁", "河", "岭", "川", "原", "峰", "泽")
_TRADES = ("化工", "新材料", "煤化", "精细化工", "气体", "化肥", "电石", "生物科技")


@dataclass(frozen=True)
class NewUnit:
    """A unit with what it holds, where it stands, and how many live within 500 m."""

    code: str
    stock: Stock
    lon: float
    lat: float
    exposed_persons: int
    responsible: tuple[str, str, str]
    holdings: tuple[HoldingSpec, ...]


@dataclass(frozen=True)
class NewEnterprise:
    """An invented enterprise."""

    code: str
    name: str
    short_name: str
    park: Park
    units: tuple[NewUnit, ...]


def source_of(seed: int) -> str:
    """What every generated record says of itself."""
    return f"合成数据：种子 {seed}，生成器 v{VERSION}"


def enterprises(seed: int = SEED) -> list[NewEnterprise]:
    """The region's 148 enterprises, the same for the same seed."""
    chance = np.random.default_rng(seed)
    names = _names(chance, sum(park.enterprises for park in PARKS))
    made = []
    serial = 0
    for park in PARKS:
        for _ in range(park.enterprises):
            made.append(_enterprise(chance, park, serial, names[serial]))
            serial += 1
    return made


def sites(seed: int = SEED) -> list[SiteSpec]:
    """Villages, schools and hospitals around each park, a team and a depot in each: invented, and marked so."""
    chance = np.random.default_rng(seed + 1)
    made = []
    for index, park in enumerate(PARKS):
        for kind, count, near_km, far_km, persons in _AROUND:
            for number in range(1, count + 1):
                lon, lat = _place(chance, park, near_km, far_km)
                people = int(chance.integers(*persons)) if persons else None
                made.append(
                    SiteSpec(
                        code=f"SYN-{index + 1}-{kind.value}-{number}",
                        name=f"{park.name}周边{kind.label.zh.partition('（')[0]}{number}（合成）",
                        kind=kind,
                        lon=lon,
                        lat=lat,
                        region=park.region,
                        persons=people,
                        source=source_of(seed),
                        synthetic=True,
                    )
                )
    return made


_AROUND = (
    (SiteKind.VILLAGE, 8, 1.0, 9.0, (120, 1800)),
    (SiteKind.SCHOOL, 3, 1.5, 8.0, (80, 1200)),
    (SiteKind.HOSPITAL, 1, 2.0, 7.0, (60, 400)),
    (SiteKind.TEAM, 1, 0.5, 4.0, (18, 60)),
    (SiteKind.DEPOT, 1, 1.0, 6.0, None),
    (SiteKind.SHELTER, 2, 2.0, 9.0, (300, 3000)),
)


def _enterprise(chance: np.random.Generator, park: Park, serial: int, name: str) -> NewEnterprise:
    body = f"91{park.region}MA{serial + 1:07d}"
    lon, lat = _place(chance, park, 0.0, park.spread_km)
    count = 1 + int(chance.random() < 0.35)
    chosen = chance.choice(len(STOCKS), size=count, replace=False, p=[stock.share for stock in STOCKS])
    units = tuple(
        _unit(chance, number, STOCKS[index], lon, lat) for number, index in enumerate(chosen, start=1)
    )
    return NewEnterprise(body + check_digit(body), f"{name}有限公司（合成）", name, park, units)


def _unit(chance: np.random.Generator, number: int, stock: Stock, lon: float, lat: float) -> NewUnit:
    total = float(np.exp(chance.uniform(np.log(stock.least_t), np.log(stock.most_t))))
    tanks = int(chance.integers(1, 4))
    each = round(total / tanks, 1)
    holdings = tuple(
        HoldingSpec(
            equipment=f"{stock.equipment} {tank}",
            substance=stock.substance,
            design_max_t=each,
            stock_t=round(each * float(chance.uniform(0.2, 0.85)), 1),
            cas=stock.cas,
            row=stock.row,
            hazard_class=stock.hazard_class,
        )
        for tank in range(1, tanks + 1)
    )
    people = (_person(chance), _person(chance), _person(chance))
    exposed = int(chance.choice([0, 12, 35, 60, 150], p=[0.3, 0.3, 0.2, 0.12, 0.08]))
    offset = 0.0025 * number
    return NewUnit(f"H-{number}", stock, lon + offset, lat + offset / 2, exposed, people, holdings)


def _place(chance: np.random.Generator, park: Park, near_km: float, far_km: float) -> tuple[float, float]:
    """A place in a ring about the park's centre, evenly over its area."""
    radius = float(np.sqrt(chance.uniform(near_km**2, far_km**2)))
    angle = float(chance.uniform(0, 2 * np.pi))
    squeeze = float(np.cos(np.radians(park.lat)))
    lon = park.lon + radius * np.sin(angle) / (_KM_PER_DEGREE * squeeze)
    lat = park.lat + radius * np.cos(angle) / _KM_PER_DEGREE
    return round(float(lon), 6), round(float(lat), 6)


def _names(chance: np.random.Generator, count: int) -> list[str]:
    every = [first + second + trade for first in _FIRST for second in _SECOND for trade in _TRADES]
    return [str(name) for name in chance.choice(every, size=count, replace=False)]


def _person(chance: np.random.Generator) -> str:
    return str(chance.choice(list(_SURNAMES))) + "".join(
        str(sign) for sign in chance.choice(list(_GIVEN), size=2)
    )
