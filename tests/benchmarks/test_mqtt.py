"""The senders' small client of MQTT, against the real broker and against a stingy network."""

import asyncio

import bcrypt
import nats
import pytest

from anlan.benchmarks.mqtt import Connection, _packet, _packets
from anlan.server.supervisor.nats import BrokerAccount, temporary_nats

ALPHA = BrokerAccount("alpha", bcrypt.hashpw(b"key-a", bcrypt.gensalt(4)).decode())


async def test_what_a_sender_publishes_arrives_in_order_and_its_answers_come_back() -> None:
    bodies = [bytes([65 + index]) * size for index, size in enumerate((0, 1, 100, 200, 20_000, 3_000_000))]
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    with temporary_nats(accounts=[ALPHA]) as broker:
        door = await nats.connect(broker.url)
        taken = await door.subscribe("in.alpha")
        await door.flush()
        where = ("127.0.0.1", broker.ports.mqtt)
        _, sender = await asyncio.get_running_loop().create_connection(
            lambda: Connection(answers.put_nowait), *where
        )
        await sender.sign_in("bench-alpha", "alpha", "key-a")
        await sender.subscribe("ack/alpha")
        for body in bodies:
            sender.publish("in/alpha", body)
        for body in bodies:
            assert (await taken.next_msg(timeout=10)).data == body
            await door.publish("ack.alpha", body)
        async with asyncio.timeout(10):
            assert [await answers.get() for _ in bodies] == bodies
        sender.close()
        _, stranger = await asyncio.get_running_loop().create_connection(
            lambda: Connection(answers.put_nowait), *where
        )
        with pytest.raises(ConnectionError):
            await stranger.sign_in("bench-alpha", "alpha", "another key")
        await door.close()


def test_packets_are_found_however_the_network_cuts_them() -> None:
    sent = [(0x30, b""), (0x40, b"\0\1"), (0x30, b"x" * 127), (0x30, b"y" * 128), (0x30, b"z" * 20_000)]
    stream = b"".join(_packet(kind, body) for kind, body in sent)
    for piece in (1, 7, 4096, len(stream)):
        heard, found = bytearray(), []
        for at in range(0, len(stream), piece):
            heard += stream[at : at + piece]
            found += _packets(heard)
        assert (found, heard) == (sent, b"")
