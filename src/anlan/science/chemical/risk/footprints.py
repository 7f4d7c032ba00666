"""Lethality footprints for the risk grid: toxic plumes by class and wind, and circles."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from anlan.science import guard
from anlan.science.chemical.dispersion.sigmas import Curves, sigma_y, sigma_z
from anlan.science.chemical.harm.vulnerability import Probit, probit
from anlan.science.chemical.risk.individual import Footprints
from anlan.science.chemical.weather import Stability, Terrain

Floats = NDArray[np.float64]

NODES = (64, 24)
LEAST = 1e-3


def toxic(
    rates_kg_s: Floats,
    duration_s: float,
    weathers: tuple[tuple[float, Stability], ...],
    rule: Probit,
    terrain: Terrain = Terrain.OPEN,
) -> Footprints:
    """A footprint for each rate and weather (rate by rate), out to a lethality of 0.1 %.

    Ground release of a neutrally buoyant gas, exposure for the duration but at most 30 min (CPR 18E section 5.2.3).
    """
    rates = guard.floats("泄漏速率", "release rates", np.atleast_1d(rates_kg_s), zero=False)
    minutes = min(guard.positive("持续时间", "duration", duration_s, unit="s"), 1800.0) / 60
    least_mg_m3 = float(rule.intensity(LEAST, minutes))
    trial = np.geomspace(2.0, 60_000.0, 400)
    curves = Curves.of(terrain)
    made, steps, asides = [], [], []
    for rate in rates:
        for wind, kind in weathers:
            centre = _axis(rate, wind, kind, curves, trial)
            reached = np.flatnonzero(centre >= least_mg_m3)
            far = float(trial[reached[-1]]) if len(reached) else 2.0
            width = sigma_y(trial, kind, curves) * np.sqrt(2 * np.log(np.maximum(centre / least_mg_m3, 1.0)))
            wide = max(float(width.max()), 1.0)
            x = np.linspace(0.0, far * 1.02, NODES[0])
            y = np.linspace(0.0, wide * 1.02, NODES[1])
            spread = sigma_y(np.maximum(x, 1.0), kind, curves)
            dose = _axis(rate, wind, kind, curves, np.maximum(x, 1.0))[:, None]
            dose = dose * np.exp(-(y**2) / (2 * spread[:, None] ** 2))
            share = rule.probability(dose, minutes)
            made.append(np.where(share < LEAST, 0.0, share).astype(np.float32))
            steps.append(x[1])
            asides.append(y[1])
    return Footprints(np.stack(made), np.zeros(len(made)), np.array(steps), np.array(asides))


def radiated(
    flux_kw_m2: Callable[[Floats, Floats], Floats], reach_m: float, exposure_s: float = 20.0, nodes: int = 65
) -> Footprints:
    """One footprint of a fire in one wind: all die from 35 kW/m² up, the probit's share below (CPR 18E section 5.2.4).

    *flux_kw_m2* takes metres downwind and to the left of the wind; nothing beyond *reach_m*.
    """
    reach = guard.positive("影响距离", "reach", reach_m, unit="m")
    x, y = np.linspace(-reach, reach, 2 * nodes - 1), np.linspace(0.0, reach, nodes)
    flux = flux_kw_m2(x[:, None], y[None, :])
    share = np.where(flux >= 35.0, 1.0, probit("thermal_death").probability(1000 * flux, exposure_s))
    share = np.where(share < LEAST, 0.0, share)
    return Footprints(
        share[None].astype(np.float32), np.array([-reach]), np.array([x[1] - x[0]]), np.array([y[1]])
    )


def merged(*parts: Footprints) -> Footprints:
    """Several sets of footprints of the same nodes as one, in order."""
    return Footprints(
        np.concatenate([one.values for one in parts]),
        np.concatenate([one.start_m for one in parts]),
        np.concatenate([one.step_m for one in parts]),
        np.concatenate([one.aside_m for one in parts]),
    )


def round_about(lethality: Callable[[Floats], Floats], reach_m: float, nodes: int = 65) -> Footprints:
    """One footprint of what does not know the wind: *lethality* of the distance, zero beyond *reach_m*."""
    reach = guard.positive("影响距离", "reach", reach_m, unit="m")
    x, y = np.linspace(-reach, reach, 2 * nodes - 1), np.linspace(0.0, reach, nodes)
    distance = np.hypot(x[:, None], y[None, :])
    values = np.where(distance <= reach, lethality(distance), 0.0).astype(np.float32)
    return Footprints(values[None], np.array([-reach]), np.array([x[1] - x[0]]), np.array([y[1]]))


def _axis(rate: float, wind: float, kind: Stability, curves: Curves, x: Floats) -> Floats:
    area = np.pi * max(wind, 0.5) * sigma_y(x, kind, curves) * sigma_z(x, kind, curves)
    return np.asarray(np.minimum(1e6 * rate / area, 3.2e6), np.float64)
