"""The history checker: what was acknowledged against what is stored, reading by reading and alarm by alarm.

Its reference is the plain alarm step of `anlan.science.signals.reference`, fed
with the ledger. It trusts nothing that the system says about itself.
"""

import time
from collections import Counter
from dataclasses import dataclass

from tests.faults import stored
from tests.faults.plant import LIMITS, TAGS, Records
from tests.faults.senders import Batch, Ledger
from tests.faults.system import System

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.science.signals.reference import Bench, Limit, Reading

Change = tuple[bool, int, float]
"""Raised or returned, event time (UTC ms), and the value that decided."""


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
    """The proof once everything has settled; waits for it no longer than `stored.SETTLE_S`."""
    stored.wait_until_read(system)
    deadline = time.monotonic() + stored.SETTLE_S
    while not (proof := _compare(system, records, ledger)).holds and time.monotonic() < deadline:
        time.sleep(2)
    return proof


def _compare(system: System, records: Records, ledger: Ledger) -> Proof:
    sent, acknowledged = _by_key(ledger.sent, records), _by_key(ledger.acknowledged, records)
    expected, active = _reference(ledger, records)
    readings, rows = stored.readings(system)
    changes = Counter(
        (limit, (raised, at, value)) for limit, raised, at, value in stored.alarm_changes(system)
    )
    opened = stored.open_alarms(system)
    ids = stored.outbox(system)
    return Proof(
        acknowledged=len(acknowledged),
        stored=len(readings),
        lost=sum(readings.get(key) != reading for key, reading in acknowledged.items()),
        phantom=sum(sent.get(key) != reading for key, reading in readings.items()),
        doubled=rows - len(readings),
        alarms_expected=expected.total(),
        alarms_stored=changes.total(),
        alarms_missing=(expected - changes).total(),
        alarms_extra=(changes - expected).total(),
        open_twice=len(opened) - len({limit for limit, _ in opened}),
        open_wrong=len({limit for limit, holds in opened if holds} ^ active),
        events=len(ids),
        events_unheard=len(ids - stored.events(system)),
        complaints=len(ledger.complaints),
    )


def _by_key(batches: list[Batch], records: Records) -> dict[stored.Key, tuple[float, int]]:
    return {
        (records.points[batch.source][tag], at): (batch.values[row][column], batch.quality[row][column])
        for batch in batches
        for row, at in enumerate(batch.times_ms)
        for column, tag in enumerate(TAGS)
    }


def _reference(ledger: Ledger, records: Records) -> tuple[Counter[tuple[int, Change]], set[int]]:
    """The changes that the reference step finds in the acknowledged batches, and what then holds."""
    benches = {point: Bench(_limits(point, of_point)) for point, of_point in records.limits.items()}
    changes: Counter[tuple[int, Change]] = Counter()
    for batch in ledger.acknowledged:
        for row, at in enumerate(batch.times_ms):
            for column, tag in enumerate(TAGS):
                point = records.points[batch.source][tag]
                quality = Quality(batch.quality[row][column])
                # senders send what they measure now: nothing of it is late
                reading = Reading(point, at, batch.values[row][column], quality, arrived_ms=at)
                for change in benches[point].read(reading):
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
