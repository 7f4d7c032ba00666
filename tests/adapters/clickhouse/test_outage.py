"""A history that is killed or loses its power: what was acknowledged is there afterwards."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import clickhouse_connect
import numpy as np
import pytest
from tests.disks import breaking_disk, copy_image, filled, loop_mount, new_image

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.adapters.clickhouse.historian import HistoryUnavailable
from anlan.ports.history import ReadingColumns

BLOCK_ROWS = 500


class HistoryProcess:
    """A history in a process of its own, always at the same address."""

    def __init__(self, path):
        self.path = path
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://anlan:s3cret@127.0.0.1:{self.port}/anlan"

    def start(self):
        script = Path(__file__).with_name("serve_history.py")
        arguments = [sys.executable, str(script), str(self.path), str(self.port)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "serving\n"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stored_sequences(self):
        client = clickhouse_connect.get_client(dsn=self.url, dedicated_pool=True)
        rows = client.query("SELECT sequence, count() FROM readings FINAL GROUP BY sequence").result_rows
        client.close()
        return dict(rows)


@pytest.fixture
def history(tmp_path):
    made = HistoryProcess(tmp_path / "chdb")
    made.start()
    yield made
    made.kill()


def block(sequence):
    time_ms = np.full(BLOCK_ROWS, 1_790_000_000_000 + sequence * 1000, np.int64)
    return ReadingColumns(
        point=np.arange(BLOCK_ROWS, dtype=np.int32),
        event_ms=time_ms,
        value=np.full(BLOCK_ROWS, float(sequence)),
        quality=np.zeros(BLOCK_ROWS, np.uint8),
        arrived_ms=time_ms,
        sequence=np.full(BLOCK_ROWS, sequence, np.uint64),
    )


def append_until_refused(historian, first, acknowledged):
    sequence = first
    try:
        while True:
            historian.append(block(sequence))
            acknowledged.append(sequence)
            sequence += 1
    except HistoryUnavailable:
        return


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(history):
    historian = ClickHouseHistorian(history.url)
    historian.prepare()
    acknowledged = []
    for _ in range(3):
        done = len(acknowledged)
        writer = threading.Thread(target=append_until_refused, args=(historian, done + 1, acknowledged))
        writer.start()
        while len(acknowledged) < done + 20:
            writer.join(0.01)
        history.kill()
        writer.join()
        with pytest.raises(HistoryUnavailable):
            historian.last_sequence()
        history.start()
        stored = history.stored_sequences()
        assert [stored.get(sequence) for sequence in acknowledged] == [BLOCK_ROWS] * len(acknowledged)
        assert historian.last_sequence() >= acknowledged[-1]


@pytest.mark.root
def test_nothing_acknowledged_is_lost_when_the_power_is_cut(tmp_path):
    """The disk is an image: its copy, taken while the writer is stopped, is what a power cut leaves."""
    image, copy = new_image(tmp_path / "disk.img", 512), tmp_path / "after.img"
    acknowledged = []
    with loop_mount(image, tmp_path / "disk") as disk:
        history = HistoryProcess(disk / "chdb")
        history.start()
        historian = ClickHouseHistorian(history.url)
        historian.prepare()
        writer = threading.Thread(target=append_until_refused, args=(historian, 1, acknowledged))
        writer.start()
        while len(acknowledged) < 50:
            writer.join(0.01)
        history.process.send_signal(signal.SIGSTOP)
        before_the_cut = list(acknowledged)
        copy_image(image, copy)
        history.kill()
        writer.join()
    with loop_mount(copy, tmp_path / "after") as disk:
        history = HistoryProcess(disk / "chdb")
        history.start()
        stored = history.stored_sequences()
        history.kill()
    assert [stored.get(sequence) for sequence in before_the_cut] == [BLOCK_ROWS] * len(before_the_cut)


@pytest.mark.root
def test_a_full_disk_refuses_and_takes_again_when_there_is_room(tmp_path):
    """chDB itself says of such an insert that all is well."""
    with loop_mount(new_image(tmp_path / "disk.img", 256), tmp_path / "disk") as disk:
        history = HistoryProcess(disk / "chdb")
        history.start()
        historian = ClickHouseHistorian(history.url)
        historian.prepare()
        historian.append(block(1))
        with filled(disk), pytest.raises(HistoryUnavailable):
            historian.append(block(2))
        historian.append(block(3))
        stored = history.stored_sequences()
        history.kill()
    assert stored == {1: BLOCK_ROWS, 3: BLOCK_ROWS}


@pytest.mark.root
def test_a_disk_whose_syncs_fail_keeps_what_was_acknowledged(tmp_path):
    acknowledged = []
    with breaking_disk(tmp_path / "dying", mib=256, sound_mib=4) as dying:
        history = HistoryProcess(dying.disk / "chdb")
        history.start()
        historian = ClickHouseHistorian(history.url)
        historian.prepare()
        append_until_refused(historian, 1, acknowledged)
        history.kill()
        rescued = dying.rescue(tmp_path / "rescued.img")
    with loop_mount(rescued, tmp_path / "after") as disk:
        history = HistoryProcess(disk / "chdb")
        history.start()
        stored = history.stored_sequences()
        history.kill()
    assert acknowledged
    assert [stored.get(sequence) for sequence in acknowledged] == [BLOCK_ROWS] * len(acknowledged)
