"""What is really stored, read past everything that the system says about itself."""

import asyncio
import time

import clickhouse_connect
import msgspec
from tests.faults.system import System

from anlan.adapters.nats import EVT, TELE, NatsLogReader, connect

SETTLE_S = 120.0
Key = tuple[int, int]
"""A reading's point number and event time (UTC ms)."""

_READINGS = """
SELECT point, toUnixTimestamp64Milli(time), any(value), any(quality), count()
FROM readings FINAL GROUP BY point, time"""
_CHANGES = """
SELECT a.limit_number, e.kind <> 'returned', round(extract(epoch FROM e.at) * 1000)::bigint, e.value
FROM alarms_alarmevent e JOIN alarms_alarm a ON a.id = e.alarm_id
WHERE e.kind IN ('raised', 're_raised', 'returned') ORDER BY e.at, e.id"""
_OPEN = "SELECT limit_number, returned_at IS NULL FROM alarms_alarm WHERE state <> 'closed'"
_OUTBOX = "SELECT id FROM outbox_outboxevent"


def readings(system: System) -> tuple[dict[Key, tuple[float, int]], int]:
    """Value and quality by key from the history, and how many rows those are."""
    client = clickhouse_connect.get_client(
        dsn=system.told["environment"]["CLICKHOUSE_URL"], dedicated_pool=True
    )
    rows = client.query(_READINGS).result_rows
    client.close()
    return {(point, at): (value, quality) for point, at, value, quality, _ in rows}, sum(r[4] for r in rows)


def alarm_changes(system: System) -> list[tuple[int, bool, int, float]]:
    """Every entry of the alarms' time lines that the process caused: limit, raised, UTC ms, value."""
    with system.superuser() as database:
        return database.execute(_CHANGES).fetchall()


def open_alarms(system: System) -> list[tuple[int, bool]]:
    """Limit of each alarm that is not closed, and whether its condition holds."""
    with system.superuser() as database:
        return database.execute(_OPEN).fetchall()


def outbox(system: System) -> set[str]:
    """The identifiers of all events that services have written."""
    with system.superuser() as database:
        return {str(id) for (id,) in database.execute(_OUTBOX).fetchall()}


def events(system: System) -> set[str]:
    """The identifiers of all events on EVT."""
    return asyncio.run(_events(system.told["environment"]["NATS_URL"]))


def wait_until_read(system: System) -> None:
    """Return when evaluator and historian say that they are at the end of the log."""
    last = asyncio.run(_end_of_log(system.told["environment"]["NATS_URL"]))
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        evaluator, historian = system.process("evaluator").detail, system.process("historian").detail
        places = (evaluator.get("sequence") or 0, historian.get("stored_sequence") or 0)
        if min(places) >= last:
            return
        time.sleep(0.2)
    raise AssertionError(f"the log's end {last} is not reached: {evaluator} {historian}")


async def _end_of_log(url: str) -> int:
    client = await connect(url, "checker")
    last = (await client.jsm().stream_info(TELE)).state.last_seq
    await client.close()
    return int(last)


async def _events(url: str) -> set[str]:
    client = await connect(url, "checker")
    reader = NatsLogReader(client, EVT, "evt.>", "checker")
    end, place, heard = await reader.last_sequence(), 0, set()
    while place < end:
        for entry in await reader.read(500, 1.0):
            place = entry.sequence
            heard.add(str(msgspec.json.decode(entry.payload)["id"]))
    await reader.close()
    await client.close()
    return heard
