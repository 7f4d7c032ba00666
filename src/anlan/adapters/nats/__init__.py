"""NATS: the log of telemetry (JetStream), events, dead letters, and the bus."""

from anlan.adapters.nats.bus import NatsBus
from anlan.adapters.nats.connection import connect
from anlan.adapters.nats.log import NatsDeadLetters, NatsEvents, NatsTelemetryLog
from anlan.adapters.nats.purge import purge_passed
from anlan.adapters.nats.reader import NatsLogReader
from anlan.adapters.nats.streams import DEAD, EVT, TELE, StreamLimits, ensure_streams

__all__ = [
    "DEAD",
    "EVT",
    "TELE",
    "NatsBus",
    "NatsDeadLetters",
    "NatsEvents",
    "NatsLogReader",
    "NatsTelemetryLog",
    "StreamLimits",
    "connect",
    "ensure_streams",
    "purge_passed",
]
