"""Runs of models."""

from django.db import models

from anlan.kernel.models import Verification
from anlan.platform.scope.models import ScopedModel


class Run(ScopedModel):
    """One computation: what was asked (*manifest*), what came out (*result*), for what (*subject*).

    *digest* is the manifest's: two runs with the same one have the same result.
    *subject_kind* and *subject_id* name the object that the run is about (a resource's
    name and id). *purpose* tells runs about one object apart, *superseded_by* leads to
    the run that took this one's place when its inputs were revised; both stay.
    """

    id = models.UUIDField(primary_key=True)
    thread = models.UUIDField(null=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    purpose = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    model = models.CharField(max_length=96)
    model_version = models.CharField(max_length=32)
    software_version = models.CharField(max_length=32)
    verification = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    manifest = models.JSONField()
    result = models.JSONField()
    computed_at = models.DateTimeField()
    valid_at = models.DateTimeField()
    elapsed_ms = models.FloatField(null=True)
    synthetic = models.BooleanField(default=False)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-computed_at", "id")
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "purpose"), name="run_subject"),
            models.Index(fields=("thread",), name="run_thread"),
            models.Index(fields=("digest",), name="run_digest"),
        )
        constraints = (
            models.CheckConstraint(
                name="run_verification_known",
                condition=models.Q(verification__in=[one.value for one in Verification]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.digest[:12]}"
