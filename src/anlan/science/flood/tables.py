"""The tables of the flood engine that ship with it: Manning's n by land cover, hazard to people."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty

VERSIONS = {"flood.manning": "1", "flood.hazard": "1"}


@dataclass(frozen=True)
class Roughness:
    """Manning's n (s/m^(1/3)) of a land cover, with the range that is usual."""

    code: int
    label: Text
    manning: float
    low: float
    high: float
    source: str
    certainty: Certainty


@cache
def roughness(scheme: str) -> dict[int, Roughness]:
    """The table of one land-cover scheme: ``worldcover`` (ESA) or ``igbp`` (MODIS), by code."""
    found = {}
    for row in _rows("manning.csv"):
        if row["scheme"] == scheme:
            code = int(row["code"])
            found[code] = Roughness(
                code,
                Text(row["label_zh"], row["label_en"]),
                float(row["manning"]),
                float(row["low"]),
                float(row["high"]),
                row["source"],
                Certainty(row["certainty"]),
            )
    if not found:
        raise Invalid(Text(f"没有名为 {scheme} 的糙率表", f"There is no roughness table called {scheme}"))
    return found


def manning_of(cover: NDArray[np.integer], scheme: str) -> NDArray[np.float64]:
    """Manning's n of each cell of a land-cover raster. Raises `Invalid` for codes that the table lacks."""
    table = roughness(scheme)
    unknown = sorted(set(np.unique(cover).tolist()) - set(table))
    if unknown:
        raise Invalid(
            Text(
                f"糙率表 {scheme} 中没有土地覆盖代码 {unknown}",
                f"The table {scheme} lacks land-cover codes {unknown}",
            ),
            facts={"codes": unknown},
        )
    codes = np.array(sorted(table))
    values = np.array([table[code].manning for code in codes])
    return np.asarray(values[np.searchsorted(codes, cover)], np.float64)


@cache
def hazard_classes() -> tuple[tuple[str, Text, float], ...]:
    """Code, label and least hazard rating of each class, rising."""
    rows = [row for row in _rows("hazard.csv") if row["table"] == "class"]
    return tuple((row["code"], Text(row["label_zh"], row["label_en"]), float(row["low"])) for row in rows)


@cache
def debris_factors() -> tuple[float, float, float]:
    """Debris factor in shallow and in deep water, and the depth (m) that parts them."""
    shallow, deep = (row for row in _rows("hazard.csv") if row["table"] == "debris")
    return float(shallow["value"]), float(deep["value"]), float(deep["low"])


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (files("anlan.science.flood") / "data" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
