"""Wildfires: surface spread over a landscape by least travel time, and what the front does to those who meet it."""

from anlan.science.wildfire.crown import Canopy, CrownFire, CrownState, crown_fire
from anlan.science.wildfire.ellipse import Ellipse, Shape, ellipse, length_to_width
from anlan.science.wildfire.ensemble import FireUncertainty, WildfireEnsemble, run_ensemble
from anlan.science.wildfire.fuels import FuelModel, Moisture, fuel_model, fuel_models
from anlan.science.wildfire.intensity import attack_class, byram_intensity_kw_m, flame_length_m
from anlan.science.wildfire.lines import ContainmentLine
from anlan.science.wildfire.rothermel import SurfaceFire, WindLimit, surface_fire
from anlan.science.wildfire.run import RunCancelled, WildfireResult, run
from anlan.science.wildfire.scenario import Ignition, SpreadModel, Weather, WildfireScenario
from anlan.science.wildfire.spotting import Spotting, spotting
from anlan.science.wildfire.wang import WangSpread, wang_fuels, wang_spread
from anlan.science.wildfire.wind import wind_adjustment

__all__ = [
    "Canopy", "ContainmentLine", "CrownFire", "CrownState", "Ellipse", "FireUncertainty", "FuelModel", "Ignition",
    "Moisture", "RunCancelled", "Shape", "Spotting", "SpreadModel", "SurfaceFire", "WangSpread", "Weather",
    "WildfireEnsemble", "WildfireResult", "WildfireScenario", "WindLimit", "attack_class", "byram_intensity_kw_m",
    "crown_fire", "ellipse", "flame_length_m", "fuel_model", "fuel_models", "length_to_width", "run", "run_ensemble",
    "spotting", "surface_fire", "wang_fuels", "wang_spread", "wind_adjustment",
]  # fmt: skip
