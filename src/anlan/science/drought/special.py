"""Special functions for the compiled kernels: digamma, trigamma, the incomplete gamma, the normal quantile."""

import math
from typing import Any

import numba
import numpy as np

_J: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


@numba.njit(**_J)
def digamma(x):  # type: ignore[no-untyped-def]
    """ψ(x) for x > 0: recurrence up to 6, then the asymptotic series (Abramowitz and Stegun 6.3.18)."""
    shift = 0.0
    while x < 6.0:
        shift -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760))))))
    return shift + math.log(x) - 0.5 / x - series


@numba.njit(**_J)
def trigamma(x):  # type: ignore[no-untyped-def]
    """ψ′(x) for x > 0 (Abramowitz and Stegun 6.4.12)."""
    shift = 0.0
    while x < 6.0:
        shift += 1.0 / (x * x)
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730))))))
    return shift + 1.0 / x + 0.5 * r + series / x


@numba.njit(**_J)
def lower_gamma(a, x, log_gamma_a):  # type: ignore[no-untyped-def]
    """P(a, x) and Q(a, x) = 1 − P, each to about 1e-14 of the smaller (Numerical Recipes §6.2).

    A series below a + 1, Lentz's continued fraction above; both ends are kept so that neither tail is lost.
    """
    if x <= 0.0:
        return 0.0, 1.0
    front = math.exp(a * math.log(x) - x - log_gamma_a)
    if x < a + 1.0:
        term = 1.0 / a
        total = term
        n = a
        for _ in range(10_000):
            n += 1.0
            term *= x / n
            total += term
            if term < total * 1e-16:
                break
        p = min(1.0, front * total)
        return p, 1.0 - p
    tiny = 1e-300
    b = x + 1.0 - a
    c = 1.0 / tiny
    d = 1.0 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2.0
        d = an * d + b
        d = 1.0 / (tiny if abs(d) < tiny else d)
        c = b + an / c
        c = tiny if abs(c) < tiny else c
        step = d * c
        h *= step
        if abs(step - 1.0) < 1e-15:
            break
    q = min(1.0, front * h)
    return 1.0 - q, q


@numba.njit(**_J)
def normal_quantile(p, q):  # type: ignore[no-untyped-def]
    """z with Φ(z) = *p*, given also q = 1 − p for the upper tail; absolute error below 1e-14.

    Acklam's rational approximation (2003), then one step of Halley's method on erfc.
    """
    if p <= 0.0:
        return -np.inf
    if q <= 0.0:
        return np.inf
    tail = min(p, q)
    if tail < 0.02425:
        r = math.sqrt(-2.0 * math.log(tail))
        z = -(
            (
                (
                    ((7.784894002430293e-03 * r + 3.223964580411365e-01) * r + 2.400758277161838) * r
                    + 2.549732539343734
                )
                * r
                - 4.374664141464968
            )
            * r
            - 2.938163982698783
        ) / (
            (
                ((7.784695709041462e-03 * r + 3.224671290700398e-01) * r + 2.445134137142996) * r
                + 3.754408661907416
            )
            * r
            + 1.0
        )
        z = -abs(z)
    else:
        s = tail - 0.5
        r = s * s
        z = (
            (
                (
                    (
                        ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
                        + 1.383577518672690e02
                    )
                    * r
                    - 3.066479806614716e01
                )
                * r
                + 2.506628277459239
            )
            * s
        ) / (
            (
                (
                    ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                    + 6.680131188771972e01
                )
                * r
                - 1.328068155288572e01
            )
            * r
            + 1.0
        )
    e = 0.5 * math.erfc(-z / math.sqrt(2.0)) - tail
    u = e * math.sqrt(2.0 * math.pi) * math.exp(0.5 * z * z)
    z -= u / (1.0 + 0.5 * z * u)
    return z if p < q else -z
