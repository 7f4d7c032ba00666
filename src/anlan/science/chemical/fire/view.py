"""View factors: closed forms for the shapes that have one, and panels for any flame.

The vector of a surface element seen from a point, cos β₁ dA r̂ / (π r²), adds up
over a flame to a vector whose component along a target's normal is its view
factor, as long as the flame stays in front of the target; its length is the greatest
of all orientations.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def sphere(radius_m: ArrayLike, distance_m: ArrayLike) -> Floats:
    """Target facing a sphere: F = (R/d)², at most 1; *distance_m* from its centre (CCPS, eq. 2.2.40)."""
    radius, distance = np.asarray(radius_m, np.float64), np.asarray(distance_m, np.float64)
    return np.asarray(np.minimum(1.0, (radius / np.maximum(distance, 1e-9)) ** 2), np.float64)


def vertical_cylinder(
    length_m: ArrayLike, radius_m: ArrayLike, distance_m: ArrayLike
) -> tuple[Floats, Floats]:
    """(F_vertical, F_horizontal) at base height of an upright cylinder, *distance_m* from its axis.

    Beyler, SFPE Handbook (2002), eqs 3-10.17 and 3-10.18, after Howell's catalogue of right circular
    cylinders; at the wall they tend to ½.
    """
    return tilted_cylinder(length_m, radius_m, distance_m, 0.0)


def tilted_cylinder(
    length_m: ArrayLike, radius_m: ArrayLike, distance_m: ArrayLike, tilt_rad: float
) -> tuple[Floats, Floats]:
    """(F_vertical, F_horizontal) at base height, straight downwind of a cylinder tilted towards the target.

    Mudan, Fire Safety J. 12 (1987) 89-96: circular horizontal sections, *tilt_rad* from the upright, *distance_m*
    from the centre of the base, > radius. A negative tilt is the view from upwind.
    """
    radius = np.asarray(radius_m, np.float64)
    a = np.asarray(length_m, np.float64) / radius
    b = np.maximum(np.asarray(distance_m, np.float64) / radius, 1 + 1e-9)
    sine, cosine = np.sin(tilt_rad), np.cos(tilt_rad)
    big_a = np.sqrt(a**2 + (b + 1) ** 2 - 2 * a * (b + 1) * sine)
    big_b = np.sqrt(a**2 + (b - 1) ** 2 - 2 * a * (b - 1) * sine)
    big_c = np.sqrt(1 + (b**2 - 1) * cosine**2)
    big_d = np.sqrt((b - 1) / (b + 1))
    big_f = np.sqrt(b**2 - 1)
    gap = b - a * sine
    big_e = a * cosine / np.where(np.abs(gap) < 1e-12, 1e-12, gap)
    wings = np.arctan((a * b - big_f**2 * sine) / (big_f * big_c)) + np.arctan(big_f * sine / big_c)
    core = np.arctan(big_a * big_d / big_b)
    vertical = big_e * (
        (a**2 + (b + 1) ** 2 - 2 * b * (1 + a * sine)) / (big_a * big_b) * core - np.arctan(big_d)
    )
    vertical = (vertical + cosine / big_c * wings) / np.pi
    horizontal = (
        np.arctan(1 / big_d)
        + sine / big_c * wings
        - (a**2 + (b + 1) ** 2 - 2 * (b + 1 + a * b * sine)) / (big_a * big_b) * core
    ) / np.pi
    return np.asarray(np.clip(vertical, 0, 1)), np.asarray(np.clip(horizontal, 0, 1))


@dataclass(frozen=True)
class Surface:
    """A closed convex surface in panels: *centre* and *area_normal* (outward, of the panel's area), shape (panels, 3).

    Metres; x downwind, y to the left of the wind, z up.
    """

    centre: Floats
    area_normal: Floats

    @property
    def area_m2(self) -> float:
        return float(np.linalg.norm(self.area_normal, axis=1).sum())


def frustum(
    base: ArrayLike,
    top: ArrayLike,
    base_radius_m: float,
    top_radius_m: float,
    *,
    level: bool,
    rings: int = 24,
) -> Surface:
    """A frustum between the centres *base* and *top* (x, y, z); its circles are horizontal when *level*.

    Otherwise they are square to the axis. Both end discs are part of the surface.
    """
    low, high = np.asarray(base, np.float64), np.asarray(top, np.float64)
    axis = high - low
    across, over = _square_to(np.array([0.0, 0.0, 1.0]) if level else axis / np.linalg.norm(axis))
    spokes = 2 * rings
    angle = np.linspace(0, 2 * np.pi, spokes + 1)
    circle = np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * over
    share = np.linspace(0, 1, rings + 1)[:, None, None]
    radius = base_radius_m + (top_radius_m - base_radius_m) * share
    side = low + axis * share + radius * circle
    middle = (low + high) / 2
    parts = [_quads(side, middle)]
    for centre, size in ((low, base_radius_m), (high, top_radius_m)):
        disc = centre + size * np.linspace(0, 1, max(3, rings // 3))[:, None, None] * circle
        parts.append(_quads(disc, middle))
    return Surface(np.concatenate([p.centre for p in parts]), np.concatenate([p.area_normal for p in parts]))


def vector_view(surface: Surface, x_m: ArrayLike, y_m: ArrayLike, height_m: float = 0.0) -> Floats:
    """The view vector at points at *height_m*, shape (3, …); its length is the greatest view factor, at most 1."""
    x, y = np.broadcast_arrays(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
    found = np.empty((3, x.size))
    _vector_view(surface.centre, surface.area_normal, x.ravel(), y.ravel(), float(height_m), found)
    length = np.sqrt((found**2).sum(axis=0))
    return np.asarray((found / np.maximum(1.0, length)).reshape(3, *x.shape), np.float64)


@numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy", nogil=True)
def _vector_view(centre, area_normal, x, y, z, out):  # type: ignore[no-untyped-def]
    for i in numba.prange(len(x)):
        sum_x = 0.0
        sum_y = 0.0
        sum_z = 0.0
        for k in range(len(centre)):
            dx = centre[k, 0] - x[i]
            dy = centre[k, 1] - y[i]
            dz = centre[k, 2] - z
            facing = -(dx * area_normal[k, 0] + dy * area_normal[k, 1] + dz * area_normal[k, 2])
            square = dx * dx + dy * dy + dz * dz + 1e-12
            weight = facing / (np.pi * square * square) if facing > 0.0 else 0.0
            sum_x += weight * dx
            sum_y += weight * dy
            sum_z += weight * dz
        out[0, i] = sum_x
        out[1, i] = sum_y
        out[2, i] = sum_z


def _square_to(direction: Floats) -> tuple[Floats, Floats]:
    """Two unit vectors square to *direction* and to each other."""
    other = np.array([0.0, 1.0, 0.0]) if abs(direction[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    across = np.cross(direction, other)
    across /= np.linalg.norm(across)
    return across, np.cross(direction, across)


def _quads(points: Floats, inside: Floats) -> Surface:
    """Panels between the rows of *points* (rings, spokes, 3), normals away from *inside*."""
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    normal = (np.cross(c - a, d - b) / 2).reshape(-1, 3)
    centre = ((a + b + c + d) / 4).reshape(-1, 3)
    outward = np.sign(((centre - inside) * normal).sum(axis=1))
    keep = outward != 0
    return Surface(centre[keep], normal[keep] * outward[keep, None])
