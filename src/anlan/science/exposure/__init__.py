"""How many people an area holds, as far as the data can tell."""

from anlan.science.exposure.people import (
    PeopleEstimate,
    PopulationGrid,
    count_people,
    spread_census,
)

__all__ = ["PeopleEstimate", "PopulationGrid", "count_people", "spread_census"]
