"""First arrival under a Randers metric, cell by cell from the earliest: the kernels of `travel`.

Each cell looks back along the rays that reach it from between two burnt neighbours (a semi-Lagrangian update on the
ring of eight). Between the two the arrival time is a cubic with the slopes that both remember, so a front keeps its
curvature and a straight ray keeps its direction: the grid leaves no mark on even ground. A cell that turns out to be
reached earlier is taken up again (label correcting), because a long ellipse may reach a cell before one that its ray
came through. Arrays are padded by one cell that does not burn; rows run south, y runs north.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from anlan.science.wildfire.physics import front_rate
from anlan.science.wildfire.queue import pop, push
from anlan.science.wildfire.rays import (
    FROZEN,
    HEAT,
    KNOWN,
    METRIC,
    SLOPE_E,
    SLOPE_N,
    TIME,
    TRUE,
    UNBURNABLE,
    A,
    B,
    C,
    S,
    T,
    crossing,
    inlined,
    is_ray,
    kernel,
    look_back,
    measure,
    remember,
)

_EAST = np.array([1, 1, 0, -1, -1, -1, 0, 1])
_NORTH = np.array([0, 1, 1, 1, 0, -1, -1, -1])
_TURN_E = np.array([[0, 0], [-1, 0], [-1, 1], [1, 0], [0, 0], [1, 0], [-1, 1], [-1, 0]])
_TURN_N = np.array([[-1, 1], [0, -1], [0, 0], [0, -1], [-1, 1], [0, 1], [0, 0], [0, 1]])
"""What turns the way from a cell into the way from either corner beside it; that corner lies at minus this."""
_HALO = 1.0
"""How many cells beyond those that burn are followed: rays come in between burnt and unburnt ones."""
_REACH = 5
"""Cells about an ignition that are reached straight; nearer, a cubic would not follow the front's curvature."""
_SLACK, _AGAIN = 1e-4, 0.05
"""Shares of the last step by which an arrival must be earlier to be another one: of a cell not yet taken, of one that
was. Without the second, gales over mixed fuel would correct the same cells hundreds of times for nothing."""


@inlined
def row_of(ground, at):
    """The row of a padded cell; a product, since a division would take longer than all else in a key."""
    return np.int64((at + 0.5) * ground.share)


@inlined
def key_of(ground, air, at):
    """What the queue sorts by: the arrival less the wind's gift so far, in whole ticks, above the cell's number.

    In even wind this is the time in still air, by which no cell comes before one that its ray came through.
    """
    order, row = air.order, row_of(ground, at)
    column = at - row * ground.columns
    still = ground.node[at, TIME] + order[0] * column - order[1] * row - order[2]
    return (np.int64(max(still, 0.0) * order[3]) << 32) | at


@inlined
def touch(ground, at):
    """Widen the box by a cell."""
    box, row = ground.box, row_of(ground, at)
    column = at - row * ground.columns
    box[0], box[1] = min(box[0], row), max(box[1], row)
    box[2], box[3] = min(box[2], column), max(box[3], column)


@kernel
def advance(heap, size, ground, air, budget):
    """Burn on from the queue until it is empty, *budget* cells were taken or it is full; returns size, cells taken."""
    node, flag, fuel, columns, taken = ground.node, ground.flag, ground.fuel, ground.columns, 0
    while 0 < size < len(heap) - 8 and taken < budget:
        least, size = pop(heap, size)
        at = np.int64(least & 0xFFFFFFFF)
        if least != key_of(ground, air, at):
            continue
        taken += 1
        flag[at] |= KNOWN
        late = node[at, TIME] - air.end
        if late > 0.0 and late * late > _HALO * _HALO * (node[at, SLOPE_E] ** 2 + node[at, SLOPE_N] ** 2):
            continue
        touch(ground, at)
        for k in range(8):
            x, y = _EAST[k], _NORTH[k]
            here = at + x - y * columns
            if fuel[here] == UNBURNABLE or flag[here] & FROZEN:
                continue
            if fuel[at + x] == UNBURNABLE and fuel[at - y * columns] == UNBURNABLE:
                # cells that touch at a corner let nothing through between them
                continue
            if not flag[here] & METRIC:
                measure(ground, air, here)
            if spread(ground, air, at, here, k, late > 0.0):
                size = push(heap, size, key_of(ground, air, here))
    return size, taken


@inlined
def spread(ground, air, at, here, k, late):
    """Look at *here* from *at* and both cells beside the way; whether it is reached earlier than was known."""
    node, flag, old, x, y = ground.node, ground.flag, ground.node[here, TIME], _EAST[k], _NORTH[k]
    best, vx, vy, true, sides = np.inf, float(x), float(y), False, 0
    for turn in range(2):
        dx, dy = _TURN_E[k, turn], _TURN_N[k, turn]
        other = at - dx + dy * ground.columns
        if not flag[other] & KNOWN or (node[at, TIME] >= old and node[other, TIME] >= old):
            continue
        if not flag[other] & METRIC:
            measure(ground, air, other)
        value, share = look_back(ground, here, at, other, x, y, dx, dy)
        sides += 1
        if value < best:
            best, vx, vy, true = value, x + share * dx, y + share * dy, 0.0 < share < 1.0
    if sides == 0:
        if late or node[at, TIME] >= old:
            return False
        best = node[at, TIME] + 0.5 * (crossing(node, here, x, y) + crossing(node, at, x, y))
    if not true and vx == x and vy == y and flag[at] & TRUE:
        true = is_ray(node, at, x, y)
    best = max(best, air.start)
    if len(ground.closed) > 1 and best >= ground.closed[here]:
        return False
    if best >= old and (not true or flag[here] & TRUE):
        return False
    slack = (_AGAIN if flag[here] & KNOWN else _SLACK) * crossing(node, here, vx, vy)
    if best < old - slack:
        remember(ground, here, best, vx, vy, true)
        return True
    if true and abs(best - old) <= slack and not flag[here] & TRUE:
        remember(ground, here, old, vx, vy, true)
    return False


@kernel
def straight(ground, air, x0, y0, x, y):
    """Seconds along a straight way from (x0, y0), y south, through the cells it crosses; infinite where one is bare."""
    steps = max(1, int(np.ceil(4.0 * np.sqrt(x * x + y * y))))
    way = 0.0
    for step in range(steps):
        # a little past the middle: of two cells at a border the one ahead counts, whichever way the grid lies
        share = (step + 0.501) / steps
        at = int(np.floor(y0 - share * y)) * ground.columns + int(np.floor(x0 + share * x))
        if ground.fuel[at] == UNBURNABLE:
            return np.inf
        if not ground.flag[at] & METRIC:
            measure(ground, air, at)
        way += crossing(ground.node, at, x / steps, y / steps)
    return way


@kernel
def ignite(heap, size, ground, air, x0, y0, time):
    """Light a point (in padded cells, y south): straight ways to the cells about it that nothing bars."""
    node, flag, columns = ground.node, ground.flag, ground.columns
    rows = len(ground.fuel) // columns
    for row in range(max(int(y0) - _REACH, 1), min(int(y0) + _REACH, rows - 2) + 1):
        for column in range(max(int(x0) - _REACH, 1), min(int(x0) + _REACH, columns - 2) + 1):
            here = row * columns + column
            x, y = column + 0.5 - x0, y0 - row - 0.5
            far = np.sqrt(x * x + y * y)
            if ground.fuel[here] == UNBURNABLE or flag[here] & FROZEN or far > _REACH:
                continue
            arrival = time + straight(ground, air, x0, y0, x, y)
            if not flag[here] & METRIC:
                measure(ground, air, here)
            if not arrival < node[here, TIME] or (len(ground.closed) > 1 and arrival >= ground.closed[here]):
                continue
            if far > 0.0:
                remember(ground, here, arrival, x, y, far >= 1.0)
            else:
                still = node[here, S] == 0.0 and node[here, T] == 0.0
                remember(ground, here, arrival, 1.0 if still else node[here, S], node[here, T], False)
            touch(ground, here)
            size = push(heap, size, key_of(ground, air, here))
    return size


@kernel
def kindle(heap, size, ground, air, cells):
    """Set *cells* on fire from the beginning; they have no rate of their own."""
    for at in cells:
        touch(ground, at)
        measure(ground, air, at)
        ground.node[at, TIME] = air.start
        ground.node[at, SLOPE_E] = ground.node[at, SLOPE_N] = 0.0
        size = push(heap, size, key_of(ground, air, at))
    return size


@kernel
def settle(ground, air, arrival, rate, intensity):
    """Take down what burnt in the stage that ends: arrival (s), rate of the front (m/s), intensity (kW/m)."""
    node, flag, box, columns = ground.node, ground.flag, ground.box, ground.columns
    for row in range(box[0], box[1] + 1):
        for at in range(row * columns + box[2], row * columns + box[3] + 1):
            if not flag[at] & KNOWN or flag[at] & FROZEN or node[at, TIME] > air.end:
                continue
            flag[at] |= FROZEN
            arrival[at] = node[at, TIME]
            east, north = node[at, SLOPE_E] / ground.cell_m, node[at, SLOPE_N] / ground.cell_m
            if east != 0.0 or north != 0.0:
                rate[at] = front_rate(east, north, ground.shape[at, 0], ground.shape[at, 1])
                intensity[at] = rate[at] * air.table[ground.fuel[at], HEAT]


@kernel
def change_wind(heap, ground, air, before):
    """Begin the stage *air*: carry the cells along the front over to the new metric; returns the size of the queue.

    About the front, T = start, the old arrivals are stretched so that their slopes fit the new metric. Where the fire
    did not run in the stage that began at *before*, its clock stood still.
    """
    node, flag, fuel, box, columns, size = (
        ground.node, ground.flag, ground.fuel, ground.box, ground.columns, 0,
    )  # fmt: skip
    for row in range(max(box[0] - 1, 1), min(box[1] + 1, len(fuel) // columns - 2) + 1):
        for column in range(max(box[2] - 1, 1), min(box[3] + 1, columns - 2) + 1):
            at = row * columns + column
            stood = flag[at] & METRIC and node[at, A] == np.inf
            flag[at] &= ~METRIC if flag[at] & FROZEN else ~(METRIC | KNOWN)
            if not node[at, TIME] < np.inf or (flag[at] & FROZEN and not at_front(ground, at)):
                continue
            if stood:
                node[at, TIME] += air.start - before
            measure(ground, air, at)
            if node[at, A] < np.inf:
                stretch(node, at, air.start)
                size = push(heap, size, key_of(ground, air, at))
    return size


@kernel
def at_front(ground, at):
    """Whether a burnt cell has a neighbour that may yet burn."""
    for k in range(8):
        beside = at + _EAST[k] - _NORTH[k] * ground.columns
        if ground.fuel[beside] != UNBURNABLE and not ground.flag[beside] & FROZEN:
            return True
    return False


@kernel
def stretch(node, at, start):
    """Scale the slope g of a cell to the metric it has now, and its time about *start* with it.

    The factor μ solves (μg + w)ᵀ Q⁻¹ (μg + w) = 1, the dual of the metric √(vᵀQv) − w·v.
    """
    a, b, c, s, t = node[at, A], node[at, B], node[at, C], node[at, S], node[at, T]
    x, y = node[at, SLOPE_E], node[at, SLOPE_N]
    determinant = a * c - b * b
    gg = (c * x * x - 2.0 * b * x * y + a * y * y) / determinant
    gw = (c * x * s - b * (x * t + y * s) + a * y * t) / determinant
    ww = (c * s * s - 2.0 * b * s * t + a * t * t) / determinant
    if gg > 0.0:
        factor = (np.sqrt(gw * gw + gg * (1.0 - ww)) - gw) / gg
        node[at, TIME] = start + factor * (node[at, TIME] - start)
        node[at, SLOPE_E], node[at, SLOPE_N] = factor * x, factor * y


@kernel
def gift(ground, air):
    """The wind's linear part of the metric on flat ground (s per cell east, north), the least over all fuels.

    *ground* is that of a single flat cell.
    """
    east = north = 0.0
    least = np.inf
    for kind in range(len(air.table)):
        ground.fuel[0] = kind
        measure(ground, air, 0)
        s, t = ground.node[0, S], ground.node[0, T]
        if ground.node[0, A] < np.inf and s * s + t * t < least:
            least, east, north = s * s + t * t, s, t
    return east, north
