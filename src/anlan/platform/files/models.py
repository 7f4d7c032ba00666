"""What is known of a file; its content lies in the data folder under its SHA-256."""

from django.db import models

from anlan.platform.scope.models import ScopedModel


class StoredFile(ScopedModel):
    """A file by its content; the same content twice is stored once."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=64, null=True)
    subject_id = models.UUIDField(null=True)
    thread = models.UUIDField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-stored_at", "id")
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="file_subject"),)

    def __str__(self) -> str:
        return self.name
