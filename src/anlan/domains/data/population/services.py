"""The only writer of population grids."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from anlan.domains.data.population.models import Grid
from anlan.domains.data.population.permissions import LOAD
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.platform.commands import service
from anlan.platform.files.store import content_of
from anlan.science.exposure import PopulationGrid


@dataclass(frozen=True)
class GridOrigin:
    """Where a grid comes from, and how far it is to be trusted before others (*rank*)."""

    name: str
    method: str
    source: str
    data_time: datetime
    rank: int = 0


def load_grid(grid: PopulationGrid, origin: GridOrigin) -> UUID:
    """Bring in a population grid; an earlier one of the same name gives way."""
    from anlan.platform.files.store import keep

    digest = keep(np.ascontiguousarray(grid.persons, np.float32).tobytes())
    return store_grid(digest, grid.persons.shape, grid.west, grid.north, grid.cell_deg, origin)


@service("population.load", permission=LOAD)
def store_grid(
    digest: str,
    shape: tuple[int, int, int],
    west: float,
    north: float,
    cell_deg: float,
    origin: GridOrigin,
) -> UUID:
    """Write the grid whose persons lie in the store under *digest*."""
    Grid.objects.filter(name=origin.name).delete()
    variants, rows, columns = shape
    made = Grid.objects.create(
        id=new_id(),
        name=origin.name,
        rank=origin.rank,
        west=west,
        north=north,
        cell_deg=cell_deg,
        variants=variants,
        rows=rows,
        columns=columns,
        persons=content_of(digest),
        method=origin.method,
        source=origin.source,
        data_time=origin.data_time,
        loaded_at=now(),
    )
    return made.id
