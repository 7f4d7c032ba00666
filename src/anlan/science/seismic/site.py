"""What soft or stiff ground adds to an intensity that was meant for ordinary ground."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.science.seismic.bssa14 import site_term
from anlan.science.seismic.intensity import pga_of

#: the ground that the intensity relations stand for, site class II of GB 50011: our own default
REFERENCE_VS30_M_S = 400.0
_G_M_S2 = 9.81


def intensity_shift(
    intensity: ArrayLike, vs30_m_s: ArrayLike, reference_m_s: float = REFERENCE_VS30_M_S
) -> NDArray[np.float64]:
    """Degrees to add where the ground is *vs30_m_s* instead of *reference_m_s*.

    The acceleration that I_A of GB/T 17742-2020 gives the intensity is carried to rock and up again with the
    non-linear site term of Boore et al. 2014; ΔI = 3.17·lg(ratio). Raises `Invalid` unless velocities are positive.

    >>> round(float(intensity_shift(7.0, 200.0)), 2), float(intensity_shift(7.0, 400.0))
    (0.24, 0.0)
    """
    ground = np.asarray(vs30_m_s, np.float64)
    if ground.size and not (ground.min() > 0 and ground.max() < np.inf):
        raise Invalid(Text("剪切波速必须为正的有限值", "Shear-wave velocities must be finite and positive"))
    at_reference = pga_of(intensity) / _G_M_S2
    rock = at_reference
    for _ in range(20):  # a contraction: the non-linear term changes little with the rock's motion
        rock = at_reference * np.exp(-site_term("PGA", rock, reference_m_s))
    ratio = site_term("PGA", rock, ground) - site_term("PGA", rock, reference_m_s)
    return np.asarray(3.17 * ratio / np.log(10.0))
