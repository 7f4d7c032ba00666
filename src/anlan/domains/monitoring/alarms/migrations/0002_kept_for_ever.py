"""No code of ours can delete an alarm, or change what its time line once said."""

from django.db import migrations

from anlan.platform.scope.operations import application_role

FORWARDS = """
REVOKE DELETE ON alarms_alarm FROM {app};
REVOKE UPDATE, DELETE ON alarms_alarmevent FROM {app};
"""
BACKWARDS = """
GRANT DELETE ON alarms_alarm TO {app};
GRANT UPDATE, DELETE ON alarms_alarmevent TO {app};
"""


def forwards(apps, schema_editor):
    schema_editor.execute(FORWARDS.format(app=application_role()))


def backwards(apps, schema_editor):
    schema_editor.execute(BACKWARDS.format(app=application_role()))


class Migration(migrations.Migration):
    dependencies = [("alarms", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
