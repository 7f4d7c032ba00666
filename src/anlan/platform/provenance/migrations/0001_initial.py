import django.db.models.deletion
from django.db import migrations, models

from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import EnableRowSecurity, application_role


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("thread", models.UUIDField(null=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("purpose", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=64)),
                ("subject_id", models.UUIDField()),
                ("model", models.CharField(max_length=96)),
                ("model_version", models.CharField(max_length=32)),
                ("software_version", models.CharField(max_length=32)),
                ("verification", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("manifest", models.JSONField()),
                ("result", models.JSONField()),
                ("computed_at", models.DateTimeField()),
                ("valid_at", models.DateTimeField()),
                ("elapsed_ms", models.FloatField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="provenance.run",
                    ),
                ),
            ],
            options={
                "ordering": ("-computed_at", "id"),
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id", "purpose"], name="run_subject"),
                    models.Index(fields=["thread"], name="run_thread"),
                    models.Index(fields=["digest"], name="run_digest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verification__in", ["validated", "verified", "unverified"])),
                        name="run_verification_known",
                    )
                ],
            },
        ),
        EnableRowSecurity("provenance", "Run"),
        AuditTable("provenance", "Run"),
        # a run says for ever what it said; only that a later one took its place may be added
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON provenance_run FROM {application_role()};"
            f" GRANT UPDATE (superseded_by_id) ON provenance_run TO {application_role()}",
            f"GRANT UPDATE, DELETE ON provenance_run TO {application_role()}",
        ),
    ]
