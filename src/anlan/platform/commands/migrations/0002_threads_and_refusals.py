"""A command is about any number of threads; nobody records for another; refusals enter the audit chain."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# A change of type rewrites the column for every row; an UPDATE would be bound by row security.
THREADS = """
DROP INDEX command_by_thread;
ALTER TABLE commands_command ALTER COLUMN thread TYPE uuid[]
    USING CASE WHEN thread IS NULL THEN '{}'::uuid[] ELSE ARRAY[thread] END;
ALTER TABLE commands_command ALTER COLUMN thread SET NOT NULL;
ALTER TABLE commands_command RENAME COLUMN thread TO threads;
CREATE INDEX command_by_threads ON commands_command USING gin (threads);
"""
NO_THREADS = """
DROP INDEX command_by_threads;
ALTER TABLE commands_command RENAME COLUMN threads TO thread;
ALTER TABLE commands_command ALTER COLUMN thread DROP NOT NULL;
ALTER TABLE commands_command ALTER COLUMN thread TYPE uuid USING thread[1];
CREATE INDEX command_by_thread ON commands_command (thread, at);
"""

POLICY = """
DROP POLICY anyone_acts ON commands_command;
CREATE POLICY acts_as_itself ON commands_command FOR INSERT
    WITH CHECK (principal = (SELECT scope.principal()));
"""
NO_POLICY = """
DROP POLICY acts_as_itself ON commands_command;
CREATE POLICY anyone_acts ON commands_command FOR INSERT WITH CHECK (true);
"""

# What was done leaves audit rows of the tables that it changed; what was refused leaves none but this.
AUDIT = """
CREATE TRIGGER audit_refusals AFTER INSERT ON commands_command
    FOR EACH ROW WHEN (NEW.outcome <> 'done') EXECUTE FUNCTION audit.record('id');
CREATE TRIGGER audit_rows AFTER UPDATE OR DELETE ON commands_command
    FOR EACH ROW EXECUTE FUNCTION audit.record('id');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON commands_command
    FOR EACH STATEMENT EXECUTE FUNCTION audit.record('id');
"""
NO_AUDIT = """
DROP TRIGGER audit_refusals ON commands_command;
DROP TRIGGER audit_rows ON commands_command;
DROP TRIGGER audit_truncate ON commands_command;
"""


class Migration(migrations.Migration):
    dependencies = [("commands", "0001_initial"), ("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            THREADS,
            NO_THREADS,
            state_operations=[
                migrations.RemoveIndex("Command", "command_by_thread"),
                migrations.RemoveField("Command", "thread"),
                migrations.AddField(
                    "Command",
                    "threads",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                migrations.AddIndex(
                    "Command",
                    django.contrib.postgres.indexes.GinIndex(fields=["threads"], name="command_by_threads"),
                ),
            ],
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
        migrations.RunSQL(AUDIT, NO_AUDIT),
    ]
