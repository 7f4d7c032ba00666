"""What a gateway meets at ``POST /ingest``: good readings are stored, bad ones are named, nothing is lost silently."""

import asyncio
import json

import pytest
from tests.stream.door.conftest import KEY, Plant, batch, gateway, http, letters, now_ms, open_door, stored

from anlan.ports.telemetry import LogFull, LogUnavailable
from anlan.stream.contract import MAX_BODY_BYTES
from anlan.stream.door.announced import hash_of


async def test_a_sound_batch_is_stored_and_then_accepted(post, client) -> None:
    answer = await post(batch())
    assert answer.status_code == 200
    assert answer.json() == {"accepted": 4, "rejected": [], "rejected_total": 0, "duplicate": False}
    assert await stored(client) == [(11, 20.5), (12, 3.1), (11, 20.6), (12, 3.2)]


async def test_a_bad_reading_never_takes_its_neighbours_along(post, client) -> None:
    answer = await post(batch(points=["T-101", "P-999"]))
    assert answer.status_code == 200
    said = answer.json()
    assert said["accepted"] == 2
    assert [(one["index"], one["code"]) for one in said["rejected"]] == [
        (1, "unknown_point"),
        (3, "unknown_point"),
    ]
    assert await stored(client) == [(11, 20.5), (11, 20.6)]
    (letter,) = await letters(client, 1)
    assert (letter["source"], letter["reason"], letter["count"]) == ("tank-farm", "unknown_point", 2)
    assert letter["items"][0]["tag"] == "P-999"


async def test_what_was_not_read_of_an_unknown_point_is_no_reading_that_is_refused(post) -> None:
    answer = await post(batch(points=["T-101", "P-999"], values=[[20.5, None], [20.6, 3.2]]))
    said = answer.json()
    assert (said["accepted"], said["rejected_total"]) == (2, 1)
    assert [(one["index"], one["code"]) for one in said["rejected"]] == [(3, "unknown_point")]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused_alone(post, client, literal: str) -> None:
    body = json.dumps(batch()).replace("20.5", literal).encode()
    answer = await post(body)
    assert answer.status_code == 200
    assert [(one["index"], one["code"]) for one in answer.json()["rejected"]] == [(0, "not_finite")]
    assert await stored(client) == [(12, 3.1), (11, 20.6), (12, 3.2)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"times_ms": [now_ms() + 3_600_000, now_ms() + 3_601_000]}, "future_time"),
        ({"times_ms": [1000, 2000]}, "absurd_time"),
        ({"units": ["K", "ft"]}, "unit_mismatch"),
        ({"quality": [[9, 9], [9, 9]]}, "bad_quality"),
        ({"values": [[None, None], [None, None]]}, "missing_value"),
    ],
)
async def test_when_no_reading_is_sound_the_answer_is_422(post, client, changed, code: str) -> None:
    answer = await post(batch(**changed))
    assert answer.status_code == 422
    assert {one["code"] for one in answer.json()["rejected"]} == {code}
    assert await stored(client) == []


async def test_the_same_reading_twice_in_a_batch_counts_once(post, client) -> None:
    at = now_ms()
    answer = await post(batch(times_ms=[at, at]))
    assert [one["code"] for one in answer.json()["rejected"]] == ["duplicate_in_batch"] * 2
    assert await stored(client) == [(11, 20.5), (12, 3.1)]


async def test_a_batch_sent_again_is_accepted_as_a_duplicate_and_stored_once(post, client) -> None:
    sent = batch()
    await post(sent)
    again = await post(sent)
    assert again.status_code == 200
    assert again.json()["duplicate"] is True
    assert len(await stored(client)) == 4


async def test_a_gateway_that_lost_patience_gets_the_answer_of_its_first_try(post, client) -> None:
    sent = batch()
    answers = await asyncio.gather(*(post(sent) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await stored(client)) == 4


async def test_a_new_door_knows_from_the_log_what_was_stored(client, plant) -> None:
    sent = batch()
    async with open_door(client, plant) as door, http(door) as sender:
        await sender.post("/ingest", json=sent, headers={"authorization": f"Bearer tank-farm:{KEY}"})
    async with open_door(client, plant) as door, http(door) as sender:
        again = await sender.post("/ingest", json=sent, headers={"authorization": f"Bearer tank-farm:{KEY}"})
    assert again.json()["duplicate"] is True
    assert len(await stored(client)) == 4


async def test_a_restarted_gateway_is_not_taken_for_a_duplicate(post, client) -> None:
    await post(batch(epoch="boot-1"))
    answer = await post(batch(epoch="boot-2"))
    assert answer.json()["accepted"] == 4
    assert len(await stored(client)) == 8


async def test_a_single_reading_is_enough(post, client) -> None:
    single = {
        "schema": 1,
        "source": "tank-farm",
        "epoch": "e",
        "sequence": 1,
        "point": "T-101",
        "time_ms": now_ms(),
        "value": 42.0,
    }
    assert (await post(single)).json()["accepted"] == 1
    assert await stored(client) == [(11, 42.0)]


async def test_points_are_announced_once_and_referred_to_by_hash(post) -> None:
    digest = hash_of(["T-101", "L-101"])
    unknown = await post(batch(points=None, points_hash=digest))
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_points_hash")
    assert (await post(batch(points_hash=digest))).json()["accepted"] == 4
    assert (await post(batch(2, points=None, points_hash=digest))).json()["accepted"] == 4
    wrong = await post(batch(3, points_hash=hash_of(["else"])))
    assert wrong.json()["code"] == "points_hash_mismatch"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\x00", b'{"schema": 1}', b"null"])
async def test_what_cannot_be_read_is_400_and_a_dead_letter(post, client, body: bytes) -> None:
    answer = await post(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert (await letters(client, 1))[0]["reason"] == "malformed"


async def test_rows_of_different_length_are_malformed(post) -> None:
    assert (await post(batch(values=[[1.0, 2.0], [3.0]]))).status_code == 400


async def test_an_unknown_schema_is_named(post) -> None:
    assert (await post(batch(schema=2))).json()["code"] == "unknown_schema"


async def test_too_large_a_body_is_413_and_not_read_to_its_end(post) -> None:
    answer = await post(b" " * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "oversized")


async def test_too_many_readings_are_413(post) -> None:
    at = now_ms() - 100_000_000
    many = batch(times_ms=[at + i for i in range(20_001)], values=[[1.0, 2.0]] * 20_001)
    assert (await post(many)).status_code == 413


@pytest.mark.parametrize("source", ["tank-farm", "nobody", ""])
async def test_a_wrong_key_and_an_unknown_source_are_told_the_same(post, source: str) -> None:
    answer = await post(batch(), source=source, key="guess")
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_key")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_disabled_gateway_is_told_so(post) -> None:
    answer = await post(batch(source="retired"), source="retired")
    assert (answer.status_code, answer.json()["code"]) == (403, "disabled")


async def test_nobody_speaks_for_another_gateway(post, client) -> None:
    answer = await post(batch(source="retired"))
    assert (answer.status_code, answer.json()["code"]) == (403, "source_mismatch")
    assert await stored(client) == []


async def test_a_new_gateway_is_known_within_a_second_or_two(post, plant: Plant) -> None:
    plant.records.append(gateway("pump-house", 3, key="new"))
    assert (await post(batch(source="pump-house"), source="pump-house", key="new")).status_code == 401
    plant.asked += 1
    async with asyncio.timeout(5):
        while (await post(batch(source="pump-house"), source="pump-house", key="new")).status_code == 401:
            await asyncio.sleep(0.05)


class Refusing:
    """A log that refuses as the broker's does."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error
        self.kept: list[bytes] = []

    async def append(self, payload: bytes) -> int:
        if self.error is not None:
            raise self.error
        self.kept.append(payload)
        return len(self.kept)


@pytest.mark.parametrize(
    ("error", "code"), [(LogFull("full"), "log_full"), (LogUnavailable("away"), "log_unavailable")]
)
async def test_what_is_not_durable_is_not_accepted_and_may_come_again(
    client, plant, error, code: str
) -> None:
    log = Refusing(error)
    async with open_door(client, plant, log) as door, http(door) as sender:
        headers = {"authorization": f"Bearer tank-farm:{KEY}"}
        sent = batch()
        answer = await sender.post("/ingest", json=sent, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["accepted"] == 0
        log.error = None
        again = await sender.post("/ingest", json=sent, headers=headers)
        assert again.json() == {"accepted": 4, "rejected": [], "rejected_total": 0, "duplicate": False}


async def test_a_full_log_refuses_and_everything_acknowledged_is_in_it(post, client) -> None:
    wide = [20.0, 3.0]
    accepted = 0
    for sequence in range(1, 60):
        at = now_ms() - 100_000_000
        times = [at + moment for moment in range(19_000)]
        answer = await post(batch(sequence, times_ms=times, values=[wide] * len(times)))
        if answer.status_code == 503:
            break
        accepted += answer.json()["accepted"]
    assert answer.status_code == 503
    assert (answer.json()["code"], answer.headers["retry-after"]) == ("log_full", "10")
    assert len(await stored(client)) == accepted


async def test_other_paths_and_methods_are_not_the_door(door) -> None:
    async with http(door) as sender:
        assert (await sender.get("/ingest")).status_code == 405
        assert (await sender.post("/else")).status_code == 404
