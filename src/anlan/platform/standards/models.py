"""Tables of standards: versions that are never changed, rows that belong to one version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.validation import Certainty


class Table(models.Model):
    """A table by its code; what it is called and which columns it has follow the declaration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    zh = models.CharField(max_length=128)
    en = models.CharField(max_length=128)
    basis = models.CharField(max_length=256)
    columns = models.JSONField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One edition of a table, in force from *effective_from* (a day in China) until a later one is.

    *digest* is the SHA-256 of the rows. *published_by* is a principal's key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    source = models.CharField(max_length=256)
    note = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("table__code", "-number")
        constraints = (
            models.UniqueConstraint(fields=("table", "number"), name="standard_version_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.table.code} v{self.number}"


class Row(models.Model):
    """One row of one version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=128)
    values = models.JSONField()
    clause = models.CharField(max_length=128, blank=True)
    certainty = models.CharField(max_length=16)
    note = models.CharField(max_length=400, blank=True)
    changed = ArrayField(models.CharField(max_length=64), default=list)
    """Columns in which this row differs from the version that this one was made from."""

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="standard_row_key_once"),
            models.CheckConstraint(
                name="standard_row_certainty_known",
                condition=models.Q(certainty__in=[certainty.value for certainty in Certainty]),
            ),
        )

    def __str__(self) -> str:
        return self.key
