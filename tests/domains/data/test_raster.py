"""A population raster of the deployer's own: taken as it is, with a range, or refused in words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from shapely.geometry import box

from anlan.domains.data.population.raster import read_raster
from anlan.kernel.errors import Invalid
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.science.exposure import count_people

PLACE = Affine(0.01, 0, 106.0, 0, -0.01, 39.0)


def raster(path: Path, persons: Any, crs: str | None = "EPSG:4326", place: Affine = PLACE) -> Path:
    """A file of one band; -9999 means no data."""
    persons = np.asarray(persons, np.float32)
    shape = {"height": persons.shape[0], "width": persons.shape[1]}
    with rasterio.open(path, "w", driver="GTiff", count=1, dtype="float32", nodata=-9999.0, crs=crs,
                       transform=place, **shape) as file:  # fmt: skip
        file.write(persons, 1)
    return path


def test_persons_are_counted_with_the_range_that_the_maker_states(tmp_path: Path) -> None:
    persons = np.full((20, 20), 10.0)
    persons[0, 0] = -9999.0
    grid = read_raster(raster(tmp_path / "people.tif", persons), 0.3)
    counted = count_people(grid, box(106.0, 38.8, 106.2, 39.0))
    assert counted.best == pytest.approx(3990.0), "the cell without data holds nobody"
    assert [counted.low, counted.high] == pytest.approx([2793.0, 5187.0])


@pytest.mark.parametrize(
    ("named", "changes"),
    [
        ("EPSG:32648", {"crs": "EPSG:32648"}),
        ("not longitude and latitude", {"crs": None}),
        ("north-up", {"place": Affine(0.01, 0, 106.0, 0, 0.01, 38.0)}),
        ("square cells", {"place": Affine(0.01, 0, 106.0, 0, -0.02, 39.0)}),
        ("negative", {"persons": [[1.0, -5.0]]}),
    ],
)
def test_a_raster_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, named: str, changes: dict[str, Any]
) -> None:
    path = raster(tmp_path / "bad.tif", **{"persons": np.ones((2, 2)), **changes})
    with pytest.raises(Invalid) as refused:
        read_raster(path, 0.2)
    assert named in refused.value.title.en


def test_no_raster_and_no_error_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(Invalid, match="no raster"):
        read_raster(tmp_path / "text.tif", 0.2)
    good = raster(tmp_path / "good.tif", np.ones((2, 2)))
    for error in (0.0, 1.0, -0.1):
        with pytest.raises(Invalid, match="relative error"):
            read_raster(good, error)


def test_of_two_grids_the_higher_rank_counts_and_says_its_source(db: Any, tmp_path: Path) -> None:
    from anlan.domains.data.population.queries import people_inside
    from anlan.domains.data.population.services import GridOrigin, load_grid

    at = datetime(2020, 11, 1, tzinfo=UTC)
    rough = read_raster(raster(tmp_path / "a.tif", np.full((20, 20), 1.0)), 0.5)
    fine = read_raster(raster(tmp_path / "b.tif", np.full((20, 20), 2.0)), 0.2)
    with acting_as(service_principal("console")):
        load_grid(rough, GridOrigin("粗", "均匀", "普查", at, rank=0))
        load_grid(fine, GridOrigin("细", "遥感", "自有栅格", at, rank=10))
        with read_scope():
            found = people_inside(box(106.0, 38.8, 106.2, 39.0))
    assert found.estimate is not None and found.estimate.best == pytest.approx(800.0)
    assert found.source == "自有栅格" and found.data_time == at
