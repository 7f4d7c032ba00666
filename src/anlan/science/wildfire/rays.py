"""Where the fire at a cell came from: crossing times under a metric, and the update from between two neighbours.

Times are in seconds, ways in cells, x to the east and y to the north.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from anlan.science.wildfire.physics import eccentric, focal_metric, steered, wide_metric

_compile: Any = njit
A, B, C, S, T, SLOPE_E, SLOPE_N, TIME = range(8)
"""Columns of a node: the metric in seconds per cell, the slope of the arrival time, the time itself."""
METRIC, KNOWN, FROZEN, TRUE = 1, 2, 4, 8
"""Flags: metric of this stage; taken up; burnt in an earlier stage; slope of a ray, not of an edge."""
UNBURNABLE = 255
CALM, FACTOR, POWER, RISING, LIMIT, HEAT = range(6)
"""Columns of the table of a stage: a row for each fuel."""
ROTHERMEL_MODE, WANG_MODE = 0, 1
STILL_M_S = 1e-7
"""A fire that is slower than a centimetre a day does not run."""
_ROUNDS, _CLOSE = 4, 0.02
_ZERO, _HALF, _ONE, _TWO, _THREE = (np.float32(value) for value in (0.0, 0.5, 1.0, 2.0, 3.0))


class Ground(NamedTuple):
    """Arrays over the padded cells (see `travel.Landscape` and `travel.Workspace`) and the grid they lie on.

    *box* holds the first and last row and column that were touched, *share* is one over the columns.
    """

    node: NDArray[np.float32]
    flag: NDArray[np.uint8]
    fuel: NDArray[np.uint8]
    shape: NDArray[np.float32]
    closed: NDArray[np.float32]
    box: NDArray[np.int64]
    columns: int
    share: float
    cell_m: float
    mode: int


class Air(NamedTuple):
    """A stage of the weather: fuels in *table*, *wind*, from *start* to *end* (s), the *order* of `march.key_of`."""

    table: NDArray[np.float64]
    wind: NDArray[np.float64]
    start: float
    end: float
    order: NDArray[np.float64]


def kernel(function: Any) -> Any:
    """Compile what frees the interpreter and allocates nothing."""
    return _compile(error_model="numpy", nogil=True, cache=True, boundscheck=False, _nrt=False)(function)


def inlined(function: Any) -> Any:
    """`kernel` for what is called within loops: handing over so many arrays would cost more than the work."""
    return _compile(
        error_model="numpy", nogil=True, cache=True, boundscheck=False, _nrt=False, forceinline=True
    )(function)


@kernel
def measure(ground, air, at):
    """Write the metric of a cell in this stage; infinite where the fire does not run."""
    node, row = ground.node, air.table[ground.fuel[at]]
    ground.flag[at] |= METRIC
    node[at, A] = np.inf
    if row[CALM] < STILL_M_S:
        return
    rise_e, rise_n, shelter = ground.shape[at, 0], ground.shape[at, 1], ground.shape[at, 2]
    if ground.mode == WANG_MODE:
        a, b, c, s, t = _wang(row, air.wind, rise_e, rise_n)
    else:
        rate, effective, east, north = steered(
            row[CALM], row[FACTOR], row[POWER], row[RISING], row[LIMIT],
            shelter * air.wind[0], shelter * air.wind[1], rise_e, rise_n,
        )  # fmt: skip
        e = eccentric(effective, air.wind[2] > 0.0)
        a, b, c, s, t = focal_metric(rate, e, east, north, rise_e, rise_n)
    square = ground.cell_m * ground.cell_m
    node[at, A], node[at, B], node[at, C] = a * square, b * square, c * square
    node[at, S], node[at, T] = s * ground.cell_m, t * ground.cell_m


@kernel
def _wang(row, wind, rise_e, rise_n):
    """Wang's exponents of wind and slope add as vectors; the ellipse has his head, back and greatest half width.

    With k the length of the sum, the rate at an angle θ off it is calm·exp(k·cos θ); its half width is greatest where
    cos θ = k·sin²θ.
    """
    east, north = row[FACTOR] * wind[0], row[FACTOR] * wind[1]
    rise2 = rise_e * rise_e + rise_n * rise_n
    if rise2 > 0.0:
        push = row[RISING] * rise2 ** (0.5 * row[POWER] - 0.5)
        east, north = east + push * rise_e, north + push * rise_n
    k = np.sqrt(east * east + north * north)
    # a circle in still air on flat ground: it has axes too, whichever
    east, north = (east / k, north / k) if k > 0.0 else (1.0, 0.0)
    turn = 2.0 * k / (1.0 + np.sqrt(1.0 + 4.0 * k * k))
    width = np.exp(k * turn) * np.sqrt(1.0 - turn * turn)
    calm = row[CALM]
    return wide_metric(calm * np.cosh(k), calm * width, calm * np.sinh(k), east, north, rise_e, rise_n)


@inlined
def crossing(node, at, x, y):
    """Seconds along the way (x, y), all of it by the metric of cell *at*."""
    square = node[at, A] * x * x + 2.0 * node[at, B] * x * y + node[at, C] * y * y
    return np.sqrt(square) - node[at, S] * x - node[at, T] * y


@inlined
def is_ray(node, at, x, y):
    """Whether the way (x, y) goes on as the slope at the cell says: slope·way is then the crossing time itself."""
    square = node[at, A] * x * x + 2.0 * node[at, B] * x * y + node[at, C] * y * y
    along = (node[at, SLOPE_E] + node[at, S]) * x + (node[at, SLOPE_N] + node[at, T]) * y
    return np.sqrt(square) - along < 2e-4 * np.sqrt(square)


@inlined
def remember(ground, at, time, x, y, true):
    """Write an arrival along (x, y): the time, and its slope, which is the gradient of the metric there."""
    node, flag = ground.node, ground.flag
    east, north = node[at, A] * x + node[at, B] * y, node[at, B] * x + node[at, C] * y
    length = np.sqrt(east * x + north * y)
    node[at, TIME] = time
    if length > 0.0:
        node[at, SLOPE_E] = east / length - node[at, S]
        node[at, SLOPE_N] = north / length - node[at, T]
    flag[at] = (flag[at] | TRUE) if true else (flag[at] & ~TRUE)


@inlined
def between(node, here, one, other, x, y, dx, dy, p, h1, h2, h3):
    """Arrival at *here* from the share *p* of the way from *one* to *other*, and its derivative in *p*.

    Half of the way counts by the metric of *here*, half by that of the point between.
    """
    vx, vy = x + p * dx, y + p * dy
    a, b, c, s, t = node[here, A], node[here, B], node[here, C], node[here, S], node[here, T]
    east, north = a * vx + b * vy, b * vx + c * vy
    length = np.sqrt(east * vx + north * vy)
    value = length - s * vx - t * vy
    slope = (east * dx + north * dy) / length - s * dx - t * dy
    a, da = node[one, A], node[other, A] - node[one, A]
    b, db = node[one, B], node[other, B] - node[one, B]
    c, dc = node[one, C], node[other, C] - node[one, C]
    s, ds = node[one, S], node[other, S] - node[one, S]
    t, dt = node[one, T], node[other, T] - node[one, T]
    a, b, c, s, t = a + p * da, b + p * db, c + p * dc, s + p * ds, t + p * dt
    east, north = a * vx + b * vy, b * vx + c * vy
    length = np.sqrt(east * vx + north * vy)
    value += length - s * vx - t * vy
    change = _HALF * (da * vx * vx + _TWO * db * vx * vy + dc * vy * vy) / length - ds * vx - dt * vy
    slope += (east * dx + north * dy) / length - s * dx - t * dy + change
    value = node[one, TIME] + p * (h1 + p * (h2 + p * h3)) + _HALF * value
    return value, h1 + p * (_TWO * h2 + _THREE * p * h3) + _HALF * slope


@inlined
def times_between(ground, one, other, dx, dy):
    """Coefficients of the times from *one* to *other*, which lies at −(dx, dy): h1·p + h2·p² + h3·p³.

    A cubic where both slopes are those of rays and the front is convex between the two; else a straight line.
    """
    node = ground.node
    rise = node[other, TIME] - node[one, TIME]
    if ground.flag[one] & ground.flag[other] & TRUE:
        first = -(node[one, SLOPE_E] * dx + node[one, SLOPE_N] * dy)
        last = -(node[other, SLOPE_E] * dx + node[other, SLOPE_N] * dy)
        if first <= rise <= last:
            return first, _THREE * rise - _TWO * first - last, first + last - _TWO * rise
    return rise, _ZERO, _ZERO


@inlined
def look_back(ground, here, one, other, x, y, dx, dy):
    """The earliest arrival at *here* from between *one* and *other*, and from what share of the way.

    (x, y) leads from *one* to *here*, (x + dx, y + dy) from *other*. The cubic through both ends, values and slopes,
    shows where the least lies; a step of Newton's method from there is all that is wanted as a rule. An end is given
    back when nothing between could be earlier than what *here* has.
    """
    node = ground.node
    x, y, dx, dy = np.float32(x), np.float32(y), np.float32(dx), np.float32(dy)
    h1, h2, h3 = times_between(ground, one, other, dx, dy)
    first, falling = between(node, here, one, other, x, y, dx, dy, _ZERO, h1, h2, h3)
    if not falling < _ZERO:
        return first, _ZERO
    last, rising = between(node, here, one, other, x, y, dx, dy, _ONE, h1, h2, h3)
    share = (last - rising - first) / (falling - rising)
    if not rising > _ZERO or first + falling * share > node[here, TIME]:
        # two tangents of a convex function meet below it
        return (first, _ZERO) if first <= last else (last, _ONE)
    b = _TWO * (_THREE * (last - first) - _TWO * falling - rising)
    a = _THREE * (falling + rising - _TWO * (last - first))
    curve = np.sqrt(b * b - _TWO * _TWO * a * falling)
    p = -_TWO * falling / (b + curve)
    for _ in range(_ROUNDS):
        value, slope = between(node, here, one, other, x, y, dx, dy, p, h1, h2, h3)
        step = min(max(-slope / curve, -p), _ONE - p)
        value, p = value + _HALF * slope * step, p + step
        if abs(step) < _CLOSE:
            break
    return value, p
