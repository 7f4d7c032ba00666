"""Reading a row for change and changing it, the same way in every service of monitoring."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model
from django.db.transaction import atomic

from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there
from anlan.platform.http.problems import InvalidFields
from anlan.platform.resources.editing import Stale
from anlan.platform.resources.editing import locked as locked_row
from anlan.platform.scope.models import ScopedModel, ZoneRegion

_UNIQUE_VIOLATION = "23505"

Row = TypeVar("Row", bound=ScopedModel)


def locked(model: type[Row], row_id: UUID, permission: str) -> Row:
    """The row of *model* with this id, locked until the transaction ends.

    Raises `NotFound` when there is none, or none that the principal may see,
    and `Forbidden` when *permission* is held, but not for the row's place.
    """
    row = locked_row(model, row_id)
    decide_there(permission, row.region, row.zone)
    return row


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int

    def save(self, *, update_fields: Iterable[str]) -> None: ...


def edit(
    row: Versioned,
    version: int,
    changes: Mapping[str, object],
    editable: Collection[str],
    check: Callable[[], None] | None = None,
) -> None:
    """Set *changes* on *row*, raise its version and save it.

    *check* looks at the changed row and raises the `Problem` that forbids it,
    before the database would refuse it without words. Raises `Stale` when
    somebody has changed the row since *version* was read, `Invalid` for a field
    that is not *editable*.
    """
    current = row.version
    if current != version:
        raise Stale(facts={"version": current})
    fixed = sorted(set(changes) - set(editable))
    if fixed:
        raise Invalid(
            Text(f"以下内容不能修改：{'、'.join(fixed)}", f"These cannot be changed: {', '.join(fixed)}"),
            facts={"fields": fixed},
        )
    for name, value in changes.items():
        setattr(row, name, value)
    if check is not None:
        check()
    row.version = current + 1
    row.save(update_fields=[*changes, "version"])


def insert_once(row: Model, field: str, taken: Text) -> None:
    """Insert *row*; raises `Conflict` with the words *taken* when its unique *field* is in use.

    The database is asked, not a list of what this person sees: the other one may
    belong to another county, or be written in this very moment.
    """
    try:
        with atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        raise Conflict(taken, facts={"field": field}) from error


def refuse_field(field: str, zh: str, en: str) -> InvalidFields:
    """An `Invalid` that names the field it is about."""
    return InvalidFields([(field, Text(zh, en))])


def require_text(field: str, text: str, at_least: int = 1) -> str:
    """*text* without spaces around it; raises `Invalid` when less than *at_least* characters are left."""
    stripped = text.strip()
    if len(stripped) < at_least:
        raise refuse_field(
            field, f"请填写，至少 {at_least} 个字符", f"This is needed, with at least {at_least} characters"
        )
    return stripped


@cache
def places() -> frozenset[str]:
    """The codes of the divisions that a monitored object may stand in: counties and prefectures."""
    return frozenset(entry.code for entry in ningxia() if level_of(entry.code) != RegionLevel.PROVINCE)


def require_place(region: str, zone: str | None = None) -> None:
    """Monitored objects stand in a county or a prefecture, and in a zone only where it overlays that.

    Raises `Invalid` for anything else.
    """
    if region not in places():
        raise refuse_field("region", "请选择县（市、区）或地级市", "Choose a county or a prefecture")
    if zone is not None and not ZoneRegion.objects.filter(zone_id=zone, region_id=region).exists():
        raise refuse_field("zone", "该功能区不在所选行政区划内", "This zone does not reach into that region")
