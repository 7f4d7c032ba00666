"""Running clocks."""

from django.db import models
from django.db.models import Q

from anlan.platform.deadlines.contracts import DeadlineState
from anlan.platform.scope.models import ScopedModel


class Deadline(ScopedModel):
    """One clock about one object; all its times are those of its timeline.

    *step* counts the steps that have fallen due, *next_at* is when the next one does
    (null when none is left or the clock does not run). *paused_at* is set while paused.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    thread = models.UUIDField(null=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=DeadlineState.RUNNING.value)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_at", "id")
        indexes = (
            models.Index(
                fields=("timeline", "next_at"),
                name="deadline_next",
                condition=Q(state=DeadlineState.RUNNING.value),
            ),
            models.Index(fields=("subject_kind", "subject_id"), name="deadline_subject"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_id"),
                condition=Q(state__in=(DeadlineState.RUNNING.value, DeadlineState.PAUSED.value)),
                name="deadline_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                name="deadline_state_known",
                condition=Q(state__in=[state.value for state in DeadlineState]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at.isoformat()}"
