"""Ground motion of shallow crustal earthquakes (Boore, Stewart, Seyhan and Atkinson 2014).

Earthquake Spectra 30(3), 1057–1085: PGA, PGV and 5 % damped spectral acceleration,
the horizontal component RotD50. Equation numbers below are those of the paper. The basin term is
that of an average basin (δz1 = 0).
"""

import math
from dataclasses import dataclass
from functools import cache

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model
from anlan.science.seismic.vector import VECTOR, vexp, vlog

Floats = NDArray[np.float64]


class Mechanism(LabelledEnum):
    """How the fault slips."""

    UNSPECIFIED = "unspecified", "未知", "unspecified"
    STRIKE_SLIP = "strike_slip", "走滑", "strike-slip"
    NORMAL = "normal", "正断", "normal"
    REVERSE = "reverse", "逆冲", "reverse"

    @classmethod
    def of_rake(cls, rake_deg: float) -> "Mechanism":
        """The class of a rake angle in degrees, −180…180 (Boore et al. 2014, p. 1064).

        >>> Mechanism.of_rake(0.0).value, Mechanism.of_rake(90.0).value
        ('strike_slip', 'reverse')
        """
        if 30 < rake_deg < 150:
            return cls.REVERSE
        return cls.NORMAL if -150 < rake_deg < -30 else cls.STRIKE_SLIP


class Region(LabelledEnum):
    """How strongly the crust absorbs (the term Δc3 of equation 3)."""

    GLOBAL = "global", "全球平均（加州、新西兰、台湾）", "global average (California, New Zealand, Taiwan)"
    HIGH_Q = "high_q", "低衰减（中国、土耳其）", "low attenuation (China, Turkey)"
    LOW_Q = "low_q", "高衰减（意大利、日本）", "high attenuation (Italy, Japan)"


@dataclass(frozen=True)
class Coefficients:
    """One row of the paper's table, for one intensity measure."""

    e: tuple[float, float, float, float, float, float, float]
    mh: float
    c1: float
    c2: float
    c3: float
    h_km: float
    c: float
    vc_m_s: float
    f4: float
    f5: float
    r1_km: float
    r2_km: float
    dphi_r: float
    dphi_v: float
    phi1: float
    phi2: float
    tau1: float
    tau2: float

    def magnitude_term(self, magnitude: float, mechanism: Mechanism) -> float:
        """F_E, equation 2."""
        faulting = {
            Mechanism.UNSPECIFIED: self.e[0],
            Mechanism.STRIKE_SLIP: self.e[1],
            Mechanism.NORMAL: self.e[2],
            Mechanism.REVERSE: self.e[3],
        }[mechanism]
        over = magnitude - self.mh
        if over > 0:
            return faulting + self.e[6] * over
        return faulting + self.e[4] * over + self.e[5] * over * over

    def between_events(self, magnitude: float) -> float:
        """τ, equation 14."""
        return float(np.interp(magnitude, (4.5, 5.5), (self.tau1, self.tau2)))

    def within_event(self, magnitude: float) -> float:
        """φ(M), equation 17."""
        return float(np.interp(magnitude, (4.5, 5.5), (self.phi1, self.phi2)))


@cache
def coefficients(measure: str, region: Region = Region.GLOBAL) -> Coefficients:
    """The row of *measure*: ``PGA``, ``PGV`` or ``SA(period)`` with a period of the paper's table.

    >>> coefficients("SA(1.0)").mh
    6.2

    Raises `Invalid` for another measure.
    """
    for row in packaged_table("anlan.science.seismic", "bssa14").rows:
        name = row["measure"]
        if measure == name or (name == "SA" and measure == f"SA({float(row['period_s'])})"):
            shift = 0.0 if region is Region.GLOBAL else float(row[f"dc3_{region.value}"])
            faulting = tuple(float(row[f"e{k}"]) for k in range(7))
            plain = {key: float(row[key]) for key in _PLAIN}
            plain["c3"] += shift
            return Coefficients(e=faulting, **plain)  # type: ignore[arg-type]
    raise Invalid(
        Text(f"没有 {measure} 的衰减系数", f"There are no coefficients for {measure}"),
        next_step=Text("可用 PGA、PGV 或表中周期的 SA(T)", "Use PGA, PGV or SA(T) at a period of the table"),
    )


_PLAIN = (
    *("mh", "c1", "c2", "c3", "h_km", "c", "vc_m_s", "f4", "f5", "r1_km", "r2_km"),
    *("dphi_r", "dphi_v", "phi1", "phi2", "tau1", "tau2"),
)


@model(
    ModelCard(
        id="seismic.bssa14",
        version="1",
        title=Text("浅源地震动 BSSA14", "Ground motion BSSA14"),
        purpose=Text(
            "按震级、断层距与场地剪切波速给出峰值加速度、速度与反应谱",
            "peak acceleration, velocity and response spectrum from magnitude, fault distance and site stiffness",
        ),
        applicability=Text(
            "活动构造区浅源地震，矩震级 3–8.5，断层距 0–400 km，vs30 150–1500 m/s",
            "shallow crustal earthquakes of active regions, Mw 3–8.5, Rjb 0–400 km, vs30 150–1500 m/s",
        ),
        inputs=(
            Quantity("magnitude", "Mw", Text("矩震级", "moment magnitude"), 3.0, 8.5),
            Quantity("rjb_km", "km", Text("断层距", "Joyner-Boore distance"), 0.0, 400.0),
            Quantity(
                "vs30_m_s", "m/s", Text("30 m 平均剪切波速", "shear-wave velocity of 30 m"), 150.0, 1500.0
            ),
        ),
        references=(
            "Boore, Stewart, Seyhan and Atkinson 2014, Earthquake Spectra 30(3), 1057-1085, equations 1-17",
        ),
        verification=Verification.VERIFIED,
        suite="seismic",
    )
)
def ground_motion(
    measure: str,
    magnitude: float,
    rjb_km: ArrayLike,
    vs30_m_s: ArrayLike,
    mechanism: Mechanism = Mechanism.UNSPECIFIED,
    region: Region = Region.GLOBAL,
) -> tuple[Floats, Floats]:
    """ln of the median and its total standard deviation (ln), of the broadcast shape of the two arrays.

    The median is in g for PGA and SA, in cm/s for PGV (equations 1, 13). *magnitude* is Mw,
    *rjb_km* the distance to the surface projection of the rupture. Raises `Invalid` for negative distances, velocities
    that are not positive, and anything not finite.

    >>> ln_pga, sigma = ground_motion("PGA", 7.0, 10.0, 400.0, Mechanism.STRIKE_SLIP)
    >>> round(float(np.exp(ln_pga)), 4), round(float(sigma), 4)
    (0.3148, 0.6051)
    """
    own = coefficients(measure, region)
    rock = coefficients("PGA", region)
    distance, stiffness = np.broadcast_arrays(_floats(rjb_km), _floats(vs30_m_s))
    _check(magnitude, distance, stiffness)
    shape = distance.shape
    flat_r = np.ascontiguousarray(distance).reshape(-1)
    flat_v = np.ascontiguousarray(stiffness).reshape(-1)
    mean, sigma = np.empty(flat_r.size), np.empty(flat_r.size)
    _fill(flat_r, flat_v, mean, sigma, _event(own, magnitude, mechanism), _event(rock, magnitude, mechanism))
    return mean.reshape(shape), sigma.reshape(shape)


def site_term(measure: str, pga_rock_g: ArrayLike, vs30_m_s: ArrayLike) -> Floats:
    """F_S, equations 5 to 8: ln of the amplification against vs30 760 m/s, where rock would see *pga_rock_g*.

    Raises `Invalid` for accelerations that are negative, velocities that are not positive, and anything not finite.
    """
    row = coefficients(measure)
    rock, stiffness = np.broadcast_arrays(_floats(pga_rock_g), _floats(vs30_m_s))
    if rock.size and not (rock.min() >= 0 and rock.max() < np.inf):
        raise Invalid(
            Text("基岩加速度必须为非负有限值", "Accelerations of rock must be finite and not negative")
        )
    _check_stiffness(stiffness)
    linear = row.c * np.log(np.minimum(stiffness, row.vc_m_s) / _V_REF)
    softness = np.exp(row.f5 * (np.minimum(stiffness, _V_REF) - 360.0)) - math.exp(row.f5 * (_V_REF - 360.0))
    return np.asarray(linear + row.f4 * softness * np.log((rock + _F3) / _F3))


def _event(row: Coefficients, magnitude: float, mechanism: Mechanism) -> tuple[float, ...]:
    """What the kernel needs of a row at one magnitude, in the order of its unpacking."""
    return (
        row.magnitude_term(magnitude, mechanism) - row.c3,
        row.c1 + row.c2 * (magnitude - _M_REF),
        row.c3,
        row.h_km**2,
        row.c,
        row.vc_m_s,
        row.f4,
        row.f5,
        math.exp(row.f5 * (_V_REF - 360.0)),
        row.between_events(magnitude) ** 2,
        row.within_event(magnitude),
        row.r1_km,
        row.r2_km,
        row.dphi_r / math.log(row.r2_km / row.r1_km),
        row.dphi_v / math.log(_V2 / _V1),
    )


_M_REF, _V_REF, _F3 = 4.5, 760.0, 0.1
_V1, _V2 = 225.0, 300.0


@numba.njit(cache=True, nogil=True, **VECTOR)
def _fill(rjb, vs30, mean, sigma, own, rock):  # type: ignore[no-untyped-def]
    """Equations 1 to 17 at each site; *own* and *rock* as `_event` orders them."""
    start, spread, absorb, h2, slope, vc, f4, f5, f5_ref, tau2, phi_m, r1, r2, per_r, per_v = own
    rock_start, rock_spread, rock_absorb, rock_h2 = rock[0], rock[1], rock[2], rock[3]
    for k in range(rjb.size):
        i = np.uint64(k)
        r, v = rjb[i], vs30[i]
        away = np.sqrt(r * r + h2)
        rock_away = np.sqrt(r * r + rock_h2)
        path = spread * vlog(away) + absorb * away
        ln_rock = rock_start + rock_spread * vlog(rock_away) + rock_absorb * rock_away
        linear = slope * vlog(min(v, vc) / _V_REF)
        soft = f4 * (vexp(f5 * (min(v, _V_REF) - 360.0)) - f5_ref)
        strong = vlog((vexp(max(ln_rock, -600.0)) + _F3) / _F3)
        mean[i] = start + path + linear + soft * strong
        far = per_r * vlog(min(max(r, r1), r2) / r1)
        weak = per_v * vlog(_V2 / min(max(v, _V1), _V2))
        phi = phi_m + far - weak
        sigma[i] = np.sqrt(tau2 + phi * phi)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, np.float64)


def check_magnitude(magnitude: float) -> None:
    """Raises `Invalid` for what no earthquake has had, NaN included."""
    if not 0.0 <= magnitude < 10.0:
        raise Invalid(
            Text(
                f"震级 {magnitude} 无效，应在 0–10 之间",
                f"The magnitude {magnitude} is not valid: it lies within 0–10",
            ),
            facts={"magnitude": str(magnitude)},
        )


def _check(magnitude: float, rjb_km: Floats, vs30_m_s: Floats) -> None:
    check_magnitude(magnitude)
    # NaN fails both comparisons
    if rjb_km.size and not (rjb_km.min() >= 0 and rjb_km.max() < 1e5):
        raise Invalid(Text("距离必须为非负有限值", "Distances must be finite and not negative"))
    _check_stiffness(vs30_m_s)


def _check_stiffness(vs30_m_s: Floats) -> None:
    if vs30_m_s.size and not (vs30_m_s.min() > 0 and vs30_m_s.max() < 1e5):
        raise Invalid(Text("剪切波速必须为正的有限值", "Shear-wave velocities must be finite and positive"))
