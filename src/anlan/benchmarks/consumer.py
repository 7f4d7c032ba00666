"""The peer's consumer: what comes over QoS 1 goes into PostgreSQL with COPY, committed before the ack.

Given the best of everything: batches that wait share one commit, COPY is binary
and built by numpy, and the readings are not checked.
"""

import queue
import sys
from typing import Any

import msgspec
import numpy as np
import paho.mqtt.client as mqtt
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

_TABLE = (
    "CREATE TABLE IF NOT EXISTS reading (source int4, point int4, event_ms int8, value float8, quality int2)"
)
_COPY = "COPY reading (source, point, event_ms, value, quality) FROM STDIN (FORMAT binary)"
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("l1", ">i4"),
        ("source", ">i4"),
        ("l2", ">i4"),
        ("point", ">i4"),
        ("l3", ">i4"),
        ("event_ms", ">i8"),
        ("l4", ">i4"),
        ("value", ">f8"),
        ("l5", ">i4"),
        ("quality", ">i2"),
    ]
)
TOGETHER = 64


class Batch(msgspec.Struct):
    """As much of the contract as the peer needs."""

    source: str
    epoch: str
    sequence: int
    times_ms: list[int]
    values: list[list[float]]


def rows_of(source: int, batch: Batch) -> bytes:
    """The batch as rows of a binary COPY."""
    values = np.array(batch.values)
    rows = np.zeros(values.size, _ROW)
    rows["fields"] = 5
    rows["l1"] = rows["l2"] = 4
    rows["l3"] = rows["l4"] = 8
    rows["l5"] = 2
    rows["source"] = source
    rows["point"] = np.tile(np.arange(values.shape[1]), values.shape[0])
    rows["event_ms"] = np.repeat(batch.times_ms, values.shape[1])
    rows["value"] = values.ravel()
    return rows.tobytes()


def main() -> None:
    port, url = int(sys.argv[1]), sys.argv[2]
    waiting: queue.SimpleQueue[mqtt.MQTTMessage] = queue.SimpleQueue()
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id="consumer", clean_session=False, manual_ack=True
    )

    def on_message(client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        waiting.put(message)

    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.subscribe("in/#", qos=1)
    client.loop_start()
    decoder = msgspec.json.Decoder(Batch)
    sources: dict[str, int] = {}
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE)
        connection.commit()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            messages = [waiting.get()]
            while len(messages) < TOGETHER and not waiting.empty():
                messages.append(waiting.get())
            batches = [decoder.decode(message.payload) for message in messages]
            with connection.cursor().copy(_COPY) as copy:
                numbered = ((sources.setdefault(one.source, len(sources)), one) for one in batches)
                copy.write(_HEAD + b"".join(rows_of(number, one) for number, one in numbered) + _TAIL)
            connection.commit()
            for message, batch in zip(messages, batches, strict=True):
                client.ack(message.mid, message.qos)
                count = sum(len(row) for row in batch.values)
                answer = {"status": 200, "epoch": batch.epoch, "sequence": batch.sequence, "accepted": count}
                client.publish(f"ack/{batch.source}", msgspec.json.encode(answer), qos=0)


if __name__ == "__main__":
    main()
