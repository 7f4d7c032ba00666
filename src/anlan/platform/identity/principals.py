"""Who acts: a principal, the one in force, and how it comes by its scope token.

A principal's permissions and its scope token are taken together from the
database and die together: when grants change, the token is revoked, the next
transaction finds it dead and renews the principal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Literal
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection

from anlan.kernel.errors import Forbidden, NotSignedIn
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import permissions_of_service, registered_permissions
from anlan.platform.scope.private import ask_privately

SERVICES = frozenset({"console", "demo", "door", "evaluator", "historian", "live", "relay", "web", "worker"})
"""Processes that act without a person. `web` acts for visitors before sign-in and sees no scoped row."""


@dataclass(frozen=True)
class HeldGrant:
    """Permissions held within a set of regions or of zones (already expanded downwards)."""

    permissions: frozenset[str]
    regions: frozenset[str]
    zones: frozenset[str]

    def covers(self, permission: str, region: str, zone: str | None) -> bool:
        """Whether the grant carries *permission* for a row of *region* and *zone*."""
        return permission in self.permissions and (region in self.regions or zone in self.zones)


@dataclass(frozen=True)
class Principal:
    """Who acts. *scope_token* is opaque and resolved only by the database.

    *permissions* is the union over *grants*; for a row of a known region ask
    `may`, since a permission held in one county means nothing in another.
    Services hold their permissions everywhere and have no grants.
    """

    id: UUID | None
    name: str
    kind: Literal["user", "service"]
    permissions: frozenset[str]
    scope_token: str
    grants: tuple[HeldGrant, ...] = ()

    @property
    def key(self) -> str:
        """How records and the database name this principal."""
        return f"user:{self.id}" if self.kind == "user" else f"service:{self.name}"

    def may(self, permission: str, region: str, zone: str | None = None) -> bool:
        """Whether *permission* is held for rows of *region* and *zone*."""
        if self.kind == "service":
            return permission in self.permissions
        return any(grant.covers(permission, region, zone) for grant in self.grants)


_acting: ContextVar[Principal | None] = ContextVar("anlan_principal", default=None)
_cache: dict[str, Principal] = {}
_cache_lock = Lock()


def current_principal() -> Principal:
    """The principal in force. Raises `NotSignedIn` when nobody acts."""
    principal = _acting.get()
    if principal is None:
        raise NotSignedIn
    return principal


@contextmanager
def acting_as(principal: Principal) -> Iterator[Principal]:
    """Act as *principal* inside the block."""
    token = _acting.set(principal)
    try:
        yield principal
    finally:
        _acting.reset(token)


def decide(principal: Principal, permission: str) -> None:
    """The first wall. Raises `Forbidden` naming the permission that is missing."""
    if permission in principal.permissions:
        return
    known = registered_permissions().get(permission)
    if known is None:
        raise LookupError(f"permission {permission} is not registered")
    raise Forbidden(
        Text(f"没有“{known.title.zh}”权限", f"You lack the permission “{known.title.en}”"),
        facts={"permission": permission},
    )


def decide_there(permission: str, region: str, zone: str | None) -> None:
    """Raises `Forbidden` unless the principal in force holds *permission* for this very place."""
    if not current_principal().may(permission, region, zone):
        raise Forbidden(facts={"permission": permission, "region": region})


def service_principal(name: str) -> Principal:
    """The principal of the process called *name*, one of `SERVICES`."""
    if name not in SERVICES:
        raise LookupError(f"{name} is not a service principal")
    return _cached(f"service:{name}") or _remember(_load_service(name))


def principal_of_user(user: object) -> Principal:
    """The principal of a signed-in `identity.User`. Raises `NotSignedIn` if it is no longer active."""
    user_id = getattr(user, "id", None)
    if not isinstance(user_id, UUID):
        raise NotSignedIn
    return _cached(f"user:{user_id}") or _remember(_load_user(user_id))


def renewed(principal: Principal) -> Principal:
    """*principal* anew from the database, with a token that lives."""
    with _cache_lock:
        if _cache.get(principal.key) == principal:
            del _cache[principal.key]
    if principal.kind == "service":
        return service_principal(principal.name)
    assert principal.id is not None  # noqa: S101 - users have an id by construction
    return _cached(principal.key) or _remember(_load_user(principal.id))


def forget_cached_principals() -> None:
    """Drop what this process has cached, as after a change of database."""
    with _cache_lock:
        _cache.clear()


def revoke_tokens(key: str) -> None:
    """Kill the scope tokens of the principal *key*, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope.revoke(%s)", [key])


def _cached(key: str) -> Principal | None:
    with _cache_lock:
        return _cache.get(key)


def _remember(principal: Principal) -> Principal:
    with _cache_lock:
        _cache[principal.key] = principal
    return principal


def _mint(key: str) -> str:
    return str(ask_privately("SELECT scope.mint(%s, %s)", [settings.SCOPE_SECRET, key])[0])


def _load_service(name: str) -> Principal:
    return Principal(
        id=None,
        name=name,
        kind="service",
        permissions=permissions_of_service(name),
        scope_token=_mint(f"service:{name}"),
    )


def _load_user(user_id: UUID) -> Principal:
    """Token first, grants after: a change in between leaves the token dead, never the grants stale."""
    user = apps.get_model("identity", "User").objects.filter(id=user_id, is_active=True).first()
    if user is None:
        raise NotSignedIn
    token = _mint(f"user:{user_id}")
    grants = _held_grants(user_id)
    return Principal(
        id=user_id,
        name=user.username,
        kind="user",
        permissions=frozenset().union(*(grant.permissions for grant in grants)),
        scope_token=token,
        grants=grants,
    )


def _held_grants(user_id: UUID) -> tuple[HeldGrant, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.permissions, scope.with_below(g.region), g.zone"
            " FROM identity_grant g JOIN identity_role r ON r.code = g.role_id WHERE g.user_id = %s",
            [user_id],
        )
        rows = cursor.fetchall()
    return tuple(
        HeldGrant(frozenset(permissions), frozenset(regions), frozenset({zone} - {None}))
        for permissions, regions, zone in rows
    )
