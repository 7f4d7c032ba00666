"""People and processes that tests act as, made by the services that administrators use."""

from contextlib import AbstractContextManager
from itertools import count
from uuid import UUID

from anlan.platform.commands import Principal, acting_as, principal_of_user, service_principal

PASSWORD = "Helan-Shan-3556!"
NINGXIA, YINCHUAN, LINGWU, YANCHI, PINGLUO = "640000", "640100", "640181", "640323", "640221"

_numbers = count(1)


def new_user(*, username: str | None = None, home: str = LINGWU, password: str = PASSWORD) -> UUID:
    """An account without any role, in an organisation of its own in the region *home*."""
    from anlan.platform.accounts.services import create_organisation, create_user

    name = username or f"person-{next(_numbers)}"
    with acting_as(service_principal("demo")):
        office = create_organisation(f"Office of {name}", home)
        return create_user(name, f"{name} 同志", office, password)


def grant(user: UUID, role: str, region: str | None = None, *, zone: str | None = None) -> UUID:
    """Give *user* a role, as the demonstration's loader does."""
    from anlan.platform.accounts.services import grant_role

    with acting_as(service_principal("demo")):
        return grant_role(user, role, region=region, zone=zone)


def principal(user: UUID) -> Principal:
    """The principal of the account as the database now has it."""
    from anlan.platform.identity.models import User

    return principal_of_user(User.objects.get(id=user))


def new_principal(role: str, region: str | None = None, *, zone: str | None = None) -> Principal:
    """A new user holding *role* in *region* or *zone*."""
    user = new_user(home=region or LINGWU)
    grant(user, role, region, zone=zone)
    return principal(user)


def as_service(name: str) -> AbstractContextManager[Principal]:
    """Act as the process called *name*."""
    return acting_as(service_principal(name))
