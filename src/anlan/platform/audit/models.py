"""Audit rows and the chain over them. The application role can only read both."""

from django.db import models


class AuditRow(models.Model):
    """What one statement did to one row of an audited table; written by its trigger.

    *xid* is the transaction's 64-bit id, *before* and *after* hold the columns
    that changed (all of them for inserts and deletes), *principal* is resolved
    from the scope token, never from what the session claims.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    table_name = models.CharField(max_length=63)
    operation = models.CharField(max_length=8)
    row_id = models.TextField(null=True)
    command = models.UUIDField(null=True)
    principal = models.TextField(null=True)
    database_role = models.TextField()
    region = models.CharField(max_length=12, null=True)
    zone = models.CharField(max_length=32, null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit_row"
        indexes = (
            models.Index(fields=("xid", "id"), name="audit_row_by_commit"),
            models.Index(fields=("table_name", "row_id"), name="audit_row_by_object"),
        )


class AuditSeal(models.Model):
    """A link of the chain: SHA-256 over the previous link and the audit row's canonical text."""

    position = models.BigIntegerField(primary_key=True)
    row = models.BigIntegerField(unique=True)
    xid = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"
