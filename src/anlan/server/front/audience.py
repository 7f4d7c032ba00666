"""Who listens to live events: sessions, what each may see, and whether that still holds.

These functions talk to PostgreSQL and block: call them from a thread.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from anlan.kernel.errors import NotSignedIn
from anlan.platform.accounts.sessions import user_of_session_key
from anlan.platform.commands import Principal, acting_as, current_principal, principal_of_user, read_scope
from anlan.platform.resources.listing import readable_rows
from anlan.platform.resources.registry import resource_named

POINT = "point"


@dataclass(frozen=True)
class Admission:
    """A session that may listen: as whom, and to which of the points that it asked for."""

    session: str
    principal: Principal
    points: frozenset[int]


@dataclass(frozen=True)
class Lapsed:
    """What no longer holds: sessions that ended, and scope tokens that were revoked or ran out."""

    sessions: frozenset[str]
    tokens: frozenset[str]


def admit(session: str, points: Collection[int]) -> Admission:
    """The session's principal, renewed if need be, and those of *points* that it may read.

    Raises `NotSignedIn` for a session that does not hold.
    """
    try:
        user = user_of_session_key(session) if session else None
        if user is None:
            raise NotSignedIn
        with acting_as(principal_of_user(user)), read_scope():
            principal = current_principal()
            return Admission(session, principal, _readable(principal, points))
    finally:
        connection.close()


def lapsed(listeners: Mapping[str, str]) -> Lapsed:
    """What has lapsed of *listeners*, scope tokens by session; two queries for any number of them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_key FROM django_session WHERE session_key = ANY (%s) AND expire_date > %s",
                [list(listeners), datetime.now(UTC)],
            )
            alive = {row[0] for row in cursor.fetchall()}
            cursor.execute(
                "SELECT token FROM unnest(%s::text[]) AS token WHERE NOT scope.is_live(token)",
                [list(set(listeners.values()))],
            )
            dead = frozenset(row[0] for row in cursor.fetchall())
        return Lapsed(frozenset(listeners.keys() - alive), dead)
    finally:
        connection.close()


def _readable(principal: Principal, points: Collection[int]) -> frozenset[int]:
    if not points:
        return frozenset()
    resource = resource_named(POINT)
    if resource.read_permission not in principal.permissions:
        return frozenset()
    rows = readable_rows(resource, principal).filter(number__in=list(points))
    return frozenset(rows.order_by().values_list("number", flat=True))
