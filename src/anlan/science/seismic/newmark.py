"""Slopes under shaking: critical acceleration, Newmark's sliding block, and how likely a landslide is."""

import math

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model
from anlan.science.seismic.bssa14 import check_magnitude

Floats = NDArray[np.float64]
G_M_S2 = 9.81


def critical_acceleration_m_s2(safety_factor: ArrayLike, slope_deg: ArrayLike) -> Floats:
    """a_c = (FS − 1)·g·sin α (Newmark 1965); zero where the slope is unstable without any shaking.

    Raises `Invalid` for negative safety factors, slopes outside 0–90° and NaN. An infinite factor (flat ground) gives
    infinity.

    >>> round(float(critical_acceleration_m_s2(1.5, 30.0)), 3)
    2.452
    """
    factor, slope = np.asarray(safety_factor, np.float64), np.asarray(slope_deg, np.float64)
    if not (np.all(factor >= 0) and np.all((slope >= 0) & (slope <= 90))):
        raise Invalid(
            Text(
                "安全系数不能为负或缺失，坡度应在 0–90°",
                "Safety factors are known and not negative, slopes within 0–90°",
            )
        )
    over = np.where(np.isinf(factor), 0.0, np.maximum(factor - 1.0, 0.0))
    return np.where(np.isinf(factor), np.inf, over * G_M_S2 * np.sin(np.radians(slope)))


@model(
    ModelCard(
        id="seismic.newmark",
        version="1",
        title=Text("地震滑坡位移（Newmark）", "Earthquake-induced sliding (Newmark)"),
        purpose=Text(
            "由峰值加速度与临界加速度估计边坡永久位移与滑坡概率",
            "permanent displacement of a slope and the chance of a landslide from peak and critical acceleration",
        ),
        applicability=Text(
            "浅层平动滑坡；临界加速度与峰值之比 0–1；概率公式由北岭地震标定",
            "shallow translational slides; ratio of critical to peak acceleration 0–1; chance fitted to Northridge",
        ),
        inputs=(
            Quantity("ratio", "", Text("临界与峰值加速度之比", "critical to peak acceleration"), 0.0, 1.0),
            Quantity("magnitude", "Mw", Text("矩震级", "moment magnitude"), 5.3, 7.6),
        ),
        references=(
            "Jibson 2007, Engineering Geology 91, 209-218, equations 6 and 7",
            "Jibson, Harp and Michael 2000, Engineering Geology 58, 271-289",
        ),
        verification=Verification.VERIFIED,
        suite="seismic",
    )
)
def displacement_m(ratio: ArrayLike, magnitude: float | None = None) -> Floats:
    """Median Newmark displacement for *ratio* = a_c / a_max; 0 where it is 1 or more, infinite where it is 0.

    Jibson 2007: lg D[cm] = 0.215 + lg[(1−r)^2.341 · r^−1.438], σ 0.51 (equation 6); with a
    *magnitude*, −2.710 + lg[(1−r)^2.335 · r^−1.478] + 0.424·M, σ 0.454 (equation 7). Raises `Invalid`
    for negative ratios, magnitudes outside 0–10 and NaN.

    >>> round(100 * float(displacement_m(0.5)), 3)
    0.877
    """
    r = np.asarray(ratio, np.float64)
    if r.size and not r.min() >= 0:
        raise Invalid(Text("加速度之比不能为负", "The ratio of accelerations cannot be negative"))
    if magnitude is not None:
        check_magnitude(magnitude)
    start, power, fall = (
        (0.215, 2.341, 1.438) if magnitude is None else (-2.710 + 0.424 * magnitude, 2.335, 1.478)
    )
    inside = np.where(r > 0, np.minimum(r, 1.0), 1.0)
    moved = 10.0**start * (1.0 - inside) ** power * inside**-fall / 100.0
    return np.asarray(np.where(r == 0.0, np.inf, moved))


def landslide_probability(displacement: ArrayLike) -> Floats:
    """Share of slopes that slide, P = 0.335·(1 − exp(−0.048·D^1.565)), D in cm (Jibson et al. 2000, equation 5).

    *displacement* is in metres. Never above 0.335: displacement alone does not decide. Raises `Invalid` for negative
    displacements and NaN.
    """
    centimetres = 100.0 * np.asarray(displacement, np.float64)
    if not np.all(centimetres >= 0):
        raise Invalid(Text("位移不能为负或缺失", "Displacements are known and not negative"))
    return np.asarray(0.335 * -np.expm1(-0.048 * centimetres**1.565))


def rigid_block_m(acceleration_m_s2: ArrayLike, step_s: float, critical_m_s2: ArrayLike) -> Floats:
    """Downslope displacement of a rigid block (Newmark 1965), exact for motion that is linear between samples.

    *acceleration_m_s2* has shape (samples,) or (records, samples), positive downslope of the ground's pull on the
    block; *critical_m_s2* one value per record. After the last sample the ground is at rest and the block runs out.
    Raises `Invalid` unless steps and critical accelerations are positive.
    """
    motion = np.atleast_2d(np.asarray(acceleration_m_s2, np.float64))
    critical = np.broadcast_to(np.asarray(critical_m_s2, np.float64), motion.shape[:1]).copy()
    if (
        not (step_s > 0 and math.isfinite(step_s))
        or not np.all(critical > 0)
        or not np.all(np.isfinite(motion))
    ):
        raise Invalid(
            Text("时间步长与临界加速度必须为正", "Time step and critical acceleration must be positive")
        )
    moved = np.empty(len(motion))
    _slide(motion, step_s, critical, moved)
    return moved if np.ndim(acceleration_m_s2) == 2 else np.asarray(moved[0])


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _slide(motion, step_s, critical, moved):  # type: ignore[no-untyped-def]
    for record in range(motion.shape[0]):
        limit = critical[record]
        speed, total = 0.0, 0.0
        for k in range(motion.shape[1] - 1):
            speed, gone = _advance(motion[record, k] - limit, motion[record, k + 1] - limit, step_s, speed)
            total += gone
        moved[record] = total + 0.5 * speed * speed / limit


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _advance(net, net_end, step, speed):  # type: ignore[no-untyped-def]
    """Speed at the end of a step and the way gone, for a net acceleration linear from *net* to *net_end*."""
    rate = (net_end - net) / step
    at, gone = 0.0, 0.0
    for _ in range(3):  # at most: run out, wait, start again
        now = net + rate * at
        left = step - at
        if left <= 0.0:
            break
        if speed <= 0.0:
            if now <= 0.0:
                if net_end <= 0.0:
                    break
                at = min(step, -net / rate)  # the moment the ground pulls again
                now, left = 0.0, step - at
            speed = 0.0
        # the moment it stops: speed + now t + rate t² / 2 = 0
        stop = left + 1.0
        root = now * now - 2.0 * rate * speed
        if root >= 0.0 and (now < 0.0 or rate < 0.0):
            # the form that does not cancel, valid for rate near 0 too
            stop = 2.0 * speed / (-now + np.sqrt(root)) if now < 0.0 else (now + np.sqrt(root)) / -rate
        t = min(left, stop)
        gone += speed * t + 0.5 * now * t * t + rate * t * t * t / 6.0
        speed = 0.0 if stop <= left else speed + now * t + 0.5 * rate * t * t
        at += t
    return speed, gone
