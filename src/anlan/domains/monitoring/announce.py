"""Telling screens that a record of monitoring was made or changed."""

from typing import Protocol
from uuid import UUID

from anlan.platform.outbox import emit


class Placed(Protocol):
    """A scoped, versioned row."""

    id: UUID
    version: int
    region: str
    zone: str | None


def announce(topic: str, row: Placed, permission: str) -> None:
    """Emit *topic* with the row's id and version to those who may read it."""
    emit(
        topic,
        {"id": row.id, "version": row.version},
        thread=None,
        region=row.region,
        zone=row.zone,
        permission=permission,
    )
