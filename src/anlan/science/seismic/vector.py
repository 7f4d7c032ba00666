"""exp and log that a compiler can vectorise: arithmetic and bit operations only, no library call.

For a normal float64 argument the relative error is below 1e-15 (exp, |x| ≤ 700) and the absolute error
below 1e-15 times the larger of 1 and |log x| (log). Reassociation must stay off where they are used: the
rounding by a large constant needs it.
"""

from typing import Any

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic

VECTOR: dict[str, Any] = {
    "fastmath": {"nnan", "ninf", "nsz", "contract"},
    "error_model": "numpy",
    "boundscheck": False,
}


def _bits_of(_typing: Any, value: Any) -> Any:
    """The bits of a float64 as an int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


def _float_of(_typing: Any, bits: Any) -> Any:
    """The float64 whose bits are an int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


bits_of: Any = intrinsic(_bits_of)
float_of: Any = intrinsic(_float_of)

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 × 2^52: adding it leaves the nearest integer in the low bits
_SQRT2 = 1.4142135623730951
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE_BITS = np.int64(0x3FF0000000000000)
_SHIFT = np.int64(52)
# an integer below 2^52, put under these bits, is that integer as a float64 above 2^52
_BIG_BITS = np.int64(0x4330000000000000)
_BIG = 4503599627370496.0 + 1023.0


@numba.njit(inline="always", **VECTOR)
def vexp(x):  # type: ignore[no-untyped-def]
    """e to the power *x*, |x| ≤ 700: 2^k times the Taylor series of what is left (|r| ≤ ln 2 / 2)."""
    shifted = x * _LOG2_E + _ROUND
    k = shifted - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return float_of(bits_of(p) + (bits_of(shifted) << _SHIFT))


@numba.njit(inline="always", **VECTOR)
def vlog(x):  # type: ignore[no-untyped-def]
    """The natural logarithm of a normal positive *x*: exponent and the series of atanh (|s| ≤ 0.1716)."""
    bits = bits_of(x)
    mantissa = float_of((bits & _MANTISSA) | _ONE_BITS)
    exponent = float_of((bits >> _SHIFT) | _BIG_BITS) - _BIG
    large = mantissa > _SQRT2
    m = 0.5 * mantissa if large else mantissa
    e = exponent + 1.0 if large else exponent
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    p = 1.0 / 21.0
    p = p * q + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 1.0 / 5.0
    p = p * q + 1.0 / 3.0
    return e * _LN2_HIGH + (2.0 * s + (2.0 * s * q * p + e * _LN2_LOW))
