"""The index of a unit: static hazard, alarms of the last day, management (decision 0007, our own design).

Per tag s = w·L·T·N with T = min(1 + t/30 min, 3) and N = min(1 + (n−1)/10, 2), t the time an
alarm has been open and n how often alarms were raised in 24 h. Per unit D = 100·(1 − exp(−Σs/5)),
S the points of the static facts, M those of management, at most 20. Index = min(100, 0.4·S + 0.45·D + M).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.models import ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.registry import model
from anlan.science.risk.columns import Facts, Group, Tags
from anlan.science.risk.shares import whole_hundredths
from anlan.science.risk.weights import OWN_WEIGHTS, Weights

CARD = ModelCard(
    id="risk.unit_index",
    version="1",
    title=Text("单元安全风险指数", "Risk index of a unit"),
    purpose=Text(
        "由报警、重大危险源级别、特殊作业、天气与管理情况给出可逐项追溯的单元风险指数",
        "An index of a unit from alarms, hazard level, special work, weather and management, open to every part",
    ),
    applicability=Text(
        "接入监测的生产、储存单元；权重为本系统默认，须按本地标准参数表确认",
        "Monitored production and storage units; the weights are our defaults until a table says otherwise",
    ),
    inputs=(
        Quantity("tags", "1", Text("24 小时内有报警的位号数", "tags with alarms in 24 h"), low=0),
        Quantity("open_s", "s", Text("报警持续时间", "time an alarm has been open"), low=0),
        Quantity("raises", "1", Text("24 小时内报警次数", "alarms raised in 24 h"), low=0),
    ),
    references=(
        "docs/decisions/0007: a transparent substitute for the unpublished weights of the ministry's model",
        "四色等级：重大/较大/一般/低",
    ),
    verification=Verification.VERIFIED,
    suite="risk",
    outputs=(Quantity("index", "分", Text("风险指数", "risk index"), low=0, high=100),),
    caveats=(OWN_WEIGHTS,),
)


@dataclass(frozen=True)
class UnitIndices:
    """Indices of units in hundredths of a point, and what each tag and fact contributes to them.

    *dynamic* is D of each unit in points. For every unit the contributions of its tags and facts
    add up to its index exactly.
    """

    index: NDArray[np.int64]
    dynamic: NDArray[np.float64]
    of_tag: NDArray[np.int64]
    of_fact: NDArray[np.int64]


@model(CARD)
def unit_indices(units: int, tags: Tags, facts: Facts, weights: Weights) -> UnitIndices:
    """The index of each unit 0 … *units*−1, and how it comes about."""
    scores = tag_scores(tags, weights)
    total = np.bincount(tags.unit, scores, units)
    dynamic = 100.0 * -np.expm1(-total / weights["dynamic.scale"])
    per_score = np.divide(dynamic, total, out=np.zeros(units), where=total > 0)
    tag_points = weights["index.dynamic"] * per_score[tags.unit] * scores
    points = np.concatenate([tag_points, _fact_points(units, facts, weights)])
    index, parts = whole_hundredths(np.concatenate([tags.unit, facts.unit]), points, units, cap=100.0)
    return UnitIndices(index, dynamic, parts[: len(tags)], parts[len(tags) :])


def tag_scores(tags: Tags, weights: Weights) -> NDArray[np.float64]:
    """s = w·L·T·N of each tag."""
    open_factor = np.minimum(1.0 + tags.open_s / (60.0 * weights["tag.open_min"]), weights["tag.open_cap"])
    repeats = np.maximum(tags.raises - 1, 0)
    repeat_factor = np.minimum(1.0 + repeats / weights["tag.repeats"], weights["tag.repeat_cap"])
    scores: NDArray[np.float64] = tags.kind_weight * tags.severity * open_factor * repeat_factor
    return scores


def _fact_points(units: int, facts: Facts, weights: Weights) -> NDArray[np.float64]:
    """What each fact adds to the index; management beyond its cap is cut in proportion."""
    managing = facts.group == Group.MANAGEMENT
    management = np.bincount(facts.unit, np.where(managing, facts.points, 0.0), units)
    cut = np.minimum(
        1.0, np.divide(weights["management.cap"], management, out=np.ones(units), where=management > 0)
    )
    return np.where(managing, facts.points * cut[facts.unit], weights["index.static"] * facts.points)
