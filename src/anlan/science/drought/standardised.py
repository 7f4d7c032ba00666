"""Standardised indices of rain (SPI) and of rain less evapotranspiration (SPEI), for whole grids.

Each calendar step (month, or day of the year) of each cell has its own distribution, fitted over the
reference years; a value becomes the normal quantile of its probability.
"""

import math

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.drought.special import digamma, lower_gamma, normal_quantile, trigamma
from anlan.science.registry import model

Floats = NDArray[np.float64]

#: indices are kept within this, beyond it the fitted tails mean nothing (our own default)
LIMIT = 5.0
#: fewer values than this in a calendar step give no index
LEAST_SAMPLE = 10
#: the steps of a year are days at the most
_LAST_STEP = 365
_SHORT = Caveat(
    "drought.short_record",
    Text(
        "参考期不足 30 年，指数不稳定", "the reference period is shorter than 30 years: the index is unsteady"
    ),
)


@model(
    ModelCard(
        id="drought.spi",
        version="1",
        title=Text("标准化降水指数 SPI", "Standardised precipitation index SPI"),
        purpose=Text("衡量任意时段降水偏少的程度", "how unusual the rain of a period is, dry or wet"),
        applicability=Text(
            "参考期不少于 30 年；干旱区短时间尺度多零值时偏湿",
            "30 or more reference years; with many rainless periods of arid places the index cannot be dry",
        ),
        inputs=(
            Quantity("years", "a", Text("参考年数", "reference years"), 30),
            Quantity("zero_share", "", Text("无雨时段比例", "share of rainless periods"), 0.0, 0.3),
        ),
        references=("McKee, Doesken and Kleist 1993", "GB/T 20481-2017, standardised precipitation index"),
        verification=Verification.VERIFIED,
        suite="drought",
    )
)
def spi(totals_mm: ArrayLike, season: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """SPI of running totals, of the same shape (times, ...cells).

    *season* (times,) numbers the calendar step of each time from 0. *reference* (times,) tells which times are
    fitted; all, when it is None. A gamma distribution with two parameters is fitted to the totals above zero by maximum
    likelihood; a share q of rainless ones gives H(x) = q + (1 − q)·G(x). NaN totals, and calendar steps with fewer than
    10 values, stay NaN. Raises `Invalid` for negative totals.
    """
    totals = np.asarray(totals_mm, np.float64)
    if totals.size and np.nanmin(totals, initial=0.0) < 0:
        raise Invalid(Text("降水量不能为负", "Rain cannot be negative"))
    return _by_cell(totals, season, reference, gamma=True)


@model(
    ModelCard(
        id="drought.spei",
        version="1",
        title=Text("标准化降水蒸散指数 SPEI", "Standardised precipitation-evapotranspiration index SPEI"),
        purpose=Text(
            "衡量降水与蒸散差的异常程度", "how unusual the difference of rain and evapotranspiration is"
        ),
        applicability=Text("参考期不少于 30 年", "30 or more reference years"),
        inputs=(Quantity("years", "a", Text("参考年数", "reference years"), 30),),
        references=(
            "Vicente-Serrano, Begueria and Lopez-Moreno 2010, J. Climate 23, 1696-1718",
            "Begueria et al. 2014, Int. J. Climatol. 34, 3001-3023 (unbiased probability-weighted moments)",
            "Hosking 1990, JRSS B 52, 105-124, generalised logistic by L-moments",
        ),
        verification=Verification.VERIFIED,
        suite="drought",
    )
)
def spei(balance_mm: ArrayLike, season: ArrayLike, reference: ArrayLike | None = None) -> Floats:
    """SPEI of running sums of rain less potential evapotranspiration; arguments as of `spi`.

    The log-logistic distribution with three parameters, which is the generalised logistic, is fitted by unbiased
    L-moments.
    """
    return _by_cell(np.asarray(balance_mm, np.float64), season, reference, gamma=False)


def running_total(values: ArrayLike, steps: int) -> Floats:
    """Sum of the last *steps* values along the first axis; NaN before there are that many, and where one is missing.

    Sums of zeros are exactly zero: the share of rainless periods hangs on it.

    >>> running_total([1.0, 0.0, 2.0, 3.0], 2).tolist()
    [nan, 1.0, 2.0, 5.0]
    """
    series = np.asarray(values, np.float64)
    if steps < 1:
        raise Invalid(Text("时间尺度至少为 1", "The time scale is at least 1"))
    if not series.size:
        return series.copy()
    flat = np.ascontiguousarray(series.reshape(len(series), -1).T)
    found = np.empty_like(flat)
    _sum_back(flat, steps, found)
    return np.ascontiguousarray(found.T).reshape(series.shape)


def weighted_total(daily_mm: ArrayLike, days: int = 60, decay: float = 0.95) -> Floats:
    """WAP = Σ decayⁿ·P_n over n = 0…*days* before each day (GB/T 20481-2017, weighted precipitation of SPIW60).

    NaN where fewer days are known. Raises `Invalid` unless *days* is at least 0 and *decay* within 0–1.
    """
    if days < 0 or not 0 <= decay <= 1:
        raise Invalid(
            Text("天数不得为负，衰减系数应在 0–1", "Days cannot be negative, the decay lies within 0–1"),
            facts={"days": days, "decay": str(decay)},
        )
    series = np.asarray(daily_mm, np.float64)
    found = np.full(series.shape, np.nan)
    if len(series) > days:
        total = np.zeros((len(series) - days, *series.shape[1:]))
        for back in range(days + 1):
            total += decay**back * series[days - back : len(series) - back]
        found[days:] = total
    return found


def _by_cell(values: Floats, season: ArrayLike, reference: ArrayLike | None, *, gamma: bool) -> Floats:
    steps = _calendar_steps(season)
    if values.ndim < 1 or steps.shape != values.shape[:1]:
        raise Invalid(Text("时次与数据长度不一致", "Calendar steps and values differ in length"))
    if np.isinf(values).any():
        raise Invalid(Text("数据须为有限值", "Values must be finite"))
    fitted = np.ones(len(steps), np.bool_) if reference is None else np.asarray(reference, np.bool_)
    if fitted.shape != steps.shape:
        raise Invalid(Text("参考期与数据长度不一致", "The reference period and the values differ in length"))
    if not values.size:
        return values.copy()
    flat = np.ascontiguousarray(values.reshape(len(values), -1).T)
    order = np.argsort(steps, kind="stable")
    first = np.searchsorted(steps[order], np.arange(int(steps.max()) + 2))
    found = np.full_like(flat, np.nan)
    kernel = _gamma_index if gamma else _logistic_index
    kernel(flat, order, first, fitted, found)
    return np.ascontiguousarray(found.T).reshape(values.shape)


def _calendar_steps(season: ArrayLike) -> NDArray[np.int64]:
    asked = np.asarray(season)
    whole = asked.size == 0 or (
        np.issubdtype(asked.dtype, np.number) and bool((asked == np.rint(asked)).all())
    )
    if not whole or (asked.size and not 0 <= asked.min() <= asked.max() <= _LAST_STEP):
        raise Invalid(
            Text(
                f"时次须为 0–{_LAST_STEP} 的整数", f"Calendar steps are whole numbers from 0 to {_LAST_STEP}"
            ),
            next_step=Text("逐月资料用 0–11，逐日资料用 0–364", "Use 0-11 for months, 0-364 for days"),
        )
    return asked.astype(np.int64)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _sum_back(series, steps, found):  # type: ignore[no-untyped-def]
    for cell in range(series.shape[0]):
        values, out = series[cell], found[cell]
        for i in range(values.size):
            if i < steps - 1:
                out[i] = np.nan
                continue
            total = 0.0
            for back in range(steps):
                total += values[i - back]
            out[i] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _gamma_shape(log_mean_less_mean_log):  # type: ignore[no-untyped-def]
    """The maximum-likelihood shape: ln α − ψ(α) = s, by Newton from Minka's start (Thom 1958; Minka 2002)."""
    s = log_mean_less_mean_log
    shape = (3.0 - s + math.sqrt((s - 3.0) ** 2 + 24.0 * s)) / (12.0 * s)
    for _ in range(50):
        miss = math.log(shape) - digamma(shape) - s
        new = 1.0 / (1.0 / shape + miss / (shape * shape * (1.0 / shape - trigamma(shape))))
        if abs(new - shape) < 1e-13 * shape:
            return new
        shape = new
    return shape


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _gamma_index(series, order, first, fitted, found):  # type: ignore[no-untyped-def]
    for cell in range(series.shape[0]):
        values, out = series[cell], found[cell]
        for season in range(first.size - 1):
            count, zeros = 0, 0
            total, logs = 0.0, 0.0
            for k in range(first[season], first[season + 1]):
                x = values[order[k]]
                if not fitted[order[k]] or np.isnan(x):
                    continue
                count += 1
                if x > 0.0:
                    total += x
                    logs += math.log(x)
                else:
                    zeros += 1
            wet = count - zeros
            if count < LEAST_SAMPLE or wet < 2:
                continue
            dry = zeros / count
            mean = total / wet
            s = max(math.log(mean) - logs / wet, 0.0)
            # all alike to rounding: nothing is unusual but what differs
            shape = _gamma_shape(s) if s > 1e-12 else 1e12
            log_gamma = math.lgamma(shape)
            for k in range(first[season], first[season + 1]):
                x = values[order[k]]
                if np.isnan(x):
                    continue
                if shape >= 1e10:
                    # so narrow a gamma distribution is the normal one
                    away = (x - mean) / mean * math.sqrt(0.5 * shape)
                    p, q = 0.5 * math.erfc(-away), 0.5 * math.erfc(away)
                else:
                    p, q = lower_gamma(shape, x * shape / mean, log_gamma)
                z = normal_quantile(dry + (1.0 - dry) * p, (1.0 - dry) * q)
                out[order[k]] = min(max(z, -LIMIT), LIMIT)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _logistic_index(series, order, first, fitted, found):  # type: ignore[no-untyped-def]
    for cell in range(series.shape[0]):
        values, out = series[cell], found[cell]
        for season in range(first.size - 1):
            sample = np.empty(first[season + 1] - first[season])
            count = 0
            for k in range(first[season], first[season + 1]):
                x = values[order[k]]
                if fitted[order[k]] and not np.isnan(x):
                    sample[count] = x
                    count += 1
            if count < LEAST_SAMPLE:
                continue
            sample = np.sort(sample[:count])
            b0, b1, b2 = 0.0, 0.0, 0.0
            for i in range(count):
                b0 += sample[i]
                b1 += sample[i] * i / (count - 1.0)
                b2 += sample[i] * i * (i - 1.0) / ((count - 1.0) * (count - 2.0))
            b0, b1, b2 = b0 / count, b1 / count, b2 / count
            l2, l3 = 2.0 * b1 - b0, 6.0 * b2 - 6.0 * b1 + b0
            spread = l2 > 1e-12 * max(abs(b0), abs(sample[count - 1] - sample[0]), 1e-300)
            # |κ| < 1 or there is no such distribution: a sample all alike but for one value
            kappa = min(max(-l3 / l2, -0.98), 0.98) if spread else 0.0
            angle = kappa * math.pi
            scale = l2 * math.sin(angle) / angle if abs(angle) > 1e-8 else l2
            place = b0 - scale * (1.0 / kappa - math.pi / math.sin(angle)) if abs(angle) > 1e-8 else b0
            for k in range(first[season], first[season + 1]):
                x = values[order[k]]
                if np.isnan(x):
                    continue
                if not spread:
                    out[order[k]] = 0.0 if x == b0 else (LIMIT if x > b0 else -LIMIT)
                    continue
                y = (x - place) / scale
                if abs(kappa) > 1e-9:
                    inner = 1.0 - kappa * y
                    # beyond the bounded end of the distribution
                    y = -math.log(inner) / kappa if inner > 0.0 else (40.0 if kappa > 0.0 else -40.0)
                y = min(max(y, -40.0), 40.0)
                z = normal_quantile(1.0 / (1.0 + math.exp(-y)), 1.0 / (1.0 + math.exp(y)))
                out[order[k]] = min(max(z, -LIMIT), LIMIT)


def short_record(years: int) -> tuple[Caveat, ...]:
    """The caveat of a reference period below 30 years."""
    return (_SHORT,) if years < 30 else ()
