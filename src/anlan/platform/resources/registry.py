"""The registry of resources: checked at registration, frozen when the routes are built."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from anlan.platform.resources.declaration import Resource, field_hints
from anlan.platform.workflow import Transition

_resources: dict[str, Resource] = {}
_frozen = False


def register(resource: Resource) -> None:
    """Add *resource*; call it in `AppConfig.ready`.

    Raises `ValueError` for a declaration that does not fit together, and
    `RuntimeError` once the routes have been built.
    """
    if _frozen:
        raise RuntimeError(f"{resource.name}: the routes are built, register in AppConfig.ready")
    if resource.name in _resources or any(r.plural == resource.plural for r in _resources.values()):
        raise ValueError(f"{resource.name}: registered twice")
    check_resource(resource)
    _resources[resource.name] = resource


def add_action(name: str, transition: Transition, handler: Callable[..., object]) -> None:
    """Let another app add what can be done with objects of the resource *name*.

    Call it in `AppConfig.ready` of an app that comes after the resource's own. The
    handler is called as ``handler(id, **form)``; raises `KeyError` for an unknown resource.
    """
    if _frozen:
        raise RuntimeError(f"{name}: the routes are built, add actions in AppConfig.ready")
    known = _resources[name]
    if known.actions is None:
        raise ValueError(f"{name} has no state table to which an action could be added")
    extended = replace(
        known,
        actions=known.actions.extended(transition),
        handlers={**known.handlers, transition.event: handler},
    )
    check_resource(extended)
    _resources[name] = extended


def registered() -> tuple[Resource, ...]:
    """All resources in the order of their registration."""
    return tuple(_resources.values())


def resource_named(name: str) -> Resource:
    """The resource called *name*; raises `KeyError`."""
    return _resources[name]


def freeze() -> tuple[Resource, ...]:
    """Close the registry, check what resources say of each other, and return them."""
    global _frozen
    for resource in _resources.values():
        _check_links(resource)
    _frozen = True
    return registered()


def check_resource(resource: Resource) -> None:
    """Raise `ValueError` when the parts of *resource* do not fit together."""
    out = set(resource.out.model_fields)
    detail = set((resource.detail or resource.out).model_fields)
    _need(resource, "columns speak of unknown fields", {c.field for c in resource.columns} - out)
    shown = {name for group in resource.detail_groups for name in group.fields}
    _need(resource, "detail groups speak of unknown fields", shown - detail)
    titled = {c.field for c in resource.columns}
    fields = (resource.detail or resource.out).model_fields
    untitled = {name for name in shown - titled if "title" not in field_hints(fields[name])}
    _need(resource, "detail lines without a title (use labelled)", untitled)
    without_enum = {c.field for c in resource.columns if c.kind in ("enum", "level") and c.enum is None}
    _need(resource, "columns need their enum", without_enum)
    _need(resource, "no default order", set() if resource.order else {"order"})
    _need(resource, "the row needs an id", {"id"} - out)
    _need(resource, "synthetic is not a field of the row", {resource.synthetic} - {None} - out)
    shapes = (resource.out, resource.detail or resource.out)
    aliased = {name for shape in shapes for name, field in shape.model_fields.items() if field.alias}
    _need(resource, "use resolve_… methods, not aliases, in", aliased)
    _check_writing(resource)
    _check_actions(resource)


def _check_writing(resource: Resource) -> None:
    writes = resource.create or resource.update
    if writes and not (resource.form and resource.write_permission):
        raise ValueError(f"{resource.name}: writing needs a form and a write permission")
    if resource.create and resource.form:
        _accepts(resource, resource.create, resource.form.model_fields)
    if resource.update:
        _accepts(resource, resource.update, ("version", "changes"), positional=1)
        if "version" not in (resource.detail or resource.out).model_fields:
            raise ValueError(f"{resource.name}: an editable object shows its version")


def _check_actions(resource: Resource) -> None:
    events = {t.event for t in resource.actions.transitions} if resource.actions else set()
    _need(resource, "events and handlers differ", events ^ set(resource.handlers))
    for transition in resource.actions.transitions if resource.actions else ():
        fields = transition.form.model_fields if transition.form else ()
        _accepts(resource, resource.handlers[transition.event], fields, positional=1)


def _check_links(resource: Resource) -> None:
    linked = {c.link for c in resource.columns} | {f.link for f in resource.filters}
    linked |= {related.resource for related in resource.related}
    _need(resource, "links to unknown resources", {name for name in linked if name} - set(_resources))
    for related in resource.related:
        known = {f.field for f in _resources[related.resource].filters}
        _need(resource, f"{related.resource} has no such filter", {related.filter} - known)


def _accepts(
    resource: Resource, call: Callable[..., object], names: Iterable[str], *, positional: int = 0
) -> None:
    """Check that *call* can be called with *positional* arguments and keywords *names*."""
    try:
        inspect.signature(call).bind(*(None,) * positional, **dict.fromkeys(names))
    except TypeError as error:
        raise ValueError(f"{resource.name}: {getattr(call, '__name__', call)} {error}") from error


def _need(resource: Resource, complaint: str, offenders: set[Any]) -> None:
    if offenders:
        raise ValueError(f"{resource.name}: {complaint}: {', '.join(sorted(map(str, offenders)))}")
