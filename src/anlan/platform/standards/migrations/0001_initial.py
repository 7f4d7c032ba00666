import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anlan.kernel.ids
from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import application_role

KEPT = "standards_version, standards_row"
"""What is published stays as it is: the application role can add to these tables, not change them."""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Table",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64, unique=True)),
                ("zh", models.CharField(max_length=128)),
                ("en", models.CharField(max_length=128)),
                ("basis", models.CharField(max_length=256)),
                ("columns", models.JSONField()),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("effective_from", models.DateField()),
                ("source", models.CharField(max_length=256)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="standards.table",
                    ),
                ),
            ],
            options={
                "ordering": ("table__code", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=128)),
                ("values", models.JSONField()),
                ("clause", models.CharField(blank=True, max_length=128)),
                ("certainty", models.CharField(max_length=16)),
                ("note", models.CharField(blank=True, max_length=400)),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="standards.version",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("table", "number"), name="standard_version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="row",
            constraint=models.UniqueConstraint(fields=("version", "key"), name="standard_row_key_once"),
        ),
        migrations.AddConstraint(
            model_name="row",
            constraint=models.CheckConstraint(
                condition=models.Q(("certainty__in", ["sure", "probable", "unsure", "own_default"])),
                name="standard_row_certainty_known",
            ),
        ),
        AuditTable("standards", "Table"),
        AuditTable("standards", "Version"),
        AuditTable("standards", "Row"),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON {KEPT} FROM {application_role()}",
            f"GRANT UPDATE, DELETE ON {KEPT} TO {application_role()}",
        ),
    ]
