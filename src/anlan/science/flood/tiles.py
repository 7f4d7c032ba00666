"""One explicit step of a list of tiles: faces once per tile, then cells.

Arrays are padded (`layout`): cell (r, c) of the grid is at (r + 2, c + 2). A tile
reads the old state, one or two cells around it included, and writes only its own
cells of the new one, so tiles may run in any order and in parallel.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from anlan.science.flood.numerics import kernel, larger, smaller
from anlan.science.flood.physics import wall_face
from anlan.science.flood.rows import (
    deep_faces,
    faces,
    fetch_ahead,
    lean,
    primitives,
    sloped_faces,
    slopes,
    update,
)

PAD = 2
"""Cells around the grid; they repeat the outermost ones, so that nothing there moves faster than in the grid."""
SCRATCH_ROWS = 40
"""Rows of scratch that a thread needs, as wide as the widest tile and `SPARE` cells more."""
SPARE = 48
LANES = 32
"""Loops run over a multiple of this many cells: two vectors of f32 at a time, and no rest cell by cell."""


@kernel
def _rounded(n):
    return (n + LANES - 1) // LANES * LANES


@kernel
def _edge_columns(edges, row, first, last, n, mass, left, right, along):
    """Put the boundary fluxes of the grid's west and east edge in place of the computed ones."""
    if first:
        mass[0], left[0], right[0], along[0] = edges[0, row], edges[1, row], edges[1, row], edges[2, row]
    if last:
        mass[n], left[n], right[n], along[n] = edges[3, row], edges[4, row], edges[4, row], edges[5, row]


@kernel
def _edge_row(edges, at, column, n, mass, left, right, along):
    """The same for the north (at = 0) or south (at = 3) edge, *n* cells from *column* of the grid."""
    for i in range(n):
        mass[i + 1] = edges[at, column + i]
        left[i + 1] = edges[at + 1, column + i]
        right[i + 1] = edges[at + 1, column + i]
        along[i + 1] = edges[at + 2, column + i]


@kernel
def _walls_east(start, columns, crest, row, j0, n, w, u, v, z, mass, left, right, along, k, top):
    """Recompute the faces of a row that carry a wall; a wall at column c stands west of it."""
    for t in range(start[row], start[row + 1]):
        a = columns[t] - j0
        if a >= 0 and a <= n:
            b = a + 1
            mass[a], left[a], right[a], along[a], s = wall_face(
                w[a], u[a], v[a], w[b], u[b], v[b], crest[t] - z[a], crest[t] - z[b], k
            )
            top = larger(top, s)
    return top


@kernel
def _walls_north(
    start, columns, crest, row, j0, n, w, u, v, z, w2, u2, v2, z2, mass, left, right, along, k, top
):
    """The same for the faces north of *row*."""
    for t in range(start[row], start[row + 1]):
        a = columns[t] - j0 + 1
        if a >= 1 and a <= n:
            mass[a], left[a], right[a], along[a], s = wall_face(
                w[a], v[a], u[a], w2[a], v2[a], u2[a], crest[t] - z[a], crest[t] - z2[a], k
            )
            top = larger(top, s)
    return top


@kernel
def _first_order_tile(
    h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tile, deep, s, lam, dt, k
):  # fmt: skip
    """*deep* is the depth of which a row must have more than that everywhere to be without falls and dry cells."""
    i0, i1, j0, j1 = tile[0], tile[1], tile[2], tile[3]
    rows, columns = edges_x.shape[1], edges_y.shape[1]
    n = j1 - j0
    cells, many = _rounded(n), _rounded(n + 1)
    a, b = j0 - 1, j0 + many
    top_x, top_y, low, high = k.zero, k.zero, k.one, k.zero
    wa, ua, va, wb, ub, vb = s[0], s[1], s[2], s[3], s[4], s[5]
    fa, la, ra, ta, fb, lb, rb, tb = s[6], s[7], s[8], s[9], s[10], s[11], s[12], s[13]
    fx, lx, rx, tx = s[14], s[15], s[16], s[17]
    least_a = primitives(h[i0 - 1, a:b], p[i0 - 1, a:b], q[i0 - 1, a:b], wa, ua, va, k, many + 1)
    for i in range(i0 - 1, i1):
        ahead = min(i + 2, i1)
        fetch_ahead(h[ahead, a:b], p[ahead, a:b], many)
        # faces between row i and the next one south, then, but for the row above the tile, the cells of row i
        least_b = primitives(h[i + 1, a:b], p[i + 1, a:b], q[i + 1, a:b], wb, ub, vb, k, many + 1)
        z0, z1 = z[i, a:b], z[i + 1, a:b]
        fetch_ahead(q[ahead, a:b], z[ahead, a:b], many)
        if smaller(least_a, least_b) > deep[i - i0 + 1]:
            top_y = deep_faces(
                wa[1:], va[1:], ua[1:], z0[1:], wb[1:], vb[1:], ub[1:], z1[1:],
                fb[1:], lb[1:], rb[1:], tb[1:], k, cells, top_y,
            )  # fmt: skip
        else:
            top_y = faces(
                wa[1:], va[1:], ua[1:], z0[1:], wb[1:], vb[1:], ub[1:], z1[1:],
                fb[1:], lb[1:], rb[1:], tb[1:], k, cells, top_y,
            )  # fmt: skip
        if walls[3][i + 2] > walls[3][i + 1]:
            top_y = _walls_north(
                walls[3], walls[4], walls[5], i + 1, j0, n, wa, ua, va, z0, wb, ub, vb, z1, fb, lb, rb, tb, k, top_y,
            )  # fmt: skip
        if i + 1 == 2:
            _edge_row(edges_y, 0, j0 - 2, n, fb, lb, rb, tb)
        if i == rows + 1:
            _edge_row(edges_y, 3, j0 - 2, n, fb, lb, rb, tb)
        if i >= i0:
            fetch_ahead(out_h[ahead - 1, a:b], out_p[ahead - 1, a:b], many)
            if least_a > deep[i - i0 + 1]:
                top_x = deep_faces(
                    wa, ua, va, z0, wa[1:], ua[1:], va[1:], z0[1:], fx, lx, rx, tx, k, many, top_x
                )
            else:
                top_x = faces(wa, ua, va, z0, wa[1:], ua[1:], va[1:], z0[1:], fx, lx, rx, tx, k, many, top_x)
            if walls[0][i + 1] > walls[0][i]:
                top_x = _walls_east(
                    walls[0], walls[1], walls[2], i, j0, n, wa, ua, va, z0, fx, lx, rx, tx, k, top_x
                )
            _edge_columns(edges_x, i - 2, j0 == 2, j1 == columns + 2, n, fx, lx, rx, tx)
            fetch_ahead(out_q[ahead - 1, a:b], rough[ahead * rough_step, a:b], many)
            low, high = update(
                h[i, j0:b], p[i, j0:b], q[i, j0:b], fx, rx, tx, fx[1:], lx[1:], tx[1:],
                fa[1:], ra[1:], ta[1:], fb[1:], lb[1:], tb[1:], out_h[i, j0:b], out_p[i, j0:b], out_q[i, j0:b],
                rough[i * rough_step, j0:b], lam, dt, k, n, low, high,
            )  # fmt: skip
        least_a = least_b
        wa, ua, va, wb, ub, vb = wb, ub, vb, wa, ua, va
        fa, la, ra, ta, fb, lb, rb, tb = fb, lb, rb, tb, fa, la, ra, ta
    return top_x, top_y, low, high


@kernel
def _second_order_tile(
    h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tile, s, lam, dt, k
):  # fmt: skip
    """As the first-order tile, with slopes: the window of rows is i - 1 … i + 2, columns start two west."""
    i0, i1, j0, j1 = tile[0], tile[1], tile[2], tile[3]
    rows, columns = edges_x.shape[1], edges_y.shape[1]
    n = j1 - j0
    many = _rounded(n + 1)
    wide = many + 3
    a, b = j0 - 2, j0 - 2 + wide
    top_x, top_y, low, high = k.zero, k.zero, k.one, k.zero
    w0, u0, v0, w1, u1, v1 = s[0], s[1], s[2], s[3], s[4], s[5]
    w2, u2, v2, w3, u3, v3 = s[6], s[7], s[8], s[9], s[10], s[11]
    fa, la, ra, ta, fb, lb, rb, tb = s[12], s[13], s[14], s[15], s[16], s[17], s[18], s[19]
    fx, lx, rx, tx = s[20], s[21], s[22], s[23]
    ha, za, uya, vya, hb, zb, uyb, vyb = s[24], s[25], s[26], s[27], s[28], s[29], s[30], s[31]
    hx, zx, ux, vx = s[32], s[33], s[34], s[35]
    pa, qa = s[36], s[37]
    primitives(h[i0 - 2, a:b], p[i0 - 2, a:b], q[i0 - 2, a:b], w0, u0, v0, k, wide)
    primitives(h[i0 - 1, a:b], p[i0 - 1, a:b], q[i0 - 1, a:b], w1, u1, v1, k, wide)
    primitives(h[i0, a:b], p[i0, a:b], q[i0, a:b], w2, u2, v2, k, wide)
    slopes(
        w0,
        u0,
        v0,
        z[i0 - 2, a:b],
        w1,
        u1,
        v1,
        z[i0 - 1, a:b],
        w2,
        u2,
        v2,
        z[i0, a:b],
        ha,
        za,
        uya,
        vya,
        k,
        wide,
    )
    for i in range(i0 - 1, i1):
        primitives(h[i + 2, a:b], p[i + 2, a:b], q[i + 2, a:b], w3, u3, v3, k, wide)
        z1, z2 = z[i, a:b], z[i + 1, a:b]
        slopes(w1, u1, v1, z1, w2, u2, v2, z2, w3, u3, v3, z[i + 2, a:b], hb, zb, uyb, vyb, k, wide)
        top_y = sloped_faces(
            w1[1:], v1[1:], u1[1:], z1[1:], ha[1:], za[1:], vya[1:], uya[1:],
            w2[1:], v2[1:], u2[1:], z2[1:], hb[1:], zb[1:], vyb[1:], uyb[1:],
            fb, lb, rb, tb, k, many, top_y,
        )  # fmt: skip
        top_y = _walls_north(
            walls[3], walls[4], walls[5], i + 1, j0, n, w1[1:], u1[1:], v1[1:], z1[1:],
            w2[1:], u2[1:], v2[1:], z2[1:], fb, lb, rb, tb, k, top_y,
        )  # fmt: skip
        if i + 1 == 2:
            _edge_row(edges_y, 0, j0 - 2, n, fb, lb, rb, tb)
        if i == rows + 1:
            _edge_row(edges_y, 3, j0 - 2, n, fb, lb, rb, tb)
        if i >= i0:
            slopes(
                w1, u1, v1, z1, w1[1:], u1[1:], v1[1:], z1[1:], w1[2:], u1[2:], v1[2:], z1[2:],
                hx, zx, ux, vx, k, many + 1,
            )  # fmt: skip
            top_x = sloped_faces(
                w1[1:], u1[1:], v1[1:], z1[1:], hx, zx, ux, vx,
                w1[2:], u1[2:], v1[2:], z1[2:], hx[1:], zx[1:], ux[1:], vx[1:],
                fx, lx, rx, tx, k, many, top_x,
            )  # fmt: skip
            top_x = _walls_east(
                walls[0],
                walls[1],
                walls[2],
                i,
                j0,
                n,
                w1[1:],
                u1[1:],
                v1[1:],
                z1[1:],
                fx,
                lx,
                rx,
                tx,
                k,
                top_x,
            )
            _edge_columns(edges_x, i - 2, j0 == 2, j1 == columns + 2, n, fx, lx, rx, tx)
            lean(
                w1[1:], hx, zx, ha[1:], za[1:], p[i, j0 - 1 : b], q[i, j0 - 1 : b], pa, qa, k.g * lam, k, many
            )
            low, high = update(
                h[i, j0:b], pa[1:], qa[1:], fx, rx, tx, fx[1:], lx[1:], tx[1:],
                fa[1:], ra[1:], ta[1:], fb[1:], lb[1:], tb[1:], out_h[i, j0:b], out_p[i, j0:b], out_q[i, j0:b],
                rough[i * rough_step, j0:b], lam, dt, k, n, low, high,
            )  # fmt: skip
        w0, u0, v0, w1, u1, v1, w2, u2, v2, w3, u3, v3 = w1, u1, v1, w2, u2, v2, w3, u3, v3, w0, u0, v0
        fa, la, ra, ta, fb, lb, rb, tb = fb, lb, rb, tb, fa, la, ra, ta
        ha, za, uya, vya, hb, zb, uyb, vyb = hb, zb, uyb, vyb, ha, za, uya, vya
    return top_x, top_y, low, high


@kernel
def advance_first(
    h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tiles, deep, chosen, highest, s,
    lam, dt, k,
):  # fmt: skip
    """Advance the *chosen* ones of *tiles* by one Euler step of first order.

    Writes each tile's greatest depth into *highest*; returns the largest wave
    speeds across east and south faces (m/s), of the old state, and the least new depth (m).
    """
    top_x, top_y, least = k.zero, k.zero, k.one
    for t in range(len(chosen)):
        x, y, low, high = _first_order_tile(
            h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tiles[chosen[t]],
            deep[chosen[t]], s, lam, dt, k,
        )  # fmt: skip
        highest[chosen[t]] = high
        top_x, top_y = max(top_x, x), max(top_y, y)
        least = min(least, low)
    return top_x, top_y, least


@kernel
def advance_second(
    h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tiles, deep, chosen, highest, s,
    lam, dt, k,
):  # fmt: skip
    """As `advance_first`, one stage of second order in space."""
    top_x, top_y, least = k.zero, k.zero, k.one
    for t in range(len(chosen)):
        x, y, low, high = _second_order_tile(
            h, p, q, z, out_h, out_p, out_q, rough, rough_step, walls, edges_x, edges_y, tiles[chosen[t]], s,
            lam, dt, k,
        )  # fmt: skip
        highest[chosen[t]] = high
        top_x, top_y = max(top_x, x), max(top_y, y)
        least = min(least, low)
    return top_x, top_y, least
