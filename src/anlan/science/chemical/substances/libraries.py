"""Properties from `chemicals` and `thermo`, loaded on first use; each says by which method it was got."""

import math
import warnings
from collections.abc import Callable
from functools import cache, wraps
from threading import RLock
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_WITHOUT_ITS_GAS = ("ROWLINSON_POLING", "ROWLINSON_BONDI")
"""Methods of `thermo` that give nothing unless told the heat capacity of the gas."""
ESTIMATE = "chemicals/Rowlinson_Poling (estimate)"


_loading = RLock()


def _kept(look_up: Callable[P, R]) -> Callable[P, R]:
    """*look_up* with its answers kept, one thread at a time: the libraries load their tables on first use, and break
    when two threads have them do so at once."""
    kept: Callable[P, R] = cache(look_up)  # type: ignore[assignment]

    @wraps(look_up)
    def one_at_a_time(*args: P.args, **kwargs: P.kwargs) -> R:
        with _loading:
            return kept(*args, **kwargs)

    return one_at_a_time


class Correlation(NamedTuple):
    """A property as a function of temperature (and pressure), per mole, with the method's name and range."""

    at: Callable[..., float | None]
    method: str
    low_k: float
    high_k: float


@_kept
def constant(cas: str, name: str) -> tuple[float, str] | None:
    """A constant of `chemicals` and the data set that it is from; SI units, as that library gives them."""
    import chemicals
    from chemicals import acentric, safety

    by_name: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "Tb": (chemicals.Tb, chemicals.Tb_methods),
        "Tm": (chemicals.Tm, chemicals.Tm_methods),
        "Tc": (chemicals.Tc, chemicals.Tc_methods),
        "Pc": (chemicals.Pc, chemicals.Pc_methods),
        "omega": (acentric.omega, acentric.omega_methods),
        "T_flash": (safety.T_flash, safety.T_flash_methods),
        "T_autoignition": (safety.T_autoignition, safety.T_autoignition_methods),
        "Hfg": (chemicals.Hfg, chemicals.Hfg_methods),
    }
    value_of, methods_of = by_name[name]
    methods = methods_of(cas)
    if not methods:
        return None
    value = value_of(cas, method=methods[0])
    return None if value is None else (float(value), f"chemicals/{methods[0]}")


@_kept
def limit(cas: str, name: str) -> tuple[float, str] | None:
    """``LFL`` or ``UFL`` as a mole fraction in air; measured values only, no estimate."""
    from chemicals import safety

    value_of, methods_of = {
        "LFL": (safety.LFL, safety.LFL_methods),
        "UFL": (safety.UFL, safety.UFL_methods),
    }[name]
    methods = [
        one for one in methods_of(CASRN=cas) if one not in ("Suzuki (1994)", "Crowl and Louvar (2001)")
    ]
    if not methods:
        return None
    value = value_of(CASRN=cas, method=methods[0])
    return None if value is None else (float(value), f"chemicals/{methods[0]}")


@_kept
def identity(cas: str) -> tuple[str, str, float] | None:
    """English name, formula and molar mass in kg/mol; None for a substance unknown to `chemicals`."""
    from chemicals.identifiers import search_chemical

    try:
        found = search_chemical(cas)
    except ValueError:
        return None
    return str(found.common_name), str(found.formula), float(found.MW) / 1e3


@_kept
def lower_heating_value(cas: str) -> tuple[float, str] | None:
    """Heat of combustion to water vapour in J/mol (positive) from the heat of formation of the gas."""
    from chemicals.combustion import combustion_data

    known, formation = identity(cas), constant(cas, "Hfg")
    if known is None or formation is None:
        return None
    try:
        data = combustion_data(formula=known[1], Hf=formation[0])
    except (ValueError, KeyError):
        return None
    if data.LHV is None or data.LHV >= 0:
        return None
    return -float(data.LHV), f"stoichiometry, heat of formation {formation[1]}"


@_kept
def correlation(cas: str, name: str) -> Correlation | None:
    """``VaporPressure``, ``VolumeLiquid``, ``EnthalpyVaporization``, ``HeatCapacityLiquid`` or
    ``HeatCapacityGas`` of `thermo` by its best method; None when there is no data at all. Only the heat capacity of
    a liquid is estimated where nobody has measured it: by method `ESTIMATE`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = getattr(_thermo(), name)(CASRN=cas, **_known_constants(cas, name))
        method = made.method
        if method is None or method in _WITHOUT_ITS_GAS:
            return _liquid_heat_estimate(cas) if name == "HeatCapacityLiquid" else None
        low, high = made.T_limits.get(method, (0.0, math.inf))
    return Correlation(made.T_dependent_property, f"thermo/{method}", float(low), float(high))


@cache
def _thermo() -> Any:
    """`thermo` without CoolProp: all that it would take from there are methods that it ranks below its own fits to
    them, and to load it takes 70 MB and three seconds."""
    import thermo
    from thermo import coolprop

    coolprop._has_CoolProp = False
    return thermo


def _liquid_heat_estimate(cas: str) -> Correlation | None:
    """By corresponding states from that of the gas: within 3 % for most of 200 liquids, up to half too high for
    those that associate (Poling, Prausnitz and O'Connell, Properties of Gases and Liquids, 5th ed., eq. 6-6.2)."""
    from chemicals.heat_capacity import Rowlinson_Poling

    gas = correlation(cas, "HeatCapacityGas")
    critical, acentric = constant(cas, "Tc"), constant(cas, "omega")
    if gas is None or critical is None or acentric is None:
        return None

    def at(kelvin: float) -> float | None:
        vapour = gas.at(kelvin)
        return None if vapour is None else Rowlinson_Poling(kelvin, critical[0], acentric[0], vapour)

    return Correlation(at, ESTIMATE, 0.5 * critical[0], critical[0])


def _known_constants(cas: str, name: str) -> dict[str, float]:
    wanted = {
        "VaporPressure": ("Tb", "Tc", "Pc", "omega"),
        "VolumeLiquid": ("Tb", "Tc", "Pc", "omega", "MW"),
        "EnthalpyVaporization": ("Tb", "Tc", "Pc", "omega"),
        "HeatCapacityLiquid": ("Tc", "omega", "MW"),
        "HeatCapacityGas": ("MW",),
    }[name]
    known: dict[str, float] = {}
    for one in wanted:
        if one == "MW":
            found = identity(cas)
            if found is not None:
                known["MW"] = found[2] * 1e3
        else:
            value = constant(cas, one)
            if value is not None:
                known[one] = value[0]
    return known
