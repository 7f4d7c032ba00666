"""Rows for the fires; view factors against quadrature over the flame's surface, sizes against the printed formulas."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.integrate import dblquad

from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Field, Grid
from anlan.kernel.text import Text
from anlan.kernel.validation import Case, Certainty, not_run
from anlan.science.chemical.fire import fireball, flash, jet, pool
from anlan.science.chemical.fire.atmosphere import transmissivity
from anlan.science.chemical.fire.view import frustum, tilted_cylinder, vector_view, vertical_cylinder

SURE, PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    yield from _fireball()
    yield from _view_factors()
    yield from _pool()
    yield from _jet()
    yield from _flash()
    for number, what in ((2, "pool fire"), (1, "jet fire"), (4, "BLEVE")):
        yield not_run(
            f"Yellow Book section 6.6.{number}, {what}",
            "TNO CPR 14E section 6.6",
            Certainty.UNSURE,
            0.0,
            "kW/m²",
            "the printed example is not at hand",
        )


def _fireball() -> Iterator[Case]:
    card = fireball.CARD.id
    source = "CCPS CPQRA section 2.2.4; TNO CPR 14E section 6.5.7"
    for correlation, tonnes, diameter, duration in (
        ("ccps", 20.0, 157.4, 12.2),
        ("ccps", 50.0, 213.7, 15.8),
        ("tno", 20.0, 162.0, 11.2),
    ):
        made = fireball.Fireball(1000 * tonnes, correlation=correlation)
        yield Case(
            f"fireball diameter, {correlation}, {tonnes:g} t",
            source,
            SURE,
            diameter,
            made.diameter_m,
            "m",
            0.05,
            model=card,
        )
        yield Case(
            f"fireball duration, {correlation}, {tonnes:g} t",
            source,
            SURE,
            duration,
            made.duration_s,
            "s",
            0.05,
            model=card,
        )
    made = fireball.Fireball(50_000.0, humidity=0.0)
    share = 0.27 * 1.7**0.32
    heat_kw = share * 50_000 * 46_000 / (math.pi * (5.8 * 50_000 ** (1 / 3)) ** 2 * 2.6 * 50_000 ** (1 / 6))
    yield Case(
        "fireball emissive power, 50 t", source, PROBABLE, heat_kw, made.sep_kw_m2, "kW/m²", 0.01, model=card
    )
    away = math.hypot(500.0, 0.75 * made.diameter_m)
    dry = min(1.0, 2.02 * (away - made.diameter_m / 2) ** -0.09)
    flux = heat_kw * (made.diameter_m / 2 / away) ** 2 * dry
    yield Case(
        "radiation at 500 m of 50 t, sphere at 0.75 D",
        "F = (R/d)²",
        SURE,
        flux,
        float(made.radiation_kw_m2(500.0)),
        "kW/m²",
        0.01,
        model=card,
    )


def _view_factors() -> Iterator[Case]:
    card = pool.CARD.id
    ours = float(vertical_cylinder(1e7, 1.0, 5.0)[0])
    yield Case(
        "half-endless upright cylinder, X/R = 5",
        "closed form F = R/(2X)",
        SURE,
        0.1,
        ours,
        "",
        1e-4,
        model=card,
    )
    ours = float(vertical_cylinder(3.0, 1.0, 1 + 1e-9)[0])
    yield Case("upright cylinder, at its wall", "closed form, limit ½", SURE, 0.5, ours, "", 1e-3, model=card)
    for length, distance, tilt_deg in (
        (6.0, 3.0, 0.0),
        (6.0, 6.0, 30.0),
        (4.0, 6.0, 60.0),
        (6.0, 4.0, -30.0),
    ):
        vertical, horizontal = tilted_cylinder(length, 1.5, distance, math.radians(tilt_deg))
        name = f"cylinder L {length:g} R 1.5 X {distance:g} m, tilted {tilt_deg:g}°"
        for part, value, axis in (("vertical", vertical, 0), ("horizontal", horizontal, 2)):
            wanted = _by_quadrature(length, 1.5, distance, math.radians(tilt_deg), axis)
            yield Case(
                f"view factor, {name}, {part} target",
                "Mudan 1987 against quadrature over the visible wall and top",
                SURE,
                wanted,
                float(value),
                "",
                2e-4,
                model=card,
            )
    wall = frustum((0, 0, 0), (0, 0, 6), 1.5, 1.5, level=True, rings=48)
    seen = vector_view(wall, 4.0, 0.0)
    panels = -float(seen[0])
    exact = float(vertical_cylinder(6.0, 1.5, 4.0)[0])
    yield Case(
        "view factor by panels", "Howell, right circular cylinder", SURE, exact, panels, "", 1e-3, model=card
    )


def _by_quadrature(length: float, radius: float, distance: float, tilt: float, axis: int) -> float:
    """∫ cos β₁ cos β₂ / (π r²) dA over what of the wall faces a point at ground level."""
    shear, rise = length * math.sin(tilt), length * math.cos(tilt)

    def element(x: float, y: float, z: float, normal: tuple[float, float, float]) -> float:
        gap = (x - distance, y, z)
        facing = -sum(one * other for one, other in zip(gap, normal, strict=True))
        towards = (-gap[0], 0.0, gap[2])[axis]
        square = gap[0] ** 2 + y * y + z * z
        return facing * towards / (math.pi * square * square) if facing > 0 and towards > 0 else 0.0

    def wall(angle: float, share: float) -> float:
        cosine, sine = math.cos(angle), math.sin(angle)
        normal = (rise * radius * cosine, rise * radius * sine, -shear * radius * cosine)
        return element(shear * share + radius * cosine, radius * sine, rise * share, normal)

    total, _ = dblquad(wall, 0, 1, -math.pi, math.pi, epsabs=1e-6, epsrel=1e-5)
    return float(total)


def _pool() -> Iterator[Case]:
    card = pool.CARD.id
    scaled = 0.05 / (1.2 * math.sqrt(9.81 * 20))
    yield Case(
        "Thomas, m″ 0.05, D 20 m, calm",
        "L/D = 42 (m″/(ρ√(gD)))^0.61",
        SURE,
        20 * 42 * scaled**0.61,
        float(pool.length_thomas(0.05, 20.0, 1.2)),
        "m",
        1e-6,
        model=card,
    )
    yield Case(
        "tilt of u* = 4",
        "AGA: cos θ = u*^−½",
        SURE,
        60.0,
        math.degrees(pool.tilt_aga(4.0)),
        "°",
        1e-9,
        model=card,
    )
    yield Case(
        "Mudan's emissive power, D 20 m",
        "140 e^−2.4 + 20 (1 − e^−2.4)",
        PROBABLE,
        20 + 120 * math.exp(-2.4),
        float(pool.emissive_power_mudan_kw_m2(20.0)),
        "kW/m²",
        1e-9,
        model=card,
    )
    yield Case(
        "Heskestad, 10 MW over 2 m",
        "0.235 Q^0.4 − 1.02 D",
        SURE,
        0.235 * 10_000**0.4 - 2.04,
        float(pool.length_heskestad(10_000.0, 2.0)),
        "m",
        1e-9,
        model=card,
    )
    partial = 0.5 * 611.21 * math.exp(17.502 * 20 / 260.97)
    yield Case(
        "transmissivity, 20 °C, 50 %, 100 m",
        "τ = 2.02 (p_w x)^−0.09",
        SURE,
        2.02 * (partial * 100) ** -0.09,
        float(transmissivity(100.0, 0.5, 293.15)),
        "",
        1e-6,
        model=card,
    )


def _jet() -> Iterator[Case]:
    card = jet.CARD.id
    speed, cooled = jet.expanded_jet(40e5, 288.0, 1.31, 0.016)
    ratio = (40e5 / 101_325) ** (0.31 / 1.31)
    yield Case(
        "methane jet, 40 bar: temperature",
        "isentropic expansion",
        SURE,
        288 / ratio,
        cooled,
        "K",
        1e-6,
        model=card,
    )
    heat = 1.31 / 0.31 * 8.314462618 / 0.016
    yield Case(
        "methane jet, 40 bar: speed",
        "energy: u² = 2 c_p (T₀ − T)",
        SURE,
        math.sqrt(2 * heat * (288 - 288 / ratio)),
        speed,
        "m/s",
        1e-4,
        model=card,
    )
    flame = jet.JetFire(10.0, speed, cooled, 0.016, 50e6)
    yield Case(
        "Chamberlain, methane 10 kg/s, still air",
        "CPR 14E eq. 6.41, by bisection here",
        PROBABLE,
        _chamberlain(10.0, speed, 0.016),
        flame.length_m,
        "m",
        1e-3,
        model=card,
    )
    yield Case(
        "lift-off in still air",
        "CPR 14E: b = 0.2 L",
        PROBABLE,
        0.2 * flame.length_m,
        flame.lift_off_m,
        "m",
        1e-9,
        model=card,
    )
    below = jet.JetFire(10.0, 400.0, 200.0, 0.016, 50e6, wind_m_s=400 * 0.04999999)
    above = jet.JetFire(10.0, 400.0, 200.0, 0.016, 50e6, wind_m_s=400 * 0.05000001)
    yield Case(
        "turn of the flame, both formulas at R = 0.05",
        "CPR 14E eqs 6.45 and 6.46 must meet",
        PROBABLE,
        below.turn_deg,
        above.turn_deg,
        "°",
        0.3,
        model=card,
    )


def _chamberlain(rate: float, speed: float, molar_mass: float) -> float:
    density = 101_325 * 0.028964 / (8.314462618 * 293.15)
    source = math.sqrt(4 * rate / (math.pi * density * speed))
    needed = (2.85 * (15.816 * molar_mass + 0.0395) / molar_mass) ** (2 / 3)
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        value = 0.024 * (9.81 * source / speed**2) ** (1 / 3) * middle ** (5 / 3) + 0.2 * middle ** (2 / 3)
        low, high = (middle, high) if value < needed else (low, middle)
    return low * source


def _flash() -> Iterator[Case]:
    grid = Grid(200, 200, 2.0, -200.0, 200.0, LocalFrame(106.0, 38.0).name)
    square = grid.x_m[None, :] ** 2 + grid.y_m[:, None] ** 2
    cloud = Field("c", "", Text("体积分数", "volume fraction"), grid, 0.2 * np.exp(-square / (2 * 60.0**2)))
    for zone, level in zip(flash.FlashFire(cloud, 0.05).zones(), (0.05, 0.025), strict=True):
        exact = 2 * math.pi * 60.0**2 * math.log(0.2 / level)
        yield Case(
            f"area of a Gaussian cloud above {level:g}",
            "closed form 2πσ² ln(c₀/c)",
            SURE,
            exact,
            zone.facts["area_m2"],
            "m²",
            0.002 * exact,
            model=flash.CARD.id,
        )
