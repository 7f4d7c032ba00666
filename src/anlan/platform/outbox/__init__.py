"""Events leave in the transaction of the change they tell of, or not at all."""

from collections.abc import Mapping
from uuid import UUID

from pydantic_core import to_jsonable_python

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id


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
) -> UUID:
    """Put an event into the outbox of the current transaction and return its id.

    The relay publishes it on ``evt.{topic}`` after the commit. A recipient gets it
    who sees *region* or *zone* and holds *permission*. *data* is JSON-able (dates,
    UUIDs, enums and schemas included; NaN becomes null).
    """
    from anlan.platform.outbox.models import OutboxEvent

    event = OutboxEvent.objects.create(
        id=new_id(),
        topic=topic,
        at=now(),
        thread=thread,
        region=region,
        zone=zone,
        permission=permission,
        timeline=timeline,
        exercise=exercise,
        data=to_jsonable_python(dict(data), inf_nan_mode="null"),
    )
    return event.id
