"""Hourly weather of each county by a stated rule: a daily course with chance, a function of seed, county and hour.

Wind rises from 1.5 m/s before dawn to about 4 m/s in the afternoon and comes from the
north-west in winter and the south-east in summer; cloud wanders; temperature follows
the season and the hour about the long-term means of the region. No station measured it.
"""

from datetime import UTC, datetime, timedelta

import numpy as np

from anlan.domains.monitoring.weather.contracts import WeatherSpec
from anlan.kernel.regions import RegionLevel, level_of, ningxia

VERSION = "1"


def source_of(seed: int) -> str:
    """What every generated hour says of itself."""
    return f"合成气象：种子 {seed}，规则 v{VERSION}"


def hours(start: datetime, count: int, seed: int) -> list[WeatherSpec]:
    """*count* hours of every county from the hour of *start* on."""
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    counties = [region.code for region in ningxia() if level_of(region.code) is RegionLevel.COUNTY]
    return [hour_of(code, first + timedelta(hours=step), seed) for step in range(count) for code in counties]


def hour_of(region: str, at: datetime, seed: int) -> WeatherSpec:
    """The weather of one county and hour, the same whenever it is asked."""
    chance = np.random.default_rng([seed, int(region), int(at.timestamp()) // 3600])
    local_h = (at.hour + 8) % 24
    season = np.cos(2 * np.pi * (at.timetuple().tm_yday - 200) / 365.25)
    course = np.sin(2 * np.pi * (local_h - 9) / 24)
    wind = max(0.3, 2.7 + 1.3 * course + chance.normal(0, 0.7))
    from_deg = (315.0 if season < 0 else 135.0) + chance.normal(0, 35.0)
    cloud = float(np.clip(chance.normal(4.0, 2.5), 0, 10))
    temperature = 9.0 + 15.5 * season + 6.5 * course + chance.normal(0, 1.5)
    return WeatherSpec(
        station=f"SYN-{region}",
        region=region,
        at=at,
        wind_m_s=round(float(wind), 1),
        wind_from_deg=round(float(from_deg) % 360, 0) % 360,
        cloud_tenths=round(cloud, 1),
        temperature_c=round(float(temperature), 1),
        humidity_percent=round(float(np.clip(55 - 15 * course + chance.normal(0, 8), 10, 98)), 0),
    )
