"""Chances that no curve gives: someone answers for them, with a ground and, better, with a range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.footprint import Measure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """A chance that depends on no intensity: *source* says who or what answers for it, *low* and *high* how far.

    Raises `Invalid` outside 0…1, for a range that does not hold the chance, and without a source.
    """

    chance: float
    source: str
    certainty: Certainty = Certainty.UNSURE
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        ends = (self.least, self.chance, self.most)
        # NaN fails every comparison
        if not (0 <= ends[0] <= ends[1] <= ends[2] <= 1):
            said = f"{self.chance}" if self.low is None and self.high is None else f"{ends}"
            raise Invalid(
                Text(
                    f"概率 {said} 无效：须在 0 与 1 之间，且范围须包含该值",
                    f"The chance {said} is not valid: it lies within 0 to 1 and within its range",
                ),
                facts={"chance": str(self.chance), "low": str(self.low), "high": str(self.high)},
            )
        if not self.source.strip():
            raise Invalid(
                Text("给定的概率须说明出处", "A chance that is given must say where it comes from"),
                next_step=Text("请填写依据", "State the ground for it"),
            )

    @property
    def least(self) -> float:
        """The lower end of the range; the chance itself where there is none."""
        return self.chance if self.low is None else self.low

    @property
    def most(self) -> float:
        """The upper end of the range; the chance itself where there is none."""
        return self.chance if self.high is None else self.high

    @property
    def is_range(self) -> bool:
        return self.least < self.most

    def at_end(self, *, high: bool) -> "Given":
        """The chance at one end of its range."""
        return Given(self.most if high else self.least, self.source, self.certainty)

    def as_json(self) -> dict[str, Any]:
        return {
            "given": self.chance,
            "low": self.low,
            "high": self.high,
            "source": self.source,
            "certainty": self.certainty.value,
        }


@dataclass(frozen=True)
class Level:
    """A given chance for an edge that follows a trigger: the same at every intensity of *measure*."""

    measure: Measure
    given: Given
    card: ModelCard | None = None
    is_closed: ClassVar[bool] = True

    @property
    def source(self) -> str:
        return self.given.source

    @property
    def certainty(self) -> Certainty:
        return self.given.certainty

    def probability(self, intensity: ArrayLike) -> Floats:
        return np.full(np.shape(intensity), self.given.chance)

    def blurred(self, intensity: ArrayLike, within_ln: float) -> Floats:
        return self.probability(intensity)

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        return {}

    def as_json(self) -> dict[str, Any]:
        model = self.card.id if self.card else None
        return {"measure": self.measure.value, "model": model, **self.given.as_json()}
