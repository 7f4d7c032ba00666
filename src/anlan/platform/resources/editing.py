"""Helps of services that edit an object: lock it, check its version, write the changes."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from anlan.kernel.errors import Conflict
from anlan.kernel.text import Text
from anlan.platform.scope.reading import visible

M = TypeVar("M", bound=Model)


class Stale(Conflict):
    """Somebody else has changed the object since it was read."""

    code = "stale"
    title = Text("该记录已被他人修改", "Somebody else has changed this record")
    next_step = Text("请刷新后在最新内容上重新修改", "Refresh and make your change on the latest content")


def locked(model: type[M], id: UUID) -> M:
    """The object *id*, locked until the transaction ends; raises `NotFound`."""
    return visible(model._default_manager.select_for_update(of=("self",)), id)


def edited(model: type[M], id: UUID, version: int, changes: Mapping[str, Any]) -> M:
    """The object *id* with *changes* written and its ``version`` counted up.

    Raises `NotFound`, or `Stale` when the object is no longer at *version*.
    """
    found: Any = locked(model, id)
    if found.version != version:
        raise Stale(facts={"version": found.version})
    for name, value in changes.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*changes, "version"])
    return found  # type: ignore[no-any-return]
