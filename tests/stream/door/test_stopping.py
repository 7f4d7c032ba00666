"""The door's duties end when they are told to, whatever the log is doing at that moment."""

import asyncio

import numpy as np

from anlan.adapters.nats import NatsDeadLetters
from anlan.ports.telemetry import LogUnavailable
from anlan.stream.contract import Checked, Refusal, Refused
from anlan.stream.door import DeadLetters
from anlan.stream.door.grouping import Arrival, Grouper


async def test_writing_dead_letters_stops_when_told_in_the_very_moment_of_the_broker_s_answer(client) -> None:
    """Up to Python 3.11 `asyncio.wait_for` loses a cancellation that meets the answer."""
    for turn in range(200):
        dead = DeadLetters(NatsDeadLetters(client))
        dead.message("tank-farm", "http", b"{", Refused(Refusal.MALFORMED))
        heard = client.stats["in_msgs"]
        duty = asyncio.create_task(dead.run())
        while client.stats["in_msgs"] == heard:
            await asyncio.sleep(0)
        for _ in range(turn % 4):
            await asyncio.sleep(0)
        duty.cancel()
        ended, _ = await asyncio.wait({duty}, timeout=2)
        assert ended, "the duty goes on although it was cancelled"


class Silent:
    """A log that never answers."""

    async def append(self, payload: bytes) -> int:
        return await asyncio.get_running_loop().create_future()


async def test_a_write_that_ends_before_the_log_s_answer_acknowledges_nothing() -> None:
    told: list[Exception | None] = []
    reading = Checked(np.array([11], np.int32), np.array([0]), np.array([20.5]), np.array([0], np.uint8), ())
    before = asyncio.all_tasks()
    Grouper(Silent()).add(Arrival(1, "e", 1, 0, reading), told.append)
    (writing,) = asyncio.all_tasks() - before
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait({writing})
    assert [type(failure) for failure in told] == [LogUnavailable]
