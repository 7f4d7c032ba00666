"""Weather of a county by the hour."""

from django.db import models
from django.db.models import Q

from anlan.platform.scope.models import ScopedModel


class WeatherHour(ScopedModel):
    """The weather of a county (or of a station in it) during the hour that begins at *at*.

    Wind at 10 m and from where it blows; cloud in tenths. *source* says who measured or
    by which rule it was made.
    """

    id = models.UUIDField(primary_key=True)
    station = models.CharField(max_length=32)
    at = models.DateTimeField()
    wind_m_s = models.FloatField()
    wind_from_deg = models.FloatField()
    cloud_tenths = models.FloatField()
    temperature_c = models.FloatField()
    humidity_percent = models.FloatField(null=True)
    rain_mm = models.FloatField(null=True)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("-at", "region")
        constraints = (
            models.UniqueConstraint(name="weather_hour_once", fields=("station", "at")),
            models.CheckConstraint(
                name="weather_hour_figures",
                condition=Q(wind_m_s__gte=0, wind_m_s__lte=120)
                & Q(wind_from_deg__gte=0, wind_from_deg__lt=360)
                & Q(cloud_tenths__gte=0, cloud_tenths__lte=10)
                & Q(temperature_c__gte=-60, temperature_c__lte=60),
            ),
        )
        indexes = (models.Index(fields=("region", "-at"), name="weather_newest"),)

    def __str__(self) -> str:
        return f"{self.station} {self.at:%Y-%m-%d %H}"
