"""How far a surface fire can throw a firebrand that still lights: Albini's maximum spotting distance."""

from dataclasses import dataclass
from math import log, sqrt

from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.guard import within
from anlan.science.registry import model
from anlan.science.wildfire.bed import FT_M
from anlan.science.wildfire.physics import MPH_M_S
from anlan.science.wildfire.wind import TEN_METRES_OVER_TWENTY_FEET

_MILE_M = 1609.344
_BTU_FT_S_KW_M = 1.055_056 / FT_M
CARD = ModelCard(
    id="wildfire.spotting",
    version="1",
    title=Text("飞火最大距离", "Maximum spotting distance"),
    purpose=Text(
        "地表火在风中抛出火星、引起新火点的最大距离",
        "how far downwind a surface fire may light new fires by firebrands",
    ),
    applicability=Text(
        "平坦地形、连续地表火；不给出飞火概率与数量",
        "flat ground, a running surface fire; neither the chance nor the number of spot fires",
    ),
    inputs=(
        Quantity("intensity_kw_m", "kW/m", Text("火线强度", "fireline intensity"), 50.0, 10_000.0),
        Quantity("wind_10m_m_s", "m/s", Text("10 米风速", "wind at 10 m"), 1.0, 25.0),
        Quantity(
            "cover_height_m", "m", Text("下风向植被高度", "height of the vegetation downwind"), 0.0, 40.0
        ),
    ),
    references=(
        "Albini 1979, INT-56",
        "Albini 1983, INT-309 (wind-driven surface fires)",
        "Chase 1984, INT-RN-346 (simplified form)",
        "Morris 1987, spotting distances from wind-driven surface fires",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    outputs=(Quantity("distance_m", "m", Text("最大距离", "maximum distance"), 0.0),),
    caveats=(
        Caveat(
            "wildfire.spotting_surface_only",
            Text(
                "仅计地表火抛出的火星；树冠火的飞火可达数公里",
                "brands of surface fires only: crown fires throw theirs for kilometres",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Spotting:
    """Greatest height of a firebrand, and how far from the front it comes down alight."""

    firebrand_height_m: float
    distance_m: float
    manifest: Manifest


@model(CARD)
def spotting(intensity_kw_m: float, wind_10m_m_s: float, cover_height_m: float = 0.0) -> Spotting:
    """The maximum spotting distance over flat ground, 0 without wind or heat. Raises `Invalid`.

    *cover_height_m* is the height of the vegetation downwind. The brand rises to z = 1.055·√(f·I) ft with
    f = 322·(0.474·U)^−1.01 (U in mi/h at 20 ft, I in Btu/ft/s), drifts 2.78e-4·U·z^0.643 mi while it rises and comes
    down through a logarithmic wind over the cover.
    """
    intensity = float(within(intensity_kw_m, 0.0, 200_000.0, Text("火线强度", "fireline intensity"), "kW/m"))
    wind = float(within(wind_10m_m_s, 0.0, 60.0, Text("10 米风速", "wind at 10 m"), "m/s"))
    cover = float(within(cover_height_m, 0.0, 120.0, Text("植被高度", "height of the vegetation"), "m"))
    inputs = {"intensity_kw_m": intensity, "wind_10m_m_s": wind, "cover_height_m": cover}
    manifest = manifest_of(CARD, inputs)
    if intensity == 0.0 or wind == 0.0:
        return Spotting(0.0, 0.0, manifest)
    speed = wind / TEN_METRES_OVER_TWENTY_FEET / MPH_M_S
    height = 1.055 * sqrt(322.0 * (0.474 * speed) ** -1.01 * intensity / _BTU_FT_S_KW_M)
    # below this cover the logarithmic profile would carry a brand without end
    rough = max(cover / FT_M, 2.2 * height**0.337 - 4.0)
    drift = 2.78e-4 * speed * height**0.643
    fall = 0.0
    if rough > 0.0:
        ratio = height / rough
        fall = 7.18e-4 * speed * sqrt(rough) * (0.362 + sqrt(ratio) / 2.0 * log(ratio))
    return Spotting(height * FT_M, max(fall, 0.0) * _MILE_M + drift * _MILE_M, manifest)
