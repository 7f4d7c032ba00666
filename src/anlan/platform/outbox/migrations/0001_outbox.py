from django.db import migrations, models
from django.db.models import Func

from anlan.platform.outbox.models import Xid8Field
from anlan.platform.scope.operations import EnableRowSecurity

WAKE = """
CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox_outboxevent
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
"""
UNWAKE = "DROP TRIGGER outbox_wake ON outbox_outboxevent; DROP FUNCTION outbox_wake();"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(unique=True)),
                ("xid", Xid8Field(db_default=Func(function="pg_current_xact_id"), editable=False)),
                ("topic", models.TextField()),
                ("at", models.DateTimeField()),
                ("thread", models.UUIDField(null=True)),
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(max_length=32, null=True)),
                ("permission", models.TextField()),
                ("timeline", models.UUIDField(null=True)),
                ("exercise", models.BooleanField(default=False)),
                ("data", models.JSONField()),
                ("published_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            "OutboxEvent",
            models.Index("position", name="outbox_waiting", condition=models.Q(published_at__isnull=True)),
        ),
        migrations.AddIndex(
            "OutboxEvent",
            models.Index(
                "published_at", name="outbox_published", condition=models.Q(published_at__isnull=False)
            ),
        ),
        EnableRowSecurity("outbox", "OutboxEvent"),
        migrations.RunSQL(WAKE, UNWAKE),
    ]
