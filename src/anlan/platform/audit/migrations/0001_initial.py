"""The trigger that writes audit rows, the sealer that chains them, and who may read them."""

from django.db import migrations, models

from anlan.platform.scope.operations import application_role

FORWARDS = """
CREATE SCHEMA audit;
REVOKE ALL ON SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO {app};

REVOKE ALL ON audit_row, audit_seal FROM {app};
REVOKE ALL ON SEQUENCE audit_row_id_seq FROM {app};
GRANT SELECT ON audit_row, audit_seal TO {app};

ALTER TABLE audit_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY row_scope ON audit_row FOR SELECT USING (
    region = ANY ((SELECT scope.visible_regions())::text[])
    OR zone = ANY ((SELECT scope.visible_zones())::text[])
    OR region IS NULL AND (SELECT scope.sees_everything())
);

-- Arguments: the primary key's column, then columns whose values must not be kept.
CREATE FUNCTION audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP IN ('UPDATE', 'DELETE') THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP IN ('UPDATE', 'INSERT') THEN to_jsonb(NEW) END;
    kept jsonb := coalesce(new_row, old_row);
    before jsonb := old_row;
    after jsonb := new_row;
    hidden text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(o.key, o.value), '{{}}'),
               coalesce(jsonb_object_agg(o.key, new_row -> o.key), '{{}}')
          INTO before, after
          FROM jsonb_each(old_row) o WHERE o.value IS DISTINCT FROM new_row -> o.key;
        IF after = '{{}}' THEN
            RETURN NULL;
        END IF;
    END IF;
    FOR position IN 1 .. TG_NARGS - 1 LOOP
        hidden := TG_ARGV[position];
        IF before ? hidden THEN before := before || jsonb_build_object(hidden, '(redacted)'); END IF;
        IF after ? hidden THEN after := after || jsonb_build_object(hidden, '(redacted)'); END IF;
    END LOOP;
    INSERT INTO public.audit_row (xid, at, table_name, operation, row_id, command, principal,
                                  database_role, region, zone, before, after)
    VALUES (pg_current_xact_id()::text::bigint, clock_timestamp(), TG_TABLE_NAME, lower(TG_OP),
            kept ->> TG_ARGV[0], nullif(current_setting('anlan.command', true), '')::uuid,
            scope.principal(), session_user, kept ->> 'region', kept ->> 'zone', before, after);
    RETURN NULL;
END
$$;

-- One text per audit row, the same in every session; changing it breaks every chain.
CREATE FUNCTION audit.canonical(r public.audit_row) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_array(r.id, r.xid, (extract(epoch FROM r.at) * 1000000)::bigint, r.table_name,
        r.operation, r.row_id, r.command, r.principal, r.database_role, r.region, r.zone,
        r.before, r.after)::text
$$;

CREATE FUNCTION audit.link(previous bytea, canonical text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous || convert_to(canonical, 'UTF8'))
$$;

-- Rows of transactions below the snapshot's xmin can get no late neighbours: (xid, id) is their order.
CREATE FUNCTION audit.seal(at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last public.audit_seal;
    row_id bigint;
    horizon bigint;
    next_row public.audit_row;
    sealed integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit.seal'));
    horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT * INTO last FROM public.audit_seal ORDER BY position DESC LIMIT 1;
    IF NOT FOUND THEN
        last.position := 0;
        last.xid := 0;
        last."row" := 0;
        last.sha256 := ''::bytea;
    END IF;
    FOR next_row IN
        SELECT * FROM public.audit_row r
        WHERE (r.xid, r.id) > (last.xid, last."row") AND r.xid < horizon
        ORDER BY r.xid, r.id LIMIT at_most
    LOOP
        last.position := last.position + 1;
        last.sha256 := audit.link(last.sha256, audit.canonical(next_row));
        INSERT INTO public.audit_seal (position, "row", xid, sha256, sealed_at)
        VALUES (last.position, next_row.id, next_row.xid, last.sha256, clock_timestamp());
        sealed := sealed + 1;
    END LOOP;
    RETURN sealed;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal(integer), audit.canonical(public.audit_row) TO {app};
"""

BACKWARDS = """
DROP POLICY row_scope ON audit_row;
ALTER TABLE audit_row DISABLE ROW LEVEL SECURITY;
DROP SCHEMA audit CASCADE;
"""


def create_functions(apps, schema_editor):
    schema_editor.execute(FORWARDS.format(app=application_role()))


def drop_functions(apps, schema_editor):
    schema_editor.execute(BACKWARDS)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("row", models.BigIntegerField(unique=True)),
                ("xid", models.BigIntegerField()),
                ("sha256", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_seal",
            },
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("table_name", models.CharField(max_length=63)),
                ("operation", models.CharField(max_length=8)),
                ("row_id", models.TextField(null=True)),
                ("command", models.UUIDField(null=True)),
                ("principal", models.TextField(null=True)),
                ("database_role", models.TextField()),
                ("region", models.CharField(max_length=12, null=True)),
                ("zone", models.CharField(max_length=32, null=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "db_table": "audit_row",
                "indexes": [
                    models.Index(fields=["xid", "id"], name="audit_row_by_commit"),
                    models.Index(fields=["table_name", "row_id"], name="audit_row_by_object"),
                ],
            },
        ),
        migrations.RunPython(create_functions, drop_functions, elidable=False),
    ]
