"""Risk on the map: enterprises by their colour, and divisions where boundaries are loaded."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from anlan.domains.monitoring.risk.states import READ, SubjectKind
from anlan.kernel.levels import RiskLevel
from anlan.kernel.text import Text
from anlan.platform.geo.layers import Layer, LayerState, Shape, register_layer, state_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

_GROUP = Text("监测预警", "Monitoring")
_SOURCE = "本系统按报警、重大危险源与权重表计算"


def register_layers() -> None:
    """Declare both layers."""
    register_layer(
        _layer("risk_counties", Text("区县风险", "Risk of counties"), "area", SubjectKind.COUNTY, order=15)
    )
    register_layer(
        _layer(
            "risk_enterprises",
            Text("企业风险", "Risk of enterprises"),
            "point",
            SubjectKind.ENTERPRISE,
            order=68,
        )
    )


def _layer(name: str, title: Text, shape: Shape, kind: SubjectKind, order: int) -> Layer:
    rows = _rows(kind)
    return Layer(
        name=name,
        title=title,
        shape=shape,
        symbol="risk",
        permission=READ,
        rows=rows,
        properties=_properties,
        state=lambda: _state(rows),
        link="risk_score",
        classes=RiskLevel,
        class_property="level",
        group=_GROUP,
        shown_first=False,
        order=order,
    )


def _rows(kind: SubjectKind) -> "Callable[[], QuerySet[Any]]":
    def rows() -> "QuerySet[Any]":
        from anlan.domains.monitoring.risk.models import RiskScore

        return RiskScore.objects.filter(kind=kind.value, geometry__isnull=False).order_by("-index", "id")

    return rows


def _properties(score: Any) -> Mapping[str, Any]:
    return {
        "title": score.name,
        "index": score.index,
        "level": score.level or None,
        "worst": score.worst_name,
        "synthetic": score.synthetic,
    }


def _state(rows: "Callable[[], QuerySet[Any]]") -> LayerState:
    return state_of(rows(), _SOURCE, time_field="computed_at")
