"""Terrain: rasters read and checked, analytic beds, drainage."""

from anlan.science.terrain.drainage import Drainage, drainage_of
from anlan.science.terrain.reading import Terrain, fill_voids, read_geotiff, read_hgt
from anlan.science.terrain.shapes import paraboloid, plane, valley

__all__ = [
    "Drainage", "Terrain", "drainage_of", "fill_voids", "paraboloid", "plane", "read_geotiff", "read_hgt", "valley",
]  # fmt: skip
