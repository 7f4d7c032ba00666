"""Command records: the application role may add, nothing else; who may read them."""

import django.contrib.postgres.fields
from django.db import migrations, models

from anlan.platform.scope.operations import application_role

FORWARDS = """
REVOKE UPDATE, DELETE ON commands_command FROM {app};
ALTER TABLE commands_command ENABLE ROW LEVEL SECURITY;
ALTER TABLE commands_command FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone_acts ON commands_command FOR INSERT WITH CHECK (true);
CREATE POLICY own_or_everything ON commands_command FOR SELECT
    USING (principal = (SELECT scope.principal()) OR (SELECT scope.sees_everything()));
"""

BACKWARDS = """
DROP POLICY own_or_everything ON commands_command;
DROP POLICY anyone_acts ON commands_command;
ALTER TABLE commands_command NO FORCE ROW LEVEL SECURITY;
ALTER TABLE commands_command DISABLE ROW LEVEL SECURITY;
GRANT UPDATE, DELETE ON commands_command TO {app};
"""


def forwards(apps, schema_editor):
    schema_editor.execute(FORWARDS.format(app=application_role()))


def backwards(apps, schema_editor):
    schema_editor.execute(BACKWARDS.format(app=application_role()))


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Command",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("parent", models.UUIDField(null=True)),
                ("verb", models.CharField(max_length=96)),
                ("principal", models.TextField()),
                ("arguments", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("versions", models.JSONField(default=dict)),
                ("thread", models.UUIDField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "已执行"), ("refused", "已拒绝"), ("failed", "出错")], max_length=16
                    ),
                ),
                ("code", models.CharField(max_length=64, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["thread", "at"], name="command_by_thread"),
                    models.Index(fields=["verb", "at"], name="command_by_verb"),
                ],
            },
        ),
        migrations.RunPython(forwards, backwards, elidable=False),
    ]
