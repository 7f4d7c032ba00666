"""The evaluator's memory: the same log gives the same changes however it is cut, saved and loaded."""

import itertools
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stream.evaluator.bench import NOON_MS, Rules, changes_of, frame_of, high, no_data

from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.ports.telemetry import LogEntry
from anlan.science.signals.reference import Change, Limit, Reading
from anlan.stream.evaluator import SnapshotFile
from anlan.stream.evaluator.memory import Memory, rules_of
from anlan.stream.evaluator.snapshots import decode, encode

LIMITS = [
    high(1, deadband=3.0, on_delay_ms=1500),
    Limit(2, 0, Condition.LOW, 20.0, off_delay_ms=1000),
    high(3, 1),
    Limit(4, 2, Condition.LOW_LOW, 5.0, deadband=2.0),
    no_data(5, 1),
]
RULES = rules_of(Rules(LIMITS).conditions())

readings = st.builds(
    Reading,
    point=st.integers(0, 3),
    event_ms=st.integers(0, 40).map(lambda half_s: NOON_MS + 500 * half_s),
    value=st.sampled_from([0.0, 4.0, 12.0, 19.0, 25.0, 50.0, 76.0, 78.0, 80.0, 95.0]),
    quality=st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.BAD]),
)
batches = st.lists(st.lists(readings, min_size=1, max_size=6), min_size=1, max_size=14)
"""Late and repeated event times are drawn as well: they must be left unevaluated, wherever the cuts fall."""


def entries_of(drawn, repeats=()):
    """The log of these batches; the batch before each place in *repeats* comes there once more."""
    payloads = []
    for sequence, batch in enumerate(drawn, start=1):
        payloads.append(frame_of(sequence, batch))
        if sequence in repeats:
            payloads.append(payloads[max(0, len(payloads) - 3)])
    return [LogEntry(number, payload) for number, payload in enumerate(payloads, start=1)]


def told(columns):
    names = (columns.condition, columns.raised, columns.event_ms, columns.value)
    return [Change(*one) for one in zip(*(column.tolist() for column in names), strict=True)]


def chunks(entries, cuts):
    places = sorted({0, len(entries), *(cut for cut in cuts if cut < len(entries))})
    return [entries[begin:end] for begin, end in itertools.pairwise(places)]


@given(batches, st.sets(st.integers(0, 28)), st.sets(st.integers(1, 14)))
@settings(max_examples=150, deadline=None)
def test_saved_and_loaded_at_any_cut_the_changes_are_the_references(drawn, cuts, repeats):
    memory, changes, taken = Memory.blank(RULES, 0), [], 0
    for chunk in chunks(entries_of(drawn, repeats), cuts):
        changes += told(memory.take(chunk))
        taken += memory.readings
        memory = Memory(decode(encode(memory.snapshot())))
    assert taken == sum(len(batch) for batch in drawn)  # a repeated batch counts once
    assert changes == changes_of(LIMITS, [reading for batch in drawn for reading in batch])


@given(batches, st.integers(0, 14), st.integers(0, 14))
@settings(max_examples=150, deadline=None)
def test_a_stretch_stepped_again_from_an_older_snapshot_ends_in_the_same_state(drawn, saved_at, killed_at):
    entries = entries_of(drawn)
    memory = Memory.blank(RULES, 0)
    snapshot = memory.snapshot()
    for entry in entries[: max(saved_at, killed_at)]:
        memory.take([entry])
        if entry.sequence == saved_at:
            snapshot = memory.snapshot()
    again = Memory(decode(encode(snapshot)))
    for entry in entries[again.sequence : memory.sequence]:
        again.take([entry])
    assert encode(again.snapshot()) == encode(memory.snapshot())


@given(batches)
@settings(max_examples=60, deadline=None)
def test_what_the_desk_holds_is_taken_over_and_the_next_reading_decides(drawn):
    """After `reconcile` exactly the desk's alarms count as active, whatever the memory believed."""
    memory = Memory.blank(RULES, 0)
    for entry in entries_of(drawn):
        memory.take([entry])
    orphans = told(memory.reconcile(np.array([1, 4, 77], np.int32), NOON_MS))
    assert [(change.number, change.raised) for change in orphans] == [(77, False)]
    assert RULES.condition[memory.state.active].tolist() == [1, 4]
    late = NOON_MS + 3_600_000
    normal = [Reading(point, late + step, 50.0) for step in (0, 5000) for point in range(3)]
    assert {change.number for change in told(memory.take([LogEntry(99, frame_of(99, normal))]))} == {1, 4}


def test_a_snapshot_file_is_whole_or_absent():
    memory = Memory.blank(RULES, 0)
    memory.take(entries_of([[Reading(0, NOON_MS, 95.0), Reading(1, NOON_MS, 95.0)]]))
    with tempfile.TemporaryDirectory() as folder:
        file = SnapshotFile(Path(folder), 0)
        assert file.load() is None
        file.save(memory.snapshot())
        (path,) = Path(folder).iterdir()
        whole = path.read_bytes()
        for damage in (
            whole[:-1],
            whole[: len(whole) // 2],
            b"",
            whole[:4],
            bytes([whole[0] ^ 1]) + whole[1:],
        ):
            path.write_bytes(damage)
            assert file.load() is None
        path.with_suffix(".fresh").write_bytes(whole[:100])  # a process that died while it wrote
        path.write_bytes(whole)
        loaded = file.load()
        assert loaded is not None and encode(loaded) == encode(memory.snapshot())


def test_a_snapshot_of_an_older_program_is_left_aside(tmp_path, monkeypatch):
    file = SnapshotFile(tmp_path, 0)
    monkeypatch.setattr("anlan.stream.evaluator.snapshots.SCHEMA", 1)
    file.save(Memory.blank(RULES, 7).snapshot())
    monkeypatch.undo()
    assert file.load() is None
