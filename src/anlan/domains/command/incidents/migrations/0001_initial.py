import django.contrib.postgres.indexes
import django.db.models.deletion
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
            name="NumberSeries",
            fields=[
                ("prefix", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("thread", models.UUIDField(db_index=True)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("title", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(default="reported", max_length=12)),
                ("grade", models.CharField(blank=True, max_length=20)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("place_note", models.CharField(blank=True, max_length=120)),
                ("occurred_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("alarm_id", models.UUIDField(null=True)),
                ("enterprise_id", models.UUIDField(null=True)),
                ("enterprise_name", models.CharField(blank=True, max_length=120)),
                ("hazard_id", models.UUIDField(null=True)),
                ("substance", models.CharField(blank=True, max_length=120)),
                ("cas", models.CharField(blank=True, max_length=12)),
                ("dead", models.PositiveIntegerField(default=0)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("seriously_injured", models.PositiveIntegerField(default=0)),
                ("lightly_injured", models.PositiveIntegerField(default=0)),
                ("trapped", models.PositiveIntegerField(default=0)),
                ("loss_yuan", models.FloatField(default=0.0)),
                ("run", models.UUIDField(null=True)),
                ("people_run", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-opened_at", "id"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="incident_bounds", opclasses=["box_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("alarm_id__isnull", False)),
                        fields=("alarm_id",),
                        name="one_incident_per_alarm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "toxic_release",
                                    "flammable_release",
                                    "fire",
                                    "explosion",
                                    "other_accident",
                                    "flood",
                                    "earthquake",
                                    "wildfire",
                                    "geological",
                                ],
                            )
                        ),
                        name="incident_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["reported", "handling", "ended"])),
                        name="incident_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "grade__in",
                                ["", "extremely_serious", "serious", "relatively_serious", "ordinary"],
                            )
                        ),
                        name="incident_grade_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="incident_ended_with_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Footprint",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("run", models.UUIDField()),
                ("name", models.CharField(max_length=64)),
                ("rank", models.PositiveSmallIntegerField()),
                ("level", models.FloatField()),
                ("unit", models.CharField(max_length=16)),
                ("zh", models.CharField(max_length=64)),
                ("en", models.CharField(max_length=64)),
                ("max_distance_m", models.FloatField()),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("computed_at", models.DateTimeField()),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="footprints",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ("incident", "rank"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="incident_footprint_bounds", opclasses=["box_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("run", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="incidents.incident",
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
                                    "opened",
                                    "facts",
                                    "footprint",
                                    "graded",
                                    "note",
                                    "handling",
                                    "escalated",
                                    "ended",
                                ],
                            )
                        ),
                        name="incident_entry_kind_known",
                    )
                ],
            },
        ),
        EnableRowSecurity("incidents", "Incident"),
        EnableRowSecurity("incidents", "Entry"),
        EnableRowSecurity("incidents", "Footprint"),
        AuditTable("incidents", "NumberSeries"),
        AuditTable("incidents", "Incident"),
        AuditTable("incidents", "Entry"),
        AuditTable("incidents", "Footprint"),
    ]
