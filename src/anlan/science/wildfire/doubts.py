"""Reservations that a wildfire run earns by what it was asked and what came out."""

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import Caveat
from anlan.kernel.text import Text
from anlan.science.wildfire.scenario import SpreadModel, WildfireScenario
from anlan.science.wildfire.wang import MOST_WIND_M_S

_STEEPEST_WANG = float(np.tan(np.radians(60.0)))


def doubts_of(
    scenario: WildfireScenario, arrival_s: NDArray[np.floating], summary: dict[str, float]
) -> tuple[Caveat, ...]:
    """The caveats of a run that gave these arrivals."""
    found = list(_asked(scenario, summary["steepest"]))
    burnt = np.isfinite(arrival_s)
    if burnt[[0, -1]].any() or burnt[:, [0, -1]].any():
        found.append(
            Caveat(
                "wildfire.edge",
                Text(
                    "火到达计算边界，边界之外未计算",
                    "the fire reached the edge of the grid: beyond it nothing was computed",
                ),
            )
        )
    if burnt.sum() <= len(scenario.ignitions):
        found.append(
            Caveat(
                "wildfire.no_spread",
                Text(
                    "火未蔓延：起火点不可燃或可燃物过湿",
                    "the fire did not spread: nothing burns there, or the fuel is too wet",
                ),
            )
        )
    return tuple(found)


def _asked(scenario: WildfireScenario, steepest: float) -> tuple[Caveat, ...]:
    found = []
    if scenario.lines:
        found.append(
            Caveat(
                "wildfire.lines_hold",
                Text("假定隔离带不被突破", "containment lines are taken to hold whatever comes against them"),
            )
        )
    if scenario.model is SpreadModel.WANG:
        if max(one.wind_m_s for one in scenario.weather) > MOST_WIND_M_S:
            words = Text(
                "风速超过 12 m/s，按 12 m/s 计，实际可能更快",
                "wind above 12 m/s counts as 12 m/s: the fire may be faster",
            )
            found.append(Caveat("wildfire.wang_wind_capped", words))
        if steepest > _STEEPEST_WANG:
            words = Text(
                "存在超过 60° 的陡坡，超出适用范围", "slopes above 60° lie outside the model's range"
            )
            found.append(Caveat("wildfire.wang_slope", words))
        if set(np.unique(scenario.fuel[scenario.fuel > 0]).tolist()) - set(scenario.load_kg_m2):
            words = Text(
                "未给出可燃物载量处没有火线强度", "no intensity where the fuel consumed is not given"
            )
            found.append(Caveat("wildfire.no_load", words))
    elif not any(np.any(part) for part in (scenario.canopy_cover, scenario.canopy_height_m)):
        words = Text("未给出林冠，风按无遮蔽计", "no canopy was given: the wind counts as unsheltered")
        found.append(Caveat("wildfire.unsheltered", words))
    return tuple(found)
