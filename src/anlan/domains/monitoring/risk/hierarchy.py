"""Unit → enterprise → park or county → city → region: each stage rolled up from the one below it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np

from anlan.domains.monitoring.enterprises.contracts import PlacedEnterprise
from anlan.domains.monitoring.risk.gathering import Gathered
from anlan.domains.monitoring.risk.scoring import UnitScores
from anlan.domains.monitoring.risk.states import Override, PartKind, SubjectKind
from anlan.kernel.levels import RiskLevel
from anlan.kernel.regions import RegionLevel, level_of
from anlan.science.risk import LEVELS, NEVER, Weights, code_of, held_levels, levels_of, roll_up

Key = tuple[str, str]
"""Kind and key of a subject."""


@dataclass(frozen=True)
class Subject:
    """What is scored, and where it belongs; *score_id* is its score's, old or new."""

    kind: SubjectKind
    key: str
    score_id: UUID
    name: str
    region: str
    zone: str | None = None
    subject_id: UUID | None = None
    enterprise_id: UUID | None = None
    enterprise_name: str = ""
    place: tuple[float, float] | None = None
    synthetic: bool = False


@dataclass(frozen=True)
class Standing:
    """A subject with its score: *index* in hundredths, *level* the code that stands."""

    subject: Subject
    index: int
    level: int
    below_since: tuple[float, ...]
    weight: float
    parts: Sequence[Mapping[str, Any]]
    overrides: Sequence[Mapping[str, Any]] = ()
    gaps: Sequence[str] = ()
    worst: "Standing | None" = None

    @property
    def risk_level(self) -> RiskLevel | None:
        """The level in words."""
        return LEVELS[self.level]


@dataclass(frozen=True)
class Places:
    """Names of divisions and zones, and the division above each."""

    region_names: Mapping[str, str]
    above: Mapping[str, str | None]
    zone_names: Mapping[str, str]


@dataclass
class Ladder:
    """Builds all stages; *before* is since when each subject was below each colour, *id_of* gives a score's id."""

    weights: Weights
    now_s: float
    before: Mapping[Key, Sequence[float]]
    id_of: Callable[[Key], UUID]
    places: Places
    stages: list[list[Standing]] = field(default_factory=list)
    _owners: dict[UUID, PlacedEnterprise] = field(default_factory=dict)

    def climb(self, found: Gathered, scores: UnitScores) -> list[Standing]:
        """Every subject with its score, from units up to the region."""
        units = self._units(found, scores)
        enterprises = self._stage(units, self._enterprise)
        self._stage(enterprises, self._park)
        counties = self._stage(enterprises, self._county)
        in_no_county = [one for one in enterprises if level_of(one.subject.region) is not RegionLevel.COUNTY]
        cities = self._stage([*counties, *in_no_county], self._city)
        self._stage(cities, self._region)
        return [one for stage in self.stages for one in stage]

    # -- what stands above what --------------------------------------------------------------------------

    def _units(self, found: Gathered, scores: UnitScores) -> list[Standing]:
        subjects = [
            Subject(
                SubjectKind.UNIT,
                str(unit.id),
                self.id_of((SubjectKind.UNIT, str(unit.id))),
                unit.name,
                unit.enterprise.region,
                unit.enterprise.zone,
                unit.id,
                unit.enterprise.id,
                unit.enterprise.short_name,
                synthetic=unit.synthetic,
            )
            for unit in found.units
        ]
        reached = np.where(scores.red, code_of(RiskLevel.MAJOR), levels_of(scores.index, self.weights))
        levels, since = self._held(subjects, reached)
        made = [
            Standing(
                subject,
                int(scores.index[row]),
                int(levels[row]),
                tuple(since[row].tolist()),
                self.weights[f"weight.{found.units[row].hazard}"],
                scores.parts[row],
                scores.overrides[row],
                scores.gaps[row],
            )
            for row, subject in enumerate(subjects)
        ]
        self._owners = {unit.enterprise.id: unit.enterprise for unit in found.units}
        self.stages.append(made)
        return made

    def _enterprise(self, unit: Subject) -> Subject | None:
        if unit.enterprise_id is None:
            return None
        owner = self._owners[unit.enterprise_id]
        place = (owner.lon, owner.lat) if owner.lon is not None and owner.lat is not None else None
        return Subject(
            SubjectKind.ENTERPRISE,
            str(owner.id),
            self.id_of((SubjectKind.ENTERPRISE, str(owner.id))),
            owner.short_name,
            owner.region,
            owner.zone,
            owner.id,
            owner.id,
            owner.short_name,
            place,
            owner.synthetic,
        )

    def _park(self, enterprise: Subject) -> Subject | None:
        """The part of the park that lies in the enterprise's county: a row that only its county's people see."""
        if enterprise.zone is None:
            return None
        key = f"{enterprise.zone}@{enterprise.region}"
        name = f"{self.places.zone_names[enterprise.zone]}（{self.places.region_names[enterprise.region]}）"
        return self._division(SubjectKind.PARK, key, name, enterprise.region, enterprise.zone)

    def _county(self, enterprise: Subject) -> Subject | None:
        if level_of(enterprise.region) is not RegionLevel.COUNTY:
            return None
        return self._named(SubjectKind.COUNTY, enterprise.region)

    def _city(self, child: Subject) -> Subject | None:
        own = level_of(child.region) is RegionLevel.PREFECTURE
        return self._named(SubjectKind.CITY, child.region if own else self.places.above.get(child.region))

    def _region(self, city: Subject) -> Subject | None:
        return self._named(SubjectKind.REGION, self.places.above.get(city.region))

    def _named(self, kind: SubjectKind, code: str | None) -> Subject | None:
        return self._division(kind, code, self.places.region_names[code], code) if code else None

    def _division(
        self, kind: SubjectKind, key: str, name: str, region: str, zone: str | None = None
    ) -> Subject:
        return Subject(kind, key, self.id_of((kind, key)), name, region, zone)

    # -- one stage ---------------------------------------------------------------------------------------

    def _stage(
        self, children: Sequence[Standing], parent_of: Callable[[Subject], Subject | None]
    ) -> list[Standing]:
        """The parents of *children*; a child without one counts in none."""
        belonging = [(child, parent_of(child.subject)) for child in children]
        pairs = [(child, parent) for child, parent in belonging if parent is not None]
        subjects = list({parent.key: parent for _, parent in pairs}.values())
        row = {subject.key: place for place, subject in enumerate(subjects)}
        of = np.array([row[parent.key] for _, parent in pairs], np.int64)
        index = np.array([child.index for child, _ in pairs], np.int64)
        level = np.array([child.level for child, _ in pairs], np.int64)
        weight = np.array([child.weight for child, _ in pairs], float)
        rolled = roll_up(len(subjects), of, index, level, weight, self.weights)
        own, since = self._held(subjects, levels_of(rolled.index, self.weights))
        members: list[list[int]] = [[] for _ in subjects]
        for place, parent in enumerate(of.tolist()):
            members[parent].append(place)
        standing = []
        for place, subject in enumerate(subjects):
            below = [(pairs[row][0], int(rolled.of_child[row])) for row in members[place]]
            standing.append(
                Standing(
                    replace(subject, synthetic=any(child.subject.synthetic for child, _ in below)),
                    int(rolled.index[place]),
                    max(int(own[place]), int(rolled.worst_level[place])),
                    tuple(since[place].tolist()),
                    sum(child.weight for child, _ in below),
                    sorted(
                        (_child_part(child, points) for child, points in below),
                        key=lambda part: (-part["points"], part["name"]),
                    ),
                    _overrides_below(child for child, _ in below),
                    worst=pairs[rolled.worst[place]][0],
                )
            )
        self.stages.append(standing)
        return standing

    def _held(self, subjects: Sequence[Subject], reached: Any) -> Any:
        before = np.array(
            [self.before.get((one.kind, one.key), (NEVER,) * 4) for one in subjects], float
        ).reshape(-1, 4)
        return held_levels(reached, before, self.now_s, self.weights)


def _child_part(child: Standing, points: int) -> dict[str, Any]:
    return {
        "kind": PartKind.CHILD.value,
        "points": points / 100.0,
        "id": str(child.subject.score_id),
        "name": child.subject.name,
        "index": child.index / 100.0,
        "level": child.risk_level.value if child.risk_level else None,
        "weight": child.weight,
    }


def _overrides_below(children: Iterable[Standing]) -> list[Mapping[str, Any]]:
    """Which rules make something below red, each once: told on the parent too, so that nobody has to look for it."""
    seen: dict[str, None] = {}
    for child in children:
        seen |= dict.fromkeys(str(one["rule"]) for one in child.overrides)
    return [{"rule": rule.value} for rule in Override if rule.value in seen]
