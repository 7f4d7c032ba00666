"""Peak overpressure of a charge of TNT on the ground, in three published forms, and the distance to a level.

Scaled distance Z = R / W^⅓, m/kg^⅓.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.science import guard

Floats = NDArray[np.float64]


def ground_charge_kpa(scaled_m: ArrayLike) -> Floats:
    """ΔP = 14/Z³ + 4.3/Z² + 1.1/Z in 10⁵ Pa, given in kPa.

    The form used for explosives with GB/T 37243 (to be confirmed against the standard); after Sadovsky.

    >>> round(float(ground_charge_kpa(1445 / 14_812 ** (1 / 3))), 2)
    2.0
    """
    z = _scaled(scaled_m)
    return np.asarray(100 * (14 / z**3 + 4.3 / z**2 + 1.1 / z), np.float64)


def crowl_louvar_kpa(scaled_m: ArrayLike) -> Floats:
    """The fit of Crowl and Louvar, Chemical Process Safety, eq. 6-23, for a charge on flat ground; p_a 101.3 kPa.

    >>> round(float(crowl_louvar_kpa(30.0)), 2)
    5.71
    """
    z = _scaled(scaled_m)
    near = np.sqrt(1 + (z / 0.048) ** 2) * np.sqrt(1 + (z / 0.32) ** 2) * np.sqrt(1 + (z / 1.35) ** 2)
    return np.asarray(101.325 * 1616 * (1 + (z / 4.5) ** 2) / near, np.float64)


# ln y = Σ aₖ (ln Z)ᵏ between the distances given; Swisdak, Simplified Kingery Airblast Calculations, 1994
_PRESSURE = (
    (0.2, 2.9, (7.2106, -2.1069, -0.3229, 0.1117, 0.0685)),
    (2.9, 23.8, (7.5938, -3.0523, 0.40977, 0.0261, -0.01267)),
    (23.8, 198.5, (6.0536, -1.4066)),
)
_IMPULSE = (
    (0.2, 0.96, (5.522, 1.117, 0.6, -0.292, -0.087)),
    (0.96, 2.38, (5.465, -0.308, -1.464, 1.362, -0.432)),
    (2.38, 33.7, (5.2749, -0.4677, -0.2499, 0.0588, -0.00554)),
    (33.7, 158.7, (5.9825, -1.062)),
)
_ARRIVAL = (
    (0.06, 1.5, (-0.7604, 1.8058, 0.1257, -0.0437, -0.0310, -0.00669)),
    (1.5, 40.0, (-0.7137, 1.5732, 0.5561, -0.4213, 0.1054, -0.00929)),
)
_REFLECTED = (
    (0.06, 2.0, (9.006, -2.6893, -0.6295, 0.1011, 0.29255, 0.13505, 0.019736)),
    (2.0, 40.0, (8.8396, -1.733, -2.64, 2.293, -0.8232, 0.14247, -0.0099)),
)
_DURATION = (
    (0.2, 1.02, (0.5426, 3.2299, -1.5931, -5.9667, -4.0815, -0.9149)),
    (1.02, 2.8, (0.5440, 2.7082, -9.7354, 14.3425, -9.7791, 2.8535)),
    (2.8, 40.0, (-2.4608, 7.1639, -5.6215, 2.2711, -0.44994, 0.03486)),
)


def kingery_kpa(scaled_m: ArrayLike) -> Floats:
    """Hemispherical charge on the ground: Kingery and Bulmash 1984 in Swisdak's 1994 form, 0.2 ≤ Z ≤ 198.5.

    Nearer, the value at the edge of the data; farther, its last power law goes on. That law begins a quarter of a
    per cent above the end of the piece before: so far the pressure stands still, for none rises with distance.
    """
    z = _scaled(scaled_m)
    seam = _pieces(_PRESSURE, np.asarray(np.nextafter(_PRESSURE[-1][0], 0), np.float64))
    value = _pieces(_PRESSURE, z)
    return np.asarray(np.where(z < _PRESSURE[-1][0], value, np.minimum(value, seam)), np.float64)


def kingery_impulse_kpa_ms(scaled_m: ArrayLike, charge_kg: ArrayLike = 1.0) -> Floats:
    """Incident impulse, kPa·ms, of *charge_kg* (Swisdak 1994, 0.2 ≤ Z ≤ 158.7)."""
    return np.asarray(_pieces(_IMPULSE, _scaled(scaled_m)) * np.cbrt(charge_kg), np.float64)


def kingery_arrival_ms(scaled_m: ArrayLike, charge_kg: ArrayLike = 1.0) -> Floats:
    """Time of arrival of the shock, ms (Swisdak 1994, 0.06 ≤ Z ≤ 40; farther on at the speed of sound)."""
    z = _scaled(scaled_m)
    beyond = np.maximum(0.0, z - 40.0) / 0.3402
    return np.asarray((_pieces(_ARRIVAL, np.minimum(z, 40.0)) + beyond) * np.cbrt(charge_kg), np.float64)


def kingery_reflected_kpa(scaled_m: ArrayLike) -> Floats:
    """Pressure on a wall that faces the charge (Swisdak 1994, 0.06 ≤ Z ≤ 40; farther twice the incident one)."""
    z = _scaled(scaled_m)
    return np.asarray(
        np.where(z <= 40, _pieces(_REFLECTED, np.minimum(z, 40.0)), 2 * kingery_kpa(z)), np.float64
    )


def kingery_duration_ms(scaled_m: ArrayLike, charge_kg: ArrayLike = 1.0) -> Floats:
    """Duration of the positive phase, ms (Swisdak 1994, 0.2 ≤ Z ≤ 40; its last value beyond)."""
    z = np.minimum(_scaled(scaled_m), 40.0)
    return np.asarray(_pieces(_DURATION, z) * np.cbrt(charge_kg), np.float64)


CURVES: dict[str, Callable[[ArrayLike], Floats]] = {
    "ground_charge": ground_charge_kpa,
    "crowl_louvar": crowl_louvar_kpa,
    "kingery": kingery_kpa,
}


def distance_m(level_kpa: float, charge_kg: float, curve: str = "ground_charge") -> float:
    """Where the overpressure of *charge_kg* TNT falls to *level_kpa*, m; bisection on a falling curve.

    >>> round(distance_m(9.0, 64_000.0))
    634
    """
    level = guard.positive("超压", "overpressure", level_kpa, unit="kPa", at_most=1e5)
    charge = guard.positive("TNT 当量", "TNT charge", charge_kg, unit="kg", at_most=1e10)
    if curve not in CURVES:
        raise guard.refuse("没有这种冲击波曲线", "there is no such blast curve", known=", ".join(CURVES))
    low, high = np.log(1e-3), np.log(1e7)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float(CURVES[curve](np.exp(middle))) >= level else (low, middle)
    return float(np.exp(high) * np.cbrt(charge))


def _scaled(scaled_m: ArrayLike) -> Floats:
    return np.maximum(guard.floats("比例距离", "scaled distance", scaled_m), 1e-6)


def _pieces(pieces: tuple[tuple[float, float, tuple[float, ...]], ...], z: Floats) -> Floats:
    clipped = np.maximum(z, pieces[0][0])
    logged = np.log(clipped)
    made = np.zeros_like(clipped)
    for index, (low, high, terms) in enumerate(pieces):
        inside = (clipped >= low) if index == len(pieces) - 1 else (clipped >= low) & (clipped < high)
        within = np.clip(logged, np.log(low), None if index == len(pieces) - 1 else np.log(high))
        made = np.where(inside, np.exp(np.polynomial.polynomial.polyval(within, np.array(terms))), made)
    return np.asarray(made, np.float64)
