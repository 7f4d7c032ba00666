"""The surface fire of Rothermel 1972 at one place: wind, slope and fuel in, the head out."""

from dataclasses import dataclass

import numpy as np

from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import within
from anlan.science.registry import model
from anlan.science.wildfire.bed import FT_M, fuel_beds
from anlan.science.wildfire.ellipse import Shape, eccentricity, length_to_width
from anlan.science.wildfire.fuels import Moisture, fuel_model, fuel_table
from anlan.science.wildfire.intensity import flame_length_m
from anlan.science.wildfire.physics import steered
from anlan.science.wildfire.wind import TEN_METRES_OVER_TWENTY_FEET, wind_adjustment

STEEPEST = 1.7321  # tan 60°


class WindLimit(LabelledEnum):
    """Whether the effective wind is held at 0.9·I_R (ft/min, Btu/ft²/min)."""

    NONE = "none", "不设上限（Andrews 2013）", "no limit (Andrews et al. 2013)"
    ROTHERMEL = "rothermel_1972", "Rothermel 1972 上限", "limit of Rothermel 1972"


CARD = ModelCard(
    id="wildfire.rothermel",
    version="1",
    title=Text("Rothermel 地表火蔓延", "Rothermel surface fire spread"),
    purpose=Text(
        "由可燃物模型、含水率、风与坡度给出火头速度、火线强度与火焰长度",
        "rate, intensity and flame length of the head from fuel model, moisture, wind and slope",
    ),
    applicability=Text(
        "连续细小可燃物中的准稳态地表火；不含树冠火、飞火与地下火",
        "steady surface fires in even fine fuel; neither crown fire, spotting nor smouldering",
    ),
    inputs=(
        Quantity("wind_10m_m_s", "m/s", Text("10 米风速", "wind at 10 m"), 0.0, 25.0),
        Quantity("dead_1h", "", Text("1 小时死可燃物含水率", "moisture of 1 h dead fuel"), 0.02, 0.4),
        Quantity("slope", "", Text("坡度（正切）", "slope (tangent)"), 0.0, 1.0),
    ),
    references=(
        "Rothermel 1972, INT-115",
        "Albini 1976, INT-30",
        "Anderson 1982, INT-122",
        "Scott and Burgan 2005, RMRS-GTR-153",
        "Andrews 2018, RMRS-GTR-371",
        "Andrews et al. 2013, Int. J. Wildland Fire 22 (wind limit)",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    outputs=(
        Quantity("rate_m_s", "m/s", Text("火头速度", "rate of the head"), 0.0),
        Quantity("intensity_kw_m", "kW/m", Text("火线强度", "fireline intensity"), 0.0),
        Quantity("flame_m", "m", Text("火焰长度", "flame length"), 0.0),
    ),
    caveats=(
        Caveat(
            "wildfire.fuel_models_foreign",
            Text(
                "可燃物模型出自美国，本地植被的对应关系须核实",
                "the fuel models are American: how local vegetation maps to them must be confirmed",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class SurfaceFire:
    """The head of a surface fire; ``toward_deg`` clockwise from north, ``rate_m_s`` along the slope."""

    rate_m_s: float
    toward_deg: float
    intensity_kw_m: float
    flame_m: float
    reaction_kw_m2: float
    effective_wind_m_s: float
    length_over_width: float
    wind_limited: bool
    manifest: Manifest

    @property
    def back_m_s(self) -> float:
        """Rate of the back."""
        e = float(eccentricity(self.length_over_width))
        return self.rate_m_s * (1 - e) / (1 + e)


@model(CARD)
def surface_fire(
    fuel: int | str,
    moisture: Moisture,
    wind_10m_m_s: float = 0.0,
    wind_from_deg: float = 0.0,
    slope: float = 0.0,
    aspect_deg: float = 0.0,
    *,
    midflame_m_s: float | None = None,
    limit: WindLimit = WindLimit.NONE,
    shape: Shape = Shape.ANDERSON,
) -> SurfaceFire:
    """The head at one place in the open; *slope* is a tangent, *aspect_deg* the way it faces.

    *midflame_m_s* stands for the wind at flame height where that is known; otherwise the wind at 10 m is brought down
    (1/1.15 to 20 ft, then `wind_adjustment`). Raises `Invalid`.
    """
    chosen = fuel_model(fuel)
    within(wind_10m_m_s, 0.0, 100.0, Text("10 米风速", "wind at 10 m"), "m/s")
    within(slope, 0.0, STEEPEST, Text("坡度（正切）", "slope (tangent)"))
    turns = (
        np.radians(within([wind_from_deg, aspect_deg], -360.0, 360.0, Text("方位角", "azimuth"), "°")) + np.pi
    )
    if midflame_m_s is None:
        adjustment = float(wind_adjustment(chosen.depth_ft * FT_M))
        midflame_m_s = wind_10m_m_s / TEN_METRES_OVER_TWENTY_FEET * adjustment
    within(midflame_m_s, 0.0, 100.0, Text("火焰中部风速", "midflame wind"), "m/s")
    bed = fuel_beds([chosen], moisture)
    calm, factor, power, slope_factor, reaction, heat, most = (
        float(getattr(bed, name)[0]) for name in bed.__dataclass_fields__
    )
    inputs = {
        "fuel": chosen.code, "dead_1h": moisture.dead_1h, "wind_10m_m_s": wind_10m_m_s, "midflame_m_s": midflame_m_s,
        "wind_from_deg": wind_from_deg, "slope": slope, "aspect_deg": aspect_deg, "limit": limit.value,
        "shape": shape.value,
    }  # fmt: skip
    manifest = manifest_of(CARD, inputs, tables={"fuel_models": fuel_table().version})
    if calm <= 0:
        return SurfaceFire(0.0, 0.0, 0.0, 0.0, reaction, 0.0, 1.0, False, manifest)
    (wind_e, rise_e), (wind_n, rise_n) = (
        np.sin(turns) * (midflame_m_s, slope),
        np.cos(turns) * (midflame_m_s, slope),
    )
    capped = most if limit is WindLimit.ROTHERMEL else np.inf
    rate, effective, east, north = steered(
        calm, factor, power, slope_factor, capped, wind_e, wind_n, rise_e, rise_n
    )
    intensity = heat * rate
    return SurfaceFire(
        rate,
        float(np.degrees(np.arctan2(east, north)) % 360),
        intensity,
        float(flame_length_m(intensity)),
        reaction,
        effective,
        float(length_to_width(effective, shape)),
        effective > most * (1 - 1e-12),
        manifest,
    )
