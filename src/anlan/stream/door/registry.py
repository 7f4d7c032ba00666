"""Who may send and which points they own, kept in memory and refreshed when it changes."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from anlan.ports.rules import GatewayRecord, PointRegistry
from anlan.stream.contract import Refusal, Refused

_NOBODY = hashlib.sha256(b"nobody").digest()


@dataclass(frozen=True)
class Gateway:
    """A gateway and its points by tag: dense number and registered unit."""

    record: GatewayRecord
    points: Mapping[str, tuple[int, str]]

    def clock_ms(self, now_ms: int) -> int:
        """The time by the gateway's own clock: its timeline's, or the live one."""
        record = self.record
        if record.timeline is None:
            return now_ms
        return record.timeline_origin_ms + int((now_ms - record.timeline_anchor_ms) * record.timeline_rate)


@dataclass
class RegistryCache:
    """The registry as last read. Serves on while the registry itself is away."""

    registry: PointRegistry
    version: int | None = None
    refreshed_at: float = 0.0
    _gateways: Mapping[str, Gateway] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.version is not None

    def age_s(self) -> float:
        """Seconds since the registry last answered."""
        return time.monotonic() - self.refreshed_at

    def refresh(self) -> None:
        """Ask the registry, and read it when its version changed. Blocks; raises what the registry raises."""
        version = self.registry.version()
        if version != self.version:
            self._gateways = self._read()
            self.version = version
        self.refreshed_at = time.monotonic()

    def get(self, source: str) -> Gateway | None:
        """The gateway of *source*, if there is one and it is enabled."""
        gateway = self._gateways.get(source)
        return gateway if gateway and gateway.record.enabled else None

    def authenticate(self, source: str, key: str) -> Gateway:
        """The gateway of *source* if *key* is its key. Raises `Refused`, alike for both mistakes."""
        gateway = self._gateways.get(source)
        expected = gateway.record.key_sha256 if gateway else _NOBODY
        given = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        if not hmac.compare_digest(given, expected) or gateway is None:
            raise Refused(Refusal.WRONG_KEY, f"source {source!r}")
        if not gateway.record.enabled:
            raise Refused(Refusal.DISABLED, f"source {source!r}")
        return gateway

    def _read(self) -> dict[str, Gateway]:
        columns = self.registry.points()
        points: dict[str, dict[str, tuple[int, str]]] = {}
        for number, tag, unit, source in zip(
            columns.number.tolist(), columns.tag, columns.unit, columns.gateway, strict=True
        ):
            points.setdefault(source, {})[tag] = (number, unit)
        return {
            record.source: Gateway(record, points.get(record.source, {}))
            for record in self.registry.gateways()
        }
