"""How often, and what then: base frequencies, ignition, and the event tree of a release."""

from collections.abc import Mapping
from dataclasses import dataclass

from anlan.kernel.text import LabelledEnum
from anlan.science import guard
from anlan.science.chemical.harm.tables import Table, table


class Outcome(LabelledEnum):
    """What a release ends in."""

    FIREBALL = "fireball", "火球", "Fireball"
    JET_FIRE = "jet_fire", "喷射火", "Jet fire"
    POOL_FIRE = "pool_fire", "池火", "Pool fire"
    EXPLOSION = "explosion", "蒸气云爆炸", "Vapour cloud explosion"
    FLASH_FIRE = "flash_fire", "闪火", "Flash fire"
    TOXIC = "toxic", "毒性扩散", "Toxic cloud"
    HARMLESS = "harmless", "安全扩散", "Dispersal without harm"


@dataclass(frozen=True)
class Branch:
    """A node of an event tree: outcomes or further branches with conditional probabilities that add up to one."""

    shares: Mapping["Branch | Outcome", float]

    def __post_init__(self) -> None:
        values = [
            guard.positive("分支概率", "share of a branch", value, zero=True, at_most=1)
            for value in self.shares.values()
        ]
        if abs(sum(values) - 1) > 1e-9:
            raise guard.refuse(
                "同一节点各分支概率之和应为 1", "the shares of a node must add up to 1", total=sum(values)
            )

    def __hash__(self) -> int:
        return id(self)

    def outcomes(self, frequency: float = 1.0) -> dict[Outcome, float]:
        """Frequency of each outcome of a release of *frequency* a year; they add up to it.

        >>> Branch({Outcome.JET_FIRE: 0.2, Outcome.HARMLESS: 0.8}).outcomes(1e-5)[Outcome.JET_FIRE]
        2.0000000000000003e-06
        """
        found: dict[Outcome, float] = {}
        for node, share in self.shares.items():
            parts = (
                {node: share * frequency} if isinstance(node, Outcome) else node.outcomes(share * frequency)
            )
            for outcome, value in parts.items():
                found[outcome] = found.get(outcome, 0.0) + value
        return found


def release_tree(
    immediate: float, first: Outcome, delayed: float, *, explosion_share: float = 0.4, toxic: bool = False
) -> Branch:
    """Ignition at once → *first*; later (*delayed*, of what is left) → explosion or flash fire; else a cloud.

    The explosion's share of a delayed ignition is 0.4 in CPR 18E, section 4.8.
    """
    cloud = Outcome.TOXIC if toxic else Outcome.HARMLESS
    lit = Branch({Outcome.EXPLOSION: explosion_share, Outcome.FLASH_FIRE: 1 - explosion_share})
    later = Branch({lit: delayed, cloud: 1 - delayed})
    return Branch({first: immediate, later: 1 - immediate})


def immediate_ignition(kind: str, rate_kg_s: float, rows: Table | None = None) -> float:
    """Chance of ignition at once; *kind* is ``liquid``, ``gas_low`` or ``gas_high`` (``data/ignition.csv``).

    >>> immediate_ignition("gas_high", 40.0)
    0.5
    """
    rate = guard.positive("泄漏速率", "release rate", rate_kg_s, zero=True)
    found = [
        row for row in (rows or table("ignition")).where("kind", kind) if rate >= row.number("from_kg_s")
    ]
    if not found:
        raise guard.refuse("没有这类物质的点火概率", "there is no ignition row of this kind", kind=kind)
    return max(found, key=lambda row: row.number("from_kg_s")).number("value")


def frequency(key: str, amount: float = 1.0, rows: Table | None = None) -> float:
    """Base frequency a year of a scenario of ``data/frequencies.csv``; *amount* is metres of pipe or hours a year.

    >>> round(frequency("pipe_large_rupture", 200.0), 9)
    2e-05
    """
    size = guard.positive("数量", "amount", amount, zero=True)
    return (rows or table("frequencies"))[key].number("value") * size
