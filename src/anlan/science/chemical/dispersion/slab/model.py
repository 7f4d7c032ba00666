"""A run of the shallow-layer model and the concentrations that follow from it."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.chemical.dispersion.slab.air import air_of
from anlan.science.chemical.dispersion.slab.kernel.closures import profile
from anlan.science.chemical.dispersion.slab.kernel.plume import run_plume
from anlan.science.chemical.dispersion.slab.kernel.puff import run_puff
from anlan.science.chemical.dispersion.slab.kernel.state import (
    CLOUD,
    FAILED,
    ROOT3,
    Air,
    Cloud,
    Source,
    Stuff,
)
from anlan.science.chemical.dispersion.slab.start import (
    from_plume,
    jet_cloud,
    jet_source,
    pool_cloud,
    pool_source,
    record,
    sudden_cloud,
    sudden_source,
)
from anlan.science.guard import require
from anlan.science.registry import model

Array = NDArray[np.float64]
Rows = NDArray[np.void]
_SOURCE_STATIONS, _FIELD_STATIONS, _STEPS = 10, 40, 3
_JET_STATIONS, _JET_STEP = 60, 0.05
"""A jet's stations, counted from its mouth: the first after a twentieth of its width. Steps of a part of the distance
from the origin, as behind a pool, stride over a small jet and lose it."""
_PUFF_GROWTH, _FIRST_STEP_S, _MOST_STEPS = 1.12, 1.5, 140
_WIDENINGS = 30
_GAS = 8.31431

WIDENED = Caveat(
    "slab.source_widened",
    Text(
        "源面积过小，按重力扩展放大后计算",
        "The source was widened: the cloud spreads over more ground than was given",
    ),
)


class SlabFailed(Invalid):
    """The equations have no steady solution for this release (too dense for the wind)."""


@dataclass(frozen=True)
class Columns:
    """The cloud along its way: positions, shape, speed, and volume fraction; shape (n,)."""

    x: Array
    t: Array
    is_puff: NDArray[np.bool_]
    height: Array
    middle: Array
    wide: Array
    core: Array
    long: Array
    long_core: Array
    u: Array
    kelvin: Array
    density: Array
    volume_fraction: Array
    share: Array
    released: Array
    flux: Array


@model(
    ModelCard(
        id="chemical.slab",
        version="1",
        title=Text("浅层重气模型（SLAB 方程）", "Shallow-layer dense gas (SLAB equations)"),
        purpose=Text(
            "重气连续、有限时长或瞬时释放的地面浓度与范围",
            "Ground concentration and extent of dense gas released for long, for a while, or at once",
        ),
        applicability=Text(
            "平坦地形、风速不低于 1 m/s、定常气象；低矮动量极大的射流仅近似",
            "Flat ground, wind of 1 m/s and more, steady weather; jets only roughly",
        ),
        inputs=(
            Quantity("rate_kg_s", "kg/s", Text("泄漏速率", "release rate"), 1e-4, 5e3),
            Quantity("wind_m_s", "m/s", Text("10 m 风速", "wind at 10 m"), 1.0, 15.0),
            Quantity("roughness_m", "m", Text("地面粗糙度", "roughness"), 1e-4, 1.0),
        ),
        references=(
            "Ermak, User's Manual for SLAB, UCRL-MA-105607 (1990)",
            "Lee, slabx 1.0.7 (2026), doi:10.5281/zenodo.22023625, MIT licence (discretisation followed)",
        ),
        verification=Verification.VERIFIED,
        suite="chemical",
    )
)
@dataclass(frozen=True)
class Slab:
    """A finished run. Concentrations are averages over a time, on the ground unless a height is given."""

    columns: Columns
    air: Air
    source: Source
    kg_mol: float
    pressure_pa: float
    caveats: tuple[Caveat, ...] = ()

    @property
    def begins_m(self) -> float:
        """Distance of the first row of gas downwind: nearer than that nothing was computed."""
        return float(np.min(self.columns.x, where=self.columns.x > 0, initial=np.inf))

    def peak(self, averaging_s: float, z_m: float = 0.0) -> Array:
        """Centreline volume fraction per row [55], averaged over *averaging_s* (0: instantaneous, no meander)."""
        c, spread = self.columns, self._meander(averaging_s)
        sigma = np.maximum(self._sigma(), 1e-12)
        core = np.maximum(c.core, 1e-12)
        across = 2 * erf(core / (math.sqrt(2) * spread))
        up = np.exp(-0.5 * ((z_m - c.middle) / sigma) ** 2) + np.exp(-0.5 * ((z_m + c.middle) / sigma) ** 2)
        value = self._along(averaging_s, sigma, core) * across * up
        return np.asarray(np.clip(np.nan_to_num(value), 0.0, 1.0), np.float64)

    def centreline(self, x_m: ArrayLike, averaging_s: float, z_m: float = 0.0) -> Array:
        """Volume fraction at distances, log-linear between rows; zero beyond the run, the source's
        own value before its first row of gas."""
        x, value = self.columns.x, self.peak(averaging_s, z_m)
        good = (x > 0) & (value > 1e-14) & np.isfinite(x)
        if not good.any():
            return np.zeros_like(np.asarray(x_m, np.float64))
        at = np.maximum(np.asarray(x_m, np.float64), 1e-6)
        order = np.argsort(x[good], kind="stable")
        known = np.log(x[good][order])
        found = np.exp(np.interp(np.log(at), known, np.log(value[good][order]), right=-60.0))
        return np.asarray(np.where(np.asarray(x_m) > x[good].max(), 0.0, found), np.float64)

    def concentration_kg_m3(self, x_m: ArrayLike, averaging_s: float, z_m: float = 0.0) -> Array:
        """As `centreline`, in kg/m³ at the air's temperature."""
        return np.asarray(self.centreline(x_m, averaging_s, z_m) * self._gas_density(), np.float64)

    def at(self, x_m: ArrayLike, y_m: ArrayLike, averaging_s: float) -> Array:
        """Ground concentration in kg/m³ at places downwind and across."""
        x, y = np.broadcast_arrays(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
        core, spread = self._across(x, averaging_s)
        shape = (erf((y + core) / spread) - erf((y - core) / spread)) / (2 * erf(core / spread))
        return np.asarray(self.concentration_kg_m3(x, averaging_s) * shape, np.float64)

    def _across(self, x: Array, averaging_s: float) -> tuple[Array, Array]:
        """Core half-width and √2 times the spread of its edges at distances."""
        c = self.columns
        order = np.argsort(c.x, kind="stable")
        core = np.interp(x, c.x[order], np.maximum(c.core, 1e-9)[order])
        spread = np.interp(x, c.x[order], self._meander(averaging_s)[order]) * math.sqrt(2)
        return np.asarray(core, np.float64), np.asarray(spread, np.float64)

    def half_width(self, x_m: ArrayLike, level_kg_m3: float | Array, averaging_s: float) -> Array:
        """|y| at which the concentration falls to a level; 0 where the centreline is below it."""
        at = np.asarray(x_m, np.float64)
        core, spread = self._across(at, averaging_s)
        share = level_kg_m3 / np.maximum(self.concentration_kg_m3(at, averaging_s), 1e-300)
        whole = 2 * erf(core / spread)
        low, high = np.zeros_like(at), core + 5 * spread
        for _ in range(50):
            middle = (low + high) / 2
            above = (erf((middle + core) / spread) - erf((middle - core) / spread)) / whole > share
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.where(share < 1, low, 0.0)

    def distance_to(self, fraction: float, averaging_s: float, z_m: float = 0.0) -> float:
        """Farthest distance at which the centreline holds a volume fraction, a power law between rows; 0: nowhere."""
        x, value = self.columns.x, self.peak(averaging_s, z_m)
        above = np.flatnonzero(value >= fraction)
        if not len(above):
            return 0.0
        i = int(above[-1])
        if i == len(x) - 1 or value[i + 1] <= 0:
            return float(x[i])
        part = math.log(value[i] / fraction) / math.log(value[i] / value[i + 1])
        if x[i] <= 0:
            return float(x[i] + part * (x[i + 1] - x[i]))
        return float(x[i] * (x[i + 1] / x[i]) ** part)

    def _gas_density(self) -> float:
        return self.kg_mol * self.pressure_pa / (_GAS * self.air.kelvin)

    def _sigma(self) -> Array:
        c = self.columns
        return (
            np.where(c.middle > 0.5 * c.height, 0.5 * c.height, np.maximum(c.height - c.middle, 0.0)) / ROOT3
        )

    def _release_s(self) -> float:
        seconds = self.source.seconds
        return seconds if math.isfinite(seconds) else float(self.columns.t[-1])

    def _cloud_s(self) -> Array:
        """Time that the cloud takes to pass, never falling downwind nor below the release."""
        c, release = self.columns, self._release_s()
        half = np.where(c.is_puff, c.long, 0.5 * c.u * release)
        passing = np.where(c.u > 0, 2 * half / np.maximum(c.u, 1e-12), release)
        passing[-1] = max(passing[-1], release)
        return np.maximum(release, np.minimum.accumulate(passing[::-1])[::-1])

    def _meander(self, averaging_s: float) -> Array:
        """Crosswind spread with the plume's wandering over the averaging time [53, 54]."""
        c = self.columns
        plain = np.maximum(np.sqrt(np.maximum(c.wide**2 - c.core**2, 0.0)) / ROOT3, 1e-12)

        def widening(seconds: ArrayLike) -> Array:
            t = np.asarray(seconds, np.float64)
            return np.asarray(((t + 10 * np.exp(-t / 10)) / 900) ** 0.2, np.float64)

        start = float(widening(0.0))
        across = 2 * 0.08 * start * self.air.steadiness / 4e-4
        across = across * (np.sqrt(1 + 4e-4 * (c.x - c.x[0])) - 1)
        ratio = widening(np.minimum(self._cloud_s(), max(averaging_s, 0.0))) / start
        return np.asarray(np.sqrt(plain**2 + np.maximum(ratio**2 - 1, 0.0) * across**2), np.float64)

    def _along(self, averaging_s: float, sigma: Array, core: Array) -> Array:
        """Factor along the wind: a square wave in the plume, the puff's own profile after it."""
        c, tav = self.columns, max(averaging_s, 1e-12)
        tall = c.height / sigma
        whole = min(self._release_s() / tav, 1.0) if averaging_s > 0 else 1.0
        steady = 0.5 / math.sqrt(2 * math.pi) * c.wide * tall * whole * c.volume_fraction / core
        long_core = np.maximum(c.long_core, 1e-12)
        edge = np.maximum(np.sqrt(np.maximum(c.long**2 - c.long_core**2, 0.0)) / ROOT3, 1e-12)
        half = 0.5 * c.u * tav
        outer, inner = (long_core + half) / (math.sqrt(2) * edge), (long_core - half) / (math.sqrt(2) * edge)
        ramps = outer * erf(outer) - inner * erf(inner)
        ramps = ramps + (np.exp(-np.minimum(outer**2, 700)) - np.exp(-np.minimum(inner**2, 700))) / math.sqrt(
            math.pi
        )
        below = long_core * c.u * tav * core
        top = 0.5 / math.sqrt(math.pi) * edge * c.long * c.wide * tall * ramps * c.volume_fraction
        passing = np.divide(top, below, out=np.zeros_like(below), where=below > 0)
        return np.where(c.is_puff, passing, steady)


@dataclass(frozen=True)
class SlabInput:
    """A release for `run_slab`: rate and duration of a pool or jet, or a mass at once, on *area_m2*."""

    stuff: Stuff
    air: Air
    area_m2: float
    rate_kg_s: float = 0.0
    duration_s: float = math.inf
    mass_kg: float = 0.0
    kelvin: float = 0.0
    liquid: float = 0.0
    height_m: float = 0.0
    is_jet: bool = False
    pressure_pa: float = 101_325.0

    def as_floats(self) -> "SlabInput":
        """The same with every number a float: a kernel is compiled anew for each mix of types."""
        names = (
            "area_m2",
            "rate_kg_s",
            "duration_s",
            "mass_kg",
            "kelvin",
            "liquid",
            "height_m",
            "pressure_pa",
        )
        numbers = {name: float(getattr(self, name)) for name in names}
        stuff, air = Stuff(*map(float, self.stuff)), Air(*map(float, self.air))
        return replace(self, stuff=stuff, air=air, **numbers)  # type: ignore[arg-type]


def run_slab(given: SlabInput, x_max_m: float = 20_000.0) -> Slab:
    """Run the model out to *x_max_m* (a puff is followed further). Raises `SlabFailed`."""
    given = given.as_floats()
    require(given.area_m2, Text("源面积", "source area"), high=1e7, unit="m²")
    if given.mass_kg > 0:
        return _sudden(given, x_max_m)
    require(given.rate_kg_s, Text("泄漏速率", "release rate"), high=1e6, unit="kg/s")
    if given.is_jet:
        source = jet_source(
            given.stuff, given.rate_kg_s, given.duration_s, given.kelvin, given.liquid, given.pressure_pa
        )
        first = jet_cloud(given.air, given.stuff, source, given.area_m2, given.height_m, given.liquid)
        rows, status = _steady(given, source, first, x_max_m)
        widened = False
    else:
        source, rows, status, widened = _widened_pool(given, x_max_m)
    if status == FAILED or len(rows) < 5:
        raise _failed()
    return _finish(given, source, rows, x_max_m, (WIDENED,) if widened else ())


def stuff_of(
    kg_mol: float,
    vapour_heat: float,
    liquid_heat: float,
    latent_j_kg: float,
    boiling_k: float,
    liquid_kg_m3: float,
) -> Stuff:
    """The material with Clapeyron's saturation pressure from its latent heat at the boiling point [43]."""
    b = latent_j_kg * kg_mol / _GAS
    datum = latent_j_kg + boiling_k * (liquid_heat - vapour_heat)
    return Stuff(kg_mol, vapour_heat, liquid_heat, datum, boiling_k, liquid_kg_m3, b / boiling_k, b)


def _widened_pool(given: SlabInput, x_max_m: float) -> tuple[Source, Rows, int, bool]:
    """The pool, its half-width grown (geometric mean) until the gravity flow has a root everywhere [4d].

    Only the stretch over the pool says how much it must grow: the way downwind is gone once, from the pool as found.
    """
    half: float | None = None
    for _ in range(_WIDENINGS):
        source, first = _pool(given, half)
        grown, status = _over_pool(given, source, first)
        if status == FAILED or grown <= 0:
            break
        after = math.sqrt(source.half_m * (source.half_m + grown))
        if abs(after - source.half_m) <= 5e-4 * after:
            break
        half = after
    rows, status = _steady(given, source, first, x_max_m)
    return source, rows, status, half is not None


def _pool(given: SlabInput, half_m: float | None) -> tuple[Source, Cloud]:
    source = pool_source(
        given.stuff,
        given.rate_kg_s,
        given.area_m2,
        given.duration_s,
        given.kelvin,
        half_m,
        given.pressure_pa,
    )
    return source, pool_cloud(given.air, source, 2 * source.half_m / (_SOURCE_STATIONS * _STEPS))


def _over_pool(given: SlabInput, source: Source, first: Cloud) -> tuple[float, int]:
    """By how much the flow wants the pool wider, and whether it has a state over all of it."""
    stations = _near_stations(source, first)
    rows = np.zeros(len(stations) + 1, CLOUD)
    _, widened, status = run_plume(record(first), given.air, given.stuff, source, stations, _STEPS, rows)
    return float(widened), int(status)


def _steady(given: SlabInput, source: Source, first: Cloud, x_max_m: float) -> tuple[Rows, int]:
    stations = (
        _pool_stations(source, first, x_max_m)
        if source.is_pool
        else first.x + np.geomspace(_JET_STEP * math.sqrt(given.area_m2), x_max_m - first.x, _JET_STATIONS)
    )
    rows = np.zeros(len(stations) + 1, CLOUD)
    count, _, status = run_plume(record(first), given.air, given.stuff, source, stations, _STEPS, rows)
    return rows[:count], int(status)


def _near_stations(source: Source, first: Cloud) -> Array:
    return np.linspace(first.x, source.half_m, _SOURCE_STATIONS + 1)[1:]


def _pool_stations(source: Source, first: Cloud, x_max_m: float) -> Array:
    start = max(source.half_m, 1e-6)
    far = np.exp(np.linspace(math.log(start), math.log(x_max_m), _FIELD_STATIONS + 1))[1:]
    return np.concatenate([_near_stations(source, first), far])


def _finish(
    given: SlabInput, source: Source, rows: Rows, x_max_m: float, caveats: tuple[Caveat, ...]
) -> Slab:
    released = rows["released"]
    rows["t"] = 2 * released / source.rate
    half_mass = 0.5 * source.rate * source.seconds
    past = np.flatnonzero(released >= half_mass) if math.isfinite(half_mass) else np.empty(0, int)
    if not len(past) or past[0] == 0:
        return _slab(given, source, rows, np.zeros(len(rows), bool), caveats)
    i = int(past[0])
    part = (half_mass - released[i - 1]) / (released[i] - released[i - 1])
    pairs = zip(rows[i - 1].item(), rows[i].item(), strict=True)
    cut = Cloud(*(before + part * (after - before) for before, after in pairs))
    cut = cut._replace(released=half_mass, t=2 * half_mass / source.rate)
    cloud = from_plume(cut, source)
    seconds = 4 * x_max_m / max(cloud.u, 0.1)
    later, status = _puff_rows(given, source, cloud, seconds)
    if status == FAILED and len(later) < 3:
        raise _failed()
    return _slab(
        given, source, _joined(rows[:i], record(cut), later), np.arange(i + 1 + len(later)) > i, caveats
    )


def _sudden(given: SlabInput, x_max_m: float) -> Slab:
    source = sudden_source(given.stuff, given.mass_kg, given.area_m2, given.kelvin, given.liquid)
    first = sudden_cloud(given.air, given.stuff, source, given.liquid)
    wind = given.air.friction_m_s / 0.41 * float(profile(given.air, max(first.height, 1.0)))
    rows, status = _puff_rows(given, source, first, 3 * x_max_m / max(wind, 0.1))
    if status == FAILED and len(rows) < 3:
        raise _failed()
    whole = _joined(record(first), rows)
    return _slab(given, source, whole, np.ones(len(whole), bool), ())


def _joined(*parts: Rows) -> Rows:
    """Rows one after another; numpy's own way to join records works out their common type each time."""
    whole = np.empty(sum(map(len, parts)), CLOUD)
    at = 0
    for part in parts:
        whole[at : at + len(part)] = part
        at += len(part)
    return whole


def _puff_rows(given: SlabInput, source: Source, first: Cloud, seconds: float) -> tuple[Rows, int]:
    """The puff's rows: steps that grow from a second or two (a fiftieth of a long release) to *seconds*."""
    step = max(_FIRST_STEP_S, 0.02 * source.seconds if math.isfinite(source.seconds) else 0.0)
    wanted = math.log1p(seconds * (_PUFF_GROWTH - 1) / step) / math.log(_PUFF_GROWTH)
    rows = np.zeros(min(max(math.ceil(wanted), 30), _MOST_STEPS), CLOUD)
    count, status = run_puff(
        record(first), given.air, given.stuff, source, float(seconds), len(rows), _STEPS, _PUFF_GROWTH, rows
    )
    return rows[:count], int(status)


def _slab(
    given: SlabInput, source: Source, rows: Rows, is_puff: NDArray[np.bool_], caveats: tuple[Caveat, ...]
) -> Slab:
    def column(name: str) -> Array:
        return np.asarray(rows[name], np.float64).copy()

    share = column("share")
    other = given.stuff.kg_mol + (given.air.kg_mol - given.stuff.kg_mol) * share
    made = Columns(
        column("x"),
        column("t"),
        is_puff,
        column("height"),
        column("middle"),
        column("wide"),
        column("core"),
        column("long"),
        column("long_core"),
        column("u"),
        column("kelvin"),
        column("density"),
        given.air.kg_mol * share / other,
        share,
        column("released"),
        column("flux"),
    )
    return Slab(made, given.air, source, given.stuff.kg_mol, given.pressure_pa, caveats)


def _failed() -> SlabFailed:
    return SlabFailed(
        Text(
            "浅层模型对该释放无稳定解（密度大、风速低、源过小）",
            "The shallow-layer model has no solution for this release",
        ),
        next_step=Text("请改用 Britter–McQuaid 模型", "Use the Britter and McQuaid correlation instead"),
    )


__all__ = ["Slab", "SlabFailed", "SlabInput", "air_of", "run_slab", "stuff_of"]
