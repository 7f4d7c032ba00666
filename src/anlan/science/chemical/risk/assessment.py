"""A plant's risk in one go: its scenarios, its weather and its neighbours in; map, contours, F-N and conflicts out."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Caveat, Manifest, manifest_of
from anlan.kernel.text import Text
from anlan.science import guard
from anlan.science.chemical.explosion.tnt import TntExplosion
from anlan.science.chemical.fire.fireball import Fireball
from anlan.science.chemical.fire.pool import PoolFire
from anlan.science.chemical.harm.tables import VERSION
from anlan.science.chemical.harm.vulnerability import probit
from anlan.science.chemical.risk.distance import Finding, Target, conflicts, contours
from anlan.science.chemical.risk.footprints import LEAST, merged, radiated, round_about, toxic
from anlan.science.chemical.risk.individual import (
    CARD,
    Footprints,
    Scenarios,
    deaths,
    individual_risk,
    wind_rose,
)
from anlan.science.chemical.risk.societal import FNCurve, fn_curve
from anlan.science.chemical.weather import Stability, Terrain

Floats = NDArray[np.float64]
Airs = tuple[tuple[float, Stability], ...]

# a plume of class F is some 5° wide: a coarser rose would leave safe-looking gaps between spokes
LEAST_DIRECTIONS = 72


@dataclass(frozen=True)
class ToxicSource:
    """A release of *rate_kg_s* for *duration_s* of the substance of a toxic row of ``data/probits.csv``."""

    kind: ClassVar[str] = "toxic"
    x_m: float
    y_m: float
    frequency_per_a: float
    rule: str
    rate_kg_s: float
    duration_s: float

    def footprints(self, airs: Airs, terrain: Terrain) -> Footprints:
        return toxic(np.array([self.rate_kg_s]), self.duration_s, airs, probit(self.rule), terrain)


@dataclass(frozen=True)
class PoolSource:
    """A pool fire of a fuel of ``data/pool_fuels.csv``."""

    kind: ClassVar[str] = "pool_fire"
    x_m: float
    y_m: float
    frequency_per_a: float
    fuel: str
    diameter_m: float

    def footprints(self, airs: Airs, terrain: Terrain) -> Footprints:
        reach = 6 * self.diameter_m + 30
        return merged(*(radiated(self._flux(wind), reach) for wind, _ in airs))

    def _flux(self, wind_m_s: float) -> Callable[[Floats, Floats], Floats]:
        """Radiation, kW/m²; whoever stands in the pool itself is lost, however sooty the flame."""
        fire = PoolFire.of(self.fuel, self.diameter_m, wind_m_s=wind_m_s)

        def flux(x: Floats, y: Floats) -> Floats:
            inside = np.hypot(x, y) <= self.diameter_m / 2
            return np.asarray(np.where(inside, 1000.0, fire.radiation_kw_m2(x, y)), np.float64)

        return flux


@dataclass(frozen=True)
class FireballSource:
    """A BLEVE; the same in every wind."""

    kind: ClassVar[str] = "fireball"
    x_m: float
    y_m: float
    frequency_per_a: float
    mass_kg: float
    heat_of_combustion_j_kg: float
    burst_pressure_pa: float

    def footprints(self, airs: Airs, terrain: Terrain) -> Footprints:
        ball = Fireball(self.mass_kg, self.heat_of_combustion_j_kg, self.burst_pressure_pa)
        trial = np.linspace(0.0, 10 * ball.diameter_m, 400)
        reach = float(trial[np.flatnonzero(ball.lethality(trial) >= LEAST)[-1]]) * 1.02 + 1
        return merged(*[round_about(ball.lethality, reach)] * len(airs))


@dataclass(frozen=True)
class BlastSource:
    """An explosion of *charge_kg* TNT; people die by lung haemorrhage, or in buildings by *indoor_kpa* and more."""

    kind: ClassVar[str] = "blast"
    x_m: float
    y_m: float
    frequency_per_a: float
    charge_kg: float
    indoor_kpa: float = 30.0

    def footprints(self, airs: Airs, terrain: Terrain) -> Footprints:
        blast = TntExplosion(self.charge_kg)

        def share(distance: Floats) -> Floats:
            # CPR 18E section 5.2.5: all die above 0.3 bar
            inside = blast.overpressure_kpa(distance) >= self.indoor_kpa
            return np.asarray(np.where(inside, 1.0, blast.harm(distance)), np.float64)

        return merged(*[round_about(share, 1.02 * blast.distance_m(min(self.indoor_kpa, 30.0)))] * len(airs))


Source = ToxicSource | PoolSource | FireballSource | BlastSource


@dataclass(frozen=True)
class Plant:
    """What is assessed. *rose* is (weathers, directions from, clockwise from north), of any scale.

    Its sectors are divided until there are at least 72 directions, or by *split*.
    """

    grid: Grid
    sources: tuple[Source, ...]
    airs: Airs
    rose: tuple[tuple[float, ...], ...]
    existing: bool = True
    terrain: Terrain = Terrain.OPEN
    targets: tuple[Target, ...] = ()
    split: int | None = None

    def __post_init__(self) -> None:
        if not self.sources or not self.airs:
            raise guard.refuse(
                "至少需要一个场景和一种气象条件", "at least one source and one weather are needed"
            )
        if len(self.rose) != len(self.airs) or len({len(row) for row in self.rose}) != 1:
            raise guard.refuse("风频表应与气象条件逐行对应", "the wind rose has one row for each weather")


@dataclass(frozen=True)
class Assessment:
    """The map of individual risk, its contours by class of target, F-N where people are given, conflicts."""

    risk: Field
    contours: tuple[Contour, ...]
    societal: FNCurve | None
    conflicts: tuple[Finding, ...]
    manifest: Manifest


def assess(plant: Plant, people: Floats | None = None) -> Assessment:
    """The risk of *plant*; *people* per cell of its grid. Raises `Invalid`."""
    shares, toward = wind_rose(plant.rose, plant.split or -(-LEAST_DIRECTIONS // len(plant.rose[0])))
    total = np.zeros(plant.grid.shape)
    killed: list[Floats] = []
    often: list[Floats] = []
    for group in _groups(plant):
        total += np.asarray(individual_risk(plant.grid, *group, shares, toward).values)
        if people is not None:
            number, frequency = deaths(plant.grid, people, *group, shares, toward)
            killed.append(number)
            often.append(frequency)
    risk = Field("individual_risk", "1/a", Text("个人风险", "individual risk"), plant.grid, total)
    curve = fn_curve(np.concatenate(killed), np.concatenate(often)) if people is not None else None
    found = conflicts(risk, list(plant.targets), existing=plant.existing)
    tables = dict.fromkeys(("chemical.probits", "chemical.risk_criteria", "chemical.pool_fuels"), VERSION)
    manifest = manifest_of(
        CARD, _inputs(plant, shares.shape[1], people), tables=tables, caveats=_remarks(plant)
    )
    return Assessment(risk, contours(risk, existing=plant.existing), curve, tuple(found), manifest)


def _groups(plant: Plant) -> list[tuple[Scenarios, Footprints]]:
    """Sources whose footprints have the same nodes, together."""
    by_shape: dict[tuple[int, ...], list[tuple[Source, Footprints]]] = {}
    for source in plant.sources:
        made = source.footprints(plant.airs, plant.terrain)
        by_shape.setdefault(made.values.shape[1:], []).append((source, made))
    groups = []
    for members in by_shape.values():
        count, weathers = len(members), len(plant.airs)
        sources: Sequence[Source] = [source for source, _ in members]
        scenarios = Scenarios(
            np.array([source.x_m for source in sources]),
            np.array([source.y_m for source in sources]),
            np.array([source.frequency_per_a for source in sources]),
            np.arange(count * weathers).reshape(count, weathers),
        )
        groups.append((scenarios, merged(*(made for _, made in members))))
    return groups


def _inputs(plant: Plant, directions: int, people: Floats | None) -> dict[str, Any]:
    grid = plant.grid
    return {
        "sources": [{"kind": source.kind, **asdict(source)} for source in plant.sources],
        "airs": [[wind, kind.value] for wind, kind in plant.airs],
        "rose": [list(row) for row in plant.rose],
        "existing": plant.existing,
        "terrain": plant.terrain.value,
        "directions": directions,
        "grid": [grid.rows, grid.columns, grid.cell_m, grid.west, grid.north, grid.crs],
        "people": None if people is None else float(np.sum(people)),
        "targets": [asdict(target) for target in plant.targets],
    }


def _remarks(plant: Plant) -> tuple[Caveat, ...]:
    if not any(isinstance(source, ToxicSource) for source in plant.sources):
        return ()
    words = Text(
        "毒性扩散按中性气体计算，重气近源范围应另行复核",
        "Toxic clouds are taken as neutrally buoyant: check dense gas near the source",
    )
    return (Caveat("individual_risk.neutral", words),)
