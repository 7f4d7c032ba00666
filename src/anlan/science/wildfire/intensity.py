"""What a front does to those who meet it: Byram's intensity, the flame, and who may attack it directly."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.guard import within
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
#: low heat of combustion of forest fuels where none is given, kJ/kg (8000 Btu/lb, Rothermel 1972)
HEAT_KJ_KG = 18_608.0
CARD = ModelCard(
    id="wildfire.intensity",
    version="1",
    title=Text("火线强度与火焰长度", "Fireline intensity and flame length"),
    purpose=Text(
        "由蔓延速度与有效可燃物载量给出火线强度、火焰长度与能否直接扑打",
        "intensity and flame length of a front from its rate and the fuel it burns, and whether it can be attacked",
    ),
    applicability=Text("地表火火线", "fronts of surface fires"),
    inputs=(
        Quantity("load_kg_m2", "kg/m²", Text("有效可燃物载量", "fuel consumed in the front"), 0.01, 20.0),
        Quantity("rate_m_s", "m/s", Text("蔓延速度", "rate of spread"), 0.0, 10.0),
        Quantity("heat_kj_kg", "kJ/kg", Text("低位热值", "low heat of combustion"), 14_000.0, 24_000.0),
    ),
    references=(
        "Byram 1959, in Davis, Forest Fire: Control and Use",
        "Andrews and Rothermel 1982, INT-131, table 1",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    outputs=(
        Quantity("intensity_kw_m", "kW/m", Text("火线强度", "fireline intensity"), 0.0),
        Quantity("flame_m", "m", Text("火焰长度", "flame length"), 0.0),
    ),
    caveats=(
        Caveat(
            "wildfire.attack_limits",
            Text(
                "直接扑打界限为一般参考，以火场指挥员判断为准",
                "limits of attack are a general guide: the commander on the fireground decides",
            ),
        ),
    ),
)


@model(CARD)
def byram_intensity_kw_m(
    load_kg_m2: ArrayLike, rate_m_s: ArrayLike, heat_kj_kg: ArrayLike = HEAT_KJ_KG
) -> Floats:
    """I = H·w·R (Byram 1959) of the broadcast shape. Raises `Invalid`.

    >>> float(byram_intensity_kw_m(1.0, 0.1, 18_000.0))
    1800.0
    """
    load = within(load_kg_m2, 0.0, 100.0, Text("有效可燃物载量", "fuel consumed"), "kg/m²")
    rate = within(rate_m_s, 0.0, 50.0, Text("蔓延速度", "rate of spread"), "m/s")
    heat = within(heat_kj_kg, 0.0, 50_000.0, Text("低位热值", "heat of combustion"), "kJ/kg")
    return np.asarray(heat * load * rate)


def flame_length_m(intensity_kw_m: ArrayLike) -> Floats:
    """L = 0.0775·I^0.46 (Byram 1959).

    >>> round(float(flame_length_m(381.0)), 3)
    1.193
    """
    return np.asarray(0.0775 * np.asarray(intensity_kw_m, np.float64) ** 0.46)


@cache
def attack_limits() -> tuple[tuple[str, Text, float, Certainty], ...]:
    """Code, meaning, least intensity (kW/m) and certainty of each class of suppression, rising."""
    rows = packaged_table("anlan.science.wildfire", "attack").rows
    return tuple(
        (
            row["code"],
            Text(row["label_zh"], row["label_en"]),
            float(row["from_kw_m"]),
            Certainty(row["certainty"]),
        )
        for row in rows
    )


def attack_class(intensity_kw_m: ArrayLike) -> NDArray[np.int8]:
    """The class of each intensity, 0 hand tools … 3 no direct attack (table ``attack``).

    >>> attack_class([100.0, 400.0, 2000.0, 4000.1]).tolist()
    [0, 1, 2, 3]
    """
    bounds = [least for _, _, least, _ in attack_limits()][1:]
    # "above 4000 kW/m": the bound itself still belongs to the class below
    return np.searchsorted(bounds, np.asarray(intensity_kw_m), side="left").astype(np.int8)


def direct_attack_limit_kw_m() -> float:
    """Above this, nobody attacks the head directly."""
    return attack_limits()[-1][2]
