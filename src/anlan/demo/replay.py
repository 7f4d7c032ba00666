"""The process that plays the plants' samples into the door, each plant at its timeline's pace.

A plant is a gateway like any other: it signs in with its key, numbers its batches
and sends one again until it is acknowledged.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from anlan.demo.courier import Courier
from anlan.demo.load import ORIGIN, PLANTS, Plant
from anlan.demo.mine import live as mine
from anlan.demo.mine.load import SOURCE as MINE
from anlan.demo.region import live
from anlan.demo.region.live import Deliver
from anlan.demo.region.load import REGION_KEYS, load_weather
from anlan.demo.region.work import load_work
from anlan.demo.sources import Track, machine_track, tennessee_eastman_track
from anlan.domains.monitoring.points.queries import find_gateway
from anlan.kernel.clock import Timeline, now, to_ms
from anlan.kernel.quality import Quality
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.threads.queries import timeline_of

log = logging.getLogger(__name__)

FOLLOW_S = 1.0
GOING_S = 600.0
_TRACKS: dict[str, Callable[[], Track]] = {
    "demo-tep": tennessee_eastman_track,
    "demo-nab": machine_track,
}


async def keep_going() -> None:
    """Bring the generated weather and work up to the hour, for ever; an outage of the database is waited out."""
    while True:
        try:
            await asyncio.to_thread(_go_on)
        except DatabaseError as error:
            log.warning("weather and work wait for the database: %s", error)
        await asyncio.sleep(GOING_S)


def _go_on() -> None:
    try:
        with acting_as(service_principal("demo")):
            load_weather(past=timedelta(hours=1))
            load_work()
    finally:
        connection.close()


class Replay:
    """Plays all plants until cancelled; *door_url* is ``unix:PATH`` or an http URL."""

    def __init__(self, data: Path, door_url: str) -> None:
        self.courier = Courier(data / "demo", door_url)
        self._region = (data / "demo" / REGION_KEYS).exists()
        self._story = data / "demo" / "mine.json"
        self._said: dict[str, dict[str, object]] = {}

    def health(self) -> dict[str, object]:
        """What each plant plays now, and whether the door takes it."""
        troubles = self.courier.troubles
        plants = {
            source: {**said, "trouble": troubles.get(source, "")} for source, said in self._said.items()
        }
        generated = {"troubled": len(troubles.keys() - plants.keys())} if self._region else {}
        return {"ok": not troubles, **plants, "region": generated}

    async def run(self) -> None:
        """Play for ever."""
        async with self.courier.client() as client:
            deliver = partial(self.courier.deliver, client)
            region: list[Coroutine[Any, Any, None]] = [live.play(deliver)] if self._region else []
            if self.courier.knows(MINE):
                region.append(mine.play(deliver, mine.turn_of(self._story)))
            await asyncio.gather(keep_going(), *region, *(self._play(deliver, plant) for plant in PLANTS))

    async def _play(self, deliver: Deliver, plant: Plant) -> None:
        """Each moment of the timeline has its sample: whoever starts again goes on where the timeline is."""
        track = await asyncio.to_thread(_TRACKS[plant.source])
        timeline = await asyncio.to_thread(timeline_of_plant, plant.source)
        epoch, sequence = secrets.token_hex(8), 0
        position = position_at(plant, timeline.at(now()))
        while True:
            moment = moment_of(plant, position)
            present = await self._reach(plant, timeline, moment)
            if present != timeline:
                timeline = present
                position = position_at(plant, timeline.at(now()))
                continue
            samples, index = track.at(position)
            self._said[plant.source] = {
                "playing": {"title": {"zh": samples.title.zh, "en": samples.title.en}},
                "sample": index,
            }
            values = [round(float(value), 6) for value in samples.values[index]]
            await deliver(batch(plant, epoch, sequence, to_ms(moment), values))
            sequence += 1
            position += 1

    async def _reach(self, plant: Plant, timeline: Timeline, moment: datetime) -> Timeline:
        """Wait until *timeline* reaches *moment*; returns another one as soon as it was changed."""
        while True:
            wait_s = FOLLOW_S
            if timeline.rate > 0:
                wait_s = min(wait_s, (timeline.live_at(moment) - now()).total_seconds())
            if wait_s <= 0:
                return timeline
            await asyncio.sleep(wait_s)
            try:
                present = await asyncio.to_thread(timeline_of_plant, plant.source)
            except DatabaseError as error:
                log.warning("%s: the timeline cannot be read: %s", plant.source, error)
                continue
            if present != timeline:
                return present


def moment_of(plant: Plant, position: int) -> datetime:
    """The timeline's moment of sample number *position*."""
    return ORIGIN + position * timedelta(seconds=plant.sampling_s)


def position_at(plant: Plant, moment: datetime) -> int:
    """The number of the first sample that is not before *moment*."""
    return max(0, -(-(moment - ORIGIN) // timedelta(seconds=plant.sampling_s)))


def batch(plant: Plant, epoch: str, sequence: int, time_ms: int, values: list[float]) -> dict[str, object]:
    """One sample of *plant* as the batch contract has it; a simulator's output says so in its quality."""
    quality = Quality.SIMULATED if plant.simulated else Quality.GOOD
    return {
        "schema": 1,
        "source": plant.source,
        "epoch": epoch,
        "sequence": sequence,
        "points": [one.tag for one in plant.measurements],
        "units": [one.unit for one in plant.measurements],
        "times_ms": [time_ms],
        "values": [values],
        "quality": [[int(quality)] * len(values)],
    }


def timeline_of_plant(source: str) -> Timeline:
    """The timeline that the plant's gateway belongs to."""
    try:
        with acting_as(service_principal("demo")), read_scope():
            gateway = find_gateway(source)
            if gateway is None or gateway.timeline is None:
                raise LookupError(f"the demonstration's gateway {source} is not loaded")
            return timeline_of(gateway.timeline)
    finally:
        connection.close()  # asked from many threads: each would keep one
