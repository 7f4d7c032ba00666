import django.db.models.deletion
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
            name="Circular",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("batch", models.UUIDField(db_index=True)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(max_length=4000)),
                ("state", models.CharField(default="issued", max_length=12)),
                ("enterprise_id", models.UUIDField(db_index=True, null=True)),
                ("enterprise_name", models.CharField(blank=True, max_length=120)),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=80)),
                ("due_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by", models.CharField(blank=True, max_length=80)),
                ("fed_back_at", models.DateTimeField(null=True)),
                ("fed_back_by", models.CharField(blank=True, max_length=80)),
                ("measures", models.CharField(blank=True, max_length=1000)),
                ("returned_because", models.CharField(blank=True, max_length=1000)),
                ("closed_at", models.DateTimeField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-issued_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["issued", "signed", "fed_back", "closed"])),
                        name="circular_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Warning",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("thread", models.UUIDField(db_index=True)),
                ("subject_kind", models.CharField(max_length=64)),
                ("subject_id", models.UUIDField()),
                ("source", models.CharField(max_length=16)),
                ("state", models.CharField(default="generated", max_length=12)),
                ("level", models.CharField(max_length=8)),
                ("reach", models.CharField(default="enterprise", max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("enterprise_id", models.UUIDField(db_index=True, null=True)),
                ("enterprise_name", models.CharField(blank=True, max_length=120)),
                ("generated_at", models.DateTimeField()),
                ("generated_by", models.CharField(max_length=80)),
                ("pushed_at", models.DateTimeField(null=True)),
                ("sign_due_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by", models.CharField(blank=True, max_length=80)),
                ("feedback_due_at", models.DateTimeField(null=True)),
                ("fed_back_at", models.DateTimeField(null=True)),
                ("fed_back_by", models.CharField(blank=True, max_length=80)),
                ("measures", models.CharField(blank=True, max_length=1000)),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_by", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("enforcement_office", models.CharField(blank=True, max_length=120)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-generated_at", "id"),
                "indexes": [models.Index(fields=["-generated_at"], name="warning_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["generated", "pushed", "signed", "fed_back", "verified"])
                        ),
                        fields=("subject_kind", "subject_id", "source"),
                        name="one_open_warning_per_subject_and_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["risk", "alarm", "cross_check"])),
                        name="warning_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "generated",
                                    "pushed",
                                    "signed",
                                    "fed_back",
                                    "verified",
                                    "closed",
                                    "handed_over",
                                    "archived",
                                ],
                            )
                        ),
                        name="warning_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["red", "orange", "yellow", "blue"])),
                        name="warning_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["enterprise", "county", "city", "region"])),
                        name="warning_reach_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state__in", ["generated", "pushed", "signed", "fed_back", "verified"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["generated", "pushed", "signed", "fed_back", "verified"]),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="warning_ended_with_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarningEntry",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("facts", models.JSONField(default=dict)),
                (
                    "warning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="warnings.warning",
                    ),
                ),
            ],
            options={
                "ordering": ("recorded_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "generated",
                                    "raised",
                                    "pushed",
                                    "duty",
                                    "signed",
                                    "fed_back",
                                    "sent_back",
                                    "verified",
                                    "escalated",
                                    "closed",
                                    "handed_over",
                                    "archived",
                                    "note",
                                ],
                            )
                        ),
                        name="warning_entry_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WarningEvidence",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("subject_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("zh", models.CharField(max_length=300)),
                ("en", models.CharField(max_length=300)),
                (
                    "warning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="warnings.warning",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "alarm",
                                    "reading",
                                    "score",
                                    "rule",
                                    "hazard",
                                    "special_work",
                                    "commitment",
                                    "weather",
                                    "management",
                                    "statement",
                                ],
                            )
                        ),
                        name="warning_evidence_known",
                    )
                ],
            },
        ),
        EnableRowSecurity("warnings", "Warning"),
        EnableRowSecurity("warnings", "WarningEvidence"),
        EnableRowSecurity("warnings", "WarningEntry"),
        EnableRowSecurity("warnings", "Circular"),
        AuditTable("warnings", "Warning"),
        AuditTable("warnings", "WarningEvidence"),
        AuditTable("warnings", "WarningEntry"),
        AuditTable("warnings", "Circular"),
    ]
