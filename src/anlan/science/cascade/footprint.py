"""What an event does where: its intensity at targets, with the scatter they share and that of each, and its area."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Field, Grid
from anlan.kernel.text import LabelledEnum, Text


class Measure(LabelledEnum):
    """In what an intensity is given; the value ends in its unit."""

    PGA = "pga_g", "峰值地面加速度", "peak ground acceleration"
    OVERPRESSURE = "overpressure_kpa", "超压", "overpressure"
    RADIATION = "radiation_kw_m2", "热辐射强度", "radiation"
    WIND = "wind_m_s", "风速", "wind speed"
    RAIN = "rain_mm", "降雨量", "rain"
    DEPTH = "depth_m", "水深", "depth of water"
    FIRE_WEATHER = "fire_index", "森林火险天气指数", "fire weather index"

    @property
    def unit(self) -> str:
        return _UNITS[self]


_UNITS = {
    Measure.PGA: "g",
    Measure.OVERPRESSURE: "kPa",
    Measure.RADIATION: "kW/m²",
    Measure.WIND: "m/s",
    Measure.RAIN: "mm",
    Measure.DEPTH: "m",
    Measure.FIRE_WEATHER: "",
}


@dataclass(frozen=True)
class Footprint:
    """Median intensity at each target, by the target's id.

    One realisation is m · exp(τ z + φ w): *between_ln* (τ) multiplies a normal z that all targets share, so that
    they fail together more often than chance would have it; *within_ln* (φ) one of each edge's own.
    """

    measure: Measure
    at: Mapping[str, float]
    between_ln: float = 0.0
    within_ln: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure.value,
            "at": dict(self.at),
            "between_ln": self.between_ln,
            "within_ln": self.within_ln,
        }


@dataclass(frozen=True)
class Area:
    """The cells that an event covers once it happens; *mask* is (rows, columns), true inside."""

    grid: Grid
    mask: NDArray[np.bool_] = field(repr=False)

    def __post_init__(self) -> None:
        if self.mask.shape != self.grid.shape or self.mask.dtype != np.bool_:
            raise Invalid(
                Text("影响范围与格网不一致", "The area does not fit its grid"),
                facts={"area": list(self.mask.shape), "grid": list(self.grid.shape)},
            )

    @classmethod
    def of_field(cls, values: Field, level: float) -> "Area":
        """Where a field of one time reaches *level*; "no value" lies outside.

        >>> from anlan.kernel.fields import Grid
        >>> grid = Grid(1, 2, 10.0, 0.0, 10.0, "local:106,38")
        >>> Area.of_field(Field("depth", "m", Text("", ""), grid, np.array([[0.2, 0.6]])), 0.3).area_m2
        100.0
        """
        return cls(values.grid, np.nan_to_num(np.asarray(values.values), nan=-np.inf) >= level)

    @classmethod
    def of_disc(cls, grid: Grid, x_m: float, y_m: float, radius_m: float) -> "Area":
        """The cells whose centres lie within *radius_m* of a place."""
        x, y = np.meshgrid(grid.x_m - x_m, grid.y_m - y_m)
        return cls(grid, np.hypot(x, y) <= radius_m)

    @property
    def area_m2(self) -> float:
        return float(self.mask.sum()) * self.grid.cell_area_m2

    def as_json(self) -> dict[str, Any]:
        grid = self.grid
        return {
            "grid": [grid.rows, grid.columns, grid.cell_m, grid.west, grid.north, grid.crs],
            "sha256": hashlib.sha256(np.packbits(self.mask).tobytes()).hexdigest(),
        }
