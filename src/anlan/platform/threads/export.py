"""A whole thread as one document: what was done about it, and what it came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from anlan.kernel.clock import now
from anlan.platform.commands.models import Command
from anlan.platform.threads.models import ThreadName
from anlan.platform.threads.queries import commands_of_thread, resolve_thread, thread_family

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

FORMAT = 1


@dataclass(frozen=True)
class ThreadRows:
    """Rows that belong to threads: *rows* gives those of a set of threads, in a stable order.

    *left_out* are columns that the database itself fills in, such as the moment of a commit:
    they are no part of what was decided.
    """

    name: str
    rows: "Callable[[frozenset[UUID]], QuerySet[Any]]"
    left_out: frozenset[str] = frozenset()


_tables: dict[str, ThreadRows] = {}


def register_thread_rows(rows: ThreadRows) -> None:
    """Declare rows that a thread's export carries; call it in `AppConfig.ready`."""
    if rows.name in _tables:
        raise ValueError(f"rows {rows.name} are declared twice for the export of threads")
    _tables[rows.name] = rows


def thread_named(name: UUID) -> UUID:
    """The thread that *name* stands for: one's own id, or a fixed name of the newest of its kind. `NotFound`."""
    known = ThreadName.objects.filter(name=name).values_list("thread_id", flat=True).first()
    return resolve_thread(known or name)


def export_thread(thread: UUID) -> dict[str, Any]:
    """The commands of a thread, with which a replay begins, and its state, with which it is compared."""
    root = resolve_thread(thread)
    return {
        "format": FORMAT,
        "thread": str(root),
        "exported_at": now().isoformat(),
        "commands": [command_as_json(command) for command in commands_of_thread(root)],
        "state": thread_state(root),
    }


def thread_state(thread: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row of a thread and of those merged with it, by kind."""
    family = thread_family(thread)
    return {
        name: [_row_as_json(row, declared.left_out) for row in declared.rows(family)]
        for name, declared in sorted(_tables.items())
    }


def state_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """In which kinds two states differ, and how many rows each has."""
    found = []
    for name in sorted({*before, *after}):
        one, other = before.get(name, []), after.get(name, [])
        if one != other:
            changed = sum(left != right for left, right in zip(one, other, strict=False))
            found.append(f"{name}: {len(one)} and {len(other)} rows, {changed} of them different")
    return found


def command_as_json(command: Command) -> dict[str, Any]:
    """A command as the export has it."""
    return {
        "id": str(command.id),
        "verb": command.verb,
        "principal": command.principal,
        "arguments": command.arguments,
        "at": command.at.isoformat(),
        "ids": [str(id) for id in command.ids],
        "versions": command.versions,
    }


def _row_as_json(row: "Model", left_out: frozenset[str]) -> dict[str, Any]:
    from anlan.platform.geo.fields import BoxField, GeometryField

    said: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.attname in left_out or isinstance(field, BoxField):
            continue
        value = getattr(row, field.attname)
        said[field.attname] = value.wkt if isinstance(field, GeometryField) and value is not None else value
    return dict(to_jsonable_python(said, inf_nan_mode="null"))
