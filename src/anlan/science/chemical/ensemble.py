"""What the wind, the stability and the leak might be: a thousand plumes, and the chance that a place is hit.

Each member is a release of constant rate and finite duration in a steady wind: Gaussian segments that drift, so that
c(x, y, t) = C(x, y) · ½ [erf((ut − x)/√2σx) − erf((u(t − T) − x)/√2σx)], C the steady plume. Its peak in time and
the moment it reaches a level have closed forms, so no frames are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science import guard
from anlan.science.chemical.dispersion.sigmas import Curves, sigma_y, sigma_z
from anlan.science.chemical.ensemble_kernel import sweep
from anlan.science.chemical.harm.thresholds import Threshold
from anlan.science.chemical.harm.zones import level_set
from anlan.science.chemical.weather import Stability, Terrain
from anlan.science.registry import model

Floats = NDArray[np.float64]

LEAST_WIND_M_S = 0.5
_PER_STEP = 6.0  # nodes of the tables per √m
_PURE_MG_M3 = 3.2e6  # no cloud is denser: pure chlorine
_CLASSES = tuple(Stability)

CARD = ModelCard(
    id="chemical.release_ensemble",
    version="1",
    title=Text("泄漏集合预报", "Ensemble of a toxic release"),
    purpose=Text(
        "在风速、风向、稳定度和泄漏量不确定时给出超阈概率、最大浓度和最早到达时间",
        "The chance of exceeding a level, the greatest concentration and the earliest arrival when wind, stability and "
        "rate are uncertain",
    ),
    applicability=Text(
        "中性浮力气体、平坦地形、风场在泄漏期间定常；100 m–10 km；重气近场应另行复核",
        "Neutrally buoyant gas, flat ground, a steady wind; 100 m to 10 km; check dense gas near by",
    ),
    inputs=(
        Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), 1.0, 20.0),
        Quantity("rate_kg_s", "kg/s", Text("泄漏速率", "release rate"), 1e-4, 1e4),
        Quantity("duration_s", "s", Text("持续时间", "duration"), 30.0, 86_400.0),
        Quantity("height_m", "m", Text("泄漏高度", "release height"), 0.0, 200.0),
        Quantity("members", "", Text("集合成员数", "members"), 100, 65_000),
    ),
    references=(
        "Briggs 1973, ATDL-106 (σ)",
        "Hanna, Briggs and Hosker, Handbook on Atmospheric Diffusion, DOE/TIC-11223, 1982",
        "Palazzi et al., Atmos. Environ. 16 (1982) 2785 (finite release in closed form)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(
        Quantity("peak_mg_m3", "mg/m³", Text("各成员最大浓度", "greatest concentration of all members")),
        Quantity("exceedance", "", Text("超阈概率", "probability of exceedance"), 0.0, 1.0),
        Quantity("arrival_s", "s", Text("最早到达时间", "earliest arrival")),
    ),
    caveats=(
        Caveat(
            "ensemble.averaging",
            Text(
                "浓度为约 10 分钟平均，瞬时值可更高",
                "Concentrations are means of some ten minutes; moments are higher",
            ),
        ),
        Caveat(
            "ensemble.steady_wind",
            Text("每个成员的风在泄漏期间不变", "Each member's wind holds through the release"),
        ),
    ),
)


@dataclass(frozen=True)
class Uncertainty:
    """What is known of a release and its air, and how well.

    Speed, rate and duration spread log-normally about their medians by geometric standard deviations, the direction
    normally; *stability* and *holes* (rate over the median rate → weight) are drawn by their weights. Raises `Invalid`.
    """

    rate_kg_s: float
    duration_s: float
    wind_m_s: float
    wind_from_deg: float
    stability: Mapping[Stability, float]
    height_m: float = 0.0
    terrain: Terrain = Terrain.OPEN
    rate_gsd: float = 1.5
    duration_gsd: float = 1.0
    wind_gsd: float = 1.3
    wind_sd_deg: float = 15.0
    holes: Mapping[float, float] = field(default_factory=lambda: {1.0: 1.0})

    def __post_init__(self) -> None:
        guard.positive("泄漏速率", "release rate", self.rate_kg_s, unit="kg/s", at_most=1e6)
        guard.positive("持续时间", "duration", self.duration_s, unit="s", at_most=8.64e6)
        guard.positive("风速", "wind speed", self.wind_m_s, unit="m/s", zero=True, at_most=60)
        guard.positive("泄漏高度", "release height", self.height_m, unit="m", zero=True, at_most=2000)
        guard.positive(
            "风向标准差", "spread of direction", self.wind_sd_deg, unit="°", zero=True, at_most=360
        )
        if not np.isfinite(self.wind_from_deg):
            raise guard.refuse("风向无效", "the wind direction is not a number")
        for name, value in (
            ("泄漏速率", self.rate_gsd),
            ("持续时间", self.duration_gsd),
            ("风速", self.wind_gsd),
        ):
            if not 1 <= value <= 10:
                raise guard.refuse(
                    f"{name}的几何标准差应在 1 与 10 之间", "a geometric deviation lies between 1 and 10"
                )
        for weights in (self.stability, self.holes):
            values = np.array(list(weights.values()), np.float64)
            if not len(values) or not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
                raise guard.refuse("权重应非负且不全为零", "weights must be non-negative and not all zero")
        if any(not np.isfinite(share) or share <= 0 for share in self.holes):
            raise guard.refuse("孔径流量比应大于零", "a hole's share of the rate must be positive")


@dataclass(frozen=True)
class Members:
    """Structure of arrays, one entry per member; *kind* ranks its stability, *toward_deg* is where it blows to."""

    wind_m_s: Floats
    toward_deg: Floats
    kind: NDArray[np.int64]
    rate_kg_s: Floats
    duration_s: Floats
    height_m: Floats

    def __len__(self) -> int:
        return len(self.wind_m_s)


def draw(known: Uncertainty, members: int, seed: int) -> Members:
    """The members; the same for the same seed. A wind below 0.5 m/s is taken as 0.5 m/s."""
    random = np.random.Generator(np.random.PCG64(seed))

    def spread(median: float, gsd: float) -> Floats:
        return np.asarray(median * np.exp(np.log(gsd) * random.standard_normal(members)), np.float64)

    wind = np.maximum(spread(known.wind_m_s, known.wind_gsd), LEAST_WIND_M_S)
    toward = known.wind_from_deg + 180 + known.wind_sd_deg * random.standard_normal(members)
    ranks = np.array([_CLASSES.index(kind) for kind in known.stability])
    kind = random.choice(ranks, members, p=_shares(known.stability.values()))
    hole = random.choice(np.array(list(known.holes)), members, p=_shares(known.holes.values()))
    rate = spread(known.rate_kg_s, known.rate_gsd) * hole
    duration = spread(known.duration_s, known.duration_gsd)
    return Members(wind, toward, kind.astype(np.int64), rate, duration, np.full(members, known.height_m))


@dataclass(frozen=True)
class Ensemble:
    """Fields in the frame of the grid; *evaluated* counts the cells of all members that were computed."""

    peak: Field
    exceedance: tuple[Field, ...]
    arrival: Field
    evaluated: int
    manifest: Manifest

    def bands(self, shares: tuple[float, ...] = (0.1, 0.5, 0.9)) -> tuple[Contour, ...]:
        """Where the first level is exceeded with at least these probabilities."""
        made = []
        for share in shares:
            label = Text(f"超阈概率不低于 {share:.0%}", f"exceeded with a chance of at least {share:.0%}")
            level = Threshold(
                f"exceedance_{round(100 * share)}", "probability", share, "", label, "", Certainty.SURE
            )
            made.append(level_set(self.exceedance[0], level))
        return tuple(made)


@model(CARD)
def run(
    known: Uncertainty,
    grid: Grid,
    source_m: tuple[float, float],
    levels_mg_m3: tuple[float, ...],
    *,
    members: int = 1000,
    seed: int = 0,
) -> Ensemble:
    """The ensemble of a release at *source_m* (metres of the grid's frame) against *levels_mg_m3*.

    Arrivals are kept for the first level. Raises `Invalid`.
    """
    if not 1 <= members <= 65_000:
        raise guard.refuse("集合成员数应为 1 到 65000", "an ensemble has 1 to 65,000 members", given=members)
    if not levels_mg_m3:
        raise guard.refuse("至少需要一个浓度阈值", "at least one level is needed")
    levels = guard.floats("浓度阈值", "levels", levels_mg_m3, zero=False)
    if not np.isfinite(source_m).all():
        raise guard.refuse("泄漏点坐标无效", "the place of the release is not a number")
    drawn = draw(known, members, seed)
    peak, exceeded, arrival, evaluated = spread(drawn, known.terrain, grid, source_m, levels)
    slow = int((drawn.wind_m_s <= LEAST_WIND_M_S).sum())
    manifest = manifest_of(
        CARD, _inputs(known, grid, source_m, levels, members), seed=seed, caveats=_remarks(slow, members)
    )
    chance = tuple(
        Field(
            "exceedance",
            "",
            Text(f"超过 {level:g} mg/m³ 的概率", f"chance of exceeding {level:g} mg/m³"),
            grid,
            (found / np.float32(members)).astype(np.float32),
        )
        for level, found in zip(levels, exceeded, strict=True)
    )
    return Ensemble(
        Field("peak", "mg/m³", Text("各成员最大浓度", "greatest concentration of all members"), grid, peak),
        chance,
        Field("arrival", "s", Text("最早到达时间", "earliest arrival"), grid, arrival),
        evaluated,
        manifest,
    )


def spread(
    drawn: Members, terrain: Terrain, grid: Grid, source_m: tuple[float, float], levels_mg_m3: Floats
) -> tuple[NDArray[np.float32], NDArray[np.uint16], NDArray[np.float32], int]:
    """Peak (mg/m³), count of exceedances by level, earliest arrival (s, NaN where never), cells evaluated."""
    x0, y0 = float(grid.x_m[0] - source_m[0]), float(grid.y_m[0] - source_m[1])
    farthest = np.hypot(
        max(abs(x0), abs(grid.x_m[-1] - source_m[0])), max(abs(y0), abs(grid.y_m[-1] - source_m[1]))
    )
    nodes = (np.arange(int(np.sqrt(farthest) * _PER_STEP) + 3) / _PER_STEP) ** 2
    across, upward = _widths(terrain, nodes)
    angle = np.radians(drawn.toward_deg)
    peak = np.zeros(grid.shape, np.float32)
    exceeded = np.zeros((len(levels_mg_m3), *grid.shape), np.uint16)
    arrival = np.full(grid.shape, np.inf, np.float32)
    evaluated = sweep(
        x0,
        y0,
        grid.cell_m,
        np.sin(angle),
        np.cos(angle),
        drawn.wind_m_s,
        drawn.wind_m_s * drawn.duration_s,
        drawn.kind,
        _log_centrelines(drawn, across, upward),
        (1 / (np.sqrt(2) * across)).astype(np.float32),
        *_tangents(across, nodes),
        np.float32(_PER_STEP),
        levels_mg_m3.astype(np.float32),
        _front(),
        peak,
        exceeded,
        arrival,
    )
    arrival[np.isinf(arrival)] = np.nan
    return peak, exceeded, arrival, int(evaluated)


def _widths(terrain: Terrain, nodes: Floats) -> tuple[Floats, Floats]:
    """σy and σz of each class at the nodes, no less than a decimetre."""
    curves = Curves.of(terrain)
    across = np.stack([sigma_y(nodes, kind, curves) for kind in _CLASSES])
    upward = np.stack([sigma_z(nodes, kind, curves) for kind in _CLASSES])
    return np.maximum(across, 0.1), np.maximum(upward, 0.1)


def _tangents(across: Floats, nodes: Floats) -> tuple[Floats, Floats]:
    """Straight bounds of six widths by class, slope and offset (classes, bounds): 6σy(x) ≤ offset + slope x.

    σy grows ever more slowly, so that each tangent lies above it; the chord from the origin bounds it beyond 20 m.
    """
    slopes, offsets = [], []
    for distance in (20.0, 500.0, 2000.0, 6000.0):
        at = min(int(np.searchsorted(nodes, distance)), len(nodes) - 2)
        rise = (across[:, at + 1] - across[:, at - 1]) / (nodes[at + 1] - nodes[at - 1])
        offset = across[:, at] - rise * nodes[at]
        slopes.append(6 * rise)
        offsets.append(6 * np.maximum(offset, 0.0) + 0.6)
    return np.stack(slopes, axis=1), np.stack(offsets, axis=1)


def _log_centrelines(drawn: Members, across: Floats, upward: Floats) -> NDArray[np.float32]:
    """ln of the peak in time on each member's axis, mg/m³, (members, nodes)."""
    y, z = across[drawn.kind].astype(np.float32), upward[drawn.kind].astype(np.float32)
    strength = np.log(1e6 * drawn.rate_kg_s / (np.pi * drawn.wind_m_s)).astype(np.float32)[:, None]
    half = (drawn.wind_m_s * drawn.duration_s / (2 * np.sqrt(2))).astype(np.float32)[:, None]
    lifted = (drawn.height_m**2 / 2).astype(np.float32)[:, None]
    log_y, log_z = (np.log(both).astype(np.float32) for both in (across, upward))
    held = np.log(erf(half / y))
    logged = strength - log_y[drawn.kind] - log_z[drawn.kind] - lifted / (z * z) + held
    return np.asarray(np.minimum(logged, np.log(_PURE_MG_M3)), np.float32)


@cache
def _front(rows: int = 48, columns: int = 192) -> NDArray[np.float32]:
    """When a passing cloud first reaches a share of its peak, as (ut − x)/(√2 σx), by its length and that share.

    Row r stands for p = uT/(√2 σx) with r/(rows − 1) = p/(1 + p), column c for the share c/(columns − 1).
    """
    part = np.clip(np.arange(rows) / (rows - 1), 1e-3, 1 - 1e-3)
    half = (part / (1 - part) / 2)[:, None]
    share = np.clip(np.arange(columns) / (columns - 1), 1e-5, 1 - 1e-6)[None, :]
    low, high = -half - 4.5 + np.zeros_like(share), np.zeros_like(half + share)
    for _ in range(50):
        middle = (low + high) / 2
        short = erf(middle + half) - erf(middle - half) < 2 * share * erf(half)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(high + half, np.float32)


def _shares(weights: Any) -> Floats:
    values = np.array(list(weights), np.float64)
    return np.asarray(values / values.sum(), np.float64)


def _inputs(
    known: Uncertainty, grid: Grid, source_m: tuple[float, float], levels: Floats, members: int
) -> dict[str, Any]:
    return {
        "rate_kg_s": known.rate_kg_s,
        "duration_s": known.duration_s,
        "wind_m_s": known.wind_m_s,
        "wind_from_deg": known.wind_from_deg,
        "stability": {kind.value: float(weight) for kind, weight in known.stability.items()},
        "height_m": known.height_m,
        "terrain": known.terrain.value,
        "rate_gsd": known.rate_gsd,
        "duration_gsd": known.duration_gsd,
        "wind_gsd": known.wind_gsd,
        "wind_sd_deg": known.wind_sd_deg,
        "holes": [[share, weight] for share, weight in known.holes.items()],
        "grid": [grid.rows, grid.columns, grid.cell_m, grid.west, grid.north, grid.crs],
        "source_m": list(source_m),
        "levels_mg_m3": levels.tolist(),
        "members": members,
    }


def _remarks(slow: int, members: int) -> tuple[Caveat, ...]:
    if not slow:
        return ()
    words = Text(
        f"{members} 个成员中有 {slow} 个近静风，按 0.5 m/s 计算，结果仅供参考",
        f"{slow} of {members} members are all but calm and were taken at 0.5 m/s: a guide only",
    )
    return (Caveat("ensemble.calm", words),)
