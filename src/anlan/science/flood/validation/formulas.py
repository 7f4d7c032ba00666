"""The closed forms, each worked out here in another way than in the code under test."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from anlan.kernel.validation import Case, Certainty
from anlan.science.flood.breach import (
    Breach,
    Reservoir,
    breach_geometry,
    breach_hydrograph,
    peak_outflow_m3_s,
)
from anlan.science.flood.catchment import rational_peak_m3_s
from anlan.science.flood.hazard import hazard_rating
from anlan.science.flood.ice import composite_manning, ice_stage_rise_m
from anlan.science.flood.infiltration import (
    GreenAmptSoil,
    ponded_infiltration_m,
    ponding_time_s,
    scs_runoff_mm,
)

_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    yield Case(
        "Rational formula, ψ 0.6, 60 mm/h, 50 km²", "推理公式 Q = 0.278 ψ i F", _SURE, 500.0,
        rational_peak_m3_s(0.6, 60.0, 50.0), "m³/s", 0.5, model="flood.rational",
    )  # fmt: skip
    yield from _breaches()
    yield from _losses()
    yield from _ice()
    yield Case(
        "Hazard rating of 1 m at 2 m/s with debris", "FD2320/TR2: d (v + 0.5) + DF", _PROBABLE, 3.5,
        float(hazard_rating(1.0, 2.0)), "", 1e-9,
    )  # fmt: skip


def _breaches() -> Iterator[Case]:
    # logarithms by hand: V = 10^6, h = 10
    peak = 10 ** (np.log10(0.607) + 0.295 * 6 + 1.24)
    yield Case(
        "Froehlich 1995, 10⁶ m³ and 10 m", "Froehlich 1995", _SURE, float(peak), peak_outflow_m3_s(1e6, 10.0), "m³/s",
        1e-6 * float(peak), model="flood.breach_peak",
    )  # fmt: skip
    width, time = breach_geometry(1e6, 10.0, overtopping=True)
    wanted = 10 ** (np.log10(0.27 * 1.3) + 0.32 * 6 + 0.04)
    yield Case(
        "Froehlich 2008, width of overtopping", "Froehlich 2008", _SURE, float(wanted), width, "m", 1e-6,
        model="flood.breach_geometry",
    )  # fmt: skip
    yield Case(
        "Froehlich 2008, time", "Froehlich 2008", _SURE, float(63.2 * 1e3 / np.sqrt(9.81) / 10), time, "s", 1e-6,
        model="flood.breach_geometry",
    )  # fmt: skip
    flood = breach_hydrograph(Reservoir(5e6, 15.0), Breach(15.0, 30.0, 1200.0))
    yield Case(
        "Breach hydrograph lets out the reservoir", "conservation", _SURE, 5e6, flood.volume_m3, "m³", 5e4
    )


def _losses() -> Iterator[Case]:
    soil = GreenAmptSoil(3e-6, 0.15, 0.3)

    def taken(t: float, depth: Any) -> Any:
        return 3e-6 * (1 + 0.045 / depth)

    # from the early-time form √(2 K ψΔθ t), exact as t → 0
    first = np.sqrt(2 * 3e-6 * 0.045 * 1e-3)
    found = solve_ivp(taken, (1e-3, 7200.0), [first], rtol=1e-10, atol=1e-14, method="LSODA")
    yield Case(
        "Green–Ampt, two hours ponded", "dF/dt = K (1 + ψΔθ/F), integrated", _SURE, float(found.y[0, -1]),
        float(ponded_infiltration_m(soil, 7200.0)), "m", 1e-5, model="flood.green_ampt",
    )  # fmt: skip
    # at ponding i = K (1 + ψΔθ/F) with F = i t
    rain = 1e-5
    wanted = 0.045 / (rain / 3e-6 - 1) / rain
    yield Case(
        "Green–Ampt, time of ponding", "Mein & Larson 1973", _SURE, wanted, ponding_time_s(soil, rain), "s", 1e-6,
        model="flood.green_ampt",
    )  # fmt: skip
    # in inches, as the handbook has it: S = 1000/80 - 10 = 2.5, Q = (4 - 0.5)²/(4 + 2)
    yield Case(
        "SCS, 4 inches on CN 80", "NEH 630.10", _SURE, 3.5**2 / 6.0 * 25.4, float(scs_runoff_mm(101.6, 80.0)), "mm",
        1e-9, model="flood.scs_cn",
    )  # fmt: skip


def _ice() -> Iterator[Case]:
    yield Case(
        "Composite roughness of 0.025 and 0.035", "Belokon–Sabaneev", _SURE,
        float(np.cbrt(((0.025**3) ** 0.5 + (0.035**3) ** 0.5) / 2) ** 2), composite_manning(0.025, 0.035), "s/m^(1/3)",
        1e-9, model="flood.ice_stage",
    )  # fmt: skip
    # equal roughness and no thickness: the cover doubles the wetted perimeter, d = 2^(2/5) h
    bare = (2.0 * 0.03 / np.sqrt(2e-4)) ** 0.6
    yield Case(
        "Cover as rough as the bed, of no thickness", "Manning, R = d/2", _SURE, float(bare * (2**0.4 - 1)),
        ice_stage_rise_m(2.0, 2e-4, 0.03, 0.03, 0.0), "m", 1e-9, model="flood.ice_stage",
    )  # fmt: skip
