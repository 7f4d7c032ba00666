"""The inner loops of the ensemble: every member's plume over a band of rows, in vector form.

A table in s = √x keeps the logarithm of the centreline and the reciprocal of √2 σy, so that a cell costs one
square root, two look-ups and one exponential made of a polynomial; no libm call stands in a loop.
"""

from typing import Any

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.extending import intrinsic

T = np.float32
BAND = 8
_LOG2E, _HALF, _BIAS, _SHIFT = T(1.4426950408889634), T(0.5), np.int32(127), np.int32(23)
_LOWEST = T(-80.0)
# 2^f on −½…½, Taylor in f ln 2: relative error below 2e-7
_C0, _C1, _C2, _C3, _C4, _C5, _C6 = (
    T(1.0),
    T(0.6931471805599453),
    T(0.2402265069591007),
    T(0.0555041086648216),
    T(0.0096181291076285),
    T(0.0013333558146428),
    T(0.0001540353039338),
)
_ONE, _ZERO = T(1.0), T(0.0)
_FAST: dict[str, Any] = {
    "fastmath": {"nsz", "arcp", "contract", "afn", "reassoc"},
    "error_model": "numpy",
    "boundscheck": False,
}


def _bits_as_float(typing: Any, bits: Any) -> Any:
    """The float32 whose bits are an int32."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.FloatType())

    return numba.float32(numba.int32), make


_as_float: Any = intrinsic(_bits_as_float)


@numba.njit(inline="always", **_FAST)
def exp32(value):  # type: ignore[no-untyped-def]
    """e^value for −80…87 in single precision; below −80 about 1e-35."""
    scaled = max(value, _LOWEST) * _LOG2E
    whole = np.int32(np.floor(scaled + _HALF))
    f = scaled - T(whole)
    power = _C0 + f * (_C1 + f * (_C2 + f * (_C3 + f * (_C4 + f * (_C5 + f * _C6)))))
    return power * _as_float(np.int32((whole + _BIAS) << _SHIFT))


@numba.njit(cache=True, nogil=True, **_FAST)
def _places(a0, da, low, count, per_step, last, s):  # type: ignore[no-untyped-def]
    """Place in the tables of *count* cells from column *low*; those behind the source get −1."""
    for k in range(count):
        along = a0 + T(np.int32(low) + np.int32(k)) * da
        ahead = along > _ZERO
        place = min(np.sqrt(along if ahead else _ONE) * per_step, last)
        s[np.uint64(k)] = place if ahead else -_ONE


@numba.njit(cache=True, nogil=True, **_FAST)
def _look_up(c0, dc, low, count, log_centre, width, s, e):  # type: ignore[no-untyped-def]
    """From places in the tables to the logarithm of the axis (into *s*) and (y/√2σy)² (into *e*).

    A pass of its own: a loop that reads at computed places is never made a vector, the loops beside it are.
    """
    for k in range(count):
        place = s[k]
        node = np.int32(max(place, _ZERO))
        share = place - T(node)
        w = width[node] + share * (width[node + 1] - width[node])
        across = (c0 + T(low + k) * dc) * w
        e[k] = across * across if place >= _ZERO else T(99.0)
        s[k] = log_centre[node] + share * (log_centre[node + 1] - log_centre[node])


@numba.njit(cache=True, nogil=True, **_FAST)
def _raise(count, s, e):  # type: ignore[no-untyped-def]
    """Concentrations, into *s*; zero beyond six σ."""
    for k in range(count):
        j = np.uint64(k)
        made = exp32(s[j] - e[j])
        s[j] = made if e[j] <= T(18.0) else _ZERO


@numba.njit(cache=True, nogil=True, **_FAST)
def _tally(values, count, low, level, peak, exceeded):  # type: ignore[no-untyped-def]
    """Keep the peak, and count the member where it reaches the level."""
    for k in range(count):
        j = np.uint64(low + k)
        value = values[np.uint64(k)]
        peak[j] = max(peak[j], value)
        exceeded[j] += np.uint16(1) if value >= level else np.uint16(0)


@numba.njit(cache=True, nogil=True, **_FAST)
def _count(values, count, low, level, exceeded):  # type: ignore[no-untyped-def]
    for k in range(count):
        j = np.uint64(low + k)
        exceeded[j] += np.uint16(1) if values[np.uint64(k)] >= level else np.uint16(0)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _arrivals(values, count, low, a0, da, level, speed, length_m, width, per_step, rise, arrival):  # type: ignore[no-untyped-def]
    """The earliest time at which a cell reaches the level; *rise* as of `front`."""
    rows, columns = rise.shape
    for k in range(count):
        value = values[k]
        if value < level:
            continue
        j = low + k
        along = a0 + T(j) * da
        s = min(np.sqrt(along) * per_step, T(len(width) - 2))
        node = int(s)
        w = width[node] + (s - T(node)) * (width[node + 1] - width[node])
        # √2 σx and half the cloud's length; σx = σy
        blur = _ONE / w
        soonest = (along - T(4.5) * blur) / speed
        if soonest >= arrival[j]:
            continue
        row = min(T(rows - 1) * (length_m * w) / (length_m * w + T(1.0)), T(rows - 1.001))
        column = min(level / value * T(columns - 1), T(columns - 1.001))
        r, c = int(row), int(column)
        fr, fc = row - T(r), column - T(c)
        upper = rise[r, c] + fc * (rise[r, c + 1] - rise[r, c])
        lower = rise[r + 1, c] + fc * (rise[r + 1, c + 1] - rise[r + 1, c])
        moment = (along + blur * (upper + fr * (lower - upper))) / speed
        arrival[j] = min(arrival[j], max(moment, _ZERO))


@numba.njit(cache=True, parallel=True, nogil=True, error_model="numpy")
def sweep(  # type: ignore[no-untyped-def]
    x0,
    y0,
    cell,
    east,
    north,
    speed,
    length,
    kind,
    log_centre,
    width,
    slope,
    offset,
    per_step,
    levels,
    rise,
    peak,
    exceeded,
    arrival,
):
    """All members over all rows; returns how many cells were evaluated.

    *x0*, *y0* are the first cell's centre as seen from the source (metres east and north), rows going south.
    *east*, *north* say where each member's wind blows to; *slope* and *offset* bound six widths by class.
    ``exceeded`` is (levels, rows, columns); the first level is the one whose arrival is kept.
    """
    rows, columns = peak.shape
    bands = (rows + BAND - 1) // BAND
    worked = np.zeros(bands, np.int64)
    last = T(log_centre.shape[1] - 2)
    for band in numba.prange(bands):
        values = np.empty(columns, np.float32)
        squares = np.empty(columns, np.float32)
        done = 0
        for m in range(len(speed)):
            k, b = slope[kind[m]], offset[kind[m]]
            da, dc = cell * east[m], -cell * north[m]
            for row in range(band * BAND, min(rows, (band + 1) * BAND)):
                dy = y0 - row * cell
                a0 = x0 * east[m] + dy * north[m]
                c0 = -x0 * north[m] + dy * east[m]
                low, high = _within(a0, da, c0, dc, k, b, columns)
                count = high - low + 1
                if count <= 0:
                    continue
                done += count
                one = T(a0), T(da)
                table = width[kind[m]]
                _places(one[0], one[1], low, count, per_step, last, values)
                _look_up(T(c0), T(dc), low, count, log_centre[m], table, values, squares)
                _raise(count, values, squares)
                _tally(values, count, low, levels[0], peak[row], exceeded[0, row])
                for n in range(1, len(levels)):
                    _count(values, count, low, levels[n], exceeded[n, row])
                _arrivals(
                    values,
                    count,
                    low,
                    one[0],
                    one[1],
                    levels[0],
                    T(speed[m]),
                    T(length[m]),
                    table,
                    per_step,
                    rise,
                    arrival[row],
                )
        worked[band] = done
    return worked.sum()


@numba.njit(cache=True, nogil=True)
def _within(a0, da, c0, dc, slope, offset, columns):  # type: ignore[no-untyped-def]
    """First and last column ahead of the source with |across| ≤ offset + slope · along: half-planes cut the row."""
    low, high = 0.0, columns - 1.0
    for n in range(-1, 2 * len(slope)):
        if n < 0:
            rate, room = -da, a0
        else:
            sign = 1.0 if n % 2 else -1.0
            k = slope[n // 2]
            rate, room = sign * dc - k * da, offset[n // 2] + k * a0 - sign * c0
        if rate > 1e-12:
            high = min(high, np.floor(room / rate))
        elif rate < -1e-12:
            low = max(low, np.ceil(room / rate))
        elif room < 0:
            return 0, -1
    return int(max(low, 0.0)), int(max(high, -1.0))
