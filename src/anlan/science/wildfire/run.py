"""The entry of the wildfire engine: a scenario in, arrival times and what the front does out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Problem
from anlan.kernel.fields import Field
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.registry import model
from anlan.science.wildfire.doubts import doubts_of
from anlan.science.wildfire.intensity import attack_class, direct_attack_limit_kw_m, flame_length_m
from anlan.science.wildfire.layout import landscape_of, starts_of, tables_of
from anlan.science.wildfire.scenario import WildfireScenario
from anlan.science.wildfire.stages import stages_of
from anlan.science.wildfire.travel import Cancelled, Landscape, Progress, Workspace, burn


class RunCancelled(Problem):
    """The run was stopped by whoever asked for it."""

    code = "cancelled"
    status = 409
    title = Text("模拟已取消", "The simulation was cancelled")
    next_step = Text("如需结果，请重新提交", "Submit it again if the result is needed")


INPUTS = (
    Quantity("cell_m", "m", Text("栅格间距", "cell size"), 5.0, 250.0),
    Quantity("duration_s", "s", Text("模拟时长", "duration"), 60.0, 3 * 86_400.0),
    Quantity("wind_m_s", "m/s", Text("10 米最大风速", "strongest wind at 10 m"), 0.0, 25.0),
    Quantity("steepest", "", Text("最大坡度（正切）", "steepest slope (tangent)"), 0.0, 1.0),
)
CARD = ModelCard(
    id="wildfire.spread",
    version="1",
    title=Text("林草火蔓延推演", "Spread of a wildfire"),
    purpose=Text(
        "起火后的到达时间、蔓延速度、火线强度、火焰长度与能否直接扑打",
        "arrival, rate, fireline intensity, flame length and limits of attack after an ignition",
    ),
    applicability=Text(
        "地表火，最小到达时间原理；天气分段定常；不含树冠火、飞火、火与大气耦合",
        "surface fires by least travel time; weather steady by stages; no crown fire, spotting or fire weather",
    ),
    inputs=INPUTS,
    references=(
        "Finney 2002, Can. J. For. Res. 32 (minimum travel time)",
        "Anderson et al. 1982, J. Austral. Math. Soc. B 23 (ellipses by Huygens)",
        "Bornemann and Rasch 2006, Comput. Vis. Sci. 9 (semi-Lagrangian update)",
        "Richards 1990, Int. J. Numer. Methods Eng. 30",
    ),
    verification=Verification.VERIFIED,
    suite="wildfire",
    outputs=(
        Quantity("arrival", "s", Text("到达时间", "arrival"), 0.0),
        Quantity("rate", "m/s", Text("火线推进速度", "rate of the front"), 0.0),
        Quantity("intensity", "kW/m", Text("火线强度", "fireline intensity"), 0.0),
        Quantity("flame", "m", Text("火焰长度", "flame length"), 0.0),
    ),
    caveats=(
        Caveat(
            "wildfire.surface_only",
            Text(
                "只计地表火：树冠火与飞火会使火场更快、更远",
                "surface fire only: crown fire and spotting make a fire faster and carry it further",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class WildfireResult:
    """What a run gives back: rasters with NaN where nothing burnt, plain numbers, and the reservations."""

    fields: dict[str, Field]
    summary: dict[str, float]
    manifest: Manifest
    caveats: tuple[Caveat, ...]


@model(CARD)
def run(
    scenario: WildfireScenario, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> WildfireResult:
    """Compute *scenario*; *progress* hears the share done, *cancelled* is asked from time to time.

    Raises `RunCancelled`.
    """
    land = landscape_of(scenario)
    work = Workspace(len(land.fuel))
    burning = padded_cells(scenario.burning, land)
    done = burn(
        land,
        stages_of(scenario, land.kinds),
        starts_of(scenario),
        work,
        burning=burning,
        progress=progress,
        cancelled=cancelled,
    )
    if not done:
        raise RunCancelled()
    if progress is not None:
        progress(1.0)
    fields, summary = _fields(scenario, land, work)
    inputs = scenario.as_inputs() | {
        "cell_m": scenario.grid.cell_m,
        "wind_m_s": max(one.wind_m_s for one in scenario.weather),
        "steepest": summary["steepest"],
    }
    caveats = doubts_of(scenario, fields["arrival"].values, summary)
    manifest = manifest_of(CARD, inputs, tables=tables_of(scenario), caveats=caveats)
    return WildfireResult(fields, summary, manifest, manifest.caveats)


def padded_cells(mask: NDArray[np.bool_] | None, land: Landscape) -> NDArray[np.int64] | None:
    """The burnable cells of *mask*, counted in the padded arrays."""
    if mask is None:
        return None
    return np.flatnonzero(np.pad(mask, 1).ravel() & (land.fuel != 255)).astype(np.int64)


def _fields(
    scenario: WildfireScenario, land: Landscape, work: Workspace
) -> tuple[dict[str, Field], dict[str, float]]:
    arrival, rate, intensity = (
        np.array(land.inner(part)) for part in (work.arrival_s, work.rate_m_s, work.intensity_kw_m)
    )
    burnt = np.isfinite(arrival)
    arrival[~burnt] = np.nan
    known = np.isfinite(intensity)
    flame, attack = (np.full(arrival.shape, np.nan, np.float32) for _ in range(2))
    flame[known], attack[known] = flame_length_m(intensity[known]), attack_class(intensity[known])
    named = {
        "arrival": ("s", Text("到达时间", "Arrival of the fire"), arrival),
        "rate": ("m/s", Text("火线推进速度", "Rate of the front"), rate),
        "intensity": ("kW/m", Text("火线强度", "Fireline intensity"), intensity),
        "flame": ("m", Text("火焰长度", "Flame length"), flame),
        "attack": ("", Text("扑打等级（3 为不得直接扑打）", "Class of attack (3: no direct attack)"), attack),
    }
    fields = {
        name: Field(name, unit, label, scenario.grid, values) for name, (unit, label, values) in named.items()
    }
    heat = intensity[known]
    rise_e, rise_n = land.ground[:, 0], land.ground[:, 1]
    summary = {
        "burnt_m2": float(burnt.sum()) * scenario.grid.cell_area_m2,
        "perimeter_m": perimeter_m(burnt, scenario.grid.cell_m),
        "fastest_m_s": float(np.max(rate[np.isfinite(rate)], initial=0.0)),
        "intensity_max_kw_m": float(heat.max(initial=0.0)),
        "flame_max_m": float(flame_length_m(heat.max(initial=0.0))),
        "no_attack_share": float((heat > direct_attack_limit_kw_m()).sum() / max(burnt.sum(), 1)),
        "steepest": float(np.sqrt((rise_e**2 + rise_n**2).max())),
    }
    return fields, summary


def perimeter_m(burnt: NDArray[np.bool_], cell_m: float) -> float:
    """Length of the edge of the burnt ground by Crofton's formula over lines in four directions.

    Within 3 % for shapes of many cells, whichever way they lie; counting cell edges would give 27 % too much.
    """
    mask = np.pad(burnt, 1)
    straight = (mask[1:] != mask[:-1]).sum() + (mask[:, 1:] != mask[:, :-1]).sum()
    oblique = (mask[1:, 1:] != mask[:-1, :-1]).sum() + (mask[1:, :-1] != mask[:-1, 1:]).sum()
    return float(np.pi / 8 * cell_m * (straight + oblique / np.sqrt(2.0)))
