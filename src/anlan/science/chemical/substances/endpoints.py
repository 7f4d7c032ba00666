"""Toxic endpoints as published: value, unit, exposure and source."""

from dataclasses import dataclass

from anlan.kernel.validation import Certainty
from anlan.science.chemical.substances.concentration import (
    AMBIENT_K,
    ATMOSPHERE_PA,
    mg_m3_to_ppm,
    ppm_to_mg_m3,
)
from anlan.science.chemical.substances.tables import (
    ENDPOINTS_SOURCE,
    aegl_durations,
    endpoint_rows,
)

_COLUMNS = (
    {("aegl", level): f"aegl{level}_60min" for level in (1, 2, 3)}
    | {(kind, level): f"{kind}{level}" for kind in ("erpg", "pac") for level in (1, 2, 3)}
    | {("idlh", 0): "idlh"}
)
_KIND_MINUTES = {"aegl": 60, "erpg": 60, "pac": 60, "idlh": 30}


@dataclass(frozen=True)
class Endpoint:
    """A published concentration limit in its own *unit* (``ppm`` or ``mg/m³``).

    *minutes* is the exposure for which it was set.
    """

    kind: str
    level: int
    minutes: int
    value: float
    unit: str
    source: str
    certainty: Certainty
    molar_mass_kg_mol: float

    @property
    def name(self) -> str:
        return f"{self.kind.upper()}-{self.level}" if self.level else self.kind.upper()

    def mg_m3(self, temperature_k: float = AMBIENT_K, pressure_pa: float = ATMOSPHERE_PA) -> float:
        """The limit in mg/m³ at a state of the air."""
        if self.unit == "mg/m³":
            return self.value
        return float(ppm_to_mg_m3(self.value, self.molar_mass_kg_mol, temperature_k, pressure_pa))

    def ppm(self, temperature_k: float = AMBIENT_K, pressure_pa: float = ATMOSPHERE_PA) -> float:
        """The limit in parts per million by volume at a state of the air."""
        if self.unit == "ppm":
            return self.value
        return float(mg_m3_to_ppm(self.value, self.molar_mass_kg_mol, temperature_k, pressure_pa))


def find_endpoint(cas: str, kind: str, level: int, minutes: int, molar_mass: float) -> Endpoint | None:
    """The endpoint as published, or None. Other exposures than 60 min exist for a few AEGLs only."""
    if kind == "aegl" and minutes != 60:
        return _other_duration(cas, level, minutes, molar_mass)
    column, row = _COLUMNS.get((kind, level)), endpoint_rows().get(cas)
    if column is None or row is None or minutes != _KIND_MINUTES[kind] or not row[f"{column}_value"]:
        return None
    return Endpoint(
        kind,
        level,
        minutes,
        float(row[f"{column}_value"]),
        _unit(row[f"{column}_unit"]),
        ENDPOINTS_SOURCE,
        Certainty.PROBABLE,
        molar_mass,
    )


def kinds() -> list[tuple[str, int]]:
    """Every (kind, level) that the table may hold."""
    return list(_COLUMNS)


def default_minutes(kind: str) -> int:
    """The exposure for which endpoints of *kind* are set."""
    return _KIND_MINUTES[kind]


def _other_duration(cas: str, level: int, minutes: int, molar_mass: float) -> Endpoint | None:
    found = aegl_durations().get((cas, level))
    if found is None or minutes not in found.ppm:
        return None
    return Endpoint(
        "aegl", level, minutes, found.ppm[minutes], "ppm", found.source, found.certainty, molar_mass
    )


def _unit(written: str) -> str:
    """The table's unit in our writing; a blank stands for ppm (ERPG and PAC of ammonia)."""
    return "mg/m³" if written.startswith("mg") else "ppm"
