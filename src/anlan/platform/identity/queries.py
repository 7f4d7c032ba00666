"""Reads of users and grants, within what the principal sees."""

from uuid import UUID

from django.db.models import QuerySet

from anlan.platform.identity.models import Organisation, User


def visible_users() -> QuerySet[User]:
    """Accounts of the organisations that row scope shows; call inside a scope."""
    return User.objects.filter(organisation__in=Organisation.objects.all())


def organisation_named(name: str) -> UUID | None:
    """The visible organisation of this name, if any."""
    found = Organisation.objects.filter(name=name).first()
    return found.id if found else None


def user_named(username: str) -> UUID | None:
    """The account of this name in a visible organisation, if any."""
    found = visible_users().filter(username=username.lower()).first()
    return found.id if found else None
