"""The routes of a resource, with their own names and types so that clients can be generated."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, create_model

from anlan.kernel.clock import now
from anlan.platform.commands import Principal, current_principal, read_scope
from anlan.platform.http.problems import Label, ProblemOut
from anlan.platform.resources.declaration import Resource
from anlan.platform.resources.export import MAX_ROWS, TooManyRows, csv_text, is_chinese
from anlan.platform.resources.listing import (
    filter_schema,
    list_schema,
    narrowed,
    one_row,
    ordered,
    readable_rows,
    refuse_unknown,
)
from anlan.platform.workflow import Transition

View = Callable[..., Any]

_STRICT = {"extra": "forbid", "str_strip_whitespace": True}


class Action(Schema):
    """What can be done with an object right now."""

    event: str
    label: Label
    form: dict[str, Any] | None
    confirm: Label | None


class Count(Schema):
    """How many rows there are."""

    total: int
    as_of: datetime


def resource_router(resource: Resource) -> Router:
    """All routes of *resource*, to be mounted at ``/{plural}``."""
    routes = ResourceRoutes(resource)
    routes.add_reading()
    if resource.create:
        routes.add_create()
    if resource.update:
        routes.add_update()
    for transition in resource.actions.transitions if resource.actions else ():
        routes.add_transition(transition)
    return routes.router


class ResourceRoutes:
    """Builds the routes of one resource.

    Whether somebody may change a row is the service's to decide, never a route's:
    a refusal that no service has seen is in no record.
    """

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.router = Router(tags=[resource.plural])
        self.row = resource.out
        self.filters = filter_schema(resource)
        self.query = list_schema(resource)
        self.page = page_schema(resource)
        self.detail = detail_schema(resource)

    def add_reading(self) -> None:
        plural, name = self.resource.plural.replace("-", "_"), self.resource.name
        self._add("GET", "", f"list_{plural}", self._list_view(), self.page)
        self._add("GET", "/count", f"count_{plural}", self._count_view(), Count)
        self._add("GET", "/export.csv", f"export_{plural}", self._export_view(), None)
        self._add("GET", "/{uuid:id}", f"get_{name}", self._detail_view(), self.detail)

    def add_create(self) -> None:
        create, resource = self.resource.create, self.resource
        assert create and resource.form and resource.write_permission  # noqa: S101 - checked at registration

        def view(request: HttpRequest, payload: Any) -> Status[Any]:
            made: Any = create(**_fields(payload))
            return Status(201, self._shown(getattr(made, "id", made)))

        view.__annotations__["payload"] = strict_form(resource.form)
        self._add("POST", "", f"create_{resource.name}", view, self.detail, success=201)

    def add_update(self) -> None:
        update, resource = self.resource.update, self.resource
        assert update and resource.form and resource.write_permission  # noqa: S101 - checked at registration

        def view(request: HttpRequest, id: UUID, payload: Any) -> Any:
            with read_scope():
                one_row(resource, current_principal(), id)
            changes = payload.model_dump(exclude_unset=True)
            version = changes.pop("version")
            update(id, version=version, changes=changes)
            return self._shown(id)

        view.__annotations__["payload"] = change_schema(resource.edit_form or resource.form)
        self._add("PATCH", "/{uuid:id}", f"update_{resource.name}", view, self.detail)

    def add_transition(self, transition: Transition) -> None:
        resource = self.resource
        handler = resource.handlers[transition.event]

        def view(request: HttpRequest, id: UUID, payload: Any = None) -> Any:
            with read_scope():
                one_row(resource, current_principal(), id)
            handler(id, **(_fields(payload) if payload is not None else {}))
            return self._shown(id)

        def bare_view(request: HttpRequest, id: UUID) -> Any:
            return view(request, id)

        def form_view(request: HttpRequest, id: UUID, payload: Any) -> Any:
            return view(request, id, payload)

        if transition.form:
            form_view.__annotations__["payload"] = strict_form(transition.form)
        chosen = form_view if transition.form else bare_view
        operation = f"{transition.event}_{resource.name}"
        self._add("POST", f"/{{uuid:id}}/{transition.event}", operation, chosen, self.detail)

    def _add(
        self, method: str, path: str, operation: str, view: View, answer: Any, *, success: int = 200
    ) -> None:
        responses = {
            success: Any if answer is None else answer,
            frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut,
        }
        self.router.add_api_operation(
            path,
            [method],
            view,
            response=responses,
            operation_id=operation,
            summary=f"{self.resource.title.zh} / {self.resource.title.en}",
            by_alias=True,
        )

    def _list_view(self) -> View:
        def view(request: HttpRequest, query: Any) -> Any:
            refuse_unknown(request.GET, self.query.model_fields)
            with read_scope():
                as_of = now()
                rows = narrowed(self.resource, readable_rows(self.resource, current_principal()), query)
                start = (query.page - 1) * query.size
                page = ordered(self.resource, rows, query.sort)[start : start + query.size]
                items = [self.row.from_orm(row) for row in page]
                total = rows.count()
            return self.page.model_construct(
                items=items, total=total, page=query.page, size=query.size, as_of=as_of
            )

        view.__annotations__["query"] = Query[self.query]  # type: ignore[name-defined,misc]
        return view

    def _count_view(self) -> View:
        def view(request: HttpRequest, query: Any) -> Count:
            refuse_unknown(request.GET, self.filters.model_fields)
            with read_scope():
                rows = narrowed(self.resource, readable_rows(self.resource, current_principal()), query)
                return Count(total=rows.count(), as_of=now())

        view.__annotations__["query"] = Query[self.filters]  # type: ignore[name-defined,misc]
        return view

    def _export_view(self) -> View:
        def view(request: HttpRequest, query: Any) -> HttpResponse:
            refuse_unknown(request.GET, {*self.filters.model_fields, "sort"})
            with read_scope():
                as_of = now()
                rows = narrowed(self.resource, readable_rows(self.resource, current_principal()), query)
                chosen = list(ordered(self.resource, rows, query.sort)[: MAX_ROWS + 1])
                if len(chosen) > MAX_ROWS:
                    raise TooManyRows()
                dumped = [self.row.from_orm(row).model_dump() for row in chosen]
            chinese = is_chinese(request.headers.get("Accept-Language", ""))
            text = csv_text(self.resource, dumped, as_of, chinese=chinese)
            response = HttpResponse(text, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{self.resource.plural}.csv"'
            response["Vary"] = "Accept-Language"
            return response

        sortable = create_model(f"{self.row.__name__}Export", __base__=self.filters, sort=(str | None, None))
        view.__annotations__["query"] = Query[sortable]  # type: ignore[valid-type,misc]
        return view

    def _detail_view(self) -> View:
        def view(request: HttpRequest, id: UUID) -> Any:
            return self._shown(id)

        return view

    def _shown(self, id: UUID) -> Schema:
        """The object as the principal may see it now, with what can be done with it."""
        resource, principal = self.resource, current_principal()
        with read_scope():
            row = one_row(resource, principal, id)
            body = (resource.detail or resource.out).from_orm(row)
            available = resource.actions.available(row, principal) if resource.actions else []
        return self.detail.model_construct(
            **dict(body),
            row_actions=[action_of(transition) for transition in available],
            row_synthetic=bool(resource.synthetic and getattr(row, resource.synthetic)),
            row_editable=_may_write(resource, principal, row),
        )


def action_of(transition: Transition) -> Action:
    """*transition* as a screen needs it."""
    return Action(
        event=transition.event,
        label=Label(**transition.label._asdict()),
        form=transition.form.model_json_schema() if transition.form else None,
        confirm=Label(**transition.confirm._asdict()) if transition.confirm else None,
    )


def page_schema(resource: Resource) -> type[Schema]:
    """A page of rows with the total and the time at which this was so."""
    return create_model(
        f"{resource.out.__name__}Page",
        __base__=Schema,
        items=(list[resource.out], ...),  # type: ignore[name-defined]
        total=(int, ...),
        page=(int, ...),
        size=(int, ...),
        as_of=(datetime, ...),
    )


def detail_schema(resource: Resource) -> type[Schema]:
    """One object with ``_actions``, ``_synthetic`` and ``_editable``."""
    base = resource.detail or resource.out
    return create_model(
        f"{base.__name__}Shown",
        __base__=base,
        row_actions=(list[Action], Field(serialization_alias="_actions")),
        row_synthetic=(bool, Field(serialization_alias="_synthetic")),
        row_editable=(bool, Field(serialization_alias="_editable")),
    )


def strict_form(form: type[Schema]) -> type[Schema]:
    """*form*, refusing fields that it does not have: a misspelt one must not vanish silently.

    Spaces around text are dropped before its length is looked at.
    """
    return create_model(form.__name__, __base__=form, __cls_kwargs__=_STRICT)


def change_schema(form: type[Schema]) -> type[Schema]:
    """Any of the fields of *form*, and the version of the object that the person saw."""
    fields: dict[str, Any] = {
        name: (
            field.rebuild_annotation(),
            Field(default_factory=_left_out, title=field.title, json_schema_extra=field.json_schema_extra),
        )
        for name, field in form.model_fields.items()
    }
    return create_model(
        f"{form.__name__}Change",
        __base__=form,
        __cls_kwargs__=_STRICT,
        version=(int, ...),
        **fields,
    )


def _left_out() -> None:
    """The value of a field that was not sent; never written."""


def _fields(payload: Schema) -> dict[str, Any]:
    """The fields of a form as arguments, nested schemas kept as they are."""
    return {name: getattr(payload, name) for name in type(payload).model_fields}


def _may_write(resource: Resource, principal: Principal, row: Any) -> bool:
    permission = resource.write_permission
    if not (resource.update and permission):
        return False
    region = getattr(row, "region", None)
    if region is None:
        return permission in principal.permissions
    return principal.may(permission, region, getattr(row, "zone", None))
