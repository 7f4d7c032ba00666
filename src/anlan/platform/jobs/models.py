"""Jobs, and how far they are."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anlan.platform.jobs.contracts import JobState
from anlan.platform.scope.models import ScopedModel


class Job(ScopedModel):
    """One piece of long work; *requested_by* is the key of the principal as whom it runs."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=64)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    arguments = models.JSONField()
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    subject_kind = models.CharField(max_length=64, null=True)
    subject_id = models.UUIDField(null=True)
    thread = models.UUIDField(null=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=JobState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    problem = models.JSONField(null=True)

    class Meta:
        ordering = ("-requested_at", "id")
        indexes = (
            models.Index(fields=("subject_kind", "subject_id"), name="job_subject"),
            models.Index(fields=("state",), name="job_open", condition=Q(state__in=("queued", "running"))),
        )
        constraints = (
            models.CheckConstraint(
                name="job_state_known", condition=Q(state__in=[state.value for state in JobState])
            ),
        )

    def __str__(self) -> str:
        return self.zh


class Progress(ScopedModel):
    """How far a job is: a measurement, rewritten often and audited never."""

    audited: ClassVar[bool] = False

    job = models.OneToOneField(Job, primary_key=True, on_delete=models.CASCADE, related_name="progress")
    share = models.FloatField(default=0.0)
    zh = models.CharField(max_length=200, blank=True)
    en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
