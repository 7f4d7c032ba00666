"""Fragilities that other engines stand behind: vessels in fire and blast, slopes under shaking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.footprint import Measure
from anlan.science.cascade.fragility import Fragility
from anlan.science.cascade.quadrature import scattered
from anlan.science.chemical.risk import domino
from anlan.science.chemical.risk.domino import Vessel
from anlan.science.guard import require
from anlan.science.seismic import newmark

Floats = NDArray[np.float64]
_NEWMARK: ModelCard = newmark.displacement_m.card  # type: ignore[attr-defined]


class _Backed:
    """What the curves of this module share: scatter of the intensity by quadrature."""

    is_closed: ClassVar[bool] = False

    def blurred(self: Fragility, intensity: ArrayLike, within_ln: float) -> Floats:
        return scattered(self.probability, intensity, within_ln)


@dataclass(frozen=True)
class InFire(_Backed):
    """A vessel of *volume_m3* in the heat of a fire (`chemical.domino`; Landucci et al. 2009)."""

    volume_m3: float
    kind: Vessel = Vessel.ATMOSPHERIC

    measure: ClassVar[Measure] = Measure.RADIATION
    source: ClassVar[str] = "Cozzani et al. 2005 (thresholds); Landucci et al. 2009 (time to failure)"
    card: ClassVar[ModelCard] = domino.CARD

    def __post_init__(self) -> None:
        require(self.volume_m3, Text("储罐容积", "volume"), unit="m³")

    @property
    def certainty(self) -> Certainty:
        return Certainty.PROBABLE if self.kind is Vessel.ATMOSPHERIC else Certainty.UNSURE

    def probability(self, intensity: ArrayLike) -> Floats:
        return domino.by_radiation(intensity, self.volume_m3, self.kind)

    def time_to_failure_s(self, radiation_kw_m2: float) -> float:
        """Until the vessel gives way at a constant *radiation_kw_m2*."""
        return float(domino.time_to_failure_s(radiation_kw_m2, self.volume_m3, self.kind))

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        return {self.measure.value: intensity, "volume_m3": self.volume_m3}

    def as_json(self) -> dict[str, Any]:
        return {"model": self.card.id, "volume_m3": self.volume_m3, "kind": self.kind.value}


@dataclass(frozen=True)
class InBlast(_Backed):
    """A vessel hit by a blast (`chemical.domino`; Cozzani and Salzano 2004)."""

    kind: Vessel = Vessel.ATMOSPHERIC

    measure: ClassVar[Measure] = Measure.OVERPRESSURE
    source: ClassVar[str] = "Cozzani and Salzano 2004"
    card: ClassVar[ModelCard] = domino.CARD

    @property
    def certainty(self) -> Certainty:
        return Certainty.PROBABLE if self.kind is Vessel.ATMOSPHERIC else Certainty.UNSURE

    def probability(self, intensity: ArrayLike) -> Floats:
        return domino.by_overpressure(intensity, self.kind)

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        return {self.measure.value: intensity}

    def as_json(self) -> dict[str, Any]:
        return {"model": self.card.id, "kind": self.kind.value}


@dataclass(frozen=True)
class Sliding(_Backed):
    """A slope of critical acceleration *critical_g* under shaking of *magnitude* (`seismic.newmark`).

    Displacement by Jibson 2007, equation 7, the chance by Jibson, Harp and Michael 2000; never above 0.335.
    """

    critical_g: float
    magnitude: float

    measure: ClassVar[Measure] = Measure.PGA
    source: ClassVar[str] = "Jibson 2007, equation 7; Jibson, Harp and Michael 2000, equation 5"
    certainty: ClassVar[Certainty] = Certainty.PROBABLE
    card: ClassVar[ModelCard] = _NEWMARK

    def __post_init__(self) -> None:
        require(
            self.critical_g, Text("临界加速度", "critical acceleration"), unit="g", high=10, open_low=False
        )
        require(self.magnitude, Text("震级", "magnitude"), high=10)

    def probability(self, intensity: ArrayLike) -> Floats:
        pga = np.asarray(intensity, np.float64)
        shaken = pga > 0
        ratio = np.where(shaken, self.critical_g / np.where(shaken, pga, 1.0), 1.0)
        moved = newmark.displacement_m(ratio, self.magnitude)
        return np.asarray(newmark.landslide_probability(moved), np.float64)

    def model_inputs(self, intensity: float) -> Mapping[str, float]:
        shaken = {"ratio": min(1.0, self.critical_g / intensity)} if intensity > 0 else {}
        return {"magnitude": self.magnitude, **shaken}

    def as_json(self) -> dict[str, Any]:
        return {"model": self.card.id, "critical_g": self.critical_g, "magnitude": self.magnitude}
