import django.db.models.deletion
from django.db import migrations, models

from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import EnableRowSecurity, application_role

_NUMBERED = ("gateway", "point", "limit")
NUMBERS = [f"CREATE SEQUENCE points_{name}_number AS integer" for name in _NUMBERED]
NO_NUMBERS = [f"DROP SEQUENCE points_{name}_number" for name in _NUMBERED]

# The door and the evaluator read their tables again when these numbers change. Only
# the triggers, as the owner, may raise them; statement triggers, so once a statement.
_WATCHED = {
    "points_gateway": ("registry", "rules"),
    "points_point": ("registry", "rules"),
    "points_limit": ("rules",),
    "threads_timeline": ("registry",),
}
VERSIONS = [
    "INSERT INTO points_tableversion (name, number) VALUES ('registry', 1), ('rules', 1)",
    """
    CREATE FUNCTION points_raise_versions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        UPDATE public.points_tableversion SET number = number + 1 WHERE name = ANY (TG_ARGV);
        RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION points_raise_versions() FROM PUBLIC",
    f"REVOKE INSERT, UPDATE, DELETE ON points_tableversion FROM {application_role()}",
    *(
        f"CREATE TRIGGER raise_versions AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION points_raise_versions({', '.join(names)})"
        for table, names in _WATCHED.items()
    ),
]
NO_VERSIONS = [
    *(f"DROP TRIGGER raise_versions ON {table}" for table in _WATCHED),
    "DROP FUNCTION points_raise_versions()",
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("scope", "0001_initial"),
        ("audit", "0001_initial"),
        ("threads", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(max_length=40)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("tag", models.CharField(blank=True, max_length=80)),
                ("count", models.PositiveIntegerField(default=1)),
                ("payload", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LatestValue",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("point_number", models.IntegerField(primary_key=True, serialize=False)),
                ("event_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                ("value", models.FloatField(null=True)),
                ("quality", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TableVersion",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.IntegerField(
                        db_default=models.Func(
                            models.Value("points_gateway_number"),
                            function="nextval",
                            output_field=models.IntegerField(),
                        ),
                        unique=True,
                    ),
                ),
                ("source", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("key_sha256", models.BinaryField(max_length=32)),
                ("key_bcrypt", models.CharField(max_length=60)),
                ("key_made_at", models.DateTimeField()),
                ("state", models.CharField(default="enabled", max_length=10)),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("timeline", models.UUIDField(blank=True, null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["source"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__regex", "^[a-z0-9][a-z0-9_-]{0,63}$")),
                        name="gateway_source_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["enabled", "disabled"])), name="gateway_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.IntegerField(
                        db_default=models.Func(
                            models.Value("points_point_number"),
                            function="nextval",
                            output_field=models.IntegerField(),
                        ),
                        unique=True,
                    ),
                ),
                ("tag", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("kind", models.CharField(max_length=20)),
                ("range_low", models.FloatField(blank=True, null=True)),
                ("range_high", models.FloatField(blank=True, null=True)),
                ("sampling_s", models.FloatField()),
                ("stale_after_s", models.FloatField()),
                ("simulated", models.BooleanField(default=False)),
                ("synthetic", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("enabled", models.BooleanField(default=True)),
                ("enterprise_id", models.UUIDField()),
                ("enterprise_name", models.CharField(max_length=120)),
                ("process_unit_id", models.UUIDField(blank=True, null=True)),
                ("process_unit_name", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "gateway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="points.gateway",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.IntegerField(
                        db_default=models.Func(
                            models.Value("points_limit_number"),
                            function="nextval",
                            output_field=models.IntegerField(),
                        ),
                        unique=True,
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("threshold", models.FloatField(blank=True, null=True)),
                ("deadband", models.FloatField(default=0.0)),
                ("on_delay_s", models.FloatField(default=0.0)),
                ("off_delay_s", models.FloatField(default=0.0)),
                ("level", models.CharField(max_length=2)),
                ("enabled", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("point_label", models.CharField(max_length=220)),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="points.point"
                    ),
                ),
            ],
            options={
                "ordering": ["point", "number"],
            },
        ),
        migrations.AddIndex(
            model_name="point",
            index=models.Index(fields=["enterprise_id", "number"], name="point_of_enterprise"),
        ),
        migrations.AddConstraint(
            model_name="point",
            constraint=models.UniqueConstraint(fields=("gateway", "tag"), name="point_tag_once_per_gateway"),
        ),
        migrations.AddConstraint(
            model_name="point",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "level",
                            "temperature",
                            "pressure",
                            "flow",
                            "flammable_gas",
                            "toxic_gas",
                            "oxygen",
                            "flame",
                            "valve",
                            "power",
                            "composition",
                            "weather",
                            "other",
                        ],
                    )
                ),
                name="point_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="point",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("range_low__isnull", True),
                    ("range_high__isnull", True),
                    ("range_low__lt", models.F("range_high")),
                    _connector="OR",
                ),
                name="point_range_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="point",
            constraint=models.CheckConstraint(
                condition=models.Q(("sampling_s__gt", 0), ("stale_after_s__gt", 0)),
                name="point_times_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.UniqueConstraint(fields=("point", "kind"), name="limit_once_per_condition"),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["HH", "H", "L", "LL", "no_data"])), name="limit_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["1", "2", "3"])), name="limit_level_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadband__gte", 0), ("off_delay_s__gte", 0), ("on_delay_s__gte", 0)),
                name="limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "no_data"), ("on_delay_s__gt", 0), ("threshold__isnull", True)),
                    models.Q(models.Q(("kind", "no_data"), _negated=True), ("threshold__isnull", False)),
                    _connector="OR",
                ),
                name="limit_threshold_where_needed",
            ),
        ),
        EnableRowSecurity("points", "Gateway"),
        EnableRowSecurity("points", "Point"),
        EnableRowSecurity("points", "Limit"),
        EnableRowSecurity("points", "LatestValue"),
        EnableRowSecurity("points", "DeadLetter"),
        AuditTable("points", "Gateway", redact=["key_sha256", "key_bcrypt"]),
        AuditTable("points", "Point"),
        AuditTable("points", "Limit"),
        AuditTable("points", "DeadLetter"),
        migrations.RunSQL(VERSIONS, NO_VERSIONS),
    ]
