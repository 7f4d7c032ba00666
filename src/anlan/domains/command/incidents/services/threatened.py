"""The run behind a threat: the vessel of an alarm, in the weather of the hour, through the engine.

Loads the engine with all its libraries: imported where something is computed, never at a process's start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from anlan.domains.command.incidents.contracts import ThreatSpec
from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.kernel.crs import LocalFrame
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.platform.standards.views import TableVersion
from anlan.science.chemical.seeded import LeakEstimate
from anlan.science.chemical.simulation import Params, params, simulate
from anlan.science.chemical.simulation.stock import Holes, Stock, first_run
from anlan.science.chemical.weather import Sky, Stability, Terrain, Weather, stability_of
from anlan.science.chemical.weather.stability import sun_height_deg
from anlan.science.params import Name
from anlan.science.products import Outcome, Zone
from anlan.science.products.extent import shape_of

MEMBERS = 400
_CELSIUS = 273.15
_CHANCE, _ARRIVAL = "exceedance_", "arrival_"


@dataclass(frozen=True)
class Air:
    """The weather of a threat; without a station's hour, still stable air, in which no direction is left out."""

    weather: Weather
    source: str
    at: datetime | None
    synthetic: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "wind_m_s": self.weather.wind_m_s,
            "wind_from_deg": self.weather.wind_from_deg,
            "stability": self.weather.stability.value,
            "is_calm": self.weather.is_calm,
            "source": self.source,
            "at": None if self.at is None else self.at.isoformat(),
            "synthetic": self.synthetic,
        }


@dataclass(frozen=True)
class Threat:
    """The outcome, its outlines as valid geometries by name, and the air that it was computed in."""

    outcome: Outcome
    air: Air
    shapes: Mapping[str, tuple[Zone, BaseGeometry]]

    def at_place(self, lon: float, lat: float) -> dict[str, Any]:
        """The chance of exceedance and the earliest arrival of the ensemble there; nothing where there is none."""
        said: dict[str, Any] = {}
        for field in self.outcome.fields:
            if not field.name.startswith((f"{_CHANCE}aegl2", _ARRIVAL)):
                continue
            x, y = (float(value) for value in LocalFrame(*self.outcome.site).to_xy(lon, lat))
            cell = field.grid.cell_of(x, y)
            value = float("nan") if cell is None else float(field.values[cell])
            name = "chance" if field.name.startswith(_CHANCE) else "arrival_s"
            said[name] = round(value, 3) if value == value else None
        return said


def air_in(known: WeatherView, hazard: MajorHazardView) -> Weather:
    """The county's weather of the hour at the place of a hazard, its class by Turner's scheme."""
    sky = Sky(sun_height_deg(hazard.lon, hazard.lat, known.at), known.cloud_tenths)
    humidity = known.humidity_percent
    return Weather(
        known.wind_m_s,
        known.wind_from_deg % 360.0,
        stability_of(known.wind_m_s, sky),
        Terrain.OPEN,
        temperature_k=known.temperature_c + _CELSIUS,
        humidity=0.5 if humidity is None else humidity / 100,
    )


def threat_of(
    spec: ThreatSpec, hazard: MajorHazardView, known: WeatherView | None, defaults: TableVersion
) -> Threat:
    """What *spec* may do. Raises `Invalid` where nothing can be computed of the substance."""
    if known is None:
        air = Air(Weather(0.5, 0.0, Stability.F, Terrain.OPEN), "", None, synthetic=False)
    else:
        air = Air(air_in(known, hazard), known.source, known.at, known.synthetic)
    stock = Stock(
        spec.cas,
        1000 * spec.design_max_t,
        1000 * (spec.stock_t or spec.design_max_t),
        spec.temperature_k or air.weather.temperature_k,
        spec.pressure_pa,
    )
    holes = Holes(
        defaults.number_of("hole_medium", "hole_mm") / 1000,
        tuple(defaults.number_of(f"hole_{name}", "hole_mm") / 1000 for name in ("small", "medium", "large")),
        60 * defaults.number_of("duration", "minutes"),
        defaults.number_of("ammonium_nitrate", "equivalence"),
    )
    seen = next(
        (
            LeakEstimate(one.rate_kg_s, one.low_kg_s, one.high_kg_s, one.basis, one.readings)
            for one in spec.seen
        ),
        None,
    )
    first = first_run(stock, holes, air.weather, seen, MEMBERS)
    made = simulate(
        Params(
            schema=1,
            name=Name(hazard.name, hazard.name),
            site=params.Site(hazard.lon, hazard.lat),
            weather=params.Air(
                air.weather.wind_m_s,
                air.weather.wind_from_deg,
                stability=air.weather.stability,
                temperature_k=air.weather.temperature_k,
                humidity=air.weather.humidity,
            ),
            scenario=first.scenario,
            uncertainty=first.uncertainty,
        )
    )
    said = (*first.caveats, *_reservations(spec, known))
    tables = {**made.manifest.tables, defaults.code: defaults.name}
    manifest = replace(made.manifest, caveats=(*said, *made.manifest.caveats), tables=tables)
    return Threat(replace(made, manifest=manifest), air, _shapes(made))


def _reservations(spec: ThreatSpec, known: WeatherView | None) -> tuple[Caveat, ...]:
    said = []
    if known is None:
        said.append(_NO_WEATHER)
    if not spec.history:
        said.append(_NO_HISTORY)
    if spec.stock_t <= 0:
        said.append(_NO_STOCK)
    return tuple(said)


def _shapes(made: Outcome) -> dict[str, tuple[Zone, BaseGeometry]]:
    shapes = {}
    for zone in made.zones:
        shape = shape_of(zone.contour)
        if not shape.is_empty:
            shapes[zone.contour.name] = (zone, shapely.make_valid(MultiPolygon(shape)))
    return shapes


_NO_WEATHER = Caveat(
    "threat.no_weather",
    Text(
        "没有该县近 6 小时的气象数据：按静风、稳定大气向四周划定，风向不明",
        "No weather of this county of the last six hours: still stable air is assumed, and every direction drawn",
    ),
)
_NO_HISTORY = Caveat(
    "threat.no_history",
    Text("历史库未应答，未用监测数据反推泄漏", "The history did not answer: no leak could be read from it"),
)
_NO_STOCK = Caveat(
    "threat.no_stock",
    Text("未登记现存量，按设计最大量计", "No stock is on record: the design maximum is taken"),
)
