"""A substance and its properties, each with its source; what is missing is refused by name, never guessed."""

import math
from dataclasses import dataclass
from functools import cache, cached_property

from scipy.optimize import brentq

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.chemical.substances import libraries
from anlan.science.chemical.substances.concentration import ATMOSPHERE_PA, GAS_CONSTANT
from anlan.science.chemical.substances.endpoints import Endpoint, default_minutes, find_endpoint, kinds
from anlan.science.chemical.substances.tables import ENDPOINTS_SOURCE, endpoint_rows, names, toxic_gas_beta
from anlan.science.guard import require

_REPRESENTED_BY = {
    "68476-85-7": ("74-98-6", "Petroleum gases, liquefied"),
    "8006-14-2": ("74-82-8", "Natural gas"),
    "86290-81-5": ("110-54-3", "Gasoline"),
    "26471-62-5": ("584-84-9", "Toluene diisocyanate"),
}
_TEMPERATURE = Text("温度", "temperature")


@dataclass(frozen=True)
class Datum:
    """A number with its unit, source and method, and how sure it is."""

    value: float
    unit: str
    source: str
    certainty: Certainty = Certainty.PROBABLE


@dataclass(frozen=True)
class Completeness:
    """What is known of a substance and what is not: names of properties, with the source of each."""

    cas: str
    known: dict[str, str]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Known properties over all asked for."""
        return len(self.known) / (len(self.known) + len(self.missing))


@dataclass(frozen=True)
class Substance:
    """A substance by CAS number. Make it with `substance`.

    Every property is in SI. A property without data raises `Invalid`, which names it;
    `completeness` lists them beforehand. *stand_in* is the CAS whose physical
    properties are used (a mixture such as LPG stands for its main component).
    """

    cas: str
    name: Text
    formula: str
    molar_mass: Datum
    un: str
    stand_in: str
    caveats: tuple[Caveat, ...] = ()

    @property
    def molar_mass_kg_mol(self) -> float:
        return self.molar_mass.value

    @cached_property
    def boiling_k(self) -> float:
        """Normal boiling point (101,325 Pa)."""
        return self.boiling.value

    @cached_property
    def boiling(self) -> Datum:
        found = self._constant("Tb", "K")
        if found is None:
            celsius = endpoint_rows().get(self.cas, {}).get("bp_normal_c") or ""
            found = Datum(float(celsius) + 273.15, "K", ENDPOINTS_SOURCE) if celsius else None
        return self._required(found, Text("常压沸点", "normal boiling point"))

    @cached_property
    def critical_k(self) -> float:
        return self._required(self._constant("Tc", "K"), Text("临界温度", "critical temperature")).value

    @cached_property
    def critical_pa(self) -> float:
        return self._required(self._constant("Pc", "Pa"), Text("临界压力", "critical pressure")).value

    @cached_property
    def acentric_factor(self) -> float:
        return self._required(self._constant("omega", ""), Text("偏心因子", "acentric factor")).value

    @cached_property
    def lower_flammable_limit(self) -> float:
        """Mole fraction in air."""
        return self._flammable("LFL", "lel", Text("爆炸下限", "lower flammable limit")).value

    @cached_property
    def upper_flammable_limit(self) -> float:
        """Mole fraction in air."""
        return self._flammable("UFL", "uel", Text("爆炸上限", "upper flammable limit")).value

    @cached_property
    def flash_point_k(self) -> float:
        return self._required(self._constant("T_flash", "K"), Text("闪点", "flash point")).value

    @cached_property
    def autoignition_k(self) -> float:
        found = self._constant("T_autoignition", "K")
        return self._required(found, Text("自燃温度", "autoignition temperature")).value

    @cached_property
    def heat_of_combustion_j_kg(self) -> float:
        """Lower heating value at 25 °C, positive."""
        found = libraries.lower_heating_value(self.stand_in)
        datum = None if found is None else Datum(found[0] / self.molar_mass_kg_mol, "J/kg", found[1])
        return self._required(datum, Text("燃烧热", "heat of combustion")).value

    @property
    def is_flammable(self) -> bool:
        """Whether a lower flammable limit is on record."""
        try:
            return self.lower_flammable_limit > 0
        except Invalid:
            return False

    @property
    def estimates(self) -> tuple[Caveat, ...]:
        """What to say where the heat capacity of the liquid is estimated, nobody having measured it."""
        heat = libraries.correlation(self.stand_in, "HeatCapacityLiquid")
        return (_ESTIMATED,) if heat is not None and heat.method == libraries.ESTIMATE else ()

    @property
    def toxic_gas_beta(self) -> float | None:
        """β of GB 18218-2018 table 3, where the substance is one of the named toxic gases."""
        return toxic_gas_beta().get(self.cas)

    @property
    def toxic_classes(self) -> tuple[str, ...]:
        """By which lists the substance counts as toxic; empty says only that none of ours names it."""
        named = ("GB 18218-2018 table 3",) if self.toxic_gas_beta is not None else ()
        return named + tuple(kind.upper() for kind in ("aegl", "erpg", "idlh") if self._any(kind))

    def vapour_pressure_pa(self, temperature_k: float) -> float:
        """Saturation pressure. Raises `Invalid` above the critical temperature."""
        kelvin = self._below_critical(temperature_k)
        return self._at("VaporPressure", kelvin, Text("蒸气压", "vapour pressure"))

    def boiling_at_pa(self, pressure_pa: float) -> float:
        """Temperature at which the saturation pressure is *pressure_pa*."""
        pascal = require(pressure_pa, Text("压力", "pressure"), high=self.critical_pa, unit="Pa")
        low, high = 0.35 * self.critical_k, 0.9999 * self.critical_k
        if self.vapour_pressure_pa(high) <= pascal:
            return high
        return float(brentq(lambda t: self.vapour_pressure_pa(t) - pascal, low, high, xtol=1e-6))

    def liquid_density_kg_m3(self, temperature_k: float) -> float:
        """Density of the saturated liquid."""
        kelvin = self._below_critical(temperature_k)
        volume = self._at("VolumeLiquid", kelvin, Text("液体密度", "liquid density"))
        return self.molar_mass_kg_mol / volume

    def heat_of_vaporisation_j_kg(self, temperature_k: float) -> float:
        kelvin = self._below_critical(temperature_k)
        words = Text("汽化热", "heat of vaporisation")
        return self._at("EnthalpyVaporization", kelvin, words) / self.molar_mass_kg_mol

    def liquid_heat_capacity_j_kg_k(self, temperature_k: float) -> float:
        kelvin = self._below_critical(temperature_k)
        words = Text("液体比热", "heat capacity of the liquid")
        return self._at("HeatCapacityLiquid", kelvin, words) / self.molar_mass_kg_mol

    def gas_heat_capacity_j_kg_k(self, temperature_k: float) -> float:
        """Isobaric, ideal gas."""
        kelvin = require(temperature_k, _TEMPERATURE, unit="K", high=3000.0)
        words = Text("气体比热", "heat capacity of the gas")
        return self._at("HeatCapacityGas", kelvin, words) / self.molar_mass_kg_mol

    def heat_capacity_ratio(self, temperature_k: float) -> float:
        """γ = cp / (cp − R/M), ideal gas.

        >>> round(substance("74-82-8").heat_capacity_ratio(300.0), 2)
        1.3
        """
        heat = self.gas_heat_capacity_j_kg_k(temperature_k)
        return heat / (heat - GAS_CONSTANT / self.molar_mass_kg_mol)

    def gas_density_kg_m3(self, temperature_k: float, pressure_pa: float = ATMOSPHERE_PA) -> float:
        """Ideal gas."""
        kelvin = require(temperature_k, _TEMPERATURE, unit="K", high=3000.0)
        return pressure_pa * self.molar_mass_kg_mol / (GAS_CONSTANT * kelvin)

    def endpoint(self, kind: str, level: int = 0, minutes: int | None = None) -> Endpoint:
        """A published limit: ``aegl``, ``erpg``, ``pac`` with level 1–3, or ``idlh``.

        >>> substance("7664-41-7").endpoint("aegl", 2).value
        160.0

        Raises `Invalid` when none is on record.
        """
        found = self.find_endpoint(kind, level, minutes)
        if found is None:
            words = Text(f"{kind.upper()}-{level} 限值", f"{kind.upper()}-{level} limit")
            raise _missing(self.name, self.cas, words)
        return found

    def find_endpoint(self, kind: str, level: int = 0, minutes: int | None = None) -> Endpoint | None:
        """As `endpoint`, None when there is none."""
        if (kind, level) not in kinds():
            raise Invalid(Text(f"没有 {kind}-{level} 这种限值", f"There is no limit called {kind}-{level}"))
        wanted = default_minutes(kind) if minutes is None else minutes
        own = find_endpoint(self.cas, kind, level, wanted, self.molar_mass_kg_mol)
        return own or find_endpoint(self.stand_in, kind, level, wanted, self.molar_mass_kg_mol)

    def completeness(self, temperature_k: float = 293.15) -> Completeness:
        """Which properties have data (at *temperature_k*, or at the boiling point when that is lower)."""
        known, missing = {"molar_mass": self.molar_mass.source}, []
        for name, source in self._probes(temperature_k):
            if source is None:
                missing.append(name)
            else:
                known[name] = source
        return Completeness(self.cas, known, tuple(missing))

    def _probes(self, temperature_k: float) -> list[tuple[str, str | None]]:
        constants = ("Tb", "Tc", "Pc", "omega", "T_flash", "T_autoignition")
        found = [(one, _source(libraries.constant(self.stand_in, one))) for one in constants]
        found += [(one, _source(libraries.limit(self.stand_in, one))) for one in ("LFL", "UFL")]
        found.append(("heat_of_combustion", _source(libraries.lower_heating_value(self.stand_in))))
        for one in _CORRELATIONS:
            made = libraries.correlation(self.stand_in, one)
            found.append((one, None if made is None else made.method))
        for kind, level in kinds():
            endpoint = self.find_endpoint(kind, level)
            found.append((f"{kind}{level or ''}", None if endpoint is None else endpoint.source))
        return found

    def _any(self, kind: str) -> bool:
        return any(self.find_endpoint(kind, level) for one, level in kinds() if one == kind)

    def _constant(self, name: str, unit: str) -> Datum | None:
        found = libraries.constant(self.stand_in, name)
        return None if found is None else Datum(found[0], unit, found[1])

    def _flammable(self, name: str, column: str, words: Text) -> Datum:
        found = libraries.limit(self.stand_in, name)
        if found is not None:
            return Datum(found[0], "mol/mol", found[1])
        row = endpoint_rows().get(self.cas, {})
        if row.get(f"{column}_value") and row[f"{column}_unit"] == "ppm":
            return Datum(float(row[f"{column}_value"]) / 1e6, "mol/mol", ENDPOINTS_SOURCE)
        return self._required(None, words)

    def _at(self, name: str, kelvin: float, words: Text) -> float:
        made = libraries.correlation(self.stand_in, name)
        value = None if made is None else made.at(kelvin)
        if value is None or not math.isfinite(value) or value <= 0:
            raise _missing(
                self.name, self.cas, Text(f"{kelvin:.1f} K 时的{words.zh}", f"{words.en} at {kelvin:.1f} K")
            )
        return float(value)

    def _below_critical(self, temperature_k: float) -> float:
        kelvin = require(temperature_k, _TEMPERATURE, unit="K", high=3000.0)
        found = libraries.constant(self.stand_in, "Tc")
        if found is not None and kelvin >= found[0]:
            raise Invalid(
                Text(
                    f"{self.name.zh}在 {kelvin:.1f} K 高于临界温度 {found[0]:.1f} K，没有液相",
                    f"{self.name.en} at {kelvin:.1f} K is above its critical temperature {found[0]:.1f} K: no liquid",
                ),
                next_step=Text("请按压缩气体计算", "Treat it as a compressed gas"),
                facts={"critical_k": found[0]},
            )
        return kelvin

    def _required(self, datum: Datum | None, words: Text) -> Datum:
        if datum is None:
            raise _missing(self.name, self.cas, words)
        return datum


_CORRELATIONS = (
    "VaporPressure",
    "VolumeLiquid",
    "EnthalpyVaporization",
    "HeatCapacityLiquid",
    "HeatCapacityGas",
)


@cache
def substance(cas: str) -> Substance:
    """The substance with this CAS number.

    >>> substance("7782-50-5").name.zh
    '氯'

    Raises `Invalid` for a malformed number (format or check digit) and for a substance without a molar mass.
    """
    _check_cas(cas)
    stand_in, english = _REPRESENTED_BY.get(cas, (cas, ""))
    found, row = libraries.identity(stand_in), endpoint_rows().get(cas)
    if found is not None:
        common, formula, molar = found
        mass = Datum(molar, "kg/mol", "chemicals", Certainty.SURE)
    elif row is not None and row["mw_g_mol"]:
        common, formula = row["name_en"].lower(), ""
        mass = Datum(float(row["mw_g_mol"]) / 1e3, "kg/mol", ENDPOINTS_SOURCE)
    else:
        raise Invalid(
            Text(f"没有 CAS {cas} 的物质数据", f"There is no data of a substance with CAS {cas}"),
            next_step=Text("请核对 CAS 号，或按组分输入", "Check the CAS number, or enter its components"),
            facts={"cas": cas},
        )
    named = names().get(cas)
    english = english or common
    caveats = () if stand_in == cas else (_stand_in_caveat(stand_in, common),)
    name = Text(named.zh if named else english, english)
    return Substance(cas, name, formula, mass, named.un if named else "", stand_in, caveats)


def _check_cas(cas: str) -> None:
    parts = str(cas).split("-")
    shaped = (
        len(parts) == 3
        and all(part.isdigit() for part in parts)
        and len(parts[1]) == 2
        and len(parts[2]) == 1
    )
    if shaped and len(parts[0]) >= 2:
        digits = [int(digit) for digit in reversed(parts[0] + parts[1])]
        if sum((i + 1) * digit for i, digit in enumerate(digits)) % 10 == int(parts[2]):
            return
    raise Invalid(
        Text(
            f"CAS 号 {cas} 格式或校验位有误", f"The CAS number {cas} is malformed or its check digit is wrong"
        ),
        next_step=Text("请核对 CAS 号", "Check the CAS number"),
        facts={"cas": cas},
    )


def _missing(name: Text, cas: str, words: Text) -> Invalid:
    return Invalid(
        Text(
            f"{name.zh}（{cas}）缺少{words.zh}数据", f"There is no {words.en} on record of {name.en} ({cas})"
        ),
        next_step=Text(
            "请补充物性数据或换用不需要它的模型", "Supply the property, or use a model without it"
        ),
        facts={"cas": cas},
    )


def _source(found: tuple[float, str] | None) -> str | None:
    return None if found is None else found[1]


_ESTIMATED = Caveat(
    "substance.liquid_heat_estimated",
    Text(
        "液体比热无实测数据，由对应状态法估算（缔合液体可偏高一半），闪蒸与蒸发量随之不确定",
        "The heat capacity of the liquid is not on record and was estimated by corresponding states (up to half too "
        "high for liquids that associate): so flash and evaporation are less certain",
    ),
)


def _stand_in_caveat(cas: str, name: str) -> Caveat:
    return Caveat(
        "substance.stand_in",
        Text(
            f"混合物：物性取自其代表组分 {name}（{cas}）",
            f"A mixture: properties are those of {name} ({cas})",
        ),
    )
