"""The 2020 census spread over land cover within the prefectures."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from rasterio.io import MemoryFile

from anlan.demo.reference.files import content, table
from anlan.domains.data.population import tables
from anlan.domains.data.population.services import GridOrigin, load_grid
from anlan.platform.commands import read_scope
from anlan.platform.geo.models import Boundary
from anlan.platform.standards.queries import table_in_force
from anlan.science.exposure import PopulationGrid, spread_census

LAND_COVER = "mcd12c1_2019_igbp_ningxia_0p05deg.tif"
CENSUS_DAY = datetime(2020, 10, 31, 16, tzinfo=UTC)
"""Midnight of 1 November 2020 in China."""


def load_population() -> bool:
    """Spread the census in three ways (default weights, evenly, towns above all); false without boundaries."""
    with read_scope():
        outlines = {row.region: row.geometry for row in Boundary.objects.all()}
        weights = table_in_force(tables.WEIGHTS)
    census = {
        row["adcode"]: float(row["population_2020_11_01"]) for row in table("census2020_prefectures.csv")
    }
    districts = [(outlines[code], people) for code, people in census.items() if code in outlines]
    if len(districts) < len(census) - 1:
        return False
    cover, west, north, cell_deg = _land_cover()
    variants = [
        spread_census(districts, cover, _weights(weights, column), west, north, cell_deg)
        for column in ("weight", "even", "towns")
    ]
    load_grid(
        PopulationGrid(np.stack(variants), west, north, cell_deg),
        GridOrigin(
            name="宁夏 2020 年人口普查按地表覆盖分摊",
            method=f"按地级市普查总数、地表覆盖权重分摊（{weights.code} {weights.name}），格网 {cell_deg:g}°",
            source="第七次全国人口普查（地级市）；MODIS MCD12C1 2019（NASA LP DAAC）",
            data_time=CENSUS_DAY,
        ),
    )
    return True


def _weights(version: Any, column: str) -> dict[int, float]:
    return {int(key): float(row.values[column] or 0.0) for key, row in version.rows.items()}


def _land_cover() -> tuple[Any, float, float, float]:
    with MemoryFile(content(LAND_COVER)) as memory, memory.open() as raster:
        transform = raster.transform
        return raster.read(1).astype(np.int64), transform.c, transform.f, transform.a
