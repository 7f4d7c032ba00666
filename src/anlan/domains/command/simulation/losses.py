"""What an earthquake does to people and buildings, by county: the population grid and the table of building stock.

Counted when the result is stored, with a run of its own, as the people inside the zones are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from anlan.domains.command.simulation.tables import STOCK
from anlan.domains.data.population.contracts import PeopleCells
from anlan.domains.data.population.queries import people_cells
from anlan.kernel.models import Caveat, Manifest
from anlan.kernel.text import Text
from anlan.platform.geo.divisions import divisions
from anlan.platform.standards.queries import table_in_force
from anlan.science.params import made_params
from anlan.science.products import Outcome
from anlan.science.products.extent import shape_of
from anlan.science.seismic.damage import packaged_matrix
from anlan.science.seismic.exposure import Exposure
from anlan.science.seismic.scenario import run
from anlan.science.seismic.simulation import Params, scenario_of

URBAN_PER_KM2 = 1500.0
"""From this density on a cell is urban: the urban centre of DEGURBA (UN Statistical Commission 2020)."""
_ELSEWHERE = "000000"
_MARGIN_DEG = 0.1
_STOCK_ASSUMED = Caveat(
    "losses.stock_assumed",
    Text(
        "房屋面积按人均设定值分摊，不是普查数据；伤亡与损失只供先期研判",
        "Floor areas are assumed per person, no census: deaths and losses are for a first judgement only",
    ),
)


def losses_of(outcome: Outcome) -> tuple[dict[str, Any] | None, Manifest | None]:
    """The losses of an earthquake and their manifest; None for other hazards, or where no grid covers the place.

    Within a service: the version of the table of building stock is kept with the command's record.
    """
    if outcome.hazard != "seismic":
        return None, None
    cells = people_cells(*_bounds(outcome))
    if cells is None:
        return None, None
    table = table_in_force(STOCK)
    asked = made_params(dict(outcome.inputs), Params)
    made = run(scenario_of(asked), _exposure(cells, {key: row.values for key, row in table.rows.items()}))
    if made.impact is None:
        return None, None
    said = {
        "total": made.impact.total.as_json(),
        "counties": [county.as_json() for county in made.impact.counties if county.population > 0],
        "report": asked.earthquake.report,
        "source": cells.source,
        "data_time": cells.data_time.isoformat(),
        "table": f"{STOCK}/{table.number}",
    }
    return said, replace(
        made.manifest,
        tables={**made.manifest.tables, STOCK: str(table.number)},
        caveats=(*made.manifest.caveats, *cells.caveats, _STOCK_ASSUMED),
    )


def _bounds(outcome: Outcome) -> tuple[float, float, float, float]:
    """West, south, east and north of all zones and the epicentre, in degrees."""
    shapes = [shapely.Point(outcome.site), *(shape_of(zone.contour) for zone in outcome.zones)]
    west, south, east, north = (float(one) for one in shapely.total_bounds(shapes))
    return west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG


def _exposure(cells: PeopleCells, stock: Mapping[str, Mapping[str, Any]]) -> Exposure:
    """Persons and floor areas of each cell; what lies in no county that is known counts under one code."""
    matrix = packaged_matrix()
    density = cells.persons / cells.area_km2
    urban = density >= URBAN_PER_KM2
    floor_m2 = np.column_stack(
        [
            cells.persons * np.where(urban, stock[name]["urban_m2"], stock[name]["rural_m2"])
            for name in matrix.classes
        ]
    )
    codes, county = _counties(cells)
    return Exposure(
        lon=cells.lon,
        lat=cells.lat,
        county=county,
        counties=codes,
        population=cells.persons,
        density_per_km2=density,
        classes=matrix.classes,
        floor_area_m2=floor_m2,
        price_yuan_m2=np.array([float(stock[name]["price_yuan_m2"]) for name in matrix.classes]),
        source=cells.source,
    )


def _counties(cells: PeopleCells) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The codes of counties, and for each cell the place of its county among them."""
    known = divisions()
    codes = np.array([*known.codes, _ELSEWHERE])
    found = np.full(len(cells.lon), len(known.codes), np.int64)
    cell, county = known.outlines.query(shapely.points(cells.lon, cells.lat), predicate="intersects")
    # on a shared border the lower code counts, as everywhere: it is written last
    turn = np.argsort(codes[county])[::-1]
    found[cell[turn]] = county[turn]
    return tuple(codes.tolist()), found
