import django.db.models.deletion
from django.db import migrations, models

from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.operations import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("threads", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThreadName",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("name", models.UUIDField(primary_key=True, serialize=False)),
                ("named_at", models.DateTimeField()),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threads.thread"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        EnableRowSecurity("threads", "ThreadName"),
        AuditTable("threads", "ThreadName"),
    ]
