from django.db import migrations, models

import anlan.kernel.ids
from anlan.platform.audit.operations import AuditTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("scope", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grid",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anlan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("rank", models.IntegerField(default=0)),
                ("west", models.FloatField()),
                ("north", models.FloatField()),
                ("cell_deg", models.FloatField()),
                ("variants", models.PositiveSmallIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("columns", models.PositiveIntegerField()),
                ("persons", models.BinaryField()),
                ("method", models.CharField(max_length=400)),
                ("source", models.CharField(max_length=256)),
                ("data_time", models.DateTimeField()),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-rank", "-loaded_at"),
            },
        ),
        AuditTable("population", "Grid", redact=("persons",)),
    ]
