"""From what was gathered to the score of every unit, with its parts: pure, over columns."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.commitments.contracts import OpenWork, WorkGrade, WorkKind
from anlan.domains.monitoring.hazards.states import HazardLevel
from anlan.domains.monitoring.risk.gathering import Gathered, Unit
from anlan.domains.monitoring.risk.states import Gap, Override, PartKind
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.kernel.levels import Condition
from anlan.science.risk import (
    Alarms,
    Facts,
    Group,
    Overrides,
    Tags,
    Weights,
    blind_tags,
    fold_tags,
    rising_tags,
    toxic_tags,
    unit_indices,
)

_DATA_ONLY = frozenset({Condition.NO_DATA, Condition.FROZEN, Condition.OUT_OF_RANGE})
"""Alarms about the data and not about the process."""

_ALWAYS_MISSING = (Gap.GRADE, Gap.VIDEO, Gap.FINDINGS, Gap.LIGHTNING)


@dataclass(frozen=True)
class Fact:
    """A fact of a unit: the row of the weights that gives its points, and what it is about."""

    unit: int
    kind: PartKind
    key: str
    points: float
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitScores:
    """Indices of the units in hundredths, with the parts of each, its overrides and gaps."""

    index: NDArray[np.int64]
    red: NDArray[np.bool_]
    parts: list[list[dict[str, Any]]]
    overrides: list[list[dict[str, Any]]]
    gaps: list[list[str]]
    tags: Tags
    facts: list[Fact]


def score_units(found: Gathered, weights: Weights) -> UnitScores:
    """Score every unit of *found*."""
    units = len(found.units)
    numbers, tag_of_alarm = np.unique([alarm.point_number for alarm in found.alarms], return_inverse=True)
    tag_of_alarm = tag_of_alarm.astype(np.int64).reshape(-1)
    alarms = _alarm_columns(found, tag_of_alarm, weights)
    unit = np.zeros(len(numbers), np.int64)
    kind_weight = np.zeros(len(numbers))
    unit[tag_of_alarm] = found.unit_of
    kind_weight[tag_of_alarm] = [weights.of_kind(alarm.point_kind) for alarm in found.alarms]
    tags = fold_tags(alarms, unit, kind_weight)
    facts = [fact for place, one in enumerate(found.units) for fact in _facts(place, one, found, weights)]
    columns = Facts(
        np.array([fact.unit for fact in facts], np.int64),
        np.array([_group(fact) for fact in facts], np.int64),
        np.array([fact.points for fact in facts], float),
    )
    scored = unit_indices(units, tags, columns, weights)
    overrides = _overrides(found, tag_of_alarm, tags, weights)
    parts: list[list[dict[str, Any]]] = [[] for _ in found.units]
    for tag, points in enumerate(scored.of_tag.tolist()):
        parts[unit[tag]].append(_alarm_part(found, tags, tag, points))
    for fact, points in zip(facts, scored.of_fact.tolist(), strict=True):
        if points or fact.kind is PartKind.HAZARD:
            parts[fact.unit].append(_fact_part(fact, points))
    for one in parts:
        one.sort(key=lambda part: -part["points"])
    return UnitScores(
        scored.index,
        overrides.red_units(unit, units),
        parts,
        _override_parts(found, overrides, tags, units),
        [_gaps(one, found) for one in found.units],
        tags,
        facts,
    )


def _alarm_columns(found: Gathered, tag: NDArray[np.int64], weights: Weights) -> Alarms:
    at = found.at
    return Alarms(
        tag,
        np.array([weights.severity(alarm.point_kind, alarm.condition) for alarm in found.alarms], float),
        np.array(
            [max((at - alarm.raised_at).total_seconds(), 0.0) * alarm.open for alarm in found.alarms], float
        ),
        np.array([max(alarm.raises, 1) for alarm in found.alarms], np.int64),
    )


# -- facts -----------------------------------------------------------------------------------------------


def _facts(place: int, unit: Unit, found: Gathered, weights: Weights) -> list[Fact]:
    return [
        Fact(place, kind, key, weights[key], about)
        for kind, key, about in (
            *_hazard_facts(unit),
            *_work_facts(found.work.get(unit.id, ())),
            *_weather_facts(found.weather.get(unit.enterprise.region), weights["weather.heat_c"]),
            *_management_facts(unit, weights["management.online_share"]),
        )
    ]


Told = tuple[PartKind, str, dict[str, Any]]
"""A fact's kind, its row of the weights, and what it is about."""


def _hazard_facts(unit: Unit) -> Iterator[Told]:
    if unit.hazard is not HazardLevel.NONE:
        about = {"id": str(unit.hazard_id), "name": unit.hazard_name, "level": unit.hazard.value}
        yield PartKind.HAZARD, f"static.{unit.hazard}", about


def _work_facts(work: Sequence[OpenWork]) -> Iterator[Told]:
    for one in work:
        about = {
            "id": str(one.id),
            "number": one.number,
            "place": one.place,
            "at": one.started_at.isoformat(),
        }
        yield (
            PartKind.WORK,
            _WORK_KEYS.get((one.kind, one.grade)) or _OF_ANY_GRADE.get(one.kind, "work.other"),
            about,
        )


_WORK_KEYS = {
    (WorkKind.HOT_WORK, WorkGrade.SPECIAL): "work.special_hot",
    (WorkKind.HOT_WORK, WorkGrade.FIRST): "work.first_hot",
}
_OF_ANY_GRADE = {WorkKind.CONFINED_SPACE: "work.confined"}


def _weather_facts(weather: WeatherView | None, heat_c: float) -> Iterator[Told]:
    if weather is not None and weather.temperature_c >= heat_c:
        about = {
            "temperature_c": weather.temperature_c,
            "at": weather.at.isoformat(),
            "source": weather.source,
        }
        yield PartKind.WEATHER, "weather.heat", about


def _management_facts(unit: Unit, online_percent: float) -> Iterator[Told]:
    present, managed = unit.present, unit.managed
    if present is not None and present.points and 100.0 * present.online < online_percent * present.points:
        about = {"points": present.points, "online": present.online}
        yield PartKind.MANAGEMENT, "management.offline", about
    if managed is not None and managed.overdue:
        yield PartKind.MANAGEMENT, "management.no_commitment", {"due_at": managed.due_at.isoformat()}
    if managed is not None and managed.open_discrepancies:
        about = {"open": managed.open_discrepancies}
        yield PartKind.MANAGEMENT, "management.discrepancies", about


def _group(fact: Fact) -> int:
    return int(Group.MANAGEMENT if fact.kind is PartKind.MANAGEMENT else Group.STATIC)


def _gaps(unit: Unit, found: Gathered) -> list[str]:
    gaps = [gap.value for gap in _ALWAYS_MISSING]
    if unit.enterprise.region not in found.weather:
        gaps.append(Gap.HEAT.value)
    if unit.present is None:
        gaps.append(Gap.ONLINE.value)
    return gaps


# -- overrides -------------------------------------------------------------------------------------------


def _overrides(found: Gathered, tag: NDArray[np.int64], tags: Tags, weights: Weights) -> Overrides:
    second_s = np.full(len(tags), np.nan)
    rising, alarmed = np.zeros(len(tags), np.bool_), np.zeros(len(tags), np.bool_)
    silent_s = np.zeros(len(tags))
    kinds = {kind: number for number, kind in enumerate(sorted({one.point_kind for one in found.alarms}))}
    variable = np.zeros(len(tags), np.int64)
    for row, alarm in enumerate(found.alarms):
        place = tag[row]
        variable[place] = kinds[alarm.point_kind]
        if not alarm.open:
            continue
        latest = found.latest.get(alarm.point_number)
        alarmed[place] |= alarm.condition not in _DATA_ONLY
        if latest is not None:
            silent_s[place] = (found.at - latest.arrived_at).total_seconds()
        if alarm.condition is not Condition.HIGH_HIGH:
            continue
        if alarm.point_kind == "toxic_gas":
            second_s[place] = alarm.last_raised_at.timestamp()
        if alarm.active and latest is not None and latest.value is not None and alarm.value is not None:
            rising[place] |= latest.value > alarm.value
    first = np.array([unit.hazard is HazardLevel.FIRST for unit in found.units], np.bool_)
    return Overrides(
        toxic_tags(tags.unit, second_s, 60.0 * weights["override.toxic_min"]),
        rising_tags(tags.unit, variable, rising, len(found.units)),
        blind_tags(tags.unit, first, alarmed, silent_s, 60.0 * weights["override.silent_min"]),
    )


def _override_parts(
    found: Gathered, overrides: Overrides, tags: Tags, units: int
) -> list[list[dict[str, Any]]]:
    parts: list[list[dict[str, Any]]] = [[] for _ in range(units)]
    for rule, mask in (
        (Override.TOXIC, overrides.toxic),
        (Override.RISING, overrides.rising),
        (Override.BLIND, overrides.blind),
    ):
        causes: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for tag in np.flatnonzero(mask):
            alarm = found.alarms[tags.leading[tag]]
            causes[int(tags.unit[tag])].append(
                {"id": str(alarm.id), "tag": alarm.point_tag, "at": alarm.last_raised_at.isoformat()}
            )
        for unit, alarms in causes.items():
            parts[unit].append({"rule": rule.value, "alarms": alarms})
    return parts


# -- what is told ----------------------------------------------------------------------------------------


def _alarm_part(found: Gathered, tags: Tags, tag: int, points: int) -> dict[str, Any]:
    alarm = found.alarms[tags.leading[tag]]
    return {
        "kind": PartKind.ALARM.value,
        "points": points / 100.0,
        "id": str(alarm.id),
        "thread": str(alarm.thread),
        "name": alarm.point_name,
        "tag": alarm.point_tag,
        "point_id": str(alarm.point_id),
        "point_number": alarm.point_number,
        "point_kind": alarm.point_kind,
        "condition": alarm.condition.value,
        "limit_id": str(alarm.limit_id),
        "threshold": alarm.threshold,
        "value": alarm.value,
        "unit": alarm.unit,
        "at": alarm.last_raised_at.isoformat(),
        "open": bool(tags.open_s[tag] > 0),
        "open_min": round(float(tags.open_s[tag]) / 60.0, 1),
        "raises": int(tags.raises[tag]),
        "weight": float(tags.kind_weight[tag]),
        "severity": float(tags.severity[tag]),
    }


def _fact_part(fact: Fact, points: int) -> dict[str, Any]:
    return {
        "kind": fact.kind.value,
        "points": points / 100.0,
        "key": fact.key,
        "weight": fact.points,
        "about": fact.about,
    }


def inputs_of(found: Gathered, scores: UnitScores, unit: int) -> dict[str, Any]:
    """What a run of one unit says it was computed from."""
    tags = scores.tags
    return {
        "at": found.at.isoformat(),
        "alarms": [
            {
                "alarm": str(found.alarms[tags.leading[tag]].id),
                "tag": found.alarms[tags.leading[tag]].point_tag,
                "weight": float(tags.kind_weight[tag]),
                "severity": float(tags.severity[tag]),
                "open_s": round(float(tags.open_s[tag]), 3),
                "raises": int(tags.raises[tag]),
            }
            for tag in np.flatnonzero(tags.unit == unit)
        ],
        "facts": [
            {"key": fact.key, "points": fact.points, "about": fact.about}
            for fact in scores.facts
            if fact.unit == unit
        ],
    }
