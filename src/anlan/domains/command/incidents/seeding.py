"""What the instruments around an alarm tell of a leak: which vessel, how fast it empties, what the detectors show.

Reads only: what is found is handed to the service as its argument, so that a replay, which has the argument alone,
comes to the same. Loads the engine: imported where something is computed, never at a process's start.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from anlan.domains.command.incidents.contracts import SeenLeak, ThreatSpec
from anlan.domains.command.incidents.hazard import hazard_of_point
from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.hazards.contracts import HoldingView, MajorHazardView
from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.queries import find_point, points_of_enterprise
from anlan.domains.monitoring.points.states import PointKind
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.domains.monitoring.weather.queries import weather_at
from anlan.kernel.clock import to_ms
from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.platform.commands import read_scope
from anlan.platform.threads.queries import clock_of_timeline
from anlan.science.chemical.seeded import GasReading, LeakEstimate, from_detectors, from_mass
from anlan.science.chemical.substances import substance
from anlan.science.chemical.substances.concentration import ppm_to_mg_m3
from anlan.science.chemical.weather import Weather

_WINDOW_MS = 30 * 60_000
_DRAWN = 400
_MOST_POINTS = 24
_LATELY_MS = 120_000
_GASES = (PointKind.TOXIC_GAS, PointKind.FLAMMABLE_GAS)
_TOLD = (PointKind.LEVEL, PointKind.PRESSURE, PointKind.TEMPERATURE, *_GASES)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Readings:
    """Good readings of one point in its own unit, times in seconds."""

    point: PointView
    times_s: Floats
    values: Floats

    @property
    def last(self) -> float:
        return float(self.values[-1])


@dataclass(frozen=True)
class _Around:
    """What stands around an alarm, and the moment on its own clock."""

    point: PointView
    hazard: MajorHazardView
    points: Sequence[PointView]
    weather: WeatherView | None
    at: datetime


def spec_of_alarm(alarm_id: UUID, air_of: Callable[[WeatherView, MajorHazardView], Weather]) -> ThreatSpec:
    """The vessel that an alarm is about, and the leak as its instruments show it over the last half hour.

    The history is read outside any transaction; without it the vessel is told all the same. Raises `Invalid` when
    the enterprise has no unit with a place, or the unit holds nothing that is named by a CAS number.
    """
    with read_scope():
        around = _around(alarm_id)
    try:
        readings = [found for point in around.points[:_MOST_POINTS] if (found := _read(point, around.at))]
        answered = True
    except history.HistoryUnavailable:
        readings, answered = [], False
    holding, emptying = _vessel(around, readings)
    mine = [one for one in readings if _belongs(one.point, holding, around.hazard)]
    air = None if around.weather is None else air_of(around.weather, around.hazard)
    sniffed = None if air is None else _detected(readings, holding, around.hazard, air)
    return ThreatSpec(
        hazard_id=around.hazard.id,
        equipment=holding.equipment,
        substance=holding.substance,
        cas=holding.cas,
        stock_t=holding.stock_t,
        design_max_t=holding.design_max_t,
        pressure_pa=_newest(mine, PointKind.PRESSURE) if _is_gas(holding) else None,
        temperature_k=_newest(mine, PointKind.TEMPERATURE),
        seen=tuple(_seen(one) for one in (emptying, sniffed) if one is not None),
        history=answered,
    )


def _around(alarm_id: UUID) -> _Around:
    alarm = find_alarm(alarm_id)
    point = find_point(alarm.point_id)
    hazard = hazard_of_point(point)
    at = clock_of_timeline(alarm.timeline).now()
    beside = [
        one
        for one in points_of_enterprise(alarm.enterprise_id)
        if one.process_unit_id == point.process_unit_id and one.kind in _TOLD
    ]
    beside.sort(key=lambda one: (one.id != point.id, _TOLD.index(one.kind), one.number))
    return _Around(point, hazard, beside, weather_at(hazard.region, at), at)


def _read(point: PointView, at: datetime) -> _Readings | None:
    """The usable readings of the window, to and with *at*, thinned to means; None for none."""
    end = to_ms(at)
    found = history.historian().series(point.number, end - _WINDOW_MS, end + 1, _DRAWN)
    usable = np.isfinite(found.mean)
    if not usable.any():
        return None
    return _Readings(point, (found.time_ms[usable] - end) / 1000.0, found.mean[usable].astype(np.float64))


def _vessel(around: _Around, readings: Iterable[_Readings]) -> tuple[HoldingView, LeakEstimate | None]:
    """The vessel of the alarm's own instrument, else the one that empties fastest, else the fullest; and its leak."""
    named = [one for one in around.hazard.holdings if one.cas]
    if not named:
        raise Invalid(
            Text("该危险源未登记带 CAS 号的物质", "No substance with a CAS number is recorded of this unit"),
            next_step=Text(
                "请先登记物质及现存量，或立案后手工填写泄漏参数",
                "Record substance and stock first, or open an incident and state the release by hand",
            ),
        )
    leaks: dict[UUID, LeakEstimate] = {}
    for one in readings:
        holding = _holding_of(one.point, named)
        found = None if holding is None else _emptying(one, holding)
        if holding is not None and found is not None and found.is_leak:
            known = leaks.get(holding.id)
            if known is None or found.rate_kg_s > known.rate_kg_s:
                leaks[holding.id] = found
    own = _holding_of(around.point, named)
    if own is None and leaks:
        own = max(named, key=lambda one: leaks[one.id].rate_kg_s if one.id in leaks else 0.0)
    chosen = own or max(named, key=lambda one: one.stock_t)
    return chosen, leaks.get(chosen.id)


def _holding_of(point: PointView, holdings: Sequence[HoldingView]) -> HoldingView | None:
    """The vessel that a point stands on: by its record, by the vessel's name in the point's, or the only one."""
    for one in holdings:
        if one.level_point_id == point.id:
            return one
    words = f"{point.name} {point.tag}"
    by_name = [one for one in holdings if one.equipment and one.equipment in words]
    if by_name:
        return max(by_name, key=lambda one: len(one.equipment))
    return holdings[0] if len(holdings) == 1 and point.kind not in _GASES else None


def _belongs(point: PointView, holding: HoldingView, hazard: MajorHazardView) -> bool:
    return _holding_of(point, hazard.holdings) is holding


def _emptying(one: _Readings, holding: HoldingView) -> LeakEstimate | None:
    """How fast the vessel loses mass, by its level or, of a gas, its pressure; None where neither tells."""
    share = _share(one, holding)
    if share is None:
        return None
    try:
        return from_mass(one.times_s, share, one.point.kind.value)
    except Problem:
        return None


def _share(one: _Readings, holding: HoldingView) -> Floats | None:
    """The mass in the vessel, kg."""
    point = one.point
    if point.kind is PointKind.LEVEL:
        full = 100.0 if point.unit == "%" else point.range_high
        if not full or point.unit not in ("%", "m", "mm") or np.any(one.values < 0):
            return None
        return np.asarray(1000 * holding.design_max_t * one.values / full, np.float64)
    if point.kind is PointKind.PRESSURE and _is_gas(holding) and one.last > 0:
        absolute = _pascal(point, one.values)
        return np.asarray(1000 * _stock_t(holding) * absolute / absolute[0], np.float64)
    return None


def _is_gas(holding: HoldingView) -> bool:
    """Whether the pressure in the vessel falls with what leaves it: a substance that cannot be a liquid there."""
    try:
        return bool(substance(holding.cas).critical_k < 280.0)
    except Problem:
        return False


def _detected(
    readings: Iterable[_Readings], holding: HoldingView, hazard: MajorHazardView, air: Weather
) -> LeakEstimate | None:
    """The release that the gas detectors with a known place see; None for none, and for a calm."""
    heard = [
        GasReading(one.point.lon, one.point.lat, mg_m3)
        for one in readings
        if one.point.kind in _GASES
        and one.point.lon is not None
        and one.point.lat is not None
        and one.times_s[-1] * 1000 >= -_LATELY_MS
        and (mg_m3 := _mg_m3(one, holding.cas, air)) is not None
    ]
    if not heard or air.is_calm:
        return None
    try:
        return from_detectors(heard, hazard.lon, hazard.lat, air)
    except Problem:
        return None


def _mg_m3(one: _Readings, cas: str, air: Weather) -> float | None:
    unit = UNITS.get(one.point.unit)
    if unit is None or one.last < 0:
        return None
    if unit.dimension == "concentration":
        return one.last * unit.factor * 1e6
    try:
        found = substance(cas)
        if unit.dimension == "volume_ratio":
            share = one.last * unit.factor
        elif unit.dimension == "lel_ratio":
            share = one.last * unit.factor * found.lower_flammable_limit
        else:
            return None
        return float(ppm_to_mg_m3(1e6 * share, found.molar_mass_kg_mol, air.temperature_k, air.pressure_pa))
    except Problem:
        return None


def _newest(readings: Iterable[_Readings], kind: PointKind) -> float | None:
    """The last value of a kind in SI units, the first point's that has one; a pressure as an absolute one."""
    for one in readings:
        if one.point.kind is kind and one.point.unit in UNITS:
            if kind is PointKind.PRESSURE:
                return float(_pascal(one.point, one.values[-1:])[0])
            unit = UNITS[one.point.unit]
            return one.last * unit.factor + unit.offset
    return None


def _pascal(point: PointView, values: Floats) -> Floats:
    """Absolute pressures: an instrument of a plant shows what is above the air's."""
    unit = UNITS.get(point.unit)
    return values * (unit.factor if unit and unit.dimension == "pressure" else 1.0) + 101_325.0


def _stock_t(holding: HoldingView) -> float:
    return holding.stock_t or holding.design_max_t


def _seen(one: LeakEstimate) -> SeenLeak:
    return SeenLeak(one.basis, one.rate_kg_s, one.low_kg_s, one.high_kg_s, one.readings)
