"""What other apps may know about weather."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class WeatherSpec:
    """One hour of one station or county; wind at 10 m, cloud in tenths, °C."""

    station: str
    region: str
    at: datetime
    wind_m_s: float
    wind_from_deg: float
    cloud_tenths: float
    temperature_c: float
    humidity_percent: float | None = None
    rain_mm: float | None = None


@dataclass(frozen=True)
class WeatherView:
    """The weather that holds at a moment, with its time and source; *age_h* hours old."""

    region: str
    at: datetime
    age_h: float
    wind_m_s: float
    wind_from_deg: float
    cloud_tenths: float
    temperature_c: float
    humidity_percent: float | None
    rain_mm: float | None
    source: str
    synthetic: bool


class WeatherReader(Protocol):
    """Where real stations come in: gives the hours that are new since it was asked last."""

    def read(self) -> list[WeatherSpec]: ...
