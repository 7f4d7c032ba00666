"""Weather on the generic screens."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.weather import permissions
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Resource, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC


class WeatherOut(Schema):
    """One hour as a row."""

    id: UUID
    region: str
    station: str
    at: datetime
    wind_m_s: float
    wind_from_deg: float
    cloud_tenths: float
    temperature_c: float
    humidity_percent: float | None
    rain_mm: float | None
    source: str
    synthetic: bool


def register_all() -> None:
    """Declare permissions and the resource."""
    from anlan.domains.monitoring.weather.models import WeatherHour

    permissions.register_all()
    register(
        Resource(
            name="weather_hour",
            plural="weather-hours",
            title=Text("气象", "Weather"),
            model=WeatherHour,
            out=WeatherOut,
            icon="weather",
            synthetic="synthetic",
            read_permission=permissions.READ,
            order=("-at", "region"),
            columns=(
                Column("at", Text("时间", "Hour"), kind="time", width=170, sortable=True),
                SORTED_REGION,
                Column("station", Text("站点", "Station"), width=140),
                Column("wind_m_s", Text("风速", "Wind"), kind="number", unit="m/s", width=90),
                Column("wind_from_deg", Text("来风方向", "From"), kind="number", unit="°", width=90),
                Column("cloud_tenths", Text("云量（成）", "Cloud (tenths)"), kind="number", width=90),
                Column("temperature_c", Text("气温", "Temperature"), kind="number", unit="°C", width=90),
                Column("source", Text("来源", "Source")),
                SYNTHETIC,
            ),
            filters=(
                REGION_FILTER,
                Filter("at", Text("时间", "Hour"), kind="time"),
                Filter("synthetic", Text("合成数据", "Synthetic"), kind="bool"),
            ),
            search=("station", "source"),
        )
    )
