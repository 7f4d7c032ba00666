"""The map's routes: layers with their state, tiles, GeoJSON, the county of a place, and imports."""

from datetime import datetime
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from anlan.kernel.crs import CoordinateSystem
from anlan.kernel.errors import NotFound
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.commands import Principal, current_principal, decide, read_scope
from anlan.platform.geo.divisions import county_of
from anlan.platform.geo.layers import Layer, registered_layers
from anlan.platform.geo.permissions import READ
from anlan.platform.geo.queries import overlapping, within_distance
from anlan.platform.geo.reading import PlacedFile, read_places
from anlan.platform.geo.targets import ImportOrder, ImportTarget, registered_targets, sifted
from anlan.platform.geo.tiles import Tile, encode_tile
from anlan.platform.http.problems import InvalidFields, Label, ProblemOut

MAX_GEOJSON = 2000
MAX_RADIUS_M = 1e6
_SHOWN_ROWS = 20
_SHOWN_ERRORS = 200
_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["map"])


class LayerClass(Schema):
    """One class of a layer's legend."""

    value: str
    label: Label


class LayerOut(Schema):
    """A layer that the person may see, and what its legend says."""

    name: str
    title: Label
    group: Label
    shape: str
    symbol: str
    link: str | None
    class_property: str | None
    classes: list[LayerClass]
    min_zoom: int
    shown_first: bool
    order: int
    source: str
    licence: str
    data_time: datetime | None
    synthetic: bool
    note: Label


class NearItem(Schema):
    """A feature and how far it is."""

    id: str
    distance_m: float
    properties: dict[str, Any]


class NearOut(Schema):
    """What lies around a place, with the source of the layer."""

    source: str
    items: list[NearItem]


class CountyOut(Schema):
    """The county of a place; null where no boundary is loaded or the place lies in none."""

    region: str | None


class ImportTargetOut(Schema):
    """Something that files can bring in."""

    name: str
    title: Label
    fields: list[dict[str, Any]]
    systems: list[LayerClass]


class ImportErrorOut(Schema):
    """What is wrong with one row of the file."""

    number: int
    field: str
    message: Label


class ImportOut(Schema):
    """What an import would do, or did: usable rows, errors (the first ones), bounds, and first rows."""

    applied: bool
    usable: int
    rejected: int
    bounds: tuple[float, float, float, float] | None
    errors: list[ImportErrorOut]
    first: list[dict[str, Any]]


class ImportForm(Schema):
    """What the person says of the file; the coordinate system has no default."""

    system: CoordinateSystem
    source: str = Field(min_length=2, max_length=256)
    licence: str = Field("", max_length=256)


@router.get("/layers", operation_id="list_map_layers", response={200: list[LayerOut], **_REFUSED})
def list_map_layers(request: HttpRequest) -> list[LayerOut]:
    """The layers that this person may see, from the ground up."""
    principal = current_principal()
    with read_scope():
        return [
            _layer(layer)
            for layer in registered_layers().values()
            if layer.permission in principal.permissions
        ]


@router.get("/tiles/{layer}/{zoom}/{x}/{y}", operation_id="get_map_tile", response={200: Any, **_REFUSED})
def get_map_tile(request: HttpRequest, layer: str, zoom: int, x: int, y: int) -> HttpResponse:
    """A vector tile of one layer (Mapbox Vector Tile 2.1)."""
    asked, tile = _seen(layer, current_principal()), Tile(zoom, x, y)
    with read_scope():
        made = encode_tile(asked, tile)
    answer = HttpResponse(made.body, content_type="application/vnd.mapbox-vector-tile")
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Features"] = str(made.features)
    answer["X-Left-Out"] = str(made.left_out)
    return answer


@router.get("/features/{layer}", operation_id="get_map_features", response={200: Any, **_REFUSED})
def get_map_features(request: HttpRequest, layer: str, bbox: str = "") -> HttpResponse:
    """The features of one layer as GeoJSON (RFC 7946), within *bbox* (west,south,east,north) if given."""
    asked = _seen(layer, current_principal())
    with read_scope():
        rows = asked.rows()
        if bbox:
            rows = overlapping(rows, _bounds(bbox), field=asked.bounds)
        found = list(rows[: MAX_GEOJSON + 1])
        state = asked.state()
        features = [
            {
                "type": "Feature",
                "id": str(row.pk),
                "geometry": getattr(row, asked.geometry).__geo_interface__,
                "properties": dict(asked.properties(row)),
            }
            for row in found[:MAX_GEOJSON]
        ]
    from pydantic_core import to_json

    said = {
        "type": "FeatureCollection",
        "features": features,
        "complete": len(found) <= MAX_GEOJSON,
        "source": state.source,
        "licence": state.licence,
        "data_time": state.data_time,
        "synthetic": state.synthetic,
    }
    return HttpResponse(to_json(said, inf_nan_mode="null"), content_type="application/geo+json")


@router.get("/near/{layer}", operation_id="list_map_features_near", response={200: NearOut, **_REFUSED})
def list_map_features_near(
    request: HttpRequest, layer: str, lon: float, lat: float, radius_m: float
) -> NearOut:
    """The features of one layer within *radius_m* of a place, the nearest first, with geodesic distances."""
    asked = _seen(layer, current_principal())
    if not 0 < radius_m <= MAX_RADIUS_M:
        raise InvalidFields([("radius_m", Text("应在 0 到 1000 km 之间", "This must be up to 1,000 km"))])
    with read_scope():
        found = within_distance(asked.rows(), lon, lat, radius_m, geometry=asked.geometry)
        source = asked.state().source
        return NearOut(
            source=source,
            items=[
                NearItem(id=str(row.pk), distance_m=round(metres, 1), properties=dict(asked.properties(row)))
                for row, metres in found[:MAX_GEOJSON]
            ],
        )


@router.get("/county", operation_id="get_county_of_place", response={200: CountyOut, **_REFUSED})
def get_county_of_place(request: HttpRequest, lon: float, lat: float) -> CountyOut:
    """Which county a place lies in."""
    decide(current_principal(), READ)
    with read_scope():
        return CountyOut(region=county_of(lon, lat))


@router.get("/imports", operation_id="list_import_targets", response={200: list[ImportTargetOut], **_REFUSED})
def list_import_targets(request: HttpRequest) -> list[ImportTargetOut]:
    """What this person may bring in from files, and the columns that are read."""
    held = current_principal().permissions
    return [
        ImportTargetOut(
            name=target.name,
            title=_label(target.title),
            fields=[
                {
                    "name": one.name,
                    "title": one.title._asdict(),
                    "required": one.required,
                    "help": one.help._asdict(),
                }
                for one in target.fields
            ],
            systems=_classes(CoordinateSystem),
        )
        for target in registered_targets().values()
        if target.permission in held
    ]


@router.post(
    "/imports/{target}/preview", operation_id="preview_import", response={200: ImportOut, **_REFUSED}
)
def preview_import(
    request: HttpRequest,
    target: str,
    form: Form[ImportForm],
    file: File[UploadedFile],
) -> ImportOut:
    """What the file would bring in; nothing is written."""
    asked = _target(target)
    decide(current_principal(), asked.permission)
    with read_scope():
        found = sifted(asked, read_places(file.read(), form.system))
    return _import_out(found, applied=False)


@router.post("/imports/{target}", operation_id="apply_import", response={200: ImportOut, **_REFUSED})
def apply_import(
    request: HttpRequest,
    target: str,
    form: Form[ImportForm],
    file: File[UploadedFile],
) -> ImportOut:
    """Bring in the rows that can be used; the others come back with their errors."""
    asked = _target(target)
    with read_scope():
        found = sifted(asked, read_places(file.read(), form.system))
    failed = asked.apply(found.rows, ImportOrder(form.system, form.source, form.licence))
    numbers = {error.number for error in failed}
    done = PlacedFile([row for row in found.rows if row.number not in numbers], [*found.errors, *failed])
    return _import_out(done, applied=True)


def _seen(name: str, principal: Principal) -> Layer:
    """The layer *name*; one that the person may not see reads like one that never was."""
    layer = registered_layers().get(name)
    if layer is None or layer.permission not in principal.permissions:
        raise NotFound
    return layer


def _target(name: str) -> ImportTarget:
    """The target *name*; who may bring something in is for its service to decide, and to record."""
    target = registered_targets().get(name)
    if target is None:
        raise NotFound
    return target


def _bounds(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        shapely.box(west, south, east, north)
    except ValueError:
        words = Text("应为 西,南,东,北（度）", "This must be west,south,east,north in degrees")
        raise InvalidFields([("bbox", words)]) from None
    return west, south, east, north


def _layer(layer: Layer) -> LayerOut:
    state = layer.state()
    return LayerOut(
        name=layer.name,
        title=_label(layer.title),
        group=_label(layer.group),
        shape=layer.shape,
        symbol=layer.symbol,
        link=layer.link,
        class_property=layer.class_property,
        classes=_classes(layer.classes) if layer.classes else [],
        min_zoom=layer.min_zoom,
        shown_first=layer.shown_first,
        order=layer.order,
        source=state.source,
        licence=state.licence,
        data_time=state.data_time,
        synthetic=state.synthetic,
        note=_label(state.note),
    )


def _classes(enum: type[LabelledEnum]) -> list[LayerClass]:
    return [LayerClass(value=member.value, label=_label(member.label)) for member in enum]


def _label(text: Text) -> Label:
    return Label(**text._asdict())


def _import_out(file: PlacedFile, *, applied: bool) -> ImportOut:
    return ImportOut(
        applied=applied,
        usable=len(file.rows),
        rejected=len({error.number for error in file.errors}),
        bounds=file.bounds,
        errors=[
            ImportErrorOut(number=error.number, field=error.field, message=_label(error.message))
            for error in file.errors[:_SHOWN_ERRORS]
        ],
        first=[
            {
                "number": row.number,
                "place": row.geometry.representative_point().coords[0] if row.geometry else None,
                "values": dict(row.values),
            }
            for row in file.rows[:_SHOWN_ROWS]
        ],
    )
