"""A slope by its stations: the worst of them, and the one that would fail first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from anlan.domains.monitoring.structures.models import SlopeStation, Structure
from anlan.domains.monitoring.structures.positions import Positions, positions_of
from anlan.domains.monitoring.structures.scales import mark, scale_of
from anlan.domains.monitoring.structures.states import Outcome
from anlan.kernel.clock import now
from anlan.kernel.units import UNITS
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.science.slope import Scenario, SlopeResult, VelocityTable, assess
from anlan.science.slope.grading import most_severe

RECORD = timedelta(days=60)
"""How far back a slope's record is read (our own default)."""

_MM_D = UNITS["mm/d"].factor
_MOST_GAIN = 3.0
"""A mean is at most this much better than one position: neighbours share their errors (our own default)."""

_LEAST, _SPAN = 10, timedelta(days=3)
"""Fewer positions, or a shorter record, cannot tell a velocity from noise (our own default)."""


def judge_slope(structure: Structure) -> None:
    found: list[tuple[SlopeStation, SlopeResult, UUID]] = []
    for station in structure.stations.all():
        result = _judged_station(structure, station)
        if result is not None:
            found.append((station, *result))
    worst = most_severe([result.level for _, result, _ in found])
    structure.outcome = (Outcome.JUDGED if found else Outcome.NO_DATA).value
    structure.level = worst.value if worst else ""
    structure.run = next((run for _, result, run in found if result.level == worst), None)
    _first_failure(structure, [result for _, result, _ in found])


def _judged_station(structure: Structure, station: SlopeStation) -> tuple[SlopeResult, UUID] | None:
    end = now()
    record = positions_of((station.east_id, station.north_id, station.up_id), end - RECORD, end)
    if record is None or not _enough(record):
        mark(station, None)
        return None
    limits = scale_of(station).by_level()
    table = (
        VelocityTable({level: value * _MM_D for level, value in limits.items()}, station.filed_in)
        if limits
        else None
    )
    result = assess(
        Scenario(
            str(station.id),
            record.times_s,
            record.metres,
            station.position_sd_mm * 1e-3 / min(_MOST_GAIN, record.readings**0.5),
            table=table,
            height_m=structure.height_m,
        )
    )
    run = record_run(
        result.manifest,
        result.as_json(),
        RunSubject("slope_station", station.id, "judgement"),
        RunPlace(structure.region, structure.zone, synthetic=structure.synthetic),
        valid_at=datetime.fromtimestamp(record.times_s[-1], UTC),
    )
    station.velocity_mm_d = result.velocity_m_s / _MM_D
    station.displacement_mm = result.displacement_m * 1e3
    station.tangent_angle_deg = result.angle_deg
    mark(station, result.level)
    return result, run


def _enough(record: Positions) -> bool:
    whole = np.flatnonzero(np.isfinite(record.metres).all(axis=1))
    return (
        len(whole) >= _LEAST and record.times_s[whole[-1]] - record.times_s[whole[0]] >= _SPAN.total_seconds()
    )


def _first_failure(structure: Structure, results: list[SlopeResult]) -> None:
    """The forecast of the station that would fail first."""
    forecasts = [result.forecast for result in results if result.forecast.time_s is not None]
    if not forecasts:
        return
    first = min(forecasts, key=lambda forecast: forecast.time_s or np.inf)
    structure.failure_at = _moment(first.time_s)
    structure.failure_early_at = _moment(first.early_s)
    structure.failure_late_at = _moment(first.late_s)


def _moment(seconds: float | None) -> datetime | None:
    """The time of *seconds* since 1970; None for never, and for beyond the calendar's reach."""
    if seconds is None or not np.isfinite(seconds) or seconds > 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC)
