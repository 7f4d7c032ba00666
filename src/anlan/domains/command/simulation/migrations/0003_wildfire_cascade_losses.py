from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulation", "0002_hazards")]

    operations = [
        migrations.RemoveConstraint(model_name="scenario", name="scenario_hazard_known"),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hazard__in", ["chemical", "seismic", "slope", "flood", "wildfire", "cascade"])
                ),
                name="scenario_hazard_known",
            ),
        ),
        migrations.AddField(model_name="scenario", name="revises", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="simulation", name="losses", field=models.JSONField(null=True)),
        migrations.AddField(model_name="simulation", name="losses_run", field=models.UUIDField(null=True)),
    ]
