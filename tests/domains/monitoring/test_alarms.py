"""From crossings to alarms: one open alarm for each condition of a point, nothing lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import psycopg
import pytest
from tests.domains.monitoring.plant import HIGH_80, MS, Plant, cross, new_plant, raise_alarm
from tests.people import LINGWU, as_service, new_principal

from anlan.domains.monitoring.alarms.crossings import Crossing
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.services import (
    apply_crossings,
    close_alarm,
    confirm_alarm,
    handle_alarm,
)
from anlan.domains.monitoring.alarms.sink import DatabaseTransitionSink
from anlan.domains.monitoring.alarms.states import Cause
from anlan.kernel.clock import from_ms
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope
from anlan.ports.rules import TransitionColumns

H, HH, NO_DATA = Condition.HIGH, Condition.HIGH_HIGH, Condition.NO_DATA


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm", limits={**HIGH_80, HH: 90.0, NO_DATA: None})


def alarms() -> list[Alarm]:
    with as_service("demo"), read_scope():
        return list(Alarm.objects.order_by("raised_at", "limit_number"))


def story(alarm: Alarm) -> list[tuple[str, float | None]]:
    with as_service("demo"), read_scope():
        return list(AlarmEvent.objects.filter(alarm=alarm).values_list("kind", "value"))


def test_a_crossing_opens_an_alarm_that_says_all_that_held_at_that_moment(plant: Plant) -> None:
    raise_alarm(plant, 91.5)
    (alarm,) = alarms()
    assert (alarm.state, alarm.level, alarm.condition, alarm.value, alarm.threshold, alarm.unit) == (
        "raised",
        "2",
        "H",
        91.5,
        80.0,
        "°C",
    )
    assert (alarm.raised_at, alarm.arrived_at) == (from_ms(MS), from_ms(MS + 40))
    assert (alarm.point_tag, alarm.enterprise_name, alarm.process_unit_name) == (
        "TI-101",
        "tank-farm化工",
        "罐区",
    )
    assert (alarm.region, alarm.count, alarm.returned_at, alarm.version) == (LINGWU, 1, None, 1)
    assert story(alarm) == [("raised", 91.5)]


def test_a_limit_changed_later_does_not_rewrite_the_alarm(plant: Plant) -> None:
    from anlan.domains.monitoring.points.services import update_limit, update_point

    raise_alarm(plant)
    with as_service("demo"):
        update_limit(plant.limits[H], version=1, changes={"threshold": 85.0})
        update_point(plant.point, version=1, changes={"name": "改名"})
    (alarm,) = alarms()
    assert (alarm.threshold, alarm.point_name) == (80.0, "储罐温度")


def test_a_second_crossing_while_it_is_open_counts_and_opens_no_second_alarm(plant: Plant) -> None:
    raise_alarm(plant)
    assert cross(plant, (H, False, 70.0), (H, True, 95.0), at_ms=MS + 60_000) == 0
    (alarm,) = alarms()
    assert (alarm.count, alarm.value, alarm.returned_at, alarm.state) == (2, 95.0, None, "raised")
    assert (alarm.raised_at, alarm.last_raised_at) == (from_ms(MS), from_ms(MS + 61_000))
    assert [kind for kind, _ in story(alarm)] == ["raised", "returned", "re_raised"]
    assert not alarm.re_raised, "nobody had looked at it yet"


def test_raised_again_after_somebody_confirmed_it_stands_out_and_stays_where_it_is(plant: Plant) -> None:
    raise_alarm(plant)
    (alarm,) = alarms()
    with acting_as(new_principal("duty_officer", LINGWU)):
        confirm_alarm(alarm.id, cause=Cause.FALSE_ALARM)
    cross(plant, (H, False, 70.0), (H, True, 95.0), at_ms=MS + 60_000)
    (alarm,) = alarms()
    assert (alarm.state, alarm.re_raised, alarm.count, alarm.cause) == ("confirmed", True, 2, "false_alarm")


def test_high_and_high_high_are_two_alarms(plant: Plant) -> None:
    assert cross(plant, (H, True, 91.0), (HH, True, 91.0)) == 2
    assert [(one.condition, one.level) for one in alarms()] == [("H", "2"), ("HH", "1")]


def test_after_closing_the_next_crossing_opens_a_new_alarm_with_a_thread_of_its_own(plant: Plant) -> None:
    raise_alarm(plant)
    cross(plant, (H, False, 70.0), at_ms=MS + 1000)
    (first,) = alarms()
    with acting_as(new_principal("duty_officer", LINGWU)):
        confirm_alarm(first.id, cause=Cause.CALIBRATION)
        close_alarm(first.id)
    cross(plant, (H, True, 93.0), at_ms=MS + 60_000)
    closed, fresh = alarms()
    assert (closed.state, fresh.state, fresh.count) == ("closed", "raised", 1)
    assert closed.thread != fresh.thread


def test_returning_to_normal_closes_nothing_by_itself(plant: Plant) -> None:
    raise_alarm(plant)
    cross(plant, (H, False, 70.0), at_ms=MS + 5000)
    (alarm,) = alarms()
    assert (alarm.state, alarm.returned_at, alarm.value) == ("raised", from_ms(MS + 5000), 91.5)


def test_silence_is_an_alarm_without_a_value_and_ends_when_data_come_again(plant: Plant) -> None:
    cross(plant, (NO_DATA, True, None))
    (alarm,) = alarms()
    assert (alarm.condition, alarm.level, alarm.value, alarm.threshold) == ("no_data", "3", None, None)
    cross(plant, (NO_DATA, False, 20.0), at_ms=MS + 9000)
    assert alarms()[0].returned_at is not None


def test_the_same_entry_of_the_log_twice_changes_nothing(plant: Plant) -> None:
    crossing = Crossing(plant.numbers[H], True, MS, MS, 91.5)
    with as_service("evaluator"):
        assert apply_crossings(0, 1000, [crossing]) == 1
        assert apply_crossings(0, 1000, [crossing]) == 0
        assert apply_crossings(0, 999, [Crossing(plant.numbers[HH], True, MS, MS, 91.5)]) == 0
    assert len(alarms()) == 1 and len(story(alarms()[0])) == 1


def test_two_evaluators_of_one_partition_at_once_open_one_alarm(plant: Plant) -> None:
    from django.db import connection

    def work(_: int) -> int:
        try:
            with as_service("evaluator"):
                return apply_crossings(0, 1000, [Crossing(plant.numbers[H], True, MS, MS, 91.5)])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(8))) == [0] * 7 + [1]


def test_whatever_the_code_does_the_database_holds_one_open_alarm_for_a_condition(
    plant: Plant, superuser: psycopg.Connection
) -> None:
    raise_alarm(plant)
    columns = (
        "thread, state, level, condition, cause, unit, raised_at, last_raised_at, arrived_at, confirmed_by,"
    )
    columns += " count, re_raised, point_id, point_number, point_tag, point_name, point_kind, limit_id,"
    columns += (
        " limit_number, enterprise_id, enterprise_name, process_unit_name, exercise, synthetic, partition,"
    )
    columns += (
        " version, region, of_gateway, suppression, chattering, fleeting, assigned_role, assigned_name,"
    )
    columns += " escalation"
    copied = f"INSERT INTO alarms_alarm (id, {columns}) SELECT gen_random_uuid(), {columns} FROM alarms_alarm"  # noqa: S608
    with pytest.raises(psycopg.errors.UniqueViolation):
        superuser.execute(copied)  # type: ignore[call-overload]


def test_a_crossing_of_a_limit_that_is_gone_or_a_return_of_nothing_is_left_out(plant: Plant) -> None:
    assert cross(plant, (H, False, 70.0)) == 0
    with as_service("evaluator"):
        assert apply_crossings(0, 10**6, [Crossing(10**6, True, MS, MS, 1.0)]) == 0
    assert alarms() == []


def test_many_crossings_of_one_entry_end_as_the_last_one_says(plant: Plant) -> None:
    """Nine crossings on the time line, and the mark that it chatters."""
    flutter = [(H, step % 2 == 0, 80.0 + step) for step in range(9)]
    assert cross(plant, *flutter) == 1
    (alarm,) = alarms()
    assert (alarm.count, alarm.value, alarm.returned_at, len(story(alarm))) == (5, 88.0, None, 10)


def test_every_change_of_an_alarm_leaves_one_event_with_the_whole_row(
    plant: Plant, superuser: psycopg.Connection
) -> None:
    raise_alarm(plant)
    cross(plant, (H, False, 70.0), at_ms=MS + 1000)
    (alarm,) = alarms()
    with acting_as(new_principal("duty_officer", LINGWU)):
        confirm_alarm(alarm.id, cause=Cause.REAL)
        handle_alarm(alarm.id, note="降温")
    said = superuser.execute(
        "SELECT data ->> 'state', (data ->> 'version')::int, region, permission, thread"
        " FROM outbox_outboxevent WHERE topic = 'alarm' ORDER BY position"
    ).fetchall()
    states = ["raised", "raised", "confirmed", "handling"]
    assert said == [
        (state, number, LINGWU, "alarms.read", alarm.thread) for number, state in enumerate(states, 1)
    ]


def test_no_code_of_ours_can_delete_an_alarm_or_rewrite_its_time_line(plant: Plant) -> None:
    from anlan.kernel.errors import Forbidden
    from anlan.platform.commands import service_principal, transaction_as

    raise_alarm(plant)
    for attempt in (
        lambda: Alarm.objects.all()._raw_delete("default"),
        lambda: AlarmEvent.objects.all()._raw_delete("default"),
        lambda: AlarmEvent.objects.update(note="没有的事"),
    ):
        with pytest.raises(Forbidden), transaction_as(service_principal("evaluator")):
            attempt()
    assert story(alarms()[0]) == [("raised", 91.5)]


# -- the evaluator's own door -------------------------------------------------------------------------


def columns(*rows: tuple[int, bool, float]) -> TransitionColumns:
    return TransitionColumns(
        np.array([row[0] for row in rows], np.int32),
        np.zeros(len(rows), np.int32),
        np.array([row[1] for row in rows], bool),
        np.array([MS] * len(rows), np.int64),
        np.array([MS] * len(rows), np.int64),
        np.array([row[2] for row in rows], np.float64),
    )


def test_a_restarted_evaluator_learns_its_place_and_what_is_active(plant: Plant) -> None:
    sink = DatabaseTransitionSink()
    assert (sink.committed(0), sink.active_conditions(0).tolist()) == (0, [])
    sink.apply(0, 7, columns((plant.numbers[H], True, 91.0), (plant.numbers[NO_DATA], True, float("nan"))))
    sink.apply(0, 8, columns())
    both = sorted([plant.numbers[H], plant.numbers[NO_DATA]])
    assert (sink.committed(0), sink.active_conditions(0).tolist()) == (8, both)
    assert {one.value for one in alarms()} == {91.0, None}
    sink.apply_beside(0, columns((plant.numbers[NO_DATA], False, 20.0)))
    assert (sink.committed(0), sink.active_conditions(0).tolist()) == (8, [plant.numbers[H]])
    sink.begin_anew(0)
    assert sink.committed(0) == 0
    assert (sink.committed(1), sink.active_conditions(1).tolist()) == (0, [])


def test_nobody_but_the_evaluator_raises_alarms(plant: Plant) -> None:
    from anlan.kernel.errors import Forbidden

    for who in (new_principal("duty_officer", "640000"), new_principal("system_admin", "640000")):
        with acting_as(who), pytest.raises(Forbidden):
            apply_crossings(0, 1, [Crossing(plant.numbers[H], True, MS, MS, 91.5)])


def test_latest_values_keep_the_newer_reading_and_leave_unknown_points_out(plant: Plant) -> None:
    from anlan.domains.monitoring.points.models import LatestValue

    sink = DatabaseTransitionSink()

    def store(value: float, arrived_ms: int, point: int = plant.point_number) -> None:
        sink.store_latest(
            np.array([point], np.int32),
            np.array([MS], np.int64),
            np.array([arrived_ms], np.int64),
            np.array([value]),
            np.array([0], np.uint8),
        )

    store(20.0, MS)
    store(21.0, MS + 1000)
    store(19.0, MS + 500)
    store(1.0, MS, point=10**6)
    with as_service("demo"), read_scope():
        (latest,) = LatestValue.objects.all()
    assert (latest.value, latest.region) == (21.0, LINGWU)
    store(float("nan"), MS + 2000)
    with as_service("demo"), read_scope():
        assert LatestValue.objects.get().value is None
