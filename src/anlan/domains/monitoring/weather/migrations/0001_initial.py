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
            name="WeatherHour",
            fields=[
                ("region", models.CharField(max_length=6)),
                ("zone", models.CharField(blank=True, max_length=32, null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("station", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("wind_m_s", models.FloatField()),
                ("wind_from_deg", models.FloatField()),
                ("cloud_tenths", models.FloatField()),
                ("temperature_c", models.FloatField()),
                ("humidity_percent", models.FloatField(null=True)),
                ("rain_mm", models.FloatField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ("-at", "region"),
                "indexes": [models.Index(fields=["region", "-at"], name="weather_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("station", "at"), name="weather_hour_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wind_m_s__gte", 0),
                            ("wind_m_s__lte", 120),
                            ("wind_from_deg__gte", 0),
                            ("wind_from_deg__lt", 360),
                            ("cloud_tenths__gte", 0),
                            ("cloud_tenths__lte", 10),
                            ("temperature_c__gte", -60),
                            ("temperature_c__lte", 60),
                        ),
                        name="weather_hour_figures",
                    ),
                ],
            },
        ),
        EnableRowSecurity("weather", "WeatherHour"),
        AuditTable("weather", "WeatherHour"),
    ]
