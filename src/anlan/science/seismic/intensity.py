"""Instrument intensity and the names of the degrees (GB/T 17742-2020)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model

Floats = NDArray[np.float64]
_ROMAN = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ", "Ⅸ", "Ⅹ", "Ⅺ", "Ⅻ")
#: both measures count from here on as velocity alone
_STRONG = 6.0


def from_pga(pga_m_s2: ArrayLike) -> Floats:
    """I_A = 3.17·lg PGA + 6.59, between 1 and 12 (GB/T 17742-2020, formula for I_A).

    >>> round(float(from_pga(1.35)), 3)
    7.003
    """
    return _kept(3.17 * np.log10(_positive(pga_m_s2)) + 6.59)


def from_pgv(pgv_m_s: ArrayLike) -> Floats:
    """I_V = 3.00·lg PGV + 9.77, between 1 and 12 (GB/T 17742-2020, formula for I_V)."""
    return _kept(3.00 * np.log10(_positive(pgv_m_s)) + 9.77)


def pga_of(intensity: ArrayLike) -> Floats:
    """The peak acceleration in m/s² that the formula for I_A gives *intensity*. Raises `Invalid` for NaN."""
    known = np.asarray(intensity, np.float64)
    if np.isnan(known).any():
        raise Invalid(Text("烈度缺失", "An intensity is missing"))
    return np.asarray(10.0 ** ((known - 6.59) / 3.17))


@model(
    ModelCard(
        id="seismic.instrument_intensity",
        version="1",
        title=Text("仪器烈度", "Instrument intensity"),
        purpose=Text(
            "由峰值加速度与峰值速度计算仪器地震烈度", "seismic intensity from peak acceleration and velocity"
        ),
        applicability=Text(
            "烈度 Ⅰ–Ⅻ 度，0.1–10 Hz 带通后的合成峰值",
            "degrees I to XII, band-passed peaks",
        ),
        inputs=(
            Quantity("pga_m_s2", "m/s²", Text("峰值加速度", "peak ground acceleration"), 0.0, 30.0),
            Quantity("pgv_m_s", "m/s", Text("峰值速度", "peak ground velocity"), 0.0, 5.0),
        ),
        references=("GB/T 17742-2020, instrument intensity I_A, I_V and their combination",),
        verification=Verification.VERIFIED,
        suite="seismic",
    )
)
def instrument_intensity(pga_m_s2: ArrayLike, pgv_m_s: ArrayLike) -> Floats:
    """I_V where both are at least 6.0, else the mean of both (GB/T 17742-2020).

    >>> round(float(instrument_intensity(0.3, 0.02)), 2)
    4.8

    Raises `Invalid` for negative values or NaN. Motion of zero is degree 1.
    """
    by_a, by_v = from_pga(pga_m_s2), from_pgv(pgv_m_s)
    return np.asarray(np.where((by_a >= _STRONG) & (by_v >= _STRONG), by_v, 0.5 * (by_a + by_v)))


def degree(intensity: float) -> str:
    """The Roman numeral of an instrument intensity, rounded to the nearest degree.

    >>> degree(6.4), degree(6.5), degree(0.2)
    ('Ⅵ', 'Ⅶ', 'Ⅰ')
    """
    return _ROMAN[min(12, max(1, int(np.floor(intensity + 0.5)))) - 1]


def numeral(whole_degree: int) -> str:
    """The Roman numeral of a whole degree from 1 to 12."""
    return _ROMAN[whole_degree - 1]


def _positive(values: ArrayLike) -> Floats:
    motion = np.asarray(values, np.float64)
    if motion.size and not (motion.min() >= 0 and motion.max() < np.inf):
        raise Invalid(Text("地震动峰值必须为非负有限值", "Peak motions must be finite and not negative"))
    return np.maximum(motion, 1e-9)


def _kept(intensity: Floats) -> Floats:
    """GB/T 17742-2020 gives nothing below 1.0 nor above 12.0."""
    return np.asarray(np.clip(intensity, 1.0, 12.0))
