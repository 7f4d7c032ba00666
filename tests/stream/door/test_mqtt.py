"""The same judge over the bus: readings on ``in.SOURCE``, answers on ``ack.SOURCE``."""

import asyncio

import msgspec
from tests.stream.door.conftest import KEY, batch, http, stored


async def ask(client, source: str, body: bytes) -> dict:
    """Publish as the broker does for a gateway; the answer."""
    answers = await client.subscribe(f"ack.{source}")
    await client.flush()
    await client.publish(f"in.{source}", body)
    message = await answers.next_msg(timeout=5)
    await answers.unsubscribe()
    return msgspec.json.decode(message.data)


async def test_the_answer_is_the_http_body_and_says_which_batch_it_means(door, client) -> None:
    said = await ask(client, "tank-farm", msgspec.json.encode(batch(7, points=["T-101", "P-999"])))
    identity = {name: said.pop(name) for name in ("source", "epoch", "sequence", "status")}
    assert identity == {"source": "tank-farm", "epoch": "boot-1", "sequence": 7, "status": 200}
    async with http(door) as sender:
        same = await sender.post(
            "/ingest",
            json=batch(8, points=["T-101", "P-999"]),
            headers={"authorization": f"Bearer tank-farm:{KEY}"},
        )
    assert said == same.json()


async def test_what_cannot_be_read_is_answered_too(door, client) -> None:
    said = await ask(client, "tank-farm", b"\x00")
    assert (said["status"], said["code"]) == (400, "malformed")


async def test_a_disabled_gateway_is_refused(door, client) -> None:
    said = await ask(client, "retired", msgspec.json.encode(batch(source="retired")))
    assert (said["status"], said["code"]) == (403, "disabled")


async def test_a_duplicate_over_another_channel_is_still_one(door, client) -> None:
    body = batch()
    async with http(door) as sender:
        await sender.post("/ingest", json=body, headers={"authorization": f"Bearer tank-farm:{KEY}"})
    said = await ask(client, "tank-farm", msgspec.json.encode(body))
    assert said["duplicate"] is True
    assert len(await stored(client)) == 4


async def test_the_order_of_one_gateways_batches_is_kept(door, client) -> None:
    answers = await client.subscribe("ack.tank-farm")
    for sequence in range(200):
        single = {
            "schema": 1,
            "source": "tank-farm",
            "epoch": "e",
            "sequence": sequence,
            "point": "T-101",
            "time_ms": 1_700_000_000_000 + sequence,
            "value": float(sequence),
        }
        await client.publish("in.tank-farm", msgspec.json.encode(single))
    async with asyncio.timeout(10):
        for _ in range(200):
            assert msgspec.json.decode((await answers.next_msg(timeout=5)).data)["status"] == 200
    assert [value for _, value in await stored(client)] == [float(sequence) for sequence in range(200)]
