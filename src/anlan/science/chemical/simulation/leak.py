"""A hole in a vessel as a source: what comes out over time, what of it is in the air, and the steady release that
stands for it in the dispersion models."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import Text
from anlan.science.chemical.simulation.params import VesselLeak
from anlan.science.chemical.source.outflow import Phase, Profile
from anlan.science.chemical.source.pool import Pool, Spill, pool_of
from anlan.science.chemical.source.two_phase import airborne_fraction, flash_fraction, two_phase_orifice
from anlan.science.chemical.source.vessel import Tank, gas_blowdown, liquefied_drain, tank_drain
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.weather import Weather
from anlan.science.params import refused_at

Array = NDArray[np.float64]
_ROWS = 721
_TOLD = 61
_STOPS_S = 1e-3

STEADY = Caveat(
    "simulation.steady_equivalent",
    Text(
        "随时间变化的源以恒定速率代替：取最大的时段平均速率，持续时间按空气中总质量折算",
        "The changing source is taken as a steady one: its highest mean over the averaging time, for as long as the "
        "mass in the air lasts",
    ),
)


@dataclass(frozen=True)
class Source:
    """Rates out of the hole and into the air at *times_s*, and the steady release in their place."""

    phase: Phase
    times_s: Array
    out_kg_s: Array
    air_kg_s: Array
    released_kg: float
    airborne_kg: float
    rate_kg_s: float
    duration_s: float
    height_m: float
    temperature_k: float | None
    liquid_fraction: float
    pool_area_m2: float
    models: tuple[ModelCard, ...]
    caveats: tuple[Caveat, ...]

    def as_json(self) -> dict[str, Any]:
        stop = np.flatnonzero(np.diff(self.times_s) < 2 * _STOPS_S)
        even = np.linspace(0, len(self.times_s) - 1, _TOLD).round().astype(int)
        told = np.unique(np.concatenate([even, stop, stop + 1]))
        return {
            "phase": self.phase.value,
            "released_kg": self.released_kg,
            "airborne_kg": self.airborne_kg,
            "steady_rate_kg_s": self.rate_kg_s,
            "steady_duration_s": self.duration_s,
            "liquid_fraction": self.liquid_fraction,
            "pool_area_m2": self.pool_area_m2,
            "series": {
                "times_s": self.times_s[told].tolist(),
                "out_kg_s": self.out_kg_s[told].tolist(),
                "air_kg_s": self.air_kg_s[told].tolist(),
            },
        }


@dataclass(frozen=True)
class _Flow:
    """What leaves the hole, and how much of it boils off (*flash*) or stays up (*airborne*) at once."""

    phase: Phase
    profile: Profile
    flash: float
    airborne: float
    models: tuple[ModelCard, ...]


def first_rate_kg_s(leak: VesselLeak, one: Substance, weather: Weather) -> float:
    """What leaves the hole at the beginning."""
    flow = _gas(leak, one, weather) if leak.fill == 0 else _liquid(leak, one, weather)
    return float(flow.profile.rate_kg_s[0])


def source_of(leak: VesselLeak, one: Substance, weather: Weather) -> Source:
    """The source of a leak. Raises `Invalid` for a vessel that cannot be as described, by field."""
    flow = _gas(leak, one, weather) if leak.fill == 0 else _liquid(leak, one, weather)
    if float(flow.profile.rate_kg_s.max(initial=0.0)) <= 0:
        raise refused_at(
            "$.scenario.pressure_pa",
            Text("容器内外没有压差，不会泄漏", "nothing drives a flow out of the hole"),
        )
    horizon = max(leak.horizon_s, leak.duration_s)
    times = _times(horizon, flow.profile.ends_s)
    out = np.asarray(flow.profile.rate_at(times), np.float64)
    released = float(flow.profile.total_kg)
    jet, pool = flow.airborne * out, _pool(leak, one, weather, flow, released, horizon)
    air = jet if pool is None else jet + pool.profile.rate_at(times)
    up_kg = flow.airborne * released + (0.0 if pool is None else pool.evaporated_kg)
    rate, seconds = _steady(times, air, up_kg, leak.averaging_s)
    droplets = (flow.airborne - flow.flash) * released
    estimated = () if flow.phase is Phase.GAS else one.estimates
    said = (*flow.profile.caveats, *(() if pool is None else pool.caveats), *estimated, STEADY)
    return Source(
        flow.phase,
        times,
        out,
        air,
        released,
        up_kg,
        rate,
        seconds,
        leak.hole_height_m if flow.airborne > 0 else 0.0,
        _temperature(leak, flow, pool),
        min(droplets / up_kg, 0.999) if droplets > 0 else 0.0,
        0.0 if pool is None else float(pool.area_m2.max()),
        (*flow.models, *(() if pool is None else (_card(pool_of),))),
        tuple(dict.fromkeys(said)),
    )


def _gas(leak: VesselLeak, one: Substance, weather: Weather) -> _Flow:
    if leak.pressure_pa is None:
        raise refused_at(
            "$.scenario.pressure_pa", Text("气体容器需给出压力", "a vessel of gas needs its pressure")
        )
    if leak.temperature_k < one.critical_k and leak.pressure_pa > one.vapour_pressure_pa(leak.temperature_k):
        raise refused_at(
            "$.scenario.fill",
            Text(
                "该压力和温度下为液体，请给出充装率",
                "at this pressure and temperature it is a liquid: give its fill",
            ),
        )
    made = gas_blowdown(
        one.molar_mass_kg_mol,
        one.heat_capacity_ratio(leak.temperature_k),
        _tank(leak).volume_m3,
        leak.hole_m,
        leak.pressure_pa,
        leak.temperature_k,
        ambient_pa=weather.pressure_pa,
        until_s=leak.duration_s,
    )
    return _Flow(Phase.GAS, made, 1.0, 1.0, (_card(gas_blowdown),))


def _liquid(leak: VesselLeak, one: Substance, weather: Weather) -> _Flow:
    if leak.temperature_k >= one.critical_k:
        raise refused_at(
            "$.scenario.fill",
            Text(
                "温度高于临界温度，没有液相：充装率应为 0",
                "above the critical temperature there is no liquid: fill is 0",
            ),
        )
    tank, ambient = _tank(leak), weather.pressure_pa
    level = leak.fill * tank.height_m
    if leak.hole_height_m >= level:
        raise refused_at(
            "$.scenario.hole_height_m",
            Text(
                "孔在液面以上；气相泄漏请将充装率设为 0",
                "the hole lies above the liquid; for the gas space give fill 0",
            ),
        )
    saturated_pa = one.vapour_pressure_pa(leak.temperature_k)
    if saturated_pa > ambient:
        made = liquefied_drain(
            one,
            tank,
            level,
            leak.hole_m,
            leak.temperature_k,
            hole_height_m=leak.hole_height_m,
            length_m=leak.flow_length_m,
            ambient_pa=ambient,
            until_s=leak.duration_s,
        )
        flash = flash_fraction(one, leak.temperature_k, ambient)
        return _Flow(Phase.TWO_PHASE, made, flash, airborne_fraction(flash), (_card(two_phase_orifice),))
    made = tank_drain(
        tank,
        one.liquid_density_kg_m3(leak.temperature_k),
        level,
        leak.hole_m,
        hole_height_m=leak.hole_height_m,
        pressure_pa=leak.pressure_pa or ambient,
        ambient_pa=ambient,
        until_s=leak.duration_s,
    )
    return _Flow(Phase.LIQUID, made, 0.0, 0.0, (_card(tank_drain),))


def _pool(
    leak: VesselLeak, one: Substance, weather: Weather, flow: _Flow, released_kg: float, horizon_s: float
) -> Pool | None:
    """The pool of what falls to the ground; None where all stays up."""
    fallen = (1 - flow.airborne) * released_kg
    if fallen <= 1e-9 * released_kg:
        return None
    seconds = flow.profile.ends_s
    spill = Spill(
        rate_kg_s=fallen / seconds,
        duration_s=seconds,
        bund_area_m2=leak.bund_area_m2 or np.inf,
        ground=leak.ground,
        ground_k=leak.ground_k,
        liquid_k=leak.temperature_k,
    )
    return pool_of(one, spill, weather, horizon_s)


def _times(horizon_s: float, ends_s: float) -> Array:
    """Even rows, and one on either side of the moment at which the flow stops."""
    stops = np.array([ends_s, ends_s + _STOPS_S])
    return np.union1d(np.linspace(0.0, horizon_s, _ROWS), stops[stops < horizon_s])


def _steady(times: Array, air_kg_s: Array, mass_kg: float, averaging_s: float) -> tuple[float, float]:
    """The highest mean over *averaging_s* (or over the whole release when that is shorter), and the seconds that
    the mass lasts at it."""
    done = np.concatenate([[0.0], np.cumsum((air_kg_s[1:] + air_kg_s[:-1]) / 2 * np.diff(times))])
    lasting = float(np.interp(0.999 * done[-1], done, times))
    window = min(averaging_s, max(lasting, 1.0))
    starts = times[times + window <= times[-1] + 1e-9]
    means = (np.interp(starts + window, times, done) - np.interp(starts, times, done)) / window
    rate = max(float(means.max()), 1e-9)
    return rate, mass_kg / rate


def _temperature(leak: VesselLeak, flow: _Flow, pool: Pool | None) -> float | None:
    """The vapour's: the vessel's for a gas, the pool's where all comes from it; None for the boiling point."""
    if flow.phase is Phase.GAS:
        return leak.temperature_k
    if flow.phase is Phase.LIQUID and pool is not None and pool.evaporated_kg > 0:
        return float(np.average(pool.temperature_k, weights=np.maximum(pool.rate_kg_s, 1e-12)))
    return None


def _tank(leak: VesselLeak) -> Tank:
    return Tank(leak.vessel.shape, leak.vessel.diameter_m, leak.vessel.length_m)


def _card(model: Any) -> ModelCard:
    card: ModelCard = model.card
    return card
