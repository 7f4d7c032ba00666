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
    ]
    operations = [
        migrations.CreateModel(
            name="Timeline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=128)),
                ("origin", models.DateTimeField()),
                ("anchored_at", models.DateTimeField()),
                ("rate", models.FloatField(default=1.0)),
                ("exercise", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lte", 60.0)),
                        name="timeline_rate_in_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=256)),
                ("opened_at", models.DateTimeField()),
                (
                    "timeline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="threads.timeline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ThreadAlias",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                ("separated_at", models.DateTimeField(null=True)),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threads.thread"
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threads.thread"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("separated_at__isnull", True)),
                        fields=("thread",),
                        name="thread_merged_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("thread", models.F("into")), _negated=True),
                        name="thread_not_its_own_alias",
                    ),
                ],
            },
        ),
        EnableRowSecurity("threads", "Thread"),
        EnableRowSecurity("threads", "ThreadAlias"),
        AuditTable("threads", "Thread"),
        AuditTable("threads", "ThreadAlias"),
        AuditTable("threads", "Timeline"),
    ]
