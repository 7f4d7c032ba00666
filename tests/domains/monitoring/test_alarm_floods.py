"""A thousand alarms in five seconds are one matter, a lost gateway is one alarm, and none of them is lost."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.domains.monitoring.test_alarm_hygiene import (
    MINUTE,
    NOON,
    SOON,
    alarms,
    at,
    notices,
    officer,
    story,
    ticks,
)
from tests.people import LINGWU, as_service

from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, AlarmGroup
from anlan.domains.monitoring.alarms.services import close_alarm, confirm_alarm, confirm_group
from anlan.domains.monitoring.alarms.sink import DatabaseTransitionSink
from anlan.domains.monitoring.alarms.states import Cause
from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
from anlan.domains.monitoring.points.services import create_points, set_limits
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.clock import to_ms
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope
from anlan.ports.rules import TransitionColumns


def limits_of(plant: Plant, number: int, kind: Condition) -> list[int]:
    """Numbers of the limits of *number* more points of the plant's gateway."""
    specs = [
        PointSpec(
            f"T-{index:04d}", f"测点 {index}", "°C", PointKind.TEMPERATURE, 1.0, process_unit_id=plant.unit
        )
        for index in range(number)
    ]
    silence = kind is Condition.NO_DATA
    with as_service("demo"):
        points = create_points(plant.gateway, specs)
        views = set_limits(
            [
                LimitSpec(
                    point.id, kind, threshold=None if silence else 80.0, on_delay_s=30.0 if silence else 0.0
                )
                for point in points
            ]
        )
    return [view.number for view in views]


def transitions(limits: list[int], raised: bool, moment: Any) -> TransitionColumns:
    size = len(limits)
    return TransitionColumns(
        np.array(limits, np.int32),
        np.zeros(size, np.int32),
        np.full(size, raised),
        np.full(size, to_ms(moment), np.int64),
        np.full(size, to_ms(moment), np.int64),
        np.full(size, 91.0 if raised else 20.0),
    )


def groups() -> list[AlarmGroup]:
    with as_service("demo"), read_scope():
        return list(AlarmGroup.objects.order_by("began_at", "id"))


class Evaluator:
    """Hands transitions to the real sink, entry by entry of a log of its own."""

    partition = 1

    def __init__(self) -> None:
        self.sink = DatabaseTransitionSink()
        self.sequence = 0

    def finds(self, limits: list[int], raised: bool, moment: Any) -> None:
        self.sequence += 1
        with at(moment):
            self.sink.apply(self.partition, self.sequence, transitions(limits, raised, moment))


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm")


@pytest.mark.long
def test_a_thousand_points_in_five_seconds_are_one_group_with_one_notice_and_a_thousand_alarms(
    plant: Plant, superuser: psycopg.Connection
) -> None:
    """Fault case 16, against the real sink; entries repeated by a restarted evaluator change nothing."""
    limits = limits_of(plant, 1000, Condition.HIGH)
    evaluator = Evaluator()
    for step in range(10):
        moment = NOON + step * timedelta(milliseconds=500)
        evaluator.finds(limits[step * 100 : step * 100 + 100], True, moment)
        with at(moment):
            evaluator.sink.apply(1, evaluator.sequence, transitions(limits, True, moment))
    (group,) = groups()
    assert (group.count, group.began_at, group.state, group.scope) == (1000, NOON, "open", "enterprise")
    found = alarms()
    assert len(found) == 1000 and {alarm.group_id for alarm in found} == {group.id}
    assert len({alarm.limit_number for alarm in found}) == 1000
    assert notices() == ["报警潮：tank-farm化工，已有 100 个报警"], (
        "the first notice goes with the first entry"
    )
    clocks = superuser.execute("SELECT kind, count(*) FROM deadlines_deadline GROUP BY kind ORDER BY 1")
    assert clocks.fetchall() == [("alarm.flood", 1), ("alarm.unhandled", 1)], "one clock for all of them"
    entries = superuser.execute("SELECT kind, count(*) FROM alarms_alarmevent GROUP BY kind ORDER BY kind")
    assert entries.fetchall() == [("grouped", 1000), ("raised", 1000)]


def test_the_size_of_a_storm_does_not_change_the_number_of_statements(plant: Plant) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    limits = limits_of(plant, 330, Condition.HIGH)
    evaluator = Evaluator()
    evaluator.finds(limits[:30], True, NOON)
    counts = []
    for part in (limits[30:60], limits[60:330]):
        with CaptureQueriesContext(connection) as captured:
            evaluator.finds(part, True, NOON + SOON)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 60


def test_alarms_that_came_just_before_belong_to_the_flood_and_earlier_ones_do_not(plant: Plant) -> None:
    limits = limits_of(plant, 23, Condition.HIGH)
    evaluator = Evaluator()
    evaluator.finds(limits[:1], True, NOON - 5 * MINUTE)
    evaluator.finds(limits[1:21], True, NOON)
    assert groups() == [], "twenty in a minute are still people's to take in"
    evaluator.finds(limits[21:], True, NOON + 30 * SOON)
    (group,) = groups()
    assert group.count == 22
    with as_service("demo"), read_scope():
        assert Alarm.objects.get(group__isnull=True).limit_number == limits[0]
        assert AlarmEvent.objects.filter(kind="grouped").count() == 22


def test_a_flood_subsides_when_the_rate_falls_and_the_next_one_is_another(plant: Plant) -> None:
    limits = limits_of(plant, 60, Condition.HIGH)
    evaluator = Evaluator()
    evaluator.finds(limits[:25], True, NOON)
    evaluator.finds(limits[25:31], True, NOON + 9 * MINUTE)
    ticks(NOON + 10 * MINUTE + SOON)
    assert [group.state for group in groups()] == ["open"], "six in the last ten minutes"
    ticks(NOON + 19 * MINUTE + 2 * SOON)
    (first,) = groups()
    assert (first.state, first.count, first.subsided_at) == (
        "subsided",
        31,
        NOON + 19 * MINUTE + 2 * SOON,
    )
    evaluator.finds(limits[31:], True, NOON + 60 * MINUTE)
    assert [(group.state, group.count) for group in groups()] == [("subsided", 31), ("open", 29)]


def test_one_confirmation_answers_for_the_whole_flood_and_stops_its_clock(plant: Plant) -> None:
    limits = limits_of(plant, 30, Condition.HIGH)
    Evaluator().finds(limits, True, NOON)
    (group,) = groups()
    assert ticks(NOON + 30 * MINUTE + SOON) >= 1
    assert len([title for title in notices() if "报警潮（30 个）" in title]) == 1
    with at(NOON + 40 * MINUTE), acting_as(officer()):
        assert confirm_group(group.id, cause=Cause.REAL, note="全厂停电") == 30
    assert Counter(alarm.state for alarm in alarms()) == {"confirmed": 30}
    assert {alarm.cause for alarm in alarms()} == {"real"}
    ticks(NOON + 300 * MINUTE)
    assert groups()[0].escalation == 1


def test_many_enterprises_of_one_county_make_a_flood_of_the_county(db: Any) -> None:
    plants = [new_plant(f"plant-{index}") for index in range(3)]
    limits = [number for plant in plants for number in limits_of(plant, 18, Condition.HIGH)]
    Evaluator().finds(limits, True, NOON)
    (group,) = groups()
    assert (group.scope, group.subject, group.count, group.name) == ("region", LINGWU, 54, "灵武市")


def test_an_exercise_never_joins_a_real_flood(plant: Plant) -> None:
    from anlan.platform.threads.services import create_timeline

    with as_service("console"):
        timeline = create_timeline("drill", origin=NOON).id
    drill = new_plant("drill", timeline=timeline)
    numbers = [*limits_of(plant, 25, Condition.HIGH), *limits_of(drill, 25, Condition.HIGH)]
    Evaluator().finds(numbers, True, NOON)
    assert sorted((group.name, group.count, group.timeline) for group in groups()) == [
        ("drill化工", 25, timeline),
        ("tank-farm化工", 25, None),
    ]


# -- a gateway's loss -----------------------------------------------------------------------------------


def gateway_alarm() -> Alarm:
    (alarm,) = alarms(of_gateway=True)
    return alarm


def test_a_gateway_that_falls_silent_is_one_alarm_with_its_points_under_it(plant: Plant) -> None:
    limits = limits_of(plant, 200, Condition.NO_DATA)
    evaluator = Evaluator()
    evaluator.finds(limits[:50], True, NOON)
    assert alarms(of_gateway=True) == [], "a quarter of the points: something else"
    evaluator.finds(limits[50:], True, NOON + 2 * SOON)
    parent = gateway_alarm()
    assert (parent.point_name, parent.condition, parent.level, parent.suppression) == (
        "tank-farm网关",
        "no_data",
        "2",
        "none",
    )
    children = alarms(of_gateway=False)
    assert {(child.suppression, child.parent_id) for child in children} == {("parent", parent.id)}
    assert len(children) == 200 and parent.count == 1
    first, last = children[0], children[-1]
    assert story(first)[0] == ("raised", "none"), "told before the loss of the gateway was certain"
    assert ("raised", "parent") in story(last)
    assert evaluator.sink.active_conditions(1).tolist() == sorted(limits), "the evaluator knows points only"


def test_points_that_stay_silent_after_the_gateway_is_back_speak_for_themselves(plant: Plant) -> None:
    limits = limits_of(plant, 10, Condition.NO_DATA)
    evaluator = Evaluator()
    evaluator.finds(limits, True, NOON)
    evaluator.finds(limits[:8], False, NOON + 5 * MINUTE)
    parent = gateway_alarm()
    assert parent.returned_at == NOON + 5 * MINUTE
    assert {child.suppression for child in alarms(of_gateway=False)} == {"parent"}, "others may follow"
    ticks(NOON + 7 * MINUTE)
    silent = alarms(of_gateway=False, returned_at__isnull=True)
    assert [(child.suppression, child.parent_id, child.announced_at) for child in silent] == [
        ("none", parent.id, NOON + 7 * MINUTE)
    ] * 2
    back = alarms(of_gateway=False, returned_at__isnull=False)
    assert len(back) == 8 and {child.suppression for child in back} == {"parent"}, "closed with the gateway's"
    evaluator.finds(limits[:1], True, NOON + 20 * MINUTE)
    (again,) = alarms(limit_number=limits[0])
    assert (again.suppression, again.announced_at) == ("none", NOON + 20 * MINUTE)


def test_a_gateway_that_is_lost_again_within_the_grace_keeps_its_points_quiet(plant: Plant) -> None:
    limits = limits_of(plant, 10, Condition.NO_DATA)
    evaluator = Evaluator()
    evaluator.finds(limits, True, NOON)
    evaluator.finds(limits[:8], False, NOON + MINUTE)
    evaluator.finds(limits[:8], True, NOON + MINUTE + 30 * SOON)
    ticks(NOON + 10 * MINUTE)
    parent = gateway_alarm()
    assert (parent.count, parent.returned_at) == (2, None)
    assert {child.suppression for child in alarms(of_gateway=False)} == {"parent"}


def test_what_is_found_about_the_gateway_holds_for_its_points(plant: Plant) -> None:
    limits = limits_of(plant, 10, Condition.NO_DATA)
    evaluator = Evaluator()
    evaluator.finds(limits, True, NOON)
    parent: UUID = gateway_alarm().id
    with at(NOON + MINUTE), acting_as(officer()):
        confirm_alarm(parent, cause=Cause.INSTRUMENT_FAULT, note="网关断电")
    assert {(child.state, child.cause) for child in alarms()} == {("confirmed", "instrument_fault")}
    evaluator.finds(limits[:9], False, NOON + 2 * MINUTE)
    with at(NOON + 2 * MINUTE + SOON), acting_as(officer()):
        close_alarm(parent, note="恢复供电")
    assert Counter(alarm.state for alarm in alarms()) == {"closed": 10, "confirmed": 1}
    ticks(NOON + 2 * MINUTE + 2 * SOON)
    (left,) = alarms(state="confirmed")
    assert (left.suppression, left.returned_at) == ("none", None)


def test_two_silent_points_are_no_lost_gateway(plant: Plant) -> None:
    limits = limits_of(plant, 2, Condition.NO_DATA)
    Evaluator().finds(limits, True, NOON)
    assert alarms(of_gateway=True) == [] and len(alarms()) == 2
