"""What ``/api/meta`` says: all that the generic screens need to draw themselves."""

from collections.abc import Iterable, Set
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, get_args

from ninja import Schema
from pydantic.fields import FieldInfo

from anlan.kernel.quality import Quality
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.http.problems import Label
from anlan.platform.resources.declaration import (
    RANGE_KINDS,
    Column,
    Filter,
    Kind,
    Related,
    Resource,
    field_hints,
)
from anlan.platform.resources.registry import resource_named
from anlan.platform.resources.routes import Action, action_of, change_schema


class ColumnMeta(Schema):
    """A column of a list or a line of a detail."""

    field: str
    title: Label
    kind: Kind
    unit: str | None = None
    enum: str | None = None
    width: int | None = None
    sortable: bool = False
    link: str | None = None
    link_id: str | None = None


class FilterMeta(Schema):
    """A filter; a *range* one takes ``{field}_from`` (included) and ``{field}_to`` (left out)."""

    field: str
    title: Label
    kind: Kind
    range: bool
    enum: str | None = None
    link: str | None = None


class GroupMeta(Schema):
    """A titled group of lines of the detail."""

    title: Label
    fields: list[ColumnMeta]


class RelatedMeta(Schema):
    """A list shown in the detail: ``GET /api/{plural}?{field}={id}``."""

    resource: str
    plural: str
    field: str
    title: Label


class ResourceMeta(Schema):
    """One kind of object, as this person may use it."""

    name: str
    plural: str
    title: Label
    group: Label | None
    icon: str | None
    columns: list[ColumnMeta]
    filters: list[FilterMeta]
    search: bool
    order: str
    detail_groups: list[GroupMeta]
    related: list[RelatedMeta]
    state_field: str | None
    actions: list[Action]
    can_create: bool
    can_update: bool
    form: dict[str, Any] | None
    edit_form: dict[str, Any] | None


class EnumValue(Schema):
    """A code and what people call it."""

    code: str
    zh: str
    en: str


def resource_meta(resource: Resource, permissions: Set[str]) -> ResourceMeta:
    """What a person with these permissions needs to know of *resource*."""
    may_write = (resource.write_permission or "") in permissions
    can_create = bool(resource.create) and may_write
    can_update = bool(resource.update) and may_write
    return ResourceMeta(
        name=resource.name,
        plural=resource.plural,
        title=label(resource.title),
        group=label(resource.group) if resource.group else None,
        icon=resource.icon,
        columns=[_column(column) for column in resource.columns],
        filters=[_filter(narrowing) for narrowing in resource.filters],
        search=bool(resource.search),
        order=",".join(resource.order),
        detail_groups=[
            GroupMeta(title=label(group.title), fields=[_line(resource, name) for name in group.fields])
            for group in resource.detail_groups
        ],
        related=[_related(related) for related in resource.related],
        state_field=resource.actions.field if resource.actions else None,
        actions=[action_of(transition) for transition in resource.actions.transitions]
        if resource.actions
        else [],
        can_create=can_create,
        can_update=can_update,
        form=resource.form.model_json_schema() if can_create and resource.form else None,
        edit_form=_edit_schema(resource) if can_update else None,
    )


@cache
def enums_of(resources: tuple[Resource, ...]) -> dict[str, list[EnumValue]]:
    """The labels of every enumeration that *resources* speak, and of readings' quality."""
    found: dict[str, type[LabelledEnum]] = {}
    for resource in resources:
        for kind in _enums_in(resource):
            if found.setdefault(kind.__name__, kind) is not kind:
                raise ValueError(f"two enumerations are called {kind.__name__}")
    labels = {
        name: [_value(str(member), member.label) for member in kind] for name, kind in sorted(found.items())
    }
    labels["Quality"] = [_value(str(int(quality)), quality.label) for quality in Quality]
    return labels


def label(text: Text) -> Label:
    """*text* as the API says it."""
    return Label(zh=text.zh, en=text.en)


def _value(code: str, text: Text) -> EnumValue:
    return EnumValue(code=code, zh=text.zh, en=text.en)


def _related(related: Related) -> RelatedMeta:
    return RelatedMeta(
        resource=related.resource,
        plural=resource_named(related.resource).plural,
        field=related.filter,
        title=label(related.title),
    )


def _enums_in(resource: Resource) -> Iterable[type[LabelledEnum]]:
    yield from (column.enum for column in resource.columns if column.enum)
    yield from (narrowing.enum for narrowing in resource.filters if narrowing.enum)
    if resource.actions:
        yield resource.actions.states
    forms = [resource.form, resource.edit_form]
    forms += [transition.form for transition in resource.actions.transitions] if resource.actions else []
    for shape in (resource.out, resource.detail, *forms):
        for field in shape.model_fields.values() if shape else ():
            enum = _enum_of(field)
            if enum is not None:
                yield enum


def _column(column: Column) -> ColumnMeta:
    return ColumnMeta(
        field=column.field,
        title=label(column.title),
        kind=column.kind,
        unit=column.unit,
        enum=column.enum.__name__ if column.enum else None,
        width=column.width,
        sortable=column.sortable,
        link=column.link,
        link_id=column.link_id,
    )


def _filter(narrowing: Filter) -> FilterMeta:
    return FilterMeta(
        field=narrowing.field,
        title=label(narrowing.title),
        kind=narrowing.kind,
        range=narrowing.kind in RANGE_KINDS,
        enum=narrowing.enum.__name__ if narrowing.enum else None,
        link=narrowing.link,
    )


def _line(resource: Resource, name: str) -> ColumnMeta:
    """A line of the detail: the column of that name, or what the schema's field says of itself."""
    for column in resource.columns:
        if column.field == name:
            return _column(column)
    field = (resource.detail or resource.out).model_fields[name]
    hints = field_hints(field)
    enum = _enum_of(field)
    return ColumnMeta(
        field=name,
        title=Label(**hints["title"]),
        kind=_kind_of(field),
        unit=hints.get("unit"),
        enum=enum.__name__ if enum else None,
        link=hints.get("link"),
    )


def _kind_of(field: FieldInfo) -> Kind:
    types = _types_of(field)
    if any(issubclass(kind, Enum) for kind in types):
        return "enum"
    if bool in types:
        return "bool"
    if datetime in types:
        return "time"
    return "number" if {int, float} & set(types) else "text"


def _enum_of(field: FieldInfo) -> type[LabelledEnum] | None:
    return next((kind for kind in _types_of(field) if issubclass(kind, LabelledEnum)), None)


def _types_of(field: FieldInfo) -> list[type]:
    """The plain types in a field's annotation, optional ones unwrapped."""
    candidates = (field.annotation, *get_args(field.annotation))
    return [kind for kind in candidates if isinstance(kind, type)]


def _edit_schema(resource: Resource) -> dict[str, Any] | None:
    form = resource.edit_form or resource.form
    return change_schema(form).model_json_schema() if form else None
