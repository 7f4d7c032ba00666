"""Notices, and who has read them."""

from django.conf import settings
from django.db import models

from anlan.kernel.ids import new_id
from anlan.platform.notices.contracts import Urgency
from anlan.platform.scope.models import ScopedModel


class Notice(ScopedModel):
    """One notice; *permission* says whose business it is."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    urgency = models.CharField(max_length=12)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    body_zh = models.CharField(max_length=1000, blank=True)
    body_en = models.CharField(max_length=1000, blank=True)
    permission = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64, null=True)
    subject_id = models.UUIDField(null=True)
    thread = models.UUIDField(null=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at", "id")
        indexes = (models.Index(fields=("-at",), name="notice_at"),)
        constraints = (
            models.CheckConstraint(
                name="notice_urgency_known",
                condition=models.Q(urgency__in=[urgency.value for urgency in Urgency]),
            ),
        )

    def __str__(self) -> str:
        return self.zh


class Reading(ScopedModel):
    """That a person has read a notice; at the notice's place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "user"), name="notice_read_once"),)
