"""The process that plays the plants' samples into the door, each plant at its timeline's pace.

A plant is a gateway like any other: it signs in with its key, numbers its batches
and sends one again until it is acknowledged.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx

from anlan.demo.load import PLANTS, Plant
from anlan.demo.sources import Samples, machine_samples, tennessee_eastman_samples
from anlan.domains.monitoring.points.queries import find_gateway
from anlan.kernel.clock import Timeline, now, to_ms
from anlan.kernel.quality import Quality
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.threads.queries import timeline_of

log = logging.getLogger(__name__)

RETRY_S = 1.0
_SAMPLES: dict[str, Callable[[], Iterator[Samples]]] = {
    "demo-tep": tennessee_eastman_samples,
    "demo-nab": machine_samples,
}


class Replay:
    """Plays all plants until cancelled; *door_url* is ``unix:PATH`` or an http URL."""

    def __init__(self, data: Path, door_url: str) -> None:
        self._keys: dict[str, str] = json.loads((data / "demo" / "gateways.json").read_text())
        self._door_url = door_url
        self._said: dict[str, dict[str, object]] = {}

    def health(self) -> dict[str, object]:
        """What each plant plays now, and whether the door takes it."""
        troubled = [source for source, said in self._said.items() if said.get("trouble")]
        return {"ok": not troubled, **self._said}

    async def run(self) -> None:
        """Play for ever."""
        async with self._client() as client:
            await asyncio.gather(*(self._play(client, plant) for plant in PLANTS))

    def _client(self) -> httpx.AsyncClient:
        if self._door_url.startswith("unix:"):
            transport = httpx.AsyncHTTPTransport(uds=self._door_url.removeprefix("unix:"))
            return httpx.AsyncClient(transport=transport, base_url="http://door", timeout=10)
        return httpx.AsyncClient(base_url=self._door_url, timeout=10)

    async def _play(self, client: httpx.AsyncClient, plant: Plant) -> None:
        timeline = await asyncio.to_thread(timeline_of_plant, plant.source)
        epoch, sequence = secrets.token_hex(8), 0
        moment = timeline.at(now())
        step = timedelta(seconds=plant.sampling_s)
        for samples in _SAMPLES[plant.source]():
            for index, row in enumerate(samples.values):
                await asyncio.sleep(max(0.0, (timeline.live_at(moment) - now()).total_seconds()))
                self._say(plant, samples.title, index, "")
                values = [round(float(value), 6) for value in row]
                await self._deliver(client, plant, batch(plant, epoch, sequence, to_ms(moment), values))
                sequence += 1
                moment += step

    async def _deliver(self, client: httpx.AsyncClient, plant: Plant, body: dict[str, object]) -> None:
        """Send one batch until the door has taken it, or said that it never will."""
        headers = {"Authorization": f"Bearer {plant.source}:{self._keys[plant.source]}"}
        while True:
            try:
                answer = await client.post("/ingest", json=body, headers=headers)
            except httpx.TransportError as error:
                trouble = type(error).__name__
            else:
                if answer.status_code < 400:
                    return
                trouble = f"{answer.status_code} {answer.text[:200]}"
                if answer.status_code in (400, 409, 413, 422):
                    log.error(
                        "%s: the door will not take batch %s: %s", plant.source, body["sequence"], trouble
                    )
                    return
            if self._said[plant.source].get("trouble") != trouble:
                log.warning("%s: %s", plant.source, trouble)
            self._said[plant.source]["trouble"] = trouble
            await asyncio.sleep(RETRY_S)

    def _say(self, plant: Plant, title: str, index: int, trouble: str) -> None:
        self._said[plant.source] = {"playing": title, "sample": index, "trouble": trouble}


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
    with acting_as(service_principal("demo")), read_scope():
        gateway = find_gateway(source)
        if gateway is None or gateway.timeline is None:
            raise LookupError(f"the demonstration's gateway {source} is not loaded")
        return timeline_of(gateway.timeline)
