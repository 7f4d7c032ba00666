from django.db import migrations, models

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
            name="StoredFile",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("media_type", models.CharField(max_length=80)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_at", models.DateTimeField()),
                ("stored_by", models.CharField(max_length=80)),
                ("subject_kind", models.CharField(max_length=64, null=True)),
                ("subject_id", models.UUIDField(null=True)),
                ("thread", models.UUIDField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-stored_at", "id"),
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="file_subject")],
            },
        ),
        EnableRowSecurity("files", "StoredFile"),
        AuditTable("files", "StoredFile"),
    ]
