"""Drought and fire weather: standardised indices over grids, the composite index, grades and signals.

`scenario.run` follows a region day by day; `fire_weather` grades a day's danger of forest fire.
"""

from anlan.science.drought.grades import Drought, grade_of_index
from anlan.science.drought.scenario import DroughtResult, Scenario, run
from anlan.science.drought.standardised import running_total, spei, spi

__all__ = ["Drought", "DroughtResult", "Scenario", "grade_of_index", "run", "running_total", "spei", "spi"]
