"""Roles as data, audit of everything that decides who may do what, and the minting of scope tokens."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anlan.kernel.ids
from anlan.platform.audit.operations import AuditTable
from anlan.platform.identity.roles import RoleCode
from anlan.platform.scope.operations import EnableRowSecurity, application_role

FORWARDS = """
-- Services see every row, except those that act for visitors.
CREATE TABLE scope.service (name text PRIMARY KEY, sees_everything boolean NOT NULL);
INSERT INTO scope.service (name, sees_everything) VALUES
    ('console', true), ('demo', true), ('door', true), ('evaluator', true), ('historian', true),
    ('live', true), ('relay', true), ('worker', true), ('web', false);

CREATE FUNCTION scope.mint(secret text, whose text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    regions text[] := '{{}}';
    zones text[] := '{{}}';
BEGIN
    IF NOT EXISTS (SELECT 1 FROM scope.secret s WHERE s.sha256 = sha256(convert_to(secret, 'UTF8'))) THEN
        RAISE EXCEPTION 'wrong scope secret' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF starts_with(whose, 'service:') THEN
        IF (SELECT sees_everything FROM scope.service WHERE name = substr(whose, 9)) THEN
            SELECT array_agg(r.code::text) INTO regions FROM public.scope_region r;
            SELECT array_agg(z.id::text) INTO zones FROM public.scope_functionalzone z;
        ELSIF NOT EXISTS (SELECT 1 FROM scope.service WHERE name = substr(whose, 9)) THEN
            RAISE EXCEPTION 'unknown service' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF starts_with(whose, 'user:') THEN
        PERFORM 1 FROM public.identity_user u WHERE u.id = substr(whose, 6)::uuid AND u.is_active FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'unknown user' USING ERRCODE = 'insufficient_privilege';
        END IF;
        SELECT coalesce(array_agg(DISTINCT code), '{{}}') INTO regions
          FROM public.identity_grant g, unnest(scope.with_below(g.region)) AS code
         WHERE g.user_id = substr(whose, 6)::uuid;
        SELECT coalesce(array_agg(DISTINCT g.zone::text), '{{}}') INTO zones
          FROM public.identity_grant g WHERE g.user_id = substr(whose, 6)::uuid AND g.zone IS NOT NULL;
    ELSE
        RAISE EXCEPTION 'unknown kind of principal' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM scope.token t WHERE t.expires_at < now();
    INSERT INTO scope.token (sha256, principal, regions, zones, expires_at)
    VALUES (sha256(convert_to(token, 'UTF8')), whose, regions, zones, now() + interval '12 hours');
    RETURN token;
END
$$;
REVOKE ALL ON FUNCTION scope.mint(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scope.mint(text, text) TO {app};
"""

BACKWARDS = "DROP FUNCTION scope.mint(text, text); DROP TABLE scope.service;"


def create_mint(apps, schema_editor):
    schema_editor.execute(FORWARDS.format(app=application_role()))


def drop_mint(apps, schema_editor):
    schema_editor.execute(BACKWARDS)


def load_roles(apps, schema_editor):
    role = apps.get_model("identity", "Role").objects.using(schema_editor.connection.alias)
    for code in RoleCode:
        role.create(code=code.value, zh=code.label.zh, en=code.label.en, permissions=[])


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0001_initial"), ("audit", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="KnownPermission",
            fields=[
                ("code", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("zh", models.CharField(max_length=64)),
                ("en", models.CharField(max_length=64)),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=128)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "region"), name="organisation_once")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("username", models.CharField(max_length=64, unique=True)),
                ("display_name", models.CharField(max_length=64)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.CharField(max_length=64)),
                ("source_ip", models.GenericIPAddressField()),
                ("at", models.DateTimeField()),
                ("succeeded", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "at"], name="attempt_by_account"),
                    models.Index(fields=["source_ip", "at"], name="attempt_by_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                (
                    "region",
                    models.ForeignKey(
                        db_column="region",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scope.region",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="identity.user"
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        db_column="zone",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scope.functionalzone",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.role"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("region__isnull", True), ("zone__isnull", True), _connector="XOR"
                        ),
                        name="grant_in_region_or_zone",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "role", "region", "zone"), name="grant_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.RunPython(create_mint, drop_mint, elidable=False),
        migrations.RunPython(load_roles, migrations.RunPython.noop, elidable=False),
        EnableRowSecurity("identity", "Organisation"),
        AuditTable("identity", "Organisation"),
        AuditTable("identity", "User", redact=("password",)),
        AuditTable("identity", "Role"),
        AuditTable("identity", "Grant"),
    ]
