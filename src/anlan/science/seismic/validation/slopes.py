"""Slopes under shaking."""

from collections.abc import Iterator
from math import asin, cos, exp, pi

import numpy as np

from anlan.kernel.validation import Case, Certainty
from anlan.science.seismic.newmark import displacement_m, landslide_probability, rigid_block_m

_MODEL = "seismic.newmark"
_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    source = "Jibson 2007, equation 6, r = 0.5"
    ours = 100 * float(displacement_m(0.5))
    yield Case("Newmark displacement by regression", source, _SURE, 0.877, ours, "cm", 5e-4, model=_MODEL)
    yield from _half_sine()
    yield from _rectangle()
    source = "Jibson, Harp and Michael 2000, P = 0.335(1 − e^(−0.048 D^1.565))"
    target = 0.335 * (1 - exp(-0.048 * 5**1.565))
    ours = float(landslide_probability(0.05))
    yield Case("chance of a landslide at 5 cm", source, _PROBABLE, target, ours, "", 1e-12, model=_MODEL)


def _half_sine() -> Iterator[Case]:
    """A pulse A·sin(πt/T) against 0.4·A; the block runs out after the pulse."""
    peak, duration, ratio = 5.0, 0.5, 0.4
    omega = pi / duration
    limit = ratio * peak
    start = asin(ratio) / omega
    end = duration
    speed = peak / omega * (cos(omega * start) + 1) - limit * (end - start)
    sliding = peak / omega * (cos(omega * start) * (end - start) + 1 / omega * ratio)
    sliding -= 0.5 * limit * (end - start) ** 2
    target = sliding + speed**2 / (2 * limit)
    times = np.linspace(0.0, duration, 5001)
    ours = float(rigid_block_m(peak * np.sin(omega * times), float(times[1]), limit))
    source = "closed form: two integrations of the half sine, then v²/2a"
    yield Case("rigid block under a half-sine pulse", source, _SURE, target, ours, "m", 1e-6, model=_MODEL)


def _rectangle() -> Iterator[Case]:
    """A constant push A over T moves the block A·T²·(A/a − 1)/2 in all (Newmark 1965)."""
    push, limit, duration = 4.0, 1.0, 0.3
    target = 0.5 * (push - limit) * duration**2 * push / limit
    # one sample more, at rest: the run-out is linear from there
    ours = float(rigid_block_m(np.full(31, push), 0.01, limit))
    source = "closed form: V²/2·(1/(A − a) + 1/a), V = (A − a)·T"
    yield Case("rigid block under a constant push", source, _SURE, target, ours, "m", 1e-12, model=_MODEL)
