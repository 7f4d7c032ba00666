import django.db.models.deletion
from django.db import migrations, models

import anlan.domains.monitoring.alarms.models
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
            name="EvaluatorProgress",
            fields=[
                ("partition", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("thread", models.UUIDField(db_index=True)),
                ("state", models.CharField(max_length=12)),
                ("level", models.CharField(max_length=2)),
                ("condition", models.CharField(max_length=8)),
                ("cause", models.CharField(blank=True, max_length=20)),
                ("value", models.FloatField(null=True)),
                ("threshold", models.FloatField(null=True)),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("raised_at", models.DateTimeField()),
                ("last_raised_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                (
                    "committed_at",
                    models.DateTimeField(db_default=anlan.domains.monitoring.alarms.models.ClockTimestamp()),
                ),
                ("returned_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=80)),
                ("closed_at", models.DateTimeField(null=True)),
                ("count", models.PositiveIntegerField(default=1)),
                ("re_raised", models.BooleanField(default=False)),
                ("point_id", models.UUIDField()),
                ("point_number", models.IntegerField()),
                ("point_tag", models.CharField(max_length=80)),
                ("point_name", models.CharField(max_length=120)),
                ("point_kind", models.CharField(max_length=20)),
                ("limit_id", models.UUIDField()),
                ("limit_number", models.IntegerField()),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("process_unit_name", models.CharField(blank=True, max_length=120)),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("partition", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-arrived_at", "id"],
                "indexes": [
                    models.Index(fields=["-arrived_at"], name="alarm_newest"),
                    models.Index(fields=["point_id", "-raised_at"], name="alarm_of_point"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("point_number", "condition"),
                        name="one_open_alarm_per_condition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["raised", "confirmed", "handling", "closed"])),
                        name="alarm_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["1", "2", "3"])), name="alarm_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("condition__in", ["HH", "H", "L", "LL", "no_data"])),
                        name="alarm_condition_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", ""), ("state", "raised")),
                            models.Q(
                                models.Q(("state", "raised"), _negated=True),
                                (
                                    "cause__in",
                                    ["real", "false_alarm", "maintenance", "calibration", "instrument_fault"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="alarm_cause_after_confirmation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="alarm_closed_with_its_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="alarm_counted"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmEvent",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("value", models.FloatField(null=True)),
                ("cause", models.CharField(blank=True, max_length=20)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="alarms.alarm"
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "raised",
                                    "returned",
                                    "re_raised",
                                    "confirmed",
                                    "handled",
                                    "commented",
                                    "closed",
                                ],
                            )
                        ),
                        name="alarm_event_kind_known",
                    )
                ],
            },
        ),
        EnableRowSecurity("alarms", "Alarm"),
        EnableRowSecurity("alarms", "AlarmEvent"),
        AuditTable("alarms", "Alarm"),
        AuditTable("alarms", "AlarmEvent"),
    ]
