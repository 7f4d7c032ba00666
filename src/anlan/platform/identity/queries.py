"""Reads of users and grants, within what the principal sees."""

from django.db.models import QuerySet

from anlan.platform.identity.models import Organisation, User


def visible_users() -> QuerySet[User]:
    """Accounts of the organisations that row scope shows; call inside a scope."""
    return User.objects.filter(organisation__in=Organisation.objects.all())
