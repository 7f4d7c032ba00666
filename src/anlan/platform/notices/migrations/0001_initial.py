import django.db.models.deletion
from django.db import migrations, models

import anlan.kernel.ids
from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import EnableRowSecurity


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("scope", "0001_initial"),
        ("audit", "0001_initial"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("urgency", models.CharField(max_length=12)),
                ("zh", models.CharField(max_length=200)),
                ("en", models.CharField(max_length=200)),
                ("body_zh", models.CharField(blank=True, max_length=1000)),
                ("body_en", models.CharField(blank=True, max_length=1000)),
                ("permission", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=64, null=True)),
                ("subject_id", models.UUIDField(null=True)),
                ("thread", models.UUIDField(null=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-at", "id"),
                "indexes": [models.Index(fields=["-at"], name="notice_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["info", "attention", "urgent"])),
                        name="notice_urgency_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="notices.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="identity.user"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("notice", "user"), name="notice_read_once")],
            },
        ),
        EnableRowSecurity("notices", "Notice"),
        EnableRowSecurity("notices", "Reading"),
        AuditTable("notices", "Notice"),
        AuditTable("notices", "Reading"),
    ]
