"""The mine's readings into the door: first the record that its story needs, then what is measured now."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from anlan.demo.mine import motion
from anlan.demo.mine.load import SOURCE
from anlan.kernel.clock import now, to_ms
from anlan.kernel.quality import Quality

Deliver = Callable[[dict[str, object]], Awaitable[None]]

_PER_BATCH = 144


def turn_of(file: Path) -> datetime:
    """The moment on which the story turns: kept in *file*, which is made at the first look."""
    if not file.exists():
        file.write_text(json.dumps({"turn": _whole(now()).isoformat()}))
    return datetime.fromisoformat(json.loads(file.read_text())["turn"])


async def play(deliver: Deliver, turn: datetime) -> None:
    """Send for ever. The record before *turn* has an epoch of its own: sent again, it changes nothing."""
    steps = int(motion.PAST / motion.SAMPLING)
    past = [turn - motion.SAMPLING * (steps - step) for step in range(steps)]
    for sequence, first in enumerate(range(0, steps, _PER_BATCH)):
        await deliver(batch(turn, past[first : first + _PER_BATCH], f"record-{to_ms(turn)}", sequence))
    epoch, sequence = secrets.token_hex(8), 0
    moment = _whole(now())
    while True:
        await deliver(batch(turn, [moment], epoch, sequence))
        sequence += 1
        moment += motion.SAMPLING
        await asyncio.sleep(max(0.0, (moment - now()).total_seconds()))


def batch(turn: datetime, moments: list[datetime], epoch: str, sequence: int) -> dict[str, object]:
    """The readings of *moments* as the batch contract has them: a simulation, and marked so."""
    count = len(motion.GAUGES)
    return {
        "schema": 1,
        "source": SOURCE,
        "epoch": epoch,
        "sequence": sequence,
        "points": [gauge.tag for gauge in motion.GAUGES],
        "units": [gauge.unit for gauge in motion.GAUGES],
        "times_ms": [to_ms(moment) for moment in moments],
        "values": motion.values(turn, moments).tolist(),
        "quality": [[int(Quality.SIMULATED)] * count for _ in moments],
    }


def _whole(moment: datetime) -> datetime:
    """The last whole interval."""
    step = motion.SAMPLING.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // step * step, UTC)
