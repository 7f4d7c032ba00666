"""An alarm and an entry of its time line as the API and the live stream show them."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import computed_field

from anlan.domains.monitoring.alarms.states import AlarmEventKind, AlarmState, Cause
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.levels import AlarmLevel, Condition


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
    enterprise_id: UUID
    enterprise_name: str
    process_unit_name: str
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
    region: str
    zone: str | None

    @staticmethod
    def resolve_cause(event: object) -> str | None:
        """The cause, when the entry is a confirmation."""
        return getattr(event, "cause", None) or None
