"""The streams that the product needs: TELE, EVT, DEAD and the readers' marks."""

from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import api
from nats.js.errors import NotFoundError

TELE = "TELE"
EVT = "EVT"
DEAD = "DEAD"
MARKS = "MARKS"
MQTT_MESSAGES = "$MQTT_msgs"
"""The broker's own stream for MQTT messages of QoS 1, which holds them for subscribers over MQTT alone."""
DUPLICATE_WINDOW_S = 120.0
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class StreamLimits:
    """Sizes in bytes, age in seconds, copies of each stream (3 on a cluster of three)."""

    tele_bytes: int
    evt_bytes: int = 256 * _MEBIBYTE
    evt_age_s: float = 7 * 24 * 3600.0
    dead_bytes: int = 64 * _MEBIBYTE
    replicas: int = 1


async def ensure_streams(client: Client, limits: StreamLimits) -> None:
    """Create the streams, or bring those that exist to *limits*. Safe to repeat.

    TELE refuses when it is full; EVT, DEAD drop their oldest.
    """
    full_refuses, oldest_goes = api.DiscardPolicy.NEW, api.DiscardPolicy.OLD
    await _ensure(client, _config(TELE, "tele.>", limits.tele_bytes, full_refuses, limits))
    events = _config(EVT, "evt.>", limits.evt_bytes, oldest_goes, limits)
    events.max_age = limits.evt_age_s
    await _ensure(client, events)
    await _ensure(client, _config(DEAD, "dead.>", limits.dead_bytes, oldest_goes, limits))
    marks = _config(MARKS, "mark.>", 8 * _MEBIBYTE, oldest_goes, limits)
    marks.max_msgs_per_subject = 1
    await _ensure(client, marks)
    if limits.replicas == 1:
        await _spare_syncs_of_mqtt(client)


async def _spare_syncs_of_mqtt(client: Client) -> None:
    """Make the broker's stream of MQTT messages as the broker would, but without a sync for each message.

    Nobody subscribes over MQTT to what gateways publish, so nothing is kept in it;
    yet a broker that syncs every write syncs a note of each message passed by. Only
    the answer on ``ack/SOURCE`` says that readings are durable. A stream that is
    there is left as it is: this cannot be changed afterwards.
    """
    try:
        await client.jsm().stream_info(MQTT_MESSAGES)
    except NotFoundError:
        await client.jsm().add_stream(
            api.StreamConfig(
                name=MQTT_MESSAGES,
                subjects=["$MQTT.msgs.>"],
                retention=api.RetentionPolicy.INTEREST,
                storage=api.StorageType.FILE,
                num_replicas=1,
                persist_mode=api.PersistMode.ASYNC,
            )
        )


def _config(
    name: str, subject: str, max_bytes: int, discard: api.DiscardPolicy, limits: StreamLimits
) -> api.StreamConfig:
    return api.StreamConfig(
        name=name,
        subjects=[subject],
        retention=api.RetentionPolicy.LIMITS,
        storage=api.StorageType.FILE,
        discard=discard,
        max_bytes=max_bytes,
        num_replicas=limits.replicas,
        duplicate_window=DUPLICATE_WINDOW_S,
        allow_direct=True,
    )


async def _ensure(client: Client, config: api.StreamConfig) -> None:
    streams = client.jsm()
    try:
        await streams.stream_info(str(config.name))
    except NotFoundError:
        await streams.add_stream(config)
    else:
        await streams.update_stream(config)
