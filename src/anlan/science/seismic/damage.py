"""How buildings of a class are damaged at an intensity: a table that the deployer edits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.text import LabelledEnum, Text
from anlan.science.packaged import packaged_table

Floats = NDArray[np.float64]


class DamageState(LabelledEnum):
    """The five grades of GB/T 18208."""

    INTACT = "intact", "基本完好", "intact"
    SLIGHT = "slight", "轻微破坏", "slight"
    MODERATE = "moderate", "中等破坏", "moderate"
    SEVERE = "severe", "严重破坏", "severe"
    DESTROYED = "destroyed", "毁坏", "destroyed"


STATES = tuple(DamageState)
#: shares printed as 0 are below half a per cent, not nothing (our own default)
LEAST_SHARE = 0.001


@dataclass(frozen=True)
class DamageMatrix:
    """Shares of the five states, shape (classes, degrees, 5), for whole degrees from ``first_degree`` on.

    A degree's shares hold in the middle of its zone and change linearly to the next; one degree
    below the first everything is intact, and above the last its shares are kept.
    """

    classes: tuple[str, ...]
    titles: tuple[Text, ...]
    first_degree: int
    shares: Floats
    version: str

    def __post_init__(self) -> None:
        classes, _, states = self.shares.shape
        whole = np.allclose(self.shares.sum(axis=2), 1.0, atol=1e-6)
        if classes != len(self.classes) or states != len(STATES) or not whole or self.shares.min() < 0:
            raise Invalid(
                Text(
                    "破坏矩阵有误：各等级占比之和须为 1",
                    "The damage matrix is not valid: shares must add up to 1",
                )
            )

    def nodes(self) -> tuple[float, Floats]:
        """The zone value of the first node and the shares at unit steps, (classes, nodes, 5), intact first."""
        intact = np.zeros((len(self.classes), 1, len(STATES)))
        intact[:, :, 0] = 1.0
        return self.first_degree - 0.5, np.ascontiguousarray(np.concatenate([intact, self.shares], axis=1))


def spread(severe_or_destroyed: float) -> Floats:
    """The five shares of which the last two sum to *severe_or_destroyed*, by the binomial law of four trials.

    One number decides all five, as in the damage-grade statistics of Braga, Dolce and Liberatore (1982);
    taking it here is our own default.

    >>> spread(0.30).round(3).tolist()
    [0.067, 0.258, 0.375, 0.242, 0.058]
    """
    if not 0.0 <= severe_or_destroyed <= 1.0:
        raise Invalid(Text("占比须在 0 与 1 之间", "A share lies between 0 and 1"))
    low, high = 0.0, 1.0
    for _ in range(60):
        p = 0.5 * (low + high)
        low, high = (p, high) if p**3 * (4.0 - 3.0 * p) < severe_or_destroyed else (low, p)
    p = 0.5 * (low + high)
    q = 1.0 - p
    return np.array([q**4, 4 * p * q**3, 6 * p * p * q * q, 4 * p**3 * q, p**4])


def matrix_of(
    severe_or_destroyed: Mapping[str, Sequence[float]],
    titles: Mapping[str, Text],
    first_degree: int,
    version: str,
) -> DamageMatrix:
    """A matrix from the share of severe or destroyed by class and degree; the rest follows by `spread`."""
    shares = [[spread(max(s, LEAST_SHARE)) for s in row] for row in severe_or_destroyed.values()]
    names = tuple(severe_or_destroyed)
    return DamageMatrix(names, tuple(titles[name] for name in names), first_degree, np.array(shares), version)


@cache
def packaged_matrix() -> DamageMatrix:
    """The illustrative matrix that ships with the product; a deployer's own replaces it."""
    table = packaged_table("anlan.science.seismic", "damage_matrix")
    shares: dict[str, list[float]] = {}
    titles: dict[str, Text] = {}
    for row in table.rows:
        shares.setdefault(row["class"], []).append(float(row["severe_or_destroyed"]))
        titles[row["class"]] = Text(row["zh"], row["en"])
    return matrix_of(shares, titles, min(int(row["intensity"]) for row in table.rows), table.version)


@cache
def loss_ratios() -> Floats:
    """Low and high loss ratio of each state, shape (2, 5) (GB/T 18208.4-2011)."""
    rows = packaged_table("anlan.science.seismic", "damage_states").rows
    return np.array([[float(row["ratio_low"]) for row in rows], [float(row["ratio_high"]) for row in rows]])
