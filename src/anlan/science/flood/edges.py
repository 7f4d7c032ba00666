"""What happens at the four edges of the grid: the flux through each outer face from the cell inside.

Each rule is the exact physical flux of a boundary state found along the outgoing
characteristic u + 2√(gh) = const (Toro 2001, §12), so what crosses the edge is
known to the last bit and the mass budget closes.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from anlan.science.flood.numerics import plain
from anlan.science.flood.physics import DRY_M, GRAVITY_M_S2


class Edge(IntEnum):
    """The kinds of edge."""

    CLOSED = 0
    OPEN = 1
    CRITICAL = 2
    STAGE = 3
    DISCHARGE = 4
    NORMAL = 5


SIDES = ("west", "east", "north", "south")
Series = Callable[[float], float]


@dataclass(frozen=True)
class EdgeSegment:
    """A stretch of one *side*, cells *first* … *last* - 1 counted from the west or from the north.

    *series* gives, at a time in s: the water level for STAGE (m, in the datum of the
    terrain); the discharge into the grid over the whole stretch for DISCHARGE
    (m³/s, shared by conveyance, or evenly while all is dry); the energy slope for
    NORMAL (-). *depth_m* fixes the depth of a supercritical inflow.
    """

    side: str
    kind: Edge
    first: int = 0
    last: int | None = None
    series: Series | None = None
    depth_m: float = 0.0


_G = GRAVITY_M_S2
_DRY = DRY_M


@plain
def _closed(h, u):
    """Momentum flux (less gh²/2) at a wall: HLL of the state and its mirror image."""
    wave = np.sqrt(_G * h)
    return h * u * (u + max(wave - u, wave + 0.5 * u))


@plain
def _stage(h, u, level):
    """Flux against a water surface *level* above the cell's bed."""
    outside = max(level, 0.0)
    wave, other = np.sqrt(_G * h), np.sqrt(_G * outside)
    if u > wave and h > _DRY:
        return h * u, h * u * u
    if outside <= _DRY:
        return _critical(h, u)
    speed = max(u + 2 * (wave - other), -other)
    if speed > other:
        return _critical(h, u)
    return outside * speed, outside * speed * speed + 0.5 * _G * (outside * outside - h * h)


@plain
def _critical(h, u):
    """Free overfall: critical flow along the outgoing characteristic, or the supercritical flow itself."""
    wave = np.sqrt(_G * h)
    if u >= wave:
        return h * u, h * u * u
    critical = max((u + 2 * wave) / 3, 0.0)
    depth = critical * critical / _G
    return depth * critical, depth * critical * critical + 0.5 * _G * (depth * depth - h * h)


@plain
def _inflow(h, u, q, given):
    """Flux of a discharge *q* (m²/s, into the grid), its depth from u + 2√(gh) or, supercritical, *given*."""
    if q <= 0:
        out, _ = _critical(h, u)
        out = min(-q, out)
        return out, out * out / max(h, _DRY)
    least = (q * q / _G) ** (1 / 3)
    if given > 0:
        depth = given
    else:
        carried = u + 2 * np.sqrt(_G * h)
        depth = max(h, least)
        for _ in range(40):
            wrong = 2 * np.sqrt(_G * depth) - q / depth - carried
            depth = max(depth - wrong / (np.sqrt(_G / depth) + q / (depth * depth)), 0.1 * depth)
        depth = max(depth, least)
    return -q, q * q / depth + 0.5 * _G * (depth * depth - h * h)


@plain
def _flux(depth, speed, z, kind, value, given, manning):
    """Outward mass and momentum (less gh²/2) of one cell; *value* as `EdgeSegment.series`, per cell."""
    if kind == 1 and speed > 0:
        return depth * speed, depth * speed * speed
    if kind == 2:
        return _critical(depth, speed)
    if kind == 3:
        return _stage(depth, speed, value - z)
    if kind == 4:
        return _inflow(depth, speed, value, given)
    if kind == 5 and depth > 0:
        out = depth ** (5 / 3) * np.sqrt(value) / manning
        return out, out * out / depth
    return 0.0, _closed(depth, speed)


@plain
def surround(values, rows, columns):
    """Repeat the outermost cells of a grid of *rows* × *columns* in all of its padding."""
    for i in range(2, rows + 2):
        values[i, :2] = values[i, 2]
        values[i, columns + 2 :] = values[i, columns + 1]
    for i in range(2):
        values[i] = values[2]
        values[rows + 2 + i] = values[rows + 1]


@plain
def edge_fluxes(h, p, q, z, kinds, values, givens, manning, x, y):
    """The fluxes through all outer faces, of padded arrays (two cells wider on the north and west).

    *kinds*, *values*, *givens* and *manning* have a row per side, in the order of `SIDES`; the level
    of STAGE is in the datum of *z*, *values* of DISCHARGE are in m²/s. Writes mass, momentum (as
    `physics.face` has it) and momentum along the face into *x* (west, east) and *y* (north, south).
    Returns the net inflow (m²/s summed over cells) and the largest unit discharge of an open edge.
    The state's padding is made to repeat its outermost cells.
    """
    net, most = 0.0, 0.0
    rows, columns = x.shape[1], y.shape[1]
    for part in (h, p, q):
        surround(part, rows, columns)
    for side in range(4):
        upright = side < 2
        sign = 1.0 if side % 2 else -1.0
        at = 3 if side % 2 else 0
        for i in range(rows if upright else columns):
            r = i + 2 if upright else (rows + 1 if side == 3 else 2)
            c = i + 2 if not upright else (columns + 1 if side == 1 else 2)
            wet = h[r, c] > _DRY
            depth = float(h[r, c]) if wet else 0.0
            across = float(p[r, c] if upright else q[r, c])
            beside = float(q[r, c] if upright else p[r, c])
            speed = sign * across / depth if wet else 0.0
            out, push = _flux(
                depth,
                speed,
                float(z[r, c]),
                kinds[side, i],
                values[side, i],
                givens[side, i],
                manning[side, i],
            )
            along = out * beside / depth if out > 0 and wet else 0.0
            target = x if upright else y
            target[at, i], target[at + 1, i], target[at + 2, i] = sign * out, push, sign * along
            net -= sign * target[at, i]
            if kinds[side, i] >= 3:
                most = max(most, abs(out))
    return net, most


def conveyance_shares(depth_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """How a discharge is shared among the cells of a stretch: as h**(5/3), evenly while all is dry."""
    weight = np.where(depth_m > 10 * DRY_M, depth_m, 0.0) ** (5 / 3)
    total = weight.sum()
    if total <= 0:
        return np.full(len(depth_m), 1 / len(depth_m))
    return np.asarray(weight / total, np.float64)
