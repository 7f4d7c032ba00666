"""Slopes: from GNSS positions and rain to velocity, grade, safety factor and a time of failure.

`scenario.assess` judges one monitored point; `grading.aggregate` a tailings pond of many;
`infinite.rain_on_slope` and `rain` follow the weather.
"""

from anlan.science.slope.failure import Forecast, Outlook, failure_time
from anlan.science.slope.grading import VelocityTable, aggregate
from anlan.science.slope.infinite import SoilColumn, rain_on_slope, safety_factor
from anlan.science.slope.scenario import Scenario, SlopeResult, assess

__all__ = [
    "Forecast",
    "Outlook",
    "Scenario",
    "SlopeResult",
    "SoilColumn",
    "VelocityTable",
    "aggregate",
    "assess",
    "failure_time",
    "rain_on_slope",
    "safety_factor",
]
