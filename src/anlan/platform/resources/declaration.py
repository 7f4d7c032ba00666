"""The words in which an app declares a resource."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field
from pydantic.fields import FieldInfo

from anlan.kernel.text import LabelledEnum, Text

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from ninja import Schema

    from anlan.platform.workflow import Workflow

Kind = Literal["text", "number", "time", "enum", "region", "bool", "age", "link", "level"]

RANGE_KINDS: frozenset[Kind] = frozenset({"number", "time", "age"})


@dataclass(frozen=True)
class Column:
    """A column of the list and a line of the detail: *field* is a field of the resource's ``out``.

    *enum* names the labels of an ``enum`` or ``level`` column, *link* the resource
    that a ``link`` leads to (its id is the field *link_id* of ``out``), *sort* the
    ORM path to sort by when it is not the field's own name.
    """

    field: str
    title: Text
    kind: Kind = "text"
    unit: str | None = None
    enum: type[LabelledEnum] | None = None
    width: int | None = None
    sortable: bool = False
    sort: str | None = None
    link: str | None = None
    link_id: str | None = None


@dataclass(frozen=True)
class Filter:
    """A filter of the list: ``?field=value[,value]``, or ``field_from``/``field_to`` for number and time.

    *path* is the ORM path when it is not the field's own name. A ``region`` filter
    takes a division with everything below it; *link* is the resource whose id an
    ``link`` filter takes.
    """

    field: str
    title: Text
    kind: Kind = "text"
    enum: type[LabelledEnum] | None = None
    path: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Group:
    """A titled group of fields in the detail."""

    title: Text
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Related:
    """A list of another resource in the detail: its rows whose filter *filter* is this object's id."""

    resource: str
    filter: str
    title: Text


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of object, as lists, details, forms and the API show it.

    *out* is the schema of a row; *detail* of one object when it says more. *queryset*
    gives the rows with what *out* needs already joined (default: all rows of *model*);
    row security narrows them. *search* are ORM paths for ``?q=``; *order* the default
    sort, each path with ``-`` for descending. *create* is called as ``create(**form)``
    and returns the new id or an object with one; *update* as
    ``update(id, version=…, changes={…})`` with the fields that were sent; *handlers*
    gives for each event of *actions* the service, called as ``handler(id, **form)``.
    *synthetic* names the boolean field that marks generated rows; *group* is the
    heading under which screens list the resource.
    """

    name: str
    plural: str
    title: Text
    model: "type[Model]"
    out: "type[Schema]"
    columns: tuple[Column, ...]
    read_permission: str
    order: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()
    detail: "type[Schema] | None" = None
    detail_groups: tuple[Group, ...] = ()
    related: tuple[Related, ...] = ()
    queryset: "Callable[[], QuerySet[Any]] | None" = None
    form: "type[Schema] | None" = None
    edit_form: "type[Schema] | None" = None
    create: Callable[..., object] | None = None
    update: Callable[..., object] | None = None
    write_permission: str | None = None
    actions: "Workflow | None" = None
    handlers: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    synthetic: str | None = None
    icon: str | None = None
    group: Text | None = None

    def rows(self) -> "QuerySet[Any]":
        """The rows that the current scope lets through."""
        return self.queryset() if self.queryset else self.model._default_manager.all()


def labelled(
    zh: str,
    en: str,
    *,
    default: Any = ...,
    widget: str | None = None,
    unit: str | None = None,
    link: str | None = None,
    help: Text | None = None,
    **constraints: Any,
) -> Any:
    """A schema field with titles in both languages and its hint for the form (``x-ui``).

    *widget* overrides the input that the type suggests; *link* names the resource
    that an id is picked from; *constraints* are pydantic's (``ge``, ``max_length`` …).
    """
    hints: dict[str, Any] = {"title": {"zh": zh, "en": en}}
    optional = {"widget": widget, "unit": unit, "link": link, "help": help._asdict() if help else None}
    hints |= {key: value for key, value in optional.items() if value is not None}
    return Field(default, title=zh, json_schema_extra={"x-ui": hints}, **constraints)


def field_hints(field: FieldInfo) -> dict[str, Any]:
    """The ``x-ui`` of a field made by `labelled`; empty for another."""
    extra = field.json_schema_extra
    return dict(extra.get("x-ui", {})) if isinstance(extra, dict) else {}  # type: ignore[arg-type]
