"""Alarms a regulator can trust: what chatters, is set aside or under maintenance is counted and never lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.domains.monitoring.plant import HIGH_80, Plant, cross, new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.alarms.hygiene import Behaviour, chattering, fleeting, flood_begins, stale
from anlan.domains.monitoring.alarms.hygiene import FloodFigures as Figures
from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, MaintenanceWindow, Shelving
from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.alarms.resource.alarms import alarm_rows
from anlan.domains.monitoring.alarms.services import (
    approve_shelving,
    assign_alarm,
    close_alarm,
    confirm_alarm,
    declare_maintenance,
    end_maintenance,
    end_shelving,
    refuse_shelving,
    shelve_alarm,
)
from anlan.domains.monitoring.alarms.states import Cause, Suppression
from anlan.kernel.clock import FixedClock, to_ms, use_clock
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.levels import Condition
from anlan.platform.commands import Principal, acting_as, read_scope
from anlan.platform.identity.roles import RoleCode

H, HH, NO_DATA = Condition.HIGH, Condition.HIGH_HIGH, Condition.NO_DATA
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON = timedelta(seconds=1)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with use_clock(FixedClock(moment)):
        yield


def goes(plant: Plant, moment: datetime, *steps: tuple[Condition, bool, float | None]) -> None:
    """The evaluator finds *steps* at *moment* and tells of them at once."""
    with at(moment):
        cross(plant, *steps, at_ms=to_ms(moment))


def ticks(moment: datetime) -> int:
    """What the worker's ticker does at *moment*."""
    from anlan.platform.deadlines.ticking import tick

    with at(moment):
        return tick()


def alarms(**narrowed: Any) -> list[Alarm]:
    with as_service("demo"), read_scope():
        return list(Alarm.objects.filter(**narrowed).order_by("raised_at", "id"))


def the_alarm() -> Alarm:
    (alarm,) = alarms()
    return alarm


def story(alarm: Alarm) -> list[tuple[str, str]]:
    with as_service("demo"), read_scope():
        return list(AlarmEvent.objects.filter(alarm=alarm).values_list("kind", "suppression"))


def notices() -> list[str]:
    from anlan.platform.notices.models import Notice

    with as_service("demo"), read_scope():
        return list(Notice.objects.order_by("id").values_list("zh", flat=True))


def officer(role: str = "duty_officer") -> Principal:
    return new_principal(role, LINGWU)


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm", limits={**HIGH_80, HH: 90.0})


# -- marks: pure functions of the time line --------------------------------------------------------

BEHAVIOUR = Behaviour(3, timedelta(seconds=60), timedelta(seconds=10), timedelta(hours=24))


def test_three_activations_within_a_minute_chatter_and_two_do_not() -> None:
    times = [NOON + timedelta(seconds=second) for second in (0, 30, 60, 200, 259, 260)]
    assert chattering(times, BEHAVIOUR) == [False, False, True, False, False, True]
    assert chattering([], BEHAVIOUR) == []


def test_fleeting_and_stale_begin_where_the_table_says() -> None:
    assert fleeting(NOON, NOON + timedelta(seconds=9.9), BEHAVIOUR)
    assert not fleeting(NOON, NOON + timedelta(seconds=10), BEHAVIOUR)
    assert stale(NOON, NOON + timedelta(hours=24, seconds=1), BEHAVIOUR)
    assert not stale(NOON, NOON + timedelta(hours=24), BEHAVIOUR)


def test_a_flood_begins_with_the_first_alarm_of_the_busy_span() -> None:
    figures = Figures(3, timedelta(seconds=10), 1, MINUTE)
    quiet = [NOON - HOUR, NOON, NOON + timedelta(seconds=11), NOON + timedelta(seconds=12)]
    assert flood_begins(quiet, figures) is None
    assert flood_begins([*quiet, NOON + timedelta(seconds=13)], figures) is None
    assert flood_begins([*quiet, *(NOON + timedelta(seconds=14 + i) for i in range(2))], figures) == quiet[2]


def test_a_chattering_alarm_is_told_twice_and_counted_seven_times(plant: Plant) -> None:
    for flip in range(7):
        moment = NOON + flip * timedelta(seconds=10)
        goes(plant, moment, (H, True, 81.0))
        goes(plant, moment + timedelta(seconds=5), (H, False, 79.0))
    alarm = the_alarm()
    assert (alarm.count, alarm.chattering, alarm.state) == (7, True, "raised")
    assert alarm.announced_at == NOON + timedelta(seconds=10), "the third flip and later ones are not told"
    told = [suppression for kind, suppression in story(alarm) if kind in ("raised", "re_raised")]
    assert told == ["none", "none"] + ["chattering"] * 5
    assert [kind for kind, _ in story(alarm)].count("chattering") == 1


def test_a_chattering_alarm_that_has_calmed_down_is_told_again(plant: Plant) -> None:
    goes(plant, NOON, *[(H, step % 2 == 0, 81.0) for step in range(6)])
    goes(plant, NOON + HOUR, (H, True, 85.0))
    alarm = the_alarm()
    assert (alarm.chattering, alarm.count, alarm.announced_at) == (True, 4, NOON + HOUR)


def test_an_alarm_gone_before_anybody_could_act_is_fleeting_until_it_stays(plant: Plant) -> None:
    goes(plant, NOON, (H, True, 81.0))
    goes(plant, NOON + timedelta(seconds=4), (H, False, 79.0))
    assert the_alarm().fleeting
    goes(plant, NOON + HOUR, (H, True, 81.0))
    goes(plant, NOON + 2 * HOUR, (H, False, 79.0))
    assert not the_alarm().fleeting


def test_an_alarm_that_stands_for_more_than_a_day_shows_as_stale(plant: Plant) -> None:
    from anlan.domains.monitoring.alarms.resource.alarms import alarm_rows

    goes(plant, NOON, (H, True, 81.0))
    for hours, expected in ((24, False), (25, True)):
        with at(NOON + hours * HOUR), as_service("demo"), read_scope():
            assert [row.stale for row in alarm_rows()] == [expected]
            assert alarm_rows().filter(stale=True).exists() == expected


def test_a_figure_changed_by_effective_date_judges_new_alarms_and_leaves_old_marks(plant: Plant) -> None:
    """Tester behaviour 1: the table is edited; what was found under the old version stands."""
    from anlan.domains.monitoring.alarms.tables import BEHAVIOUR as TABLE
    from anlan.platform.standards.services import RowChange, publish_version

    flips = [(H, step % 2 == 0, 81.0) for step in range(5)]
    goes(plant, NOON, *flips)
    with as_service("demo"):
        publish_version(
            TABLE,
            based_on=1,
            effective_from=date(2026, 11, 21),
            changes=[RowChange("chattering", {"count": 4.0})],
            source="本地规定",
        )
    goes(plant, NOON + HOUR, (HH, True, 95.0), (HH, False, 85.0), (HH, True, 95.0), (HH, False, 85.0))
    goes(plant, NOON + HOUR + 10 * SOON, (HH, True, 95.0), (HH, False, 85.0))
    assert [alarm.chattering for alarm in alarms()] == [True, True], "the old version still holds today"
    with acting_as(officer()):
        for alarm in alarms():
            confirm_alarm(alarm.id, cause=Cause.CALIBRATION)
    goes(plant, NOON + timedelta(days=1), (H, False, 70.0))
    with acting_as(officer()):
        for alarm in alarms():
            close_alarm(alarm.id)
    goes(plant, NOON + timedelta(days=2), *flips)
    assert [alarm.chattering for alarm in alarms()] == [True, True, False]


# -- shelving -----------------------------------------------------------------------------------------


def shelved(plant: Plant, minutes: int = 60) -> tuple[Alarm, UUID]:
    goes(plant, NOON, (H, True, 81.0))
    with at(NOON + MINUTE), acting_as(officer()):
        shelving = shelve_alarm(the_alarm().id, minutes=minutes, reason="变送器待更换")
    return the_alarm(), shelving


def test_a_shelved_alarm_goes_on_being_counted_and_comes_back_when_its_time_is_up(plant: Plant) -> None:
    alarm, shelving = shelved(plant)
    assert (alarm.suppression, alarm.suppressed_by, alarm.state) == ("shelved", shelving, "raised")
    goes(plant, NOON + 5 * MINUTE, (H, False, 70.0))
    goes(plant, NOON + 6 * MINUTE, (H, True, 82.0))
    assert (the_alarm().count, the_alarm().announced_at) == (2, NOON)
    assert ticks(NOON + 60 * MINUTE) == 0
    assert ticks(NOON + 62 * MINUTE) == 1
    back = the_alarm()
    assert (back.suppression, back.suppressed_by, back.announced_at) == ("none", None, NOON + 62 * MINUTE)
    assert [kind for kind, _ in story(back)] == ["raised", "shelved", "returned", "re_raised", "released"]
    with as_service("demo"), read_scope():
        row = Shelving.objects.get()
    assert (row.state, row.happened, row.note) == ("ended", 1, "搁置到期")


def test_an_alarm_that_opens_anew_while_its_condition_is_shelved_is_recorded_silently(plant: Plant) -> None:
    alarm, _ = shelved(plant)
    goes(plant, NOON + 2 * MINUTE, (H, False, 70.0))
    with at(NOON + 3 * MINUTE), acting_as(officer()):
        confirm_alarm(alarm.id, cause=Cause.INSTRUMENT_FAULT)
        close_alarm(alarm.id)
    goes(plant, NOON + 4 * MINUTE, (H, True, 83.0))
    first, second = alarms()
    assert (first.state, second.suppression, second.announced_at) == ("closed", "shelved", None)
    with as_service("demo"), read_scope():
        assert Shelving.objects.get().happened == 1


def test_somebody_ends_a_shelving_early_and_the_alarm_is_back_at_once(plant: Plant) -> None:
    _, shelving = shelved(plant)
    with at(NOON + 10 * MINUTE), acting_as(officer()):
        end_shelving(shelving, note="变送器已更换")
    assert ticks(NOON + 10 * MINUTE + SOON) == 1
    assert (the_alarm().suppression, the_alarm().announced_at) == ("none", NOON + 10 * MINUTE + SOON)


@pytest.mark.parametrize(("minutes", "reason"), [(481, "变送器待更换"), (0, "变送器待更换"), (10, "  ")])
def test_shelving_without_a_reason_or_for_too_long_is_refused(
    plant: Plant, minutes: int, reason: str
) -> None:
    goes(plant, NOON, (H, True, 81.0))
    with acting_as(officer()), pytest.raises(Invalid):
        shelve_alarm(the_alarm().id, minutes=minutes, reason=reason)


def test_nothing_is_shelved_twice_and_another_county_finds_nothing(plant: Plant) -> None:
    alarm, shelving = shelved(plant)
    with acting_as(officer()), pytest.raises(Conflict):
        shelve_alarm(alarm.id, minutes=5, reason="再搁置")
    with acting_as(new_principal("duty_officer", YANCHI)), pytest.raises(NotFound):
        end_shelving(shelving, note="结束搁置")


def test_a_first_level_alarm_is_shelved_only_by_two_people(plant: Plant) -> None:
    goes(plant, NOON, (HH, True, 95.0))
    alarm = the_alarm()
    chief = officer("enterprise_principal")
    with at(NOON), acting_as(chief):
        shelving = shelve_alarm(alarm.id, minutes=30, reason="联锁已投用，仪表更换")
        with pytest.raises(Forbidden, match="cannot approve"):
            approve_shelving(shelving)
    assert the_alarm().suppression == "none", "until somebody else agrees it goes on"
    assert any("申请搁置" in title for title in notices())
    with acting_as(officer("duty_officer")), pytest.raises(Forbidden):
        approve_shelving(shelving)
    with at(NOON + MINUTE), acting_as(officer("hazchem_division")):
        approve_shelving(shelving)
    assert the_alarm().suppression == "shelved"
    with as_service("demo"), read_scope():
        row = Shelving.objects.get()
    assert (row.until, row.requested_by) == (NOON + 31 * MINUTE, chief.name) and row.approved_by


def test_a_refused_shelving_changes_nothing(plant: Plant) -> None:
    goes(plant, NOON, (HH, True, 95.0))
    with acting_as(officer()):
        shelving = shelve_alarm(the_alarm().id, minutes=30, reason="仪表更换")
    with acting_as(officer("hazchem_division")):
        refuse_shelving(shelving, note="先停车")
        with pytest.raises(Conflict):
            approve_shelving(shelving)
    assert (the_alarm().suppression, the_alarm().version) == ("none", 1)


# -- maintenance --------------------------------------------------------------------------------------


def window(plant: Plant, *, tags: str = "", unit: bool = False, hours: float = 2.0) -> UUID:
    with at(NOON), acting_as(officer("enterprise_technical")):
        return declare_maintenance(
            enterprise_id=plant.enterprise,
            process_unit_id=plant.unit if unit else None,
            point_tags=tags,
            starts_at=NOON,
            ends_at=NOON + hours * HOUR,
            reason="储罐清洗",
        )


def test_alarms_under_maintenance_are_recorded_with_the_window_and_speak_at_its_end(plant: Plant) -> None:
    declared = window(plant)
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    alarm = the_alarm()
    assert (alarm.suppression, alarm.suppressed_by, alarm.announced_at) == ("maintenance", declared, None)
    assert ticks(NOON + 2 * HOUR - SOON) == 0
    assert ticks(NOON + 2 * HOUR + SOON) == 1
    assert (the_alarm().suppression, the_alarm().announced_at) == ("none", NOON + 2 * HOUR + SOON)
    with as_service("demo"), read_scope():
        row = MaintenanceWindow.objects.get()
    assert (row.state, row.suppressed, row.reason) == ("ended", 1, "储罐清洗")


def test_what_came_and_went_under_maintenance_is_closed_as_maintenance(plant: Plant) -> None:
    window(plant, unit=True)
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    goes(plant, NOON + 2 * MINUTE, (H, False, 70.0))
    ticks(NOON + 3 * HOUR)
    closed = the_alarm()
    assert (closed.state, closed.cause, closed.count) == ("closed", "maintenance", 1)


def test_a_first_level_alarm_is_silent_only_where_the_window_names_its_point(plant: Plant) -> None:
    window(plant)
    goes(plant, NOON + MINUTE, (HH, True, 95.0))
    assert the_alarm().suppression == "none", "whoever works in the tank must hear it"
    window(plant, tags="TI-101，TI-102")
    goes(plant, NOON + 2 * MINUTE, (HH, False, 70.0))
    goes(plant, NOON + 3 * MINUTE, (HH, True, 95.0))
    assert the_alarm().suppression == "maintenance"


def test_a_window_of_another_point_or_after_its_end_silences_nothing(plant: Plant) -> None:
    window(plant, tags="TI-999")
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    assert the_alarm().suppression == "none"
    window(plant, hours=0.5)
    goes(plant, NOON + HOUR, (HH, True, 95.0), (H, False, 70.0), (H, True, 81.0))
    assert {alarm.suppression for alarm in alarms()} == {"none"}, "even though no clock has ticked yet"


def test_a_silent_alarm_says_in_the_list_and_to_other_apps_why_and_until_when(plant: Plant) -> None:
    goes(plant, NOON, (HH, True, 95.0))
    window(plant)
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    (silent,) = alarms(condition="H")
    with at(NOON + 2 * MINUTE), acting_as(officer()), read_scope():
        rows = {row.condition: row for row in alarm_rows()}
        assert find_alarm(silent.id).suppression is Suppression.MAINTENANCE
    assert (rows["H"].silence_reason, rows["H"].silence_until) == ("储罐清洗", NOON + 2 * HOUR)
    assert (rows["HH"].silence_reason, rows["HH"].silence_until) == ("", None)
    with at(NOON + 3 * MINUTE), acting_as(officer()):
        shelve_alarm(silent.id, minutes=30, reason="等备件")
    with at(NOON + 4 * MINUTE), acting_as(officer()), read_scope():
        (row,) = alarm_rows().filter(pk=silent.id)
    assert (row.suppression, row.silence_reason) == ("shelved", "等备件")
    assert row.silence_until == NOON + 33 * MINUTE


def test_maintenance_that_is_done_early_lets_alarms_speak(plant: Plant) -> None:
    declared = window(plant)
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    with at(NOON + 10 * MINUTE), acting_as(officer("enterprise_technical")):
        end_maintenance(declared, note="提前完工")
    assert ticks(NOON + 11 * MINUTE) == 1
    assert the_alarm().suppression == "none"


def test_a_window_is_declared_ahead_for_a_limited_time_by_those_who_may(plant: Plant) -> None:
    with pytest.raises(Invalid):
        window(plant, hours=200)
    with pytest.raises(Invalid):
        window(plant, hours=-1)
    other = new_plant("other")
    with acting_as(officer("enterprise_technical")), pytest.raises(Invalid):
        declare_maintenance(
            enterprise_id=plant.enterprise,
            process_unit_id=other.unit,
            starts_at=NOON,
            ends_at=NOON + HOUR,
            reason="检修",
        )
    with acting_as(officer("leader")), pytest.raises(Forbidden):
        declare_maintenance(
            enterprise_id=plant.enterprise, starts_at=NOON, ends_at=NOON + HOUR, reason="检修"
        )


# -- assignment and escalation ------------------------------------------------------------------------


def test_an_unconfirmed_alarm_is_told_to_more_and_more_people_until_somebody_confirms(plant: Plant) -> None:
    goes(plant, NOON, (HH, True, 95.0))
    assert ticks(NOON + 4 * MINUTE) == 0
    assert [ticks(NOON + minutes * MINUTE) for minutes in (5, 6, 15, 31, 40)] == [1, 0, 1, 1, 0]
    told = [title for title in notices() if "未确认" in title]
    assert [title.partition("：")[0] for title in told] == [
        f"一级报警超过 {minutes} 分钟未确认" for minutes in (5, 15, 30)
    ]
    assert the_alarm().escalation == 3
    assert [kind for kind, _ in story(the_alarm())] == ["raised", *["escalated"] * 3]


def test_confirming_stops_the_clock(plant: Plant) -> None:
    from anlan.platform.deadlines.models import Deadline

    goes(plant, NOON, (H, True, 81.0))
    with at(NOON + 10 * MINUTE), acting_as(officer()):
        confirm_alarm(the_alarm().id, cause=Cause.REAL)
    assert ticks(NOON + 5 * HOUR) == 0
    with as_service("demo"), read_scope():
        assert [one.state for one in Deadline.objects.filter(kind="alarm.unhandled")] == ["met"]
    assert the_alarm().escalation == 0


def test_a_standstill_of_the_worker_loses_no_step(plant: Plant) -> None:
    """All steps are overdue when it comes back: they are taken one after the other, each once."""
    goes(plant, NOON, (HH, True, 95.0))
    for second in range(5):
        ticks(NOON + 3 * HOUR + second * MINUTE * 20)
    assert the_alarm().escalation == 3 and len([title for title in notices() if "未确认" in title]) == 3


def test_an_alarm_is_assigned_to_somebody_who_may_handle_it_or_to_a_role(plant: Plant) -> None:
    goes(plant, NOON, (H, True, 81.0))
    alarm, handler, stranger = the_alarm(), officer(), new_principal("duty_officer", YANCHI)
    with acting_as(officer("hazchem_division")):
        for wrong in (
            {},
            {"username": handler.name, "role": RoleCode.PARK},
            {"username": stranger.name},
            {"username": "nobody-here"},
            {"role": RoleCode.PUBLIC},
        ):
            with pytest.raises(Invalid):
                assign_alarm(alarm.id, **wrong)
        assign_alarm(alarm.id, username=handler.name, note="去现场看")
    assert (the_alarm().assigned_to, the_alarm().assigned_role) == (handler.id, "")
    with acting_as(officer("hazchem_division")):
        assign_alarm(alarm.id, role=RoleCode.PARK)
    assert (the_alarm().assigned_to, the_alarm().assigned_role) == (None, "park")
    assert [kind for kind, _ in story(alarm)] == ["raised", "assigned", "assigned"]
