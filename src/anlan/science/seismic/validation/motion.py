"""Ground motion and instrument intensity."""

from collections.abc import Iterator
from math import exp, log, sqrt

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.seismic import bssa14, yu2013
from anlan.science.seismic.bssa14 import Mechanism, Region
from anlan.science.seismic.intensity import from_pga, from_pgv, instrument_intensity
from anlan.science.seismic.yu2013 import Measure

_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE
_ORACLE = "OpenQuake 3.25.1, Boore et al. 2014, M7, vs30 400 m/s, rake 0"


def cases() -> Iterator[Case]:
    yield from _bssa14()
    yield from _bssa14_by_hand()
    yield from _yu2013()
    yield from _intensity()


def _bssa14() -> Iterator[Case]:
    distances = np.array([1.0, 10.0, 50.0, 100.0])
    mean, sigma = bssa14.ground_motion("PGA", 7.0, distances, 400.0, Mechanism.STRIKE_SLIP)
    for r, target, ours in zip(distances, (0.5563, 0.3148, 0.0913, 0.0399), np.exp(mean), strict=True):
        yield Case(
            f"PGA at Rjb {r:g} km", _ORACLE, _SURE, target, float(ours), "g", 6e-5, model="seismic.bssa14"
        )
    yield Case("sigma of ln PGA", _ORACLE, _SURE, 0.6051, float(sigma[1]), "", 6e-5, model="seismic.bssa14")


def _bssa14_by_hand() -> Iterator[Case]:
    """PGA for M5, normal faulting, Rjb 150 km, vs30 250 m/s, crust of high Q: the equations one by one."""
    r = sqrt(150**2 + 4.5**2)
    magnitude = 0.2459 + 1.431 * (5 - 5.5) + 0.05053 * (5 - 5.5) ** 2
    path = (-1.134 + 0.1917 * (5 - 4.5)) * log(r) + (-0.008088 + 0.002858) * (r - 1)
    rock = exp(magnitude + path)
    soft = -0.15 * (exp(-0.00701 * (250 - 360)) - exp(-0.00701 * 400))
    target = magnitude + path - 0.6 * log(250 / 760) + soft * log((rock + 0.1) / 0.1)
    phi = 0.695 + (0.495 - 0.695) * 0.5 + 0.1 * log(150 / 110) / log(270 / 110)
    phi -= 0.07 * log(300 / 250) / log(300 / 225)
    tau = 0.398 + (0.348 - 0.398) * 0.5
    mean, sigma = bssa14.ground_motion("PGA", 5.0, 150.0, 250.0, Mechanism.NORMAL, Region.HIGH_Q)
    source = "Boore et al. 2014, equations 2 to 17 worked by hand"
    yield Case(
        "ln PGA, M5 normal, 150 km, soft",
        source,
        _SURE,
        target,
        float(mean),
        "",
        1e-9,
        model="seismic.bssa14",
    )
    total = sqrt(phi**2 + tau**2)
    yield Case("its sigma", source, _SURE, total, float(sigma), "", 1e-9, model="seismic.bssa14")


def _yu2013() -> Iterator[Case]:
    """On an axis the ellipse is that axis's own relation."""
    source = "Yu, Li and Xiao 2013, ln Y = a + b·M + c·ln(R + d·e^(e·M)) worked by hand"
    target = exp(8.7561 + 0.9453 * 7 - 2.416 * log(30 + 2.647 * exp(0.366 * 7))) / 100
    ours = float(yu2013.ground_motion("qingzang", Measure.PGA, 7.0, 30.0, 0.0))
    yield Case(
        "PGA of Qinghai-Tibet, M7, 30 km along",
        source,
        _PROBABLE,
        target,
        ours,
        "m/s²",
        1e-9,
        model="seismic.yu2013",
    )
    target = exp(-2.6381 + 1.8124 * 6 - 1.825 * log(20 + 0.944 * exp(0.447 * 6))) / 100
    ours = float(yu2013.ground_motion("dongbu", Measure.PGV, 6.0, 0.0, 20.0))
    yield Case(
        "PGV of the east, M6, 20 km across",
        source,
        _PROBABLE,
        target,
        ours,
        "m/s",
        1e-9,
        model="seismic.yu2013",
    )


def _intensity() -> Iterator[Case]:
    model = "seismic.instrument_intensity"
    source = "GB/T 17742-2020, formula for I_A at the mid-values of its table"
    for pga, target in ((0.653, 6.003), (1.35, 7.003), (2.79, 8.003)):
        yield Case(f"I_A of {pga} m/s²", source, _SURE, target, float(from_pga(pga)), "", 5e-4, model=model)
    source = "GB/T 17742-2020, I_V = 3.00 lg PGV + 9.77"
    yield Case("I_V of 0.1 m/s", source, _SURE, 6.77, float(from_pgv(0.1)), "", 1e-9, model=model)
    source = "GB/T 17742-2020, combination"
    ours = float(instrument_intensity(1.35, 0.1))
    yield Case("both at least 6: velocity decides", source, _SURE, 6.77, ours, "", 1e-9, model=model)
    ours = float(instrument_intensity(0.3, 0.1))
    target = 0.5 * (3.17 * log(0.3) / log(10) + 6.59 + 6.77)
    yield Case("one below 6: their mean", source, _SURE, target, ours, "", 1e-9, model=model)
