"""Major hazards and sites on the map."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anlan.domains.monitoring.hazards import permissions
from anlan.domains.monitoring.hazards.states import HazardLevel, SiteKind
from anlan.kernel.text import Text
from anlan.platform.geo.layers import Layer, LayerState, register_layer, state_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

GROUP = Text("监测预警", "Monitoring")


def register_layers() -> None:
    """Declare both layers."""
    register_layer(
        Layer(
            name="sites",
            title=Text("防护目标与救援资源", "Protected sites and resources"),
            shape="point",
            symbol="site",
            permission=permissions.SITES_READ,
            rows=_site_rows,
            properties=_site_properties,
            state=_site_state,
            link="site",
            classes=SiteKind,
            class_property="kind",
            group=GROUP,
            min_zoom=8,
            order=60,
        )
    )
    register_layer(
        Layer(
            name="major_hazards",
            title=Text("重大危险源", "Major hazards"),
            shape="point",
            symbol="hazard",
            permission=permissions.READ,
            rows=_hazard_rows,
            properties=_hazard_properties,
            state=_hazard_state,
            link="major_hazard",
            classes=HazardLevel,
            class_property="level",
            group=GROUP,
            order=70,
        )
    )


def _hazard_rows() -> "QuerySet[Any]":
    from anlan.domains.monitoring.hazards.models import MajorHazard

    return MajorHazard.objects.order_by("level", "code")


def _hazard_properties(hazard: Any) -> Mapping[str, Any]:
    return {
        "title": hazard.name,
        "enterprise": hazard.enterprise_name,
        "enterprise_id": str(hazard.enterprise_id),
        "level": hazard.level,
        "r": hazard.r,
        "s": hazard.s,
        "synthetic": hazard.synthetic,
    }


def _hazard_state() -> LayerState:
    return _state(_hazard_rows(), "graded_at")


def _site_rows() -> "QuerySet[Any]":
    from anlan.domains.monitoring.hazards.models import Site

    return Site.objects.order_by("kind", "name")


def _site_properties(site: Any) -> Mapping[str, Any]:
    return {"title": site.name, "kind": site.kind, "persons": site.persons, "synthetic": site.synthetic}


def _site_state() -> LayerState:
    return _state(_site_rows(), None)


def _state(rows: "QuerySet[Any]", time_field: str | None) -> LayerState:
    first = rows.first()
    return state_of(rows, first.source if first else "", time_field=time_field)
