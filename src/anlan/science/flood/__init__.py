"""Floods: two-dimensional shallow water on a raster, and what feeds and stops it."""

from anlan.science.flood.breach import (
    Breach,
    Hydrograph,
    Reservoir,
    breach_geometry,
    breach_hydrograph,
    peak_outflow_m3_s,
)
from anlan.science.flood.catchment import rational_peak_m3_s
from anlan.science.flood.edges import Edge, EdgeSegment
from anlan.science.flood.hazard import hazard_class, hazard_rating
from anlan.science.flood.ice import composite_manning, ice_stage_rise_m
from anlan.science.flood.infiltration import GreenAmptSoil, ponded_infiltration_m, scs_runoff_mm
from anlan.science.flood.layout import WallFace
from anlan.science.flood.rainfall import Rain, alternating_block, chicago, triangular, uniform
from anlan.science.flood.run import FloodResult, RunCancelled, run, run_fast
from anlan.science.flood.scenario import DEPTH_CLASSES_M, FloodScenario, Precision, Scheme
from anlan.science.flood.series import Level, steady
from anlan.science.flood.structures import Culvert, DikeBreach, Drain, Inflow, Weir, wall_between
from anlan.science.flood.tables import manning_of, roughness

__all__ = [
    "DEPTH_CLASSES_M", "Breach", "Culvert", "DikeBreach", "Drain", "Edge", "EdgeSegment", "FloodResult",
    "FloodScenario", "GreenAmptSoil", "Hydrograph", "Inflow", "Level", "Precision", "Rain", "Reservoir",
    "RunCancelled", "Scheme", "WallFace", "Weir", "alternating_block", "breach_geometry", "breach_hydrograph",
    "chicago", "composite_manning", "hazard_class", "hazard_rating", "ice_stage_rise_m", "manning_of",
    "peak_outflow_m3_s", "ponded_infiltration_m", "rational_peak_m3_s", "roughness", "run", "run_fast",
    "scs_runoff_mm", "steady", "triangular", "uniform", "wall_between",
]  # fmt: skip
