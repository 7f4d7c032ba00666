"""The own shallow-layer dense-gas model beside slabx: the same decks, in turn, per processor second."""

import time

import numpy as np

from anlan.benchmarks.machine import figure
from anlan.science.chemical.dispersion.slab.model import run_slab
from anlan.science.chemical.validation.dense import DECKS, own_distances, own_input, peer_distances

_REPEATS = 20


def slabx_ratio(rounds: int = 3) -> dict[str, object]:
    """Runs per processor second of both, and by how much their distances differ, as one figure.

    Each round runs every deck with both, best of the rounds; compilation and imports beforehand.
    """
    for _, stability, deck, levels in DECKS:
        own_distances(stability, deck, levels)
        peer_distances(stability, deck, levels)
    ours: list[float] = []
    theirs: list[float] = []
    apart: list[float] = []
    for _ in range(rounds):
        began = time.process_time()
        peer = [peer_distances(stability, deck, levels) for _, stability, deck, levels in DECKS]
        theirs.append((time.process_time() - began) / len(DECKS))
        began = time.process_time()
        for _ in range(_REPEATS):
            for _, stability, deck, _ in DECKS:
                run_slab(own_input(stability, deck), 20_000.0)
        ours.append((time.process_time() - began) / len(DECKS) / _REPEATS)
        own = [own_distances(stability, deck, levels) for _, stability, deck, levels in DECKS]
        apart.append(max(float(np.max(np.abs(np.divide(a, b) - 1))) for a, b in zip(own, peer, strict=True)))
    made: dict[str, object] = figure(
        "dense_gas_runs_per_s_core",
        1 / min(ours),
        "1/s",
        "higher",
        peer="slabx 1.0.7",
        peer_value=1 / min(theirs),
        note=f"{len(DECKS)} decks, processor time, best of {rounds}; distances differ by {max(apart):.2%} at most",
    )
    return made
