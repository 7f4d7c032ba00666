"""The state of the lowest air: stability, wind profile, mixing height, and how they change."""

from anlan.science.chemical.weather.series import WeatherSeries
from anlan.science.chemical.weather.stability import Sky, Stability, stability_of
from anlan.science.chemical.weather.weather import Terrain, Weather

__all__ = ["Sky", "Stability", "Terrain", "Weather", "WeatherSeries", "stability_of"]
