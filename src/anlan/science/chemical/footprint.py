"""The one entry for a toxic release: from substance, rate and weather to outlines at AEGL-1, 2, 3."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Caveat, Manifest, ModelCard, manifest_of
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.choice import Density, continuous_criterion, instantaneous_criterion
from anlan.science.chemical.dispersion.engines import Spread, spread_of
from anlan.science.chemical.dispersion.outline import Reach, band, circle, reach_of, to_lonlat
from anlan.science.chemical.dispersion.source_state import SourceState, source_state
from anlan.science.chemical.substances import Endpoint, Substance, substance
from anlan.science.chemical.substances.tables import DURATIONS_VERSION, ENDPOINTS_VERSION
from anlan.science.chemical.weather import Stability, Terrain, Weather
from anlan.science.guard import require

SUDDEN_S = 60.0
_LABELS = {
    1: Text("AEGL-1 不适", "AEGL-1 discomfort"),
    2: Text("AEGL-2 伤害", "AEGL-2 injury"),
    3: Text("AEGL-3 危及生命", "AEGL-3 life-threatening"),
}


@dataclass(frozen=True)
class ToxicRelease:
    """What is known of a toxic release. ``averaging_s`` is that of the concentrations.

    *temperature_k* and *liquid_fraction* describe what leaves the source; by default a substance
    that boils below the air's temperature comes out at its boiling point without droplets.
    ``model``: ``auto`` chooses by the dense-gas criterion; ``gaussian`` and ``dense`` insist.
    """

    cas: str
    rate_kg_s: float
    duration_s: float
    lon: float
    lat: float
    weather: Weather
    height_m: float = 0.0
    averaging_s: float = 600.0
    temperature_k: float | None = None
    liquid_fraction: float = 0.0
    model: str = "auto"

    def __post_init__(self) -> None:
        require(self.rate_kg_s, Text("泄漏速率", "release rate"), high=1e6, unit="kg/s")
        require(self.duration_s, Text("持续时间", "duration"), high=8.64e6, unit="s")
        require(self.height_m, Text("泄漏高度", "release height"), high=2000.0, unit="m", open_low=False)
        require(self.averaging_s, Text("平均时间", "averaging time"), high=86_400.0, unit="s", open_low=False)
        require(self.lon, Text("经度", "longitude"), low=-180.0, high=180.0, unit="°", open_low=False)
        require(self.lat, Text("纬度", "latitude"), low=-85.0, high=85.0, unit="°", open_low=False)
        if self.model not in ("auto", "gaussian", "dense"):
            raise Invalid(
                Text(f"没有名为 {self.model} 的扩散模型", f"There is no dispersion model {self.model}")
            )

    @property
    def mass_kg(self) -> float:
        return self.rate_kg_s * self.duration_s

    @property
    def is_sudden(self) -> bool:
        """Shorter than a minute: dense gas is then handled as a cloud of the whole mass."""
        return self.duration_s < SUDDEN_S


@dataclass(frozen=True)
class Zone:
    """The area above one endpoint: its level in ppm and mg/m³, how far and how wide, and the outline.

    *second_opinion_m* is the distance that another model gives, None where only one was run.
    """

    level: int
    endpoint: Endpoint
    ppm: float
    mg_m3: float
    reach: Reach
    max_half_width_m: float
    contour: Contour
    second_opinion_m: float | None = None

    @property
    def max_distance_m(self) -> float:
        return self.reach.far_m

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "name": self.endpoint.name,
            "minutes": self.endpoint.minutes,
            "ppm": self.ppm,
            "mg_m3": self.mg_m3,
            "source": self.endpoint.source,
            "certainty": self.endpoint.certainty.value,
            "near_m": self.reach.near_m,
            "max_distance_m": self.reach.far_m,
            "beyond_range": self.reach.beyond,
            "max_half_width_m": self.max_half_width_m,
            "second_opinion_m": self.second_opinion_m,
            "polygons": self.contour.polygons,
        }


@dataclass(frozen=True)
class ToxicFootprint:
    """Zones from mild to grave, the card of the model that drew them, and what to hold against it."""

    substance: Substance
    zones: tuple[Zone, ...]
    density: Density
    card: ModelCard
    manifest: Manifest

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        return self.manifest.caveats

    def zone(self, level: int) -> Zone:
        """The zone of one AEGL level. Raises `Invalid` when the substance has no such endpoint."""
        for one in self.zones:
            if one.level == level:
                return one
        self.substance.endpoint("aegl", level)
        raise Invalid(Text(f"没有 AEGL-{level} 区域", f"There is no zone of AEGL-{level}"))

    def as_json(self) -> dict[str, Any]:
        return {
            "cas": self.substance.cas,
            "name": {"zh": self.substance.name.zh, "en": self.substance.name.en},
            "density": asdict(self.density) | {"is_dense": self.density.is_dense},
            "zones": [one.as_json() for one in self.zones],
            "manifest": self.manifest.as_json(),
        }


def toxic_footprint(
    substance_cas: str,
    rate_kg_s: float,
    duration_s: float,
    release_lon: float,
    release_lat: float,
    height_m: float,
    wind_m_s: float,
    wind_from_deg: float,
    stability: Stability | str = Stability.D,
    *,
    terrain: Terrain | str = Terrain.OPEN,
    averaging_s: float = 600.0,
    weather: Weather | None = None,
    temperature_k: float | None = None,
    liquid_fraction: float = 0.0,
    model: str = "auto",
) -> ToxicFootprint:
    """Outlines at the 60-min AEGLs of a release at a place. *weather*, when given, replaces wind and stability.

    >>> made = toxic_footprint("7664-41-7", 2.0, 1800.0, 106.6, 38.1, 5.0, 3.0, 315.0, "D")
    >>> [zone.level for zone in made.zones]
    [1, 2, 3]

    Raises `Invalid` for an unknown substance, one without any AEGL, and inputs that make no sense.
    """
    air = weather or Weather(wind_m_s, wind_from_deg, _stability(stability), _terrain(terrain))
    release = ToxicRelease(
        substance_cas,
        rate_kg_s,
        duration_s,
        release_lon,
        release_lat,
        air,
        height_m,
        averaging_s,
        temperature_k,
        liquid_fraction,
        model,
    )
    return run(release)


def run(release: ToxicRelease) -> ToxicFootprint:
    """The footprint of a release."""
    one = substance(release.cas)
    endpoints = [found for level in (1, 2, 3) if (found := one.find_endpoint("aegl", level))]
    if not endpoints:
        one.endpoint("aegl", 2)  # refuses, by name
    state = source_state(one, release.weather, release.temperature_k, release.liquid_fraction)
    density = density_of(release, state)
    spread = spread_of(release, one, state, density)
    zones = tuple(_zone(release, spread, found) for found in endpoints)
    said = (*one.caveats, *release.weather.caveats(), *spread.caveats, *_remarks(release, one, zones))
    manifest = manifest_of(
        spread.card, _inputs(release, density), tables=_TABLES, caveats=tuple(dict.fromkeys(said))
    )
    return ToxicFootprint(one, zones, density, spread.card, manifest)


def density_of(release: ToxicRelease, state: SourceState) -> Density:
    """The dense-gas criterion of a release, with the wind at 10 m (at least 1 m/s)."""
    wind, air = max(release.weather.wind_m_s, 1.0), release.weather.air_density_kg_m3
    if release.is_sudden:
        return instantaneous_criterion(release.mass_kg / state.carried_kg_m3, state.weighs_kg_m3, air, wind)
    return continuous_criterion(release.rate_kg_s / state.carried_kg_m3, state.weighs_kg_m3, air, wind)


def concentration_field(release: ToxicRelease, grid: Grid | None = None) -> Field:
    """Ground concentration of a release in mg/m³ over *grid* (in the local frame of the source; by default
    400 × 400 cells about the source that the mildest zone fits into, at most 40 km a side).

    Of a moving cloud it is the highest average that passes each place. In a calm the field is that of the
    given direction only: the direction is not to be trusted. By a point source it is at most that of the pure gas.
    """
    one = substance(release.cas)
    state = source_state(one, release.weather, release.temperature_k, release.liquid_fraction)
    spread = spread_of(release, one, state, density_of(release, state))
    area = grid or _grid_about(release, run(release))
    if area.crs != LocalFrame(release.lon, release.lat).name:
        raise Invalid(Text("网格应以泄漏点为原点", "The grid must be in the local frame of the source"))
    angle = np.radians(release.weather.toward_deg)
    east, north = area.x_m[None, :], area.y_m[:, None]
    along, left = east * np.sin(angle) + north * np.cos(angle), north * np.sin(angle) - east * np.cos(angle)
    values = np.where(along > 0, spread.places(np.maximum(along, 1e-3), left), 0.0)
    pure = one.gas_density_kg_m3(release.weather.temperature_k, release.weather.pressure_pa)
    values = np.minimum(values, pure) * 1e6
    return Field("concentration", "mg/m³", Text("地面浓度", "ground concentration"), area, values)


def _grid_about(release: ToxicRelease, made: ToxicFootprint, cells: int = 400) -> Grid:
    half = min(max(1.1 * max(zone.max_distance_m for zone in made.zones), 200.0), 20_000.0)
    return Grid(cells, cells, 2 * half / cells, -half, half, LocalFrame(release.lon, release.lat).name)


def warm_up() -> None:
    """Load the property libraries and the compiled kernels (seconds of work), so that the first footprint of
    a process is as quick as the rest."""
    for seconds in (1800.0, 1.0):
        toxic_footprint("7782-50-5", 1.0, seconds, 106.0, 38.0, 0.0, 3.0, 0.0, Stability.D)


_TABLES = {"chemical.endpoints": ENDPOINTS_VERSION, "chemical.aegl_durations": DURATIONS_VERSION}


def _zone(release: ToxicRelease, spread: Spread, endpoint: Endpoint) -> Zone:
    air = release.weather
    mg_m3 = endpoint.mg_m3(air.temperature_k, air.pressure_pa)
    level = mg_m3 / 1e6
    reach = reach_of(spread.centreline, level)
    outline = band(reach, lambda x: spread.half_width(x, level))
    width = float(np.max(outline[:, 1], initial=0.0))
    if air.is_calm and not reach.is_empty:
        outline = circle(reach.far_m)
        width = reach.far_m
    contour = Contour(
        f"aegl{endpoint.level}",
        "mg/m³",
        mg_m3,
        _LABELS[endpoint.level],
        to_lonlat(outline, release.lon, release.lat, air.toward_deg),
        "EPSG:4326",
        {"ppm": endpoint.ppm(air.temperature_k, air.pressure_pa), "max_distance_m": reach.far_m},
    )
    ppm = endpoint.ppm(air.temperature_k, air.pressure_pa)
    second = None if spread.second is None else reach_of(spread.second, level).far_m
    return Zone(endpoint.level, endpoint, ppm, mg_m3, reach, width, contour, second)


def _inputs(release: ToxicRelease, density: Density) -> dict[str, Any]:
    air = release.weather
    return {
        "cas": release.cas,
        "rate_kg_s": release.rate_kg_s,
        "mass_kg": release.mass_kg,
        "duration_s": release.duration_s,
        "lon": release.lon,
        "lat": release.lat,
        "height_m": release.height_m,
        "averaging_s": release.averaging_s,
        "temperature_k": release.temperature_k,
        "liquid_fraction": release.liquid_fraction,
        "model": release.model,
        "wind_m_s": air.wind_m_s,
        "wind_from_deg": air.wind_from_deg,
        "stability": air.stability.value,
        "terrain": air.terrain.value,
        "air_temperature_k": air.temperature_k,
        "air_pressure_pa": air.pressure_pa,
        "humidity": air.humidity,
        "mixing_height_m": air.mixing_m,
        "richardson": density.value,
        "richardson_threshold": density.threshold,
    }


def _remarks(release: ToxicRelease, one: Substance, zones: tuple[Zone, ...]) -> list[Caveat]:
    said = [_averaging_caveat(release.averaging_s)]
    missing = [level for level in (1, 2, 3) if level not in {zone.level for zone in zones}]
    if missing:
        said.append(_missing_caveat(one, missing))
    farthest = max((zone.reach.far_m for zone in zones), default=0.0)
    if any(zone.reach.beyond for zone in zones):
        said.append(_BEYOND)
    elif farthest > 10_000:
        said.append(_FAR)
    if 0 < farthest < 100:
        said.append(_NEAR)
    return said


def _averaging_caveat(averaging_s: float) -> Caveat:
    minutes = averaging_s / 60
    return Caveat(
        "toxic.averaging",
        Text(
            f"以 {minutes:g} 分钟平均浓度对照 60 分钟 AEGL 限值（偏安全）"
            if averaging_s < 3600
            else f"以 {minutes:g} 分钟平均浓度对照 60 分钟 AEGL 限值",
            f"{minutes:g}-minute averages are compared with the 60-minute AEGLs"
            + (" (on the safe side)" if averaging_s < 3600 else ""),
        ),
    )


def _missing_caveat(one: Substance, levels: list[int]) -> Caveat:
    listed = "、".join(f"AEGL-{level}" for level in levels)
    return Caveat(
        "toxic.missing_level",
        Text(
            f"{one.name.zh}没有 {listed} 限值，未划该级范围",
            f"{one.name.en} has no {listed}: no zone drawn for it",
        ),
    )


_BEYOND = Caveat(
    "toxic.beyond_range",
    Text("影响范围超过 100 km，已在 100 km 处截断", "The zone reaches past 100 km and was cut there"),
)
_FAR = Caveat(
    "toxic.far",
    Text("10 km 以外为外推，不确定度大", "Beyond 10 km the curves are extrapolated: very uncertain"),
)
_NEAR = Caveat(
    "toxic.near",
    Text(
        "100 m 以内为近场，受射流和建筑影响，仅供参考", "Within 100 m jets and buildings decide: a hint only"
    ),
)


def _stability(given: Stability | str) -> Stability:
    try:
        return Stability(str(given).upper())
    except (ValueError, TypeError):
        raise Invalid(Text(f"稳定度 {given} 应为 A–F", f"Stability {given} must be A to F")) from None


def _terrain(given: Terrain | str) -> Terrain:
    try:
        return Terrain(str(given))
    except (ValueError, TypeError):
        raise Invalid(
            Text(f"地形 {given} 应为 open 或 urban", f"Terrain {given} must be open or urban")
        ) from None


def region_exit_m(
    lon: float, lat: float, toward_deg: float, bounds: tuple[float, float, float, float]
) -> float:
    """Distance in metres from a source to the edge of (west, south, east, north) along the wind; 0 outside."""
    west, south, east, north = bounds
    if not (west <= lon <= east and south <= lat <= north):
        return 0.0
    frame = LocalFrame(lon, lat)
    (x_low, x_high), (y_low, y_high) = frame.to_xy([west, east], [south, north])
    along_x, along_y = np.sin(np.radians(toward_deg)), np.cos(np.radians(toward_deg))
    reaches = [
        edge / step
        for edge, step in ((x_high, along_x), (x_low, along_x), (y_high, along_y), (y_low, along_y))
        if abs(step) > 1e-12 and edge / step >= 0
    ]
    return float(min(reaches))
