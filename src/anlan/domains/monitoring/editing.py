"""Reading a row for change and changing it, the same way in every service of monitoring."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from anlan.kernel.errors import Invalid
from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.kernel.text import Text
from anlan.platform.commands import require_there
from anlan.platform.http.problems import InvalidFields
from anlan.platform.resources.editing import Stale
from anlan.platform.resources.editing import locked as locked_row
from anlan.platform.scope.models import ScopedModel

Row = TypeVar("Row", bound=ScopedModel)


def locked(model: type[Row], row_id: UUID, permission: str) -> Row:
    """The row of *model* with this id, locked until the transaction ends.

    Raises `NotFound` when there is none, or none that the principal may see,
    and `Forbidden` when *permission* is held, but not for the row's place.
    """
    row = locked_row(model, row_id)
    require_there(permission, row.region, row.zone)
    return row


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int

    def save(self, *, update_fields: Iterable[str]) -> None: ...


def edit(row: Versioned, version: int, changes: Mapping[str, object], editable: Collection[str]) -> None:
    """Set *changes* on *row*, raise its version and save it.

    Raises `Stale` when somebody has changed the row since *version* was
    read, `Invalid` for a field that is not *editable*.
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
    row.version = current + 1
    row.save(update_fields=[*changes, "version"])


def refuse_field(field: str, zh: str, en: str) -> InvalidFields:
    """An `Invalid` that names the field it is about."""
    return InvalidFields([(field, Text(zh, en))])


def require_place(region: str) -> None:
    """Monitored objects stand in a county or a prefecture; raises `Invalid` for anything else."""
    known = {entry.code for entry in ningxia() if level_of(entry.code) != RegionLevel.PROVINCE}
    if region not in known:
        raise refuse_field("region", "请选择县（市、区）或地级市", "Choose a county or a prefecture")
