"""The record of every service call."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from anlan.kernel.text import LabelledEnum


class Outcome(LabelledEnum):
    """结果."""

    DONE = "done", "已执行", "Done"
    REFUSED = "refused", "已拒绝", "Refused"
    FAILED = "failed", "出错", "Failed"


class Command(models.Model):
    """One call of a service: enough to call it again and get the same rows.

    *ids* are the identifiers handed out, in order; *versions* the table and
    rule versions used; *code* names the refusal. A command called by another
    carries its *parent*. *threads* are those that it was about.
    """

    id = models.UUIDField(primary_key=True)
    parent = models.UUIDField(null=True)
    verb = models.CharField(max_length=96)
    principal = models.TextField()
    arguments = models.JSONField()
    at = models.DateTimeField()
    ids = ArrayField(models.UUIDField(), default=list)
    versions = models.JSONField(default=dict)
    threads = ArrayField(models.UUIDField(), default=list)
    outcome = models.CharField(
        max_length=16, choices=[(outcome.value, outcome.label.zh) for outcome in Outcome]
    )
    code = models.CharField(max_length=64, null=True)

    class Meta:
        indexes = (
            GinIndex(fields=("threads",), name="command_by_threads"),
            models.Index(fields=("verb", "at"), name="command_by_verb"),
        )
