"""Domino: when the fire or blast of one unit brings down another.

A unit that fails attacks each other unit once, with the probability of escalation of its fire or blast there;
attacks are independent. Small groups are enumerated exactly, large ones drawn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import LabelledEnum, Text
from anlan.science import guard
from anlan.science.chemical.harm.tables import Table, table
from anlan.science.chemical.harm.vulnerability import probability, probit
from anlan.science.registry import model

Floats = NDArray[np.float64]

EXACT_UNITS = 12

CARD = ModelCard(
    id="chemical.domino",
    version="1",
    title=Text("多米诺效应", "Domino escalation"),
    purpose=Text(
        "计算火灾、爆炸引发相邻设备失效的概率及连锁结果",
        "The chance that fire or blast brings down further units",
    ),
    applicability=Text(
        "无防护、无消防冷却的储罐；失效概率按容积和热辐射经验式",
        "Unprotected vessels without cooling; empirical times to failure",
    ),
    inputs=(
        Quantity("radiation_kw_m2", "kW/m²", Text("热辐射强度", "radiation"), 0.0, 150.0),
        Quantity("volume_m3", "m³", Text("储罐容积", "volume"), 1.0, 20_000.0),
        Quantity("overpressure_kpa", "kPa", Text("超压", "overpressure"), 0.0, 200.0),
    ),
    references=(
        "Cozzani, Gubinelli and Salzano, J. Hazard. Mater. 127 (2005) 14-30 (thresholds)",
        "Landucci et al., Accid. Anal. Prev. 41 (2009) 1206-1216 (time to failure)",
        "Cozzani and Salzano, J. Hazard. Mater. 107 (2004) 67-80 (overpressure probits)",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("probability", "", Text("失效概率", "probability of failure"), 0.0, 1.0),),
    caveats=(
        Caveat(
            "domino.mitigation",
            Text("未计消防冷却、隔热和应急处置", "Cooling, insulation and response are not considered"),
        ),
    ),
)


class Vessel(LabelledEnum):
    """Kind of unit."""

    ATMOSPHERIC = "atmospheric", "常压储罐", "Atmospheric vessel"
    PRESSURISED = "pressurised", "压力储罐", "Pressurised vessel"


def time_to_failure_s(radiation_kw_m2: ArrayLike, volume_m3: ArrayLike, kind: Vessel) -> Floats:
    """ln ttf = −1.128 ln I − 2.667·10⁻⁵ V + 9.877 (atmospheric), −0.947 ln I + 8.835 V^0.032 (pressurised).

    Landucci 2009, I in kW/m², V in m³, ttf in s; the pressurised form is to be confirmed. Endless without radiation.

    >>> round(float(time_to_failure_s(30.0, 1000.0, Vessel.ATMOSPHERIC)))
    409
    """
    flux = guard.floats("热辐射强度", "radiation", radiation_kw_m2)
    volume = guard.floats("储罐容积", "volume", volume_m3, zero=False)
    with np.errstate(divide="ignore"):
        if kind is Vessel.ATMOSPHERIC:
            return np.asarray(np.exp(-1.128 * np.log(flux) - 2.667e-5 * volume + 9.877), np.float64)
        return np.asarray(np.exp(-0.947 * np.log(flux) + 8.835 * volume**0.032), np.float64)


def by_radiation(
    radiation_kw_m2: ArrayLike, volume_m3: ArrayLike, kind: Vessel, levels: Table | None = None
) -> Floats:
    """Chance of failure before help: Pr = 9.25 − 1.847 ln(ttf/60); none below the threshold of the kind."""
    flux = guard.floats("热辐射强度", "radiation", radiation_kw_m2)
    threshold = (levels or table("thresholds"))[f"domino_radiation_{kind.value}"].number("value")
    minutes = np.clip(time_to_failure_s(np.maximum(flux, 1e-3), volume_m3, kind) / 60, 1e-6, 1e9)
    return np.asarray(
        np.where(flux < threshold, 0.0, probability(9.25 - 1.847 * np.log(minutes))), np.float64
    )


def by_overpressure(overpressure_kpa: ArrayLike, kind: Vessel, levels: Table | None = None) -> Floats:
    """Chance of failure by a blast; none below the threshold of the kind."""
    blast = guard.floats("超压", "overpressure", overpressure_kpa)
    key = "overpressure_22" if kind is Vessel.ATMOSPHERIC else "overpressure_16"
    threshold = (levels or table("thresholds"))[key].number("value")
    share = probit(f"equipment_{kind.value}").probability(1000 * blast)
    return np.asarray(np.where(blast < threshold, 0.0, share), np.float64)


@dataclass(frozen=True)
class Cascade:
    """What the failure of one unit leads to: chance of failure of each, and of each number of failures."""

    unit: Floats
    number: Floats
    exact: bool


@model(CARD)
def cascade(attack: ArrayLike, first: int, *, draws: int = 20_000, seed: int = 0) -> Cascade:
    """The cascade from the failure of unit *first*; ``attack[i, j]`` is the chance that i's failure fails j.

    Up to 12 units exactly, more by *draws*. ``number[k]`` is the chance of k failures, the first included.

    >>> cascade([[0, 0.5], [0, 0]], 0).unit.tolist()
    [1.0, 0.5]
    """
    chance = guard.floats("升级概率", "chances of escalation", attack)
    if chance.ndim != 2 or chance.shape[0] != chance.shape[1] or (chance > 1).any():
        raise guard.refuse("升级概率应为方阵且不大于 1", "the chances must form a square of numbers up to 1")
    if not 0 <= first < len(chance):
        raise guard.refuse("没有这个起始单元", "there is no such first unit", first=first)
    if len(chance) <= EXACT_UNITS:
        return _exact(chance, first)
    if draws < 1:
        raise guard.refuse("抽样次数应不小于 1", "at least one draw is needed")
    return _drawn(chance, first, draws, seed)


def _exact(chance: Floats, first: int) -> Cascade:
    """Every history, merged by (failed, just failed) sets as bits."""
    count = len(chance)
    states = {(1 << first, 1 << first): 1.0}
    done: dict[int, float] = {}
    while states:
        after: dict[tuple[int, int], float] = {}
        for (failed, fresh), share in states.items():
            attackers = [i for i in range(count) if fresh >> i & 1]
            spared = np.prod(1 - chance[attackers], axis=0)
            open_to = [j for j in range(count) if not failed >> j & 1 and spared[j] < 1]
            for subset, part in _subsets(open_to, spared):
                if part <= 0:
                    continue
                if subset == 0:
                    done[failed] = done.get(failed, 0.0) + share * part
                else:
                    key = (failed | subset, subset)
                    after[key] = after.get(key, 0.0) + share * part
        states = after
    unit, number = np.zeros(count), np.zeros(count + 1)
    for failed, share in done.items():
        number[failed.bit_count()] += share
        unit += share * np.array([failed >> j & 1 for j in range(count)])
    return Cascade(unit, number, True)


def _subsets(open_to: list[int], spared: Floats) -> list[tuple[int, float]]:
    """All sets of units that fail together, with their chance."""
    found = [(0, 1.0)]
    for j in open_to:
        found = [
            *((bits, share * float(spared[j])) for bits, share in found),
            *((bits | 1 << j, share * float(1 - spared[j])) for bits, share in found),
        ]
    return found


def _drawn(chance: Floats, first: int, draws: int, seed: int) -> Cascade:
    random = np.random.Generator(np.random.PCG64(seed))
    count = len(chance)
    failed = np.zeros((draws, count), np.bool_)
    failed[:, first] = True
    fresh = failed.copy()
    with np.errstate(divide="ignore"):
        held = np.maximum(np.log1p(-chance), -1e3)
    while fresh.any():
        spared = np.exp(fresh @ held)
        fresh = (random.random((draws, count)) >= spared) & ~failed
        failed |= fresh
    number = np.bincount(failed.sum(axis=1), minlength=count + 1) / draws
    return Cascade(failed.mean(axis=0), number, False)
