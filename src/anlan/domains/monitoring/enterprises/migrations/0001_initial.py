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
            name="Enterprise",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=18, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(max_length=40)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("synthetic", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-HJ-NP-RTUWXY]{18}$")),
                        name="enterprise_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["hazchem", "mine", "metallurgy", "dust", "trade", "other"])
                        ),
                        name="enterprise_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessUnit",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="enterprises.enterprise",
                    ),
                ),
            ],
            options={
                "ordering": ["enterprise", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise", "code"), name="process_unit_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["production", "tank_farm", "warehouse", "loading", "utility"])
                        ),
                        name="process_unit_kind_known",
                    ),
                ],
            },
        ),
        EnableRowSecurity("enterprises", "Enterprise"),
        EnableRowSecurity("enterprises", "ProcessUnit"),
        AuditTable("enterprises", "Enterprise"),
        AuditTable("enterprises", "ProcessUnit"),
    ]
