"""From transitions of conditions to changes of alarms, one condition after the other; no I/O.

The rule of the desk: a condition has at most one open alarm. When it becomes
active again before that alarm is closed, the alarm counts it and goes on where
it stands; once closed, the next crossing opens a new alarm.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from anlan.domains.monitoring.alarms.hygiene import Behaviour, fleeting
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.states import AlarmEventKind, AlarmState
from anlan.domains.monitoring.points.contracts import AlarmOrigin
from anlan.kernel.clock import from_ms
from anlan.kernel.ids import new_id

PROCESS = "evaluator"
ACTIVATIONS = (AlarmEventKind.RAISED.value, AlarmEventKind.RE_RAISED.value)


@dataclass(frozen=True)
class Crossing:
    """A condition that became active (*raised*) or returned to normal; times in UTC milliseconds.

    *value* is the deciding reading, None for no-data.
    """

    condition: int
    raised: bool
    event_ms: int
    arrived_ms: int
    value: float | None


@dataclass
class Changes:
    """Alarms made and changed, and the entries of their time lines, in order; *actor* is who made them."""

    actor: str = PROCESS
    opened: list[Alarm] = field(default_factory=list)
    touched: dict[int, Alarm] = field(default_factory=dict)
    events: list[AlarmEvent] = field(default_factory=list)

    def note(self, alarm: Alarm, kind: AlarmEventKind, crossing: Crossing, recorded_at: datetime) -> None:
        """Put an entry on the alarm's time line."""
        self.entry(alarm, kind, from_ms(crossing.event_ms), recorded_at, value=crossing.value)

    def entry(
        self,
        alarm: Alarm,
        kind: AlarmEventKind,
        at: datetime,
        recorded_at: datetime,
        *,
        value: float | None = None,
        note: str = "",
    ) -> AlarmEvent:
        """The same for what no crossing says by itself."""
        made = AlarmEvent(
            id=new_id(),
            alarm=alarm,
            kind=kind.value,
            at=at,
            recorded_at=recorded_at,
            actor=self.actor,
            value=value,
            note=note,
            region=alarm.region,
            zone=alarm.zone,
        )
        self.events.append(made)
        return made

    def touch(self, alarm: Alarm) -> None:
        """Count a change; an alarm that was opened in the same batch is written once, as it ends up."""
        if not alarm._state.adding:
            self.touched[alarm.limit_number] = alarm
            alarm.version += 1

    def changed(self) -> list[Alarm]:
        """Alarms made and changed, in that order."""
        return [*self.opened, *self.touched.values()]

    def activations(self) -> list[AlarmEvent]:
        """The entries that say that a condition became active, in order."""
        return [event for event in self.events if event.kind in ACTIVATIONS]


def fold(
    crossings: Iterable[Crossing],
    open_alarms: Mapping[int, Alarm],
    origins: Mapping[int, AlarmOrigin],
    *,
    partition: int,
    recorded_at: datetime,
    behaviour: Behaviour,
) -> Changes:
    """Apply *crossings* in order to *open_alarms* (by limit number).

    What changes nothing is left out: a crossing of an alarm that is active
    already, a return of one that has returned or that nobody opened, and
    anything about a limit that no longer exists.
    """
    current = dict(open_alarms)
    changes = Changes()
    for crossing in crossings:
        alarm = current.get(crossing.condition)
        if alarm is None:
            origin = origins.get(crossing.condition)
            if crossing.raised and origin is not None:
                current[crossing.condition] = _open(changes, crossing, origin, partition, recorded_at)
        elif crossing.raised and alarm.returned_at is not None:
            _raise_again(changes, alarm, crossing, recorded_at)
        elif not crossing.raised and alarm.returned_at is None:
            _return(changes, alarm, crossing, recorded_at, behaviour)
    return changes


def _open(
    changes: Changes, crossing: Crossing, origin: AlarmOrigin, partition: int, recorded_at: datetime
) -> Alarm:
    alarm = Alarm(
        id=new_id(),
        state=AlarmState.RAISED.value,
        level=origin.level.value,
        condition=origin.condition.value,
        value=crossing.value,
        threshold=origin.threshold,
        unit=origin.unit,
        raised_at=from_ms(crossing.event_ms),
        last_raised_at=from_ms(crossing.event_ms),
        arrived_at=from_ms(crossing.arrived_ms),
        point_id=origin.point_id,
        point_number=origin.point_number,
        point_tag=origin.point_tag,
        point_name=origin.point_name,
        point_kind=origin.point_kind.value,
        limit_id=origin.limit_id,
        limit_number=origin.limit_number,
        limit_version=origin.limit_version,
        enterprise_id=origin.enterprise_id,
        enterprise_name=origin.enterprise_name,
        gateway_id=origin.gateway_id,
        process_unit_id=origin.process_unit_id,
        process_unit_name=origin.process_unit_name,
        timeline=origin.timeline,
        exercise=origin.exercise,
        synthetic=origin.synthetic,
        region=origin.region,
        zone=origin.zone,
        partition=partition,
    )
    changes.opened.append(alarm)
    changes.note(alarm, AlarmEventKind.RAISED, crossing, recorded_at)
    return alarm


def _raise_again(changes: Changes, alarm: Alarm, crossing: Crossing, recorded_at: datetime) -> None:
    alarm.returned_at = None
    alarm.last_raised_at = from_ms(crossing.event_ms)
    alarm.value = crossing.value
    alarm.count += 1
    alarm.re_raised = alarm.re_raised or alarm.state != AlarmState.RAISED
    changes.touch(alarm)
    changes.note(alarm, AlarmEventKind.RE_RAISED, crossing, recorded_at)


def _return(
    changes: Changes, alarm: Alarm, crossing: Crossing, recorded_at: datetime, behaviour: Behaviour
) -> None:
    alarm.returned_at = from_ms(crossing.event_ms)
    brief = alarm.state == AlarmState.RAISED and fleeting(alarm.last_raised_at, alarm.returned_at, behaviour)
    alarm.fleeting = brief and (alarm.fleeting or alarm.count == 1)
    changes.touch(alarm)
    changes.note(alarm, AlarmEventKind.RETURNED, crossing, recorded_at)
