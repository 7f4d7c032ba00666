"""The same physics on a GPU: one thread per cell, kernels built when first asked for.

The functions of `physics` are compiled anew over CUDA's own `min`, `max`, `sqrt`
and `pow`; nothing of the scheme is written twice but the bookkeeping of a cell.
First order; each thread computes its four faces, as bandwidth is what a GPU has.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,attr-defined"

import math
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np
from numba import cuda

from anlan.science.flood.physics import SOURCES, Constants

_BLOCK = (32, 8)
HIGH_M = 1.0e5
"""Ground that no water overtops."""


def is_available() -> bool:
    """Whether a CUDA device (or numba's simulator of one) is there."""
    return bool(cuda.is_available())


@cache
def step_kernel() -> Any:
    """The CUDA kernel of one Euler step of first order over padded arrays with closed edges.

    Arguments: h, p, q, bed, drag (g·n²), new h, p, q, dt/dx, dt, constants. The bed
    around the grid must be raised above any water (`HIGH_M`): there the edges close; the
    outermost two rings are never written.
    """
    physics = device_functions()
    face, borne, slowed = physics["face"], physics["borne"], physics["slowed"]

    @cuda.jit(device=True)
    def wet(depth, east, south, k):
        if depth > k.dry:
            return depth, east / depth, south / depth
        return k.zero, k.zero, k.zero

    @cuda.jit
    def step(h, p, q, z, drag, out_h, out_p, out_q, lam, dt, k):
        j, i = cuda.grid(2)
        if i < 2 or j < 2 or i >= h.shape[0] - 2 or j >= h.shape[1] - 2:
            return
        w, u, v = wet(h[i, j], p[i, j], q[i, j], k)
        ww, uw, vw = wet(h[i, j - 1], p[i, j - 1], q[i, j - 1], k)
        we, ue, ve = wet(h[i, j + 1], p[i, j + 1], q[i, j + 1], k)
        wn, un, vn = wet(h[i - 1, j], p[i - 1, j], q[i - 1, j], k)
        ws, us, vs = wet(h[i + 1, j], p[i + 1, j], q[i + 1, j], k)
        west, _a, west_push, _b = face(ww, uw, w, u, z[i, j] - z[i, j - 1], k)
        east, east_push, _c, _d = face(w, u, we, ue, z[i, j + 1] - z[i, j], k)
        north, _e, north_push, _f = face(wn, vn, w, v, z[i, j] - z[i - 1, j], k)
        south, south_push, _g, _h = face(w, v, ws, vs, z[i + 1, j] - z[i, j], k)
        west_along, east_along = borne(west, vw, v, k), borne(east, v, ve, k)
        north_along, south_along = borne(north, un, u, k), borne(south, u, us, k)
        depth = h[i, j] - lam * (east - west + south - north)
        momentum_x = p[i, j] - lam * (east_push - west_push + south_along - north_along)
        momentum_y = q[i, j] - lam * (east_along - west_along + south_push - north_push)
        kept = slowed(depth, momentum_x, momentum_y, dt * drag[i, j], k)
        out_h[i, j], out_p[i, j], out_q[i, j] = depth, momentum_x * kept, momentum_y * kept

    return step


@cache
def device_functions() -> dict[str, Any]:
    """The physics compiled for the device, by name."""

    def inverse_h73(h, third, four_thirds):
        return h ** (-7 * third)

    names: dict[str, Any] = {"larger": max, "smaller": min, "square_root": math.sqrt}
    names["inverse_h73"] = cuda.jit(device=True)(inverse_h73)
    made: dict[str, Any] = {}
    for name, source in SOURCES.items():
        plain = getattr(source, "__wrapped__", source)
        made[name] = cuda.jit(device=True)(FunctionType(plain.__code__, names, name))
        names[name] = made[name]
    return made


def advance(
    state: list[Any], bed: Any, drag: Any, out: list[Any], dt: float, cell_m: float, k: Constants
) -> None:
    """One step of *state* (h, p, q on the device) into *out*."""
    rows, columns = bed.shape
    blocks = (-(-columns // _BLOCK[0]), -(-rows // _BLOCK[1]))
    real = type(k.one)
    step_kernel()[blocks, _BLOCK](*state, bed, drag, *out, real(dt / cell_m), real(dt), k)


def to_device(values: Any) -> Any:
    """A copy on the device."""
    return cuda.to_device(np.ascontiguousarray(values))
