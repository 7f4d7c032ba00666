"""The way from the log into history: in blocks, in order, nothing lost, nothing passed too early."""

import asyncio

import clickhouse_connect
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.adapters.chdb.facade import Facade
from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.kernel.errors import Unavailable
from anlan.ports.history import ROLLED_UP, Resolution, Size
from anlan.ports.telemetry import LogBehind, LogEntry, LogUnavailable
from anlan.stream.frames import BatchMark, Frame, encode
from anlan.stream.historian import HistorianWriter
from anlan.stream.historian.keeper import Keeper
from anlan.stream.historian.writer import Pace

NOON = 1_790_000_000_000
BRISK = Pace(rows=12, wait_s=0.001, window=5, retry_s=0.001)


def frame_of(moment, points=(1, 2, 3)):
    """One frame: a batch with one reading of each point, *moment* seconds after noon."""
    count = len(points)
    return encode(
        Frame(
            arrived_ms=NOON + moment * 1000 + 40,
            batches=(BatchMark(gateway=1, epoch="e", sequence=moment, offset=0, count=count),),
            point=np.array(points, np.int32),
            event_ms=np.full(count, NOON + moment * 1000, np.int64),
            value=np.full(count, float(moment)),
            quality=np.zeros(count, np.uint8),
        )
    )


def frames(count):
    return [frame_of(moment) for moment in range(1, count + 1)]


def readings_of(count):
    return {
        (point, NOON + moment * 1000): float(moment) for point in (1, 2, 3) for moment in range(1, count + 1)
    }


class Crash(Exception):
    """The process dies here."""


class MemoryLog:
    """Entries counted from 1, read by one reader: `LogReader`. *outages* are served first."""

    def __init__(self, payloads):
        self.payloads = list(payloads)
        self.first, self.place, self.marked, self.pending = 1, 0, 0, 0
        self.outages = 0
        self.before_passing = lambda sequence: None

    def purge_passed(self):
        self.first = self.marked + 1

    def _reach(self):
        if self.outages:
            self.outages -= 1
            raise LogUnavailable

    async def mark(self):
        self._reach()
        return self.marked

    async def seek(self, after):
        self._reach()
        if after > len(self.payloads):
            raise LogBehind(f"ends at {len(self.payloads)}")
        self.place = after

    async def read(self, limit, wait_s):
        await asyncio.sleep(0)
        self._reach()
        begin = max(self.place + 1, self.first)
        numbers = range(begin, min(begin + min(limit, 3), len(self.payloads) + 1))
        if not numbers:
            await asyncio.sleep(0.001)
            return []
        self.place = numbers[-1]
        return [LogEntry(number, self.payloads[number - 1]) for number in numbers]

    async def passed(self, sequence):
        self._reach()
        self.before_passing(sequence)
        self.marked = sequence


class MemoryHistory:
    """Readings by (point, event time): `Historian`. *outages* are served first."""

    def __init__(self):
        self.readings, self.blocks, self.sequence = {}, [], 0
        self.rolled = []
        self.outages = 0
        self.before_storing = self.after_storing = lambda: None

    def prepare(self):
        self._reach()

    def last_sequence(self):
        self._reach()
        return self.sequence

    def append(self, readings):
        self._reach()
        self.before_storing()
        keys = zip(readings.point.tolist(), readings.event_ms.tolist(), strict=True)
        self.readings.update(zip(keys, readings.value.tolist(), strict=True))
        self.blocks.append(len(readings))
        self.sequence = max(self.sequence, int(readings.sequence.max()))
        self.after_storing()

    def roll_up(self, resolution):
        self._reach()
        self.rolled.append(resolution)
        return len(self.rolled) % 2 == 1

    def sizes(self):
        return [Size("readings", len(self.readings), 100)]

    def _reach(self):
        if self.outages:
            self.outages -= 1
            raise Unavailable


class DeadLetters(list):
    async def keep(self, entry, reason):
        self.append((entry.sequence, reason))


async def catch_up(log, history, *, pace=BRISK, dead_letters=None):
    """Run a fresh writer until it has passed the whole log; returns it."""
    kept = DeadLetters() if dead_letters is None else dead_letters
    writer, stop = HistorianWriter(log, history, kept.keep, pace), asyncio.Event()
    running = asyncio.create_task(writer.run(stop))
    while log.marked < len(log.payloads) and not running.done():
        await asyncio.sleep(0.001)
    stop.set()
    await running
    return writer


async def test_the_log_is_stored_in_blocks_and_passed():
    log, history = MemoryLog(frames(50)), MemoryHistory()
    writer = await catch_up(log, history)
    assert history.readings == readings_of(50)
    assert len(history.blocks) < 50
    assert log.marked == 50
    assert writer.health()["stored_sequence"] == 50
    assert writer.health()["ok"]


async def test_nothing_is_passed_before_it_is_stored():
    log, history = MemoryLog(frames(40)), MemoryHistory()
    marks = []

    def check(sequence):
        marks.append(sequence)
        assert readings_of(sequence).items() <= history.readings.items()

    log.before_passing = check
    await catch_up(log, history)
    assert marks[-1] == 40


async def test_outages_of_history_and_log_are_waited_out():
    log, history = MemoryLog(frames(30)), MemoryHistory()
    log.outages, history.outages = 3, 4
    history.after_storing = lambda: setattr(log, "outages", 1)
    await catch_up(log, history)
    assert history.readings == readings_of(30)


async def test_while_the_history_is_away_nothing_is_passed_and_health_says_so():
    log, history = MemoryLog(frames(5)), MemoryHistory()
    writer, stop = HistorianWriter(log, history, DeadLetters().keep, BRISK), asyncio.Event()
    history.outages = 1_000_000
    running = asyncio.create_task(writer.run(stop))
    while writer.health()["waiting_for"] != "history":
        await asyncio.sleep(0.001)
    assert not writer.health()["ok"]
    stop.set()
    await running
    assert (log.marked, history.readings) == (0, {})


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_writer_killed_anywhere_leaves_nothing_out(data):
    """Each run is killed before storing, after storing or before passing; the last one lives."""
    log, history = MemoryLog(frames(40)), MemoryHistory()
    for _ in range(data.draw(st.integers(1, 6), label="kills")):
        place = data.draw(st.sampled_from(["before_storing", "after_storing", "before_passing"]))
        countdown = iter(range(data.draw(st.integers(0, 4)), -1, -1))

        def die(*_, countdown=countdown):
            if next(countdown) == 0:
                raise Crash

        history.before_storing = history.after_storing = lambda: None
        log.before_passing = lambda sequence: None
        setattr(log if place == "before_passing" else history, place, die)
        try:
            asyncio.run(catch_up(log, history))
        except Crash:
            log.purge_passed()
    history.before_storing = history.after_storing = lambda: None
    log.before_passing = lambda sequence: None
    writer = asyncio.run(catch_up(log, history))
    assert history.readings == readings_of(40)
    assert writer.health()["missed_frames"] == 0


async def test_a_start_reads_a_window_again():
    log, history = MemoryLog(frames(20)), MemoryHistory()
    await catch_up(log, history)
    lost = [key for key in history.readings if key[1] > NOON + 17_000]
    for key in lost:
        del history.readings[key]
    log.payloads.append(frame_of(21))
    await catch_up(log, history)
    assert history.readings == readings_of(21)


async def test_a_history_brought_back_from_a_copy_is_filled_again():
    log = MemoryLog(frames(30))
    await catch_up(log, MemoryHistory())
    log.payloads.append(frame_of(31))
    empty = MemoryHistory()
    await catch_up(log, empty)
    assert empty.readings == readings_of(31)


@pytest.mark.parametrize("mark", [0, 30])
async def test_a_new_log_is_read_from_its_beginning(mark):
    """The history knows sequence 30 of a log that is gone; the new log's mark may be gone with it or not."""
    history = MemoryHistory()
    await catch_up(MemoryLog(frames(30)), history)
    new = MemoryLog([frame_of(moment) for moment in range(101, 111)])
    new.marked = mark
    writer, stop = HistorianWriter(new, history, DeadLetters().keep, BRISK), asyncio.Event()
    running = asyncio.create_task(writer.run(stop))
    while new.marked != 10:
        await asyncio.sleep(0.001)
    stop.set()
    await running
    assert {(1, NOON + moment * 1000) for moment in range(101, 111)} <= history.readings.keys()
    assert writer.health()["missed_frames"] == 0


async def test_frames_purged_before_they_were_stored_are_reported():
    log, history = MemoryLog(frames(10)), MemoryHistory()
    await catch_up(log, history)
    log.payloads += frames(20)[10:]
    log.first = 16
    writer = await catch_up(log, history)
    assert writer.health()["missed_frames"] == 5
    assert not writer.health()["ok"]


async def test_a_poisoned_frame_goes_to_the_dead_letters_and_its_neighbours_to_history():
    damaged = bytearray(frame_of(3))
    damaged[-1] ^= 0xFF
    log, history, dead_letters = MemoryLog(frames(5)), MemoryHistory(), DeadLetters()
    log.payloads[2] = bytes(damaged)
    writer = await catch_up(log, history, dead_letters=dead_letters)
    expected = {key: value for key, value in readings_of(5).items() if value != 3}
    assert history.readings == expected
    assert [sequence for sequence, _ in dead_letters] == [3]
    assert writer.health()["skipped_frames"] == 1


async def test_the_real_history_holds_each_reading_once_after_a_kill_and_a_reread(tmp_path):
    log = MemoryLog(frames(40))
    with Facade(tmp_path / "chdb", "127.0.0.1", 0, "anlan", "s3cret") as facade:
        history = ClickHouseHistorian(facade.url)

        def die(sequence):
            if sequence > 20:
                raise Crash

        log.before_passing = die
        with pytest.raises(Crash):
            await catch_up(log, history)
        log.before_passing = lambda sequence: None
        await catch_up(log, history)
        client = clickhouse_connect.get_client(dsn=facade.url, dedicated_pool=True)
        rows = client.query(
            "SELECT point, toUnixTimestamp64Milli(time), value FROM readings FINAL"
        ).result_rows
        client.close()
    assert len(rows) == 120
    assert {(point, moment): value for point, moment, value in rows} == readings_of(40)


async def test_the_roll_ups_are_brought_on_to_the_end_each_at_its_own_pace():
    history = MemoryHistory()
    keeper = Keeper(history, {Resolution.MINUTE: 0.001, Resolution.HOUR: 3600, Resolution.DAY: 3600})
    assert keeper.health()["rolled_up_s_ago"] == {"minute": None, "hour": None, "day": None}
    running = asyncio.create_task(keeper.run())
    while len(history.rolled) < 20:
        await asyncio.sleep(0.001)
    running.cancel()
    first, later = history.rolled[:6], history.rolled[6:]
    assert first == [resolution for resolution in ROLLED_UP for _ in range(2)]
    assert set(later) == {Resolution.MINUTE}
    assert keeper.health()["disk_bytes"] == {"readings": 100}


async def test_an_outage_during_a_roll_up_is_told_and_waited_out():
    history = MemoryHistory()
    keeper = Keeper(history, dict.fromkeys(ROLLED_UP, 0.001))
    history.outages = 1_000_000
    running = asyncio.create_task(keeper.run())
    while keeper.health()["roll_ups_ok"]:
        await asyncio.sleep(0.001)
    history.outages = 0
    while not keeper.health()["roll_ups_ok"]:
        await asyncio.sleep(0.001)
    running.cancel()
    assert set(history.rolled) == set(ROLLED_UP)
