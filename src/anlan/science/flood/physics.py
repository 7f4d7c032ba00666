"""The shallow-water physics of one face and one cell, as plain functions.

They are written over the four names *larger*, *smaller*, *square_root* and
*inverse_h73*, so that the same source compiles for the processor's vectors
(`numerics`) and for a GPU (`gpu`). Every constant comes in *k*, in the working
precision: a stray double would turn the f32 loop into an f64 one.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any, NamedTuple

import numpy as np
from numba import types

from anlan.science.flood.numerics import as_literals, inverse_h73, larger, pointwise, smaller, square_root

GRAVITY_M_S2 = 9.81
DRY_M = 1e-6
"""A cell with less water than this holds it and lets none flow (m)."""


class Constants(NamedTuple):
    """The numbers of the scheme in one precision; *tiny* is a momentum (m²/s) that is flushed to zero,
    lest denormal numbers slow the loop down a hundredfold."""

    zero: Any
    quarter: Any
    third: Any
    half: Any
    three_quarters: Any
    one: Any
    four_thirds: Any
    three_halves: Any
    two: Any
    four: Any
    g: Any
    dry: Any
    tiny: Any


def constants(dtype: np.dtype[Any]) -> Constants:
    """The constants in *dtype*, float32 or float64."""
    tiny = 1e-14 if dtype == np.float32 else 1e-60
    numbers = (0, 1 / 4, 1 / 3, 1 / 2, 3 / 4, 1, 4 / 3, 3 / 2, 2, 4, GRAVITY_M_S2, DRY_M, tiny)
    return Constants(*(dtype.type(number) for number in numbers))


literal = as_literals(
    {types.float32: constants(np.dtype(np.float32)), types.float64: constants(np.dtype(np.float64))}
)
"""The same constants, known to the compiler: they take no registers and fold into one another."""


def _riemann(a, ul, b, ur, wet_l, wet_r, falls_l, falls_r, k):
    """HLL between two depths and the velocities across the face: mass, momentum for either side, speed.

    The momentum is less each side's own pressure g·a²/2 and g·b²/2. Wave speeds of
    Toro (2001, eq. 10.18–10.23), with the exact ones beside a side not *wet*. Where one side *falls* down
    to the other, it gives what it carries and no more: the flux into a void would let a thin film
    on a slope run off several times too fast.
    """
    ca = square_root(k.g * a)
    cb = square_root(k.g * b)
    # what the left and the right water can reach at the most; beside a dry bed the front itself
    reach_l = ul + k.two * ca
    reach_r = ur - k.two * cb
    ahead = reach_l if wet_l else reach_r
    behind = reach_r if wet_r else reach_l
    spread = k.quarter * (behind - ahead)
    # speeds outwards, to the left and to the right
    sl = larger(larger(ca - ul, spread - behind), k.tiny)  # so that what falls left bears all of the push
    sr = larger(larger(cb + ur, spread + ahead), k.zero)
    sl = k.zero if falls_l else sl
    sr = k.zero if falls_r else sr
    inverse = k.one / larger(sr + sl, k.tiny)
    rest = sl * inverse
    # what either side gives, never negative and nothing from a dry one, whatever the rounding
    given_l = sr * inverse * a * larger(ul + sl, k.zero)
    given_r = rest * b * larger(sr - ur, k.zero)
    push = k.half * k.g * (b - a) * (b + a)
    left = ul * given_l - ur * given_r + rest * push
    return given_l - given_r, left, left - push, larger(sr, sl)


def _face(hl, ul, hr, ur, dz, k):
    """Fluxes through the face between a left and a right cell.

    h depth (zero where dry), u velocity across the face, dz = bed of the right
    cell minus bed of the left. Returns the mass flux (m²/s), the momentum flux as
    the left and as the right cell feel it, each less the hydrostatic pressure of
    that cell, and the largest wave speed; for the momentum along the face see `borne`.

    HLLC of Toro, Spruce & Speares (1994); depths at the face by the hydrostatic
    reconstruction of Audusse et al. (2004) in the form of Chen & Noelle (2017,
    eq. 2.14–2.18), which is the same on submerged beds and keeps the full weight
    of thin water on slopes steeper than its depth.
    """
    rise_l = smaller(larger(dz, k.zero), smaller(hl, hr + dz))
    rise_r = rise_l - dz
    falls_l = rise_l < k.zero
    falls_r = rise_r < k.zero
    a = hl if falls_l else hl - rise_l
    b = hr if falls_r else hr - rise_r
    b = k.zero if falls_l else b  # as it is but for the rounding, which the mirrored face has not
    # what falls takes the weight of its own depth along the step
    weight_l = k.g * a * rise_l if falls_l else k.zero
    weight_r = k.g * b * rise_r if falls_r else k.zero
    mass, left, right, speed = riemann(a, ul, b, ur, a > k.dry, b > k.dry, falls_l, falls_r, k)
    return mass, left + weight_l, right + weight_r, speed


def _deep_face(hl, ul, hr, ur, dz, k):
    """`face` where both depths are more than a film above the step *dz* of the bed: neither side falls or is dry."""
    rise_l = larger(dz, k.zero)
    return riemann(hl - rise_l, ul, hr - (rise_l - dz), ur, True, True, False, False, k)


def _borne(mass, vl, vr, k):
    """The flux of the velocity along a face that the *mass* takes with it from the side where it comes from."""
    return mass * (vl if mass > k.zero else vr)


def _wall_face(hl, ul, vl, hr, ur, vr, wall_l, wall_r, k):
    """Fluxes through a face with a wall whose crest lies *wall_l* and *wall_r* above the two beds.

    Over the crest: the depths above it, as over a sill. A face that neither side overtops reflects:
    no mass, and the pressure that a mirror image would give (HLL of (h, u) and (h, -u)).
    """
    a = larger(hl - larger(wall_l, k.zero), k.zero)
    b = larger(hr - larger(wall_r, k.zero), k.zero)
    if a > k.dry or b > k.dry:
        # the velocity of water that does not reach the crest says nothing there
        ul = ul if a > k.dry else ur
        ur = ur if b > k.dry else ul
        mass, left, right, speed = riemann(a, ul, b, ur, a > k.dry, b > k.dry, False, False, k)
        return mass, left, right, borne(mass, vl, vr, k), speed
    ca, cb = square_root(k.g * hl), square_root(k.g * hr)
    speed_l = larger(ca - ul, ca + k.half * ul)
    speed_r = larger(cb + ur, cb - k.half * ur)
    left = hl * ul * (ul + speed_l)
    right = hr * ur * (ur - speed_r)
    return k.zero, left, right, k.zero, larger(larger(speed_l, speed_r), k.zero)


def _slowed(h, p, q, drag, k):
    """The factor that Manning friction leaves of the momentum (p, q) after a step with *drag* = dt·g·n².

    Fully implicit: |q'| + c|q'|² = |q| with c = drag·h**(-7/3), so a steady uniform flow is exact
    whatever the step (Manning 1891; Xia & Liang 2018 for why implicit).
    """
    stiff = drag * square_root(p * p + q * q) * inverse_h73(larger(h, k.dry), k.third, k.four_thirds)
    factor = k.two / (k.one + square_root(k.one + k.four * stiff))
    return factor if h > k.dry else k.zero


def _limited(back, ahead, k):
    """The slope of a cell between the differences to its two neighbours: generalised minmod with θ = 1.5."""
    centre = k.half * (back + ahead)
    up = smaller(smaller(k.three_halves * back, k.three_halves * ahead), centre)
    down = larger(larger(k.three_halves * back, k.three_halves * ahead), centre)
    return larger(up, k.zero) + smaller(down, k.zero)


def _lesser(back, ahead, k):
    """The slope by plain minmod, which never lets the beds of two cells cross at the face between them."""
    return larger(smaller(back, ahead), k.zero) + smaller(larger(back, ahead), k.zero)


SOURCES = {
    "riemann": _riemann,
    "face": _face,
    "deep_face": _deep_face,
    "borne": _borne,
    "wall_face": _wall_face,
    "slowed": _slowed,
    "limited": _limited,
    "lesser": _lesser,
}
"""The physics as plain functions, for whoever compiles them anew."""

riemann = pointwise(_riemann)
face = pointwise(_face)
deep_face = pointwise(_deep_face)
borne = pointwise(_borne)
wall_face = pointwise(_wall_face)
slowed = pointwise(_slowed)
limited = pointwise(_limited)
lesser = pointwise(_lesser)
