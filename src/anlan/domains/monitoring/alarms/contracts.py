"""What other apps may know about alarms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.alarms.states import AlarmState, Cause, Suppression
from anlan.kernel.levels import AlarmLevel, Condition


@dataclass(frozen=True)
class AlarmView:
    """An alarm as other apps see it; *active* while its condition has not returned to normal.

    *suppression* says whether it was announced, and if not why not.
    """

    id: UUID
    thread: UUID
    state: AlarmState
    level: AlarmLevel
    condition: Condition
    cause: Cause | None
    active: bool
    count: int
    raised_at: datetime
    suppression: Suppression
    point_id: UUID
    enterprise_id: UUID
    region: str
    zone: str | None
    timeline: UUID | None
    exercise: bool
    version: int


@dataclass(frozen=True)
class WindowAlarm:
    """An alarm of the live timeline as a computation over a window of time needs it; *raises* lie in the window."""

    id: UUID
    thread: UUID
    condition: Condition
    level: AlarmLevel
    suppression: Suppression
    open: bool
    active: bool
    raised_at: datetime
    last_raised_at: datetime
    value: float | None
    threshold: float | None
    unit: str
    raises: int
    limit_id: UUID
    point_id: UUID
    point_number: int
    point_tag: str
    point_name: str
    point_kind: str
    enterprise_id: UUID


@dataclass(frozen=True)
class Unresolved:
    """How many points of an enterprise have an alarm that is not closed, and since when the oldest has been."""

    points: int
    since: datetime
