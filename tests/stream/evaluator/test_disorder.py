"""Disorder, repetition and partition change nothing: told as one run against another of the same readings."""

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.signals.columns import condition_columns, rules_of
from tests.stream.evaluator.bench import NOON_MS, at, frame_of, high

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.ports.rules import TransitionColumns
from anlan.ports.telemetry import LogEntry
from anlan.science.signals import Rules, compile_rules
from anlan.science.signals.reference import Change, Limit, Reading
from anlan.stream.evaluator.memory import Memory
from anlan.stream.evaluator.snapshots import decode, encode

GATEWAY = 1
DISORDER_MS = 10_000
TEN_MINUTES_MS = 600_000

SINGLE = [
    high(1, 0, 70.0, deadband=5.0),
    high(2, 0, 60.0, on_delay_ms=3_000, off_delay_ms=2_000),
    Limit(3, 1, Condition.LOW, 30.0, off_delay_ms=2_000),
    Limit(4, 1, Condition.RISING, 60.0, deadband=10.0, window_ms=4_000),
    Limit(5, 2, Condition.FALLING, 60.0, window_ms=3_000, on_delay_ms=1_000),
    Limit(6, 2, Condition.FROZEN, 3.0, window_ms=4_000, needed=3),
    Limit(7, 3, Condition.OUT_OF_RANGE, 10.0, second=90.0),
    high(8, 3, 50.0, repeat_count=2, repeat_window_ms=20_000),
]
ACROSS = [
    *SINGLE,
    Limit(20, 0, Condition.DEVIATION, 20.0, reference=1, reference_stale_ms=3_000),
    Limit(21, 1, Condition.FROZEN, 5.0, window_ms=3_000, needed=2, reference=3),
    Limit(22, 0, Condition.COMBINED, math.nan, needed=2, members=(1, 3, 5)),
    Limit(23, 2, Condition.COMBINED, math.nan, members=(4, 7), on_delay_ms=1_000, off_delay_ms=2_000),
]


@dataclass(frozen=True)
class Delivery:
    """A reading, how late it comes, and how late it comes again (None: it does not)."""

    reading: Reading
    delay_ms: int
    again_ms: int | None


def deliveries(max_delay_ms: int):
    """Readings of four points, each time once per point, and what becomes of them on their way."""
    return st.lists(
        st.builds(
            Delivery,
            st.builds(
                lambda half_s, point, value, quality: replace(at(half_s / 2, value, point), quality=quality),
                st.integers(0, 80),
                st.integers(0, 3),
                st.integers(0, 20).map(lambda fifth: 5.0 * fifth),
                st.sampled_from([Quality.GOOD] * 9 + [Quality.BAD]),
            ),
            st.integers(0, max_delay_ms),
            st.none() | st.integers(0, 60_000),
        ),
        min_size=10,
        max_size=50,
        unique_by=lambda one: (one.reading.point, one.reading.event_ms),
    )


def told(changed: TransitionColumns) -> dict[int, list[Change]]:
    """The changes of each condition in their order."""
    columns = (changed.condition, changed.raised, changed.event_ms, changed.value)
    found: dict[int, list[Change]] = {}
    for number, raised, event_ms, value in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(number, []).append(Change(number, raised, event_ms, value))
    return found


def merged(parts) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    for part in parts:
        for number, changes in told(part).items():
            found.setdefault(number, []).extend(changes)
    return found


def rules(limits: list[Limit], hold_ms: int = 0) -> Rules:
    if not hold_ms:
        return rules_of(limits)
    return compile_rules(version=1, **condition_columns(limits), reorder=[(GATEWAY, hold_ms)])


def in_order(limits: list[Limit], drawn: list[Delivery]) -> dict[int, list[Change]]:
    """Every reading comes once, as it happens."""
    readings = sorted((one.reading for one in drawn), key=lambda one: (one.event_ms, one.point))
    memory = Memory.blank(rules(limits), 0)
    return told(memory.take([LogEntry(n, frame_of(n, [one])) for n, one in enumerate(readings, start=1)]))


def as_delivered(drawn: list[Delivery]) -> list[LogEntry]:
    """Late, disordered and repeated: once as the same batch, once in a batch of its own."""
    arrivals = []
    for number, one in enumerate(drawn, start=1):
        arrived_ms = one.reading.event_ms + one.delay_ms
        arrivals.append((arrived_ms, number, one.reading))
        if one.again_ms is not None:
            arrivals.append((arrived_ms + one.again_ms, number, one.reading))
            arrivals.append((arrived_ms + one.again_ms, number + len(drawn), one.reading))
    arrivals.sort(key=lambda arrival: (arrival[0], arrival[2].point, arrival[1]))
    frames = [frame_of(number, [reading], arrived_ms=arrived_ms) for arrived_ms, number, reading in arrivals]
    return [LogEntry(sequence, frame) for sequence, frame in enumerate(frames, start=1)]


def quietly(memory: Memory) -> list[TransitionColumns]:
    """What is told when nothing comes any more."""
    changes = []
    while len(changed := memory.release(NOON_MS + 3_600_000)):
        changes.append(changed)
    return changes


@settings(max_examples=60, deadline=None)
@given(deliveries(DISORDER_MS), st.integers(7, 40))
def test_held_for_as_long_as_the_disorder_all_rules_tell_what_they_would_have_told_in_order(drawn, every):
    """Restarted from a snapshot again and again on its way."""
    memory, parts = Memory.blank(rules(ACROSS, DISORDER_MS), 0), []
    for count, entry in enumerate(as_delivered(drawn)):
        parts.append(memory.take([entry]))
        if count % every == 0:
            memory = Memory(decode(encode(memory.snapshot())))
    parts += quietly(memory)
    assert repr(sorted(merged(parts).items())) == repr(sorted(in_order(ACROSS, drawn).items()))


@settings(max_examples=25, deadline=None)
@given(deliveries(TEN_MINUTES_MS))
def test_batches_shuffled_within_ten_minutes_tell_what_they_would_have_told_in_order(drawn):
    """The longest that a gateway's readings may be held, and no later than what still counts as live."""
    memory = Memory.blank(rules(ACROSS, TEN_MINUTES_MS), 0)
    parts = [memory.take(as_delivered(drawn)), *quietly(memory)]
    assert repr(sorted(merged(parts).items())) == repr(sorted(in_order(ACROSS, drawn).items()))


@settings(max_examples=60, deadline=None)
@given(deliveries(0), st.tuples(*[st.integers(0, DISORDER_MS)] * 4))
def test_points_that_are_late_against_each_other_change_nothing_in_rules_of_one_point(drawn, lag_ms):
    """Each point's own readings keep their order; those of other points come before or after."""
    lagged = [replace(one, delay_ms=lag_ms[one.reading.point]) for one in drawn]
    memory = Memory.blank(rules(SINGLE), 0)
    assert told(memory.take(as_delivered(lagged))) == in_order(SINGLE, drawn)


@settings(max_examples=30, deadline=None)
@given(deliveries(0))
def test_a_backlog_of_days_beside_the_live_readings_changes_nothing(drawn):
    """The same again three days late, and its opposite: both are history by then."""
    days_ms = 3 * 86_400_000
    backlog = [
        frame_of(
            1_000 + number,
            [replace(one.reading, event_ms=one.reading.event_ms - days_ms, value=100.0 - one.reading.value)],
            arrived_ms=one.reading.event_ms,
        )
        for number, one in enumerate(drawn)
    ]
    live = [entry.payload for entry in as_delivered([replace(one, again_ms=None) for one in drawn])]
    mixed = [frame for pair in zip(live, backlog, strict=True) for frame in pair]
    memory = Memory.blank(rules(ACROSS), 0)
    found = told(memory.take([LogEntry(n, frame) for n, frame in enumerate(mixed, start=1)]))
    assert repr(sorted(found.items())) == repr(sorted(in_order(ACROSS, drawn).items()))


@settings(max_examples=12, deadline=None)
@given(deliveries(2_000), st.sampled_from([2, 4]), st.sampled_from([0, 2_000]))
def test_two_and_four_partitions_tell_exactly_what_one_tells(drawn, partitions, hold_ms):
    """Eight enterprises of four points, with rules across the points of each; a gateway has one enterprise."""
    enterprises = 8

    def moved(limit: Limit, enterprise: int) -> Limit:
        return replace(
            limit,
            number=limit.number + 100 * enterprise,
            point=limit.point + 4 * enterprise,
            reference=None if limit.reference is None else limit.reference + 4 * enterprise,
            members=tuple(member + 100 * enterprise for member in limit.members),
        )

    def told_by(members: list[int]) -> dict[int, list[Change]]:
        memory = Memory.blank(rules([moved(limit, one) for one in members for limit in ACROSS], hold_ms), 0)
        entries = []
        for entry_of in as_delivered(drawn):
            for one in members:
                entries.append((entry_of, one))
        frames = [_frame_of_enterprise(entry, one) for entry, one in entries]
        parts = [memory.take([LogEntry(n, frame)]) for n, frame in enumerate(frames, start=1)]
        return merged([*parts, *quietly(memory)])

    one = told_by(list(range(enterprises)))
    parts = [
        told_by([one for one in range(enterprises) if one % partitions == part]) for part in range(partitions)
    ]
    together = {number: changes for part in parts for number, changes in part.items()}
    assert sum(len(part) for part in parts) == len(together)
    assert repr(sorted(together.items())) == repr(sorted(one.items()))


def _frame_of_enterprise(entry: LogEntry, enterprise: int) -> bytes:
    """The entry as an enterprise's own: its points, and its epoch of batches."""
    from anlan.stream.frames import decode as decode_frame
    from anlan.stream.frames import encode as encode_frame

    frame = decode_frame(entry.payload)
    marks = tuple(
        mark.__class__(GATEWAY, f"e{enterprise}", mark.sequence, 0, mark.count) for mark in frame.batches
    )
    return encode_frame(replace(frame, batches=marks, point=(frame.point + 4 * enterprise).astype(np.int32)))


def test_a_repeated_reading_beyond_its_range_is_no_more_trusted_than_the_first():
    """Else whether a value counts as frozen would hang on how often the plant's "running" came."""
    still = [Delivery(at(second, 0.0, 1), 0, None) for second in (0.0, 28.5, 31.5)]
    running = Delivery(at(0.0, 5.0, 3), 0, 0)  # below the range of condition 7
    memory = Memory.blank(rules(ACROSS), 0)
    found = told(memory.take(as_delivered([*still, running])))
    assert repr(sorted(found.items())) == repr(sorted(in_order(ACROSS, [*still, running]).items()))
    assert 21 not in found
