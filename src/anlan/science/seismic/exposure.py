"""Who and what may be hit: people and floor areas by place, as arrays."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Households:
    """Floor area of one household and persons in it: what turns lost floor into homeless people (our own default)."""

    area_m2: float = 120.0
    persons: float = 3.2


@dataclass(frozen=True)
class Exposure:
    """*n* places (cells, villages): columns of shape (n,), floor areas of shape (n, classes).

    ``county`` is an index into ``counties`` (division codes). ``classes`` names the columns of
    ``floor_area_m2``; ``price_yuan_m2`` is one price each. ``density_per_km2`` is that of the neighbourhood.
    ``source`` says where the figures come from and goes into the manifest.
    """

    lon: Floats
    lat: Floats
    county: NDArray[np.int64]
    counties: tuple[str, ...]
    population: Floats
    density_per_km2: Floats
    classes: tuple[str, ...]
    floor_area_m2: Floats
    price_yuan_m2: Floats
    source: str
    vs30_m_s: Floats | None = None
    households: Households = field(default_factory=Households)

    def __len__(self) -> int:
        return len(self.lon)

    def digest(self) -> str:
        """SHA-256 of every figure that can decide a result."""
        columns = [self.lon, self.lat, self.county, self.population, self.density_per_km2, self.floor_area_m2]
        columns += [self.price_yuan_m2, *([] if self.vs30_m_s is None else [self.vs30_m_s])]
        said = hashlib.sha256(repr((self.counties, self.classes, self.households)).encode())
        for column in columns:
            said.update(np.ascontiguousarray(column).data)
        return said.hexdigest()

    def check(self) -> None:
        """Raises `Invalid` for columns that do not fit together, negative or missing figures."""
        n = len(self.lon)
        columns = {"lat": self.lat, "county": self.county, "population": self.population}
        columns |= {"density_per_km2": self.density_per_km2, "floor_area_m2": self.floor_area_m2}
        if self.vs30_m_s is not None:
            columns["vs30_m_s"] = self.vs30_m_s
        odd = [name for name, column in columns.items() if len(column) != n]
        if odd or self.floor_area_m2.shape != (n, len(self.classes)):
            raise _invalid("各列长度不一致", "columns differ in length", odd)
        if self.price_yuan_m2.shape != (len(self.classes),):
            raise _invalid("单价与结构类型数不符", "there must be one price per class", ["price_yuan_m2"])
        if not np.issubdtype(np.asarray(self.county).dtype, np.integer):
            raise _invalid("县区序号须为整数", "county indices must be whole numbers", ["county"])
        if n and (self.county.min() < 0 or self.county.max() >= len(self.counties)):
            raise _invalid("县区序号越界", "a county index is out of range", ["county"])
        if n and (np.abs(self.lat).max() > 90 or np.abs(self.lon).max() > 180):
            raise _invalid(
                "经纬度越界或写反", "longitude or latitude is out of range, or they are swapped", ["lat"]
            )
        figures = (
            self.lon,
            self.lat,
            self.population,
            self.density_per_km2,
            self.floor_area_m2,
            self.price_yuan_m2,
        )
        if not all(np.isfinite(column).all() for column in figures):
            raise _invalid("存在缺失值", "there are missing values", [])
        if any(column.size and column.min() < 0 for column in figures[2:]):
            raise _invalid("人口、面积与单价不能为负", "people, areas and prices cannot be negative", [])


def _invalid(zh: str, en: str, columns: list[str]) -> Invalid:
    return Invalid(
        Text(f"暴露数据有误：{zh}", f"The exposure is not valid: {en}"), facts={"columns": columns}
    )
