"""What the owner does around migrations so that the application role can work, and no more."""

from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from anlan.platform.scope.operations import application_role


def grant_future_tables(using: str) -> None:
    """Let the application role use the rows of tables still to be made; operations narrow this."""
    role = application_role()
    with connections[using].cursor() as cursor:
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        )
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"
        )


def protect_migration_record(using: str) -> None:
    """The list of migrations is the owner's; the application role may read it."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {application_role()}")


def store_scope_secret(using: str) -> None:
    """Keep the hash of the minting secret; a changed secret also ends all tokens."""
    if not settings.SCOPE_SECRET:
        raise ImproperlyConfigured("ANLAN_SCOPE_SECRET is not set")
    digest = sha256(settings.SCOPE_SECRET.encode()).digest()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM scope.secret WHERE sha256 = %s", [digest])
        if cursor.fetchone() is None:
            cursor.execute("DELETE FROM scope.token")
            cursor.execute("DELETE FROM scope.secret")
            cursor.execute("INSERT INTO scope.secret (sha256) VALUES (%s)", [digest])
