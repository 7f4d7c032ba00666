"""Power cuts and a dying disk under the collector's spool: what a device was thanked for is there afterwards."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.disks import breaking_disk, copy_image, loop_mount, new_image
from tests.edge.conftest import NOON_MS
from tests.edge.test_spool import balances, numbers

from anlan.edge.core.spool import Fill, Lane, Spool

pytestmark = [pytest.mark.faults, pytest.mark.root]

CUTS = 3
START_S = 60.0
_WRITER = """
import os, sys
from pathlib import Path
from anlan.edge.core.spool import Fill, Lane, Spool
spool, now_ms = Spool(Path(sys.argv[1]), "before"), int(sys.argv[2])
for number in range(100_000):
    noise = os.urandom(2_000).hex().encode()
    spool.put([Fill(b'{"number": %d, "noise": "%s"}' % (number, noise), 1)], now_ms)
    print(number, flush=True)
    if number % 5 == 4:  # the door takes some of it meanwhile
        spool.acknowledged(spool.oldest(Lane.LIVE, 0), {})
        print("door", flush=True)
"""


class Collecting:
    """Batches 0, 1, 2 … go into the spool on a disk; *said* holds what was told to be kept, and what the door took."""

    def __init__(self, folder: Path, said: Path) -> None:
        self._said = said
        with said.open("wb") as output:
            command = [sys.executable, "-c", _WRITER, str(folder), str(NOON_MS)]
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True)

    def said(self) -> tuple[int, int]:
        """How many batches are promised to be kept, and how many the door has taken."""
        lines = self._said.read_text().splitlines()
        return len(lines) - lines.count("door"), lines.count("door")

    def wait_for(self, batches: int) -> None:
        deadline = time.monotonic() + START_S
        while self.said()[0] < batches:
            assert self.process.poll() is None and time.monotonic() < deadline, "nothing is put"
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def collecting(folder: Path, said: Path) -> Iterator[Collecting]:
    collector = Collecting(folder, said)
    try:
        yield collector
    finally:
        collector.kill()


def test_acknowledged_is_stored_when_the_power_is_cut_while_the_spool_is_written(tmp_path: Path) -> None:
    """Each cut is a copy of the disk while the collector stands still; it goes on, and the next cut comes."""
    image = new_image(tmp_path / "disk.img", 64)
    cuts = []
    with loop_mount(image, tmp_path / "disk") as disk, collecting(disk, tmp_path / "said") as collector:
        for number in range(CUTS):
            collector.wait_for(40 + collector.said()[0])
            time.sleep(random.uniform(0, 0.2))
            collector.stop()
            cuts.append((collector.said(), copy_image(image, tmp_path / f"cut-{number}.img")))
            collector.process.send_signal(signal.SIGCONT)
    for (promised, taken), copy in cuts:
        with loop_mount(copy, tmp_path / "after") as disk:
            spool = Spool(disk, "after")
            counts = spool.counts()
            assert balances(spool)
            assert promised <= counts["spooled"] <= promised + 1
            assert taken <= counts["acknowledged"] <= taken + 1
            spool.put([Fill(b'{"number": -1}', 1)], NOON_MS + 1)
            new = spool.oldest(Lane.LIVE, NOON_MS + 1)
            assert new is not None and new.sequence == counts["spooled"] + 1, "no identity is given twice"
            waiting = list(range(counts["acknowledged"], counts["spooled"]))
            assert numbers(spool) == [*waiting, -1], "all of it, once, in its order"
            spool.close()


def test_a_disk_whose_syncs_fail_ends_the_collector_and_what_it_had_promised_is_kept(tmp_path: Path) -> None:
    with breaking_disk(tmp_path / "dying", mib=64, sound_mib=2) as dying:
        with collecting(dying.disk, tmp_path / "said") as collector:
            _, words = collector.process.communicate(timeout=START_S)
        promised, taken = collector.said()
        assert collector.process.returncode == 1 and "disk I/O error" in words, words
        assert promised > 40, "the disk was sound for a while"
        with loop_mount(dying.rescue(tmp_path / "rescued.img"), tmp_path / "after") as mended:
            spool = Spool(mended, "after")
            counts = spool.counts()
            assert counts["spooled"] >= promised and counts["acknowledged"] >= taken and balances(spool)
            assert set(range(counts["acknowledged"], promised)) <= set(numbers(spool))
            spool.close()
