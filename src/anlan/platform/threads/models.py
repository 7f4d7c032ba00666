"""Threads, their aliases, and timelines."""

from django.db import models
from django.db.models import F, Q

from anlan.kernel import clock
from anlan.kernel.ids import new_id
from anlan.platform.scope.models import ScopedModel


class Timeline(models.Model):
    """A stored `kernel.clock.Timeline`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=128)
    origin = models.DateTimeField()
    anchored_at = models.DateTimeField()
    rate = models.FloatField(default=1.0)
    exercise = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lte=clock.MAX_RATE), name="timeline_rate_in_range"
            ),
        )

    def as_clock_timeline(self) -> clock.Timeline:
        """The kernel's value of this row."""
        return clock.Timeline(
            id=self.id,
            name=self.name,
            origin=self.origin,
            anchored_at=self.anchored_at,
            rate=self.rate,
            exercise=self.exercise,
        )


class Thread(ScopedModel):
    """Opened by the first alarm or report; everything that follows carries its id.

    *timeline* is null on the live clock.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    timeline = models.ForeignKey(Timeline, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=256)
    opened_at = models.DateTimeField()


class ThreadName(ScopedModel):
    """A fixed name for the newest thread of its kind, such as that of a demonstration's scenario."""

    name = models.UUIDField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()


class ThreadAlias(ScopedModel):
    """*thread* was merged into *into*; reversible, so nothing that carries *thread* is rewritten."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    separated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("thread",), condition=Q(separated_at__isnull=True), name="thread_merged_once"
            ),
            models.CheckConstraint(condition=~Q(thread=F("into")), name="thread_not_its_own_alias"),
        )
