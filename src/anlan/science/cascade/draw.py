"""The draws of a run: each quantity has a stream of its own, cut into blocks.

So a sample can be made again alone, a longer run begins with the shorter one, and an edge keeps its draws when another
is added: two variants of a graph are compared on the same luck.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from anlan.science.cascade.delay import Delay, Fixed
from anlan.science.cascade.plan import Plan

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 4096


@dataclass(frozen=True)
class Block:
    """Realisations of everything that is drawn: *terms* (terms, rows), the others as `propagate` takes them.

    *uniforms* holds the draw that decided each edge, *chances* what it was held against, both (edges, rows).
    """

    terms: Floats
    starts: Floats
    uniforms: Floats
    chances: Floats
    fires: Bools
    delays: Floats


def draw(plan: Plan, seed: int, block: int) -> Block:
    """Block number *block* of the run with *seed*."""
    graph = plan.graph
    terms = np.empty((len(plan.terms), BLOCK))
    for number, (event, measure) in enumerate(plan.terms):
        terms[number] = ndtri(_shares(seed, f"term:{event}:{measure}", block))
    starts = np.full((len(graph.events), BLOCK), np.inf)
    for number, node in enumerate(graph.events):
        if node.chance is not None and node.chance.chance > 0:
            happens = _random(seed, f"event:{node.id}", block).random(BLOCK) < node.chance.chance
            starts[number][happens] = _delay(node.starts, seed, f"start:{node.id}", block)[happens]
    uniforms, chances, delays = np.empty((3, len(graph.edges), BLOCK))
    fires = np.zeros((len(graph.edges), BLOCK), np.bool_)
    for edges in plan.decisions:
        uniform = _random(seed, plan.stream(edges), block).random(BLOCK)
        below = np.zeros(BLOCK)
        for edge in edges:
            curve, term = plan.curves.get(edge), plan.term_of[edge]
            chances[edge] = plan.chances[edge] if curve is None or term is None else curve(terms[term])
            uniforms[edge] = uniform
            fires[edge] = (uniform >= below) & (uniform < below + chances[edge])
            below = below + chances[edge]
    for number, one in enumerate(graph.edges):
        delays[number] = _delay(one.delay, seed, f"delay:{one.id}", block)
    return Block(terms, starts, uniforms, chances, fires, delays)


def _delay(delay: Delay, seed: int, stream: str, block: int) -> Floats:
    if isinstance(delay, Fixed):
        return np.full(BLOCK, delay.seconds)
    return delay.quantile(_shares(seed, stream, block))


def _shares(seed: int, stream: str, block: int) -> Floats:
    """Uniform draws for an inversion: never exactly 0, where a quantile may be infinite."""
    return np.maximum(_random(seed, stream, block).random(BLOCK), 2.0**-54)


def _random(seed: int, stream: str, block: int) -> np.random.Generator:
    """Philox keyed by seed and stream; the block is the highest word of its counter."""
    named = int.from_bytes(hashlib.blake2b(stream.encode(), digest_size=8).digest())
    key = np.array([seed % 2**64, named], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, 0, 0, block], np.uint64)))
