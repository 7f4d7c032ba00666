"""Five bad tries lock an account and a source address for a quarter of an hour.

A try is counted before its password is looked at, under a lock, so that many
at once are no more than five. Unknown accounts are counted like known ones.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q

from anlan.kernel import clock
from anlan.kernel.errors import TooManyAttempts
from anlan.platform.identity.models import SignInAttempt

_KEPT = timedelta(days=1)


def folded(username: str) -> str:
    """The form of a user name under which tries are counted and accounts found."""
    return username.strip().casefold().replace("\x00", "\N{REPLACEMENT CHARACTER}")[:64]


def count_try(account: str, source_ip: str) -> UUID | None:
    """Count a try as failed until `mark_succeeded`; None when account or source is locked."""
    _serialise("account", account)
    _serialise("source", source_ip)
    at = clock.now()
    mine = SignInAttempt.objects.filter(Q(account=account) | Q(source_ip=source_ip))
    mine.filter(at__lt=at - _KEPT).delete()
    window = mine.filter(at__gt=at - timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES))
    of_account = window.filter(account=account)
    last_success = of_account.filter(succeeded=True).aggregate(at=Max("at"))["at"]
    failed = of_account.filter(succeeded=False)
    if last_success is not None:
        failed = failed.filter(at__gt=last_success)
    failed_of_source = window.filter(source_ip=source_ip, succeeded=False)
    if max(failed.count(), failed_of_source.count()) >= settings.SIGN_IN_TRIES:
        return None
    return SignInAttempt.objects.create(account=account, source_ip=source_ip, at=at).id


def mark_succeeded(attempt: UUID) -> None:
    """The try was good after all."""
    SignInAttempt.objects.filter(id=attempt).update(succeeded=True)


def locked() -> TooManyAttempts:
    """The refusal of a locked account or source: the same words for both, known or unknown."""
    return TooManyAttempts(facts={"minutes": settings.SIGN_IN_LOCK_MINUTES})


def _serialise(kind: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in {kind} {name}"])
