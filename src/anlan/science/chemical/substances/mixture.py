"""A mixture, handled by its dominant component: said, never silent."""

from collections.abc import Mapping
from dataclasses import dataclass

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.chemical.substances.substance import Substance, substance
from anlan.science.guard import require


@dataclass(frozen=True)
class Mixture:
    """The component that stands for the mixture, its mass fraction, and what that leaves out."""

    component: Substance
    mass_fraction: float
    caveats: tuple[Caveat, ...]


def dominant(mass_fractions: Mapping[str, float]) -> Mixture:
    """The component with the largest mass fraction, by CAS; fractions are normalised to one.

    A caveat names the others; a second one says so when another component is the more
    toxic of the two by mass fraction over AEGL-3 (or IDLH), since it should then be run for itself.
    Raises `Invalid` for an empty mixture or a negative fraction.
    """
    if not mass_fractions:
        raise Invalid(Text("混合物没有组分", "The mixture has no component"))
    words = Text("质量分数", "mass fraction")
    shares = {cas: require(share, words, open_low=False) for cas, share in mass_fractions.items()}
    total = require(sum(shares.values()), Text("质量分数之和", "sum of mass fractions"))
    chief = max(shares, key=lambda cas: shares[cas])
    parts = {cas: substance(cas) for cas, share in shares.items() if share > 0}
    caveats = list(parts[chief].caveats)
    if len(parts) > 1:
        caveats.append(_others(parts, shares, chief, total))
    worst = max(parts, key=lambda cas: shares[cas] * _toxicity(parts[cas]))
    if _toxicity(parts[worst]) > 0 and worst != chief:
        caveats.append(_more_toxic(parts[worst], parts[chief]))
    return Mixture(parts[chief], shares[chief] / total, tuple(caveats))


def _toxicity(one: Substance) -> float:
    """The inverse of the lethal limit in mg/m³; zero when none is on record."""
    found = one.find_endpoint("aegl", 3) or one.find_endpoint("idlh")
    return 0.0 if found is None else 1 / found.mg_m3()


def _others(parts: Mapping[str, Substance], shares: Mapping[str, float], chief: str, total: float) -> Caveat:
    rest = [(one.name, shares[cas] / total) for cas, one in parts.items() if cas != chief]
    zh = "、".join(f"{name.zh} {share:.1%}" for name, share in rest)
    en = ", ".join(f"{name.en} {share:.1%}" for name, share in rest)
    name = parts[chief].name
    return Caveat(
        "substance.mixture",
        Text(
            f"混合物按主要组分{name.zh}计算，未计 {zh}",
            f"The mixture is computed as {name.en}; left out: {en}",
        ),
    )


def _more_toxic(worst: Substance, chief: Substance) -> Caveat:
    return Caveat(
        "substance.more_toxic_component",
        Text(
            f"次要组分{worst.name.zh}的毒害可能大于{chief.name.zh}，应另行计算",
            f"The minor component {worst.name.en} may do more harm than {chief.name.en}: compute it as well",
        ),
    )
