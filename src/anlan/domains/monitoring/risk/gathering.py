"""What the computation looks at, read in a dozen queries whatever the number of units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anlan.domains.monitoring.alarms.contracts import WindowAlarm
from anlan.domains.monitoring.alarms.queries import live_alarms_since
from anlan.domains.monitoring.alarms.states import Suppression
from anlan.domains.monitoring.commitments.contracts import ManagementFacts, OpenWork
from anlan.domains.monitoring.commitments.queries import management_facts, open_special_work
from anlan.domains.monitoring.commitments.tables import day_of
from anlan.domains.monitoring.enterprises.contracts import PlacedEnterprise
from anlan.domains.monitoring.enterprises.queries import all_enterprises, all_process_units
from anlan.domains.monitoring.hazards.queries import graded_units
from anlan.domains.monitoring.hazards.states import HazardLevel
from anlan.domains.monitoring.points.contracts import LatestReading, Presence
from anlan.domains.monitoring.points.queries import latest_readings, presence, units_of_points
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.domains.monitoring.weather.queries import newest_weather
from anlan.science.risk import Weights


@dataclass(frozen=True)
class Unit:
    """A unit to be scored: a process unit, or what an enterprise has outside of its units."""

    id: UUID
    name: str
    enterprise: PlacedEnterprise
    hazard: HazardLevel
    hazard_id: UUID | None
    hazard_name: str
    present: Presence | None
    managed: ManagementFacts | None
    synthetic: bool


@dataclass(frozen=True)
class Gathered:
    """All that the scores of one moment rest on; *unit_of* gives the place of each alarm's unit in *units*."""

    at: datetime
    units: tuple[Unit, ...]
    alarms: tuple[WindowAlarm, ...]
    unit_of: tuple[int, ...]
    latest: Mapping[int, LatestReading]
    weather: Mapping[str, WeatherView]
    work: Mapping[UUID, Sequence[OpenWork]]


def gather(at: datetime, weights: Weights) -> Gathered:
    """Read what holds at *at*. Call it inside a service or `read_scope`.

    Alarms under declared maintenance, and those that a lost link explains, say nothing of the process;
    a shelved alarm does, and counts.
    """
    window = timedelta(hours=weights["tag.window_h"])
    alarms = [one for one in live_alarms_since(at - window) if one.suppression not in _NOT_OF_THE_PROCESS]
    unit_of_point = units_of_points({alarm.point_id for alarm in alarms})
    owners = [unit_of_point.get(alarm.point_id) or alarm.enterprise_id for alarm in alarms]
    units = _units(set(owners), presence(at), at)
    place = {unit.id: index for index, unit in enumerate(units)}
    known = [(alarm, place[owner]) for alarm, owner in zip(alarms, owners, strict=True) if owner in place]
    return Gathered(
        at,
        units,
        tuple(alarm for alarm, _ in known),
        tuple(index for _, index in known),
        latest_readings({alarm.point_number for alarm in alarms if alarm.open}),
        newest_weather(at),
        _work({unit.id for unit in units}, at),
    )


_NOT_OF_THE_PROCESS = frozenset({Suppression.MAINTENANCE, Suppression.PARENT})


def _work(units: Collection[UUID], at: datetime) -> dict[UUID, list[OpenWork]]:
    """Special work under way, by unit."""
    found: dict[UUID, list[OpenWork]] = {}
    for one in open_special_work(units, at):
        found.setdefault(one.process_unit_id, []).append(one)
    return found


def _units(alarmed: set[UUID], present: list[Presence], at: datetime) -> tuple[Unit, ...]:
    """Every process unit, and a rest of each enterprise that has alarms, hazards or points outside of one."""
    enterprises = {one.id: one for one in all_enterprises()}
    managed = management_facts(enterprises.keys(), day_of(at))
    hazards = {one.process_unit_id or one.enterprise_id: one for one in reversed(graded_units())}
    points = {one.process_unit_id or one.enterprise_id: one for one in present}
    found = []
    for unit in all_process_units():
        found.append((unit.id, unit.name, enterprises.get(unit.enterprise_id), unit.synthetic))
    for id, enterprise in enterprises.items():
        if id in alarmed or id in hazards or id in points:
            found.append((id, f"{enterprise.short_name}（未分单元）", enterprise, enterprise.synthetic))
    rows = []
    for id, name, owner, synthetic in found:
        if owner is None:
            continue
        hazard = hazards.get(id)
        rows.append(
            Unit(
                id,
                name,
                owner,
                hazard.level if hazard else HazardLevel.NONE,
                hazard.id if hazard else None,
                hazard.name if hazard else "",
                points.get(id),
                managed.get(owner.id),
                synthetic,
            )
        )
    return tuple(rows)
