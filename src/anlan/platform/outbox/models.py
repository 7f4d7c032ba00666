"""The outbox: events of committed changes, waiting for the relay."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field


class Xid8Field(_IntField):
    """PostgreSQL's 64-bit transaction id: never reused, ordered by assignment."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class OutboxEvent(models.Model):
    """One event as it will be published, and the transaction that wrote it.

    `position` orders events by the moment of their writing; the relay reads only
    rows whose `xid` lies below the oldest running transaction, so none can still
    appear before one that was read. Row security holds here as on the objects that
    the events tell of.
    """

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    xid = Xid8Field(editable=False, db_default=Func(function="pg_current_xact_id"))
    topic = models.TextField()
    at = models.DateTimeField()
    thread = models.UUIDField(null=True)
    region = models.CharField(max_length=6)
    zone = models.CharField(max_length=32, null=True)
    permission = models.TextField()
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    data = models.JSONField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("position", name="outbox_waiting", condition=models.Q(published_at__isnull=True)),
            models.Index(
                "published_at", name="outbox_published", condition=models.Q(published_at__isnull=False)
            ),
        ]
