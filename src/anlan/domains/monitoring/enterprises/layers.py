"""Enterprises on the map, those whose place is known."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anlan.domains.monitoring.enterprises import permissions
from anlan.kernel.text import Text
from anlan.platform.geo.layers import Layer, LayerState, register_layer, state_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def register_layers() -> None:
    """Declare the layer."""
    register_layer(
        Layer(
            name="enterprises",
            title=Text("企业", "Enterprises"),
            shape="point",
            symbol="enterprise",
            permission=permissions.READ,
            rows=_rows,
            properties=_properties,
            state=_state,
            link="enterprise",
            group=Text("监测预警", "Monitoring"),
            min_zoom=7,
            shown_first=False,
            order=65,
        )
    )


def _rows() -> "QuerySet[Any]":
    from anlan.domains.monitoring.enterprises.models import Enterprise

    return Enterprise.objects.filter(geometry__isnull=False).order_by("name", "id")


def _properties(enterprise: Any) -> Mapping[str, Any]:
    return {"title": enterprise.short_name, "kind": enterprise.kind, "synthetic": enterprise.synthetic}


def _state() -> LayerState:
    rows = _rows()
    sources = list(rows.order_by("source").values_list("source", flat=True).distinct()[:3])
    return state_of(
        rows,
        "；".join(source for source in sources if source),
        time_field="created_at",
        none=Text("尚无有位置的企业", "No enterprise has a place yet"),
    )
