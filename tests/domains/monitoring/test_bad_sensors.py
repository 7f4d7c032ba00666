"""Tester behaviour 2: a frozen sensor, a chattering one, three hours of outage with back-fill.

No false red, no lost alarm, and what came late rewrites nothing that is closed. Rules, step, log frames
and sink are the real ones.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.domains.monitoring.test_alarm_hygiene import HOUR, MINUTE, NOON, SOON, alarms, at, officer
from tests.people import as_service
from tests.stream.evaluator.bench import frame_of

from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.services import close_alarm, confirm_alarm, handle_alarm
from anlan.domains.monitoring.alarms.sink import DatabaseTransitionSink
from anlan.domains.monitoring.alarms.states import Cause
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.rules import DatabaseRuleSource
from anlan.domains.monitoring.points.services import set_limits
from anlan.domains.monitoring.warnings.contracts import WarningView
from anlan.domains.monitoring.warnings.models import Warning
from anlan.domains.monitoring.warnings.services import (
    close_warning,
    feed_back,
    sign_warning,
    verify_warning,
    warn_from_alarm,
)
from anlan.kernel.clock import to_ms
from anlan.kernel.levels import AlarmLevel, Condition, WarningLevel
from anlan.platform.commands import acting_as, read_scope
from anlan.ports.telemetry import LogEntry
from anlan.science.signals.reference import Reading
from anlan.stream.evaluator.memory import Memory, rules_of

SECOND = timedelta(seconds=1)


class Line:
    """The way of a reading: frame, log entry, step, sink; one gateway that numbers its batches."""

    def __init__(self, point: int, since: datetime) -> None:
        self.point, self.entries = point, 0
        self.memory = Memory.blank(rules_of(DatabaseRuleSource().conditions()), 0)
        self.memory.listen_from(to_ms(since))
        self.sink = DatabaseTransitionSink()

    def sends(self, readings: Sequence[tuple[datetime, float]], *, arrived: datetime) -> None:
        """One batch of values by the time they were measured at, taken by the door at *arrived*."""
        self.entries += 1
        measured = [Reading(self.point, to_ms(moment), value) for moment, value in readings]
        frame = frame_of(self.entries, measured, arrived_ms=to_ms(arrived))
        changed = self.memory.take([LogEntry(self.entries, frame)])
        with at(arrived):
            self.sink.apply(0, self.entries, changed)

    def lives(self, start: datetime, step: timedelta, values: Sequence[float]) -> datetime:
        """Values one after the other as they happen; the time of the last."""
        for index, value in enumerate(values):
            self.sends([(start + index * step, value)], arrived=start + index * step)
        return start + (len(values) - 1) * step

    def keeps_silent_until(self, moment: datetime) -> None:
        with at(moment):
            self.sink.apply_beside(0, self.memory.silence(to_ms(moment)))


@pytest.fixture
def plant(db: Any) -> Plant:
    limits = {Condition.HIGH: 80.0, Condition.HIGH_HIGH: 90.0, Condition.NO_DATA: None}
    made = new_plant("tank-farm", limits=limits)
    frozen = LimitSpec(
        made.point, Condition.FROZEN, threshold=0.01, window_s=1800.0, needed=10, level=AlarmLevel.NOTICE
    )
    with as_service("demo"):
        set_limits([frozen])
    return made


@pytest.fixture
def line(plant: Plant) -> Line:
    return Line(plant.point_number, NOON)


def found() -> list[tuple[str, str, int]]:
    return [(alarm.condition, alarm.level, alarm.count) for alarm in alarms()]


def test_a_frozen_sensor_is_found_out_and_raises_nothing_red(line: Line) -> None:
    line.lives(NOON, MINUTE, [50.0] * 45)
    assert found() == [("frozen", "3", 1)]


def test_a_chattering_sensor_is_one_alarm_told_twice(line: Line) -> None:
    line.lives(NOON, 5 * SECOND, [79.0, 81.0] * 8)
    assert found() == [("H", "2", 8)]
    (alarm,) = alarms()
    assert alarm.chattering and alarm.announced_at == NOON + 15 * SECOND


def test_three_hours_of_outage_and_their_back_fill_raise_nothing_late_and_lose_nothing(line: Line) -> None:
    line.lives(NOON, 5 * SECOND, [70.0, 85.0, 70.0])
    closed, warning = _closed(alarms()[0]), _warned_and_closed(alarms()[0])
    for minutes in range(0, 181, 30):
        line.keeps_silent_until(NOON + MINUTE + minutes * MINUTE)
    assert found() == [("H", "2", 1), ("no_data", "3", 1)], "silence is an alarm of its own, once"

    back = NOON + 3 * HOUR + 5 * MINUTE
    spool = [(NOON + MINUTE + minute * MINUTE, 95.0 if minute == 60 else 60.0) for minute in range(170)]
    line.sends([(back, 60.0)], arrived=back)
    line.sends(spool, arrived=back + SOON)
    assert found() == [("H", "2", 1), ("no_data", "3", 1)], "the 95 of two hours ago is history, no siren"
    assert alarms(condition="no_data")[0].returned_at == back
    assert alarms(id=closed.id)[0].version == closed.version, "what is closed stays as it was closed"
    with as_service("demo"), read_scope():
        (told,) = Warning.objects.all()
    assert (told.id, told.version) == (warning.id, warning.version), "and so does its warning"

    line.lives(back + MINUTE, SECOND, [85.0, 95.0])
    assert found()[2:] == [("H", "2", 1), ("HH", "1", 1)], "what is wrong now is told now"


def _closed(alarm: Alarm) -> Alarm:
    with at(NOON + 30 * SECOND), acting_as(officer()):
        confirm_alarm(alarm.id, cause=Cause.REAL)
        handle_alarm(alarm.id, note="降温")
        close_alarm(alarm.id)
    (closed,) = alarms(id=alarm.id)
    assert closed.state == "closed"
    return closed


def _warned_and_closed(alarm: Alarm) -> WarningView:
    """A warning of the alarm that has gone all its way."""
    bureau = officer("local_bureau")
    with at(NOON + 40 * SECOND):
        with acting_as(officer()):
            id = warn_from_alarm(alarm.id, level=WarningLevel.BLUE, note="复核").id
        with acting_as(bureau):
            sign_warning(id)
            feed_back(id, measures="已降温")
        with acting_as(officer()):
            verify_warning(id, note="属实")
            return close_warning(id)
