"""The export of a thread, from the alarm to the people inside, replays to the same state."""

import json

import psycopg
import pytest
from tests.domains.command.incidents.conftest import NOW

from anlan.domains.command.incidents.contracts import ReleaseSpec
from anlan.kernel.clock import FixedClock, use_clock
from anlan.platform.commands import acting_as, read_scope, service_principal

TABLES = (
    "threads_thread, alarms_alarm, alarms_alarmevent, incidents_incident, incidents_entry, incidents_footprint,"
    " incidents_numberseries, deadlines_deadline, notices_notice, outbox_outboxevent, commands_command"
)


def forget(superuser: psycopg.Connection) -> None:
    """Back to the night before: the plant stands, nothing has happened."""
    superuser.execute(f"TRUNCATE {TABLES} CASCADE")
    superuser.execute("UPDATE provenance_run SET superseded_by_id = NULL WHERE thread IS NOT NULL")
    superuser.execute("DELETE FROM provenance_run WHERE thread IS NOT NULL")
    superuser.execute("UPDATE alarms_evaluatorprogress SET sequence = 0")


@pytest.fixture
def night(alarm, incident, weather, people):
    """The incident is handled, its footprint computed twice, two people are found hurt, and it ends."""
    from datetime import timedelta

    from anlan.domains.command.incidents import services
    from anlan.platform.deadlines.models import Deadline

    steps = (
        lambda: services.compute_footprint(incident.id, ReleaseSpec(2.0, 1800.0)),
        lambda: services.begin_handling(incident.id, note="出动"),
        lambda: services.compute_footprint(incident.id, ReleaseSpec(5.0, 1800.0)),
        lambda: services.update_facts(incident.id, seriously_injured=2),
        lambda: services.end_incident(incident.id, note="堵漏完成"),
    )
    for minute, step in enumerate(steps, start=1):
        with acting_as(service_principal("demo")), use_clock(FixedClock(NOW + timedelta(minutes=minute))):
            step()
    with acting_as(service_principal("console")), read_scope():
        assert not Deadline.objects.filter(subject_kind="incident", state="running").exists()
    return alarm.thread


def exported(thread):
    from anlan.platform.threads.export import export_thread

    with acting_as(service_principal("console")), read_scope():
        return export_thread(thread)


def test_the_export_of_a_thread_replays_to_the_same_state(night, superuser):
    from anlan.platform.commands.models import Command
    from anlan.platform.commands.replay import replay_all
    from anlan.platform.threads.export import state_differences
    from anlan.platform.threads.queries import commands_of_thread

    document = json.loads(json.dumps(exported(night)))
    state = document["state"]
    assert {name: len(rows) for name, rows in state.items() if rows} == {
        "alarm": 1,
        "alarm_event": 1,
        "deadline": 3,
        "footprint": 3,
        "incident": 1,
        "incident_entry": 7,
        "run": 4,
        "thread": 1,
    }
    with acting_as(service_principal("console")), read_scope():
        recorded: list[Command] = list(commands_of_thread(night))
    assert [one["verb"] for one in document["commands"]] == [one.verb for one in recorded]
    forget(superuser)
    replay_all(recorded, lambda key: service_principal(key.removeprefix("service:")))
    assert state_differences(state, exported(night)["state"]) == []


def test_a_changed_row_is_named_by_the_difference(night):
    from anlan.platform.threads.export import state_differences

    before = exported(night)["state"]
    after = json.loads(json.dumps(before))
    after["incident"][0]["dead"] = 1
    after["run"].pop()
    assert state_differences(before, after) == [
        "incident: 1 and 1 rows, 1 of them different",
        "run: 4 and 3 rows, 0 of them different",
    ]


def test_a_fixed_name_leads_to_the_newest_thread(night):
    from uuid import uuid4

    from anlan.platform.threads.export import thread_named
    from anlan.platform.threads.services import name_thread

    name = uuid4()
    with acting_as(service_principal("demo")):
        name_thread(name, night)
        with read_scope():
            assert thread_named(name) == night == thread_named(night)
