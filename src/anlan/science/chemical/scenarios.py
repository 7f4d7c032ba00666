"""One entry for everything that may happen at a plant: a scenario in, zones on the map with their manifest out."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, ClassVar

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Manifest, ModelCard, manifest_of
from anlan.kernel.text import Text
from anlan.science.chemical.events import DRAWN, Event
from anlan.science.chemical.footprint import ToxicRelease, concentration_field
from anlan.science.chemical.footprint import run as run_toxic
from anlan.science.chemical.harm.tables import VERSION
from anlan.science.chemical.harm.zones import on_map
from anlan.science.chemical.weather import Stability, Terrain, Weather
from anlan.science.guard import require


@dataclass(frozen=True)
class ToxicSpreads:
    """A toxic release; the footprint chooses the dispersion model."""

    kind: ClassVar[str] = "toxic_release"
    cas: str
    rate_kg_s: float
    duration_s: float
    height_m: float = 0.0
    temperature_k: float | None = None
    liquid_fraction: float = 0.0


@dataclass(frozen=True)
class Scenario:
    """An event at a place in a weather."""

    id: str
    name: Text
    lon: float
    lat: float
    weather: Weather
    event: Event | ToxicSpreads

    def __post_init__(self) -> None:
        require(self.lon, Text("经度", "longitude"), low=-180.0, high=180.0, unit="°", open_low=False)
        require(self.lat, Text("纬度", "latitude"), low=-85.0, high=85.0, unit="°", open_low=False)

    def as_json(self) -> dict[str, Any]:
        """Plain values, which `scenario_of` reads back."""
        air = asdict(self.weather)
        air |= {"stability": self.weather.stability.value, "terrain": self.weather.terrain.value}
        return {
            "id": self.id,
            "name": {"zh": self.name.zh, "en": self.name.en},
            "lon": self.lon,
            "lat": self.lat,
            "weather": air,
            "event": {"kind": self.event.kind, **asdict(self.event)},
        }


@dataclass(frozen=True)
class Result:
    """Zones in longitude and latitude, the most severe first, figures, and the manifest; *raster* gives what they are
    outlines of over any grid in the local frame of the place."""

    scenario: Scenario
    zones: tuple[Contour, ...]
    raster: Callable[[Grid], Field]
    figures: dict[str, float]
    card: ModelCard
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario.as_json(),
            "zones": [
                {
                    "name": zone.name,
                    "level": zone.level,
                    "unit": zone.unit,
                    "label": {"zh": zone.label.zh, "en": zone.label.en},
                    "crs": zone.crs,
                    "facts": zone.facts,
                    "polygons": zone.polygons,
                }
                for zone in self.zones
            ],
            "figures": self.figures,
            "manifest": self.manifest.as_json(),
        }


_KINDS: tuple[type[Any], ...] = (*DRAWN, ToxicSpreads)
EVENTS: dict[str, type[Any]] = {one.kind: one for one in _KINDS}


def scenario_of(said: dict[str, Any]) -> Scenario:
    """The scenario that `Scenario.as_json` wrote. Raises `Invalid` for an unknown event or a missing value."""
    try:
        event = dict(said["event"])
        made = EVENTS[event.pop("kind")](**event)
        air = dict(said["weather"])
        air["stability"], air["terrain"] = Stability(air["stability"]), Terrain(air["terrain"])
        name = Text(said["name"]["zh"], said["name"]["en"])
        return Scenario(said["id"], name, said["lon"], said["lat"], Weather(**air), made)
    except (KeyError, TypeError, ValueError) as problem:
        raise Invalid(
            Text("情景内容不完整或无法识别", "The scenario is incomplete or not understood"),
            facts={"problem": str(problem), "events": sorted(EVENTS)},
        ) from problem


def run(scenario: Scenario) -> Result:
    """The zones of *scenario*. Raises `Invalid` for inputs that make no sense."""
    if isinstance(scenario.event, ToxicSpreads):
        return _toxic(scenario, scenario.event)
    frame = LocalFrame(scenario.lon, scenario.lat)
    drawn = scenario.event.draw(scenario.weather, frame.name)
    said = scenario.as_json()
    inputs = {**said["event"], "lon": scenario.lon, "lat": scenario.lat, "weather": said["weather"]}
    manifest = manifest_of(
        drawn.card,
        inputs | {"wind_m_s": scenario.weather.wind_m_s, "humidity": scenario.weather.humidity},
        tables={f"chemical.{name}": VERSION for name in drawn.tables},
        caveats=drawn.caveats,
    )
    zones = tuple(on_map(zone, frame) for zone in drawn.zones)
    return Result(scenario, zones, drawn.raster, drawn.figures, drawn.card, manifest)


def _toxic(scenario: Scenario, event: ToxicSpreads) -> Result:
    release = ToxicRelease(
        event.cas,
        event.rate_kg_s,
        event.duration_s,
        scenario.lon,
        scenario.lat,
        scenario.weather,
        event.height_m,
        temperature_k=event.temperature_k,
        liquid_fraction=event.liquid_fraction,
    )
    made = run_toxic(release)
    figures = {f"aegl{zone.level}_m": zone.max_distance_m for zone in made.zones}
    zones = tuple(zone.contour for zone in reversed(made.zones))
    figures |= {"mass_kg": release.mass_kg}
    return Result(scenario, zones, partial(concentration_field, release), figures, made.card, made.manifest)
