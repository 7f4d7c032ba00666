"""When events first happen: quantiles over the samples in which they do."""

from dataclasses import dataclass

import numpy as np

from anlan.science.cascade.outcomes import Estimate
from anlan.science.cascade.sampling import Samples

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Arrival:
    """First arrival of *event* in the *samples* that hold it: the 5, 50 and 95 % quantiles, None where none does."""

    event: str
    samples: int
    early_s: float | None
    median_s: float | None
    late_s: float | None


def chance_within(samples: Samples, event: str, seconds: float) -> Estimate:
    """The chance that *event* has happened *seconds* after the beginning, with its interval."""
    times = samples.times_s[samples.graph.place(event)]
    return samples.outcomes.of(times <= seconds)


def timeline(samples: Samples) -> tuple[Arrival, ...]:
    """The events that happen in some sample by their median, then the others."""
    found = []
    for event, times in zip(samples.graph.events, samples.times_s, strict=True):
        held = times[np.isfinite(times)]
        ends = [float(value) for value in np.quantile(held, QUANTILES)] if len(held) else [None] * 3
        found.append(Arrival(event.id, len(held), *ends))
    return tuple(sorted(found, key=lambda one: (one.median_s is None, one.median_s or 0.0)))
