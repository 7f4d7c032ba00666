"""Statutory clocks: they escalate once, on their own timeline, and outlive what dies around them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict
from anlan.kernel.text import Text
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as
from anlan.platform.deadlines import DeadlineKind, DeadlineState, Step, register_deadline
from anlan.platform.notices import Urgency

BEGAN = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KIND = "test.first_report"
heard = []


@pytest.fixture(scope="module", autouse=True)
def kind():
    """A report due in two hours: a reminder 30 minutes before, a supervisor when late, the leader an hour later."""
    register_deadline(
        DeadlineKind(
            KIND,
            Text("首报", "First report"),
            (
                Step(-timedelta(minutes=30), "notices.read", Urgency.INFO, Text("首报将到期", "soon due")),
                Step(timedelta(0), "notices.read", Urgency.ATTENTION, Text("首报已超时", "overdue")),
                Step(HOUR, "notices.read", Urgency.URGENT, Text("首报超时一小时", "an hour overdue")),
            ),
            handler=lambda event: heard.append((event.subject_id, event.step)),
        )
    )
    yield
    from anlan.platform.deadlines import contracts

    del contracts._kinds[KIND]


@pytest.fixture(autouse=True)
def silent():
    heard.clear()


def start(subject, *, timeline=None, at=BEGAN):
    from anlan.platform.deadlines.services import DeadlineSpec, start_deadline

    with use_clock(FixedClock(at)), transaction_as(service_principal("worker")):
        return start_deadline(
            DeadlineSpec(KIND, "incident", subject, 2 * HOUR, "640181", None, timeline=timeline)
        )


def change(verb, subject, at, *arguments):
    from anlan.platform.deadlines import services

    with use_clock(FixedClock(at)), transaction_as(service_principal("worker")):
        getattr(services, f"{verb}_deadline")(KIND, subject, *arguments)


def tick_at(at):
    from anlan.platform.deadlines.ticking import tick

    with use_clock(FixedClock(at)):
        return tick()


def deadline_of(subject):
    from anlan.platform.deadlines.queries import deadlines_of

    with acting_as(service_principal("worker")), read_scope():
        (found,) = deadlines_of("incident", subject)
        return found


def notices():
    from anlan.platform.notices.models import Notice

    with acting_as(service_principal("worker")), read_scope():
        return [notice.zh for notice in Notice.objects.order_by("id")]


def test_each_step_falls_due_once(db):
    subject = uuid4()
    start(subject)
    assert tick_at(BEGAN + HOUR) == 0
    assert tick_at(BEGAN + 1.5 * HOUR) == 1
    assert tick_at(BEGAN + 1.5 * HOUR + timedelta(seconds=1)) == 0
    assert tick_at(BEGAN + 2 * HOUR) == 1
    assert notices() == ["首报将到期", "首报已超时"]
    assert heard == [(subject, 0), (subject, 1)]


def test_after_a_standstill_every_missed_step_is_taken_in_order(db):
    """The machine was off all night: nobody is spared the escalation, nobody gets it twice."""
    start(uuid4())
    assert tick_at(BEGAN + 10 * HOUR) == 3
    assert notices() == ["首报将到期", "首报已超时", "首报超时一小时"]
    assert tick_at(BEGAN + 11 * HOUR) == 0


def test_a_step_whose_handler_fails_is_not_counted_and_comes_again(db):
    from anlan.platform.deadlines import contracts

    subject = uuid4()
    start(subject)
    sound = contracts._kinds[KIND]
    contracts._kinds[KIND] = DeadlineKind(KIND, sound.title, sound.steps, handler=_fail)
    try:
        with pytest.raises(RuntimeError, match="crash"):
            tick_at(BEGAN + 1.6 * HOUR)
    finally:
        contracts._kinds[KIND] = sound
    assert notices() == [] and deadline_of(subject).step == 0
    assert tick_at(BEGAN + 1.7 * HOUR) == 1


def _fail(event):
    raise RuntimeError("crash")


def test_two_workers_take_a_step_once(db):
    start(uuid4())
    moment = BEGAN + 1.5 * HOUR

    def one():
        from django.db import connection

        try:
            return tick_at(moment)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: one(), range(4)))
    assert sum(taken) == 1
    assert notices() == ["首报将到期"]


def test_a_pause_moves_what_is_still_to_come(db):
    subject = uuid4()
    start(subject)
    change("pause", subject, BEGAN + HOUR)
    assert tick_at(BEGAN + 20 * HOUR) == 0, "a paused clock does not escalate"
    change("resume", subject, BEGAN + 6 * HOUR)
    assert deadline_of(subject).due_at == BEGAN + 7 * HOUR
    assert tick_at(BEGAN + 6.4 * HOUR) == 0
    assert tick_at(BEGAN + 6.5 * HOUR) == 1


def test_a_restart_begins_anew_with_all_steps(db):
    """The third death on day twelve raises the grade: the clocks begin again."""
    subject = uuid4()
    start(subject)
    tick_at(BEGAN + 2 * HOUR)
    change("restart", subject, BEGAN + 5 * HOUR, HOUR)
    found = deadline_of(subject)
    assert (found.due_at, found.step) == (BEGAN + 6 * HOUR, 0)
    assert tick_at(BEGAN + 5.5 * HOUR) == 1


@pytest.mark.parametrize(
    ("after", "state"), [(1.9, DeadlineState.MET), (2.0, DeadlineState.MET), (2.1, DeadlineState.MET_LATE)]
)
def test_met_in_time_or_late_is_kept_apart(db, after, state):
    subject = uuid4()
    start(subject)
    change("meet", subject, BEGAN + after * HOUR)
    assert deadline_of(subject).state == state.value
    assert tick_at(BEGAN + 10 * HOUR) == 0, "what is done escalates no more"


def test_one_clock_of_a_kind_runs_for_an_object(db):
    subject = uuid4()
    start(subject)
    with pytest.raises(Conflict):
        start(subject)
    change("cancel", subject, BEGAN + HOUR)
    start(subject)


def test_an_exercise_runs_by_its_own_clock_beside_the_live_one(db):
    """At sixty times the speed two hours pass in two minutes, and the live clocks do not notice."""
    from anlan.platform.threads.services import create_timeline

    origin = datetime(2026, 6, 1, tzinfo=UTC)
    with use_clock(FixedClock(BEGAN)), acting_as(service_principal("console")):
        drill = create_timeline("演练", origin=origin, rate=60.0)
    live, exercised = uuid4(), uuid4()
    start(live)
    start(exercised, timeline=drill.id)
    assert deadline_of(exercised).due_at == origin + 2 * HOUR
    assert tick_at(BEGAN + timedelta(seconds=89)) == 0
    assert tick_at(BEGAN + timedelta(seconds=121)) == 2
    assert deadline_of(live).step == 0


def test_a_handler_may_restart_the_clock_that_called_it_and_many_start_at_once(db):
    """A clock that looks again until its matter is done: each round is one step, none is lost."""
    from anlan.platform.deadlines import contracts
    from anlan.platform.deadlines.services import (
        DeadlineSpec,
        cancel_deadlines,
        restart_deadline,
        start_deadlines,
    )

    rounds = []

    def again(event):
        rounds.append(event.subject_id)
        if rounds.count(event.subject_id) < 3:
            restart_deadline(KIND, event.subject_id, HOUR)

    sound = contracts._kinds[KIND]
    steps = (Step(timedelta(0), None, Urgency.INFO, Text("再看", "look again")),)
    contracts._kinds[KIND] = DeadlineKind(KIND, sound.title, steps, handler=again)
    subjects = [uuid4(), uuid4()]
    try:
        with use_clock(FixedClock(BEGAN)), transaction_as(service_principal("worker")):
            start_deadlines([DeadlineSpec(KIND, "incident", one, HOUR, "640181", None) for one in subjects])
        assert [tick_at(BEGAN + hours * HOUR) for hours in (1, 1.5, 2)] == [2, 0, 2]
        with use_clock(FixedClock(BEGAN)), transaction_as(service_principal("worker")):
            cancel_deadlines(KIND, subjects[:1])
        assert [tick_at(BEGAN + hours * HOUR) for hours in (3, 4)] == [1, 0]
    finally:
        contracts._kinds[KIND] = sound
    assert rounds.count(subjects[0]) == 2 and rounds.count(subjects[1]) == 3
    assert notices() == []
