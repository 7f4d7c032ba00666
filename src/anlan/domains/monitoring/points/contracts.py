"""What other apps may know about gateways, points and limits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.points.states import GatewayState, PointKind
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.quality import Quality


@dataclass(frozen=True)
class GatewayView:
    """A gateway as other apps see it; the key is never part of it."""

    id: UUID
    number: int
    source: str
    name: str
    state: GatewayState
    enterprise_id: UUID
    timeline: UUID | None
    version: int


@dataclass(frozen=True)
class GatewayKey:
    """A gateway with its key, shown once when the key is made."""

    gateway: GatewayView
    key: str


@dataclass(frozen=True)
class PointView:
    """A point as other apps see it; its own place in degrees of WGS-84 where it is known."""

    id: UUID
    number: int
    tag: str
    name: str
    unit: str
    kind: PointKind
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    gateway_id: UUID
    region: str
    zone: str | None
    synthetic: bool
    version: int
    range_low: float | None = None
    range_high: float | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class PointSpec:
    """What recording a point needs; ``sampling_s`` and ``stale_after_s`` in seconds."""

    tag: str
    name: str
    unit: str
    kind: PointKind
    sampling_s: float
    stale_after_s: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    process_unit_id: UUID | None = None
    simulated: bool = False
    synthetic: bool = False
    source: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class LimitSpec:
    """A limit to set; figures in the point's unit, delays in seconds of event time."""

    point_id: UUID
    kind: Condition
    threshold: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    level: AlarmLevel | None = None
    enabled: bool = True
    note: str = ""


@dataclass(frozen=True)
class LimitView:
    """A limit as other apps see it; figures in the point's unit, delays in seconds.

    ``warnings`` names what was accepted although it looks odd.
    """

    id: UUID
    number: int
    point_id: UUID
    kind: Condition
    threshold: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    level: AlarmLevel
    enabled: bool
    version: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class AlarmOrigin:
    """All that an alarm copies from its limit, point, gateway and timeline when it is raised."""

    limit_number: int
    limit_id: UUID
    condition: Condition
    level: AlarmLevel
    threshold: float | None
    point_id: UUID
    point_number: int
    point_tag: str
    point_name: str
    point_kind: PointKind
    unit: str
    gateway_id: UUID
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    region: str
    zone: str | None
    timeline: UUID | None
    exercise: bool
    synthetic: bool


@dataclass(frozen=True)
class GatewayWatch:
    """A gateway and how many of its points are watched for silence."""

    id: UUID
    number: int
    source: str
    name: str
    watched: int


@dataclass(frozen=True)
class LatestReading:
    """The newest reading of a point, in its unit; *value* None when it was not a number's."""

    event_at: datetime
    arrived_at: datetime
    value: float | None
    quality: Quality


@dataclass(frozen=True)
class Presence:
    """How many live points a unit has, and how many of them are heard of as agreed."""

    enterprise_id: UUID
    process_unit_id: UUID | None
    points: int
    online: int


@dataclass(frozen=True)
class DeadLetterItem:
    """One refused message or reading on its way into the table.

    ``key`` names its place in the log, so that a repeat stores nothing again;
    ``reason`` is the door's code, ``payload`` what was sent, as text.
    """

    key: str
    at: datetime
    source: str
    reason: str
    detail: str = ""
    tag: str = ""
    count: int = 1
    payload: str = ""
