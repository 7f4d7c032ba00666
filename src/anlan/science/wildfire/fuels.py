"""Fuel models: the 13 of Anderson 1982 and the 40 of Scott and Burgan 2005, and the water in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.guard import within
from anlan.science.packaged import PackagedTable, packaged_table

Floats = NDArray[np.float64]
CLASSES = ("dead_1h", "dead_10h", "dead_100h", "dead_herb", "live_herb", "live_woody")
"""Size classes in the order of every array over classes; ``dead_herb`` is herb that has cured."""
#: surface to volume ratio of the 10 h and 100 h classes, 1/ft (Rothermel 1972; RMRS-GTR-153)
_SAV_10H, _SAV_100H = 109.0, 30.0
_TON_ACRE_LB_FT2 = 2000.0 / 43_560.0


@dataclass(frozen=True)
class Moisture:
    """Water in the fuels as a share of their dry mass: 0.06 is 6 %. Raises `Invalid`.

    Dead fuels by their time lag (1 h, 10 h, 100 h), live ones by kind. Herb of a dynamic model cures between
    1.2 (all green) and 0.3 (all cured).
    """

    dead_1h: float
    dead_10h: float
    dead_100h: float
    live_herb: float = 1.0
    live_woody: float = 1.0

    def __post_init__(self) -> None:
        for name, label in _WATER.items():
            within(getattr(self, name), 0.01, 2.0 if name.startswith("dead") else 4.0, label)

    def shifted(self, dead: float) -> "Moisture":
        """With *dead* added to each of the dead fuels, held within what is allowed."""
        values = {name: getattr(self, name) for name in _WATER}
        for name in ("dead_1h", "dead_10h", "dead_100h"):
            values[name] = float(np.clip(values[name] + dead, 0.01, 2.0))
        return Moisture(**values)


_WATER: Mapping[str, Text] = {
    "dead_1h": Text(
        "1 小时死可燃物含水率（比值，6% 写作 0.06）", "moisture of 1 h dead fuel (a share: 6 % is 0.06)"
    ),
    "dead_10h": Text("10 小时死可燃物含水率（比值）", "moisture of 10 h dead fuel (a share)"),
    "dead_100h": Text("100 小时死可燃物含水率（比值）", "moisture of 100 h dead fuel (a share)"),
    "live_herb": Text("活草本含水率（比值）", "moisture of live herbs (a share)"),
    "live_woody": Text("活灌木含水率（比值）", "moisture of live woody fuel (a share)"),
}


@dataclass(frozen=True)
class FuelModel:
    """One row of the table, in the units in which it was published.

    ``load_lb_ft2`` and ``sav_1_ft`` go by `CLASSES`; the herb is all live here.
    """

    number: int
    code: str
    label: Text
    set: str
    dynamic: bool
    depth_ft: float
    extinction: float
    heat_btu_lb: float
    load_lb_ft2: tuple[float, ...]
    sav_1_ft: tuple[float, ...]
    source: str
    certainty: Certainty

    @property
    def burns(self) -> bool:
        return self.depth_ft > 0


def fuel_table() -> PackagedTable:
    """The packaged table, with its version."""
    return packaged_table("anlan.science.wildfire", "fuel_models")


@cache
def fuel_models() -> Mapping[int, FuelModel]:
    """Every fuel model by its number: 1–13, 91–99 (nothing burns), 101–204.

    >>> fuel_models()[102].code
    'GR2'
    """
    return {int(row["number"]): _model(row) for row in fuel_table().rows}


def fuel_model(name: int | str) -> FuelModel:
    """By number or code. Raises `Invalid`.

    >>> fuel_model("TL8").number
    188
    """
    for one in fuel_models().values():
        if name in (one.number, one.code):
            return one
    raise Invalid(Text(f"没有可燃物模型 {name}", f"There is no fuel model {name}"), facts={"fuel": str(name)})


def cured_share(moisture: ArrayLike) -> Floats:
    """Share of the herb that counts as dead (Scott and Burgan 2005): linear from 1.2 (none) to 0.3 (all).

    >>> cured_share([1.3, 0.75, 0.2]).round(9).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.clip((1.2 - np.asarray(moisture, np.float64)) / 0.9, 0.0, 1.0)


def codes_in(numbers: NDArray[np.integer]) -> NDArray[np.int64]:
    """The numbers that a raster holds, rising; by counting, which is twenty times as fast as sorting."""
    if numbers.min() < 0 or numbers.max() > 65_535:
        return np.unique(numbers).astype(np.int64)
    return np.flatnonzero(np.bincount(np.ravel(numbers))).astype(np.int64)


def _model(row: Mapping[str, str]) -> FuelModel:
    loads = [
        float(row[f"{name}_ton_acre"]) * _TON_ACRE_LB_FT2 for name in ("dead_1h", "dead_10h", "dead_100h")
    ]
    herb, woody = (float(row[f"{name}_ton_acre"]) * _TON_ACRE_LB_FT2 for name in ("herb", "woody"))
    fine, herb_sav, woody_sav = (float(row[f"{name}_sav_1_ft"]) for name in ("dead_1h", "herb", "woody"))
    return FuelModel(
        int(row["number"]),
        row["code"],
        Text(row["label_zh"], row["label_en"]),
        row["set"],
        row["dynamic"] == "1",
        float(row["depth_ft"]),
        float(row["extinction_percent"]) / 100,
        float(row["heat_btu_lb"]),
        (*loads, 0.0, herb, woody),
        (fine, _SAV_10H, _SAV_100H, herb_sav, herb_sav, woody_sav),
        row["source"],
        Certainty(row["certainty"]),
    )
