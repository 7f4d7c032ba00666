"""What a validation case says: our number beside the target, its source and its tolerance."""

import math
from dataclasses import dataclass

from anlan.kernel.text import LabelledEnum


class Certainty(LabelledEnum):
    """How sure the target is."""

    SURE = "sure", "确切", "sure"
    PROBABLE = "probable", "很可能", "probable"
    UNSURE = "unsure", "不确切", "unsure"
    OWN_DEFAULT = "own_default", "本系统默认", "our own default"


@dataclass(frozen=True)
class Case:
    """One comparison, in *unit*; *tolerance* is absolute.

    Only a case that *gates* fails a run: a target that is known but not sourced
    is reported beside ours and gates nothing.
    """

    case: str
    source: str
    certainty: Certainty
    target: float
    ours: float
    unit: str
    tolerance: float
    gates: bool = True

    @property
    def passed(self) -> bool:
        """Whether ours is within the tolerance; NaN never is.

        >>> Case("a", "b", Certainty.SURE, 1.0, 1.05, "m", 0.1).passed
        True
        """
        return math.isfinite(self.ours) and abs(self.ours - self.target) <= self.tolerance

    def as_json(self) -> dict[str, object]:
        return {
            "case": self.case,
            "source": self.source,
            "certainty": self.certainty.value,
            "target": self.target,
            "ours": self.ours,
            "unit": self.unit,
            "tolerance": self.tolerance,
            "gates": self.gates,
            "pass": self.passed,
        }
