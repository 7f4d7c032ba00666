"""Peak ground acceleration and velocity of the national zonation (Yu, Li and Xiao 2013), elliptical."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model
from anlan.science.seismic.attenuation import Decay, Ellipse
from anlan.science.seismic.bssa14 import check_magnitude


class Measure(LabelledEnum):
    """What of the ground's motion is asked."""

    PGA = "PGA", "峰值加速度", "peak ground acceleration"
    PGV = "PGV", "峰值速度", "peak ground velocity"


_STEP_MAGNITUDE = 6.5
_SI = 0.01  # cm/s² and cm/s


def ground_ellipse(zone: str, measure: Measure, magnitude: float) -> Ellipse:
    """lg of the median in m/s² or m/s along and across the fault; *magnitude* is Ms.

    The coefficients change at M 6.5. Raises `NotFound` for a zone that the table lacks.
    """
    for row in packaged_table("anlan.science.seismic", "yu2013").rows:
        above = row["above_65"] == "1"
        if (row["set"], row["measure"]) == (zone, measure.value) and above == (magnitude > _STEP_MAGNITUDE):
            return Ellipse(_decay(row, "long", magnitude), _decay(row, "short", magnitude))
    raise NotFound(
        Text(f"没有分区 {zone} 的地震动衰减", f"There is no ground-motion relation for zone {zone}")
    )


@model(
    ModelCard(
        id="seismic.yu2013",
        version="1",
        title=Text("分区地震动衰减（俞言祥等 2013）", "Ground motion by zone (Yu et al. 2013)"),
        purpose=Text(
            "按面波震级与相对断层走向的位置给出基岩峰值加速度与速度",
            "peak acceleration and velocity on rock from Ms and the place relative to the fault's strike",
        ),
        applicability=Text("Ms 5–8.5，震中距 0–300 km", "Ms 5–8.5, epicentral distance 0–300 km"),
        inputs=(
            Quantity("magnitude", "Ms", Text("面波震级", "surface-wave magnitude"), 5.0, 8.5),
            Quantity("distance_km", "km", Text("震中距", "epicentral distance"), 0.0, 300.0),
        ),
        references=(
            "Yu, Li and Xiao 2013, Technology for Earthquake Disaster Prevention 8(1)",
            "GB 18306-2015",
        ),
        verification=Verification.UNVERIFIED,
        suite="seismic",
        caveats=(
            Caveat(
                "yu2013.transcribed",
                Text(
                    "系数取自公开转录，尚未与原文核对",
                    "coefficients from a public transcription, not checked with the paper",
                ),
            ),
        ),
    )
)
def ground_motion(
    zone: str, measure: Measure, magnitude: float, along_km: ArrayLike, across_km: ArrayLike
) -> NDArray[np.float64]:
    """The median on rock in m/s² (PGA) or m/s (PGV) at places in the frame of the fault.

    Raises `NotFound` for another zone, `Invalid` for magnitudes outside 0–10 and places that are not finite.
    """
    check_magnitude(magnitude)
    if not (np.isfinite(along_km).all() and np.isfinite(across_km).all()):
        raise Invalid(Text("距离必须为有限值", "Distances must be finite"))
    levels = ground_ellipse(zone, measure, magnitude).levels(along_km, across_km)
    return np.asarray(10.0**levels, np.float64)


def sigma_ln(zone: str, measure: Measure) -> float:
    """The standard deviation of ln of the motion."""
    for row in packaged_table("anlan.science.seismic", "yu2013").rows:
        if (row["set"], row["measure"]) == (zone, measure.value):
            return float(row["sigma_ln"])
    raise NotFound(
        Text(f"没有分区 {zone} 的地震动衰减", f"There is no ground-motion relation for zone {zone}")
    )


def _decay(row: object, axis: str, magnitude: float) -> Decay:
    """From the table's natural logarithms to lg and SI."""
    a, b, c, d, e = (float(row[f"{letter}_{axis}"]) for letter in "abcde")  # type: ignore[index]
    start = (a + b * magnitude) / math.log(10.0) + math.log10(_SI)
    return Decay(start, c, d * math.exp(e * magnitude))
