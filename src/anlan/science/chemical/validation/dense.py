"""Dense gas: the correlation's tabulated values, and the own shallow-layer model beside slabx."""

import math
from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.dispersion.dense import DensePlume, curve_distances
from anlan.science.chemical.dispersion.outline import reach_of
from anlan.science.chemical.dispersion.slab.model import SlabInput, air_of, run_slab, stuff_of
from anlan.science.chemical.weather import Weather


def cases() -> Iterator[Case]:
    yield from _correlations()
    yield from _worked_example()
    yield from _beside_slabx()


def _correlations() -> Iterator[Case]:
    for alpha, puff, target in (
        (0.0, False, 2.71),
        (-0.40, False, 2.714),
        (0.0, True, 2.05),
        (0.75, True, 1.8475),
    ):
        ours = float(curve_distances(alpha, puff=puff)[1][-1])
        name = f"lg of the distance of the last curve, {'puff' if puff else 'plume'}, α = {alpha:g}"
        model = "chemical.dense_puff" if puff else "chemical.dense_plume"
        yield Case(
            name, "TSCREEN, EPA-454/B-94-023 (1994)", Certainty.SURE, target, ours, "", 1e-3, model=model
        )


def _worked_example() -> Iterator[Case]:
    """LNG spilled at 0.23 m³/s in 10.9 m/s: the book reads 367 m for 5 % by volume off its curves."""
    rate, density, gas = 0.23 * 425.6, 1.76, 101_325 * 0.016043 / (8.314462618 * 298.0)
    made = DensePlume(rate, density, 111.0, Weather(10.9, 0.0, temperature_k=298.0), gas, density)
    ours = reach_of(made.at, 0.05 * gas).far_m
    source = "CCPS 1999, p. 122 (Britter and McQuaid)"
    yield Case(
        "distance to 5 % of LNG vapour",
        source,
        Certainty.PROBABLE,
        367.0,
        ours,
        "m",
        40.0,
        gates=False,
        model="chemical.dense_plume",
    )
    alpha = 0.2 * math.log10(
        (9.80665 * (density / made.weather.air_density_kg_m3 - 1)) ** 2 * (rate / density) / 10.9**5
    )
    yield Case(
        "α of the same spill",
        "definition",
        Certainty.SURE,
        alpha,
        made.alpha,
        "",
        1e-9,
        model="chemical.dense_plume",
    )


DECKS: tuple[tuple[str, str, dict[str, float], tuple[float, ...]], ...] = (
    (
        "LNG pool of 107 s, Burro-like",
        "E",
        {
            "kg_mol": 0.016043,
            "cpv": 2238.0,
            "cpl": 3348.5,
            "latent": 509_900.0,
            "tb": 111.7,
            "rho": 424.1,
            "rate": 116.93,
            "area": 700.0,
            "seconds": 107.0,
            "wind": 1.94,
            "z": 3.0,
            "kelvin": 290.0,
            "rh": 50.0,
            "z0": 2e-4,
        },
        (0.05, 0.01),
    ),
    (
        "chlorine pool, continuous",
        "D",
        {
            "kg_mol": 0.07091,
            "cpv": 498.1,
            "cpl": 926.3,
            "latent": 287_840.0,
            "tb": 239.1,
            "rho": 1574.0,
            "rate": 2.0,
            "area": 20.0,
            "seconds": math.inf,
            "wind": 4.0,
            "z": 10.0,
            "kelvin": 298.0,
            "rh": 50.0,
            "z0": 0.03,
        },
        (1e-3, 2e-5, 2e-6),
    ),
    (
        "propane pool of 600 s",
        "F",
        {
            "kg_mol": 0.0441,
            "cpv": 1678.0,
            "cpl": 2520.0,
            "latent": 425_740.0,
            "tb": 231.1,
            "rho": 500.5,
            "rate": 30.0,
            "area": 200.0,
            "seconds": 600.0,
            "wind": 3.0,
            "z": 10.0,
            "kelvin": 298.0,
            "rh": 50.0,
            "z0": 0.1,
        },
        (0.02, 1e-3),
    ),
    (
        "ammonia jet of 126 s, 80 % droplets",
        "D",
        {
            "kg_mol": 0.01703,
            "cpv": 2170.0,
            "cpl": 4294.0,
            "latent": 1_370_840.0,
            "tb": 239.7,
            "rho": 682.8,
            "rate": 80.0,
            "area": 1.0,
            "seconds": 126.0,
            "wind": 7.4,
            "z": 2.0,
            "kelvin": 302.0,
            "rh": 13.0,
            "z0": 0.003,
            "liquid": 0.8,
            "height": 0.8,
        },
        (0.03, 1.1e-3, 1.6e-4),
    ),
    (
        "1 t of chlorine at once",
        "D",
        {
            "kg_mol": 0.07091,
            "cpv": 498.1,
            "cpl": 926.3,
            "latent": 287_840.0,
            "tb": 239.1,
            "rho": 1574.0,
            "mass": 1000.0,
            "area": 100.0,
            "wind": 3.0,
            "z": 10.0,
            "kelvin": 298.0,
            "rh": 50.0,
            "z0": 0.03,
        },
        (1e-3, 2e-5, 2e-6),
    ),
)


def _beside_slabx() -> Iterator[Case]:
    """Distances to levels, averaged over 600 s, within 5 % of slabx on the same decks."""
    for name, stability, deck, levels in DECKS:
        theirs, ours = peer_distances(stability, deck, levels), own_distances(stability, deck, levels)
        for level, target, found in zip(levels, theirs, ours, strict=True):
            case = f"{name}: distance to {level:g}"
            yield Case(
                case, "slabx 1.0.7", Certainty.SURE, target, found, "m", 0.05 * target, model="chemical.slab"
            )


def own_distances(stability: str, deck: dict[str, float], levels: tuple[float, ...]) -> list[float]:
    """The own run of a deck."""
    made = run_slab(own_input(stability, deck), 20_000.0)
    return [made.distance_to(level, 600.0) for level in levels]


def own_input(stability: str, deck: dict[str, float]) -> SlabInput:
    stuff = stuff_of(deck["kg_mol"], deck["cpv"], deck["cpl"], deck["latent"], deck["tb"], deck["rho"])
    rank = "ABCDEF".index(stability) + 1.0
    air = air_of(deck["wind"], deck["z"], deck["kelvin"], deck["rh"] / 100, deck["z0"], rank, 101_325.0)
    return SlabInput(
        stuff,
        air,
        deck["area"],
        deck.get("rate", 0.0),
        deck.get("seconds", math.inf),
        deck.get("mass", 0.0),
        deck["tb"],
        deck.get("liquid", 0.0),
        deck.get("height", 0.0),
        "liquid" in deck,
    )


def peer_distances(stability: str, deck: dict[str, float], levels: tuple[float, ...]) -> list[float]:
    """slabx's run of the same deck."""
    from slabx.core.plume import run_dispersion
    from slabx.core.source import EvaporatingPool, HorizontalJet, InstantaneousRelease
    from slabx.post.concentration import concentration_field
    from slabx.submodels.atmosphere import Atmosphere
    from slabx.thermo.base import LegacyThermo, Substance, water_backend

    keys = ("kg_mol", "cpv", "cpl", "latent", "tb", "rho")
    one = Substance("deck", *(deck[key] for key in keys))
    air = Atmosphere(deck["wind"], deck["z"], deck["kelvin"], deck["rh"], deck["z0"], stability)
    rate, area, seconds = deck.get("rate", 0.0), deck["area"], deck.get("seconds", math.inf)
    if "mass" in deck:
        source = InstantaneousRelease(one, 0.0, area, 0.0, mass=deck["mass"])
    elif "liquid" in deck:
        source = HorizontalJet(one, rate, area, seconds, deck["liquid"], height=deck["height"])
    else:
        source = EvaporatingPool(one, rate, area, seconds)
    run, _ = run_dispersion(source, air, LegacyThermo(one), water_backend(), x_max=20_000.0, n_puff_steps=60)
    release = 0.0 if "mass" in deck else seconds if math.isfinite(seconds) else None
    field = concentration_field(run, air, z=0.0, t_avg=600.0, t_release=release)
    return [float(field.distance_to(level)) for level in levels]
