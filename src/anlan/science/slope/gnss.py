"""From noisy positions to velocity and acceleration: outliers set aside, then a Kalman filter and smoother.

Positions come at uneven times, with gaps; the state of each axis is position, velocity and
acceleration under white jerk (Bar-Shalom, Li and Kirubarajan 2001, §6.2.3); what came later corrects
what came before (Rauch, Tung and Striebel 1965), so that past velocities do not lag.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64]
DAY_S = 86_400.0
_MAD_TO_SIGMA = 1.4826
#: jerk densities tried when none is given, m²/d⁵: from creep of a rock slope to a slide
_DENSITIES = 10.0 ** np.arange(-14.0, 3.0, 0.5)
#: how many last positions may have broken away, and by how much their log-likelihood must gain (our own default)
_BURSTS, _BURST_GAIN = (2, 4, 8, 16, 32, 64), 8.0


@dataclass(frozen=True)
class Track:
    """Filtered and smoothed motion at each time, shape (n, axes); metres and seconds.

    ``used`` is False for positions that were missing or set aside as outliers: there the filter predicts.
    ``density_m2_d5`` is the jerk density that was used over the record, ``burst_m2_d5`` that of its
    last positions: higher where they broke away from what went before.
    """

    times_s: Floats
    position_m: Floats
    velocity_m_s: Floats
    acceleration_m_s2: Floats
    velocity_sd_m_s: Floats
    used: NDArray[np.bool_]
    density_m2_d5: float
    burst_m2_d5: float

    def along(self) -> "Track":
        """The motion along the direction in which the point has moved in all, one axis; ≥ 0 in total.

        A resultant of noisy components would never be zero: the projection is, for a point at rest.
        """
        moved = self.position_m[-1] - self.position_m[0]
        length = float(np.linalg.norm(moved))
        unit = moved / length if length > 0 else np.eye(len(moved))[0]
        sd = np.sqrt((self.velocity_sd_m_s**2) @ unit**2)
        return Track(
            self.times_s,
            ((self.position_m - self.position_m[0]) @ unit)[:, None],
            (self.velocity_m_s @ unit)[:, None],
            (self.acceleration_m_s2 @ unit)[:, None],
            sd[:, None],
            self.used,
            self.density_m2_d5,
            self.burst_m2_d5,
        )


def filter_track(
    times_s: ArrayLike,
    positions_m: ArrayLike,
    sd_m: float,
    *,
    window: int = 7,
    density_m2_d5: float | None = None,
) -> Track:
    """Filter *positions_m* (n, axes) measured at rising *times_s* with standard deviation *sd_m*.

    A position farther than 5 robust standard deviations (and 3 *sd_m*) from the median of the *window* about it is
    set aside; NaN rows are gaps. Without *density_m2_d5* the one under which the positions are most
    likely is taken. Raises `Invalid` for fewer than 4 usable positions, times that do not rise, and a deviation that is
    not positive.
    """
    times, positions = np.asarray(times_s, np.float64), np.asarray(positions_m, np.float64)
    positions = positions[:, None] if positions.ndim == 1 else positions
    _check(times, positions, sd_m)
    present: NDArray[np.bool_] = np.asarray(np.isfinite(positions).all(axis=1))
    used: NDArray[np.bool_] = present & ~_outliers(positions, present, window, sd_m)
    if used.sum() < 4:
        raise Invalid(Text("可用观测不足 4 次", "Fewer than four usable positions"))
    days = (times - times[0]) / DAY_S
    centred = np.where(used[:, None], positions, 0.0) - positions[used][0]
    record = _Record(days, centred, used, sd_m)
    density = _likeliest(record) if density_m2_d5 is None else density_m2_d5
    densities = np.full(len(days), density)
    if density_m2_d5 is None:
        densities = _with_burst(record, densities)
    states, sds, _ = _kalman(record, densities, smooth=True)
    return Track(
        times,
        states[:, 0] + positions[used][0],
        states[:, 1] / DAY_S,
        states[:, 2] / DAY_S**2,
        np.repeat(sds[:, None] / DAY_S, positions.shape[1], axis=1),
        used,
        density,
        float(densities[-1]),
    )


def _outliers(positions: Floats, present: NDArray[np.bool_], window: int, sd_m: float) -> NDArray[np.bool_]:
    """Hampel's identifier about the local trend, on each axis."""
    found = np.zeros(len(positions), np.bool_)
    rows = np.flatnonzero(present)
    half = window // 2
    for axis in range(positions.shape[1]):
        values = positions[rows, axis]
        padded = np.pad(values, half, mode="reflect", reflect_type="odd") if len(values) > half else values
        if len(padded) < window:
            continue
        views = np.lib.stride_tricks.sliding_window_view(padded, window)
        median = np.median(views, axis=1)
        spread = _MAD_TO_SIGMA * np.median(np.abs(views - median[:, None]), axis=1)
        off = np.abs(values - median) > np.maximum(5.0 * spread, 3.0 * sd_m)
        found[rows] |= off
    return found


@dataclass(frozen=True)
class _Record:
    """What is filtered: days from the first, positions from the first usable one, which of them count."""

    days: Floats
    positions: Floats
    used: NDArray[np.bool_]
    sd_m: float


def _likeliest(record: _Record) -> float:
    tried = [_kalman(record, np.full(len(record.days), one), smooth=False)[2].sum() for one in _DENSITIES]
    return float(_DENSITIES[int(np.argmax(tried))])


def _with_burst(record: _Record, densities: Floats) -> Floats:
    """The densities, raised over the last positions if these are far likelier so.

    A density that fits months of quiet would follow a slope that breaks away this morning only tomorrow.
    """
    before = _kalman(record, densities, smooth=False)[2]
    best, found = _BURST_GAIN, densities
    for count in _BURSTS:
        if count >= len(densities) // 2:
            break
        for one in _DENSITIES[densities[-1] < _DENSITIES]:
            raised = densities.copy()
            raised[-count:] = one
            gain = float((_kalman(record, raised, smooth=False)[2] - before)[-count:].sum())
            if gain > best:
                best, found = gain, raised
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _product(a, b, out):  # type: ignore[no-untyped-def]
    """a·b of small matrices, by plain loops: a library call would cost more than it does."""
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _inverse(m, out):  # type: ignore[no-untyped-def]
    """The inverse of a symmetric 3 × 3 matrix by cofactors."""
    for i in range(3):
        for j in range(3):
            a, b, c, d = (i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3
            out[i, j] = m[a, c] * m[b, d] - m[a, d] * m[b, c]
    out /= m[0, 0] * out[0, 0] + m[0, 1] * out[0, 1] + m[0, 2] * out[0, 2]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _foresee(h, density, f, x, p, scratch):  # type: ignore[no-untyped-def]
    """Move state and covariance on by *h* days under white jerk of *density*."""
    f[0, 1], f[0, 2], f[1, 2] = h, 0.5 * h * h, h
    for axis in range(x.shape[1]):
        x[0, axis] += h * x[1, axis] + 0.5 * h * h * x[2, axis]
        x[1, axis] += h * x[2, axis]
    _product(f, p, scratch)
    _product(scratch, f.T, p)
    p[0, 0] += density * h**5 / 20.0
    p[0, 1] += density * h**4 / 8.0
    p[0, 2] += density * h**3 / 6.0
    p[1, 1] += density * h**3 / 3.0
    p[1, 2] += density * h * h / 2.0
    p[2, 2] += density * h
    p[1, 0], p[2, 0], p[2, 1] = p[0, 1], p[0, 2], p[1, 2]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _forward(  # type: ignore[no-untyped-def]
    days, positions, used, sd, density, states, foreseen, p_states, p_foreseen, likelihood
):
    """Fill filtered and foreseen states (n, 3, axes) and covariances (n, 3, 3); the innovations' log-likelihood."""
    n, axes = positions.shape
    x = np.zeros((3, axes))
    p, f, scratch = np.zeros((3, 3)), np.eye(3), np.zeros((3, 3))
    # at rest in the mean, with a velocity and an acceleration that could be large
    p[0, 0], p[1, 1], p[2, 2] = 1e2, 1.0, 1.0
    seen = 0
    for k in range(n):
        if k > 0:
            _foresee(days[k] - days[k - 1], density[k], f, x, p, scratch)
        foreseen[k], p_foreseen[k] = x, p
        if used[k]:
            total = p[0, 0] + sd * sd
            g0, g1, g2 = p[0, 0] / total, p[1, 0] / total, p[2, 0] / total
            for axis in range(axes):
                innovation = positions[k, axis] - x[0, axis]
                x[0, axis] += g0 * innovation
                x[1, axis] += g1 * innovation
                x[2, axis] += g2 * innovation
                if seen >= 3:
                    likelihood[k] -= 0.5 * (np.log(total) + innovation * innovation / total)
            r0, r1, r2 = p[0, 0], p[0, 1], p[0, 2]
            p[0, 0] -= g0 * r0
            p[0, 1] -= g0 * r1
            p[0, 2] -= g0 * r2
            p[1, 1] -= g1 * r1
            p[1, 2] -= g1 * r2
            p[2, 2] -= g2 * r2
            p[1, 0], p[2, 0], p[2, 1] = p[0, 1], p[0, 2], p[1, 2]
            seen += 1
        states[k], p_states[k] = x, p


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _backward(days, states, foreseen, p_states, p_foreseen):  # type: ignore[no-untyped-def]
    """Correct each state, and the variance of its velocity, by what came later; in place."""
    n, _, axes = states.shape
    f = np.eye(3)
    inverse, back, one, other = np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3))
    for k in range(n - 2, -1, -1):
        h = days[k + 1] - days[k]
        f[0, 1], f[0, 2], f[1, 2] = h, 0.5 * h * h, h
        _inverse(p_foreseen[k + 1], inverse)
        _product(p_states[k], f.T, one)
        _product(one, inverse, back)
        for axis in range(axes):
            for i in range(3):
                for j in range(3):
                    states[k, i, axis] += back[i, j] * (states[k + 1, j, axis] - foreseen[k + 1, j, axis])
        for i in range(3):
            for j in range(3):
                one[i, j] = p_states[k + 1, i, j] - p_foreseen[k + 1, i, j]
        _product(back, one, other)
        _product(other, back.T, one)
        for i in range(3):
            for j in range(3):
                p_states[k, i, j] += one[i, j]


def _kalman(record: _Record, densities: Floats, *, smooth: bool) -> tuple[Floats, Floats, Floats]:
    """States (n, 3, axes), the standard deviation of the velocity (n,), each position's log-likelihood (n,)."""
    n, axes = record.positions.shape
    states, foreseen = np.zeros((n, 3, axes)), np.zeros((n, 3, axes))
    p_states, p_foreseen = np.zeros((n, 3, 3)), np.zeros((n, 3, 3))
    likelihood = np.zeros(n)
    columns = (record.days, record.positions, record.used, record.sd_m, densities)
    _forward(*columns, states, foreseen, p_states, p_foreseen, likelihood)
    if smooth:
        _backward(record.days, states, foreseen, p_states, p_foreseen)
    return states, np.sqrt(np.maximum(p_states[:, 1, 1], 0.0)), likelihood


def _check(times: Floats, positions: Floats, sd_m: float) -> None:
    if times.ndim != 1 or len(times) != len(positions):
        raise Invalid(Text("时间与位移长度不一致", "Times and positions differ in length"))
    if len(times) < 4:
        raise Invalid(Text("观测次数不足 4 次", "Fewer than four positions"))
    if not np.isfinite(times).all() or not (np.diff(times) > 0).all():
        raise Invalid(Text("观测时间必须递增", "The times must rise"))
    if not (sd_m > 0 and np.isfinite(sd_m)):
        raise Invalid(Text("观测误差必须为正", "The standard deviation must be positive"))
