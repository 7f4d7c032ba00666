"""The evaluator on a real broker and a real database: killed, cut off, told new limits, given another log."""

import asyncio
import math
import os
import random
import signal
from contextlib import asynccontextmanager, suppress

import pytest
from tests.server.world import in_thread
from tests.stream.evaluator.bench import NOON_MS, Crash, Lifeline, Snapshots, at, changes_of, frame_of

from anlan.adapters.nats import (
    TELE,
    NatsBus,
    NatsLogReader,
    NatsTelemetryLog,
    StreamLimits,
    connect,
    ensure_streams,
)
from anlan.kernel.levels import Condition
from anlan.ports.telemetry import LogUnavailable
from anlan.science.signals.reference import Limit
from anlan.server.supervisor.nats import temporary_nats
from anlan.stream.evaluator import Evaluator
from anlan.stream.evaluator.evaluator import Pace

LIMITS = StreamLimits(tele_bytes=8 * 1024 * 1024, evt_bytes=1024 * 1024, dead_bytes=1024 * 1024)
PACE = Pace(
    entries=4,
    wait_s=0.02,
    rules_s=0.05,
    silence_s=0.05,
    latest_s=0.1,
    snapshot_s=0.1,
    retry_s=0.02,
    purged_s=0.2,
)


class Tank:
    """A point with high and low limits in the database, and what the reference says of its readings."""

    def __init__(self):
        from anlan.domains.monitoring.enterprises.credit_code import check_digit
        from anlan.domains.monitoring.enterprises.services import create_enterprise
        from anlan.domains.monitoring.enterprises.states import EnterpriseKind
        from anlan.domains.monitoring.points.services import create_point, register_gateway
        from anlan.domains.monitoring.points.states import PointKind
        from anlan.platform.commands import acting_as, service_principal

        body = "91640181MATANK001"
        with acting_as(service_principal("demo")):
            plant = create_enterprise(
                code=body + check_digit(body), name="储运公司", region="640181", kind=EnterpriseKind.OTHER
            )
            gateway = register_gateway(source="tank", name="tank", enterprise_id=plant.id).gateway
            self.point = create_point(
                gateway_id=gateway.id,
                tag="TI-1",
                name="罐温",
                unit="°C",
                kind=PointKind.TEMPERATURE,
                sampling_s=1.0,
            )
        self.limits = {
            kind: self.set(kind, threshold)
            for kind, threshold in ((Condition.HIGH, 80.0), (Condition.LOW, 20.0))
        }

    def set(self, kind, threshold):
        from anlan.domains.monitoring.points.services import set_limit
        from anlan.platform.commands import acting_as, service_principal

        with acting_as(service_principal("demo")):
            limit = set_limit(point_id=self.point.id, kind=kind, threshold=threshold, deadband=1.0)
        return Limit(limit.number, self.point.number, kind, threshold, deadband=1.0)

    def swing(self, seconds):
        """One reading a second that swings through both limits."""
        return [at(second, 50 + 45 * math.sin(second / 2), self.point.number) for second in seconds]

    def expected(self, readings):
        changes = changes_of(list(self.limits.values()), readings)
        return [(change.number, change.raised, change.event_ms, change.value) for change in changes]


@pytest.fixture
def tank(db):
    return Tank()


@pytest.fixture
def broker():
    with temporary_nats(durable=True) as server:
        yield server


@pytest.fixture
async def client(broker):
    connection = await connect(broker.url, "test")
    await ensure_streams(connection, LIMITS)
    yield connection
    await connection.close()


class DatabaseLifeline(Lifeline):
    """Each call in a thread, its connection given back."""

    async def in_thread(self, call):
        self.step()
        value = await asyncio.to_thread(in_thread, call)
        self.step()
        return value


def evaluator_of(client, folder, lifeline=None):
    from anlan.domains.monitoring.alarms.sink import DatabaseTransitionSink
    from anlan.domains.monitoring.points.rules import DatabaseRuleSource

    lifeline = lifeline or DatabaseLifeline()
    return Evaluator(
        0,
        NatsLogReader(client, TELE, "tele.0", "evaluator-0"),
        DatabaseRuleSource(),
        DatabaseTransitionSink(),
        NatsBus(client),
        Snapshots(folder, lifeline),
        lifeline.in_thread,
        PACE,
    )


@asynccontextmanager
async def alive(client, folder, lifeline=None):
    evaluator, stop = evaluator_of(client, folder, lifeline), asyncio.Event()
    running = asyncio.create_task(evaluator.run(stop))
    try:
        yield evaluator, running
    finally:
        stop.set()
        with suppress(Crash):
            await asyncio.wait_for(running, 20)


async def append(client, readings, first=1):
    """One batch for each reading, resent until the log has it."""
    log = NatsTelemetryLog(client)
    for sequence, reading in enumerate(readings, start=first):
        while True:
            try:
                await log.append(frame_of(sequence, [reading]))
                break
            except LogUnavailable:
                await asyncio.sleep(0.05)


def stored(superuser):
    rows = superuser.execute(
        "SELECT a.limit_number, e.kind <> 'returned', round(extract(epoch FROM e.at) * 1000)::bigint, e.value "
        "FROM alarms_alarmevent e JOIN alarms_alarm a ON a.id = e.alarm_id "
        "WHERE e.kind IN ('raised', 're_raised', 'returned') ORDER BY e.at, e.id"
    )
    return rows.fetchall()


async def eventually(condition, seconds=30.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_killed_over_and_over_each_change_is_stored_once(client, tank, superuser, tmp_path):
    readings = tank.swing(range(60))
    appending = asyncio.create_task(append(client, readings))
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    dice = random.Random(355)
    for _ in range(8):
        lifeline = DatabaseLifeline(dice.randrange(4, 40))
        async with alive(client, tmp_path, lifeline) as (_, running):
            await asyncio.wait({running}, timeout=5)
    await appending
    async with alive(client, tmp_path):
        await eventually(lambda: len(stored(superuser)) >= len(tank.expected(readings)))
        await asyncio.sleep(0.3)
    assert stored(superuser) == tank.expected(readings)


async def test_a_database_that_lets_nobody_in_for_a_while_loses_nothing(
    client, tank, superuser, db, tmp_path
):
    import psycopg

    def admin(statement):
        with psycopg.connect(db.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    name = superuser.info.dbname
    readings = tank.swing(range(40))
    async with alive(client, tmp_path) as (evaluator, _):
        await append(client, readings[:10])
        await eventually(lambda: evaluator.health()["ok"] and evaluator.health()["sequence"] == 10)
        admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            admin(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608
                f"WHERE datname = '{name}' AND usename = 'anlan_app'"
            )
            await append(client, readings[10:], first=11)
            await eventually(lambda: "database" in str(evaluator.health()["trouble"]))
        finally:
            admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await eventually(lambda: len(stored(superuser)) >= len(tank.expected(readings)))
        await eventually(lambda: evaluator.health()["ok"])
    assert stored(superuser) == tank.expected(readings)


async def test_a_limit_changed_while_readings_flow_holds_from_then_on(client, tank, superuser, tmp_path):
    async with alive(client, tmp_path) as (evaluator, _):
        await eventually(lambda: evaluator.health()["ok"])
        await append(client, [at(1, 60.0, tank.point.number)])
        await eventually(lambda: evaluator.health()["sequence"] == 1)
        before = evaluator.health()["rules_version"]
        changed = await asyncio.to_thread(in_thread, tank.set, Condition.HIGH, 55.0)
        await eventually(lambda: evaluator.health()["rules_version"] != before)
        assert stored(superuser) == []
        await append(client, [at(2, 60.0, tank.point.number)], first=2)
        await eventually(lambda: stored(superuser))
    assert stored(superuser) == [(changed.number, True, NOON_MS + 2000, 60.0)]


async def test_a_killed_broker_is_waited_for(broker, client, tank, superuser, tmp_path):
    readings = tank.swing(range(60))
    async with alive(client, tmp_path) as (evaluator, _):
        await append(client, readings[:20])
        appending = asyncio.create_task(append(client, readings[20:], first=21))
        await eventually(lambda: (evaluator.health()["sequence"] or 0) > 20)
        os.kill(broker.pid, signal.SIGKILL)
        await asyncio.to_thread(broker.stop)
        await asyncio.to_thread(broker.start)
        await appending
        await eventually(lambda: len(stored(superuser)) >= len(tank.expected(readings)))
    assert stored(superuser) == tank.expected(readings)


@pytest.mark.parametrize("running_on", [True, False])
async def test_a_log_made_anew_is_read_from_its_beginning(client, tank, superuser, tmp_path, running_on):
    """Somebody deletes the stream; the new one counts from 1 and soon is longer than the old one was."""
    old, new = tank.swing(range(20)), tank.swing(range(20, 60))

    async def renew():
        await client.jsm().delete_stream(TELE)
        await ensure_streams(client, LIMITS)
        await append(client, new, first=21)

    async with alive(client, tmp_path) as (evaluator, _):
        await append(client, old)
        await eventually(lambda: evaluator.health()["snapshot_sequence"] == 20)
        if running_on:
            await renew()
            await eventually(lambda: len(stored(superuser)) >= len(tank.expected(old + new)))
    if not running_on:
        await renew()
        async with alive(client, tmp_path):
            await eventually(lambda: len(stored(superuser)) >= len(tank.expected(old + new)))
    assert stored(superuser) == tank.expected(old + new)


async def test_a_log_purged_behind_the_marks_goes_on(client, tank, superuser, tmp_path):
    readings = tank.swing(range(40))
    async with alive(client, tmp_path) as (evaluator, _):
        await append(client, readings[:20])
        await eventually(lambda: evaluator.health()["snapshot_sequence"] == 20)
    await client.jsm().purge_stream(TELE, seq=21)
    async with alive(client, tmp_path):
        await append(client, readings[20:], first=21)
        await eventually(lambda: len(stored(superuser)) >= len(tank.expected(readings)))
    assert stored(superuser) == tank.expected(readings)
