"""The ensemble of a named substance at a place: AEGL levels, bands of chance on the map, all JSON."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Contour, Grid
from anlan.kernel.models import Manifest
from anlan.kernel.text import Text
from anlan.science.chemical.ensemble import Ensemble, Uncertainty, run
from anlan.science.chemical.harm.zones import on_map
from anlan.science.chemical.substances import AMBIENT_K, ATMOSPHERE_PA, Endpoint, substance
from anlan.science.guard import refuse, require


@dataclass(frozen=True)
class EnsembleRelease:
    """An uncertain release of *cas* at a place; the grid is a square of *extent_m* to every side of it."""

    cas: str
    lon: float
    lat: float
    known: Uncertainty
    extent_m: float = 5000.0
    cell_m: float = 20.0
    members: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        require(self.lon, Text("经度", "longitude"), low=-180.0, high=180.0, unit="°", open_low=False)
        require(self.lat, Text("纬度", "latitude"), low=-85.0, high=85.0, unit="°", open_low=False)
        require(self.cell_m, Text("网格尺寸", "cell size"), low=1.0, high=1000.0, unit="m", open_low=False)
        require(self.extent_m, Text("计算范围", "extent"), low=self.cell_m, high=30_000.0, unit="m")
        if self.extent_m / self.cell_m > 2000:
            raise refuse("网格过大，请增大网格尺寸", "the grid is too large: take larger cells")

    @property
    def grid(self) -> Grid:
        half = round(self.extent_m / self.cell_m)
        edge = half * self.cell_m
        return Grid(2 * half, 2 * half, self.cell_m, -edge, edge, LocalFrame(self.lon, self.lat).name)


@dataclass(frozen=True)
class ReleaseEnsemble:
    """The fields, the endpoints that they were held against (the arrival's first), and bands on the map."""

    fields: Ensemble
    endpoints: tuple[Endpoint, ...]
    bands: tuple[Contour, ...]

    @property
    def manifest(self) -> Manifest:
        return self.fields.manifest

    def as_json(self) -> dict[str, Any]:
        """Bands and manifest; the fields themselves are rasters and travel on their own."""
        return {
            "endpoints": [one.name for one in self.endpoints],
            "evaluated_cells": self.fields.evaluated,
            "bands": [
                {"chance": band.level, "crs": band.crs, "facts": band.facts, "polygons": band.polygons}
                for band in self.bands
            ],
            "manifest": self.manifest.as_json(),
        }


def run_release(release: EnsembleRelease) -> ReleaseEnsemble:
    """Chances of AEGL-2 (with bands and arrivals), AEGL-3 and AEGL-1; those that the substance has.

    Raises `Invalid` for a substance without any AEGL.
    """
    one = substance(release.cas)
    endpoints = tuple(found for level in (2, 3, 1) if (found := one.find_endpoint("aegl", level)))
    if not endpoints:
        one.endpoint("aegl", 2)  # refuses, by name
    levels = tuple(endpoint.mg_m3() for endpoint in endpoints)
    made = run(release.known, release.grid, (0.0, 0.0), levels, members=release.members, seed=release.seed)
    pure_mg_m3 = 1e6 * one.gas_density_kg_m3(AMBIENT_K, ATMOSPHERE_PA)
    peak = replace(made.peak, values=np.minimum(made.peak.values, np.float32(pure_mg_m3)))
    made, frame = replace(made, peak=peak), LocalFrame(release.lon, release.lat)
    return ReleaseEnsemble(made, endpoints, tuple(on_map(band, frame) for band in made.bands()))
