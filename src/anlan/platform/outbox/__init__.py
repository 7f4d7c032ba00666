"""Events leave in the transaction of the change they tell of, or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import to_jsonable_python

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id


@dataclass(frozen=True)
class Event:
    """What happened, and who may hear of it.

    The relay publishes it on ``evt.{topic}`` after the commit. A recipient gets it
    who sees *region* or *zone* and holds *permission*. *data* is JSON-able (dates,
    UUIDs, enums and schemas included; NaN becomes null).
    """

    topic: str
    data: Mapping[str, object]
    thread: UUID | None
    region: str
    zone: str | None
    permission: str
    timeline: UUID | None = None
    exercise: bool = False


def emit(
    topic: str,
    data: Mapping[str, object],
    *,
    thread: UUID | None,
    region: str,
    zone: str | None,
    permission: str,
    timeline: UUID | None = None,
    exercise: bool = False,
) -> None:
    """Put one `Event` into the outbox, in the current transaction."""
    emit_many([Event(topic, data, thread, region, zone, permission, timeline, exercise)])


def emit_many(events: Iterable[Event]) -> None:
    """Put *events* into the outbox in their order, in the current transaction and in one statement."""
    from anlan.platform.outbox.models import OutboxEvent

    at = now()
    OutboxEvent.objects.bulk_create(
        OutboxEvent(
            id=new_id(),
            topic=event.topic,
            at=at,
            thread=event.thread,
            region=event.region,
            zone=event.zone,
            permission=event.permission,
            timeline=event.timeline,
            exercise=event.exercise,
            data=to_jsonable_python(dict(event.data), inf_nan_mode="null"),
        )
        for event in events
    )
