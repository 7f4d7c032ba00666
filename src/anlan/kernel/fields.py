"""What the engines give back: values over a grid and time, or outlines of a level. Never a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """A north-up raster: *rows* × *columns* cells of *cell_m* metres.

    ``west`` and ``north`` are the outer corner, in the projected metres of *crs*
    (``EPSG:…``, or ``local:LON,LAT`` for a `crs.LocalFrame` about that point).
    Row 0 is the northernmost.
    """

    rows: int
    columns: int
    cell_m: float
    west: float
    north: float
    crs: str

    def __post_init__(self) -> None:
        finite = np.isfinite([self.cell_m, self.west, self.north]).all()
        if self.rows < 1 or self.columns < 1 or not self.cell_m > 0 or not finite:
            said = f"{self.rows} × {self.columns} × {self.cell_m} m, {self.west}, {self.north}"
            raise Invalid(
                Text(f"网格无效：{said}", f"Such a grid cannot be: {said}"),
                next_step=Text(
                    "行列数须为正，像元边长须大于零，原点须为有限数",
                    "Rows and columns are positive, cells longer than zero, the corner a number",
                ),
            )

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def cell_area_m2(self) -> float:
        return self.cell_m * self.cell_m

    @property
    def x_m(self) -> NDArray[np.float64]:
        """Eastings of the cell centres, shape (columns,)."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell_m, np.float64)

    @property
    def y_m(self) -> NDArray[np.float64]:
        """Northings of the cell centres, shape (rows,), falling."""
        return np.asarray(self.north - (np.arange(self.rows) + 0.5) * self.cell_m, np.float64)

    def cell_of(self, x_m: float, y_m: float) -> tuple[int, int] | None:
        """Row and column of a place; None outside.

        >>> Grid(2, 3, 10.0, 0.0, 20.0, "local:106,38").cell_of(25.0, 5.0)
        (1, 2)
        """
        row = int(np.floor((self.north - y_m) / self.cell_m))
        column = int(np.floor((x_m - self.west) / self.cell_m))
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return (row, column) if inside else None


@dataclass(frozen=True)
class Field:
    """One quantity over a grid: ``values`` of shape (rows, columns), or (times, rows, columns) with *times_s*.

    NaN means "no value here" (never reached, outside the model); it is never a zero in disguise.
    """

    name: str
    unit: str
    label: Text
    grid: Grid
    values: Floats
    times_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        wanted = (len(self.times_s), *self.grid.shape) if self.times_s else self.grid.shape
        if self.values.shape != wanted:
            raise ValueError(f"{self.name}: values of shape {self.values.shape}, the grid wants {wanted}")


@dataclass(frozen=True)
class Contour:
    """The area in which a quantity reaches *level*: polygons as rings of (x, y) or (lon, lat).

    Each polygon is a list of rings, the outer one first and counter-clockwise, all closed
    (GeoJSON, RFC 7946). *crs* is ``EPSG:4326`` for longitude and latitude, or as in `Grid`.
    """

    name: str
    unit: str
    level: float
    label: Text
    polygons: Sequence[Sequence[Sequence[tuple[float, float]]]]
    crs: str
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.polygons
