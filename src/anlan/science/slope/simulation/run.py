"""The run itself: terrain and soil in, slope angle, safety factor and what is unstable out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.fields import Field
from anlan.kernel.models import Caveat, ModelCard, manifest_of
from anlan.kernel.text import Text
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.outlines import outline_of
from anlan.science.products.result import input_hash
from anlan.science.slope.infinite import safety_factor, seepage_pressure_pa
from anlan.science.slope.simulation.params import Params
from anlan.science.terrain.asked import Given, digest_of, files_in, middle_of, terrain_of

Floats = NDArray[np.float64]
CARD: ModelCard = safety_factor.card  # type: ignore[attr-defined]
ENGINE = f"slope-simulation/1, {CARD.id}/{CARD.version}"
STEEPEST_DEG = 89.0
_MOST = 10.0
"""Above this a safety factor says no more: it is written as this."""

UNIFORM = Caveat(
    "slope.uniform_soil",
    Text("全区采用同一土体参数与地下水位", "One soil and one depth of water are taken for the whole area"),
)


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def files_of(asked: Params) -> tuple[str, ...]:
    """The files that the parameters name."""
    return files_in(asked.terrain)


def hash_of(asked: Params, given: Given | None = None) -> str:
    """By what a result is stored: the same for the same question on the same terrain."""
    plain = plain_params(asked) | {"terrain_sha256": digest_of(asked.terrain, given or {})}
    return input_hash("slope", ENGINE, plain)


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes."""
    if asked.water_m > asked.soil.depth_m:
        raise refused_at(
            "$.water_m", Text("地下水不能高于地面（滑面深度）", "the water cannot stand above the ground")
        )
    if not asked.levels:
        raise refused_at("$.levels", Text("至少需要一个安全系数", "at least one safety factor is needed"))


def simulate(asked: Params, report: Step = no_report, given: Given | None = None) -> Outcome:
    """Rasters and zones of *asked*. Raises `Invalid`."""
    check(asked)
    report(0.0, Text("读取地形", "reading the terrain"))
    terrain = terrain_of(asked.terrain, given or {})
    report(0.3, Text("计算坡度与安全系数", "slopes and safety factors"))
    slope = slope_deg(terrain.height_m, terrain.grid.cell_m)
    soil = asked.soil
    factor = safety_factor(
        soil.cohesion_pa,
        soil.friction_deg,
        soil.unit_weight_n_m3,
        soil.depth_m,
        slope,
        seepage_pressure_pa(asked.water_m, slope),
    )
    shown = np.minimum(factor, _MOST)
    fields = (
        Field("safety_factor", "", Text("安全系数", "safety factor"), terrain.grid, shown),
        Field("slope", "°", Text("坡度", "slope"), terrain.grid, slope),
    )
    report(0.7, Text("划定不稳定区", "outlining what is unstable"))
    zones = tuple(_zone(fields[0], level) for level in sorted(asked.levels))
    plain = plain_params(asked)
    figures = {
        "least_safety_factor": float(shown.min()),
        "steepest_deg": float(slope.max()),
        "unstable_m2": float((factor < 1.0).sum()) * terrain.grid.cell_area_m2,
        "area_m2": float(factor.size) * terrain.grid.cell_area_m2,
    }
    manifest = manifest_of(
        CARD,
        _inputs(asked, plain, given or {}, float(slope.max())),
        caveats=(*terrain.caveats, UNIFORM),
    )
    report(1.0, Text("完成", "done"))
    return Outcome(
        "slope",
        "shallow_slide",
        Text(asked.name.zh, asked.name.en),
        middle_of(terrain.grid),
        plain,
        hash_of(asked, given),
        zones,
        fields,
        figures,
        manifest,
        (CARD,),
    )


def slope_deg(height_m: Floats, cell_m: float) -> Floats:
    """Angle of the steepest descent by central differences, one-sided at the edges; at most 89°.

    >>> slope_deg(np.array([[0.0, 1.0, 2.0]] * 3), 1.0).round(6).tolist()[1]
    [45.0, 45.0, 45.0]
    """
    north, east = np.gradient(np.asarray(height_m, np.float64), cell_m)
    return np.asarray(np.minimum(np.degrees(np.arctan(np.hypot(north, east))), STEEPEST_DEG), np.float64)


def _zone(field: Field, level: float) -> Zone:
    label = Text(f"安全系数低于 {level:g}", f"safety factor below {level:g}")
    inside = np.asarray(field.values, np.float64) < level
    return Zone(
        outline_of(inside, field.grid, f"fs_{level:g}", "", level, label),
        "instability",
        CARD.references[0],
        "sure" if level == 1.0 else "own_default",
    )


def _inputs(asked: Params, plain: dict[str, Any], given: Given, steepest: float) -> dict[str, Any]:
    said = {key: value for key, value in plain.items() if key not in ("name", "note")}
    soil = plain["soil"]
    return said | {"terrain_sha256": digest_of(asked.terrain, given), "slope_deg": steepest} | dict(soil)
