"""Properties and endpoints against the domain sheet's sure values, CoolProp and closed forms."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty
from anlan.science.chemical.substances import substance

_SHEET = "GB/AEGL endpoints of the domain sheet (US EPA final AEGLs, NIOSH IDLH)"
_AMMONIA, _CHLORINE, _SULPHIDE = "7664-41-7", "7782-50-5", "7783-06-4"
_LIMITS = (
    (_AMMONIA, "aegl", 2, 160.0),
    (_AMMONIA, "aegl", 3, 1100.0),
    (_AMMONIA, "idlh", 0, 300.0),
    (_CHLORINE, "aegl", 2, 2.0),
    (_CHLORINE, "aegl", 3, 20.0),
    (_CHLORINE, "idlh", 0, 10.0),
    (_SULPHIDE, "aegl", 2, 27.0),
    (_SULPHIDE, "aegl", 3, 50.0),
    (_SULPHIDE, "idlh", 0, 100.0),
)
_FLUIDS = ((_AMMONIA, "Ammonia", 293.15), (_CHLORINE, "Chlorine", 293.15), ("74-98-6", "n-Propane", 293.15))


def cases() -> Iterator[Case]:
    yield from _endpoints()
    yield from _conversion()
    yield from _against_coolprop()


def _endpoints() -> Iterator[Case]:
    for cas, kind, level, target in _LIMITS:
        found = substance(cas).endpoint(kind, level)
        case = f"{found.name} 60 min of {cas}" if kind == "aegl" else f"IDLH of {cas}"
        yield Case(case, _SHEET, Certainty.SURE, target, found.ppm(), "ppm", 1e-9)


def _conversion() -> Iterator[Case]:
    """24.465 L/mol is the molar volume at 25 °C and 101.325 kPa: 8.314463·298.15/101.325."""
    volume_l_mol = 8.314462618 * 298.15 / 101.325
    ours = substance(_CHLORINE).endpoint("aegl", 3).mg_m3()
    target = 20.0 * 70.906 / volume_l_mol
    yield Case(
        "AEGL-3 of chlorine in mg/m³ at 25 °C", "ideal gas", Certainty.SURE, target, ours, "mg/m³", 0.02
    )


def _against_coolprop() -> Iterator[Case]:
    from CoolProp.CoolProp import PropsSI

    for cas, fluid, kelvin in _FLUIDS:
        one, source = substance(cas), f"CoolProp 8, {fluid}"
        pressure = PropsSI("P", "T", kelvin, "Q", 0, fluid)
        density = PropsSI("D", "T", kelvin, "Q", 0, fluid)
        latent = PropsSI("H", "T", kelvin, "Q", 1, fluid) - PropsSI("H", "T", kelvin, "Q", 0, fluid)
        rows = (
            ("vapour pressure", pressure, one.vapour_pressure_pa(kelvin), "Pa"),
            ("liquid density", density, one.liquid_density_kg_m3(kelvin), "kg/m³"),
            ("heat of vaporisation", latent, one.heat_of_vaporisation_j_kg(kelvin), "J/kg"),
        )
        for what, target, ours, unit in rows:
            name = f"{what} of {fluid} at {kelvin - 273.15:.0f} °C"
            yield Case(name, source, Certainty.SURE, target, ours, unit, 0.005 * target)
