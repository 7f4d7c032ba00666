"""A small picture of the outlines about the site, north up, with a scale bar and a legend: to recognise a result by."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from rasterio.transform import Affine

from anlan.science.products.dots import WIDE, spelt
from anlan.science.products.extent import bounds_m, farthest_m, in_metres
from anlan.science.products.png import SIZE, Picture, encoded, write

if TYPE_CHECKING:
    from anlan.science.products.result import Zone

Colour = tuple[int, int, int]

SIDE = 640
_GROUND: Colour = (246, 244, 239)
_LINES: Colour = (226, 222, 213)
_INK: Colour = (40, 44, 52)
_BESIDE = frozenset({"probability", "envelope"})
"""Groups that are shown beside the harm itself."""
# from the gravest zone to the mildest
_REDS: tuple[Colour, ...] = ((123, 17, 19), (190, 40, 32), (226, 107, 46), (240, 167, 66), (247, 214, 120))
_BLUES: tuple[Colour, ...] = ((28, 63, 125), (58, 110, 176), (128, 170, 214))
_OPACITY = 0.62
_LINE = 20
"""Pixels of a line of the legend."""


def preview(zones: "tuple[Zone, ...]", site: tuple[float, float]) -> bytes:
    """PNG 640 wide, the site a cross: harm in reds, chance and other models in blues, the gravest on top. Below the
    square of the map stands a line for each zone: its colour, its label (in English: there is no font for Chinese),
    and how far it reaches from the site."""
    west, south, east, north = bounds_m([zone.contour for zone in zones], site)
    side = max(east - west, north - south)
    west -= (side - (east - west)) / 2
    north += (side - (north - south)) / 2
    metre = SIDE / side
    picture: Picture = np.full((SIDE, SIDE, 3), _GROUND, np.uint8)
    bar_m = _nice(side / 5)
    _lines(picture, west, north, metre, bar_m)
    transform = Affine(1 / metre, 0.0, west, 0.0, -1 / metre, north)
    coloured = _coloured(zones)
    for zone, colour in reversed(coloured):
        shape = in_metres(zone.contour, site)
        if shape.area > 0:
            inside = geometry_mask([shape], (SIDE, SIDE), transform, all_touched=True, invert=True)
            _paint(picture, inside, colour)
    _cross(picture, round(north * metre), round(-west * metre))
    _bar(picture, bar_m, metre)
    return encoded(np.concatenate([picture, _legend(coloured, site)]))


def _coloured(zones: "tuple[Zone, ...]") -> "list[tuple[Zone, Colour]]":
    """Zones with their colours, the gravest of each group first; the groups one over the other."""
    found: list[tuple[Zone, Colour]] = []
    ranks: dict[str, int] = {}
    for zone in zones:
        palette = _BLUES if zone.group in _BESIDE else _REDS
        rank = ranks.get(zone.group, 0)
        ranks[zone.group] = rank + 1
        found.append((zone, palette[min(rank, len(palette) - 1)]))
    return found


def _paint(picture: Picture, inside: NDArray[np.bool_], colour: Colour) -> None:
    mixed = _OPACITY * np.array(colour) + (1 - _OPACITY) * picture[inside]
    edge = inside & ~(
        np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
    )
    picture[inside] = np.rint(mixed).astype(np.uint8)
    picture[edge] = colour


def _lines(picture: Picture, west: float, north: float, metre: float, step_m: float) -> None:
    """A net of squares as wide as the scale bar, through the site."""
    for index in range(int(np.ceil(west / step_m)), int((west + SIDE / metre) / step_m) + 1):
        column = round((index * step_m - west) * metre)
        picture[:, min(max(column, 0), SIDE - 1)] = _LINES
    for index in range(int(np.ceil((north - SIDE / metre) / step_m)), int(north / step_m) + 1):
        row = round((north - index * step_m) * metre)
        picture[min(max(row, 0), SIDE - 1)] = _LINES


def _cross(picture: Picture, row: int, column: int) -> None:
    row, column = min(max(row, 7), SIDE - 8), min(max(column, 7), SIDE - 8)
    picture[row - 7 : row + 8, column - 1 : column + 2] = _INK
    picture[row - 1 : row + 2, column - 7 : column + 8] = _INK


def _bar(picture: Picture, bar_m: float, metre: float) -> None:
    length = round(bar_m * metre)
    picture[SIDE - 20 : SIDE - 16, 16 : 16 + length] = _INK
    write(picture, f"{bar_m / 1000:g}km" if bar_m >= 1000 else f"{bar_m:g}m", SIDE - 40, 16, _INK)
    write(picture, "N", 14, SIDE - 26, _INK)
    picture[32:52, SIDE - 22 : SIDE - 20] = _INK


def _legend(coloured: "list[tuple[Zone, Colour]]", site: tuple[float, float]) -> Picture:
    """A line for each zone, in the order of the zones."""
    letter = WIDE * SIZE
    made: Picture = np.full((_LINE * len(coloured) + (8 if coloured else 0), SIDE, 3), 255, np.uint8)
    for index, (zone, colour) in enumerate(coloured):
        top = 4 + _LINE * index
        made[top + 2 : top + 18, 16:44] = colour
        reach = "-" if zone.contour.is_empty else _length(farthest_m(zone.contour, site))
        room = (SIDE - 16 - 56) // letter - len(reach) - 1
        write(made, spelt(zone.contour.label.en)[:room], top + 3, 56, _INK)
        write(made, reach, top + 3, SIDE - 16 - letter * len(reach), _INK)
    return made


def _length(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 10_000 else f"{metres:,.0f} m"


def _nice(length_m: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is no longer."""
    power = 10.0 ** np.floor(np.log10(length_m))
    return float(max(step * power for step in (1.0, 2.0, 5.0) if step * power <= length_m))
