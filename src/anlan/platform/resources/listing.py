"""From the query string to rows: filter, search, sort and page, nothing undeclared."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from ninja import Schema
from pydantic import AwareDatetime, Field, FiniteFloat, create_model

from anlan.kernel.regions import prefix_of
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.commands import Principal, decide
from anlan.platform.http.problems import InvalidFields
from anlan.platform.resources.declaration import RANGE_KINDS, Filter, Resource
from anlan.platform.scope.reading import visible

MAX_SIZE = 200
MAX_PAGE = 10_000

_NOT_A_CHOICE = Text("不是可选的值", "This is not one of the choices")
_UNKNOWN_FILTER = Text("没有此筛选条件", "There is no such filter")
_UNKNOWN_SORT = Text("不能按此字段排序", "The list cannot be sorted by this")
_BAD_TEXT = Text("含有无法使用的字符", "This holds a character that cannot be used")
_BOOLEANS = {"true": True, "false": False}

_SearchText = Annotated[str, Field(max_length=100)]
_ValueList = Annotated[str, Field(max_length=2000)]


def filter_schema(resource: Resource) -> type[Schema]:
    """The query parameters that narrow the rows of *resource*."""
    fields: dict[str, Any] = {"q": (_SearchText | None, Field(None, title="搜索 / search"))}
    for narrowing in resource.filters:
        title = f"{narrowing.title.zh} / {narrowing.title.en}"
        if narrowing.kind in RANGE_KINDS:
            bound = FiniteFloat if narrowing.kind == "number" else AwareDatetime
            fields[f"{narrowing.field}_from"] = (bound | None, Field(None, title=title))
            fields[f"{narrowing.field}_to"] = (bound | None, Field(None, title=title))
        else:
            fields[narrowing.field] = (_ValueList | None, Field(None, title=title))
    return create_model(f"{resource.out.__name__}Filter", __base__=Schema, **fields)


def list_schema(resource: Resource) -> type[Schema]:
    """The query parameters of the list: the filters, the sort and the page."""
    return create_model(
        f"{resource.out.__name__}Query",
        __base__=filter_schema(resource),
        sort=(_ValueList | None, None),
        page=(Annotated[int, Field(ge=1, le=MAX_PAGE)], 1),
        size=(Annotated[int, Field(ge=1, le=MAX_SIZE)], 50),
    )


def refuse_unknown(given: QueryDict, known: Iterable[str]) -> None:
    """Raise `InvalidFields` naming each query parameter that means nothing here.

    A misspelt filter must not show the unfiltered list.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InvalidFields([(name, _UNKNOWN_FILTER) for name in unknown])


def readable_rows(resource: Resource, principal: Principal) -> QuerySet[Any]:
    """The rows that *principal* may read.

    Row security lets through every region of every grant; here those fall away
    in which the principal holds a grant without the resource's read permission.
    """
    decide(principal, resource.read_permission)
    rows = resource.rows()
    needed = resource.read_permission
    if all(needed in grant.permissions for grant in principal.grants) or not _is_scoped(resource.model):
        return rows
    allowed = [grant for grant in principal.grants if needed in grant.permissions]
    regions = frozenset().union(*(grant.regions for grant in allowed))
    zones = frozenset().union(*(grant.zones for grant in allowed))
    return rows.filter(Q(region__in=regions) | Q(zone__in=zones))


def narrowed(resource: Resource, rows: QuerySet[Any], query: Schema) -> QuerySet[Any]:
    """*rows* narrowed by the filters and the search of *query*."""
    wanted = Q()
    errors: list[tuple[str, Text]] = []
    for narrowing in resource.filters:
        try:
            wanted &= _condition(narrowing, query)
        except ValueError:
            errors.append((narrowing.field, _NOT_A_CHOICE))
    text = getattr(query, "q", None) or ""
    if "\x00" in text:
        errors.append(("q", _BAD_TEXT))
    if errors:
        raise InvalidFields(errors)
    return rows.filter(wanted & _search(resource, text))


def ordered(resource: Resource, rows: QuerySet[Any], sort: str | None) -> QuerySet[Any]:
    """*rows* in the order asked for, always ending in the key so that pages do not overlap."""
    if not sort:
        return rows.order_by(*resource.order, "pk")
    paths = {column.field: column.sort or column.field for column in resource.columns if column.sortable}
    keys = sort.split(",")
    if any(key.removeprefix("-") not in paths for key in keys):
        raise InvalidFields([("sort", _UNKNOWN_SORT)])
    return rows.order_by(*("-" * key.startswith("-") + paths[key.removeprefix("-")] for key in keys), "pk")


def one_row(resource: Resource, principal: Principal, id: UUID) -> Any:
    """The row *id*; `NotFound` reads alike for one that is missing and one out of sight."""
    return visible(readable_rows(resource, principal), id)


def _is_scoped(model: type[Model]) -> bool:
    return any(field.name == "region" for field in model._meta.get_fields())


def _search(resource: Resource, text: str) -> Q:
    """Each word must occur in one of the declared fields; where none is declared nothing is found."""
    if text.split() and not resource.search:
        return Q(pk__in=[])
    wanted = Q()
    for word in text.split():
        anywhere = Q()
        for path in resource.search:
            anywhere |= Q(**{f"{path}__icontains": word})
        wanted &= anywhere
    return wanted


def _condition(narrowing: Filter, query: Schema) -> Q:
    path = narrowing.path or narrowing.field
    if narrowing.kind in RANGE_KINDS:
        return _range(
            path, getattr(query, f"{narrowing.field}_from"), getattr(query, f"{narrowing.field}_to")
        )
    given: str | None = getattr(query, narrowing.field)
    if given is None:
        return Q()
    values = given.split(",")
    if narrowing.kind == "region":
        return _within(path, values)
    return Q(**{f"{path}__in": [_value(narrowing, value) for value in values]})


def _range(path: str, start: float | datetime | None, end: float | datetime | None) -> Q:
    """From *start*, included, to *end*, left out."""
    wanted = Q() if start is None else Q(**{f"{path}__gte": start})
    return wanted if end is None else wanted & Q(**{f"{path}__lt": end})


def _within(path: str, codes: list[str]) -> Q:
    """In one of the divisions or below it."""
    wanted = Q()
    for code in codes:
        wanted |= Q(**{f"{path}__startswith": prefix_of(code)})
    return wanted


def _value(narrowing: Filter, value: str) -> str | bool | UUID | LabelledEnum:
    """One value of a filter by its kind; raises `ValueError`."""
    if narrowing.kind == "bool":
        if value not in _BOOLEANS:
            raise ValueError(value)
        return _BOOLEANS[value]
    if narrowing.kind == "link":
        return UUID(value)
    if "\x00" in value:
        raise ValueError(value)
    return narrowing.enum(value) if narrowing.enum else value
