"""报警 → 确认 → 处置 → 销警: every step in every state for every role, generated from the table."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.domains.monitoring.plant import MS, Plant, cross, new_plant, raise_alarm
from tests.people import LINGWU, YANCHI, as_service, grant, new_principal, new_user, principal

from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
from anlan.domains.monitoring.alarms.services import (
    close_alarm,
    comment_alarm,
    confirm_alarm,
    handle_alarm,
)
from anlan.domains.monitoring.alarms.states import ALARM_WORKFLOW, HANDLE, AlarmState, Cause
from anlan.domains.monitoring.points.states import GatewayState
from anlan.domains.monitoring.roles import ALARM_HANDLERS
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.levels import Condition
from anlan.platform.commands import Principal, acting_as, read_scope
from anlan.platform.identity.roles import RoleCode
from anlan.platform.workflow import Transition, Workflow

STEPS: dict[str, Any] = {
    "confirm": lambda alarm: confirm_alarm(alarm, cause=Cause.REAL),
    "handle": lambda alarm: handle_alarm(alarm, note="启动备用泵"),
    "close": lambda alarm: close_alarm(alarm, note="恢复正常"),
}
WAY = {
    AlarmState.RAISED: (),
    AlarmState.CONFIRMED: ("confirm",),
    AlarmState.HANDLING: ("confirm", "handle"),
    AlarmState.CLOSED: ("confirm", "handle", "close"),
}
"""How an alarm comes into each state; the condition has returned to normal before."""


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm")


@pytest.fixture
def officer(db: Any) -> Principal:
    return new_principal("duty_officer", LINGWU)


def alarm_in(state: AlarmState, plant: Plant, officer: Principal) -> UUID:
    raise_alarm(plant)
    cross(plant, (Condition.HIGH, False, 70.0), at_ms=MS + 5000)
    with as_service("demo"), read_scope():
        alarm = Alarm.objects.exclude(state="closed").get().id
    with acting_as(officer):
        for event in WAY[state]:
            STEPS[event](alarm)
    return alarm


def now_of(alarm: UUID) -> Alarm:
    with as_service("demo"), read_scope():
        return Alarm.objects.get(id=alarm)


def test_the_table_and_the_steps_are_the_same() -> None:
    assert {one.event for one in ALARM_WORKFLOW.transitions} == STEPS.keys()
    assert WAY.keys() == set(AlarmState)


@pytest.mark.parametrize("state", list(AlarmState))
@pytest.mark.parametrize("transition", ALARM_WORKFLOW.transitions, ids=lambda one: one.event)
def test_each_step_from_each_state(
    plant: Plant, officer: Principal, transition: Transition, state: AlarmState, superuser: psycopg.Connection
) -> None:
    alarm = alarm_in(state, plant, officer)
    before = now_of(alarm)
    allowed = state in transition.source and not (transition.event == "close" and state == "confirmed")
    with acting_as(officer):
        if allowed:
            STEPS[transition.event](alarm)
        else:
            with pytest.raises(Conflict) as refused:
                STEPS[transition.event](alarm)
            assert refused.value.title.zh and refused.value.next_step.zh
    after = now_of(alarm)
    assert after.state == (transition.target if allowed else before.state)
    assert after.version == before.version + allowed
    (last,) = superuser.execute(
        "SELECT outcome FROM commands_command WHERE verb = %s ORDER BY at DESC, id DESC LIMIT 1",
        [f"alarms.{transition.event}"],
    ).fetchall()
    assert last == ("done" if allowed else "refused",)


@pytest.mark.parametrize("role", list(RoleCode), ids=lambda role: role.value)
def test_each_role_may_take_exactly_the_steps_that_its_permissions_say(
    plant: Plant, officer: Principal, role: RoleCode, superuser: psycopg.Connection
) -> None:
    """One alarm through all steps, or refused at each, with what the screen offers saying the same."""
    alarm = alarm_in(AlarmState.RAISED, plant, officer)
    person = new_principal(role.value, LINGWU)
    may = role in ALARM_HANDLERS
    assert (HANDLE in person.permissions) == may
    for event, step in STEPS.items():
        with acting_as(person), read_scope():
            offered = [one.event for one in ALARM_WORKFLOW.available(Alarm.objects.get(id=alarm), person)]
        assert (event in offered) == may
        with acting_as(person):
            if may:
                step(alarm)
            else:
                with pytest.raises(Forbidden):
                    step(alarm)
    refused = superuser.execute(
        "SELECT count(*) FROM audit_row WHERE table_name = 'commands_command' AND principal = %s",
        [person.key],
    ).fetchone()
    assert refused == (0 if may else len(STEPS),)


def test_another_county_s_officer_finds_nothing_and_a_mere_observer_there_may_not(
    plant: Plant, officer: Principal
) -> None:
    alarm = alarm_in(AlarmState.RAISED, plant, officer)
    with acting_as(new_principal("duty_officer", YANCHI)), pytest.raises(NotFound):
        confirm_alarm(alarm, cause=Cause.REAL)
    user = new_user()
    grant(user, "duty_officer", YANCHI)
    grant(user, "leader", LINGWU)
    with acting_as(principal(user)), pytest.raises(Forbidden):
        confirm_alarm(alarm, cause=Cause.REAL)
    assert now_of(alarm).state == "raised"


# -- what stands in the way of closing --------------------------------------------------------------


def test_an_alarm_whose_condition_lasts_is_not_closed_by_anybody(plant: Plant, officer: Principal) -> None:
    raise_alarm(plant)
    with as_service("demo"), read_scope():
        alarm = Alarm.objects.get().id
    with acting_as(officer):
        confirm_alarm(alarm, cause=Cause.FALSE_ALARM)
        handle_alarm(alarm, note="查仪表")
        with pytest.raises(Conflict) as refused:
            close_alarm(alarm)
    assert "尚未恢复" in refused.value.title.zh and refused.value.facts["count"] == 1


@pytest.mark.parametrize("cause", list(Cause), ids=lambda cause: cause.value)
def test_only_a_real_alarm_must_have_been_handled(plant: Plant, officer: Principal, cause: Cause) -> None:
    alarm = alarm_in(AlarmState.RAISED, plant, officer)
    with acting_as(officer):
        confirm_alarm(alarm, cause=cause)
        if cause is Cause.REAL:
            with pytest.raises(Conflict) as refused:
                close_alarm(alarm)
            assert "先处置" in refused.value.title.zh
            handle_alarm(alarm, note="启动备用泵")
        close_alarm(alarm)
    closed = now_of(alarm)
    assert (closed.state, closed.cause) == ("closed", cause.value) and closed.closed_at is not None


def test_an_alarm_that_comes_back_while_it_is_handled_cannot_be_closed_any_more(
    plant: Plant, officer: Principal
) -> None:
    alarm = alarm_in(AlarmState.HANDLING, plant, officer)
    cross(plant, (Condition.HIGH, True, 96.0), at_ms=MS + 60_000)
    with acting_as(officer), pytest.raises(Conflict):
        close_alarm(alarm)


@pytest.mark.parametrize("note", ["", " ", "\t\n"])
def test_measures_and_remarks_say_something(plant: Plant, officer: Principal, note: str) -> None:
    """Else a real alarm would be closed on a blank."""
    alarm = alarm_in(AlarmState.CONFIRMED, plant, officer)
    with acting_as(officer):
        for step in (handle_alarm, comment_alarm):
            with pytest.raises(Invalid):
                step(alarm, note=note)
    assert now_of(alarm).state == "confirmed"


def test_the_time_line_says_who_did_what_in_order(plant: Plant, officer: Principal) -> None:
    alarm = alarm_in(AlarmState.CLOSED, plant, officer)
    with acting_as(officer):
        comment_alarm(alarm, note=" 已回访 ")
    with as_service("demo"), read_scope():
        entries = list(
            AlarmEvent.objects.filter(alarm_id=alarm).values_list("kind", "actor", "cause", "note")
        )
    assert entries == [
        ("raised", "evaluator", "", ""),
        ("returned", "evaluator", "", ""),
        ("confirmed", officer.name, "real", ""),
        ("handled", officer.name, "", "启动备用泵"),
        ("closed", officer.name, "", "恢复正常"),
        ("commented", officer.name, "", "已回访"),
    ]


# -- two at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "event"), [(AlarmState.RAISED, "confirm"), (AlarmState.HANDLING, "close")])
def test_two_officers_at_once_are_one_step_and_one_told_that_it_is_done(
    plant: Plant, officer: Principal, state: AlarmState, event: str
) -> None:
    from django.db import connection

    alarm = alarm_in(state, plant, officer)
    people = [new_principal("duty_officer", LINGWU) for _ in range(4)]
    together = Barrier(len(people))

    def work(person: Principal) -> str:
        try:
            with acting_as(person):
                together.wait(10)
                STEPS[event](alarm)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(work, people)) == ["conflict"] * 3 + ["done"]
    with as_service("demo"), read_scope():
        kinds = list(AlarmEvent.objects.filter(alarm_id=alarm).values_list("kind", flat=True))
    assert kinds.count({"confirm": "confirmed", "close": "closed"}[event]) == 1


def test_a_crossing_and_a_closing_at_once_lose_no_alarm(plant: Plant, officer: Principal) -> None:
    """Whichever comes first: afterwards the plant's state is told by an open, active alarm."""
    from django.db import connection

    for round_ in range(4):
        alarm = alarm_in(AlarmState.HANDLING, plant, officer)
        together = Barrier(2)

        def close(alarm: UUID = alarm, together: Barrier = together) -> None:
            try:
                with acting_as(officer):
                    together.wait(10)
                    close_alarm(alarm)
            except Conflict:
                return
            finally:
                connection.close()

        def rise(together: Barrier = together, at_ms: int = MS + 100_000 * (round_ + 1)) -> None:
            try:
                together.wait(10)
                cross(plant, (Condition.HIGH, True, 97.0), at_ms=at_ms)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in (pool.submit(close), pool.submit(rise)):
                done.result()
        with as_service("demo"), read_scope():
            (open_one,) = Alarm.objects.exclude(state="closed")
        assert open_one.returned_at is None and open_one.value == 97.0
        cross(plant, (Condition.HIGH, False, 60.0), at_ms=MS + 100_000 * (round_ + 1) + 9000)
        with acting_as(officer):
            if open_one.state == "raised":
                confirm_alarm(open_one.id, cause=Cause.REAL)
                handle_alarm(open_one.id, note="降温")
            close_alarm(open_one.id)


# -- the engine -------------------------------------------------------------------------------------------


def test_an_unknown_step_is_not_found_and_a_table_that_does_not_fit_is_not_built() -> None:
    nobody = Principal(None, "nobody", "user", frozenset(), "")
    with pytest.raises(NotFound):
        ALARM_WORKFLOW.require("reopen", object(), nobody)
    first = ALARM_WORKFLOW.transitions[0]
    with pytest.raises(ValueError, match="share an event"):
        Workflow(AlarmState, [first, first])
    with pytest.raises(ValueError, match="unknown states"):
        Workflow(GatewayState, [first])
