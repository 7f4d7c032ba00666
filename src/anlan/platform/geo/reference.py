"""The reference layers that the platform itself draws: boundaries and features of the common kinds."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.kernel.text import Text
from anlan.platform.geo.layers import Layer, LayerState, Shape, register_layer
from anlan.platform.geo.permissions import READ

if TYPE_CHECKING:
    from django.db.models import QuerySet

NOT_LOADED = Text("尚未导入，请在地图中导入数据", "Nothing is loaded yet: import data on the map")

PLACES, RIVERS, FAULTS, EARTHQUAKES, ROADS = "places", "rivers", "faults", "earthquakes", "roads"
ISC_GEM = "earthquakes_iscgem"
"""Catalogues are layers of their own: they disagree, and an answer names its catalogue."""


def register_reference_layers() -> None:
    """Declare boundaries, places, rivers, roads, faults and historical earthquakes."""
    register_layer(
        Layer(
            name="counties",
            title=Text("行政区划", "Divisions"),
            shape="area",
            symbol="boundary",
            permission=READ,
            rows=_county_rows,
            properties=_county_properties,
            state=_boundary_state,
            order=10,
        )
    )
    for name, title, shape, symbol, order, shown in (
        (RIVERS, Text("河流", "Rivers"), "line", "river", 20, True),
        (ROADS, Text("道路", "Roads"), "line", "road", 35, True),
        (FAULTS, Text("活动断层", "Active faults"), "line", "fault", 30, False),
        (PLACES, Text("居民地", "Settlements"), "point", "place", 40, True),
        (EARTHQUAKES, Text("历史地震（NOAA）", "Earthquakes (NOAA)"), "point", "earthquake", 50, False),
        (ISC_GEM, Text("历史地震（ISC-GEM）", "Earthquakes (ISC-GEM)"), "point", "earthquake", 51, False),
    ):
        register_layer(_feature_layer(name, title, shape, symbol, order, shown_first=shown))  # type: ignore[arg-type]


def _feature_layer(
    name: str, title: Text, shape: Shape, symbol: str, order: int, *, shown_first: bool
) -> Layer:
    return Layer(
        name=name,
        title=title,
        shape=shape,
        symbol=symbol,
        permission=READ,
        rows=_feature_rows(name),
        properties=_feature_properties,
        state=lambda: _feature_state(name),
        order=order,
        shown_first=shown_first,
    )


def _feature_rows(name: str) -> "Callable[[], QuerySet[Any]]":
    def rows() -> "QuerySet[Any]":
        from anlan.platform.geo.models import Feature

        return Feature.objects.filter(layer=name)

    return rows


def _feature_properties(feature: Any) -> Mapping[str, Any]:
    plain = {
        name: value
        for name, value in feature.properties.items()
        if isinstance(value, str | int | float | bool)
    }
    return {**plain, "title": feature.name or feature.key, "title_en": feature.name_en or None}


def _feature_state(name: str) -> LayerState:
    from anlan.platform.geo.models import Feature

    first = Feature.objects.filter(layer=name).order_by("-data_time").first()
    if first is None:
        return LayerState(source="", note=NOT_LOADED)
    return LayerState(first.source, first.licence, first.data_time, first.synthetic)


def _county_rows() -> "QuerySet[Any]":
    from anlan.platform.geo.models import Boundary

    counties = [one.code for one in ningxia() if level_of(one.code) is RegionLevel.COUNTY]
    return Boundary.objects.filter(region__in=counties)


def _county_properties(boundary: Any) -> Mapping[str, Any]:
    names = {one.code: one for one in ningxia()}
    known = names.get(boundary.region)
    return {
        "region": boundary.region,
        "title": known.zh if known else boundary.region,
        "title_en": known.en if known else None,
    }


def _boundary_state() -> LayerState:
    from anlan.platform.geo.models import Boundary

    newest = Boundary.objects.order_by("-imported_at").first()
    if newest is None:
        return LayerState(source="", note=NOT_LOADED)
    return LayerState(newest.source, newest.licence, newest.imported_at)
