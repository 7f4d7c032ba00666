"""The generated region's instruments, live: each enterprise's gateway sends all its values every ten seconds."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from anlan.demo.region import generate
from anlan.demo.region.generate import SEED
from anlan.demo.region.instruments import SAMPLING_S, Instrument, instruments, values_at
from anlan.kernel.clock import now, to_ms
from anlan.kernel.quality import Quality

Deliver = Callable[[dict[str, object]], Awaitable[None]]


def gateway_of(serial: int) -> str:
    """The source name of the gateway of enterprise number *serial*."""
    return f"synthetic-{serial + 1:03d}"


def batch(
    serial: int, of: Sequence[Instrument], seed: int, moment: datetime, epoch: str, sequence: int
) -> dict[str, object]:
    """What an enterprise's instruments show at *moment*, as the batch contract has it: a simulation, and marked so."""
    return {
        "schema": 1,
        "source": gateway_of(serial),
        "epoch": epoch,
        "sequence": sequence,
        "points": [one.tag for one in of],
        "units": [one.kind.unit for one in of],
        "times_ms": [to_ms(moment)],
        "values": [values_at(of, serial, seed, moment).tolist()],
        "quality": [[int(Quality.SIMULATED)] * len(of)],
    }


async def play(deliver: Deliver, seed: int = SEED) -> None:
    """Send for ever, the enterprises one after the other through each interval.

    A moment that passed while the door was away stays empty: nobody was there to see it.
    """
    made = [instruments(one, serial, seed) for serial, one in enumerate(generate.enterprises(seed))]
    await asyncio.gather(*(_play(deliver, serial, of, seed, len(made)) for serial, of in enumerate(made)))


async def _play(deliver: Deliver, serial: int, of: Sequence[Instrument], seed: int, count: int) -> None:
    epoch, sequence, offset_s = secrets.token_hex(8), 0, SAMPLING_S * serial / count
    while True:
        moment = await _next_moment(offset_s)
        await deliver(batch(serial, of, seed, moment, epoch, sequence))
        sequence += 1


async def _next_moment(offset_s: float) -> datetime:
    """Wait for the next whole interval, *offset_s* after its beginning; returns that moment."""
    passed = (now().timestamp() - offset_s) // SAMPLING_S
    moment = datetime.fromtimestamp((passed + 1) * SAMPLING_S + offset_s, UTC)
    await asyncio.sleep(max(0.0, (moment - now()) / timedelta(seconds=1)))
    return moment
