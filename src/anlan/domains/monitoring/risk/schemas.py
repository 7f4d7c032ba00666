"""Scores, their history and their parts as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.risk.hints import Hints, models_of
from anlan.domains.monitoring.risk.states import Gap, Override, PartKind, SubjectKind
from anlan.kernel.levels import Condition, RiskLevel
from anlan.kernel.text import Text
from anlan.platform.http.problems import Label
from anlan.platform.resources import labelled
from anlan.science.risk import OUR_DEFAULTS


class AlarmOfPart(Schema):
    """The point, the minute and the rule behind a contribution, and the factors of its score s = w·L·T·N."""

    id: UUID
    point_id: UUID
    tag: str
    name: str
    condition: Condition
    limit_id: UUID
    threshold: float | None
    value: float | None
    unit: str
    at: datetime
    open: bool
    open_min: float
    raises: int
    weight: float
    severity: float


class PartOut(Schema):
    """What one thing contributes; the *points* of all parts add up to the index."""

    kind: PartKind
    title: Label
    points: float
    weight: float
    alarm: AlarmOfPart | None = None
    child: UUID | None = None
    child_index: float | None = None
    child_level: RiskLevel | None = None
    about: dict[str, Any] = {}

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> Self:
        """From a part as it is stored."""
        kind = PartKind(part["kind"])
        if kind is PartKind.ALARM:
            label = Condition(part["condition"]).label
            title = Label(
                zh=f"{part['name']}（{part['tag']}）{label.zh}",
                en=f"{part['name']} ({part['tag']}) {label.en}",
            )
            return cls(
                kind=kind,
                title=title,
                points=part["points"],
                weight=part["weight"],
                alarm=AlarmOfPart.model_validate(part),
            )
        if kind is PartKind.CHILD:
            return cls(
                kind=kind,
                title=Label(zh=part["name"], en=part["name"]),
                points=part["points"],
                weight=part["weight"],
                child=part["id"],
                child_index=part["index"],
                child_level=part["level"],
            )
        return cls(
            kind=kind,
            title=_label(OUR_DEFAULTS[part["key"]].title),
            points=part["points"],
            weight=part["weight"],
            about=part["about"],
        )


class OverrideAlarm(Schema):
    """An alarm that a rule rests on."""

    id: UUID
    tag: str
    at: datetime


class OverrideOut(Schema):
    """A rule that makes it red whatever the index says."""

    rule: Override
    title: Label
    alarms: list[OverrideAlarm]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From an override as it is stored."""
        rule = Override(stored["rule"])
        return cls(rule=rule, title=_label(rule.label), alarms=stored.get("alarms", []))


class StepOut(Schema):
    """One score on the way down."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID | None
    name: str
    index: float
    level: RiskLevel | None
    since: datetime
    worst_name: str
    parts: list[PartOut]
    overrides: list[OverrideOut]
    gaps: list[Label]
    table_version: str
    run: UUID | None

    @classmethod
    def of(cls, score: Any, parts: int | None = None) -> Self:
        """From a row, with its *parts* gravest parts (all of them when None)."""
        return cls(
            id=score.id,
            kind=score.kind,
            subject_id=score.subject_id,
            name=score.name,
            index=score.index,
            level=score.level or None,
            since=score.since,
            worst_name=score.worst_name,
            parts=[PartOut.of(part) for part in score.parts[:parts]],
            overrides=[OverrideOut.of(one) for one in score.overrides],
            gaps=[_label(Gap(gap).label) for gap in score.gaps],
            table_version=score.table_version,
            run=score.run,
        )


class ExplanationOut(Schema):
    """A score with all its parts, then the worst below it, and so on down to a unit and its alarms."""

    subject: StepOut
    path: list[StepOut]
    as_of: datetime


class RiskScoreOut(Schema):
    """A score as a row."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID | None
    name: str
    enterprise_id: UUID | None
    enterprise_name: str
    index: float
    level: RiskLevel | None
    since: datetime
    worst_name: str
    worst_level: RiskLevel | None
    overridden: bool
    computed_at: datetime
    region: str
    zone: str | None
    synthetic: bool

    @staticmethod
    def resolve_level(score: Any) -> str | None:
        """The level; none below the lowest colour."""
        return score.level or None

    @staticmethod
    def resolve_worst_level(score: Any) -> str | None:
        """The worst child's level."""
        return score.worst_level or None

    @staticmethod
    def resolve_overridden(score: Any) -> bool:
        """Whether a rule made it, or something below it, red."""
        return bool(score.overrides)


class RiskScoreDetail(RiskScoreOut):
    """A score with what it rests on."""

    table_version: str = labelled("权重表版本", "Version of the weights")
    run: UUID | None


class RiskChangeOut(Schema):
    """An entry of a score's history."""

    id: UUID
    score_id: UUID
    kind: SubjectKind
    name: str
    at: datetime
    index: float
    level: RiskLevel | None
    previous_level: RiskLevel | None
    run: UUID | None
    warning: UUID | None
    region: str
    zone: str | None
    synthetic: bool

    @staticmethod
    def resolve_level(change: Any) -> str | None:
        """The level from then on."""
        return change.level or None

    @staticmethod
    def resolve_previous_level(change: Any) -> str | None:
        """The level until then."""
        return change.previous_level or None


class HintOut(Schema):
    """One thing that the statistics point out; *figure* is the model's own measure of it."""

    model: str
    title: Label
    words: Label
    figure: float
    point_id: UUID | None = None
    tag: str = ""


class HintModelOut(Schema):
    """The card behind a hint: what it is, how far it was checked, and its reservations."""

    id: str
    version: str
    title: Label
    purpose: Label
    applicability: Label
    verification: Label
    references: list[str]
    caveats: list[Label]


class HintsOut(Schema):
    """Statistical hints about a unit: they raise no alarm and lower no level."""

    hints: list[HintOut]
    without: list[Label]
    models: list[HintModelOut]
    trained_from: datetime
    watched_from: datetime
    trained: int
    points: int
    as_of: datetime

    @classmethod
    def of(cls, found: Hints) -> Self:
        """From what was found."""
        return cls(
            hints=[
                HintOut(
                    model=one.model.id,
                    title=_label(one.model.title),
                    words=_label(one.words),
                    figure=one.figure,
                    point_id=one.point.id if one.point else None,
                    tag=one.point.tag if one.point else "",
                )
                for one in found.found
            ],
            without=[_label(words) for words in found.without],
            models=[
                HintModelOut(
                    id=card.id,
                    version=card.version,
                    title=_label(card.title),
                    purpose=_label(card.purpose),
                    applicability=_label(card.applicability),
                    verification=_label(card.verification.label),
                    references=list(card.references),
                    caveats=[_label(caveat.words) for caveat in card.caveats],
                )
                for card in models_of(found).values()
            ],
            trained_from=found.trained_from,
            watched_from=found.watched_from,
            trained=found.trained,
            points=found.points,
            as_of=found.at,
        )


def _label(words: Text) -> Label:
    return Label(zh=words.zh, en=words.en)
