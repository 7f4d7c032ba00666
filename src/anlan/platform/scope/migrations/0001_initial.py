"""The schema that resolves opaque scope tokens, and the region tree."""

import django.db.models.deletion
from django.db import migrations, models

from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.platform.scope.operations import application_role

FORWARDS = """
CREATE SCHEMA scope;
REVOKE ALL ON SCHEMA scope FROM PUBLIC;
GRANT USAGE ON SCHEMA scope TO {app};

CREATE TABLE scope.secret (sha256 bytea PRIMARY KEY);
CREATE TABLE scope.token (
    sha256 bytea PRIMARY KEY,
    principal text NOT NULL,
    regions text[] NOT NULL,
    zones text[] NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX token_by_principal ON scope.token (principal);

-- The one reader of the setting; '' is what PostgreSQL leaves of it after a transaction.
CREATE FUNCTION scope.current_digest() RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(nullif(current_setting('anlan.scope', true), ''), 'UTF8'))
$$;

CREATE FUNCTION scope.visible_regions() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT regions FROM scope.token
                     WHERE sha256 = scope.current_digest() AND expires_at > now()), '{{}}')
$$;

CREATE FUNCTION scope.visible_zones() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT zones FROM scope.token
                     WHERE sha256 = scope.current_digest() AND expires_at > now()), '{{}}')
$$;

CREATE FUNCTION scope.principal() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT principal FROM scope.token WHERE sha256 = scope.current_digest() AND expires_at > now()
$$;

CREATE FUNCTION scope.is_live(given text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM scope.token
                   WHERE sha256 = pg_catalog.sha256(convert_to(given, 'UTF8')) AND expires_at > now())
$$;

CREATE FUNCTION scope.with_below(top text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE below AS (
        SELECT code FROM public.scope_region WHERE code = top
        UNION ALL
        SELECT r.code FROM public.scope_region r JOIN below b ON r.parent = b.code
    )
    SELECT coalesce(array_agg(code::text ORDER BY code), '{{}}') FROM below
$$;

-- Whether the principal sees the whole country of the product: rows without a region are theirs.
CREATE FUNCTION scope.sees_everything() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM public.scope_region
                       WHERE parent IS NULL AND code <> ALL (scope.visible_regions()))
$$;

CREATE FUNCTION scope.revoke(whose text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM scope.token WHERE principal = whose
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA scope FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scope TO {app};

-- Who is below whom decides what a token sees: not the application role's to change.
REVOKE INSERT, UPDATE, DELETE ON scope_region, scope_functionalzone, scope_zoneregion FROM {app};
"""

BACKWARDS = """
DROP SCHEMA scope CASCADE;
GRANT INSERT, UPDATE, DELETE ON scope_region, scope_functionalzone, scope_zoneregion TO {app};
"""

# Ningdong overlays parts of Lingwu; whether the base's other parts count as more counties is for the
# deployment to confirm and add (a new migration or the owner's SQL), so only the sure one is here.
ZONES = (("ningdong", "宁东能源化工基地", "Ningdong Energy and Chemical Industry Base", ("640181",)),)


def create_schema(apps, schema_editor):
    schema_editor.execute(FORWARDS.format(app=application_role()))


def drop_schema(apps, schema_editor):
    schema_editor.execute(BACKWARDS.format(app=application_role()))


def load_regions(apps, schema_editor):
    alias = schema_editor.connection.alias
    region = apps.get_model("scope", "Region")
    for code, zh, en in ningxia():
        region.objects.using(alias).create(code=code, zh=zh, en=en, parent_id=_parent(code))
    for zone, zh, en, counties in ZONES:
        apps.get_model("scope", "FunctionalZone").objects.using(alias).create(id=zone, zh=zh, en=en)
        for county in counties:
            apps.get_model("scope", "ZoneRegion").objects.using(alias).create(zone_id=zone, region_id=county)


def _parent(code):
    level = level_of(code)
    if level is RegionLevel.PROVINCE:
        return None
    return f"{code[:2]}0000" if level is RegionLevel.PREFECTURE else f"{code[:4]}00"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="FunctionalZone",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("zh", models.CharField(max_length=64)),
                ("en", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("zh", models.CharField(max_length=64)),
                ("en", models.CharField(max_length=64)),
                (
                    "parent",
                    models.ForeignKey(
                        db_column="parent",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scope.region",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="ZoneRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scope.region"
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scope.functionalzone",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("zone", "region"), name="zone_region_once")],
            },
        ),
        migrations.RunPython(create_schema, drop_schema, elidable=False),
        migrations.RunPython(load_regions, migrations.RunPython.noop, elidable=False),
    ]
