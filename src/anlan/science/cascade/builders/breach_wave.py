"""The wave of a breached dam in the valleys below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from anlan.kernel.models import Caveat, ModelCard
from anlan.science.cascade.builders.valley import CARD as VALLEY
from anlan.science.cascade.builders.valley import DEPTH_PER_DISCHARGE, Valley
from anlan.science.cascade.constants import constant
from anlan.science.cascade.footprint import Footprint, Measure
from anlan.science.flood.breach import breach_geometry, peak_outflow_m3_s

#: the models behind the wave
BACKED_BY: tuple[ModelCard, ...] = (peak_outflow_m3_s.card, breach_geometry.card, VALLEY)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Wave:
    """Peak at the dam, time of the breach to form, depth over the bed at each target with its shared scatter."""

    peak_m3_s: float
    forms_s: float
    footprint: Footprint
    caveats: tuple[Caveat, ...]


def breach_wave(volume_m3: float, water_m: float, valleys: Mapping[str, Valley]) -> Wave:
    """Froehlich's peak (`flood.breach_peak`) by uniform flow through each valley (`cascade.valley_flood`).

    All targets see one and the same peak: its scatter, of which the depth takes three fifths, is shared.
    Raises `Invalid`.
    """
    peak = peak_outflow_m3_s(volume_m3, water_m)
    _, forms_s = breach_geometry(volume_m3, water_m, overtopping=True)
    depths = {target: valley.depth_m(peak) for target, valley in valleys.items()}
    scatter_ln = DEPTH_PER_DISCHARGE * log(10.0) * constant("froehlich_peak_sigma_lg").value
    said = [*BACKED_BY[0].out_of_range({"volume_m3": volume_m3, "water_m": water_m})]
    for valley in valleys.values():
        said += VALLEY.out_of_range({"discharge_m3_s": peak, **vars(valley)})
    footprint = Footprint(Measure.DEPTH, depths, between_ln=scatter_ln)
    return Wave(peak, forms_s, footprint, tuple(dict.fromkeys(said)))
