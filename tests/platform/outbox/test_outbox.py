"""Events leave with the change that they tell of, or not at all."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.domains.monitoring.plant import new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as
from anlan.platform.outbox import Event, emit, emit_many
from anlan.platform.outbox.models import OutboxEvent

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def event(name: object, region: str = LINGWU) -> Event:
    return Event("alarm", {"name": name}, None, region, None, "alarms.read")


def waiting(superuser: psycopg.Connection) -> list[Any]:
    return superuser.execute("SELECT data FROM outbox_outboxevent ORDER BY position").fetchall()


def test_an_event_is_there_when_its_transaction_is_and_gone_when_that_is_gone(
    db: Any, superuser: psycopg.Connection
) -> None:
    with transaction_as(service_principal("demo")):
        emit_many([event("first"), event("second")])
        assert waiting(superuser) == [], "nobody sees it before the commit"
    with pytest.raises(RuntimeError), transaction_as(service_principal("demo")):
        emit_many([event("never")])
        raise RuntimeError
    assert waiting(superuser) == [({"name": "first"},), ({"name": "second"},)]


def test_a_refused_step_tells_nothing(db: Any, superuser: psycopg.Connection) -> None:
    from anlan.domains.monitoring.points.services import enable_gateway

    plant = new_plant("tank-farm")
    before = waiting(superuser)
    with as_service("demo"), pytest.raises(Conflict):
        enable_gateway(plant.gateway)
    with acting_as(new_principal("leader", LINGWU)), pytest.raises(Forbidden):
        enable_gateway(plant.gateway)
    assert waiting(superuser) == before


def test_an_event_carries_who_may_hear_of_it_and_what_it_belongs_to(
    db: Any, superuser: psycopg.Connection
) -> None:
    thread, timeline = uuid4(), uuid4()
    with transaction_as(service_principal("demo")), use_clock(FixedClock(AT)):
        emit(
            "alarm",
            {"id": thread, "at": AT, "value": float("nan")},
            thread=thread,
            region=LINGWU,
            zone="ningdong",
            permission="alarms.read",
            timeline=timeline,
            exercise=True,
        )
    said = superuser.execute(
        "SELECT topic, at, thread, region, zone, permission, timeline, exercise, data, published_at"
        " FROM outbox_outboxevent"
    ).fetchone()
    data = {"id": str(thread), "at": "2026-05-01T03:00:00Z", "value": None}
    assert said == (
        "alarm", AT, thread, LINGWU, "ningdong", "alarms.read", timeline, True, data, None,
    )  # fmt: skip


def test_nobody_plants_an_event_in_another_county_or_without_a_scope(
    db: Any, application: psycopg.Connection
) -> None:
    """An event tells screens: it is bound like the rows that it tells of."""
    officer = new_principal("local_bureau", LINGWU)
    with pytest.raises(Forbidden), transaction_as(officer):
        emit_many([event("planted", YANCHI)])
    with transaction_as(officer):
        emit_many([event("own")])
    with acting_as(new_principal("local_bureau", YANCHI)), read_scope():
        assert not OutboxEvent.objects.exists()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(
            "INSERT INTO outbox_outboxevent (id, topic, at, region, permission, exercise, data)"
            " VALUES (gen_random_uuid(), 'alarm', now(), '640181', 'alarms.read', false, '{}')"
        )


def test_identifiers_are_the_command_s_and_positions_grow(db: Any, superuser: psycopg.Connection) -> None:
    from anlan.platform.commands.models import Command

    new_plant("tank-farm")
    rows = superuser.execute(
        "SELECT position, id, topic FROM outbox_outboxevent ORDER BY position"
    ).fetchall()
    assert [topic for _, _, topic in rows] == ["enterprise", "process_unit", "gateway", "point", "limit"]
    assert [position for position, _, _ in rows] == sorted({position for position, _, _ in rows})
    with as_service("console"), read_scope():
        issued = {id for command in Command.objects.all() for id in command.ids}
    assert {UUID(str(id)) for _, id, _ in rows} <= issued


def test_a_commit_wakes_the_relay_once_and_a_rollback_does_not(
    db: Any, superuser: psycopg.Connection
) -> None:
    superuser.execute("LISTEN outbox")
    with pytest.raises(RuntimeError), transaction_as(service_principal("demo")):
        emit_many([event("never")])
        raise RuntimeError
    assert list(superuser.notifies(timeout=0.2)) == []
    with transaction_as(service_principal("demo")):
        emit_many(event(number) for number in range(100))
    assert len(list(superuser.notifies(timeout=1.0, stop_after=1))) == 1
    assert list(superuser.notifies(timeout=0.2)) == []
