"""The registry of permissions: each app declares its own, with who holds it at first."""

from collections.abc import Iterable
from dataclasses import dataclass

from anlan.kernel.text import Text


@dataclass(frozen=True)
class Permission:
    """A permission by its stable code.

    *roles* receive it when it first enters the database (administrators may
    change that later); *services* are the processes that hold it.
    """

    code: str
    title: Text
    roles: frozenset[str]
    services: frozenset[str]


_registry: dict[str, Permission] = {}


def register_permission(
    code: str, title: Text, *, roles: Iterable[str] = (), services: Iterable[str] = ()
) -> None:
    """Declare a permission; called in `AppConfig.ready`. The same code twice must say the same."""
    made = Permission(code, title, frozenset(str(role) for role in roles), frozenset(services))
    if _registry.setdefault(code, made) != made:
        raise ValueError(f"permission {code} is declared twice, differently")


def registered_permissions() -> dict[str, Permission]:
    """All permissions declared so far, by code."""
    return dict(_registry)


def permissions_of_service(name: str) -> frozenset[str]:
    """What the process called *name* may do."""
    return frozenset(code for code, permission in _registry.items() if name in permission.services)
