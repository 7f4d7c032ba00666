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
            name="Bulletin",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("points", models.PositiveIntegerField()),
                ("online", models.PositiveIntegerField()),
                ("online_rate", models.FloatField(null=True)),
                ("online_rank", models.PositiveIntegerField(null=True)),
                ("commitment_rate", models.FloatField(null=True)),
                ("commitment_rank", models.PositiveIntegerField(null=True)),
                ("unresolved", models.PositiveIntegerField()),
                ("longest_h", models.FloatField()),
                ("warnings_open", models.PositiveIntegerField()),
                ("warnings_waiting", models.PositiveIntegerField()),
                ("circulars_waiting", models.PositiveIntegerField()),
                ("discrepancies", models.PositiveIntegerField()),
                ("synthetic", models.BooleanField(default=False)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("state", models.CharField(default="issued", max_length=10)),
                ("enterprises", models.PositiveIntegerField()),
                ("required", models.PositiveIntegerField()),
                ("committed", models.PositiveIntegerField()),
                ("run", models.UUIDField(null=True)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("feedback", models.CharField(blank=True, max_length=1000)),
                ("fed_back_at", models.DateTimeField(null=True)),
                ("fed_back_by", models.CharField(blank=True, max_length=80)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-day", "region", "zone"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "region", "zone"),
                        name="one_bulletin_per_place_and_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["issued", "fed_back"])), name="bulletin_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulletinLine",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("points", models.PositiveIntegerField()),
                ("online", models.PositiveIntegerField()),
                ("online_rate", models.FloatField(null=True)),
                ("online_rank", models.PositiveIntegerField(null=True)),
                ("commitment_rate", models.FloatField(null=True)),
                ("commitment_rank", models.PositiveIntegerField(null=True)),
                ("unresolved", models.PositiveIntegerField()),
                ("longest_h", models.FloatField()),
                ("warnings_open", models.PositiveIntegerField()),
                ("warnings_waiting", models.PositiveIntegerField()),
                ("circulars_waiting", models.PositiveIntegerField()),
                ("discrepancies", models.PositiveIntegerField()),
                ("synthetic", models.BooleanField(default=False)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("required", models.BooleanField()),
                ("committed", models.BooleanField()),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="patrol.bulletin",
                    ),
                ),
            ],
            options={
                "ordering": ("online_rank", "enterprise_name", "id"),
            },
        ),
        EnableRowSecurity("patrol", "Bulletin"),
        EnableRowSecurity("patrol", "BulletinLine"),
        AuditTable("patrol", "Bulletin"),
        AuditTable("patrol", "BulletinLine"),
    ]
