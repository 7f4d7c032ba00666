"""A raster for the map in a browser: one PNG in Web Mercator whose pixels are the numbers, and how to read them.

One field is 16 bits in red and green, blue 255 where there is a value: so that an arrival can be played by comparing it
with the time, and the number under the pointer is the number that is drawn. Several times are a sheet of 8-bit frames.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from anlan.kernel.fields import Field
from anlan.science.products.geotiff import placed
from anlan.science.products.png import encoded

Floats = NDArray[np.float64]

SIDE, FRAME_SIDE = 512, 256
_EARTH_M = 6_378_137.0
_EDGE_POINTS = 33
_WIDE = 1e4
"""A field whose greatest value is this many times its lowest tenth of positive ones is written by its logarithm."""
_DECADES = 9.0


@dataclass(frozen=True)
class _Code:
    """value = offset + step · n, or ten to that power."""

    offset: float
    step: float
    is_log: bool

    def numbers(self, values: Floats, most: int) -> NDArray[np.int64]:
        """*n* of each value, 0 … *most*; what is not there becomes 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            said = np.log10(values) if self.is_log else values
            numbers = np.rint((said - self.offset) / self.step)
        kept = np.clip(np.nan_to_num(numbers, nan=0.0, posinf=most, neginf=0.0), 0, most)
        return np.asarray(kept, np.int64)

    def as_json(self) -> dict[str, Any]:
        return {"offset": self.offset, "step": self.step, "transform": "log10" if self.is_log else "linear"}


def texture(field: Field) -> tuple[bytes, dict[str, Any]]:
    """The PNG, and ``bbox`` (west, south, east, north in degrees), ``shape``, ``times_s`` and ``encoding``."""
    values, bbox = on_web_map(field, FRAME_SIDE if field.times_s else SIDE)
    content, encoding = _sheet(values) if field.times_s else _single(values[0])
    rows, columns = values.shape[1:]
    said = {"bbox": bbox, "crs": "EPSG:3857", "shape": [rows, columns], "times_s": list(field.times_s)}
    return content, said | {"encoding": encoding}


def on_web_map(field: Field, side: int) -> tuple[Floats, list[float]]:
    """Values (times, rows, columns) of the nearest cells on a grid of Web Mercator, and its bounds in degrees.

    The longer side has *side* pixels at the most, and no more than the field has cells.
    """
    crs, transform = placed(field.grid)
    rows, columns = field.grid.shape
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    share = np.linspace(0.0, 1.0, _EDGE_POINTS)
    column = np.concatenate(
        [share * columns, share * columns, np.zeros(_EDGE_POINTS), np.full(_EDGE_POINTS, columns)]
    )
    row = np.concatenate([np.zeros(_EDGE_POINTS), np.full(_EDGE_POINTS, rows), share * rows, share * rows])
    x, y = _mercator(
        *to_degrees.transform(transform.c + column * transform.a, transform.f + row * transform.e)
    )
    west, east, south, north = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    pixel = max(east - west, north - south) / min(side, max(rows, columns))
    wide, high = max(round((east - west) / pixel), 1), max(round((north - south) / pixel), 1)
    places = np.meshgrid(west + (np.arange(wide) + 0.5) * (east - west) / wide,
                         north - (np.arange(high) + 0.5) * (north - south) / high)  # fmt: skip
    from_degrees = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    at_x, at_y = from_degrees.transform(*_degrees(*places))
    at_column = np.floor((at_x - transform.c) / transform.a).astype(np.int64)
    at_row = np.floor((at_y - transform.f) / transform.e).astype(np.int64)
    inside = (at_column >= 0) & (at_column < columns) & (at_row >= 0) & (at_row < rows)
    source = np.asarray(field.values, np.float64)
    bands = source if field.times_s else source[None]
    found = bands[:, np.clip(at_row, 0, rows - 1), np.clip(at_column, 0, columns - 1)]
    low, high_corner = _degrees(west, south), _degrees(east, north)
    bbox = [float(low[0]), float(low[1]), float(high_corner[0]), float(high_corner[1])]
    return np.where(inside, found, np.nan), bbox


def _single(values: Floats) -> tuple[bytes, dict[str, Any]]:
    """Red × 256 + green; blue 255 where there is a value."""
    code = _code(values, 65_535)
    there = np.isfinite(values) if not code.is_log else np.isfinite(values) & (values > 0)
    numbers = np.where(there, code.numbers(values, 65_535), 0)
    picture = np.stack([numbers >> 8, numbers & 255, np.where(there, 255, 0)], axis=-1).astype(np.uint8)
    return encoded(picture), {"kind": "rg16", **code.as_json()}


def _sheet(values: Floats) -> tuple[bytes, dict[str, Any]]:
    """Frames from left to right and top to bottom, 1 … 255; 0 where there is no value."""
    code = _code(values, 254)
    there = np.isfinite(values) & ((values > 0) if code.is_log else (values != 0))
    numbers = np.where(there, code.numbers(values, 254) + 1, 0).astype(np.uint8)
    count, rows, columns = numbers.shape
    across = int(np.ceil(np.sqrt(count)))
    down = -(-count // across)
    sheet = np.zeros((down * rows, across * columns), np.uint8)
    for index in range(count):
        top, left = index // across * rows, index % across * columns
        sheet[top : top + rows, left : left + columns] = numbers[index]
    return encoded(sheet), {"kind": "frames8", "frames_across": across, **code.as_json()}


def _code(values: Floats, most: int) -> _Code:
    known = values[np.isfinite(values)]
    if not len(known):
        return _Code(0.0, 1.0, False)
    low, high = float(known.min()), float(known.max())
    positive = known[known > 0]
    if low >= 0 and len(positive) and high > _WIDE * float(np.quantile(positive, 0.1)):
        top = float(np.log10(high))
        bottom = max(float(np.log10(positive.min())), top - _DECADES)
        return _Code(bottom, max(top - bottom, 1e-9) / most, True)
    return _Code(low, (high - low) / most if high > low else 1.0, False)


def _mercator(lon: Any, lat: Any) -> tuple[Floats, Floats]:
    """Metres of EPSG:3857."""
    x = _EARTH_M * np.radians(np.asarray(lon, np.float64))
    y = _EARTH_M * np.log(np.tan(np.pi / 4 + np.radians(np.asarray(lat, np.float64)) / 2))
    return np.asarray(x), np.asarray(y)


def _degrees(x: Any, y: Any) -> tuple[Floats, Floats]:
    """Longitude and latitude of metres of EPSG:3857."""
    lon = np.degrees(np.asarray(x, np.float64) / _EARTH_M)
    lat = np.degrees(2 * np.arctan(np.exp(np.asarray(y, np.float64) / _EARTH_M)) - np.pi / 2)
    return np.asarray(lon), np.asarray(lat)
