"""Whether a surface fire takes to the crowns, and how an active crown fire runs: Van Wagner 1977 and Rothermel 1991."""

from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.guard import within
from anlan.science.registry import model
from anlan.science.wildfire.bed import FT_M
from anlan.science.wildfire.fuels import Moisture, fuel_model, fuel_table
from anlan.science.wildfire.intensity import HEAT_KJ_KG
from anlan.science.wildfire.rothermel import surface_fire
from anlan.science.wildfire.wind import TEN_METRES_OVER_TWENTY_FEET, wind_adjustment

#: rate of an active crown fire over that of fuel model 10 at 0.4 of the wind at 20 ft (Rothermel 1991)
_CROWN_RATIO, _CROWN_WIND = 3.34, 0.4
#: least flow of fuel into an active crown fire, kg/m²/min (Van Wagner 1977, eq. 9)
_LEAST_FLOW = 3.0


class CrownState(LabelledEnum):
    """What the crowns do."""

    SURFACE = "surface", "地表火", "Surface fire"
    PASSIVE = "passive", "间歇性树冠火（单株燃冠）", "Passive crown fire (torching)"
    CONDITIONAL = "conditional", "条件性树冠火", "Conditional crown fire"
    ACTIVE = "active", "连续树冠火", "Active crown fire"


@dataclass(frozen=True)
class Canopy:
    """A stand: height of its top and of the base of its crowns (m), bulk density (kg/m³), cover (0–1), foliar moisture.

    Raises `Invalid`.
    """

    height_m: float
    base_m: float
    bulk_density_kg_m3: float
    cover: float = 0.5
    foliar_moisture: float = 1.0

    def __post_init__(self) -> None:
        within(self.height_m, 0.5, 120.0, Text("林冠高度", "height of the canopy"), "m")
        within(self.base_m, 0.0, 100.0, Text("枝下高", "base of the crowns"), "m")
        within(self.bulk_density_kg_m3, 0.001, 2.0, Text("林冠容重", "bulk density of the canopy"), "kg/m³")
        within(self.cover, 0.0, 1.0, Text("郁闭度", "canopy cover"))
        within(self.foliar_moisture, 0.3, 4.0, Text("叶片含水率（比值）", "foliar moisture (a share)"))
        if self.base_m >= self.height_m:
            raise Invalid(Text("枝下高必须低于林冠高度", "The base of the crowns must lie below their top"))

    @property
    def load_kg_m2(self) -> float:
        return self.bulk_density_kg_m3 * (self.height_m - self.base_m)


CARD = ModelCard(
    id="wildfire.crown",
    version="1",
    title=Text("树冠火判别与蔓延", "Crown fire: whether and how fast"),
    purpose=Text(
        "判断地表火能否引燃树冠，以及连续树冠火的蔓延速度与强度",
        "whether a surface fire takes to the crowns, and rate and intensity of an active crown fire",
    ),
    applicability=Text(
        "针叶林；平均速度，不含坡度，低估大风下的极端蔓延",
        "conifer stands; mean rates without slope, too low for extreme runs in strong wind",
    ),
    inputs=(
        Quantity("wind_10m_m_s", "m/s", Text("10 米风速", "wind at 10 m"), 0.0, 20.0),
        Quantity("base_m", "m", Text("枝下高", "base of the crowns"), 0.1, 30.0),
        Quantity("bulk_density_kg_m3", "kg/m³", Text("林冠容重", "bulk density"), 0.02, 0.5),
        Quantity("foliar_moisture", "", Text("叶片含水率", "foliar moisture"), 0.7, 1.5),
    ),
    references=(
        "Van Wagner 1977, Can. J. For. Res. 7, eq. 4 and 9",
        "Rothermel 1991, INT-438",
        "Scott and Reinhardt 2001, RMRS-RP-29 (conditional crown fire)",
        "Thomas 1963 (flame length of crown fires)",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    caveats=(
        Caveat(
            "wildfire.crown_underpredicts",
            Text(
                "该方法系统性低估树冠火（Cruz 与 Alexander 2010），不得用于判定安全",
                "the method under-predicts crown fire (Cruz and Alexander 2010): never take it as a sign of safety",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class CrownFire:
    """Surface and crown beside each other; ``rate_m_s`` is that of the *state* (active crowns run by themselves).

    ``transition`` and ``activity`` are the surface intensity and the crown's rate over their critical values.
    """

    state: CrownState
    rate_m_s: float
    surface_intensity_kw_m: float
    critical_intensity_kw_m: float
    transition: float
    active_rate_m_s: float
    active_intensity_kw_m: float
    active_flame_m: float
    activity: float
    manifest: Manifest


def critical_intensity_kw_m(base_m: float, foliar_moisture: float) -> float:
    """Surface intensity that lights the crowns (Van Wagner 1977, eq. 4): (0.01·z·(460 + 25.9·M%))^1.5.

    >>> round(critical_intensity_kw_m(6.0, 1.0), 1)
    2475.6
    """
    return float((0.010 * base_m * (460.0 + 2590.0 * foliar_moisture)) ** 1.5)


def critical_rate_m_s(bulk_density_kg_m3: float) -> float:
    """Least rate of an active crown fire (Van Wagner 1977, eq. 9): 3.0 kg/m²/min over the bulk density."""
    return _LEAST_FLOW / bulk_density_kg_m3 / 60.0


def active_rate_m_s(moisture: Moisture, wind_10m_m_s: float) -> float:
    """Rate of an active crown fire on flat ground (Rothermel 1991): 3.34 times that of fuel model 10."""
    midflame = _CROWN_WIND * wind_10m_m_s / TEN_METRES_OVER_TWENTY_FEET
    return _CROWN_RATIO * surface_fire(10, moisture, midflame_m_s=midflame).rate_m_s


@model(CARD)
def crown_fire(
    fuel: int | str,
    moisture: Moisture,
    canopy: Canopy,
    wind_10m_m_s: float,
    wind_from_deg: float = 0.0,
    slope: float = 0.0,
    aspect_deg: float = 0.0,
) -> CrownFire:
    """A fire in *fuel* under *canopy*; arguments as in `surface_fire`. Raises `Invalid`."""
    depth = fuel_model(fuel).depth_ft * FT_M
    share = (canopy.height_m - canopy.base_m) / canopy.height_m
    sheltered = float(wind_adjustment(depth, canopy.cover, canopy.height_m, share))
    within(wind_10m_m_s, 0.0, 100.0, Text("10 米风速", "wind at 10 m"), "m/s")
    midflame = wind_10m_m_s / TEN_METRES_OVER_TWENTY_FEET * sheltered
    surface = surface_fire(
        fuel, moisture, wind_10m_m_s, wind_from_deg, slope, aspect_deg, midflame_m_s=midflame
    )
    critical = critical_intensity_kw_m(max(canopy.base_m, 0.1), canopy.foliar_moisture)
    active = active_rate_m_s(moisture, wind_10m_m_s)
    heat = canopy.load_kg_m2 * HEAT_KJ_KG
    if surface.rate_m_s > 0:
        heat += surface.intensity_kw_m / surface.rate_m_s
    transition = surface.intensity_kw_m / critical
    activity = active / critical_rate_m_s(canopy.bulk_density_kg_m3)
    lit, runs = transition >= 1, activity >= 1
    state = (CrownState.ACTIVE if runs else CrownState.PASSIVE) if lit else (
        CrownState.CONDITIONAL if runs else CrownState.SURFACE
    )  # fmt: skip
    inputs = {
        "fuel": fuel_model(fuel).code, "dead_1h": moisture.dead_1h, "wind_10m_m_s": wind_10m_m_s,
        "wind_from_deg": wind_from_deg, "slope": slope, "aspect_deg": aspect_deg, "height_m": canopy.height_m,
        "base_m": canopy.base_m, "bulk_density_kg_m3": canopy.bulk_density_kg_m3, "cover": canopy.cover,
        "foliar_moisture": canopy.foliar_moisture,
    }  # fmt: skip
    return CrownFire(
        state,
        active if state is CrownState.ACTIVE else surface.rate_m_s,
        surface.intensity_kw_m,
        critical,
        transition,
        active,
        heat * active,
        thomas_flame_m(heat * active),
        activity,
        manifest_of(CARD, inputs, tables={"fuel_models": fuel_table().version}),
    )


def thomas_flame_m(intensity_kw_m: float) -> float:
    """Flame length of a crown fire (Thomas 1963): 0.0266·I^(2/3).

    >>> round(thomas_flame_m(10_000.0), 1)
    12.3
    """
    return float(0.0266 * intensity_kw_m ** (2.0 / 3.0))
