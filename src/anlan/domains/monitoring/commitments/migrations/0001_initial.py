import django.db.models.deletion
import django.db.models.expressions
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
            name="Commitment",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("day", models.DateField()),
                ("units_total", models.PositiveIntegerField()),
                ("units_running", models.PositiveIntegerField()),
                ("units_stopped", models.PositiveIntegerField()),
                ("units_maintained", models.PositiveIntegerField()),
                ("hot_special", models.PositiveIntegerField(default=0)),
                ("hot_first", models.PositiveIntegerField(default=0)),
                ("hot_second", models.PositiveIntegerField(default=0)),
                ("confined_space", models.PositiveIntegerField(default=0)),
                ("trial_production", models.BooleanField(default=False)),
                ("starting_or_stopping", models.BooleanField(default=False)),
                ("promiser", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("submitted_at", models.DateTimeField()),
                ("submitted_by", models.CharField(max_length=80)),
                ("due_at", models.DateTimeField()),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-day", "enterprise_name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise_id", "day"), name="one_commitment_per_enterprise_and_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "units_total__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("units_running"), "+", models.F("units_stopped")
                                    ),
                                    "+",
                                    models.F("units_maintained"),
                                ),
                            )
                        ),
                        name="commitment_units_add_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(default="open", max_length=12)),
                ("enterprise_id", models.UUIDField(db_index=True)),
                ("enterprise_name", models.CharField(max_length=120)),
                ("process_unit_id", models.UUIDField(null=True)),
                ("day", models.DateField()),
                ("zh", models.CharField(max_length=300)),
                ("en", models.CharField(max_length=300)),
                ("sources", models.JSONField()),
                ("found_at", models.DateTimeField()),
                ("holds", models.BooleanField(default=True)),
                ("ceased_at", models.DateTimeField(null=True)),
                ("explanation", models.CharField(blank=True, max_length=500)),
                ("explained_at", models.DateTimeField(null=True)),
                ("explained_by", models.CharField(blank=True, max_length=80)),
                ("verdict", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=80)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "discrepancies",
                "ordering": ("-found_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True), ("holds", True), _connector="OR"
                        ),
                        fields=("key",),
                        name="one_standing_discrepancy_per_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "below_permits",
                                    "above_permits",
                                    "no_promise",
                                    "expired",
                                    "overlapping",
                                    "gas_alarm",
                                ],
                            )
                        ),
                        name="discrepancy_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "explained", "settled"])),
                        name="discrepancy_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialWork",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("process_unit_id", models.UUIDField(null=True)),
                ("process_unit_name", models.CharField(blank=True, max_length=120)),
                ("number", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("grade", models.CharField(max_length=10)),
                ("state", models.CharField(default="applied", max_length=10)),
                ("place", models.CharField(max_length=200)),
                ("content", models.CharField(blank=True, max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("responsible", models.CharField(max_length=80)),
                ("guardian", models.CharField(blank=True, max_length=80)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decision_note", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_by", models.CharField(blank=True, max_length=80)),
                ("acceptance_note", models.CharField(blank=True, max_length=500)),
                ("closed_at", models.DateTimeField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("-starts_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "working")),
                        fields=["process_unit_id"],
                        name="special_work_under_way",
                    ),
                    models.Index(fields=["ends_at", "starts_at"], name="special_work_window"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise_id", "number"), name="special_work_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "hot_work",
                                    "confined_space",
                                    "blind_plate",
                                    "height",
                                    "lifting",
                                    "temporary_power",
                                    "excavation",
                                    "road_closure",
                                ],
                            )
                        ),
                        name="special_work_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade__in", ["special", "first", "second", "third", "fourth", "ungraded"])
                        ),
                        name="special_work_grade_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["applied", "approved", "working", "accepted", "closed", "refused"])
                        ),
                        name="special_work_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="special_work_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GasTest",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("value", models.FloatField()),
                ("unit", models.CharField(max_length=16)),
                ("sampled_at", models.DateTimeField()),
                ("tester", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gas_tests",
                        to="commitments.specialwork",
                    ),
                ),
            ],
            options={
                "ordering": ("-sampled_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["flammable", "toxic", "oxygen"])),
                        name="gas_test_kind_known",
                    )
                ],
            },
        ),
        EnableRowSecurity("commitments", "Commitment"),
        EnableRowSecurity("commitments", "SpecialWork"),
        EnableRowSecurity("commitments", "GasTest"),
        EnableRowSecurity("commitments", "Discrepancy"),
        AuditTable("commitments", "Commitment"),
        AuditTable("commitments", "SpecialWork"),
        AuditTable("commitments", "GasTest"),
        AuditTable("commitments", "Discrepancy"),
    ]
