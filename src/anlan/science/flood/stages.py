"""The last stage of the second-order method, over tiles."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from anlan.science.flood.numerics import kernel, larger
from anlan.science.flood.rows import average


@kernel
def average_tiles(h0, p0, q0, h, p, q, tiles, chosen, highest, k):
    """`average` of the *chosen* tiles; writes each tile's greatest depth into *highest*."""
    for t in range(len(chosen)):
        i0, i1, j0, j1 = tiles[chosen[t]]
        top = k.zero
        for i in range(i0, i1):
            average(
                h0[i, j0:j1], p0[i, j0:j1], q0[i, j0:j1], h[i, j0:j1], p[i, j0:j1], q[i, j0:j1], k, j1 - j0
            )
            for j in range(j0, j1):
                top = larger(top, h[i, j])
        highest[chosen[t]] = top
