"""Rows for the explosions: the golden numbers of the domain, closed forms, printed values of other programs."""

import math
from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty, not_run
from anlan.science.chemical.explosion import cloud, dust, tnt, vessel
from anlan.science.chemical.explosion.blast import (
    crowl_louvar_kpa,
    kingery_arrival_ms,
    kingery_duration_ms,
    kingery_impulse_kpa_ms,
    kingery_kpa,
    kingery_reflected_kpa,
)
from anlan.science.chemical.validation.blast_wave import peak_ratio

SURE, PROBABLE, UNSURE = Certainty.SURE, Certainty.PROBABLE, Certainty.UNSURE


def cases() -> Iterator[Case]:
    yield from _tnt()
    yield from _cloud()
    yield from _vessel()
    yield from _dust()
    yield not_run(
        "Yellow Book section 5.5, multi-energy example",
        "TNO CPR 14E section 5.5",
        UNSURE,
        0.0,
        "kPa",
        "the blast charts and the printed example are not at hand; the multi-energy charts are not reproduced",
        model=cloud.CARD.id,
    )


def _tnt() -> Iterator[Case]:
    card = tnt.CARD.id
    charge = tnt.vapour_cloud_charge_kg(20_000.0, 46.5e6)
    rule = "W = 1.8·0.04·W_f·Q_f/Q_TNT"
    exact = 1.8 * 0.04 * 20 * 46.5 / 4.52
    yield Case("vapour cloud, 20 t LPG", rule, PROBABLE, exact, charge / 1000, "t TNT", 1e-9, model=card)
    curve = "ΔP = 14Q/R³ + 4.3Q^⅔/R² + 1.1Q^⅓/R (10⁵ Pa), computed golden numbers"
    for name, mass, level, distance in (
        ("20 t LPG", charge, 2.0, 1445.0),
        ("20 t LPG", charge, 5.0, 633.0),
        ("20 t LPG", charge, 9.0, 389.0),
        ("200 t ammonium nitrate × 0.32", tnt.condensed_charge_kg(200_000.0, 0.32), 2.0, 2354.0),
        ("200 t ammonium nitrate × 0.32", tnt.condensed_charge_kg(200_000.0, 0.32), 5.0, 1030.0),
        ("200 t ammonium nitrate × 0.32", tnt.condensed_charge_kg(200_000.0, 0.32), 9.0, 634.0),
    ):
        ours = tnt.TntExplosion(mass).distance_m(level)
        yield Case(f"{level:g} kPa of {name}", curve, PROBABLE, distance, ours, "m", 0.5, model=card)
        bars = sum(
            factor * mass ** (power / 3) / ours**power for factor, power in ((14.0, 3), (4.3, 2), (1.1, 1))
        )
        yield Case(
            f"back from the distance: {level:g} kPa of {name}",
            curve,
            SURE,
            level,
            100 * bars,
            "kPa",
            1e-6,
            model=card,
        )
    fit = float(crowl_louvar_kpa(30.0))
    yield Case("Z = 30 m/kg^⅓", "Crowl and Louvar eq. 6-23", PROBABLE, 5.71, fit, "kPa", 0.005, model=card)
    z = 500 / 10_000 ** (1 / 3)
    printed = "a public program of Swisdak 1994 at 10 t, 500 m"
    pressure = float(kingery_kpa(z))
    impulse = float(kingery_impulse_kpa_ms(z, 10_000.0))
    arrival = float(kingery_arrival_ms(z, 10_000.0))
    yield Case("Kingery, pressure", printed, PROBABLE, 5.05496, pressure, "kPa", 1e-4, model=card)
    yield Case("Kingery, impulse", printed, PROBABLE, 295.877, impulse, "kPa·ms", 1e-2, model=card)
    yield Case("Kingery, arrival", printed, PROBABLE, 1276.165, arrival, "ms", 1e-2, model=card)
    reflected, duration = float(kingery_reflected_kpa(z)), float(kingery_duration_ms(z, 10_000.0))
    yield Case("Kingery, reflected pressure", printed, PROBABLE, 10.24462, reflected, "kPa", 1e-4, model=card)
    yield Case("Kingery, duration", printed, PROBABLE, 133.2334, duration, "ms", 1e-3, model=card)
    between = float(crowl_louvar_kpa(10.0))
    yield Case(
        "two curves at Z = 10",
        "Kingery beside Crowl and Louvar",
        PROBABLE,
        between,
        float(kingery_kpa(10.0)),
        "kPa",
        4.0,
        False,
    )


def _cloud() -> Iterator[Case]:
    card = cloud.CARD.id
    mach = 0.01
    yield Case(
        "slow flame, M = 0.01: overpressure inside",
        "acoustics of a growing hemisphere: 2γ(1 − 1/σ) M²",
        SURE,
        1e6 * 2 * 1.4 * (1 - 1 / 7) * mach**2,
        1e6 * float(cloud.inside_ratio(mach)),
        "10⁻⁶ p₀",
        3.0,
        model=card,
    )
    radius = (7 * 3 * 1e10 / (2 * math.pi * 3.5e6)) ** (1 / 3)
    made = cloud.CloudExplosion.of_strength(1e10, 3)
    yield Case(
        "burnt radius of 10 GJ",
        "3.5 MJ/m³, expanded 7 times",
        SURE,
        radius,
        made.flame_radius_m,
        "m",
        1e-6,
        model=card,
    )
    ours = float(made.overpressure_kpa(10 * radius))
    yield Case("strength 3 at ten radii", "acoustic decay 1/r", SURE, 0.5066, ours, "kPa", 1e-4, model=card)
    yield from _gas_dynamics()


def _gas_dynamics() -> Iterator[Case]:
    """Slow flames must agree; for fast ones the formula must lie above, and by less than a half."""
    card = cloud.CARD.id
    energy = 1e10
    metre = (energy / 101_325) ** (1 / 3)
    source = "own one-dimensional gas dynamics of the burning hemisphere"
    slow = cloud.CloudExplosion.of_mach(energy, 0.3)
    for scaled, exact in zip((1.0, 2.0, 5.0), peak_ratio(0.3, (1.0, 2.0, 5.0)), strict=True):
        ours = float(slow.overpressure_kpa(scaled * metre)) / 101.325
        yield Case(
            f"flame of M 0.3 at {scaled:g}", source, SURE, float(exact), ours, "p₀", 0.06 * exact, model=card
        )
    fast = {"flame of M 1": (1.0, cloud.CloudExplosion.of_mach(energy, 1.0))}
    fast["cloud burnt at once, strength 10"] = (0.0, cloud.CloudExplosion.of_strength(energy, 10))
    for name, (mach, made) in fast.items():
        for scaled, exact in zip((1.0, 2.0, 5.0), peak_ratio(mach, (1.0, 2.0, 5.0)), strict=True):
            ours = float(made.overpressure_kpa(scaled * metre)) / 101.325
            middle = 1.25 * float(exact)
            yield Case(
                f"{name} at {scaled:g}, 0 to 50 % above",
                source,
                SURE,
                middle,
                ours,
                "p₀",
                middle / 5,
                model=card,
            )


def _vessel() -> Iterator[Case]:
    card = vessel.CARD.id
    brode = vessel.energy_brode_j(1e6, 10.0, 1.4, 1e5)
    yield Case(
        "Brode, 10 m³ at 10 bar", "(p₁ − p₀)V/(γ − 1)", SURE, 22.5, brode / 1e6, "MJ", 1e-9, model=card
    )
    work = vessel.energy_isentropic_j(1e6, 10.0, 1.4, 1e5)
    steps = 20_000
    top = 10.0 * 10 ** (1 / 1.4)
    grid = [10.0 * (top / 10.0) ** ((k + 0.5) / steps) for k in range(steps)]
    exact = sum(1e6 * (10.0 / v) ** 1.4 * v for v in grid) * math.log(top / 10.0) / steps
    yield Case(
        "isentropic, 10 m³ at 10 bar",
        "∫p dV along pV^γ",
        SURE,
        exact / 1e6,
        work / 1e6,
        "MJ",
        1e-5,
        model=card,
    )
    available = vessel.energy_available_j(1e6, 10.0, 1e5)
    yield Case(
        "isothermal availability",
        "p₁V(ln 10 − 0.9)",
        SURE,
        10 * (math.log(10) - 0.9),
        available / 1e6,
        "MJ",
        1e-9,
        model=card,
    )
    free = vessel.range_with_drag_m(100.0, 50.0, 0.0)
    yield Case("fragment at 100 m/s without drag", "v²/g", SURE, 1e4 / 9.81, free, "m", 2.0, model=card)
    k = 1.2 * 0.5 / (2 * 50.0)
    flat = vessel.range_with_drag_m(100.0, 50.0, 0.5)
    bound = math.log(1 + k * 1e4 / 9.81) / k
    yield Case(
        "drag shortens the flight",
        "between ½ and 1 of ln(1 + kv²/g)/k",
        UNSURE,
        bound,
        flat,
        "m",
        bound / 2,
        False,
        card,
    )


def _dust() -> Iterator[Case]:
    card = dust.CARD.id
    rule = "VDI 3673: (3.264e-5 P_max K_St P_red^−0.569 + 0.27(P_stat − 0.1)P_red^−0.5) V^0.753"
    flat = (3.264e-5 * 9 * 150 * 0.4**-0.569) * 20**0.753
    ours = dust.vent_area_m2(150.0, 9.0, 0.4, 0.1, 20.0)
    yield Case("vent, K_St 150, 20 m³, P_red 0.4", rule, PROBABLE, flat, ours, "m²", 1e-9, model=card)
    longer = flat * (1 + (-4.305 * math.log10(0.4) + 0.758) * math.log10(3))
    ours = dust.vent_area_m2(150.0, 9.0, 0.4, 0.1, 20.0, 3.0)
    yield Case("the same, L/D 3", rule, PROBABLE, longer, ours, "m²", 1e-9, model=card)
    kst = dust.kst_bar_m_s(1000.0, 1.0)
    yield Case("cubic law in 1 m³", "K_St = (dP/dt)V^⅓", SURE, 1000.0, kst, "bar·m/s", 1e-9, model=card)
