"""What other apps may know about gateways, points and limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.points.states import GatewayState, PointKind
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.quality import Quality
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty


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
class TemplateRule:
    """One rule of a template: what is to be watched at every point of a kind, and where the figures come from.

    A template is a list of these, usually the rows of a standards table:
    ``template`` is the table's code, ``version`` the number of its version and
    ``key`` the row's. It is for points of ``point_kind`` measured in ``unit``;
    ``threshold`` and ``deadband`` are in that unit (a rate's: in it per minute),
    times in seconds. Figures that a kind does not use stay at their defaults;
    what each kind needs is said at `LimitSpec`. ``name`` tells rules of one
    kind apart for the reader. ``source`` names standard and clause, and
    whatever is not ``SURE`` is shown as to be confirmed.
    """

    template: str
    version: int
    key: str
    family: str
    name: Text
    point_kind: PointKind
    unit: str
    condition: Condition
    threshold: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    window_s: float = 0.0
    needed: int | None = None
    repeat_count: int = 1
    repeat_window_s: float = 0.0
    calendar: str = ""
    level: AlarmLevel | None = None
    source: str = ""
    certainty: Certainty = Certainty.UNSURE


@dataclass(frozen=True)
class TemplateOrigin:
    """Which row of which version of a template a limit was made from, and what was changed in doing so."""

    template: str
    version: int
    key: str
    certainty: Certainty
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True)
class LimitSpec:
    """A rule to set; figures in the point's unit, times in seconds of event time.

    The kinds and what they need beside what every one has:

    - the four limits: ``threshold``;
    - ``no_data``: ``on_delay_s``, the silence allowed, in arrival time;
    - ``rising``, ``falling``: ``threshold`` in the unit per minute, over ``window_s``;
    - ``deviation``: ``threshold``, the distance from the newest value of ``reference_id``;
    - ``frozen``: ``threshold``, the widest spread that is still, for ``window_s``
      and ``needed`` readings (3), while ``reference_id``, if given, says that the plant runs;
    - ``range``: nothing, the point has its range;
    - ``combined``: ``members``, limits of points of one unit, of which ``needed`` hold (None: all).

    ``repeat_count`` crossings within ``repeat_window_s`` raise a limit, a
    deviation or a range. ``calendar`` is a weekly calendar (`calendars`), and
    the rule is in force from ``valid_from`` until before ``valid_until``.
    ``silent`` rules raise no alarm: they are there to be members.
    """

    point_id: UUID
    kind: Condition
    threshold: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    level: AlarmLevel | None = None
    enabled: bool = True
    note: str = ""
    name: str = ""
    window_s: float = 0.0
    reference_id: UUID | None = None
    needed: int | None = None
    repeat_count: int = 1
    repeat_window_s: float = 0.0
    calendar: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    silent: bool = False
    members: tuple[UUID, ...] = ()
    origin: TemplateOrigin | None = None


@dataclass(frozen=True)
class AppliedTemplate:
    """What became of a template: the limits made or replaced, and points that no rule of it is for."""

    limits: tuple["LimitView", ...]
    unmatched: tuple[UUID, ...]


@dataclass(frozen=True)
class RuleFigures:
    """A rule as it stood in one version: in force from *since* (None: from its making) until *until*."""

    limit_id: UUID
    version: int
    since: datetime | None
    until: datetime | None
    figures: Mapping[str, object]


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
    silent: bool = False
    origin: TemplateOrigin | None = None


@dataclass(frozen=True)
class AlarmOrigin:
    """All that an alarm copies from its limit, point, gateway and timeline when it is raised."""

    limit_number: int
    limit_id: UUID
    limit_version: int
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
