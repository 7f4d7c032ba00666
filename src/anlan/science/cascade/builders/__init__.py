"""Graphs of the four chains that the region knows, from the figures that a place can give."""

from anlan.science.cascade.builders.barrier_lake import Barrier, Park, Slope, barrier_lake
from anlan.science.cascade.builders.pond import Pond
from anlan.science.cascade.builders.shaking import Quake, Site
from anlan.science.cascade.builders.spheres import Sphere
from anlan.science.cascade.builders.steppe_fire import FireWeather, Line, steppe_fire
from anlan.science.cascade.builders.tailings import Crossing, Storm, Tailings, tailings
from anlan.science.cascade.builders.tank_farm import Ignition, Tank, Wind, tank_farm
from anlan.science.cascade.builders.valley import Valley

__all__ = [
    "Barrier", "Crossing", "FireWeather", "Ignition", "Line", "Park", "Pond", "Quake", "Site", "Slope", "Sphere",
    "Storm", "Tailings", "Tank", "Valley", "Wind", "barrier_lake", "steppe_fire", "tailings", "tank_farm",
]  # fmt: skip
