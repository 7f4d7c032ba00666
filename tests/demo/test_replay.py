"""The replay: each moment of a plant's timeline has its sample, and nothing is given up until it is taken."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
from tests.people import as_service
from tests.server.world import in_thread

from anlan.demo import courier
from anlan.demo import replay as replaying
from anlan.demo.load import ORIGIN, PLANTS, load
from anlan.demo.private import write_private
from anlan.demo.region.live import gateway_of
from anlan.demo.region.load import REGION_KEYS
from anlan.demo.replay import Replay, batch, moment_of, position_at, timeline_of_plant
from anlan.demo.sources import FAULTS, Samples, Track, _machine, machine_track, tennessee_eastman_track
from anlan.kernel.clock import now, to_ms
from anlan.kernel.quality import Quality

TEP, NAB = PLANTS


class DoorOnPaper:
    """What a door answers to the replay's posts, one after the other; then 200 for ever."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def taken(self, source: str) -> list[dict[str, Any]]:
        return [body for said, body in self.heard if said == source]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        body = msgspec.json.decode(request.content)
        if answer == 200:
            self.heard.append((body["source"], body))
        return httpx.Response(answer, json={"key": request.headers["authorization"]})


@pytest.fixture
async def loaded(db: Any, tmp_path: Path) -> Path:
    await asyncio.to_thread(in_thread, load, tmp_path)
    return tmp_path


@asynccontextmanager
async def playing(data: Path, door: DoorOnPaper, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replay]:
    running = Replay(data, "http://door")
    transport = httpx.MockTransport(door)
    monkeypatch.setattr(
        running.courier, "client", lambda: httpx.AsyncClient(transport=transport, base_url="http://door")
    )
    monkeypatch.setattr(courier, "RETRY_S", 0.02)
    monkeypatch.setattr(replaying, "FOLLOW_S", 0.2)
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Any, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


# -- what is played ------------------------------------------------------------------------------------


def test_a_track_plays_its_beginning_once_and_the_rest_for_ever() -> None:
    def stretch(title: str, length: int) -> Samples:
        return Samples(title, np.zeros((length, 1)))

    track = Track((stretch("begin", 2),), (stretch("a", 3), stretch("b", 1)))
    played = [(samples.title, index) for samples, index in map(track.at, range(11))]
    assert played == [
        ("begin", 0), ("begin", 1),
        ("a", 0), ("a", 1), ("a", 2), ("b", 0),
        ("a", 0), ("a", 1), ("a", 2), ("b", 0), ("a", 0),
    ]  # fmt: skip


def test_the_simulator_s_faults_follow_each_other_with_time_to_recover() -> None:
    track = tennessee_eastman_track()
    assert [one.title.en for one in track.again[::2]] == [f"fault {number}" for number in FAULTS]
    assert {one.title.en for one in track.again[1::2]} == {"fault-free"}
    assert all(one.values.shape[1] == 22 for one in track.again)
    first, _ = track.at(0)
    assert (first.title.zh, first.title.en) == ("故障 6", "fault 6") and len(first.values) == (15 + 240) // 3


def test_the_machine_s_record_goes_to_its_end_and_begins_anew() -> None:
    track, record = machine_track(), _machine()
    end = len(track.once[0].values)
    assert track.once[0].values[-1] == record[-1]
    samples, index = track.at(end)
    assert samples.values[index] == record[0]


def test_a_batch_fits_the_contract_and_says_simulated_of_a_simulator_only() -> None:
    from anlan.stream.contract import decode

    for plant, quality in ((TEP, Quality.SIMULATED), (NAB, Quality.GOOD)):
        values = [1.0] * len(plant.measurements)
        said = decode(msgspec.json.encode(batch(plant, "epoch", 7, 1_704_067_200_000, values)))
        assert said.quality == [[int(quality)] * len(values)] and said.sequence == 7
        assert said.units == [one.unit for one in plant.measurements]


@pytest.mark.parametrize(
    ("after_s", "position"), [(-500, 0), (0, 0), (0.001, 1), (180, 1), (180.5, 2), (1800, 10)]
)
def test_the_sample_of_a_moment_is_the_first_that_is_not_before_it(after_s: float, position: int) -> None:
    moment = ORIGIN + timedelta(seconds=after_s)
    assert position_at(TEP, moment) == position
    assert moment_of(TEP, position) >= moment


# -- how it goes on -----------------------------------------------------------------------------------------


async def test_samples_carry_their_timeline_s_time_and_number_without_a_gap(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = DoorOnPaper()
    async with playing(loaded, door, monkeypatch) as replay:
        await until(lambda: len(door.taken("demo-tep")) >= 3)
        assert replay.health()["ok"] and "demo-tep" in replay.health()
    said = door.taken("demo-tep")
    assert [body["sequence"] for body in said] == list(range(len(said)))
    times = [body["times_ms"][0] for body in said]
    assert np.all(np.diff(times) == 180_000)
    assert all((moment - to_ms(ORIGIN)) % 180_000 == 0 for moment in times)
    for body in said:
        samples, index = tennessee_eastman_track().at((body["times_ms"][0] - to_ms(ORIGIN)) // 180_000)
        assert body["values"][0] == [round(float(one), 6) for one in samples.values[index]]


async def test_a_restarted_replay_goes_on_where_the_timeline_is_and_is_not_taken_for_a_duplicate(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = DoorOnPaper()
    for _ in range(2):
        before = len(door.taken("demo-tep"))
        async with playing(loaded, door, monkeypatch):
            await until(lambda before=before: len(door.taken("demo-tep")) > before)
    said = door.taken("demo-tep")
    times = [body["times_ms"][0] for body in said]
    assert times == sorted(set(times)), "no moment is played twice with other values"
    assert said[-1]["epoch"] != said[0]["epoch"] and said[-1]["sequence"] < len(said)
    timeline = await asyncio.to_thread(timeline_of_plant, "demo-tep")
    assert abs((timeline.at(now()) - ORIGIN).total_seconds() - (times[-1] - to_ms(ORIGIN)) / 1000) < 3600


async def test_what_was_not_taken_is_sent_again_as_it_was_and_what_never_will_be_is_passed(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "PLANTS", (TEP,))
    door = DoorOnPaper(503, httpx.ConnectError("away"), 429, 200, 422)
    async with playing(loaded, door, monkeypatch) as replay:
        await until(lambda: "demo-tep" in replay.courier.troubles)
        assert not replay.health()["ok"]
        await until(lambda: len(door.heard) >= 2)
        assert replay.health()["ok"]
    assert [body["sequence"] for _, body in door.heard[:2]] == [0, 2]


async def test_after_a_second_load_the_replay_takes_up_the_new_keys(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would knock with the old ones for ever."""
    running = courier.Courier(loaded / "demo", "http://door")
    old = json.loads((loaded / "demo" / "gateways.json").read_text())
    await asyncio.to_thread(in_thread, load, loaded)
    keys: list[str] = []

    def door(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["authorization"].rpartition(":")[2])
        return httpx.Response(401 if keys[-1] == old["demo-tep"] else 200)

    monkeypatch.setattr(courier, "RETRY_S", 0.02)
    async with httpx.AsyncClient(transport=httpx.MockTransport(door), base_url="http://door") as client:
        await asyncio.wait_for(running.deliver(client, batch(TEP, "e", 0, 0, [])), 5)
    assert keys[0] == old["demo-tep"] and keys[-1] != old["demo-tep"] and len(keys) == 2


async def test_the_region_s_gateways_send_all_their_values_beside_the_plants(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_private(loaded / "demo" / REGION_KEYS, json.dumps({gateway_of(n): f"key-{n}" for n in range(148)}))
    door = DoorOnPaper()
    async with playing(loaded, door, monkeypatch) as replay:
        await until(
            lambda: len({source for source, _ in door.heard} & {gateway_of(n) for n in range(148)}) >= 30
        )
        assert replay.health()["ok"] and replay.health()["region"] == {"troubled": 0}
    ours = [body for source, body in door.heard if source.startswith("synthetic")]
    assert all(len(body["points"]) == len(body["values"][0]) >= 40 for body in ours)
    assert all(set(body["quality"][0]) == {int(Quality.SIMULATED)} for body in ours)


async def test_a_timeline_that_is_paused_set_back_or_slowed_is_followed(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.platform.threads.services import reanchor_timeline

    monkeypatch.setattr(replaying, "PLANTS", (TEP,))
    timeline = await asyncio.to_thread(timeline_of_plant, "demo-tep")

    def change(**changes: Any) -> None:
        with as_service("demo"):
            reanchor_timeline(timeline.id, **changes)

    door = DoorOnPaper()
    async with playing(loaded, door, monkeypatch) as replay:
        await until(lambda: len(door.heard) >= 1)
        await asyncio.to_thread(in_thread, change, rate=0.0)
        await asyncio.sleep(0.5)
        paused = len(door.heard)
        await asyncio.sleep(3.5)
        assert len(door.heard) == paused and replay.health()["ok"]
        there = ORIGIN + timedelta(days=30)
        await asyncio.to_thread(in_thread, change, rate=60.0, origin=there)
        await until(lambda: len(door.heard) > paused)
    assert door.heard[paused][1]["times_ms"][0] >= to_ms(there)
