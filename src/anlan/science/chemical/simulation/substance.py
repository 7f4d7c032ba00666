"""What a result says about its substance: figures, limits, and where each comes from."""

from typing import Any

from anlan.kernel.errors import Problem
from anlan.science.chemical.substances import Substance
from anlan.science.chemical.substances.endpoints import kinds

_FIGURES = (
    ("molar_mass_kg_mol", "kg/mol"),
    ("boiling_k", "K"),
    ("critical_k", "K"),
    ("flash_point_k", "K"),
    ("lower_flammable_limit", "mol/mol"),
    ("upper_flammable_limit", "mol/mol"),
    ("heat_of_combustion_j_kg", "J/kg"),
)


def about(one: Substance) -> dict[str, Any]:
    """Names, figures that are known, limits with source and certainty, sources of all properties, what is missing."""
    complete = one.completeness()
    return {
        "cas": one.cas,
        "name": {"zh": one.name.zh, "en": one.name.en},
        "formula": one.formula,
        "un": one.un,
        "computed_as": one.stand_in,
        "figures": {
            name: {"value": value, "unit": unit}
            for name, unit in _FIGURES
            if (value := _value(one, name)) is not None
        },
        "endpoints": [
            {
                "name": found.name,
                "value": found.value,
                "unit": found.unit,
                "minutes": found.minutes,
                "source": found.source,
                "certainty": found.certainty.value,
            }
            for kind, level in kinds()
            if (found := one.find_endpoint(kind, level)) is not None
        ],
        "sources": complete.known,
        "missing": list(complete.missing),
    }


def _value(one: Substance, name: str) -> float | None:
    try:
        return float(getattr(one, name))
    except Problem:
        return None
