from django.db import migrations, models

from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import EnableRowSecurity


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("scope", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=64)),
                ("subject_id", models.UUIDField()),
                ("thread", models.UUIDField(null=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("state", models.CharField(default="running", max_length=12)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["timeline", "next_at"],
                        name="deadline_next",
                    ),
                    models.Index(fields=["subject_kind", "subject_id"], name="deadline_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("running", "paused"))),
                        fields=("kind", "subject_id"),
                        name="deadline_one_open_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "paused", "met", "met_late", "cancelled"])
                        ),
                        name="deadline_state_known",
                    ),
                ],
            },
        ),
        EnableRowSecurity("deadlines", "Deadline"),
        AuditTable("deadlines", "Deadline"),
    ]
