"""The embedded broker as gateways meet it: real MQTT clients against the real server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import aiomqtt
import bcrypt
import nats
import nats.errors
import pytest
from nats.aio.client import Client

from anlan.adapters.nats import StreamLimits, connect, ensure_streams
from anlan.server.supervisor.nats import BrokerAccount, EmbeddedNats, temporary_nats


def account(source: str, key: str) -> BrokerAccount:
    return BrokerAccount(source, bcrypt.hashpw(key.encode(), bcrypt.gensalt(4)).decode())


ALPHA, BETA = account("alpha", "key-a"), account("beta", "key-b")


@pytest.fixture
def broker() -> Iterator[EmbeddedNats]:
    with temporary_nats(accounts=[ALPHA, BETA]) as started:
        yield started


@pytest.fixture
async def internal(broker: EmbeddedNats) -> AsyncIterator[Client]:
    client = await nats.connect(broker.url)
    yield client
    await client.close()


def gateway(broker: EmbeddedNats, source: str, key: str) -> aiomqtt.Client:
    return aiomqtt.Client(
        "127.0.0.1", broker.ports.mqtt, username=source, password=key, identifier=f"test-{source}", timeout=5
    )


async def test_a_gateway_publishes_its_batches_and_hears_its_acks(
    broker: EmbeddedNats, internal: Client
) -> None:
    subscription = await internal.subscribe("in.*")
    await internal.flush()
    async with gateway(broker, "alpha", "key-a") as client:
        await client.subscribe("ack/alpha", qos=1)
        await client.publish("in/alpha", b"batch", qos=1)
        received = await subscription.next_msg(timeout=5)
        assert (received.subject, received.data) == ("in.alpha", b"batch")
        await internal.publish("ack.alpha", b"accepted")
        assert (await anext(aiter(client.messages))).payload == b"accepted"


async def test_a_message_that_the_door_takes_costs_the_broker_no_sync_of_its_own() -> None:
    with temporary_nats(durable=True, accounts=[ALPHA]) as broker:
        for start in ("first", "second"):
            client = await connect(broker.url, "test")
            await ensure_streams(client, StreamLimits(1_000_000, 1_000_000, dead_bytes=1_000_000))
            subscription = await client.subscribe("in.*")
            await client.flush()
            async with gateway(broker, "alpha", "key-a") as sender:
                await sender.publish("in/alpha", start, qos=1)
            assert (await subscription.next_msg(timeout=5)).data.decode() == start
            messages = await client.jsm().stream_info("$MQTT_msgs")
            assert (messages.config.persist_mode, messages.state.messages) == ("async", 0)
            assert (await client.jsm().stream_info("TELE")).config.persist_mode is None
            await client.close()
            broker.stop()
            broker.start([ALPHA])


async def test_a_gateway_cannot_speak_for_another(broker: EmbeddedNats, internal: Client) -> None:
    subscription = await internal.subscribe("in.*")
    await internal.flush()
    async with gateway(broker, "alpha", "key-a") as client:
        await client.publish("in/beta", b"forged", qos=1)
        await client.publish("in/alpha", b"own", qos=1)
    received = await subscription.next_msg(timeout=5)
    assert received.data == b"own"


@pytest.mark.parametrize("topic", ["#", "in/beta", "ack/beta", "ack/+", "$SYS/#", "$MQTT/sub/#", "$JS/#"])
async def test_a_gateway_hears_nothing_but_its_own_acks(broker: EmbeddedNats, topic: str) -> None:
    async with gateway(broker, "alpha", "key-a") as client:
        granted = await client.subscribe(topic, qos=0)
        assert [int(getattr(code, "value", code)) for code in granted] == [0x80]


@pytest.mark.parametrize(("source", "key"), [("alpha", "key-b"), ("alpha", ""), ("nobody", "key-a")])
async def test_a_wrong_key_is_refused(broker: EmbeddedNats, source: str, key: str) -> None:
    with pytest.raises(aiomqtt.MqttError):
        async with gateway(broker, source, key):
            pass


async def test_a_gateway_key_opens_no_native_connection(broker: EmbeddedNats) -> None:
    url = broker.url.replace(broker.url.split("@")[0], "nats://alpha:key-a")

    async def heard(error: Exception) -> None:
        del error

    refused = Client()
    with pytest.raises(nats.errors.Error, match="Authorization"):
        await refused.connect(url, allow_reconnect=False, error_cb=heard)
    if refused._transport is not None:  # the client leaves it open when it is refused
        refused._transport.close()
    await refused.close()


async def test_a_new_gateway_is_let_in_without_dropping_the_others(broker: EmbeddedNats) -> None:
    assert broker.pid is not None
    async with gateway(broker, "alpha", "key-a") as old:
        await old.subscribe("ack/alpha", qos=1)
        assert broker.write_accounts([ALPHA, BETA, gamma := account("gamma", "key-c")])
        assert not broker.write_accounts([gamma, BETA, ALPHA])
        os.kill(broker.pid, signal.SIGHUP)
        await _until_let_in(broker, "gamma", "key-c")
        await old.publish("in/alpha", b"still here", qos=1)


async def test_a_removed_gateway_is_put_out(broker: EmbeddedNats) -> None:
    assert broker.pid is not None
    with pytest.raises(aiomqtt.MqttError):
        async with asyncio.timeout(20), gateway(broker, "beta", "key-b") as client:
            broker.write_accounts([ALPHA])
            os.kill(broker.pid, signal.SIGHUP)
            async for _ in client.messages:
                pass


@pytest.mark.parametrize("source", ["a.b", "*", ">", "a b", 'x", password: "', "", "a" * 65])
def test_a_name_that_is_no_single_subject_token_gets_no_account(source: str) -> None:
    assert not BrokerAccount(source, ALPHA.password_bcrypt).usable


def test_the_configuration_holds_no_plain_password(broker: EmbeddedNats) -> None:
    written = broker.config_path.read_text()
    password = broker.url.split(":")[2].split("@")[0]
    assert password not in written
    assert "key-a" not in written
    assert oct(broker.config_path.stat().st_mode)[-3:] == "600"


def test_every_write_is_synced_unless_it_is_a_test() -> None:
    with temporary_nats(durable=True) as broker:
        assert "sync_interval: always" in broker.config_path.read_text()


async def _until_let_in(broker: EmbeddedNats, source: str, key: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with gateway(broker, source, key):
                    return
            except aiomqtt.MqttError:
                await asyncio.sleep(0.1)
