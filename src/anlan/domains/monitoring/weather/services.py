"""The only writer of weather."""

from collections.abc import Sequence

from anlan.domains.monitoring.editing import require_place
from anlan.domains.monitoring.weather.contracts import WeatherSpec
from anlan.domains.monitoring.weather.models import WeatherHour
from anlan.domains.monitoring.weather.permissions import READ, RECORD
from anlan.kernel.ids import new_id
from anlan.platform.commands import decide_there, service
from anlan.platform.outbox import Event, emit_many

TOPIC = "weather"


@service("weather.record", permission=RECORD)
def record_weather(hours: Sequence[WeatherSpec], *, source: str, synthetic: bool = False) -> int:
    """Record hours; one that is there already is brought up to date. Returns how many."""
    places = {hour.region for hour in hours}
    for region in places:
        require_place(region)
        decide_there(RECORD, region, None)
    WeatherHour.objects.bulk_create(
        (
            WeatherHour(
                id=new_id(),
                station=hour.station,
                region=hour.region,
                at=hour.at,
                wind_m_s=hour.wind_m_s,
                wind_from_deg=hour.wind_from_deg % 360,
                cloud_tenths=hour.cloud_tenths,
                temperature_c=hour.temperature_c,
                humidity_percent=hour.humidity_percent,
                rain_mm=hour.rain_mm,
                synthetic=synthetic,
                source=source,
            )
            for hour in hours
        ),
        update_conflicts=True,
        unique_fields=["station", "at"],
        update_fields=[
            "wind_m_s",
            "wind_from_deg",
            "cloud_tenths",
            "temperature_c",
            "humidity_percent",
            "rain_mm",
            "source",
            "synthetic",
        ],
    )
    emit_many(
        Event(TOPIC, {"region": region}, thread=None, region=region, zone=None, permission=READ)
        for region in sorted(places)
    )
    return len(hours)
