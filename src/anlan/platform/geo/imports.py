"""Importing reference features that a deployer has the rights to: roads and settlements."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from anlan.kernel.text import Text
from anlan.platform.geo import permissions
from anlan.platform.geo.reading import PlacedRow, RowError
from anlan.platform.geo.reference import PLACES, ROADS
from anlan.platform.geo.services import NewFeature, import_features, wkt_of
from anlan.platform.geo.targets import ImportField, ImportOrder, ImportTarget, register_target

_NAMES = ("name", "NAME", "名称")
_NAMES_EN = ("name_en", "name:en")
_KEPT = ("ref", "class", "highway", "kind", "width", "编号", "等级")


def register_features() -> None:
    """Declare the import of roads (lines) and settlements (points); each replaces the layer's earlier import."""
    for layer, title, shapes in (
        (ROADS, Text("道路", "Roads"), ("LineString", "MultiLineString")),
        (PLACES, Text("居民地", "Settlements"), ("Point", "MultiPoint", "Polygon", "MultiPolygon")),
    ):
        register_target(
            ImportTarget(
                name=layer,
                title=title,
                permission=permissions.IMPORT,
                fields=(
                    ImportField(
                        "name",
                        Text("名称", "Name"),
                        required=False,
                        help=Text("该图层原有内容将被替换", "What the layer holds gives way to the file"),
                    ),
                ),
                check=_check(shapes),
                apply=_apply(layer),
            )
        )


def _check(shapes: Sequence[str]) -> Callable[[PlacedRow], Sequence[RowError]]:
    def check(row: PlacedRow) -> Sequence[RowError]:
        if row.geometry is None or row.geometry.geom_type in shapes:
            return ()
        kind = row.geometry.geom_type
        words = Text(f"几何类型 {kind} 不适用于该图层", f"A {kind} does not belong into this layer")
        return (RowError(row.number, "geometry", words),)

    return check


def _apply(layer: str) -> Callable[[Sequence[PlacedRow], ImportOrder], Sequence[RowError]]:
    def apply(rows: Sequence[PlacedRow], order: ImportOrder) -> Sequence[RowError]:
        features = {made.key: made for row in rows if (made := _feature(row)) is not None}
        import_features(layer, list(features.values()), source=order.source, licence=order.licence)
        return ()

    return apply


def _feature(row: PlacedRow) -> NewFeature | None:
    """The row as a feature; its key follows from what it is, so that the same file gives the same keys."""
    if row.geometry is None:
        return None
    wkt, name = wkt_of(row.geometry), _first(row, _NAMES)
    key = sha256(f"{name} {wkt}".encode()).hexdigest()[:32]
    kept = {one: value for one in _KEPT if isinstance(value := row.values.get(one), str | int | float)}
    return NewFeature(key, wkt, name[:160], _first(row, _NAMES_EN)[:160], kept)


def _first(row: PlacedRow, names: Sequence[str]) -> str:
    return next((str(row.values[name]).strip() for name in names if row.values.get(name)), "")
