import django.contrib.postgres.indexes
from django.db import migrations, models

import anlan.kernel.ids
import anlan.platform.geo.fields
from anlan.platform.audit.operations import AuditTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region", models.CharField(max_length=6, unique=True)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("source", models.CharField(max_length=256)),
                ("licence", models.CharField(blank=True, max_length=256)),
                ("given_in", models.CharField(max_length=16)),
                ("imported_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("region",),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="geo_boundary_bounds", opclasses=["box_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("layer", models.CharField(max_length=48)),
                ("key", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("name_en", models.CharField(blank=True, max_length=160)),
                ("geometry", anlan.platform.geo.fields.GeometryField(editable=True)),
                ("bounds", anlan.platform.geo.fields.BoxField(editable=False, source="geometry")),
                ("properties", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=256)),
                ("licence", models.CharField(blank=True, max_length=256)),
                ("data_time", models.DateTimeField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("layer", "key"),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["bounds"], name="geo_feature_bounds", opclasses=["box_ops"]
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("layer", "key"), name="geo_feature_once")],
            },
        ),
        AuditTable("geo", "Boundary", redact=("geometry",)),
        AuditTable("geo", "Feature", redact=("geometry",)),
    ]
