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
    is reported beside ours and gates nothing. *model* is the registered model that
    the case is about, where it is about one.
    """

    case: str
    source: str
    certainty: Certainty
    target: float
    ours: float
    unit: str
    tolerance: float
    gates: bool = True
    model: str = ""
    note: str = ""

    @property
    def was_run(self) -> bool:
        """Whether there is a number of ours at all."""
        return not self.note.startswith(_NOT_RUN)

    @property
    def passed(self) -> bool:
        """Whether ours is within the tolerance; NaN never is.

        >>> Case("a", "b", Certainty.SURE, 1.0, 1.05, "m", 0.1).passed
        True
        """
        # figures of numpy compare to a bool of numpy, which JSON does not know
        return bool(math.isfinite(self.ours) and abs(self.ours - self.target) <= self.tolerance)

    def as_json(self) -> dict[str, object]:
        return {
            "case": self.case,
            "source": self.source,
            "certainty": self.certainty.value,
            "target": self.target,
            "ours": self.ours if math.isfinite(self.ours) else None,
            "unit": self.unit,
            "tolerance": self.tolerance,
            "gates": self.gates,
            "pass": self.passed if self.was_run else None,
            "model": self.model,
            "note": self.note,
        }


_NOT_RUN = "not run: "


def not_run(
    case: str, source: str, certainty: Certainty, target: float, unit: str, why: str, *, model: str = ""
) -> Case:
    """A case whose inputs are not at hand: listed with the reason, so that nobody takes it for passed."""
    return Case(case, source, certainty, target, math.nan, unit, 0.0, False, model, _NOT_RUN + why)
