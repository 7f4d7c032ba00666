"""Independent MQTT clients at the door: mosquitto's (C) and paho (Python)."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from tests.faults.plant import MQTT, TAGS
from tests.interop.conftest import Site
from tests.system.console import needed
from tests.system.gateway import MqttGateway, batch

pytestmark = pytest.mark.long

MINE, NEIGHBOUR = MQTT


@pytest.fixture(autouse=True)
def mosquitto() -> None:
    needed("mosquitto-clients", shutil.which("mosquitto_pub") and shutil.which("mosquitto_sub"))


def options(site: Site, source: str, key: str) -> list[str]:
    return ["-h", "127.0.0.1", "-p", str(site.mqtt_port), "-u", source, "-P", key, "-V", "mqttv311"]


@contextmanager
def hearing(site: Site, source: str, topic: str, count: int = 1) -> Iterator["subprocess.Popen[str]"]:
    """mosquitto_sub on *topic* as *source*, until *count* messages have come."""
    command = ["mosquitto_sub", *options(site, source, site.plant.keys[source]), "-q", "1", "-t", topic]
    command += ["-C", str(count), "-W", "20"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def publish(
    site: Site, source: str, body: bytes, *, key: str | None = None, topic: str | None = None
) -> "subprocess.CompletedProcess[str]":
    wanted = ["-q", "1", "-t", topic or f"in/{source}", "-s"]
    return subprocess.run(
        ["mosquitto_pub", *options(site, source, key or site.plant.keys[source]), *wanted],
        input=body.decode(),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def test_mosquitto_pub_is_answered_once_its_reading_is_durable(site: Site) -> None:
    with hearing(site, MINE, f"ack/{MINE}") as ears:
        assert publish(site, MINE, batch(MINE, "mosquitto", 1, {TAGS[0]: 42.0})).returncode == 0
        answer = json.loads(ears.communicate(timeout=25)[0])
    assert (answer["status"], answer["accepted"]) == (200, 1)
    assert (answer["epoch"], answer["sequence"]) == ("mosquitto", 1)


def test_a_point_that_nobody_knows_is_rejected_by_name_over_mqtt(site: Site) -> None:
    with hearing(site, MINE, f"ack/{MINE}") as ears:
        publish(site, MINE, batch(MINE, "mosquitto", 2, {"NOBODY-1": 1.0, TAGS[0]: 43.0}))
        answer = json.loads(ears.communicate(timeout=25)[0])
    assert answer["accepted"] == 1
    assert [item["code"] for item in answer["rejected"]] == ["unknown_point"]


def test_a_wrong_key_is_not_let_in(site: Site) -> None:
    refused = publish(site, MINE, b"{}", key="not the key")
    assert refused.returncode != 0
    assert "not authorised" in refused.stderr.lower() or "refused" in refused.stderr.lower()


def test_a_gateway_cannot_speak_for_its_neighbour_nor_hear_it(site: Site) -> None:
    body = batch(NEIGHBOUR, "forged", 1, {TAGS[0]: 99.0})
    with hearing(site, NEIGHBOUR, f"ack/{NEIGHBOUR}") as ears:
        publish(site, MINE, body, topic=f"in/{NEIGHBOUR}")
        assert publish(site, NEIGHBOUR, batch(NEIGHBOUR, "own", 1, {TAGS[0]: 21.0})).returncode == 0
        answer = json.loads(ears.communicate(timeout=25)[0])
    assert answer["epoch"] == "own", "the first answer is to its own batch: the forged one never arrived"
    with hearing(site, MINE, f"ack/{NEIGHBOUR}") as ears:
        publish(site, NEIGHBOUR, batch(NEIGHBOUR, "own", 2, {TAGS[0]: 22.0}))
        time.sleep(2)
        ears.terminate()
        assert ears.communicate(timeout=25)[0] == ""


def test_paho_sends_a_batch_again_and_is_told_that_it_is_a_duplicate(site: Site) -> None:
    body = batch(MINE, "paho", 1, {tag: 30.0 + index for index, tag in enumerate(TAGS)})
    with MqttGateway(site.mqtt_port, MINE, site.plant.keys[MINE]) as gateway:
        first, again = gateway.send(body), gateway.send(body)
    assert (first["accepted"], first["duplicate"]) == (len(TAGS), False)
    assert again["status"] == 200 and again["duplicate"] is True


def test_mqtt_5_is_refused_at_the_door_and_not_left_hanging(site: Site) -> None:
    """The broker speaks 3.1.1: a client of version 5 must learn that at once."""
    heard: list[str] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="v5", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(MINE, site.plant.keys[MINE])
    client.on_connect = lambda _c, _u, _f, reason, _p: heard.append(f"connect {reason}")
    client.on_disconnect = lambda _c, _u, _f, reason, _p: heard.append(f"disconnect {reason}")
    client.connect("127.0.0.1", site.mqtt_port)
    client.loop_start()
    deadline = time.monotonic() + 10
    while not heard and time.monotonic() < deadline:
        time.sleep(0.1)
    client.loop_stop()
    assert heard, "neither an answer nor an end within ten seconds"
    assert heard[0] != "connect Success"
