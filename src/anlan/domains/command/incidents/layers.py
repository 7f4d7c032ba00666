"""Live alarms, incidents and their footprints on the map."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anlan.domains.command.incidents.states import READ, IncidentKind, IncidentState
from anlan.kernel.text import Text
from anlan.platform.geo.layers import Layer, LayerState, register_layer, state_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

GROUP = Text("指挥决策", "Command")
NONE = Text("当前没有进行中的事件", "No incident is under way")


def register_layers() -> None:
    """Declare both layers."""
    register_layer(
        Layer(
            name="footprints",
            title=Text("影响范围", "Footprints"),
            shape="area",
            symbol="footprint",
            permission=READ,
            rows=_footprint_rows,
            properties=_footprint_properties,
            state=lambda: _state(_footprint_rows(), "computed_at"),
            group=GROUP,
            order=55,
        )
    )
    register_layer(
        Layer(
            name="incidents",
            title=Text("事件", "Incidents"),
            shape="point",
            symbol="incident",
            permission=READ,
            rows=_incident_rows,
            properties=_incident_properties,
            state=lambda: _state(_incident_rows(), "opened_at"),
            link="incident",
            classes=IncidentKind,
            class_property="kind",
            group=GROUP,
            order=90,
        )
    )


def _incident_rows() -> "QuerySet[Any]":
    from anlan.domains.command.incidents.models import Incident

    return Incident.objects.exclude(state=IncidentState.ENDED.value).order_by("-opened_at")


def _incident_properties(incident: Any) -> Mapping[str, Any]:
    return {
        "title": incident.title,
        "number": incident.number,
        "kind": incident.kind,
        "state": incident.state,
        "exercise": incident.exercise,
        "synthetic": incident.synthetic,
    }


def _footprint_rows() -> "QuerySet[Any]":
    """Mild outlines first, so that grave ones are drawn over them."""
    from anlan.domains.command.incidents.models import Footprint

    going_on = Footprint.objects.exclude(incident__state=IncidentState.ENDED.value)
    return going_on.order_by("rank", "id")


def _footprint_properties(footprint: Any) -> Mapping[str, Any]:
    return {
        "title": footprint.zh,
        "title_en": footprint.en,
        "incident_id": str(footprint.incident_id),
        "name": footprint.name,
        "rank": footprint.rank,
        "level": footprint.level,
        "unit": footprint.unit,
        "max_distance_m": footprint.max_distance_m,
        "run": str(footprint.run),
        "exercise": footprint.exercise,
        "synthetic": footprint.synthetic,
    }


def _state(rows: "QuerySet[Any]", time_field: str) -> LayerState:
    return state_of(rows, "本系统", time_field=time_field, none=NONE)
