"""Reads of weather. Call them inside a service or `read_scope`."""

from datetime import datetime, timedelta

from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.domains.monitoring.weather.models import WeatherHour

OLDEST = timedelta(hours=6)


def newest_weather(moment: datetime) -> dict[str, WeatherView]:
    """The newest weather of each county at *moment*, of the last six hours; one query."""
    rows = (
        WeatherHour.objects.filter(at__lte=moment, at__gt=moment - OLDEST)
        .order_by("region", "-at", "synthetic", "station")
        .distinct("region")
    )
    return {row.region: _view(row, moment) for row in rows}


def weather_at(region: str, moment: datetime) -> WeatherView | None:
    """The newest weather of a county at *moment*, None when there is none of the last six hours."""
    row = (
        WeatherHour.objects.filter(region=region, at__lte=moment, at__gt=moment - OLDEST)
        .order_by("-at", "synthetic", "station")
        .first()
    )
    return _view(row, moment) if row else None


def _view(row: WeatherHour, moment: datetime) -> WeatherView:
    return WeatherView(
        region=row.region,
        at=row.at,
        age_h=(moment - row.at) / timedelta(hours=1),
        wind_m_s=row.wind_m_s,
        wind_from_deg=row.wind_from_deg,
        cloud_tenths=row.cloud_tenths,
        temperature_c=row.temperature_c,
        humidity_percent=row.humidity_percent,
        rain_mm=row.rain_mm,
        source=row.source,
        synthetic=row.synthetic,
    )
