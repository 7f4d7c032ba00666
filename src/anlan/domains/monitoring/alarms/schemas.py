"""An alarm and an entry of its time line as the API and the live stream show them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import computed_field

from anlan.domains.monitoring.alarms.states import (
    AlarmEventKind,
    AlarmState,
    Cause,
    Dimension,
    GroupScope,
    GroupState,
    Suppression,
)
from anlan.domains.monitoring.alarms.suppression_states import MaintenanceState, ShelvingState
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.resources import labelled


class AlarmOut(Schema):
    """One row of the alarm desk; the same in lists, details and ``alarm`` events."""

    id: UUID
    thread: UUID
    state: AlarmState
    level: AlarmLevel
    condition: Condition
    cause: Cause | None
    value: float | None
    threshold: float | None
    unit: str
    raised_at: datetime
    last_raised_at: datetime
    arrived_at: datetime
    committed_at: datetime
    returned_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    closed_at: datetime | None
    count: int
    re_raised: bool
    point_id: UUID
    point_number: int
    point_tag: str
    point_name: str
    point_kind: PointKind
    limit_id: UUID
    limit_version: int | None = labelled("规则版本", "Version of the rule")
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    gateway_id: UUID | None
    of_gateway: bool
    parent_id: UUID | None
    group_id: UUID | None
    suppression: Suppression
    suppressed_by: UUID | None
    announced_at: datetime | None
    chattering: bool
    fleeting: bool
    assigned_to: UUID | None
    assigned_role: str
    assigned_name: str
    assigned_at: datetime | None
    escalation: int
    region: str
    zone: str | None
    timeline: UUID | None
    exercise: bool
    synthetic: bool
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def active(self) -> bool:
        """Whether the condition still holds."""
        return self.returned_at is None

    @staticmethod
    def resolve_cause(alarm: object) -> str | None:
        """The cause, once confirmed."""
        return getattr(alarm, "cause", None) or None


class AlarmEventOut(Schema):
    """One entry of an alarm's time line."""

    id: UUID
    alarm_id: UUID
    kind: AlarmEventKind
    at: datetime
    recorded_at: datetime
    actor: str
    value: float | None
    cause: Cause | None
    note: str
    suppression: Suppression
    region: str
    zone: str | None

    @staticmethod
    def resolve_cause(event: object) -> str | None:
        """The cause, when the entry is a confirmation."""
        return getattr(event, "cause", None) or None


class AlarmGroupOut(Schema):
    """A flood of alarms; the same in lists, details and ``alarm_group`` events."""

    id: UUID
    thread: UUID
    scope: GroupScope
    subject: str
    name: str
    state: GroupState
    level: AlarmLevel
    count: int
    began_at: datetime
    last_at: datetime
    subsided_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    escalation: int
    region: str
    zone: str | None
    timeline: UUID | None
    exercise: bool
    synthetic: bool
    version: int


class ShelvingOut(Schema):
    """A shelving as a row and as a detail."""

    id: UUID
    alarm_id: UUID
    point_tag: str
    point_name: str
    condition: Condition
    level: AlarmLevel
    enterprise_id: UUID
    enterprise_name: str
    state: ShelvingState
    minutes: int
    reason: str
    requested_by: str
    requested_at: datetime
    approved_by: str
    began_at: datetime | None
    until: datetime | None
    ended_at: datetime | None
    ended_by: str
    note: str
    happened: int
    region: str
    zone: str | None
    exercise: bool
    synthetic: bool
    version: int


class MaintenanceOut(Schema):
    """A declared maintenance window as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    point_tags: str
    state: MaintenanceState
    starts_at: datetime
    ends_at: datetime
    reason: str
    declared_by: str
    declared_at: datetime
    ended_at: datetime | None
    ended_by: str
    note: str
    suppressed: int
    region: str
    zone: str | None
    synthetic: bool
    version: int

    @staticmethod
    def resolve_point_tags(window: Any) -> str:
        """The tags as one text, as they are entered."""
        return "、".join(window.point_tags)


class AlarmKpiOut(Schema):
    """The figures of one subject in a monthly report."""

    id: UUID
    report_id: UUID
    month: str
    dimension: Dimension
    name: str
    announced: int
    quieted: int
    average_per_10_min: float
    peak_in_10_min: int
    flood_share: float
    flood_minutes: int
    standing: int
    stale: int
    chattering: int
    fleeting: int
    first_level_share: float | None
    acknowledge_median_s: float | None
    acknowledge_p90_s: float | None
    region: str
    zone: str | None


class AlarmReportOut(Schema):
    """A monthly report as a row."""

    id: UUID
    number: str
    month: str
    serial: int
    title: str
    made_by: str
    made_at: datetime
    digest: str
    region: str
    zone: str | None
    synthetic: bool
