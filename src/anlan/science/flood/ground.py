"""Rain onto the cells and what the ground takes, as loops along a row."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from anlan.science.flood.numerics import kernel, larger, smaller, square_root, wide_vectors


@kernel
def rain_row(h, share, depth, n):
    """Add *depth* (m) times the cell's share."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        h[j] = h[j] + depth * share[j]


@kernel
def soak_row(h, soaked, conducted, pull, k, n):
    """Green–Ampt over a step in which *conducted* = K·dt (m): x = K dt (1 + ψΔθ/(F + x/2)), at most h.

    *soaked* is F, the infiltrated depth so far; the midpoint makes the step second order.
    """
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        half = k.half * conducted
        lack = soaked[j] - half
        taken = square_root(lack * lack + k.two * conducted * (soaked[j] + pull)) - lack
        taken = smaller(taken, larger(h[j], k.zero))
        soaked[j] = soaked[j] + taken
        h[j] = h[j] - taken


@kernel
def curve_row(h, lost, share, storage, before, depth, initial, k, n):
    """Add rain less what the curve number keeps back: from *before* (m) by *depth*, times the share."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        old = before * share[j]
        new = old + depth * share[j]
        s = storage[j]
        a = larger(old - initial * s, k.zero)
        b = larger(new - initial * s, k.zero)
        excess = b * b / larger(b + s, k.dry) - a * a / larger(a + s, k.dry)
        h[j] = h[j] + excess
        lost[j] = lost[j] + (new - old) - excess


@kernel
def settle_row(h, p, q, k, n):
    """No momentum where too little water is left to flow; returns the greatest depth."""
    wide_vectors()
    top = k.zero
    for i in range(n):
        j = np.uint64(i)
        wet = h[j] > k.dry
        p[j] = p[j] if wet else k.zero
        q[j] = q[j] if wet else k.zero
        top = larger(top, h[j])
    return top


@kernel
def observe_row(h, p, q, depth, speed, rating, arrival, now, wet, shallow, deep, parts, k, n):
    """Keep the maxima, and the first time at which the depth reached *wet* (negative: not yet)."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        d = h[j]
        inverse = k.one / larger(d, k.dry)
        v = square_root(p[j] * p[j] + q[j] * q[j]) * inverse
        v = v if d >= wet else k.zero
        danger = d * (v + k.half) + (deep if d > parts else shallow)
        danger = danger if d >= wet else k.zero
        depth[j] = larger(depth[j], d)
        speed[j] = larger(speed[j], v)
        rating[j] = larger(rating[j], danger)
        first = now if d >= wet else arrival[j]
        arrival[j] = first if arrival[j] < k.zero else arrival[j]


@kernel
def lasting_row(h, lasted, least, dt, k, n):
    """Add *dt* where the depth is at least *least*."""
    wide_vectors()
    for i in range(n):
        j = np.uint64(i)
        lasted[j] = lasted[j] + (dt if h[j] >= least else k.zero)


@kernel
def observe_tiles(
    h, p, q, tiles, chosen, depth, speed, rating, arrival, lasted, leasts, now, dt, wet, debris, k
):
    """`observe_row` and `lasting_row` over the chosen tiles; *lasted* has shape (thresholds, rows, columns)."""
    for t in range(len(chosen)):
        i0, i1, j0, j1 = tiles[chosen[t]]
        n = j1 - j0
        for i in range(i0, i1):
            row = h[i, j0:j1]
            observe_row(
                row, p[i, j0:j1], q[i, j0:j1], depth[i, j0:j1], speed[i, j0:j1], rating[i, j0:j1],
                arrival[i, j0:j1], now, wet, debris[0], debris[1], debris[2], k, n,
            )  # fmt: skip
            for a in range(len(leasts)):
                lasting_row(row, lasted[a, i, j0:j1], leasts[a], dt, k, n)
