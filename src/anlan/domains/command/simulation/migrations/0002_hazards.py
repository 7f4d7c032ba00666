from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulation", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="scenario", name="scenario_hazard_known"),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("hazard__in", ["chemical", "seismic", "slope", "flood"])),
                name="scenario_hazard_known",
            ),
        ),
    ]
