"""The spool keeps what it was given through a crash, counts honestly what it lets go, and says when it is full."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from tests.edge.conftest import NOON_MS

from anlan.edge.core.spool import (
    Bounds,
    Fill,
    Lane,
    Spool,
    SpoolFull,
    SpoolInUse,
    SpoolNewer,
    WhenFull,
    aside_in,
    counts_in,
)

DAY_MS = 86_400_000


def fill(number: int, size: int = 0) -> Fill:
    return Fill(json.dumps({"number": number, "noise": os.urandom(size).hex()}).encode(), 1)


def numbers(spool: Spool) -> list[int]:
    """What waits, in order."""
    found = []
    while batch := spool.oldest(Lane.BACKLOG, NOON_MS * 2):
        found.append(json.loads(batch.payload)["number"])
        spool.acknowledged(batch, {})
    return found


def balances(spool: Spool) -> bool:
    counts = spool.counts()
    went = ("acknowledged", "rejected", "waiting", "aside", "dropped")
    return counts["spooled"] == sum(counts[name] for name in went)


def test_batches_wait_in_their_order_and_keep_their_identity_over_a_restart(tmp_path) -> None:
    spool = Spool(tmp_path, "first")
    spool.put([fill(1), fill(2)], NOON_MS)
    spool.close()
    spool = Spool(tmp_path, "second")
    spool.put([fill(3)], NOON_MS)
    first = spool.oldest(Lane.LIVE, NOON_MS)
    assert first is not None and (first.epoch, first.sequence) == ("first", 1)
    spool.acknowledged(first, {})
    identities = []
    while batch := spool.oldest(Lane.LIVE, NOON_MS):
        identities.append((batch.epoch, batch.sequence))
        spool.acknowledged(batch, {})
    assert identities == [("first", 2), ("second", 3)]
    assert balances(spool) and spool.counts()["acknowledged"] == 3
    spool.close()


def test_sequences_never_come_again_even_when_everything_was_acknowledged(tmp_path) -> None:
    spool = Spool(tmp_path, "only")
    for _ in range(3):
        spool.put([fill(0)], NOON_MS)
        batch = spool.oldest(Lane.LIVE, NOON_MS)
        assert batch is not None
        spool.acknowledged(batch, {})
    spool.put([fill(0)], NOON_MS)
    last = spool.oldest(Lane.LIVE, NOON_MS)
    assert last is not None and last.sequence == 4
    spool.close()


def test_it_is_in_wal_mode_with_every_commit_on_disk(tmp_path) -> None:
    spool = Spool(tmp_path, "only")
    assert spool._base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert spool._base.execute("PRAGMA synchronous").fetchone() == (2,)
    spool.close()


def test_at_its_limit_it_drops_the_oldest_and_says_how_many(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_bytes=20_000))
    for number in range(40):
        spool.put([fill(number, 600)], NOON_MS + number)
    counts = spool.counts()
    assert 0 < counts["waiting"] < 40
    assert counts["dropped"] == 40 - counts["waiting"] and balances(spool)
    assert numbers(spool) == list(range(counts["dropped"], 40))
    spool.close()


def test_when_told_to_refuse_it_keeps_the_old_and_takes_again_once_there_is_room(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_bytes=5_000, when_full=WhenFull.REFUSE))
    kept = 0
    with pytest.raises(SpoolFull):
        for kept in range(40):
            spool.put([fill(kept, 600)], NOON_MS + kept * 30 * DAY_MS)
    assert spool.counts()["dropped"] == 0 and balances(spool)
    assert numbers(spool) == list(range(kept)), "nothing ages out either"
    spool.put([fill(99, 600)], NOON_MS)
    spool.close()


def test_three_days_are_kept_and_what_is_older_than_the_limit_goes(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_age_ms=3 * DAY_MS))
    for day in range(4):
        spool.put([fill(day)], NOON_MS + day * DAY_MS)
    assert spool.counts()["dropped"] == 0
    spool.put([fill(4)], NOON_MS + 4 * DAY_MS)
    assert spool.counts()["dropped"] == 1 and numbers(spool) == [1, 2, 3, 4]
    spool.close()


def test_one_batch_larger_than_the_whole_spool_takes_nothing_else_along(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_bytes=5_000))
    spool.put([fill(1)], NOON_MS)
    with pytest.raises(SpoolFull):
        spool.put([fill(2, 10_000)], NOON_MS)
    assert numbers(spool) == [1]
    spool.close()


def test_what_is_set_aside_is_kept_with_its_reason_and_out_of_the_way(tmp_path) -> None:
    spool = Spool(tmp_path, "only")
    spool.put([fill(1), fill(2)], NOON_MS)
    poison = spool.oldest(Lane.LIVE, NOON_MS)
    assert poison is not None
    spool.set_aside(poison, "422 unknown_point ×1")
    assert numbers(spool) == [2] and balances(spool)
    assert aside_in(tmp_path) == [(1, 1, "422 unknown_point ×1")]
    assert (counts_in(tmp_path) or {})["aside"] == 1
    spool.close()


def test_things_set_aside_do_not_take_the_place_of_readings(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_bytes=20_000))
    for number in range(30):
        spool.put([fill(number, 600)], NOON_MS)
        batch = spool.oldest(Lane.LIVE, NOON_MS)
        assert batch is not None
        spool.set_aside(batch, "400 malformed")
    assert 0 < spool.counts()["aside"] < 15 and balances(spool)
    spool.close()


def test_a_batch_dropped_while_it_was_on_its_way_is_counted_once(tmp_path) -> None:
    spool = Spool(tmp_path, "only", Bounds(max_bytes=3_000))
    spool.put([fill(1, 600)], NOON_MS)
    on_its_way = spool.oldest(Lane.LIVE, NOON_MS)
    for number in range(2, 8):
        spool.put([fill(number, 600)], NOON_MS)
    assert on_its_way is not None
    spool.acknowledged(on_its_way, {})
    assert balances(spool) and spool.counts()["acknowledged"] == 0
    spool.close()


def test_a_new_identity_keeps_batch_and_place_in_time(tmp_path) -> None:
    spool = Spool(tmp_path, "first")
    spool.put([fill(1)], NOON_MS)
    spool.close()
    spool = Spool(tmp_path, "second")
    old = spool.oldest(Lane.LIVE, NOON_MS)
    assert old is not None
    spool.renumber(old)
    new = spool.oldest(Lane.LIVE, NOON_MS)
    assert new is not None and (new.epoch, new.sequence, new.spooled_ms) == ("second", 2, NOON_MS)
    assert new.payload == old.payload and balances(spool)
    spool.close()


def test_two_collectors_never_share_a_spool(tmp_path) -> None:
    spool = Spool(tmp_path, "only")
    with pytest.raises(SpoolInUse):
        Spool(tmp_path, "other")
    spool.close()


def test_a_spool_of_a_later_program_is_left_alone(tmp_path) -> None:
    Spool(tmp_path, "only").close()
    base = sqlite3.connect(tmp_path / "spool.sqlite")
    base.execute("PRAGMA user_version=9")
    base.close()
    with pytest.raises(SpoolNewer):
        Spool(tmp_path, "other")


def test_a_full_disk_is_told_and_nothing_half_stored(tmp_path) -> None:
    spool = Spool(tmp_path, "only")
    spool.put([fill(1)], NOON_MS)
    (pages,) = spool._base.execute("PRAGMA page_count").fetchone()
    spool._base.execute(f"PRAGMA max_page_count={pages + 1}")  # what SQLite says as on a full disk
    with pytest.raises(SpoolFull):
        spool.put([fill(2, 40_000)], NOON_MS)
    spool._base.execute("PRAGMA max_page_count=1000000")
    spool.put([fill(3)], NOON_MS)
    assert balances(spool) and numbers(spool) == [1, 3]
    spool.close()


_WRITER = """
import sys
from pathlib import Path
from anlan.edge.core.spool import Fill, Spool
spool = Spool(Path(sys.argv[1]), sys.argv[2])
for number in range(100_000):
    spool.put([Fill(b'{"number": %d}' % number, 1)], 1_790_000_000_000)
    print(number, flush=True)
"""


def test_kill_9_in_the_middle_loses_nothing_that_was_said_to_be_kept(tmp_path) -> None:
    promised = 0
    for epoch in ("first", "second", "third"):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), epoch], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(25):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        promised += 25 + len(writer.stdout.read().splitlines())
        writer.wait()
        writer.stdout.close()
        spool = Spool(tmp_path, "look")
        kept = spool.counts()
        assert promised <= kept["waiting"] <= promised + 1 and balances(spool)
        promised = kept["waiting"]
        spool.close()
