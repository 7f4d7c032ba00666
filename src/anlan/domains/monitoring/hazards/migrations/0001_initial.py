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
            name="MajorHazard",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("enterprise_id", models.UUIDField(db_index=True)),
                ("enterprise_name", models.CharField(max_length=120)),
                ("process_unit_id", models.UUIDField(null=True)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("exposed_persons", models.PositiveIntegerField()),
                ("principal", models.CharField(blank=True, max_length=40)),
                ("technical_lead", models.CharField(blank=True, max_length=40)),
                ("operations_lead", models.CharField(blank=True, max_length=40)),
                ("s", models.FloatField(null=True)),
                ("r", models.FloatField(null=True)),
                ("alpha", models.FloatField(null=True)),
                ("level", models.CharField(default="none", max_length=8)),
                ("live_s", models.FloatField(null=True)),
                ("live_r", models.FloatField(null=True)),
                ("live_level", models.CharField(default="none", max_length=8)),
                ("run", models.UUIDField(null=True)),
                ("live_run", models.UUIDField(null=True)),
                ("graded_at", models.DateTimeField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("enterprise_name", "code"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="major_hazard_bounds", opclasses=["box_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise_id", "code"), name="major_hazard_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["production", "tank_farm", "warehouse", "loading", "utility"])
                        ),
                        name="major_hazard_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["1", "2", "3", "4", "none"]),
                            ("live_level__in", ["1", "2", "3", "4", "none"]),
                        ),
                        name="major_hazard_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("equipment", models.CharField(max_length=80)),
                ("substance", models.CharField(max_length=120)),
                ("cas", models.CharField(blank=True, max_length=12)),
                ("row", models.CharField(blank=True, max_length=16)),
                ("hazard_class", models.CharField(blank=True, max_length=8)),
                ("design_max_t", models.FloatField()),
                ("stock_t", models.FloatField()),
                ("level_point_id", models.UUIDField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="hazards.majorhazard",
                    ),
                ),
            ],
            options={
                "ordering": ("hazard", "equipment"),
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=16)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("persons", models.PositiveIntegerField(null=True)),
                ("contact", models.CharField(blank=True, max_length=80)),
                ("synthetic", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("kind", "name"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="site_bounds", opclasses=["box_ops"]
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["school", "hospital", "village", "care_home", "team", "depot", "shelter"],
                            )
                        ),
                        name="site_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("quantity_t", models.FloatField()),
                ("stock_t", models.FloatField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="hazards.holding",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                fields=("hazard", "equipment", "substance"), name="holding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("design_max_t__gt", 0), ("stock_t__gte", 0)), name="holding_figures"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("hazard_class", ""), ("row", ""), _negated=True),
                name="holding_counts_by_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["inbound", "outbound", "correction"])),
                name="movement_kind_known",
            ),
        ),
        EnableRowSecurity("hazards", "MajorHazard"),
        EnableRowSecurity("hazards", "Holding"),
        EnableRowSecurity("hazards", "StockMovement"),
        EnableRowSecurity("hazards", "Site"),
        AuditTable("hazards", "MajorHazard"),
        AuditTable("hazards", "Holding"),
        AuditTable("hazards", "StockMovement"),
        AuditTable("hazards", "Site"),
    ]
