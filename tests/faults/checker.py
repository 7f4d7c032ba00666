"""The history checker: what was acknowledged against what is stored, reading by reading and alarm by alarm.

Its reference is the plain alarm step of `anlan.science.signals.reference`, fed
with the ledger. It trusts nothing that the system says about itself.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

import clickhouse_connect
from tests.faults.plant import LIMITS, TAGS, Records
from tests.faults.senders import Batch, Ledger
from tests.faults.system import System

from anlan.adapters.nats import EVT, TELE, NatsLogReader, connect
from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals.reference import Bench, Limit, Reading

SETTLE_S = 120.0
Key = tuple[int, int]
"""A reading's point number and event time (UTC ms)."""
Change = tuple[bool, int, float]
"""Raised or returned, event time (UTC ms), and the value that decided."""

_READINGS = """
SELECT point, toUnixTimestamp64Milli(time), any(value), any(quality), count()
FROM readings FINAL GROUP BY point, time"""
_CHANGES = """
SELECT a.limit_number, e.kind <> 'returned', round(extract(epoch FROM e.at) * 1000)::bigint, e.value
FROM alarms_alarmevent e JOIN alarms_alarm a ON a.id = e.alarm_id
WHERE e.kind IN ('raised', 're_raised', 'returned') ORDER BY e.at, e.id"""
_OPEN = "SELECT limit_number, returned_at IS NULL FROM alarms_alarm WHERE state <> 'closed'"


@dataclass(frozen=True)
class Proof:
    """Counts; every count of a fault is 0 in a system that keeps its word."""

    acknowledged: int
    stored: int
    lost: int
    phantom: int
    doubled: int
    alarms_expected: int
    alarms_stored: int
    alarms_missing: int
    alarms_extra: int
    open_twice: int
    open_wrong: int
    events: int
    events_unheard: int
    complaints: int

    @property
    def holds(self) -> bool:
        faults = (self.lost, self.phantom, self.doubled, self.alarms_missing, self.alarms_extra)
        return not any((*faults, self.open_twice, self.open_wrong, self.events_unheard, self.complaints))

    def lines(self) -> list[str]:
        return [
            f"readings: {self.acknowledged} acknowledged, {self.stored} stored; "
            f"lost {self.lost}, phantom {self.phantom}, twice {self.doubled}",
            f"alarm changes: {self.alarms_expected} by the reference, {self.alarms_stored} stored; "
            f"missing {self.alarms_missing}, extra {self.alarms_extra}; "
            f"open twice {self.open_twice}, open or returned wrongly {self.open_wrong}",
            f"events: {self.events} in the outbox, not heard on EVT {self.events_unheard}; "
            f"acknowledgements that cover less than the batch: {self.complaints}",
        ]


def check(system: System, records: Records, ledger: Ledger) -> Proof:
    """The proof once everything has settled; waits for it no longer than `SETTLE_S`."""
    asyncio.run(_wait_until_read(system))
    deadline = time.monotonic() + SETTLE_S
    while not (proof := _compare(system, records, ledger)).holds and time.monotonic() < deadline:
        time.sleep(2)
    return proof


def _compare(system: System, records: Records, ledger: Ledger) -> Proof:
    sent, acknowledged = _by_key(ledger.sent, records), _by_key(ledger.acknowledged, records)
    stored, copies = _history(system.told["environment"]["CLICKHOUSE_URL"])
    expected, active = _reference(ledger, records)
    with system.superuser() as database:
        rows = database.execute(_CHANGES).fetchall()
        changes = Counter((limit, (raised, at, value)) for limit, raised, at, value in rows)
        opened = database.execute(_OPEN).fetchall()
        ids = {str(id) for (id,) in database.execute("SELECT id FROM outbox_outboxevent").fetchall()}
    heard = asyncio.run(_events(system.told["environment"]["NATS_URL"]))
    return Proof(
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=sum(stored.get(key) != reading for key, reading in acknowledged.items()),
        phantom=sum(sent.get(key) != reading for key, reading in stored.items()),
        doubled=copies - len(stored),
        alarms_expected=expected.total(),
        alarms_stored=changes.total(),
        alarms_missing=(expected - changes).total(),
        alarms_extra=(changes - expected).total(),
        open_twice=len(opened) - len({limit for limit, _ in opened}),
        open_wrong=len({limit for limit, holds in opened if holds} ^ active),
        events=len(ids),
        events_unheard=len(ids - heard),
        complaints=len(ledger.complaints),
    )


def _by_key(batches: list[Batch], records: Records) -> dict[Key, tuple[float, int]]:
    return {
        (records.points[batch.source][tag], at): (batch.values[row][column], batch.quality[row][column])
        for batch in batches
        for row, at in enumerate(batch.times_ms)
        for column, tag in enumerate(TAGS)
    }


def _history(url: str) -> tuple[dict[Key, tuple[float, int]], int]:
    """What is stored by key, and how many rows that is."""
    client = clickhouse_connect.get_client(dsn=url, dedicated_pool=True)
    rows = client.query(_READINGS).result_rows
    client.close()
    return {(point, at): (value, quality) for point, at, value, quality, _ in rows}, sum(r[4] for r in rows)


def _reference(ledger: Ledger, records: Records) -> tuple[Counter[tuple[int, Change]], set[int]]:
    """The changes that the reference step finds in the acknowledged batches, and what then holds."""
    benches = {point: Bench(_limits(point, of_point)) for point, of_point in records.limits.items()}
    changes: Counter[tuple[int, Change]] = Counter()
    for batch in ledger.acknowledged:
        for row, at in enumerate(batch.times_ms):
            for column, tag in enumerate(TAGS):
                point = records.points[batch.source][tag]
                quality = Quality(batch.quality[row][column])
                for change in benches[point].read(Reading(point, at, batch.values[row][column], quality)):
                    changes[change.number, (change.raised, change.event_ms, change.value)] += 1
    return changes, set().union(*(bench.active for bench in benches.values()))


def _limits(point: int, numbers: dict[str, int]) -> list[Limit]:
    return [
        Limit(
            numbers[limit.kind.value],
            point,
            limit.kind,
            limit.threshold or 0.0,
            limit.deadband,
            round(limit.on_delay_s * 1000),
            round(limit.off_delay_s * 1000),
        )
        for limit in LIMITS
        if limit.kind is not Condition.NO_DATA
    ]


async def _wait_until_read(system: System) -> None:
    """Return when evaluator and historian say that they are at the end of the log."""
    client = await connect(system.told["environment"]["NATS_URL"], "checker")
    last = (await client.jsm().stream_info(TELE)).state.last_seq
    await client.close()
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        places = (system.process("evaluator").detail, system.process("historian").detail)
        if (places[0].get("sequence") or 0) >= last and (places[1].get("stored_sequence") or 0) >= last:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"the log's end {last} is not reached: {places}")


async def _events(url: str) -> set[str]:
    """The identifiers of all events on EVT."""
    import msgspec

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
