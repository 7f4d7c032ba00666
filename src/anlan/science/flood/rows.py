"""Loops along a row of cells: one plain array after another, so that they become vector code.

All rows of a call start at the same column, one (first order) cell west of the
tile; faces are stored at the cell to their west, or to their north. Pressures and
signs are those of `physics.face`. Rows lead south: *q* is momentum southwards.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from anlan.science.flood.numerics import fetch, kernel, larger, smaller, wide_vectors
from anlan.science.flood.physics import borne, deep_face, face, lesser, limited, literal, slowed


@kernel
def fetch_ahead(first, second, n):
    """Ask for *n* cells of two rows that a later round will read or write.

    Few at a time, between the loops: the processor keeps no more than some 16 lines on their way.
    """
    for i in range(0, n, 16):
        fetch(first, i)
        fetch(second, i)


@kernel
def primitives(h, p, q, w, u, v, k, n):
    """Effective depth (zero where dry) and velocities of *n* cells; returns the least depth."""
    wide_vectors()
    k = literal(k)
    least = h[0]
    for i in range(n):
        j = np.uint64(i)
        depth = h[j]
        least = smaller(least, depth)
        inverse = k.one / larger(depth, k.dry)
        inverse = inverse if depth > k.dry else k.zero
        w[j] = depth if depth > k.dry else k.zero
        u[j] = p[j] * inverse
        v[j] = q[j] * inverse
    return least


@kernel
def faces(w, u, v, z, w2, u2, v2, z2, mass, left, right, along, k, n, top):
    """Fluxes between *n* cells and their neighbours ahead (suffix 2), u across the face and v along it.

    Returns the largest of *top* and the wave speeds. Neighbours in the same row come as arrays of their own,
    one cell on: from one array LLVM would carry each value over to the next round, at a shuffle apiece.
    """
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        a, b, c, s = face(w[j], u[j], w2[j], u2[j], z2[j] - z[j], k)
        mass[j] = a
        left[j] = b
        right[j] = c
        along[j] = borne(a, v[j], v2[j], k)
        top = larger(top, s)
    return top


@kernel
def deep_faces(w, u, v, z, w2, u2, v2, z2, mass, left, right, along, k, n, top):
    """`faces` where no cell is dry and all water is deeper than the steps of the bed, at two thirds of the cost."""
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        a, b, c, s = deep_face(w[j], u[j], w2[j], u2[j], z2[j] - z[j], k)
        mass[j] = a
        left[j] = b
        right[j] = c
        along[j] = borne(a, v[j], v2[j], k)
        top = larger(top, s)
    return top


@kernel
def update(
    h, p, q, west_mass, west_right, west_along, mass, left, along,
    north_mass, north_right, north_along, south_mass, south_left, south_along,
    out_h, out_p, out_q, rough, lam, dt, k, n, low, high,
):  # fmt: skip
    """Cells after a step: fluxes over *lam* = dt/dx, then friction; returns the least and the greatest depth."""
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        depth = h[j] - lam * (mass[j] - west_mass[j] + south_mass[j] - north_mass[j])
        east = p[j] - lam * (left[j] - west_right[j] + south_along[j] - north_along[j])
        south = q[j] - lam * (along[j] - west_along[j] + south_left[j] - north_right[j])
        low = smaller(low, depth)
        high = larger(high, depth)
        kept = slowed(depth, east, south, dt * rough[j], k)
        east = east * kept
        south = south * kept
        out_h[j] = depth
        out_p[j] = east if larger(east, -east) > k.tiny else k.zero
        out_q[j] = south if larger(south, -south) > k.tiny else k.zero
    return low, high


@kernel
def slopes(wb, ub, vb, zb, w, u, v, z, wa, ua, va, za, slope_h, slope_z, slope_u, slope_v, k, n):
    """Limited slopes of *n* cells between the cells back and ahead: depth, bed, velocities.

    The water surface is limited, not the bed, so that a lake stays at rest (Audusse et al. 2004, §4);
    beside a dry cell all slopes are zero.
    """
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        back, ahead = w[j] - wb[j], wa[j] - w[j]
        wet = smaller(smaller(wb[j], wa[j]), w[j]) > k.dry
        depth = limited(back, ahead, k)
        surface = lesser(back + (z[j] - zb[j]), ahead + (za[j] - z[j]), k)
        east = limited(u[j] - ub[j], ua[j] - u[j], k)
        south = limited(v[j] - vb[j], va[j] - v[j], k)
        slope_h[j] = depth if wet else k.zero
        slope_z[j] = surface - depth if wet else k.zero
        slope_u[j] = east if wet else k.zero
        slope_v[j] = south if wet else k.zero


@kernel
def sloped_faces(
    w, u, v, z, sh, sz, su, sv, w2, u2, v2, z2, sh2, sz2, su2, sv2, mass, left, right, along, k, n, top
):
    """Second-order fluxes between *n* cells and their neighbours ahead (suffix 2); u is across the face."""
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        step = z2[j] - z[j] - k.half * (sz[j] + sz2[j])
        a, b, c, s = face(
            w[j] + k.half * sh[j],
            u[j] + k.half * su[j],
            w2[j] - k.half * sh2[j],
            u2[j] - k.half * su2[j],
            step,
            k,
        )
        mass[j] = a
        left[j] = b
        right[j] = c
        along[j] = borne(a, v[j] + k.half * sv[j], v2[j] - k.half * sv2[j], k)
        top = larger(top, s)
    return top


@kernel
def lean(w, sh_x, sz_x, sh_y, sz_y, p, q, out_p, out_q, weight, k, n):
    """Momentum less the pull of the water surface's slope within each cell, weight = g·dt/dx."""
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        out_p[j] = p[j] - weight * w[j] * (sh_x[j] + sz_x[j])
        out_q[j] = q[j] - weight * w[j] * (sh_y[j] + sz_y[j])


@kernel
def average(h0, p0, q0, h, p, q, k, n):
    """Half of the first state and half of (h, p, q), into the latter: the last stage of Shu & Osher (1988)."""
    wide_vectors()
    k = literal(k)
    for i in range(n):
        j = np.uint64(i)
        depth = k.half * (h0[j] + h[j])
        wet = depth > k.dry
        h[j] = depth
        p[j] = k.half * (p0[j] + p[j]) if wet else k.zero
        q[j] = k.half * (q0[j] + q[j]) if wet else k.zero
