import django.contrib.postgres.indexes
from django.db import migrations, models

import anlan.platform.geo.fields
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
            name="Scenario",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("hazard", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=32)),
                ("params", models.JSONField()),
                ("input_hash", models.CharField(db_index=True, max_length=64)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("weather_source", models.CharField(blank=True, max_length=120)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("job", models.UUIDField(null=True)),
                ("simulation", models.UUIDField(null=True)),
                ("incident_id", models.UUIDField(db_index=True, null=True)),
                ("thread", models.UUIDField(db_index=True, null=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-created_at", "id"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="scenario_bounds", opclasses=["box_ops"]
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hazard__in", ["chemical"])), name="scenario_hazard_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("simulation__isnull", False), ("state", "computed")),
                            models.Q(("simulation__isnull", True), ("state", "draft")),
                            _connector="OR",
                        ),
                        name="scenario_computed_with_its_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Simulation",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("scenario_id", models.UUIDField(db_index=True)),
                ("title", models.CharField(max_length=200)),
                ("hazard", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=32)),
                ("input_hash", models.CharField(max_length=64)),
                ("params", models.JSONField()),
                ("summary", models.JSONField()),
                ("zones", models.JSONField()),
                ("people", models.JSONField()),
                ("actions", models.JSONField()),
                ("files", models.JSONField()),
                ("farthest_m", models.FloatField()),
                ("run", models.UUIDField()),
                ("people_run", models.UUIDField(null=True)),
                ("computed_at", models.DateTimeField()),
                ("computed_by", models.CharField(max_length=80)),
                ("thread", models.UUIDField(db_index=True, null=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-computed_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "zone", "timeline", "input_hash"),
                        name="simulation_once_per_question_and_place",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        EnableRowSecurity("simulation", "Scenario"),
        EnableRowSecurity("simulation", "Simulation"),
        AuditTable("simulation", "Scenario"),
        AuditTable("simulation", "Simulation"),
    ]
