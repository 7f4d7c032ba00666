"""A recorded thread, called again on the state that it met, gives the same rows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.people import LINGWU, as_service, new_principal
from tests.server.world import RAISED_MS, County, new_county

from anlan.domains.monitoring.alarms.crossings import Crossing
from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.services import (
    apply_crossings,
    close_alarm,
    comment_alarm,
    confirm_alarm,
    handle_alarm,
)
from anlan.domains.monitoring.alarms.states import Cause
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict
from anlan.platform.commands import Principal, acting_as, read_scope, service_principal
from anlan.platform.commands.models import Command
from anlan.platform.commands.replay import replay, replay_all
from anlan.platform.threads.queries import commands_of_thread

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
TABLES = ("threads_thread", "alarms_alarm", "alarms_alarmevent", "outbox_outboxevent")


@pytest.fixture
def lingwu(db: Any, superuser: psycopg.Connection) -> County:
    """A county whose one alarm is taken away again: the state that the thread will meet."""
    county = new_county(LINGWU, "LINGWUMARK", 1)
    forget(superuser)
    return county


def forget(superuser: psycopg.Connection) -> None:
    superuser.execute(
        "TRUNCATE threads_thread, alarms_alarm, alarms_alarmevent, alarms_alarmgroup, deadlines_deadline,"
        " outbox_outboxevent CASCADE"
    )
    superuser.execute("UPDATE alarms_evaluatorprogress SET sequence = 0")


def contents(superuser: psycopg.Connection) -> dict[str, list[Any]]:
    """All rows but for the database's own marks of when they were written."""
    own = "to_jsonb(t) - ARRAY['committed_at', 'position', 'xid'] #- '{data,committed_at}'"
    return {
        table: superuser.execute(f"SELECT {own} FROM {table} t ORDER BY id").fetchall()  # type: ignore[call-overload]  # noqa: S608
        for table in TABLES
    }


def limit_number(county: County) -> int:
    from anlan.domains.monitoring.points.models import Limit

    with as_service("demo"), read_scope():
        return Limit.objects.get(id=county.ids["limit"]).number


def night(county: County, officer: Principal) -> UUID:
    """One alarm from its raising to its closing; the thread."""
    number = limit_number(county)

    def evaluator(sequence: int, *crossings: Crossing) -> None:
        with as_service("evaluator"):
            apply_crossings(0, sequence, crossings)

    moments = (FixedClock(AT + timedelta(minutes=minute)) for minute in range(100))
    with use_clock(next(moments)):
        evaluator(1, Crossing(number, True, RAISED_MS, RAISED_MS, 91.5))
    with as_service("demo"), read_scope():
        alarm = Alarm.objects.get()
    with acting_as(officer):
        with use_clock(next(moments)):
            comment_alarm(alarm.id, note="已电话核实")
        with use_clock(next(moments)):
            confirm_alarm(alarm.id, cause=Cause.REAL, note="冷却水中断")
    with use_clock(next(moments)):
        evaluator(2, Crossing(number, False, RAISED_MS + 5000, RAISED_MS + 5000, 70.0),
                  Crossing(number, True, RAISED_MS + 9000, RAISED_MS + 9000, 92.0))  # fmt: skip
    with acting_as(officer), use_clock(next(moments)):
        handle_alarm(alarm.id, note="启动备用泵")
    with use_clock(next(moments)):
        evaluator(3, Crossing(number, False, RAISED_MS + 60_000, RAISED_MS + 60_000, 60.0))
    with acting_as(officer), use_clock(next(moments)):
        close_alarm(alarm.id, note="恢复正常")
    return alarm.thread


def test_a_night_replayed_gives_the_same_thread_alarm_and_time_line(
    lingwu: County, superuser: psycopg.Connection
) -> None:
    officer = new_principal("duty_officer", LINGWU)
    thread = night(lingwu, officer)
    then = contents(superuser)
    assert [len(rows) for rows in then.values()] == [1, 1, 8, 9], (
        "the clock of its confirmation began and was met"
    )
    with as_service("console"), read_scope():
        recorded = list(commands_of_thread(thread))
    assert [one.verb.partition(".")[2] for one in recorded] == [
        "apply_crossings",
        "comment",
        "confirm",
        "apply_crossings",
        "handle",
        "apply_crossings",
        "close",
    ]
    forget(superuser)
    superuser.execute("TRUNCATE commands_command")
    who = {officer.key: officer}
    replay_all(recorded, lambda key: who.get(key) or service_principal(key.removeprefix("service:")))
    assert contents(superuser) == then
    with as_service("console"), read_scope():
        again = [(one.id, one.verb, one.at, one.ids, one.threads) for one in commands_of_thread(thread)]
    assert again == [(one.id, one.verb, one.at, one.ids, one.threads) for one in recorded]


def test_one_batch_that_opens_two_alarms_belongs_to_both_threads(lingwu: County) -> None:
    from anlan.domains.monitoring.points.services import set_limit
    from anlan.kernel.levels import Condition

    with as_service("demo"):
        highest = set_limit(point_id=lingwu.ids["point"], kind=Condition.HIGH_HIGH, threshold=90.0)
    crossings = [
        Crossing(number, True, RAISED_MS, RAISED_MS, 91.5)
        for number in (limit_number(lingwu), highest.number)
    ]
    with as_service("evaluator"):
        assert apply_crossings(0, 1, crossings) == 2
    with as_service("console"), read_scope():
        threads = list(Alarm.objects.values_list("thread", flat=True))
        found = [[one.verb for one in commands_of_thread(thread)] for thread in threads]
    assert found == [["alarms.apply_crossings"]] * 2


def test_what_was_refused_is_no_part_of_a_replay(lingwu: County) -> None:
    officer = new_principal("duty_officer", LINGWU)
    thread = night(lingwu, officer)
    with as_service("console"), read_scope():
        (closed,) = commands_of_thread(thread).filter(verb="alarms.close")
    with acting_as(officer), pytest.raises(Conflict):
        close_alarm(UUID(closed.arguments["alarm_id"]))
    with as_service("console"), read_scope():
        assert commands_of_thread(thread).filter(verb="alarms.close").count() == 1


def test_a_record_without_its_secret_cannot_be_called_again_and_a_child_only_by_its_parent(
    lingwu: County,
) -> None:
    with as_service("console"), read_scope():
        opened = Command.objects.filter(verb="threads.open_many").first()
    assert opened is not None and opened.parent is not None
    with pytest.raises(ValueError, match="parent"):
        replay(opened, service_principal("evaluator"))
    new_principal("leader", LINGWU)
    with as_service("console"), read_scope():
        account = Command.objects.filter(verb="identity.create_user").first()
    assert account is not None
    with pytest.raises(ValueError, match="password"):
        replay(account, service_principal("demo"))


def test_code_that_asks_for_more_identifiers_than_it_did_invents_none(
    lingwu: County, superuser: psycopg.Connection
) -> None:
    thread = night(lingwu, new_principal("duty_officer", LINGWU))
    with as_service("console"), read_scope():
        first = commands_of_thread(thread)[0]
    forget(superuser)
    superuser.execute("TRUNCATE commands_command")
    first.ids = first.ids[:-1]
    with pytest.raises(LookupError):
        replay(first, service_principal("evaluator"))
    assert not any(contents(superuser).values())
