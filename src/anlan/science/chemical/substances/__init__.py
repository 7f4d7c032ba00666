"""Substances: their properties with sources, their endpoints, and concentrations in air."""

from anlan.science.chemical.substances.concentration import (
    AMBIENT_K,
    ATMOSPHERE_PA,
    air_density_kg_m3,
    mg_m3_to_ppm,
    ppm_to_mg_m3,
)
from anlan.science.chemical.substances.endpoints import Endpoint
from anlan.science.chemical.substances.mixture import Mixture, dominant
from anlan.science.chemical.substances.substance import Completeness, Datum, Substance, substance

__all__ = [
    "AMBIENT_K",
    "ATMOSPHERE_PA",
    "Completeness",
    "Datum",
    "Endpoint",
    "Mixture",
    "Substance",
    "air_density_kg_m3",
    "dominant",
    "mg_m3_to_ppm",
    "ppm_to_mg_m3",
    "substance",
]
