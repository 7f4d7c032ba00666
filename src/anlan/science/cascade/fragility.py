"""From the intensity at a target to the chance that it gives way: curves with a source and a certainty.

Published curves are in `published`. A link that has no source is `Given` by whoever asks (`given`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from anlan.kernel.errors import Invalid
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.footprint import Measure
from anlan.science.registry import model

Floats = NDArray[np.float64]

CARD = ModelCard(
    id="cascade.fragility",
    version="1",
    title=Text("易损性曲线（对数正态）", "Fragility curves (lognormal)"),
    purpose=Text(
        "由地震动、风速、水深等强度计算储罐、线路、道路失效概率",
        "The chance that a tank, a line or a road fails at an intensity of shaking, wind or water",
    ),
    applicability=Text(
        "同类设施的平均水平，不代表单个设施；适用强度范围见易损性表",
        "The mean of a class of assets, not one asset; each row of the table names its range",
    ),
    inputs=(
        Quantity("pga_g", "g", Text("峰值地面加速度", "peak ground acceleration"), 0.05, 2.0),
        Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), 0.0, 90.0),
        Quantity("depth_m", "m", Text("水深", "depth of water"), 0.0, 10.0),
    ),
    references=(
        "FEMA, Hazus Earthquake Model Technical Manual, storage tanks of water and oil systems",
        "Salzano, Iervolino and Fabbrocino, J. Loss Prev. Process Ind. 16 (2003) 403-409",
        "Antonioni, Spadoni and Cozzani, J. Hazard. Mater. 147 (2007) 48-59",
        "Pregnolato et al., Transportation Research Part D 55 (2017) 67-81",
    ),
    verification=Verification.VERIFIED,
    suite="cascade",
    outputs=(Quantity("probability", "", Text("失效概率", "probability of failure"), 0.0, 1.0),),
    caveats=(
        Caveat(
            "fragility.class",
            Text(
                "曲线为国外同类设施的统计平均，本地设施须复核",
                "The curves are means of asset classes abroad: check them for local assets",
            ),
        ),
    ),
)


class Fragility(Protocol):
    """A chance of failure as a function of an intensity."""

    @property
    def measure(self) -> Measure: ...

    @property
    def source(self) -> str: ...

    @property
    def certainty(self) -> Certainty: ...

    @property
    def card(self) -> ModelCard | None: ...

    @property
    def is_closed(self) -> bool:
        """Whether `blurred` is a closed form, cheap enough to be asked for every sample."""
        ...

    def probability(self, intensity: ArrayLike) -> Floats:
        """0…1, of the shape of *intensity*, which is in the unit of the measure and not negative."""
        ...

    def blurred(self, intensity: ArrayLike, within_ln: float) -> Floats:
        """The mean over an intensity whose logarithm scatters by *within_ln*."""
        ...

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        """What the model's card calls the intensity and the other inputs, for its range."""
        ...

    def as_json(self) -> dict[str, Any]: ...


@model(CARD)
@dataclass(frozen=True)
class Lognormal:
    """P = Φ(ln(I/θ)/β): *median* θ in the unit of the measure, *beta* β; *beta* 0 makes it a step at θ.

    >>> curve = Lognormal(Measure.PGA, 0.30, 0.60, "example", Certainty.PROBABLE)
    >>> curve.probability([0.0, 0.30]).tolist()
    [0.0, 0.5]
    """

    measure: Measure
    median: float
    beta: float
    source: str
    certainty: Certainty
    key: str = ""
    card: ModelCard = CARD
    is_closed: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not (0 < self.median < math.inf and 0 <= self.beta < math.inf):
            raise Invalid(
                Text(
                    f"易损性曲线参数无效：中值 {self.median:g}，离散度 {self.beta:g}",
                    f"The fragility is not valid: median {self.median:g}, dispersion {self.beta:g}",
                ),
                next_step=Text(
                    "中值须为正，离散度不能为负", "The median must be positive, the dispersion not negative"
                ),
            )

    @classmethod
    def of_probit(
        cls, measure: Measure, a: float, b: float, source: str, certainty: Certainty, key: str = ""
    ) -> "Lognormal":
        """The same curve as Pr = a + b ln I with P = Φ(Pr − 5): θ = exp((5 − a)/b), β = 1/b.

        >>> round(Lognormal.of_probit(Measure.PGA, 7.01, 1.67, "example", Certainty.UNSURE).median, 3)
        0.3
        """
        return cls(measure, math.exp((5 - a) / b), 1 / b, source, certainty, key)

    def probability(self, intensity: ArrayLike) -> Floats:
        """Raises `Invalid` for an intensity that is negative or missing."""
        if not np.all(np.asarray(intensity, np.float64) >= 0):
            raise Invalid(Text("强度不能为负或缺失", "An intensity is known and not negative"))
        return self.blurred(intensity, 0.0)

    def blurred(self, intensity: ArrayLike, within_ln: float) -> Floats:
        """Closed form: Φ(ln(I/θ)/√(β² + φ²))."""
        spread = math.hypot(self.beta, within_ln)
        values = np.asarray(intensity, np.float64)
        if spread == 0:
            return np.asarray(values >= self.median, np.float64)
        with np.errstate(divide="ignore"):
            return np.asarray(ndtr(np.log(values / self.median) / spread), np.float64)

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        return {self.measure.value: intensity}

    def as_json(self) -> dict[str, Any]:
        return _said(self, median=self.median, beta=self.beta, key=self.key)


@dataclass(frozen=True)
class Between:
    """At least the lesser state and not the greater one: P = P(lesser) − P(greater), never below 0."""

    lesser: Fragility
    greater: Fragility

    def __post_init__(self) -> None:
        if self.lesser.measure is not self.greater.measure:
            raise Invalid(
                Text("两条易损性曲线的强度指标不同", "The two fragilities are not of the same measure")
            )

    @property
    def measure(self) -> Measure:
        return self.lesser.measure

    @property
    def source(self) -> str:
        return self.lesser.source

    @property
    def certainty(self) -> Certainty:
        return max(self.lesser.certainty, self.greater.certainty, key=_DOUBT.index)

    @property
    def card(self) -> ModelCard | None:
        return self.lesser.card

    @property
    def is_closed(self) -> bool:
        return self.lesser.is_closed and self.greater.is_closed

    def probability(self, intensity: ArrayLike) -> Floats:
        return np.maximum(self.lesser.probability(intensity) - self.greater.probability(intensity), 0.0)

    def blurred(self, intensity: ArrayLike, within_ln: float) -> Floats:
        both = self.lesser.blurred(intensity, within_ln), self.greater.blurred(intensity, within_ln)
        return np.maximum(both[0] - both[1], 0.0)

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        return self.lesser.model_inputs(intensity)

    def as_json(self) -> dict[str, Any]:
        return {"between": [self.lesser.as_json(), self.greater.as_json()]}


_DOUBT = (Certainty.SURE, Certainty.PROBABLE, Certainty.OWN_DEFAULT, Certainty.UNSURE)


def _said(curve: Fragility, **more: Any) -> dict[str, Any]:
    return {
        "measure": curve.measure.value,
        "source": curve.source,
        "certainty": curve.certainty.value,
        "model": curve.card.id if curve.card else None,
        **more,
    }
