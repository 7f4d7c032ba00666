"""The registry of map layers: each app declares its own, with who may see it and where it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from anlan.kernel.text import NO_WORDS, LabelledEnum, Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

Shape = Literal["point", "line", "area"]


@dataclass(frozen=True)
class LayerState:
    """What the legend says of a layer: the time its data speak of, where they come from, whether invented."""

    source: str
    licence: str = ""
    data_time: datetime | None = None
    synthetic: bool = False
    note: Text = NO_WORDS


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    *rows* gives the scoped rows with a geometry in *geometry* and its box in *bounds*;
    *properties* what a feature tells (JSON values; a ``title`` is expected). *link* is
    the resource that a click opens, whose id is the row's. *symbol* is a name that the
    map knows how to draw, *classes* the enumeration of the property by which it colours.
    *state* is asked in the scope of the person. Below *min_zoom* nothing is sent.
    """

    name: str
    title: Text
    shape: Shape
    symbol: str
    permission: str
    rows: "Callable[[], QuerySet[Any]]"
    properties: Callable[[Any], Mapping[str, Any]]
    state: Callable[[], LayerState]
    geometry: str = "geometry"
    bounds: str = "bounds"
    link: str | None = None
    classes: type[LabelledEnum] | None = None
    class_property: str | None = None
    group: Text = field(default=Text("基础地理", "Reference"))
    min_zoom: int = 0
    shown_first: bool = True
    order: int = 100


NOTHING_YET = Text("尚无记录", "Nothing is recorded yet")


def state_of(
    rows: "QuerySet[Any]", source: str, *, time_field: str | None = None, none: Text = NOTHING_YET
) -> LayerState:
    """The state of a layer of scoped *rows*: of the newest by *time_field*, and of none the note *none*.

    Invented if any row is: the mark must not hide behind a few real ones.
    """
    if not rows.exists():
        return LayerState(source="", note=none)
    newest = (
        rows.order_by(f"-{time_field}").values_list(time_field, flat=True).first() if time_field else None
    )
    return LayerState(source, data_time=newest, synthetic=rows.filter(synthetic=True).exists())


_layers: dict[str, Layer] = {}


def register_layer(layer: Layer) -> None:
    """Declare *layer*; call it in `AppConfig.ready`. The same name twice is refused."""
    if layer.name in _layers:
        raise ValueError(f"map layer {layer.name} is declared twice")
    if (layer.classes is None) != (layer.class_property is None):
        raise ValueError(f"map layer {layer.name}: classes and their property belong together")
    _layers[layer.name] = layer


def registered_layers() -> dict[str, Layer]:
    """All declared layers by name, in drawing order from the ground up."""
    return dict(sorted(_layers.items(), key=lambda item: (item[1].order, item[0])))
