"""Model fields for geometry: WKB as it is, and the box around it for the index."""

from collections.abc import Sequence
from typing import Any

import shapely
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Lookup
from shapely.geometry.base import BaseGeometry


class GeometryField(models.BinaryField):  # type: ignore[type-arg]
    """A shapely geometry in longitude and latitude, stored as WKB.

    Refuses what is empty, not finite, off the globe, or not valid.
    """

    description = "geometry (WKB)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, BaseGeometry) else shapely.from_wkb(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        if not isinstance(value, BaseGeometry):
            return super().get_prep_value(value)
        return shapely.to_wkb(checked(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(shapely.to_wkt(self.value_from_object(obj)))


class BoxField(models.Field):  # type: ignore[type-arg]
    """The bounding box of the geometry field called *source*, kept by itself; PostgreSQL's ``box``."""

    description = "bounding box"

    def __init__(self, source: str = "geometry", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(editable=False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def db_type(self, connection: Any) -> str:
        return "box"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        geometry = getattr(model_instance, self.source)
        return None if geometry is None else box_text(geometry.bounds)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> tuple[float, ...] | None:
        return None if value is None else box_bounds(str(value))

    def get_prep_value(self, value: Any) -> Any:
        return box_text(value) if isinstance(value, tuple | list) else value

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::box"


@BoxField.register_lookup
class Overlaps(Lookup):
    """``bounds__overlaps=(west, south, east, north)``: served by the GiST index."""

    lookup_name = "overlaps"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} && {right}", [*left_params, *right_params]


def bounds_index(name: str, field: str = "bounds") -> GistIndex:
    """The index that `Overlaps` and nearest-first ordering use."""
    return GistIndex(fields=[field], name=name, opclasses=["box_ops"])


def checked(geometry: BaseGeometry) -> BaseGeometry:
    """*geometry*, when it can be stored. Raises `ValidationError` with the reason."""
    if geometry.is_empty:
        raise ValidationError("the geometry is empty")
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValidationError("the geometry lies off the globe: longitude and latitude in degrees are needed")
    if not geometry.is_valid:
        raise ValidationError(f"the geometry is not valid: {shapely.is_valid_reason(geometry)}")
    return geometry


def box_text(bounds: Sequence[float]) -> str:
    """*bounds* (west, south, east, north) in PostgreSQL's words."""
    west, south, east, north = (float(bound) for bound in bounds)
    return f"(({east!r},{north!r}),({west!r},{south!r}))"


def box_bounds(text: str) -> tuple[float, ...]:
    """West, south, east, north of PostgreSQL's ``(east,north),(west,south)``.

    >>> box_bounds("(107.5,39.0),(106.0,38.25)")
    (106.0, 38.25, 107.5, 39.0)
    """
    east, north, west, south = (float(part) for part in text.replace("(", "").replace(")", "").split(","))
    return west, south, east, north
