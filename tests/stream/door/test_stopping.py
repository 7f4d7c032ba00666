"""The door's duties end when they are told to, whatever the log is doing at that moment."""

import asyncio

from anlan.adapters.nats import NatsDeadLetters
from anlan.stream.contract import Refusal, Refused
from anlan.stream.door import DeadLetters


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
