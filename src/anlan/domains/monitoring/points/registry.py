"""The `PointRegistry` of the stream, read from the tables of gateways and points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anlan.domains.monitoring.points.groups import group_of
from anlan.domains.monitoring.points.models import Gateway, Point
from anlan.domains.monitoring.points.states import GatewayState
from anlan.domains.monitoring.points.versions import REGISTRY, table_version
from anlan.kernel.clock import to_ms
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.threads.queries import timelines_of
from anlan.ports.rules import GatewayRecord, PointColumns


@dataclass(frozen=True)
class BrokerLogin:
    """What the broker needs to let a gateway in: its source name and the bcrypt hash of its key."""

    source: str
    key_bcrypt: str


class DatabasePointRegistry:
    """Reads as the service principal *reader* (``door`` or ``evaluator``); each call is one transaction."""

    def __init__(self, reader: str = "door") -> None:
        self._reader = reader

    def version(self) -> int:
        """Changes with every change of gateways, points or their timelines."""
        with acting_as(service_principal(self._reader)), read_scope():
            return table_version(REGISTRY)

    def gateways(self) -> Sequence[GatewayRecord]:
        """All gateways, disabled ones included, each with its timeline's clock."""
        with acting_as(service_principal(self._reader)), read_scope():
            gateways = list(Gateway.objects.all())
            timelines = timelines_of({gateway.timeline for gateway in gateways if gateway.timeline})
        records = []
        for gateway in gateways:
            timeline = timelines.get(gateway.timeline) if gateway.timeline else None
            records.append(
                GatewayRecord(
                    source=gateway.source,
                    number=gateway.number,
                    key_sha256=bytes(gateway.key_sha256),
                    enabled=gateway.state == GatewayState.ENABLED,
                    timeline=gateway.timeline,
                    timeline_origin_ms=to_ms(timeline.origin) if timeline else 0,
                    timeline_anchor_ms=to_ms(timeline.anchored_at) if timeline else 0,
                    timeline_rate=timeline.rate if timeline else 1.0,
                    group=group_of(gateway.enterprise_id),
                )
            )
        return records

    def points(self) -> PointColumns:
        """The enabled points of all gateways.

        The version is read first: a change in between shows as a newer version
        at the next look, never as old columns under a new version.
        """
        with acting_as(service_principal(self._reader)), read_scope():
            version = table_version(REGISTRY)
            rows = list(
                Point.objects.filter(enabled=True)
                .order_by("number")
                .values_list("number", "tag", "unit", "gateway__source")
            )
        return PointColumns(
            version=version,
            number=np.array([row[0] for row in rows], np.int32),
            tag=[row[1] for row in rows],
            unit=[row[2] for row in rows],
            gateway=[row[3] for row in rows],
        )

    def broker_logins(self) -> list[BrokerLogin]:
        """The logins of all enabled gateways, for the broker's configuration."""
        with acting_as(service_principal(self._reader)), read_scope():
            rows = Gateway.objects.filter(state=GatewayState.ENABLED.value).values_list(
                "source", "key_bcrypt"
            )
            return [BrokerLogin(source, key_bcrypt) for source, key_bcrypt in rows]
