"""PostgreSQL on a disk whose syncs begin to fail: what it has committed is there on the next, sound disk."""

import os
from pathlib import Path

import psycopg
import pytest
from tests.disks import breaking_disk, loop_mount
from tests.faults.conftest import scratch

from anlan.server.supervisor.postgres import EmbeddedPostgres

pytestmark = [pytest.mark.faults, pytest.mark.root]

DISK_MIB, SOUND_MIB = 512, 110
REFUSALS = 20
NOISE_BYTES = 6_000
"""Of each row: the disk breaks within some ten thousand of them."""


def commit_until_refused(server: EmbeddedPostgres) -> list[int]:
    """Rows 0, 1, 2 … each in a transaction of its own, until nothing is taken any more; those said to be committed."""
    committed, refused = [], 0
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE decided (number int PRIMARY KEY, noise bytea STORAGE EXTERNAL)")
        while refused < REFUSALS and not connection.closed:
            number = len(committed) + refused
            try:
                connection.execute("INSERT INTO decided VALUES (%s, %s)", (number, os.urandom(NOISE_BYTES)))
            except psycopg.Error:
                refused += 1
            else:
                committed.append(number)
    return committed


def stored(server: EmbeddedPostgres) -> list[int]:
    with psycopg.connect(server.admin_url) as connection:
        found = connection.execute(
            "SELECT number FROM decided WHERE length(noise) = %s ORDER BY 1", (NOISE_BYTES,)
        )
        return [number for (number,) in found]


def server_on(disk: Path, run: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(disk / "postgres", run)


def test_what_was_committed_before_syncs_failed_is_all_there() -> None:
    with scratch() as folder:
        with breaking_disk(folder / "dying", mib=DISK_MIB, sound_mib=SOUND_MIB) as dying:
            server = server_on(dying.disk, folder / "run")
            server.start()
            committed = commit_until_refused(server)
            server.stop()
            rescued = dying.rescue(folder / "rescued.img")
        assert len(committed) > 100, "the disk was sound for a while"
        with loop_mount(rescued, folder / "after") as mended, server_on(mended, folder / "run") as server:
            found = stored(server)
    assert set(committed) <= set(found), "a row that was committed is lost"
    assert len(found) <= len(committed) + REFUSALS
