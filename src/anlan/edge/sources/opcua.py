"""OPC UA servers: values as they change, by subscription, and those that do not change read again."""

import math
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.node import Node
from asyncua.common.subscription import DataChangeNotif
from asyncua.crypto import security_policies
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.uacrypto import load_certificate
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaError, UaStatusCodeError
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from anlan.edge.core.config import OpcUa, OpcUaPoint
from anlan.edge.core.guards import ClockGuard
from anlan.edge.core.pace import Backoff, Pace
from anlan.edge.core.readings import Reading
from anlan.edge.sources.base import Desk, again_and_again
from anlan.kernel.clock import to_ms
from anlan.kernel.quality import Quality
from anlan.stream.contract import EARLIEST_MS

_TROUBLES = (OSError, TimeoutError, UaError)
_UNCHANGED_S = 10 * 365 * 86_400.0
"""A source time may be old: a value that has not changed since keeps it."""
_MOST_WAITING = 100_000
_SEVERITY_UNCERTAIN = 0b01
UNIT_CODES = {
    "CEL": "°C", "KEL": "K", "FAH": "°F", "PAL": "Pa", "KPA": "kPa", "MPA": "MPa", "MTR": "m", "MMT": "mm", "P1": "%",
    "59": "ppm", "GP": "mg/m³", "KGS": "kg/s", "E93": "kg/h", "MQH": "m³/h", "KWT": "kW", "MTS": "m/s",
}  # fmt: skip
"""UNECE Recommendation 20, whose letters OPC UA packs into ``EUInformation.UnitId`` (OPC 10000-8, 5.6.4.3)."""


def quality_of(status: ua.StatusCode) -> Quality:
    """The kernel's code for a status: its severity, and whether a person has put the value there."""
    severity = status.value >> 30
    if status.value == StatusCodes.GoodLocalOverride:
        return Quality.MANUAL
    if severity == 0:
        return Quality.GOOD
    return Quality.UNCERTAIN if severity == _SEVERITY_UNCERTAIN else Quality.BAD


def unit_of(unit_id: int) -> str | None:
    """Our symbol for an ``EUInformation.UnitId``; None for one that we do not have.

    >>> unit_of(4408652)
    '°C'
    """
    if unit_id <= 0:
        return None
    return UNIT_CODES.get(unit_id.to_bytes(4, "big").lstrip(b"\x00").decode("latin-1"))


class OpcUaSource:
    """Subscribes to the points of *config*, and connects again when the server is gone."""

    def __init__(self, config: OpcUa, desk: Desk, pace: Pace, backoff: Backoff, password: str | None) -> None:
        self._config, self._desk, self._pace, self._backoff = config, desk, pace, backoff
        self._password = password
        self._clock = desk.fare.clocks[config.name] = ClockGuard(config.clock_ahead_s, _UNCHANGED_S)
        self._points = {ua.NodeId.from_string(point.node): point for point in config.points}
        self._waiting: deque[tuple[ua.NodeId, ua.DataValue, int | None]] = deque(maxlen=_MOST_WAITING)
        self._other_unit: frozenset[str] = frozenset()

    async def run(self) -> None:
        await again_and_again(self._desk.fare, self._session, self._pace, self._backoff, _TROUBLES)

    # -- a session ---------------------------------------------------------------

    async def _session(self) -> None:
        client = await self._client()
        async with client:
            self._other_unit = frozenset(await self._tags_of_other_units(client))
            await self._subscribe(client)
            self._desk.fare.connected = True
            self._desk.fare.trouble = ", ".join(f"{tag}: unit" for tag in sorted(self._other_unit))[:200]
            refreshed = self._pace.seconds()
            while True:
                await self._pace.rest(self._config.publishing_s)
                await client.check_connection()
                if self._pace.seconds() - refreshed >= self._config.refresh_s:
                    await self._refresh(client)
                    refreshed = self._pace.seconds()
                await self._hand_in()

    async def _client(self) -> Client:
        config = self._config
        client = Client(config.url, timeout=config.timeout_s, watchdog_intervall=config.timeout_s)
        if config.user:
            client.set_user(config.user)
            client.set_password(self._password or "")
        if config.security != "none":
            policy, _, mode = config.security.partition(":")
            certificate, key = Path(config.certificate or ""), Path(config.private_key or "")
            client.application_uri = await _identity(certificate, key)
            await client.set_security(
                getattr(security_policies, f"SecurityPolicy{policy}"),
                certificate,
                key,
                server_certificate=config.server_certificate,
                mode=ua.MessageSecurityMode[mode],
            )
        return client

    async def _subscribe(self, client: Client) -> None:
        config = self._config
        subscription: Any = await client.create_subscription(config.publishing_s * 1000, self)
        results = await subscription.subscribe_data_change(
            [client.get_node(node) for node in self._points],
            queuesize=2 * math.ceil(config.publishing_s / config.sampling_s),
            sampling_interval=config.sampling_s * 1000,
        )
        for point, result in zip(self._points.values(), results, strict=True):
            if isinstance(result, ua.StatusCode):
                self._desk.fare.counts[f"no_such_node:{point.node}"] += 1

    def datachange_notification(self, node: Node, val: Any, data: DataChangeNotif) -> None:
        """Called by the subscription for every change."""
        if len(self._waiting) == _MOST_WAITING:
            self._desk.fare.counts["not_kept"] += 1
        self._waiting.append((node.nodeid, data.monitored_item.Value, None))

    async def _refresh(self, client: Client) -> None:
        """Read everything once: what has not changed still holds, at the server's time of this answer."""
        nodes = [client.get_node(node) for node in self._points]
        for node, value in zip(nodes, await client.read_attributes(nodes), strict=True):
            self._waiting.append(
                (node.nodeid, value, self._time_of(value.ServerTimestamp) or self._pace.now_ms())
            )

    async def _tags_of_other_units(self, client: Client) -> list[str]:
        """Points whose server states another unit than their declaration: their values are told apart as bad."""
        other = []
        for node, point in self._points.items():
            stated = await _stated_unit(client.get_node(node))
            declared = point.device_unit or point.unit
            if stated is not None and declared in UNIT_CODES.values() and stated != declared:
                other.append(point.tag)
                self._desk.fare.counts[f"unit:{point.tag} {stated}"] += 1
        return other

    # -- what came ---------------------------------------------------------------

    async def _hand_in(self) -> None:
        heard = [self._waiting.popleft() for _ in range(len(self._waiting))]
        await self._desk.keep(list(self._readings(heard)))

    def _readings(self, heard: Sequence[tuple[ua.NodeId, ua.DataValue, int | None]]) -> Iterable[Reading]:
        for node, value, at_ms in heard:
            point, status = self._points[node], value.StatusCode or ua.StatusCode()
            raw = value.Value.Value if value.Value is not None else None
            if isinstance(raw, bool | int | float):
                reading = self._reading(point, float(raw), status, value, at_ms)
                if reading is not None:
                    yield reading
            else:
                # a status without a value cannot be told in a batch: the point falls silent
                self._desk.fare.counts[f"no_value:{status.name}"] += 1

    def _reading(
        self, point: OpcUaPoint, raw: float, status: ua.StatusCode, value: ua.DataValue, at_ms: int | None
    ) -> Reading | None:
        quality = quality_of(status)
        if point.tag in self._other_unit:
            quality = Quality.BAD
        event_ms = at_ms or self._time_of(value.SourceTimestamp) or self._time_of(value.ServerTimestamp)
        return self._desk.reading(point, raw, quality, event_ms, self._clock)

    @staticmethod
    def _time_of(stamp: datetime | None) -> int | None:
        """UTC milliseconds; None for a stamp that is not set (1601 on the wire) or before any plant of ours."""
        if stamp is None:
            return None
        at_ms = to_ms(stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC))
        return at_ms if at_ms >= EARLIEST_MS else None


async def _stated_unit(node: Node) -> str | None:
    """The unit that the server states of *node*, if it is one of ours."""
    try:
        stated = await (await node.get_child("0:EngineeringUnits")).read_value()
    except UaStatusCodeError:
        return None
    return unit_of(stated.UnitId) if isinstance(stated, ua.EUInformation) else None


async def _identity(certificate: Path, key: Path) -> str:
    """The application's URI in *certificate*, which is made together with *key* where neither exists yet."""
    if not certificate.exists() and not key.exists():
        host = socket.gethostname()
        await setup_self_signed_certificate(
            key, certificate, f"urn:{host}:anlan:collector", host, [ExtendedKeyUsageOID.CLIENT_AUTH],
            {"commonName": "anlan collector", "organizationName": host},
        )  # fmt: skip
        key.chmod(0o600)
    loaded = await load_certificate(certificate)
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return str(names.get_values_for_type(x509.UniformResourceIdentifier)[0])
